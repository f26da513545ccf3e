//! A report as HTML for Outlook, Gmail and a phone: tables, inline styles, nothing remote.
//!
//! Ground and ink are set together everywhere, so that a client in its dark colours either keeps both or turns both.
//! Gmail cuts a mail off at 102 KB, so tables are cut down to their first rows.

use super::document::{Cell, Column, Report, Section, Side, Table};
use crate::core::letter::Line;
use crate::letters::chart::Chart;
use crate::letters::markup::{AnswerLinks, escape, linked};
use chrono::NaiveDate;
use std::fmt::Write;

/// Where the pictures of a report are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pictures {
    /// In the same mail (RFC 2392).
    ContentId,
    /// In files beside the page.
    Files,
}

const INK: &str = "color:#1f2328";
const SOFT: &str = "color:#4f5861";
const PAGE: &str = "margin:0;padding:0;background-color:#ffffff;color:#1f2328;font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:1.45";
const CELL: &str = "padding:5px 4px;border-bottom:1px solid #d0d7de;vertical-align:top;font-size:14px";
const FIGURE: &str = "text-align:right;white-space:nowrap";

/// The page.
pub fn to_html(report: &Report, links: &AnswerLinks, pictures: Pictures) -> String {
    let mut body = String::new();
    let _ = writeln!(
        body,
        "<h1 style=\"font-size:20px;margin:0 0 2px;{INK}\">{}</h1>\n<p style=\"margin:0 0 10px;font-size:14px;{SOFT}\">{}</p>\n<p style=\"margin:0 0 12px;font-size:17px;font-weight:bold;{INK}\">{}</p>",
        escape(&report.title),
        escape(&report.as_at),
        escape(&report.headline)
    );
    lines(&mut body, &report.lines, links);
    if !report.after_lines.is_empty() {
        let _ = writeln!(body, "<p style=\"margin:0 0 8px;font-size:14px;{SOFT}\">{}</p>", escape(&report.after_lines));
    }
    for part in &report.sections {
        section(&mut body, part, report, pictures);
    }
    for note in report.closing() {
        let _ = writeln!(body, "<p style=\"margin:10px 0 0;font-size:13px;{SOFT}\">{}</p>", escape(note));
    }
    format!(
        "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\"><title>{}</title></head>\n<body bgcolor=\"#ffffff\" style=\"{PAGE}\">\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" bgcolor=\"#ffffff\" style=\"table-layout:fixed\"><tr><td style=\"padding:14px\">\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"max-width:680px;table-layout:fixed\"><tr><td style=\"{INK}\">\n{body}</td></tr></table>\n</td></tr></table>\n</body>\n</html>\n",
        escape(&report.title)
    )
}

/// The numbered lines as a table: numbers that answers name must not be left to a list's own counting.
fn lines(out: &mut String, lines: &[Line], links: &AnswerLinks) {
    if lines.is_empty() {
        return;
    }
    out.push_str("<table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"margin:0 0 8px\">\n");
    for line in lines {
        let answers: Vec<String> =
            line.answers.iter().map(|a| linked(&format!("[[{a}]]"), &line.number.to_string(), links)).collect();
        let _ = writeln!(
            out,
            "<tr><td style=\"padding:5px 8px 5px 0;vertical-align:top;font-weight:bold;{INK}\">{}.</td><td width=\"100%\" style=\"padding:5px 0;font-size:15px;{INK}\">{}<br><span style=\"font-size:14px\">{}</span></td></tr>",
            line.number,
            escape(&line.text),
            answers.join(" &middot; ")
        );
    }
    out.push_str("</table>\n");
}

fn section(out: &mut String, section: &Section, report: &Report, pictures: Pictures) {
    let _ = writeln!(
        out,
        "<h2 style=\"font-size:17px;margin:22px 0 4px;padding-top:10px;border-top:2px solid #1d65b0;{INK}\">{}</h2>",
        escape(&section.heading)
    );
    for sentence in &section.sentences {
        let _ = writeln!(out, "<p style=\"margin:0 0 6px;font-size:15px;{INK}\">{}</p>", escape(sentence));
    }
    for chart in &section.charts {
        picture(out, chart, report, pictures);
    }
    for part in &section.tables {
        table(out, part, report.date);
    }
}

