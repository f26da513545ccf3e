//! What the sender wrote, without quotation, signature, disclaimer and banner.
//!
//! Words are only ever left out, never changed, and what is left out stands in [`NewText::cut`]. When in doubt a
//! line is kept: a quoted line too many costs a reader a second, a lost one can cost a child its advice.

mod attribution;
mod banner;
mod header_block;
mod html;
mod labels;
mod line;
mod markup;
mod quotation;
mod signature;
mod tables;
mod tag;
#[cfg(test)]
mod tests;

pub(super) use attribution::is_forward_separator;
pub(super) use header_block::{Field, HeaderBlock, header_block};
pub(super) use html::html_lines;
pub(super) use line::{Line, head, plain_lines};
pub use tables::html_tables;

use quotation::Role;
use regex::Regex;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// Why a piece of text was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CutKind {
    /// An earlier mail, with the lines that introduce it.
    Quotation,
    /// Signature, or the line that a phone adds.
    Signature,
    /// What a mail system adds below: confidentiality, monitoring, list footer.
    Disclaimer,
    /// What a mail system adds above: "EXTERNAL EMAIL", a protective marking.
    Banner,
    /// The header lines above a text that is sent on.
    ForwardedHeader,
}

/// A piece of text that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// Why.
    pub what: CutKind,
    /// The lines.
    pub text: String,
}

/// The new text of a mail.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewText {
    /// What a reader should see: the sender's words; what they sent on; quoted lines (`> `) between answers; and,
    /// when there is nothing else, the quotation itself.
    pub text: String,
    /// The sender's own words only: nothing that is quoted or sent on. Commands and counted words come from here.
    pub own: String,
    /// Whether `text` holds a text that is sent on (told by a forward marker in the body).
    pub forwards: bool,
    /// What was left out, in order.
    pub cut: Vec<Cut>,
}

/// Finds the new text: of the plain body, or of the HTML body where the plain one says nothing.
pub fn new_text(plain: Option<&str>, html: Option<&str>) -> NewText {
    let lines = body_lines(plain, html);
    let roles = quotation::roles(&lines);
    compose(&lines, &roles)
}

/// Turns HTML into text, one line a block, quoted lines led by `> `. Reads 1 MiB at most.
pub fn html_to_text(html: &str) -> String {
    let lines = html_lines(html);
    squeeze(lines.iter().map(|l| l.text.as_str()))
}

/// The lines of the body that says more: plain, unless it is empty or only says that the mail is in HTML.
pub(super) fn body_lines(plain: Option<&str>, html: Option<&str>) -> Vec<Line> {
    let plain = plain.filter(|text| !text.trim().is_empty());
    match (plain, html) {
        (Some(text), Some(markup)) if is_stub(text) => html_lines(markup),
        (Some(text), _) => plain_lines(text),
        (None, Some(markup)) => html_lines(markup),
        (None, None) => Vec::new(),
    }
}

static STUB: LazyLock<Option<Regex>> = LazyLock::new(|| {
    attribution::regex(
        r"(?i)(?:this|your|the|view)\b.{0,60}\b(?:e-?mail|message|mail client|client|reader|viewer|browser)\b.{0,80}\bHTML\b|HTML.{0,60}\b(?:e-?mail|message|format|capable|version|viewer)",
    )
});

/// "This message is in HTML; your program cannot show it."
fn is_stub(plain: &str) -> bool {
    let text: String = plain.split_whitespace().take(61).collect::<Vec<_>>().join(" ");
    text.split(' ').count() <= 60 && attribution::found(&STUB, &text)
}

fn compose(lines: &[Line], roles: &[Role]) -> NewText {
    let with = |wanted: fn(Role) -> bool| {
        squeeze(lines.iter().zip(roles).filter(|(_, role)| wanted(**role)).map(|(line, _)| line.text.as_str()))
    };
    NewText {
        text: with(|role| role.cut().is_none()),
        own: with(|role| matches!(role, Role::Own | Role::Blank)),
        forwards: roles.contains(&Role::Forwarded),
        cut: cuts(lines, roles),
    }
}

/// Neighbouring lines that were cut for the same reason become one piece.
fn cuts(lines: &[Line], roles: &[Role]) -> Vec<Cut> {
    let mut cuts: Vec<(CutKind, Vec<&str>)> = Vec::new();
    for (line, what) in lines.iter().zip(roles).filter_map(|(line, role)| role.cut().map(|what| (line, what))) {
        match cuts.last_mut() {
            Some((last, texts)) if *last == what => texts.push(&line.text),
            Some(_) | None => cuts.push((what, vec![&line.text])),
        }
    }
    let pieces = cuts.into_iter().map(|(what, texts)| Cut { what, text: squeeze(texts.into_iter()) });
    pieces.filter(|cut| !cut.text.is_empty()).collect()
}

/// Joins lines; several empty ones become one, and none stands at the ends.
fn squeeze<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let mut text = String::new();
    let mut gap = false;
    for line in lines {
        if line.trim().is_empty() {
            gap = !text.is_empty();
            continue;
        }
        if gap {
            text.push('\n');
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(line);
        gap = false;
    }
    text
}
