//! The form inside a mail: the text that is read again, and the same as HTML, so that it comes back readable from
//! programs that answer in HTML.

use crate::core::assessment::form::{FormCode, render_for};
use crate::core::assessment::{Criteria, ProviderReturn};
use crate::core::letter::Below;
use crate::letters::markup::escape;
use std::fmt::Write;

const BLOCK: &str = "margin:0 0 1.1em;padding:.4em 0 .2em;border-top:1px solid #d0d7de";

/// The form of a return.
pub fn form(provider_return: &ProviderReturn, criteria: &Criteria) -> Below {
    let code: &FormCode = &provider_return.form;
    let text = render_for(code, criteria, &provider_return.offered);
    let html = text.split("\n\n").filter(|block| !block.trim().is_empty()).fold(String::new(), |mut html, block| {
        let _ = writeln!(html, "<p style=\"{BLOCK}\">{}</p>", lines(block));
        html
    });
    Below { text, html }
}

/// Every line of a block on its own, the mark and the places to write in bold.
fn lines(block: &str) -> String {
    let line = |line: &str| match mark(line) {
        Some((mark, rest)) => format!("<b>{}</b>{}", escape(mark), escape(rest)),
        None => escape(line),
    };
    joined(block).iter().map(|text| line(text)).collect::<Vec<_>>().join("<br>\n")
}

/// Lines that the text form has wrapped, put together again.
fn joined(block: &str) -> Vec<String> {
    let begins = |line: &str| ["[", "(", "ANSWER ", "COMMENT ", "EVIDENCE "].iter().any(|mark| line.starts_with(mark));
    block.lines().fold(Vec::new(), |mut lines: Vec<String>, line| {
        match lines.last_mut().filter(|_| !begins(line)) {
            Some(last) => {
                last.push(' ');
                last.push_str(line);
            }
            None => lines.push(line.to_owned()),
        }
        lines
    })
}

fn mark(line: &str) -> Option<(&str, &str)> {
    let end = match line {
        _ if line.starts_with("[Q") => line.find(')').map(|at| at + 1),
        _ if line.starts_with("ANSWER ") || line.starts_with("COMMENT ") => line.find(':').map(|at| at + 1),
        _ => None,
    };
    line.split_at_checked(end?)
}
