//! A line manager's answer to the digest of draft checks without a reply: several children in one mail. What stands
//! behind a reference counts for that check alone, and the co-ordinator sees that part and no other.

use super::commands::answered_letters;
use super::desk::Desk;
use super::intake::Mail;
use crate::core::command::{ShortAnswer, short_answer};
use crate::core::event::{Event, ReplyEvent, Seen, Weight};
use crate::core::id::{Address, CaseRef, FollowUpId};
use crate::core::letter::{Letter, LetterKind, Line, LineSubject};
use crate::message::substance::{only_agrees, only_greets};
use crate::store::{LetterRow, MessageState, Outcome};
use anyhow::Result;
use std::collections::BTreeSet;

/// One check that the digest named.
struct Named {
    id: FollowUpId,
    case: Option<CaseRef>,
}

/// What was written about which checks.
#[derive(Debug, Default, PartialEq, Eq)]
struct Part {
    /// Places in the list of checks.
    about: Vec<usize>,
    text: String,
}

/// Reads an answer to a digest; `None` for any other mail, and for one of somebody who did not get the digest.
pub(super) async fn read(desk: &mut Desk, mail: &mut Mail, author: &Address) -> Result<Option<Outcome>> {
    let Some(digest) = answered_digest(desk, mail, author).await? else { return Ok(None) };
    let named = named_in(desk, &digest).await?;
    desk.about = Some(BTreeSet::new());
    let first = named.first().map(|n| n.id.clone());
    let own = mail.reading.new_text.own.clone();
    let (above, parts) = parts(&own, &named);
    if parts.is_empty() {
        mail.story.push("an answer to a digest that does not say which draft check it is about".to_owned());
        ask_which(desk, mail, author, &digest).await?;
        let mut outcome = mail.outcome(MessageState::Triage, None);
        outcome.candidates = named.into_iter().map(|n| n.id).collect();
        return Ok(Some(outcome));
    }
    for part in parts {
        for place in &part.about {
            let Some(check) = named.get(*place) else { continue };
            answered(desk, mail, author, &check.id, &part.text).await?;
        }
    }
    if only_greets(&above) {
        return Ok(Some(mail.outcome(MessageState::Placed, first.as_ref())));
    }
    mail.story.push("words above the first draft check that it names: a person must say whose they are".to_owned());
    let mut outcome = mail.outcome(MessageState::Triage, None);
    outcome.candidates = named.into_iter().map(|n| n.id).collect();
    Ok(Some(outcome))
}

async fn answered_digest(desk: &mut Desk, mail: &Mail, author: &Address) -> Result<Option<LetterRow>> {
    for letter in answered_letters(desk, mail).await? {
        let Some(row) = desk.tx.letter(&letter).await?.filter(|l| l.kind.is_about_several()) else { continue };
        let deliveries = desk.tx.deliveries(&row.id).await?;
        if deliveries.iter().any(|(recipient, ..)| recipient == author.as_str()) {
            return Ok(Some(row));
        }
    }
    Ok(None)
}

async fn named_in(desk: &mut Desk, digest: &LetterRow) -> Result<Vec<Named>> {
    let mut named = Vec::new();
    for line in desk.tx.lines(&digest.id).await? {
        let LineSubject::FollowUp(id) = line.subject else { continue };
        let case = desk.tx.case_of(&id).await?.and_then(|l| l.case.reference);
        named.push(Named { id, case });
    }
    Ok(named)
}

/// Cuts an answer at the lines that name a check: what stands above the first of them, which may be about any one
/// child, and what is said about each. Without any reference the answer is about all of them only when it agrees to all,
/// or when there is but one.
fn parts(own: &str, named: &[Named]) -> (String, Vec<Part>) {
    let mut above = String::new();
    let mut parts: Vec<Part> = Vec::new();
    for line in own.lines() {
        let (about, rest) = references(line, named);
        match (about.is_empty(), parts.last_mut()) {
            (false, _) => parts.push(Part { about, text: rest }),
            (true, Some(part)) => add(&mut part.text, line),
            (true, None) => add(&mut above, line),
        }
    }
    for part in &mut parts {
        part.text = part.text.trim().to_owned();
    }
    let above = above.trim().to_owned();
    if parts.is_empty() && (named.len() == 1 || agrees(&above)) {
        return (String::new(), vec![Part { about: (0..named.len()).collect(), text: above }]);
    }
    (above, parts)
}

fn add(text: &mut String, line: &str) {
    text.push_str(line.trim_end());
    text.push('\n');
}

/// The checks that a line names, by their own reference or by the only one of their case, and the line without them.
fn references(line: &str, named: &[Named]) -> (Vec<usize>, String) {
    let upper = line.to_ascii_uppercase();
    let mut rest = line.to_owned();
    let mut about = Vec::new();
    for (place, check) in named.iter().enumerate() {
        let alone = named.iter().filter(|other| other.case == check.case).count() == 1;
        let case = check.case.as_ref().filter(|_| alone).map(CaseRef::as_str);
        for reference in [Some(check.id.as_str()), case].into_iter().flatten() {
            if !upper.contains(&reference.to_ascii_uppercase()) {
                continue;
            }
            if !about.contains(&place) {
                about.push(place);
            }
            rest = without(&rest, reference);
        }
    }
    let rest = rest.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '"' | '\'')).to_owned();
    (about, if about_is_empty(&rest) { String::new() } else { format!("{rest}\n") })
}

