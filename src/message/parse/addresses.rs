//! Address lists as people's programs really write them (RFC 5322 3.4 and worse).

use super::words;
use crate::core::id::Address;
use crate::message::Mailbox;

/// Most addresses that are read of one header.
const MAX_MAILBOXES: usize = 2_000;

/// Reads every mailbox of an unfolded header value whose encoded words are not yet decoded.
///
/// Groups, comments, quoted commas, bare addresses and names with stray commas are tolerated; what holds no
/// address is left out.
pub fn mailboxes(text: &str) -> Vec<Mailbox> {
    split(text).into_iter().filter_map(|piece| mailbox(&piece)).take(MAX_MAILBOXES).collect()
}

/// One entry of the list, taken apart.
#[derive(Default)]
struct Piece {
    /// What stands outside of brackets and comments.
    outside: String,
    /// What stands in the last angle brackets.
    inside: Option<String>,
    /// The last comment: the name in the old form `ann@x (Ann Lee)`.
    comment: String,
}

impl Piece {
    fn has_address(&self) -> bool {
        self.inside.is_some() || self.outside.contains('@')
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Outside,
    Quoted,
    Brackets,
    Comment(usize),
}

fn split(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut piece = Piece::default();
    let mut place = Place::Outside;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (place, c) {
            (Place::Quoted | Place::Comment(_), '\\') => {
                let literal = chars.next().unwrap_or('\\');
                if place == Place::Quoted { &mut piece.outside } else { &mut piece.comment }.push(literal);
            }
            (Place::Outside, '"') => place = Place::Quoted,
            (Place::Quoted, '"') => place = Place::Outside,
            (Place::Outside, '(') => (place, piece.comment) = (Place::Comment(1), String::new()),
            (Place::Comment(depth), '(') => place = Place::Comment(depth + 1),
            (Place::Comment(1), ')') => place = Place::Outside,
            (Place::Comment(depth), ')') => place = Place::Comment(depth - 1),
            (Place::Outside, '<') => (place, piece.inside) = (Place::Brackets, Some(String::new())),
            (Place::Brackets, '>') => place = Place::Outside,
            // "Lee, Ann <ann@x>" without quotes: a comma ends an entry only when it has an address.
            (Place::Outside, ',' | ';') if piece.has_address() => pieces.push(std::mem::take(&mut piece)),
            (Place::Outside, ':') if !piece.outside.contains(['@', '[']) => piece = Piece::default(),
            (Place::Outside, ';') => piece = Piece::default(),
            (Place::Outside | Place::Quoted, c) => piece.outside.push(c),
            (Place::Brackets, c) => piece.inside.get_or_insert_default().push(c),
            (Place::Comment(_), c) => piece.comment.push(c),
        }
    }
    // An unclosed quote or comment swallowed the rest: what it holds is looked at as if it were outside.
    if matches!(place, Place::Comment(_)) && !piece.has_address() {
        piece.outside.push(' ');
        piece.outside.push_str(&std::mem::take(&mut piece.comment));
    }
    if place == Place::Quoted
        && piece.inside.is_none()
        && let Some((name, rest)) = piece.outside.clone().split_once('<')
    {
        piece.inside = Some(rest.trim_end_matches('>').to_owned());
        piece.outside = name.to_owned();
    }
    pieces.push(piece);
    pieces
}

fn mailbox(piece: &Piece) -> Option<Mailbox> {
    let bracketed = piece.inside.as_deref().and_then(address);
    let from_brackets = bracketed.is_some();
    let address = bracketed.or_else(|| piece.outside.split_whitespace().rev().find_map(address))?;
    let name = if from_brackets { &piece.outside } else { &piece.comment };
    let name = words::decode(name.trim().trim_matches('\'').trim());
    let name = Some(name.trim().to_owned()).filter(|name| !name.is_empty());
    Some(Mailbox { name, address })
}

/// Reads an address, with a source route (`@a,@b:ann@x`, RFC 5322 4.4), `mailto:` or quotes around it.
fn address(text: &str) -> Option<Address> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let text = text.strip_prefix("mailto:").unwrap_or(&text);
    let text = if text.starts_with('@') { text.split_once(':').map_or(text, |(_, rest)| rest) } else { text };
    Address::parse(text.trim_matches(['"', '\'', '<', '>', ',', ';', '.']))
}
