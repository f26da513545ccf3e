//! A report as plain text, complete in itself: the same words and the same tables, no wider than a mail's line.

use super::document::{Cell, Report, Section, Side, Table};
use crate::letters::markup::wrap;
use chrono::NaiveDate;
use std::fmt::Write;

/// Width of a line.
const WIDTH: usize = 76;
/// Width of the widest column of words.
const WIDEST: usize = 40;

/// The text.
pub fn to_text(report: &Report) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}", report.title.to_uppercase());
    wrap(&mut out, &report.as_at, "", "");
    out.push('\n');
    wrap(&mut out, &report.headline, "", "");
    if !report.lines.is_empty() {
        out.push('\n');
    }
    for line in &report.lines {
        let number = format!("{}. ", line.number);
        wrap(&mut out, &line.text, &number, "   ");
        wrap(&mut out, &line.answers.join(" · "), "   ", "   ");
    }
    if !report.after_lines.is_empty() {
        out.push('\n');
        wrap(&mut out, &report.after_lines, "", "");
    }
    report.sections.iter().for_each(|s| section(&mut out, s, report.date));
    for note in report.closing() {
        out.push('\n');
        wrap(&mut out, note, "", "");
    }
    out
}

fn section(out: &mut String, section: &Section, today: NaiveDate) {
    let _ = writeln!(out, "\n\n{}\n{}", section.heading, "=".repeat(section.heading.chars().count()));
    section.sentences.iter().for_each(|s| wrap(out, s, "", ""));
    for part in &section.tables {
        table(out, part, today);
    }
}

fn table(out: &mut String, table: &Table, today: NaiveDate) {
    if table.columns_in_mail == 0 {
        return;
    }
    if table.rows.is_empty() {
        if !table.empty.is_empty() {
            out.push('\n');
            wrap(out, table.empty, "", "");
        }
        return;
    }
    table.in_mail().iter().for_each(|part| grid(out, part, today));
    if let Some(more) = table.not_in_mail() {
        let _ = writeln!(out, "({more})");
    }
}

fn grid(out: &mut String, table: &Table, today: NaiveDate) {
    let _ = writeln!(out, "\n{}", table.caption);
    let heading: Vec<String> = table.columns.iter().map(|c| c.heading.clone()).collect();
    let words = |row: &Vec<Cell>| row.iter().map(|c| c.words(today)).collect::<Vec<_>>();
    let rows: Vec<Vec<String>> = table.rows.iter().chain(&table.sums).map(words).collect();
    let widths = widths(table, &heading, &rows);
    row(out, table, &heading, &widths);
    let whole: usize = widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1);
    let _ = writeln!(out, "{}", "-".repeat(whole.min(WIDTH)));
    rows.iter().for_each(|r| row(out, table, r, &widths));
}

/// As wide as the widest cell; columns of words give way until the line fits.
fn widths(table: &Table, heading: &[String], rows: &[Vec<String>]) -> Vec<usize> {
    let mut widths: Vec<usize> = (0..heading.len())
        .map(|n| {
            let cells = rows.iter().filter_map(|r| r.get(n)).chain(heading.get(n));
            cells.map(|c| c.chars().count()).max().unwrap_or(0).min(WIDEST)
        })
        .collect();
    let gaps = 2 * widths.len().saturating_sub(1);
    while widths.iter().sum::<usize>() + gaps > WIDTH {
        let words = table.columns.iter().zip(widths.iter_mut()).filter(|(c, w)| c.side == Side::Left && **w > 8);
        let Some((_, widest)) = words.max_by_key(|(_, w)| **w) else { break };
        *widest -= 1;
    }
    widths
}

/// A row; words that are longer than their column go on below.
fn row(out: &mut String, table: &Table, cells: &[String], widths: &[usize]) {
    let mut cells: Vec<Vec<String>> = cells.iter().zip(widths).map(|(cell, width)| broken(cell, *width)).collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    cells.iter_mut().for_each(|lines| lines.resize(height, String::new()));
    for n in 0..height {
        let mut line = String::new();
        for ((lines, column), (width, place)) in cells.iter().zip(&table.columns).zip(widths.iter().zip(0..)) {
            let words = lines.get(n).map_or("", String::as_str);
            let pad = " ".repeat(width.saturating_sub(words.chars().count()));
            let gap = if place == 0 { "" } else { "  " };
            let _ = match column.side {
                Side::Left => write!(line, "{gap}{words}{pad}"),
                Side::Right => write!(line, "{gap}{pad}{words}"),
            };
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

/// Words in lines of at most `width`; a longer word is broken.
fn broken(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let mut word: Vec<char> = word.chars().collect();
        loop {
            let line = lines.last().map_or(0, |l| l.chars().count());
            let gap = usize::from(line > 0);
            if line + gap + word.len() <= width || (line == 0 && width == 0) {
                append(&mut lines, gap, &word);
                break;
            }
            if line == 0 {
                let rest = word.split_off(width.min(word.len()));
                append(&mut lines, 0, &word);
                word = rest;
            }
            lines.push(String::new());
        }
    }
    lines
}

fn append(lines: &mut [String], gap: usize, word: &[char]) {
    if let Some(line) = lines.last_mut() {
        line.push_str(if gap > 0 { " " } else { "" });
        line.extend(word);
    }
}
