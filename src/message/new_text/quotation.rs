//! Gives every line of a body its role: whose words it holds. Must not look at words beyond what introduces a
//! quotation; signatures and banners have their own files.

use super::CutKind;
use super::attribution::{self, Certainty};
use super::header_block::{HeaderBlock, header_below_rule, header_block};
use super::line::{Line, Mark};
use super::{banner, signature};

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Nothing on it.
    Blank,
    /// The sender's words.
    Own,
    /// Words of others that the sender sends on, or that are all there is.
    Content,
    /// Of a text that is sent on.
    Forwarded,
    /// Quoted, and kept as what an answer refers to.
    Context,
    /// Quoted (not yet decided whether it is kept).
    Quoted,
    /// Introduces a quotation (not yet decided).
    Introduction,
    /// An earlier mail without quotation signs.
    Foreign,
    /// The header lines above what is sent on.
    ForwardedHeader,
    /// Signature.
    Signature,
    /// Disclaimer.
    Disclaimer,
    /// Banner.
    Banner,
}

impl Role {
    /// Why a line of this role is left out of the new text, or nothing when it stays.
    pub fn cut(self) -> Option<CutKind> {
        match self {
            Role::Blank | Role::Own | Role::Content | Role::Forwarded | Role::Context => None,
            Role::Quoted | Role::Introduction | Role::Foreign => Some(CutKind::Quotation),
            Role::ForwardedHeader => Some(CutKind::ForwardedHeader),
            Role::Signature => Some(CutKind::Signature),
            Role::Disclaimer => Some(CutKind::Disclaimer),
            Role::Banner => Some(CutKind::Banner),
        }
    }
}

/// The role of every line.
pub(super) fn roles(lines: &[Line]) -> Vec<Role> {
    let mut roles: Vec<Role> = lines.iter().map(first_look).collect();
    banner::mark(lines, &mut roles);
    find_borders(lines, &mut roles);
    signature::mark(lines, &mut roles);
    settle_quotations(lines, &mut roles);
    roles
}

fn first_look(line: &Line) -> Role {
    if line.is_blank() {
        return Role::Blank;
    }
    match line.mark {
        Mark::Foreign => Role::Foreign,
        Mark::Signature => Role::Signature,
        Mark::Quote => Role::Quoted,
        Mark::Plain | Mark::Introduction | Mark::Rule if line.is_quoted() => Role::Quoted,
        Mark::Plain | Mark::Introduction | Mark::Rule => Role::Own,
    }
}

/// What was found at a line.
enum Border {
    /// So many lines introduce what follows.
    Introduction(usize, Certainty),
    /// So many lines stand above a text that is sent on.
    Forward(usize),
    /// "Reply above this line" with nothing above: a desk opens its own letters so, and the letter follows.
    Marker,
}

/// Goes through the lines outside quotations and gives roles from each border on.
fn find_borders(lines: &[Line], roles: &mut [Role]) {
    let mut at = 0;
    let mut before = Before::Nothing;
    while let (Some(line), Some(role)) = (lines.get(at), roles.get(at).copied()) {
        if let Some(count) = marked_introduction(lines, roles, at) {
            enclosed(lines, roles, at, count, before);
            at += count;
            continue;
        }
        let border = if may_be_border(line, role, before) { border(lines, at, before) } else { None };
        match border {
            Some(Border::Forward(count)) => return forward(roles, at, count, before),
            Some(Border::Marker) => fill(roles, at, 1, Role::Banner),
            Some(Border::Introduction(count, certainty)) => match behind_bars(lines, roles, at + count) {
                Behind::Quotation => {
                    fill(roles, at, count, Role::Introduction);
                    at += count;
                    continue;
                }
                Behind::Text if certainty == Certainty::Certain => return original(roles, at, count, before),
                Behind::Nothing if certainty == Certainty::Certain => return original(roles, at, count, before),
                Behind::Text | Behind::Nothing => {}
            },
            None => {}
        }
        if roles.get(at) == Some(&Role::Own) && !attribution::is_stroke(&line.text) {
            before = Before::Words;
        }
        at += 1;
    }
}

/// Own lines can be; foreign ones only where they are all there is; quoted ones in the form of GroupWise.
fn may_be_border(line: &Line, role: Role, before: Before) -> bool {
    match role {
        Role::Own => true,
        Role::Blank => line.mark == Mark::Rule,
        Role::Foreign => before == Before::Nothing,
        Role::Quoted => attribution::is_original_separator(&line.text),
        Role::Content | Role::Forwarded | Role::Context | Role::Introduction => false,
        Role::ForwardedHeader | Role::Signature | Role::Disclaimer | Role::Banner => false,
    }
}

fn border(lines: &[Line], at: usize, before: Before) -> Option<Border> {
    let from = lines.get(at..)?;
    let line = from.first()?;
    if attribution::is_forward_separator(&line.text) {
        return Some(Border::Forward(1 + header_lines(lines, at + 1)));
    }
    if before == Before::Nothing && attribution::is_reply_marker(&line.text) {
        return Some(Border::Marker);
    }
    if attribution::is_original_separator(&line.text) {
        return Some(Border::Introduction(1 + header_lines(lines, at + 1), Certainty::Certain));
    }
    if attribution::is_stroke(&line.text) || line.mark == Mark::Rule {
        let headers = block_below(lines, at + 1, header_below_rule);
        return (headers > 0).then_some(Border::Introduction(1 + headers, Certainty::Certain));
    }
    if let Some(block) = header_block(from) {
        return Some(Border::Introduction(block.lines, Certainty::Certain));
    }
    let found = attribution::introduction(from)?;
    Some(Border::Introduction(found.lines, found.certainty))
}

