//! Reads the text form: lines → fields of items → claims.
//!
//! An item that has its own marks ("ANSWER 07:") is read from them and from nothing else inside the form: a
//! numbered line in somebody's comment ("7. train staff") never becomes its answer.

use super::marks::{self, Field, Lettered, Line, Numbered, Parted};
use super::value::{self, Said};
use super::{Rows, render, table, tidy};
use crate::core::assessment::answers::{Claim, ECHO_CHARACTERS, Item, Value};
use crate::core::assessment::criteria::Criteria;
use std::collections::BTreeSet;

/// Everything that the text says on any item.
pub(super) fn claims(text: &str, criteria: &Criteria) -> Vec<Claim> {
    let tidied = tidy(text);
    let unquoted: String = tidied.lines().map(|line| format!("{}\n", unquoted(line))).collect();
    let (rest, tables) = table::cut_out(&marks::on_own_lines(&without_receipts(&unquoted)));
    let lines: Vec<Line> = rest.lines().map(marks::classify).collect();
    let mut claims = claims_of(&sections(&lines, criteria), criteria);
    let marked: BTreeSet<u32> = lines.iter().filter_map(marked_number).collect();
    claims.extend(tables.iter().flat_map(|rows| claims_of_table(rows, &marked, criteria)));
    claims
}

/// Leaves out what our own receipts repeat: an older answer, quoted below a newer one, is no second answer. A receipt
/// whose end is lost ends with the text, or where a form begins.
fn without_receipts(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, repeated)) = rest.split_once(render::RECEIPT_START) {
        kept.push_str(before);
        kept.push('\n');
        let end = repeated.find(render::RECEIPT_END).map(|at| at + render::RECEIPT_END.len());
        let form = repeated.find(render::START);
        let behind = [end, form].into_iter().flatten().min().unwrap_or(repeated.len());
        rest = repeated.get(behind..).unwrap_or_default();
    }
    kept.push_str(rest);
    kept
}

/// Without column names the figures of somebody's comment look like a table too: such rows count only for criteria
/// of the set, and beside an item's own marks only with a clear rating.
fn claims_of_table(rows: &Rows, marked: &BTreeSet<u32>, criteria: &Criteria) -> Vec<Claim> {
    if let Some(claims) = table::claims_by_names(rows) {
        return claims;
    }
    let mut claims = table::claims_by_place(rows);
    claims.retain(|claim| {
        let known = claim.question.filter(|number| criteria.get(*number).is_some());
        let rated = matches!(claim.item.value, Value::Rated(_));
        known.is_some_and(|number| rated || !marked.contains(&number))
    });
    claims
}

/// A line without its quotation marks, however deep.
fn unquoted(line: &str) -> &str {
    let mut rest = line;
    while let Some(inner) = rest.trim_start().strip_prefix('>') {
        rest = inner;
    }
    rest
}

/// How sure it is that a section belongs to its item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Certainty {
    /// It has a mark of the form, or a clear rating.
    Sure,
    /// A short line behind a number; counts only when nothing else speaks of the item.
    Weak,
}

/// The lines of one field of one item.
#[derive(Debug)]
struct Section {
    number: u32,
    field: Field,
    certainty: Certainty,
    /// Opened by a mark of the form, so that numbers of marked items inside are its text.
    in_form: bool,
    lines: Vec<String>,
}

fn sections(lines: &[Line], criteria: &Criteria) -> Vec<Section> {
    let marked: BTreeSet<u32> = lines.iter().filter_map(marked_number).collect();
    let mut sections: Vec<Section> = Vec::new();
    let mut open = false;
    for line in lines {
        let current = if open { sections.last() } else { None };
        match opens(line, current, &marked, criteria) {
            Some(section) => {
                sections.push(section);
                open = true;
            }
            None if *line == Line::End => open = false,
            None if open => sections.last_mut().into_iter().for_each(|s| s.lines.push(plain(line))),
            None => {}
        }
    }
    sections
}

fn marked_number(line: &Line) -> Option<u32> {
    match line {
        Line::Field(_, number, _) => *number,
        Line::Numbered(..) | Line::End | Line::Text(_) => None,
    }
}

/// A line inside a field, as it was written.
fn plain(line: &Line) -> String {
    match line {
        Line::Text(text) => text.clone(),
        Line::Numbered(numbered) => numbered.whole.clone(),
        Line::Field(_, _, rest) => rest.clone(),
        Line::End => String::new(),
    }
}

/// The section that a line opens, if it opens one.
fn opens(line: &Line, current: Option<&Section>, marked: &BTreeSet<u32>, criteria: &Criteria) -> Option<Section> {
    match line {
        Line::Field(field, number, rest) => {
            let number = number.or(current.map(|s| s.number))?;
            let lines = vec![rest.clone()];
            Some(Section { number, field: *field, certainty: Certainty::Sure, in_form: true, lines })
        }
        Line::Numbered(line) => {
            let inside_form = current.is_some_and(|s| s.in_form);
            let marked_elsewhere = inside_form && marked.contains(&line.number);
            if marked_elsewhere { None } else { numbered(line, current, criteria) }
        }
        Line::End | Line::Text(_) => None,
    }
}

