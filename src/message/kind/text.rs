//! The words of a mail in a form that phrases are compared with.

use crate::message::Message;
use crate::message::bare_subject;
use crate::message::new_text::{head, html_lines};
use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// Characters of a body that phrases are looked for in: a notice says what it is at its beginning.
const LOOKED_AT: usize = 6_000;

/// What phrases are compared with, made once a mail.
#[derive(Debug)]
pub struct Words {
    /// The subject, folded.
    pub subject: String,
    /// What the sender wrote, folded.
    pub new_text: String,
    /// The first line of it: a greeting often stands alone.
    pub first_line: String,
    /// The same up to the closing formula: below it people keep their working days and what to do when it is urgent.
    pub above_closing: String,
    /// The sentences of that, each folded; a line that is not full ends one.
    pub sentences: Vec<String>,
    /// The whole body up to an enclosed copy, folded: a delivery notice quotes what it is about.
    pub body: String,
    /// Words in `new_text`.
    pub count: usize,
    /// Something that is no decoration is attached.
    pub attached: bool,
}

impl Words {
    /// Reads them out of a mail and its new text.
    pub fn of(message: &Message, new_text: &str) -> Self {
        let plain = match (&message.text, &message.html) {
            (Some(text), _) if !text.trim().is_empty() => start(text).to_owned(),
            (_, Some(html)) => lines_of_html(html),
            (Some(text), None) => start(text).to_owned(),
            (None, None) => String::new(),
        };
        Self {
            subject: fold(bare_subject(&message.subject)),
            new_text: fold(start(new_text)),
            first_line: fold(start(new_text.trim_start().lines().next().unwrap_or_default())),
            above_closing: fold(above_closing(start(new_text))),
            sentences: sentences(above_closing(start(new_text))),
            body: fold(before_copy(&plain)),
            count: new_text.split_whitespace().map(words_in).sum(),
            attached: message.attachments.iter().any(|a| !a.inline && a.bytes > 0),
        }
    }

    /// Whether there is more than a short note: then one sign alone never makes it a machine's.
    pub fn is_substantial(&self) -> bool {
        self.attached || self.count > super::SUBSTANTIAL_WORDS
    }
}

/// Cuts at "Kind regards" alone on a line, when something stands above it.
fn above_closing(text: &str) -> &str {
    const CLOSINGS: [&str; 14] = [
        "kind regards",
        "regards",
        "best regards",
        "warm regards",
        "kindest regards",
        "with kind regards",
        "best wishes",
        "with best wishes",
        "many thanks",
        "thanks",
        "yours sincerely",
        "yours faithfully",
        "mit freundlichen grüßen",
        "cordialement",
    ];
    let mut place = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim().trim_end_matches([',', '.', '!']).to_lowercase();
        if place > 0 && CLOSINGS.contains(&bare.as_str()) {
            return text.split_at_checked(place).map_or(text, |(above, _)| above);
        }
        place += line.len();
    }
    text
}

/// Characters above which a line was broken by a program and its sentence goes on below.
const FULL_LINE: usize = 50;

/// The sentences of a text, folded.
fn sentences(text: &str) -> Vec<String> {
    let mut whole = String::with_capacity(text.len());
    for line in text.lines().map(str::trim) {
        whole.push_str(line);
        whole.push_str(if line.chars().count() < FULL_LINE { "\n" } else { " " });
    }
    let ends = |piece: &str| piece.ends_with(['.', '!', '?', ';']);
    let mut sentences = vec![String::new()];
    for piece in whole.split_inclusive([' ', '\n']) {
        let Some(current) = sentences.last_mut() else { break };
        current.push_str(piece);
        if piece.ends_with('\n') || ends(piece.trim_end()) {
            sentences.push(String::new());
        }
    }
    sentences.iter().map(|one| fold(one)).filter(|one| !one.is_empty()).collect()
}

