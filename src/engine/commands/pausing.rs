//! `PAUSE ALL`, `UNPAUSE ALL`: all sending stops, and goes on when two SEND managers say so.

use super::Done;
use crate::core::id::Address;
use crate::engine::desk::Desk;
use crate::engine::{PAUSED, UNPAUSE_ASKED};
use anyhow::Result;

pub(super) async fn pause(desk: &mut Desk) -> Result<Done> {
    desk.tx.set_mark(PAUSED, "1").await?;
    desk.tx.set_mark(UNPAUSE_ASKED, "").await?;
    Ok(Done::Yes("All sending has stopped. It goes on when two SEND managers write UNPAUSE ALL.".to_owned()))
}

/// Two people let letters leave again. While the service is paused it can ask nobody, so the second one writes the same
/// words unasked.
pub(super) async fn unpause(desk: &mut Desk, author: &Address) -> Result<Done> {
    let first = desk.tx.mark(UNPAUSE_ASKED).await?.filter(|who| !who.is_empty());
    match first {
        Some(first) if first != author.as_str() => {
            desk.tx.set_mark(PAUSED, "0").await?;
            desk.tx.set_mark(UNPAUSE_ASKED, "").await?;
            Ok(Done::Yes(format!("{first} and you have let letters leave again.")))
        }
        Some(_) | None => {
            desk.tx.set_mark(UNPAUSE_ASKED, author.as_str()).await?;
            Ok(Done::No("A second SEND manager has to write UNPAUSE ALL too; until then nothing is sent.".to_owned()))
        }
    }
}
