//! `HELP` and `STATUS`: questions, answered by a mail of their own.

use super::Done;
use super::target::targets;
use crate::core::command::{Command, CommandRole, Object, Verb};
use crate::core::id::Address;
use crate::core::letter::{LetterKind, Line};
use crate::engine::desk::Desk;
use crate::engine::intake::Mail;
use crate::engine::{reports, story};
use anyhow::Result;

pub(super) async fn help(desk: &mut Desk, mail: &Mail, author: &Address, command: &Command) -> Result<Done> {
    let is_staff = desk.directory.is_staff(author);
    let kind = if is_staff { LetterKind::Help } else { LetterKind::PartnerReceipt };
    let mut letter = desk.staff_letter(kind, format!("{}/help", mail.id), author, "What you can write");
    letter.facts.sentences = if let Object::Verb(verb) = &command.object {
        let fields: Vec<String> = verb.fields().map(|field| format!("{}:", field.label())).collect();
        let mut said = vec![format!("{}: {}", verb.words(), verb.help()), verb.usage()];
        if !fields.is_empty() {
            said.push(format!("Fields, each on a line of its own: {}", fields.join(" ")));
        }
        said
    } else {
        let may = |v: &&Verb| is_staff || v.roles().contains(&CommandRole::I);
        Verb::ALL.iter().filter(may).map(|v| format!("- {}: {}", v.words(), v.help())).collect()
    };
    letter.in_reply_to.clone_from(&mail.reading.message.message_id);
    desk.send(&letter, None).await?;
    Ok(Done::Yes(String::new()))
}

/// `REPORT`, `REPORT HEALTH`: the report as at now.
pub(super) async fn report(desk: &mut Desk, mail: &Mail, author: &Address, command: &Command) -> Result<Done> {
    let which = if let Object::Text(which) = &command.object { which.as_str() } else { "WEEKLY" };
    let key = format!("{}/report/{}", mail.id, which.to_lowercase());
    match which {
        "WEEKLY" => reports::weekly_for(desk, key, author).await?,
        "HEALTH" => reports::health_for(desk, key, author).await?,
        _ => {
            return Ok(Done::No(format!(
                "REPORT {which} is not sent by mail; nothing was done. Write REPORT or REPORT HEALTH."
            )));
        }
    }
    Ok(Done::Yes(String::new()))
}

pub(super) async fn status(
    desk: &mut Desk,
    mail: &Mail,
    author: &Address,
    command: &Command,
    lines: &[Line],
) -> Result<Done> {
    let sentences = match (&command.object, targets(command, lines)) {
        (Object::Case(reference), _) => {
            let case = desk.tx.case_by_reference(reference).await?;
            let told = story::of_case(&mut desk.tx, reference, &desk.office, desk.now).await?;
            if let Some(loaded) = case {
                desk.note_reading(&loaded.case, None, author).await?;
            }
            told
        }
        (_, Ok(ids)) => {
            let mut all = Vec::new();
            for id in ids {
                all.extend(story::of_follow_up(&mut desk.tx, &id, &desk.office, desk.now).await?);
                if let Some(loaded) = desk.tx.case_of(&id).await? {
                    desk.note_reading(&loaded.case, Some(&id), author).await?;
                }
            }
            all
        }
        (_, Err(_)) => story::of_coordinator(&mut desk.tx, author, &desk.office, desk.now).await?,
    };
    if sentences.is_empty() {
        return Ok(Done::No("Nothing is held under that reference.".to_owned()));
    }
    let named =
        if command.object == Object::None { "your open follow-ups".to_owned() } else { command.object.to_string() };
    let mut letter = desk.staff_letter(
        LetterKind::Status,
        format!("{}/status/{named}", mail.id),
        author,
        &format!("Status of {named}"),
    );
    letter.facts.sentences = sentences;
    letter.in_reply_to.clone_from(&mail.reading.message.message_id);
    desk.send(&letter, None).await?;
    Ok(Done::Yes(String::new()))
}
