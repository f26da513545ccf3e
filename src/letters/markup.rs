//! The light markup of the templates → a wrapped text part and plain accessible HTML. One source, so both say the
//! same.
//!
//! Paragraphs are separated by empty lines. Lines that begin with `# ` are headings, `- ` list entries, `N. `
//! numbered lines, `> ` quotations (never interpreted), `  ` continuations of the line before. `[[WORD]]` in a
//! numbered line is a word that can be answered: a link in HTML, the bare word in text.

use std::fmt::Write;

/// Width of the text part.
const WIDTH: usize = 76;

/// Where links to prefilled answers lead.
#[derive(Debug, Clone, Default)]
pub struct AnswerLinks {
    /// The address that answers go to.
    pub address: String,
    /// Subject of the prefilled answer.
    pub subject: String,
}

enum Block<'a> {
    Heading(&'a str),
    Bullet(&'a str),
    Numbered(&'a str, &'a str),
    Quote(Vec<&'a str>),
    Paragraph(Vec<&'a str>),
}

fn blocks(source: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut fresh = true;
    for line in source.lines() {
        if line.trim().is_empty() {
            fresh = true;
            continue;
        }
        let block = classify(line);
        match (block, blocks.last_mut()) {
            (Block::Quote(mut more), Some(Block::Quote(lines))) if !fresh => lines.append(&mut more),
            (Block::Paragraph(mut more), Some(Block::Paragraph(lines))) if !fresh => lines.append(&mut more),
            (block, _) => blocks.push(block),
        }
        fresh = false;
    }
    blocks
}

fn classify(line: &str) -> Block<'_> {
    if let Some(rest) = line.strip_prefix("# ") {
        return Block::Heading(rest);
    }
    if let Some(rest) = line.strip_prefix("- ") {
        return Block::Bullet(rest);
    }
    if line == ">" || line.starts_with("> ") {
        return Block::Quote(vec![line.trim_start_matches('>').trim_start()]);
    }
    match line.split_once(". ") {
        Some((number, rest))
            if !number.is_empty() && number.len() <= 3 && number.chars().all(|c| c.is_ascii_digit()) =>
        {
            Block::Numbered(number, rest)
        }
        _ => Block::Paragraph(vec![line.trim_end()]),
    }
}

/// The text part: wrapped, complete in itself.
pub fn to_text(source: &str) -> String {
    let mut out = String::new();
    let mut after_list = false;
    for block in blocks(source) {
        let is_list = matches!(block, Block::Bullet(_) | Block::Numbered(..));
        let joined = is_list && after_list;
        if !(out.is_empty() || joined) {
            out.push('\n');
        }
        match block {
            Block::Heading(text) => wrap(&mut out, text, "", ""),
            Block::Bullet(text) => wrap(&mut out, &plain_words(text), "- ", "  "),
            Block::Numbered(number, text) => wrap(&mut out, &plain_words(text), &format!("{number}. "), "   "),
            Block::Quote(lines) => lines.iter().for_each(|line| wrap(&mut out, line, "  | ", "  | ")),
            Block::Paragraph(lines) => lines.iter().for_each(|line| wrap(&mut out, line, "", "")),
        }
        after_list = is_list;
    }
    out
}

/// `[[CLOSE]]` → `CLOSE`.
fn plain_words(text: &str) -> String {
    text.replace("[[", "").replace("]]", "")
}

pub(super) fn wrap(out: &mut String, text: &str, first: &str, rest: &str) {
    let mut line = first.to_owned();
    let mut empty = true;
    for word in text.split_whitespace() {
        if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            out.push_str(line.trim_end());
            out.push('\n');
            rest.clone_into(&mut line);
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    out.push_str(line.trim_end());
    out.push('\n');
}

/// The HTML part: no remote content, no images, real headings and lists, readable on a phone and in the dark.
pub fn to_html(source: &str, links: &AnswerLinks) -> String {
    let mut body = String::new();
    let mut list: Option<&str> = None;
    for block in blocks(source) {
        let wanted = match block {
            Block::Bullet(_) => Some("ul"),
            Block::Numbered(..) => Some("ol"),
            Block::Heading(_) | Block::Quote(_) | Block::Paragraph(_) => None,
        };
        switch_list(&mut body, &mut list, wanted);
        match block {
            Block::Heading(text) => {
                let _ = writeln!(body, "<h2 style=\"font-size:1.05em;margin:1.2em 0 .3em\">{}</h2>", escape(text));
            }
            Block::Bullet(text) => {
                let _ = writeln!(body, "<li style=\"margin:.4em 0\">{}</li>", linked(text, "", links));
            }
            Block::Numbered(number, text) => {
                let _ = writeln!(
                    body,
                    "<li value=\"{number}\" style=\"margin:.6em 0\">{}</li>",
                    linked(text, number, links)
                );
            }
            Block::Quote(lines) => {
                let text: Vec<String> = lines.iter().map(|l| escape(l)).collect();
                let _ = writeln!(
                    body,
                    "<blockquote style=\"margin:.5em 0;padding:.2em 0 .2em .8em;border-left:3px solid #5b6b7a\">{}</blockquote>",
                    text.join("<br>\n")
                );
            }
            Block::Paragraph(lines) => {
                let text: Vec<String> = lines.iter().map(|l| escape(l)).collect();
                let _ = writeln!(body, "<p style=\"margin:.8em 0\">{}</p>", text.join("<br>\n"));
            }
        }
    }
    switch_list(&mut body, &mut list, None);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\"></head>\n<body style=\"margin:0;padding:12px;font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:1.45\">\n<div style=\"max-width:640px\">\n{body}</div>\n</body>\n</html>\n"
    )
}

fn switch_list<'a>(body: &mut String, list: &mut Option<&'a str>, wanted: Option<&'a str>) {
    if *list == wanted {
        return;
    }
    if let Some(open) = list {
        let _ = writeln!(body, "</{open}>");
    }
    if let Some(open) = wanted {
        let _ = writeln!(body, "<{open} style=\"margin:.5em 0;padding-left:1.6em\">");
    }
    *list = wanted;
}

pub(super) fn linked(text: &str, number: &str, links: &AnswerLinks) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("[[") {
        let Some((word, behind)) = after.split_once("]]") else { break };
        out.push_str(&escape(before));
        let answer = if number.is_empty() { word.to_owned() } else { format!("{number} {word}") };
        let _ = write!(
            out,
            "<a href=\"mailto:{}?subject={}&amp;body={}\" style=\"font-weight:bold;white-space:nowrap\">{}</a>",
            percent(&links.address),
            percent(&links.subject),
            percent(&answer),
            escape(word)
        );
        rest = behind;
    }
    out.push_str(&escape(rest));
    out
}

pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// RFC 3986 percent encoding for the parts of a `mailto:` (RFC 6068); `@` and `+` of an address are encoded too.
fn percent(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'@') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "Dear all,\n\n# By when\nby Monday\n\n1. an answer is here: [[CLOSE]] or [[NOT ADVICE]]\n2. another <b>\n\n> 1. quoted [[CLOSE]]\n> two\n";

    #[test]
    fn text_is_wrapped_and_complete() {
        insta::assert_snapshot!(to_text(SOURCE), @r"
        Dear all,

        By when

        by Monday

        1. an answer is here: CLOSE or NOT ADVICE
        2. another <b>

          | 1. quoted [[CLOSE]]
          | two
        ");
        let long = to_text(&"word ".repeat(60));
        assert!(long.lines().all(|l| l.len() <= WIDTH), "{long}");
    }

    #[test]
    fn html_links_the_words_of_our_own_lines_and_escapes_everything_else() {
        let links = AnswerLinks { address: "f+t@council.example".into(), subject: "Re: Today".into() };
        let html = to_html(SOURCE, &links);
        assert!(
            html.contains("mailto:f%2Bt@council.example?subject=Re%3A%20Today&amp;body=1%20NOT%20ADVICE"),
            "{html}"
        );
        assert!(html.contains("another &lt;b&gt;"));
        assert!(html.contains("quoted [[CLOSE]]"), "a quotation is never interpreted");
    }
}
