//! The MIME tree: multiparts are opened, leaves decoded and kept up to a bound. Enclosed messages stay whole.

use super::parameters::Parameters;
use super::{Faults, Fields, MAX_DEPTH, MAX_KEPT_BYTES, MAX_PART_BYTES, MAX_PARTS, decode, fields};
use crate::message::Part;

/// Lines that could be boundaries and are looked at; each level of nesting looks at all of them.
const MAX_DELIMITERS: usize = 100_000;

/// A mail's parts and how they hang together.
#[derive(Debug)]
pub struct Tree {
    /// The top of the tree.
    pub root: Node,
    /// All leaves in order.
    pub leaves: Vec<Leaf>,
}

/// A multipart with its children, or a leaf by its place in [`Tree::leaves`].
#[derive(Debug)]
pub enum Node {
    /// A part that is not opened further.
    Leaf(usize),
    /// "mixed", "alternative", "related", … and what it holds.
    Multi(String, Vec<Node>),
}

/// A leaf with what is needed to tell its part in the mail.
#[derive(Debug)]
pub struct Leaf {
    /// The part itself.
    pub part: Part,
    /// Subtype of the multipart around it; empty for the only part of a mail.
    pub container: String,
    /// Whether it is the first child of that multipart.
    pub first: bool,
    /// Whether the body of the mail shows it; set by `body`.
    pub is_body: bool,
}

impl Tree {
    /// The parts in order.
    pub fn into_parts(self) -> Vec<Part> {
        self.leaves.into_iter().map(|leaf| leaf.part).collect()
    }
}

/// Walks the body of a mail with these header fields.
pub fn walk(fields: &Fields<'_>, body: &[u8], faults: &mut Faults) -> Tree {
    let mut walker = Walker { body, delimiters: delimiters(body, faults), leaves: Vec::new(), kept: 0, faults };
    let place = Place { start: 0, end: body.len(), depth: 0, container: "", first: true, around: "" };
    let root = walker.node(fields, &place);
    Tree { root, leaves: walker.leaves }
}

/// Every line that starts with `--`: start and end without the line end.
fn delimiters(body: &[u8], faults: &mut Faults) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut place = 0;
    for line in body.split_inclusive(|&b| b == b'\n') {
        if line.starts_with(b"--") {
            if found.len() == MAX_DELIMITERS {
                faults.note(format!("more than {MAX_DELIMITERS} lines that could be boundaries: the rest is text"));
                break;
            }
            found.push((place, place + line.trim_ascii_end().len()));
        }
        place += line.len();
    }
    found
}

/// Where a part stands.
struct Place<'p> {
    start: usize,
    end: usize,
    depth: usize,
    container: &'p str,
    first: bool,
    /// Boundary of the multipart around it.
    around: &'p str,
}

struct Walker<'a, 'f> {
    body: &'a [u8],
    delimiters: Vec<(usize, usize)>,
    leaves: Vec<Leaf>,
    kept: usize,
    faults: &'f mut Faults,
}

impl Walker<'_, '_> {
    fn node(&mut self, fields: &Fields<'_>, place: &Place<'_>) -> Node {
        let mut content_type = Parameters::of(fields, "content-type");
        if !content_type.value.contains('/') {
            content_type.value = default_type(place).to_owned();
        }
        let Some(subtype) = content_type.value.strip_prefix("multipart/").map(str::to_owned) else {
            return self.leaf(fields, content_type, place);
        };
        if place.depth >= MAX_DEPTH {
            self.faults.note(format!("nested deeper than {MAX_DEPTH}: not opened further"));
            return self.leaf(fields, content_type, place);
        }
        let Some((boundary, parts)) = self.split(&content_type, place) else {
            self.faults.note("multipart without its boundary");
            content_type.value = "text/plain".to_owned();
            return self.leaf(fields, content_type, place);
        };
        self.children(subtype, &boundary, &parts, place.depth + 1)
    }

    fn children(&mut self, subtype: String, boundary: &str, parts: &[(usize, usize)], depth: usize) -> Node {
        let mut subtype = subtype;
        let mut children = Vec::new();
        for (index, &(start, end)) in parts.iter().enumerate() {
            if self.leaves.len() >= MAX_PARTS {
                self.faults.note(format!("more than {MAX_PARTS} parts: the rest is not read"));
                break;
            }
            let body = self.body;
            let (fields, offset) = part_fields(body.get(start..end).unwrap_or_default(), self.faults);
            let first = index == 0;
            let place = Place { start: start + offset, end, depth, container: &subtype, first, around: boundary };
            match self.node(&fields, &place) {
                // A multipart with the boundary of the one around it: its parts follow as its brothers.
                Node::Multi(inner, inner_children) if inner_children.is_empty() && first => subtype = inner,
                child @ (Node::Leaf(_) | Node::Multi(..)) => children.push(child),
            }
        }
        Node::Multi(subtype, children)
    }

