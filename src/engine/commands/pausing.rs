//! `PAUSE ALL`, `UNPAUSE ALL`: all sending stops, and goes on when two SEND managers say so. Meanwhile only they hear of
//! it, for nobody can confirm what nobody has read.

use super::{Done, Turn};
use crate::core::id::Address;
use crate::core::letter::LetterKind;
use crate::engine::desk::Desk;
use crate::engine::{PAUSED, UNPAUSE_ASKED};
use anyhow::Result;

pub(super) async fn pause(desk: &mut Desk, turn: &Turn<'_>) -> Result<Done> {
    desk.tx.set_mark(PAUSED, "1").await?;
    desk.tx.set_mark(UNPAUSE_ASKED, "").await?;
    let name = desk.directory.name_of(turn.author);
    let told = format!(
        "{name} has stopped all sending. Mail is still read and decided; whatever is due meanwhile leaves when sending goes on. It goes on when two SEND managers write UNPAUSE ALL."
    );
    tell_send_managers(desk, turn, "All sending has stopped", &told).await?;
    Ok(Done::Yes(String::new()))
}

pub(super) async fn unpause(desk: &mut Desk, turn: &Turn<'_>) -> Result<Done> {
    let first = desk.tx.mark(UNPAUSE_ASKED).await?.and_then(|who| Address::parse(&who));
    let name = desk.directory.name_of(turn.author);
    match first.filter(|first| first != turn.author) {
        Some(first) => {
            desk.tx.set_mark(PAUSED, "0").await?;
            desk.tx.set_mark(UNPAUSE_ASKED, "").await?;
            let told = format!("{} and {name} have let letters leave again.", desk.directory.name_of(&first));
            tell_send_managers(desk, turn, "Letters leave again", &told).await?;
        }
        None => {
            desk.tx.set_mark(UNPAUSE_ASKED, turn.author.as_str()).await?;
            let told = format!(
                "{name} asks that letters leave again. A second SEND manager has to write UNPAUSE ALL too; an answer to this mail does. Until then nothing is sent."
            );
            tell_send_managers(desk, turn, "Please confirm: UNPAUSE ALL", &told).await?;
        }
    }
    Ok(Done::Yes(String::new()))
}

async fn tell_send_managers(desk: &mut Desk, turn: &Turn<'_>, headline: &str, told: &str) -> Result<()> {
    let managers: Vec<Address> = desk.directory.send_managers.iter().map(|m| m.address.clone()).collect();
    for who in &managers {
        let key = format!("{}/sending/{who}", turn.mail.id);
        let mut letter = desk.staff_letter(LetterKind::SendingStopped, key, who, headline);
        letter.facts.sentences.push(told.to_owned());
        desk.send(&letter, None).await?;
    }
    Ok(())
}