fn about_is_empty(rest: &str) -> bool {
    !rest.contains(char::is_alphanumeric)
}

fn without(line: &str, reference: &str) -> String {
    let upper = line.to_ascii_uppercase();
    let Some(at) = upper.find(&reference.to_ascii_uppercase()) else { return line.to_owned() };
    let (before, from) = line.split_at_checked(at).unwrap_or((line, ""));
    format!("{before}{}", from.get(reference.len()..).unwrap_or_default())
}

fn agrees(text: &str) -> bool {
    let today = chrono::NaiveDate::default();
    short_answer(text, today) == Some(ShortAnswer::NoChanges) || only_agrees(text)
}

async fn answered(desk: &mut Desk, mail: &mut Mail, author: &Address, id: &FollowUpId, text: &str) -> Result<()> {
    let Some(loaded) = desk.tx.case_of(id).await? else { return Ok(()) };
    let attached = mail.reading.message.attachments.iter().any(|a| !a.inline);
    let weight = match text {
        "" if !attached => Weight::NoContent,
        text if !attached && agrees(text) => Weight::Confirmed,
        _ => Weight::Full,
    };
    let mut remarks = vec![format!(
        "{} answered the mail about draft checks without a reply. About this one they wrote: {}",
        desk.directory.name_of(author),
        if text.is_empty() { "nothing.".to_owned() } else { format!("“{}”", text.trim()) }
    )];
    if attached {
        remarks.push("A file came with that mail. As the mail is about several children it is not passed on; please ask for it, or look in the mailbox of the service.".to_owned());
    }
    let event = Event::Reply(ReplyEvent {
        follow_up: id.clone(),
        message: mail.id.clone(),
        from: author.clone(),
        received_at: mail.received_at,
        // The mail itself holds what is said about other children.
        coordinator: Seen::Already,
        manager: Seen::Already,
        weight,
        repeats: None,
        remarks,
    });
    let applied = desk.apply(loaded, &event).await?;
    mail.story.push(format!("of a digest, {id}: {}", applied.because.text()));
    Ok(())
}

/// Asks once for each digest which check is meant, and names those whose case goes on.
async fn ask_which(desk: &mut Desk, mail: &Mail, author: &Address, digest: &LetterRow) -> Result<()> {
    let mut letter = Letter::new(LetterKind::DraftUnread, format!("{}/unread/{author}", digest.id), desk.now);
    letter.to = vec![author.clone()];
    letter.in_reply_to.clone_from(&mail.reading.message.message_id);
    for line in desk.tx.lines(&digest.id).await? {
        let LineSubject::FollowUp(id) = &line.subject else { continue };
        let Some(loaded) = desk.tx.case_of(id).await?.filter(|l| !l.case.register.is_over()) else { continue };
        let case = loaded.case.reference.as_ref().map(|r| format!(" · {r}")).unwrap_or_default();
        letter.facts.sentences.push(format!("{id}{case}"));
        letter.facts.reference = id.to_string();
        letter.lines.push(Line { number: line.number, ..Line::about(id) });
    }
    letter.earliest =
        desk.office.policy.send_window.next_opening(desk.now, &desk.office.policy.calendar, desk.office.policy.zone);
    if !letter.lines.is_empty() {
        desk.send(&letter, None).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named() -> Vec<Named> {
        let check = |seed, case: &str| Named { id: FollowUpId::from_random([seed; 8]), case: Some(CaseRef::new(case)) };
        vec![check(1, "EHC-2026-0001"), check(2, "EHC-2026-0002"), check(3, "EHC-2026-0003")]
    }

    fn check(text: &str, above: &str, expected: &[(&[usize], &str)]) {
        let named = named();
        let text = named.iter().zip(["$1", "$2", "$3"]).fold(text.to_owned(), |t, (n, s)| t.replace(s, n.id.as_str()));
        let expected: Vec<Part> =
            expected.iter().map(|(about, text)| Part { about: about.to_vec(), text: (*text).to_owned() }).collect();
        assert_eq!(parts(&text, &named), (above.to_owned(), expected), "{text}");
    }

    #[test]
    fn each_line_counts_for_the_check_that_it_names() {
        check("$1 no changes\n$2: therapy is weekly", "", &[(&[0], "no changes"), (&[1], "therapy is weekly")]);
        check(
            "- $1 – fine.\nIt is right.\n\n* $3\nno comments",
            "",
            &[(&[0], "fine.\nIt is right."), (&[2], "no comments")],
        );
        check("ehc-2026-0002 – therapy is weekly", "", &[(&[1], "therapy is weekly")]);
        check("$1 and $2: no changes", "", &[(&[0, 1], "and : no changes")]);
        check("Hello\n$2 therapy is weekly", "Hello", &[(&[1], "therapy is weekly")]);
    }

    #[test]
    fn without_a_reference_only_agreement_is_about_all() {
        check("No changes from us, thank you.", "", &[(&[0, 1, 2], "No changes from us, thank you.")]);
        check("Therapy is weekly.", "Therapy is weekly.", &[]);
        check("", "", &[]);
    }
}