/// Scripts without spaces have about two characters a word.
fn words_in(piece: &str) -> usize {
    let unspaced = piece.chars().filter(|c| matches!(c, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}')).count();
    (unspaced / 2).max(usize::from(piece.chars().any(char::is_alphanumeric)))
}

/// Lower case, without accents, white space as one space, straight apostrophes.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        // Most mail is ASCII, which has nothing to decompose.
        if c.is_ascii() {
            push_folded(&mut out, c.to_ascii_lowercase());
            continue;
        }
        // Hangul and kana would fall apart into pieces that no phrase is written in.
        if matches!(c, '\u{3040}'..='\u{30FF}' | '\u{AC00}'..='\u{D7A3}') {
            out.push(c);
            continue;
        }
        decompose_compatible(c, |piece| {
            if !is_combining_mark(piece) {
                piece.to_lowercase().for_each(|lower| push_folded(&mut out, lower));
            }
        });
    }
    out.truncate(out.trim_end().len());
    out
}

fn push_folded(out: &mut String, c: char) {
    match c {
        'a'..='z' | '0'..='9' => out.push(c),
        '\u{2018}' | '\u{2019}' | '\u{02BC}' | '`' | '\u{B4}' => out.push('\''),
        '\u{2010}'..='\u{2015}' => out.push('-'),
        'ß' => out.push_str("ss"),
        'ø' => out.push('o'),
        'ł' => out.push('l'),
        'æ' => out.push_str("ae"),
        'ı' => out.push('i'),
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{FEFF}' => {}
        c if c.is_whitespace() || c == '*' => {
            if !out.ends_with(' ') && !out.is_empty() {
                out.push(' ');
            }
        }
        c => out.push(c),
    }
}

fn start(text: &str) -> &str {
    text.char_indices().nth(LOOKED_AT).map_or(text, |(place, _)| text.split_at_checked(place).map_or(text, |(a, _)| a))
}

/// Cuts at the copy of the mail that a notice is about: it is not the notice that speaks there.
fn before_copy(text: &str) -> &str {
    const MARKS: [&str; 9] = [
        "this is a copy of",
        "copy of your message",
        "copy of the message",
        "below this line",
        "original message follows",
        "original message headers",
        "unsent message",
        "returned message",
        "----- original message -----",
    ];
    let mut place = 0;
    for line in text.split_inclusive('\n') {
        let lower = line.trim().to_lowercase();
        let marked = lower.len() < 100 && place > 0 && MARKS.iter().any(|mark| lower.contains(mark));
        if marked || lower.starts_with("received: from ") || lower.starts_with("return-path: <") {
            return text.split_at_checked(place).map_or(text, |(before, _)| before);
        }
        place += line.len();
    }
    text
}

/// HTML as lines, as far as phrases are looked for.
fn lines_of_html(html: &str) -> String {
    let lines = html_lines(head(html, LOOKED_AT * 16));
    start(&lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n")).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    #[test]
    fn case_accents_and_typography_do_not_matter() {
        for (text, expected) in [
            ("  Automatic\u{a0}\u{a0}REPLY \n", "automatic reply"),
            ("Zustellung verz\u{f6}gert, Stra\u{df}e", "zustellung verzogert, strasse"),
            ("I\u{2019}m a\u{300} \u{fb01}ne \u{2013} \u{200b}*ok*", "i'm a fine - ok"),
        ] {
            assert_eq!(fold(text), expected, "{text}");
        }
    }

    #[test]
    fn syllables_of_hangul_and_kana_stay_whole() {
        assert_eq!(fold("자동 회신 送信できません"), "자동 회신 送信できません");
    }

    proptest! {
        #[test]
        fn to_fold_each_character_is_to_fold_the_whole(text in "(?s)[^\u{3040}-\u{30FF}\u{AC00}-\u{D7A3}]{0,60}") {
            let mut whole = String::new();
            let pieces = text.nfkd().filter(|c| !is_combining_mark(*c));
            pieces.flat_map(char::to_lowercase).for_each(|c| push_folded(&mut whole, c));
            prop_assert_eq!(fold(&text), whole.trim_end());
        }
    }
}
