//! A mail that answers a self-assessment → what it says: the body in whatever state it comes back, and attached forms.
//!
//! Body and attachment that differ make an answer unclear; nothing is preferred. An answer that stands above a
//! quotation of what the sender said before is the newer one.

use super::form_file;
use super::new_text::{NewText, html_tables, html_to_text};
use super::{Message, Part};
use crate::core::assessment::answers::both;
use crate::core::assessment::form::{self, FormCode};
use crate::core::assessment::{Answers, Criteria, Value, child_data};
use std::collections::BTreeSet;

/// What a mail says of a self-assessment.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FormMail {
    /// Body and attached forms together.
    pub answers: Answers,
    /// Whether a form of another round is among them.
    pub forms: Forms,
    /// Attachments that are no forms, by name: evidence.
    pub evidence: Vec<String>,
    /// What the sender has to be told: files that cannot be read, child data.
    pub remarks: Vec<String>,
}

/// Which forms a mail brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Forms {
    /// The current one, or none that says what it is.
    #[default]
    Current,
    /// One of another round.
    Another,
}

/// More attachments are listed and not opened.
const FILES_OPENED: usize = 8;

/// Reads a mail; `held`: what holds of earlier mails, so that its quotation is known again.
pub fn read(message: &Message, new: &NewText, criteria: &Criteria, code: &FormCode, held: &Answers) -> FormMail {
    let mut mail = FormMail { answers: body(message, new, criteria, held), ..FormMail::default() };
    let text = whole_text(message);
    let mut written = new.own.clone();
    if !mail.answers.is_empty() && is_another(&FormCode::all_in(&text), code) {
        mail.forms = Forms::Another;
    }
    for part in files(message).take(FILES_OPENED) {
        file(part, criteria, code, &mut mail, &mut written);
    }
    let left = files(message).skip(FILES_OPENED);
    mail.evidence.extend(left.filter_map(|part| part.name.clone()));
    let comments: Vec<&str> = mail.answers.items.values().flat_map(|i| [i.comment.as_str(), &i.evidence]).collect();
    mail.remarks.extend(about_children(&[&written, &comments.join("\n")]));
    mail
}

/// One attachment: a form, or evidence.
fn file(part: &Part, criteria: &Criteria, code: &FormCode, mail: &mut FormMail, written: &mut String) {
    let name = part.name.as_deref().unwrap_or("an attachment without a name");
    match form_file::read(&part.body, part.name.as_deref()) {
        Ok(read) => {
            let answers = read.answers(criteria);
            let words = read.words();
            if answers.is_empty() {
                mail.evidence.push(name.to_owned());
                return;
            }
            if is_another(&FormCode::all_in(&words), code) {
                mail.forms = Forms::Another;
            }
            written.push('\n');
            written.push_str(&words);
            mail.answers = std::mem::take(&mut mail.answers).and(answers);
        }
        Err(fault) => {
            mail.evidence.push(name.to_owned());
            mail.remarks.push(format!("{name} was not read as a form: {fault}."));
        }
    }
}

fn is_another(found: &BTreeSet<FormCode>, code: &FormCode) -> bool {
    !found.is_empty() && !found.contains(code)
}

/// Parts that are attached; pictures that the body shows are none.
fn files(message: &Message) -> impl Iterator<Item = &Part> {
    let shown: BTreeSet<&str> =
        message.attachments.iter().filter(|a| a.inline).filter_map(|a| a.name.as_deref()).collect();
    message.parts.iter().filter(move |part| {
        let named = part.name.as_deref().is_some_and(|name| !shown.contains(name));
        let attached = part.disposition.as_deref() == Some("attachment");
        named || attached
    })
}

fn whole_text(message: &Message) -> String {
    let html = message.html.as_deref().map(html_to_text).unwrap_or_default();
    format!("{}\n{html}", message.text.as_deref().unwrap_or_default())
}

/// The plain text decides; where it says nothing, the HTML's tables, then its text.
fn body(message: &Message, new: &NewText, criteria: &Criteria, held: &Answers) -> Answers {
    let plain = message.text.as_deref().unwrap_or_default();
    let read = with_newer(form::read_text(plain, criteria), &form::read_text(&new.own, criteria), held);
    if !read.is_empty() {
        return read;
    }
    let Some(html) = message.html.as_deref() else { return read };
    let tables = form::read_tables(&html_tables(html), criteria);
    if !tables.is_empty() {
        return tables;
    }
    with_newer(form::read_text(&html_to_text(html), criteria), &form::read_text(&new.own, criteria), held)
}

/// Where the sender's own words rate a criterion anew and the quotation below only repeats what is held, the new
/// rating is the answer and no conflict.
fn with_newer(mut whole: Answers, own: &Answers, held: &Answers) -> Answers {
    for (number, item) in &mut whole.items {
        let (Some(new), Some(old)) = (own.rating(*number), held.rating(*number)) else { continue };
        let repeats = [(new, old), (old, new)]
            .into_iter()
            .any(|(one, other)| item.value == both(Value::Rated(one), Value::Rated(other)));
        if repeats {
            item.value = Value::Rated(new);
        }
    }
    whole
}

/// Warns without repeating what was found (`domain.md` 4.3).
fn about_children(texts: &[&str]) -> Option<String> {
    // The same words may stand in the text and, read, in a comment.
    let found = texts.iter().map(|text| child_data(text).len()).max().unwrap_or(0);
    (found > 0).then(|| {
        let places = if found == 1 { "one place".to_owned() } else { format!("{found} places") };
        format!(
            "Your answers seem to hold a child's NHS number or date of birth in {places}. Please leave such data out: a self-assessment is shared with the ICB and its partners. Send the comment again without it, and tell us if it was real."
        )
    })
}

#[cfg(test)]
mod tests;