/// The lines of a header block that follows, empty lines before it included.
fn header_lines(lines: &[Line], from: usize) -> usize {
    block_below(lines, from, header_block)
}

fn block_below(lines: &[Line], from: usize, read: fn(&[Line]) -> Option<HeaderBlock>) -> usize {
    let blanks = lines.iter().skip(from).take(4).take_while(|l| l.is_blank() && l.mark != Mark::Rule).count();
    let block = lines.get(from + blanks..).and_then(read);
    block.map_or(0, |b| blanks + b.lines)
}

/// Lines that markup places before a quotation, when they look like it: a colon, a digit or an address among them.
fn marked_introduction(lines: &[Line], roles: &[Role], at: usize) -> Option<usize> {
    let first = lines.get(at)?;
    let begins = first.mark == Mark::Introduction
        && at.checked_sub(1).and_then(|before| lines.get(before)).is_none_or(|l| l.mark != Mark::Introduction);
    if !begins || attribution::is_forward_separator(&first.text) {
        return None;
    }
    let run = lines.iter().zip(roles).skip(at);
    let count = run.take_while(|(l, r)| l.mark == Mark::Introduction || **r == Role::Blank).count();
    let mut first_lines = lines.iter().skip(at).take(count.min(6));
    first_lines.any(|l| l.text.contains([':', '@']) || l.text.contains(|c: char| c.is_ascii_digit())).then_some(count)
}

/// What such markup holds is the introduction, and the original message too when no quotation follows.
fn enclosed(lines: &[Line], roles: &mut [Role], at: usize, count: usize, before: Before) {
    let introduced = match behind(lines, roles, at + count) {
        Behind::Quotation => count,
        Behind::Text | Behind::Nothing if before == Before::Words => count,
        Behind::Text | Behind::Nothing => {
            fill(roles, at, count, Role::Content);
            lines.get(at..).and_then(attribution::introduction).map_or(0, |i| i.lines)
        }
    };
    fill(roles, at, introduced.min(count), Role::Introduction);
}

/// What stands behind an introduction.
enum Behind {
    Quotation,
    Text,
    Nothing,
}

/// The same, and `| ` counts as a sign of quotation: only here, for elsewhere it draws tables.
fn behind_bars(lines: &[Line], roles: &mut [Role], from: usize) -> Behind {
    let blanks = lines.iter().skip(from).take_while(|l| l.is_blank()).count();
    let barred = |l: &Line| l.text.starts_with('|') && !l.text.ends_with('|') || l.text.trim() == "|";
    let bars = lines.iter().skip(from + blanks).take_while(|l| barred(l)).count();
    fill(roles, from + blanks, bars, Role::Quoted);
    behind(lines, roles, from)
}

fn behind(lines: &[Line], roles: &[Role], from: usize) -> Behind {
    let next = lines.iter().zip(roles).skip(from).find(|(line, _)| !line.is_blank());
    match next {
        None => Behind::Nothing,
        Some((line, _)) if line.mark == Mark::Foreign => Behind::Text,
        Some((_, Role::Quoted)) => Behind::Quotation,
        Some(_) => Behind::Text,
    }
}

/// Whether the sender wrote something above.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Words,
    Nothing,
}

/// An original message without quotation signs: it is cut to the end; where nothing stands above it, it is all there
/// is, and stays.
fn original(roles: &mut [Role], at: usize, count: usize, before: Before) {
    fill(roles, at, count, Role::Introduction);
    let rest = match before {
        Before::Words => Role::Foreign,
        Before::Nothing => Role::Content,
    };
    fill(roles, at + count, roles.len(), rest);
}

/// A text that is sent on stays. Below words of the sender its header stays too, as the visible border.
fn forward(roles: &mut [Role], at: usize, count: usize, before: Before) {
    let header = match before {
        Before::Words => Role::Forwarded,
        Before::Nothing => Role::ForwardedHeader,
    };
    fill(roles, at, count, header);
    fill(roles, at + count, roles.len(), Role::Forwarded);
}

fn fill(roles: &mut [Role], from: usize, count: usize, role: Role) {
    for slot in roles.iter_mut().skip(from).take(count).filter(|r| **r != Role::Blank) {
        *slot = role;
    }
}

/// Decides which quotations stay: all, when there is nothing else; those around and between answers; those in the
/// middle that nothing introduces (the sender may have typed the signs). Quotations at the end never stay.
fn settle_quotations(lines: &[Line], roles: &mut [Role]) {
    let Some(last) = roles.iter().rposition(|r| is_content(*r)) else {
        let only = if roles.contains(&Role::Quoted) { Role::Quoted } else { Role::Foreign };
        return turn(roles, &[only], Role::Content);
    };
    let answers_between = answers_between(roles);
    let (above, _) = roles.split_at_mut(last);
    let introduced = above.contains(&Role::Introduction) || lines.iter().take(last).any(|l| l.mark == Mark::Quote);
    if answers_between {
        turn(above, &[Role::Quoted, Role::Introduction], Role::Context);
    } else if !introduced {
        turn(above, &[Role::Quoted], Role::Context);
    }
}

fn is_content(role: Role) -> bool {
    matches!(role, Role::Own | Role::Content | Role::Forwarded)
}

fn answers_between(roles: &[Role]) -> bool {
    let quoted = |r: &Role| *r == Role::Quoted;
    match (roles.iter().position(quoted), roles.iter().rposition(quoted)) {
        (Some(first), Some(last)) => roles.iter().take(last).skip(first).any(|r| *r == Role::Own),
        (Some(_), None) | (None, Some(_)) | (None, None) => false,
    }
}

fn turn(roles: &mut [Role], from: &[Role], to: Role) {
    for role in roles.iter_mut().filter(|r| from.contains(r)) {
        *role = to;
    }
}