fn picture(out: &mut String, chart: &Chart, report: &Report, pictures: Pictures) {
    let source = match pictures {
        Pictures::ContentId => format!("cid:{}", chart.name),
        Pictures::Files => report.file_name(&format!("{}.png", chart.name)),
    };
    let _ = writeln!(
        out,
        "<p style=\"margin:8px 0\"><img src=\"{}\" width=\"{}\" alt=\"{}\" style=\"display:block;max-width:100%;height:auto;border:0;background-color:#ffffff;font-size:13px;{INK}\"></p>",
        escape(&source),
        chart.width,
        escape(&chart.alt)
    );
}

fn table(out: &mut String, table: &Table, today: NaiveDate) {
    if table.columns_in_mail == 0 {
        return;
    }
    if table.rows.is_empty() {
        if !table.empty.is_empty() {
            let _ = writeln!(out, "<p style=\"margin:6px 0;font-size:14px;{SOFT}\">{}</p>", escape(table.empty));
        }
        return;
    }
    table.in_mail().iter().for_each(|part| grid(out, part, today));
    if let Some(more) = table.not_in_mail() {
        let _ = writeln!(out, "<p style=\"margin:2px 0 6px;font-size:13px;{SOFT}\">{}</p>", escape(&more));
    }
}

fn grid(out: &mut String, table: &Table, today: NaiveDate) {
    out.push_str("<table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"border-collapse:collapse;margin:8px 0 2px\">\n");
    let _ = writeln!(
        out,
        "<caption style=\"text-align:left;font-size:14px;font-weight:bold;padding:4px 0;{INK}\">{}</caption>",
        escape(&table.caption)
    );
    out.push_str("<tr>");
    for column in &table.columns {
        let _ = write!(
            out,
            "<th scope=\"col\" style=\"{CELL};font-size:13px;background-color:#eef2f6;{INK};{}\">{}</th>",
            side_of(column),
            escape(&column.heading)
        );
    }
    out.push_str("</tr>\n");
    for row in &table.rows {
        cells(out, &table.columns, row, (today, "normal"));
    }
    if let Some(sums) = &table.sums {
        cells(out, &table.columns, sums, (today, "bold"));
    }
    out.push_str("</table>\n");
}

fn side_of(column: &Column) -> &'static str {
    match column.side {
        Side::Left => "text-align:left",
        Side::Right => "text-align:right",
    }
}

fn cells(out: &mut String, columns: &[Column], row: &[Cell], (today, weight): (NaiveDate, &str)) {
    out.push_str("<tr>");
    for (column, cell) in columns.iter().zip(row) {
        let words = cell.words(today);
        let style = match column.side {
            Side::Right => FIGURE,
            Side::Left if is_reference(&words) && columns.len() <= ROOMY => "text-align:left;white-space:nowrap",
            Side::Left if has_long_word(&words) => "text-align:left;overflow-wrap:anywhere",
            Side::Left => "text-align:left",
        };
        let _ = write!(out, "<td style=\"{CELL};{INK};font-weight:{weight};{style}\">{}</td>", escape(&words));
    }
    out.push_str("</tr>\n");
}

/// Letters of a word from which on it may break.
const LONG_WORD: usize = 16;

/// Columns with which a table leaves a phone room for references on one line; with more of them they break at a dash.
const ROOMY: usize = 4;

/// A word such as an address, which would push the figures out of a phone's window if it could not break.
fn has_long_word(words: &str) -> bool {
    words.split_whitespace().any(|word| word.chars().count() > LONG_WORD)
}

/// A short word with dashes and digits: it is read as one, and so it stays on one line.
fn is_reference(words: &str) -> bool {
    words.chars().count() <= 16 && words.contains('-') && words.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}