    /// The boundary that is used and the parts between; `None` when there is none.
    fn split(&self, content_type: &Parameters, place: &Place<'_>) -> Option<(String, Vec<(usize, usize)>)> {
        let stated = content_type.get("boundary").map(|b| b.trim_end().to_owned());
        if let Some(boundary) = &stated {
            let parts = self.between(boundary, place);
            if !parts.is_empty() || boundary == place.around {
                return Some((boundary.clone(), parts));
            }
        }
        let boundary = self.guess(place)?;
        let parts = self.between(&boundary, place);
        (!parts.is_empty()).then_some((boundary, parts))
    }

    /// What stands between the lines of this boundary. A missing end boundary ends with the part around.
    fn between(&self, boundary: &str, place: &Place<'_>) -> Vec<(usize, usize)> {
        let mut parts = Vec::new();
        let mut open: Option<usize> = None;
        for &(start, end) in self.inside(place) {
            let Some(rest) = self.body.get(start + 2..end).and_then(|line| line.strip_prefix(boundary.as_bytes()))
            else {
                continue;
            };
            if !rest.is_empty() && !rest.starts_with(b"--") && !rest.starts_with(b" ") {
                continue;
            }
            if let Some(from) = open.take() {
                parts.push((from, before_line_end(self.body, from, start)));
            }
            if rest.starts_with(b"--") {
                return parts;
            }
            open = Some(after_line_end(self.body, end).min(place.end));
        }
        if let Some(from) = open {
            parts.push((from, place.end));
        }
        parts
    }

    /// The first line that looks like a boundary: `--something` with a `Content-` header behind it.
    fn guess(&self, place: &Place<'_>) -> Option<String> {
        let is_boundary = |&&(_, end): &&(usize, usize)| {
            let behind = self.body.get(after_line_end(self.body, end)..).unwrap_or_default();
            behind.get(..8).is_some_and(|start| start.eq_ignore_ascii_case(b"content-"))
        };
        let &(start, end) = self.inside(place).iter().find(is_boundary)?;
        let line = self.body.get(start + 2..end)?;
        std::str::from_utf8(line).ok().filter(|line| !line.is_empty()).map(str::to_owned)
    }

    fn inside(&self, place: &Place<'_>) -> &[(usize, usize)] {
        let from = self.delimiters.partition_point(|&(start, _)| start < place.start);
        let to = self.delimiters.partition_point(|&(_, end)| end <= place.end);
        self.delimiters.get(from..to).unwrap_or_default()
    }

    fn leaf(&mut self, fields: &Fields<'_>, content_type: Parameters, place: &Place<'_>) -> Node {
        let raw = self.body.get(place.start..place.end).unwrap_or_default();
        let encoding =
            fields.first("content-transfer-encoding").map(|f| super::parameters::without_comments(&f.text()));
        let keep = MAX_PART_BYTES.min(MAX_KEPT_BYTES.saturating_sub(self.kept));
        let decoded = decode::transfer(&encoding.unwrap_or_default(), raw, keep);
        if decoded.damaged {
            self.faults.note("a transfer encoding is damaged");
        }
        if decoded.bytes.len() < decoded.size {
            self.faults.note(format!("a part is larger than {keep} bytes: the rest is not kept"));
        }
        self.kept += decoded.bytes.len();
        let disposition = Parameters::of(fields, "content-disposition");
        let name = disposition.get("filename").or_else(|| content_type.get("name")).map(file_name);
        let part = Part {
            name,
            content_id: fields.first("content-id").map(|f| f.text().trim_matches(['<', '>', ' ']).to_owned()),
            disposition: Some(disposition.value).filter(|value| !value.is_empty()),
            content_type: content_type.value,
            parameters: content_type.list,
            size: decoded.size,
            body: decoded.bytes,
            depth: place.depth,
        };
        self.leaves.push(Leaf { part, container: place.container.to_owned(), first: place.first, is_body: false });
        Node::Leaf(self.leaves.len() - 1)
    }
}

/// RFC 2045 5.2, RFC 2046 5.1.5.
fn default_type(place: &Place<'_>) -> &'static str {
    if place.container == "digest" { "message/rfc822" } else { "text/plain" }
}

/// The header of a part; unlike a mail, a part may start with its empty line and have none.
fn part_fields<'a>(part: &'a [u8], faults: &mut Faults) -> (Fields<'a>, usize) {
    let blank = if part.starts_with(b"\r\n") { 2 } else { usize::from(part.starts_with(b"\n")) };
    if blank > 0 {
        return (Fields::default(), blank);
    }
    fields::split(part, faults)
}

/// A name without the path that some clients put before it.
fn file_name(name: &str) -> String {
    name.rsplit(['/', '\\']).next().unwrap_or(name).trim().chars().filter(|c| !c.is_control()).collect()
}

/// The line end before a boundary belongs to the boundary (RFC 2046 5.1.1).
fn before_line_end(body: &[u8], from: usize, start: usize) -> usize {
    let part = body.get(from..start).unwrap_or_default();
    let part = part.strip_suffix(b"\n").unwrap_or(part);
    from + part.strip_suffix(b"\r").unwrap_or(part).len()
}

fn after_line_end(body: &[u8], end: usize) -> usize {
    let rest = body.get(end..).unwrap_or_default();
    end + rest.iter().position(|&b| b == b'\n').map_or(rest.len(), |place| place + 1)
}