/// A numbered line outside the marks of the form: an item of a list, or a line of a comment.
fn numbered(line: &Numbered, current: Option<&Section>, criteria: &Criteria) -> Option<Section> {
    let Numbered { number, rest, .. } = line;
    let number = *number;
    let section = |field, certainty, rest: &str| {
        Some(Section { number, field, certainty, in_form: false, lines: vec![rest.to_owned()] })
    };
    let said = marks::without_importance(rest);
    if matches!(value::read(said), Said::Clear(..)) {
        return section(Field::Answer, Certainty::Sure, said);
    }
    if marks::is_wording(rest, number, criteria) {
        return section(Field::Question, Certainty::Sure, rest);
    }
    if criteria.get(number).is_none() || !may_be_unclear(line, current) {
        return None;
    }
    match rest.split_whitespace().count() {
        0 => section(Field::Question, Certainty::Sure, ""),
        1..=6 => section(Field::Answer, Certainty::Weak, rest),
        _ => None,
    }
}

/// Whether a numbered line without a clear rating can be an answer at all: `Q7 …` outside the form, or the next
/// `8. …` of a list; not a house number, and not a step in somebody's comment.
fn may_be_unclear(line: &Numbered, current: Option<&Section>) -> bool {
    let in_form = current.is_some_and(|s| s.in_form);
    let next_of_list = current.is_none_or(|s| s.number < line.number) && (current.is_some() || line.rest.is_empty());
    match (line.lettered, line.parted) {
        (Lettered::Q, _) => !in_form,
        (Lettered::Plain, Parted::BySign) => !in_form && next_of_list,
        (Lettered::Plain, Parted::BySpace) => false,
    }
}

fn claims_of(sections: &[Section], criteria: &Criteria) -> Vec<Claim> {
    let answered: BTreeSet<u32> = sections
        .iter()
        .filter(|s| s.field == Field::Answer && s.certainty == Certainty::Sure)
        .map(|s| s.number)
        .collect();
    sections
        .iter()
        .filter(|s| s.certainty == Certainty::Sure || !answered.contains(&s.number))
        .map(|section| Claim { question: Some(section.number), item: item(section, &answered, criteria) })
        .collect()
}

fn item(section: &Section, answered: &BTreeSet<u32>, criteria: &Criteria) -> Item {
    match section.field {
        Field::Answer => answer(&section.lines),
        Field::Question => short_answer(section, answered, criteria),
        Field::Comment => Item { comment: joined(&section.lines), ..Item::default() },
        Field::Evidence => Item { evidence: joined(&section.lines), ..Item::default() },
    }
}

fn joined(lines: &[String]) -> String {
    lines.join("\n").trim().to_owned()
}

/// An answer field: the rating stands in its first line that is not empty, what follows is comment.
fn answer(lines: &[String]) -> Item {
    let filled = lines.iter().enumerate().find(|(_, line)| value::read(line) != Said::Blank);
    let Some((at, line)) = filled else { return Item::default() };
    let after: Vec<String> = lines.iter().skip(at + 1).cloned().collect();
    match value::read(line) {
        Said::Clear(rating, comment) if after.iter().all(|l| value::read_bare(l).is_none_or(|r| r == rating)) => {
            let comment = std::iter::once(comment).chain(after).collect::<Vec<_>>();
            Item { value: Value::Rated(rating), comment: joined(&comment), ..Item::default() }
        }
        // Not in the field's own line nor right below it: prose between two items, unless it is as short as an answer.
        Said::Unclear if at > 1 && line.split_whitespace().count() > 3 => Item::default(),
        Said::Blank | Said::Clear(..) | Said::Unclear => {
            let text = lines.iter().map(|l| l.trim()).filter(|l| !l.is_empty()).collect::<Vec<_>>().join(" ");
            Item { value: Value::Unclear(clipped(&text)), ..Item::default() }
        }
    }
}

/// A rating written straight behind or below the question, where the answer line is gone.
fn short_answer(section: &Section, answered: &BTreeSet<u32>, criteria: &Criteria) -> Item {
    let number = section.number;
    if answered.contains(&number) {
        return Item::default();
    }
    let is_question = |line: &str| marks::is_wording(line, number, criteria);
    let lines = render::without_instruction(&section.lines.join("\n"));
    let lines: Vec<String> = lines.lines().map(|l| marks::without_importance(l).to_owned()).collect();
    let rated = lines.iter().position(|l| matches!(value::read(l), Said::Clear(..)) && !is_question(l));
    if let Some(at) = rated {
        let from_there: Vec<String> = lines.into_iter().skip(at).collect();
        return answer(&from_there);
    }
    let mut filled = lines.iter().filter(|l| !l.trim().is_empty());
    match (filled.next(), filled.next()) {
        (Some(only), None) if only.split_whitespace().count() <= 6 && !is_question(only) => answer(&lines),
        _ => Item::default(),
    }
}

fn clipped(text: &str) -> String {
    text.chars().take(ECHO_CHARACTERS).collect()
}
