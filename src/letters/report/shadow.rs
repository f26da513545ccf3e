//! The report of shadow mode: what would have gone out, to whom, when. Whoever decides to go live reads it first.

use super::document::{Cell, Report, Section, Table};
use crate::core::figures::{ShadowFigures, ShadowLetter};
use crate::core::id::Address;
use crate::core::wording::{date_words, list};
use chrono::NaiveDate;
use chrono_tz::Tz;

/// The report of the letters until `today`.
pub fn shadow(letters: &[ShadowLetter], authority: &str, today: NaiveDate, zone: Tz) -> Report {
    let figures = ShadowFigures::of(letters);
    let count = letters.len();
    let headline = match count {
        0 => "Nothing would have gone to anybody outside so far.".to_owned(),
        1 => "1 letter would have gone to people outside.".to_owned(),
        n => format!("{n} letters would have gone to {} people outside.", figures.people),
    };
    Report {
        name: "shadow",
        date: today,
        subject: format!("Shadow mode: {count} letters kept back"),
        title: "What shadow mode kept back".to_owned(),
        as_at: format!("{authority}, as at {}", date_words(today)),
        headline,
        lines: Vec::new(),
        after_lines: "Before you go live (outbound.mode = \"live\"), please look whether each of these people should have got these letters.".to_owned(),
        sections: vec![by_kind(&figures), by_domain(&figures), every_letter(letters, zone)],
        notes: vec!["Letters to staff are not counted: they go out in shadow mode too.".to_owned()],
    }
}

fn by_kind(figures: &ShadowFigures) -> Section {
    let rows = figures.by_kind.iter().map(|(kind, n)| vec![Cell::text(kind.title()), Cell::Count(*n)]);
    section(
        "1. Letters by sort",
        "By sort",
        Table::new("Letters by sort", &["Letter", ">Number"], rows.collect(), "None."),
    )
}

fn by_domain(figures: &ShadowFigures) -> Section {
    let rows = figures
        .by_domain
        .iter()
        .map(|(domain, (letters, people))| vec![Cell::text(domain), Cell::Count(*letters), Cell::Count(*people)]);
    let headings = ["Mail domain", ">Letters", ">People"];
    section(
        "2. Where they would have gone",
        "By domain",
        Table::new("Letters by mail domain", &headings, rows.collect(), "Nowhere."),
    )
}

fn every_letter(letters: &[ShadowLetter], zone: Tz) -> Section {
    let rows = letters.iter().rev().map(|l| {
        let whom: Vec<String> = l.meant_for.iter().map(Address::to_string).collect();
        let about = l.follow_up.as_ref().or(l.case_id.as_ref()).cloned().unwrap_or_default();
        vec![
            Cell::Date(l.at.with_timezone(&zone).date_naive()),
            Cell::text(l.kind.title()),
            Cell::Text(list(&whom)),
            Cell::Text(about),
            Cell::Text(l.id.clone()),
        ]
    });
    let headings = ["Day", "Letter", "To", "|", "About", "Id"];
    section(
        "3. Every letter, newest first",
        "Letters",
        Table::new("Letters kept back", &headings, rows.collect(), "None."),
    )
}

fn section(heading: &str, sheet: &'static str, table: Table) -> Section {
    Section { heading: heading.to_owned(), sheet, sentences: Vec::new(), charts: Vec::new(), tables: vec![table] }
}
