//! `IMPORT`: cases, advice requests and people from an attached sheet, row by row. Each row is done whole or not at
//! all; the same sheet twice changes nothing the second time.

mod differences;
mod rows;

use crate::core::id::Address;
use crate::core::import::{Row, read};
use crate::engine::commands::confirm::ReadBack;
use crate::engine::commands::{Carried, Done, Go, Turn};
use crate::engine::desk::Desk;
use crate::message::Message;
use crate::message::form_file::{self, FormFile, FormFileFault, LIMITS};
use anyhow::Result;
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// More rows than this are not read back one by one; the sheet has to be split.
const MOST_CHANGES: usize = 400;

/// What a row would do.
pub(super) enum Plan {
    /// Something; in words.
    Change(String, Box<rows::Change>),
    /// Nothing: it is recorded like that.
    Same,
    /// It cannot be done; why.
    Refused(String),
}

pub(super) async fn import(desk: &mut Desk, turn: &Turn<'_>) -> Result<Carried> {
    let sheet = match sheet_of(&turn.mail.reading.message, desk) {
        Ok(rows) => rows,
        Err(why) => return Ok(Done::No(why).alone()),
    };
    // A sheet about many children is no child's mail: it goes with whatever found no case.
    desk.about = None;
    let today = desk.office.date(turn.mail.received_at);
    match turn.go {
        Go::Ask => ask(desk, turn.author, &sheet, today).await,
        Go::Ahead | Go::Confirmed(_) => carry_out(desk, turn.author, &sheet, today).await,
    }
}

/// The rows of the one sheet that is attached.
fn sheet_of(message: &Message, desk: &Desk) -> Result<Vec<Row>, String> {
    let mut faults = Vec::new();
    let mut found = Vec::new();
    for part in message.parts.iter().filter(|p| p.name.is_some() && !p.content_type.starts_with("image/")) {
        let name = part.name.as_deref();
        if part.size > part.body.len() {
            faults.push(fault_words(name.unwrap_or("the file"), &FormFileFault::TooLarge));
            continue;
        }
        match form_file::read_whole(&part.body, name) {
            Ok(FormFile::Tables(tables)) => found.push(tables),
            Ok(FormFile::Text(_) | FormFile::Document(..)) => {
                faults.push(format!("{} is no table", name.unwrap_or("the file")))
            }
            Err(fault) => faults.push(fault_words(name.unwrap_or("the file"), &fault)),
        }
    }
    match found.as_slice() {
        [tables] => read(tables, &desk.office.policy.import_columns),
        [] if faults.is_empty() => Err("IMPORT needs the sheet: attach it as XLSX or CSV.".to_owned()),
        [] => Err(format!("Nothing could be read: {}. IMPORT takes one XLSX or CSV file.", faults.join("; "))),
        _ => Err("More than one sheet is attached; IMPORT takes one file at a time.".to_owned()),
    }
}

fn fault_words(name: &str, fault: &FormFileFault) -> String {
    match fault {
        FormFileFault::TooLarge => format!("{name} is too large"),
        FormFileFault::UnpacksTooLarge => format!("{name} unpacks to more than a sheet can hold"),
        FormFileFault::TooManyCells => {
            format!(
                "{name} has more rows or columns than are read at once ({LIMITS}), and nothing of it was taken over; please split it"
            )
        }
        FormFileFault::NotAForm(what) => format!("{name} is {what}"),
        FormFileFault::Broken(_) => format!("{name} is damaged"),
    }
}

/// "Row 4", with the sheet when there is more than one.
fn name_of(row: &Row) -> String {
    if row.sheet == 1 { format!("Row {}", row.number) } else { format!("Sheet {}, row {}", row.sheet, row.number) }
}

/// Reads back what would change, row by row.
async fn ask(desk: &mut Desk, by: &Address, sheet: &[Row], today: NaiveDate) -> Result<Carried> {
    let mut changes = Vec::new();
    let mut refused = Vec::new();
    let mut same = 0;
    let mut confirms = Vec::new();
    let mut coming = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for row in sheet {
        match rows::plan(desk, by, row, today, &mut seen).await? {
            Plan::Change(words, change) => {
                coming.extend(change.case().cloned());
                confirms.extend(change.confirms_contacts().then_some(
                    "YES confirms each parent's address above too: letters about the child may go there.".to_owned(),
                ));
                changes.push(format!("- {}: {words}", name_of(row)));
            }
            Plan::Same => same += 1,
            Plan::Refused(why) => refused.push(format!("- {}: {why}", name_of(row))),
        }
    }
    if changes.len() > MOST_CHANGES {
        return Ok(Done::No(format!(
            "{} rows would change; nobody can check that in one mail. Please send at most {MOST_CHANGES} at a time.",
            changes.len()
        ))
        .alone());
    }
    let differences = differences::from_sheet(desk, sheet, today, &coming).await?;
    if changes.is_empty() {
        differences::keep(desk, &differences).await?;
        let mut said = vec![Done::Yes(format!(
            "{} of the sheet, and nothing to change: {} as recorded.",
            rows_words(sheet.len()),
            are(same)
        ))];
        said.extend(differences::words(&differences).map(Done::Yes));
        said.extend(listed("Not understood, and not done:", &refused).map(Done::No));
        return Ok((said, None));
    }
    let mut sentences =
        vec![format!("{} of {} would change; {} as recorded.", rows_words(changes.len()), sheet.len(), are(same))];
    sentences.push(changes.join("\n"));
    sentences.extend(listed("These rows cannot be done, whatever you answer:", &refused));
    sentences.extend(differences::words(&differences));
    sentences.extend(confirms.into_iter().take(1));
    let headline = format!("Please confirm: IMPORT ({})", rows_words(changes.len()));
    Ok(Done::Ask(ReadBack { headline, sentences, ask: Vec::new() }).alone())
}

/// Does it, row by row; what became of each.
async fn carry_out(desk: &mut Desk, by: &Address, sheet: &[Row], today: NaiveDate) -> Result<Carried> {
    let mut done = Vec::new();
    let mut refused = Vec::new();
    let mut same = 0;
    let mut seen = BTreeSet::new();
    for row in sheet {
        // Planned anew: what was read back may have been overtaken since.
        match rows::plan(desk, by, row, today, &mut seen).await? {
            Plan::Change(words, change) => match rows::carry_out(desk, by, *change).await? {
                Ok(()) => done.push(format!("- {}: {words}", name_of(row))),
                Err(why) => refused.push(format!("- {}: {why}", name_of(row))),
            },
            Plan::Same => same += 1,
            Plan::Refused(why) => refused.push(format!("- {}: {why}", name_of(row))),
        }
    }
    let differences = differences::from_sheet(desk, sheet, today, &BTreeSet::new()).await?;
    differences::keep(desk, &differences).await?;
    let mut said = vec![Done::Yes(format!("{} imported; {} as recorded before.", rows_words(done.len()), are(same)))];
    said.extend(listed("Done:", &done).map(Done::Yes));
    said.extend(differences::words(&differences).map(Done::Yes));
    said.extend(listed("Not done:", &refused).map(Done::No));
    Ok((said, None))
}

fn listed(heading: &str, lines: &[String]) -> Option<String> {
    (!lines.is_empty()).then(|| format!("{heading}\n\n{}", lines.join("\n")))
}

fn rows_words(n: usize) -> String {
    if n == 1 { "1 row".to_owned() } else { format!("{n} rows") }
}

fn are(n: usize) -> String {
    if n == 1 { "1 is".to_owned() } else { format!("{n} are") }
}
