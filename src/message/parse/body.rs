//! What the mail says: its plain and its HTML body, each either whole or absent.
//!
//! A mail in several pieces (text, picture, text; or HTML with a plain footer of a list server) is joined. A
//! plain body that lacked what stands only in HTML would lose the sender's words: then there is no plain body,
//! and the HTML holds everything.

use super::flowed::{DelSp, unflow};
use super::tree::{Leaf, Node, Tree};
use super::{Faults, MAX_TEXT_BYTES, words};
use crate::message::{Message, Part};

/// Fills `text` and `html` and marks the leaves that they come from.
pub fn read(message: &mut Message, tree: &mut Tree, faults: &mut Faults) {
    mark(tree);
    let view = view(&tree.root, &tree.leaves);
    message.text = view.text.map(|text| bounded(text, faults));
    message.html = view.html.map(|html| bounded(html, faults));
}

/// Bodies are the text leaves that nobody attached: without a file name, unless there is no other.
fn mark(tree: &mut Tree) {
    let mut seen = false;
    let only = tree.leaves.len() == 1;
    for leaf in &mut tree.leaves {
        let part = &leaf.part;
        let text = matches!(part.content_type.as_str(), "text/plain" | "text/html" | "text/enriched" | "text/richtext");
        let attached = part.disposition.as_deref() == Some("attachment") && !only;
        let named = part.name.is_some() && seen;
        // What a report returns of the original is not what the mail says.
        let returned = leaf.container == "report" && !leaf.first;
        leaf.is_body = (text && !attached && !named && !returned) || (only && part.content_type.starts_with("text/"));
        seen |= leaf.is_body;
    }
}

#[derive(Default)]
struct View {
    text: Option<String>,
    html: Option<String>,
}

impl View {
    fn is_empty(&self) -> bool {
        self.text.is_none() && self.html.is_none()
    }
}

fn view(node: &Node, leaves: &[Leaf]) -> View {
    match node {
        Node::Leaf(index) => {
            leaves.get(*index).filter(|leaf| leaf.is_body).map(|leaf| of(&leaf.part)).unwrap_or_default()
        }
        Node::Multi(subtype, children) => {
            let views = children.iter().map(|child| view(child, leaves)).filter(|view| !view.is_empty());
            if subtype == "alternative" { either(views) } else { joined(views.collect()) }
        }
    }
}

fn either(views: impl Iterator<Item = View>) -> View {
    views.fold(View::default(), |a, b| View { text: a.text.or(b.text), html: a.html.or(b.html) })
}

fn joined(views: Vec<View>) -> View {
    let all_text = views.iter().all(|view| view.text.is_some());
    let any_html = views.iter().any(|view| view.html.is_some());
    let mut whole = View::default();
    for view in views {
        if any_html {
            let html = view.html.unwrap_or_else(|| as_html(view.text.as_deref().unwrap_or_default()));
            append(&mut whole.html, html);
        }
        if let Some(text) = view.text.filter(|_| all_text) {
            append(&mut whole.text, text);
        }
    }
    whole
}

fn append(whole: &mut Option<String>, piece: String) {
    match whole {
        None => *whole = Some(piece),
        Some(whole) => {
            if !whole.ends_with('\n') {
                whole.push('\n');
            }
            whole.push_str(&piece);
        }
    }
}

fn of(part: &Part) -> View {
    let parameter = |name: &str| part.parameters.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
    let text = words::charset(parameter("charset").unwrap_or_default(), start(&part.body));
    let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "");
    if part.content_type == "text/html" {
        return View { text: None, html: Some(text) };
    }
    let flowed = parameter("format").is_some_and(|format| format.eq_ignore_ascii_case("flowed"));
    let delsp = parameter("delsp").is_some_and(|delsp| delsp.eq_ignore_ascii_case("yes"));
    let delsp = if delsp { DelSp::Yes } else { DelSp::No };
    View { text: Some(if flowed { unflow(&text, delsp) } else { text }), html: None }
}

/// Whole lines up to the bound, and one more line, so that `bounded` sees that there was more.
fn start(body: &[u8]) -> &[u8] {
    let Some((head, rest)) = body.split_at_checked(MAX_TEXT_BYTES) else { return body };
    let line =
        rest.iter().take(MAX_TEXT_BYTES).position(|&b| b == b'\n').map_or(rest.len().min(MAX_TEXT_BYTES), |p| p + 1);
    body.get(..head.len() + line).unwrap_or(body)
}

fn as_html(text: &str) -> String {
    format!("<pre>{}</pre>", text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"))
}

fn bounded(mut text: String, faults: &mut Faults) -> String {
    if text.len() > MAX_TEXT_BYTES {
        faults.note(format!("the text is longer than {MAX_TEXT_BYTES} bytes: cut"));
        let mut end = MAX_TEXT_BYTES;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
    }
    text
}
