//! The export as a page and as text. The page fetches nothing, runs nothing and prints well.

use super::timeline::{Fact, Item, local};
use anyhow::{Context, Result};
use chrono_tz::Tz;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Value};
use serde::Serialize;
use std::fmt::Write;

const TEMPLATE: &str = include_str!("page.html");

/// What stands above everything.
pub(super) struct Head<'a> {
    pub authority: &'a str,
    pub label: String,
    pub exported: String,
    pub zone: Tz,
}

#[derive(Serialize)]
struct Shown<'a> {
    when: String,
    item: &'a Item,
}

#[derive(Serialize)]
struct Page<'a> {
    authority: &'a str,
    label: &'a str,
    exported: &'a str,
    facts: &'a [Fact],
    items: Vec<Shown<'a>>,
}

/// The page.
///
/// # Errors
/// When the template is wrong.
pub(super) fn html(head: &Head<'_>, facts: &[Fact], items: &[Item]) -> Result<String> {
    let mut templates = Environment::new();
    templates.set_auto_escape_callback(|_| AutoEscape::Html);
    templates.add_template("page.html", TEMPLATE).context("The page's template is wrong")?;
    let items = items.iter().map(|item| Shown { when: local(item.at, head.zone), item }).collect();
    let page = Page { authority: head.authority, label: &head.label, exported: &head.exported, facts, items };
    templates.get_template("page.html")?.render(Value::from(Serde(&page))).context("Cannot render the page")
}

/// The same as text.
pub(super) fn text(head: &Head<'_>, facts: &[Fact], items: &[Item]) -> String {
    // Writing to a String cannot fail.
    let mut text = format!(
        "{}\nEverything that the follow-up service holds on the case {}\nExported {}\n\n",
        head.authority, head.label, head.exported
    );
    for (what, value) in facts {
        let _ = writeln!(text, "{what}: {value}");
    }
    text.push_str("\nWhat happened\n");
    for item in items {
        let _ = writeln!(text, "\n{}\n{}: {}", local(item.at, head.zone), item.sort, item.what);
        for detail in &item.details {
            let _ = writeln!(text, "  {detail}");
        }
        if let Some(file) = &item.file {
            let _ = writeln!(text, "  File: {file}");
        }
    }
    text
}
