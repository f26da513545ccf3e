//! Header text: unfolding, encoded words (RFC 2047) and character sets, without ever refusing any.

use super::decode::{base64, quoted_word};

/// Joins the folds of a value and drops control characters; UTF-8 if it is, else Windows-1252.
pub fn unfold(raw: &[u8]) -> String {
    let text = charset("utf-8", raw);
    let mut unfolded = String::with_capacity(text.len());
    for line in text.split(['\n', '\r']).filter(|line| !line.trim().is_empty()) {
        if !unfolded.is_empty() && !unfolded.ends_with(' ') {
            unfolded.push(' ');
        }
        unfolded.extend(line.trim_start().chars().filter(|c| !c.is_control() || *c == '\t'));
    }
    unfolded.trim().to_owned()
}

/// Decodes encoded words anywhere in a text, also inside quotes, where clients put them against RFC 2047 5.
///
/// Space between two of them falls away; neighbours in one character set are joined before they are decoded,
/// for some clients split a character between two words. What is no encoded word stays as written.
pub fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut held: Option<(String, Vec<u8>)> = None;
    let mut rest = text;
    while let Some(start) = rest.find("=?") {
        let (before, from) = rest.split_at_checked(start).unwrap_or((rest, ""));
        let gap_is_nothing = held.is_some() && before.chars().all(char::is_whitespace);
        let Some((set, bytes, behind)) = word(from) else {
            flush(&mut out, &mut held);
            out.push_str(before);
            out.push_str("=?");
            rest = from.strip_prefix("=?").unwrap_or_default();
            continue;
        };
        if !gap_is_nothing {
            flush(&mut out, &mut held);
            out.push_str(before);
        }
        match &mut held {
            Some((held_set, held_bytes)) if held_set.eq_ignore_ascii_case(set) => held_bytes.extend(bytes),
            _ => {
                flush(&mut out, &mut held);
                held = Some((set.to_owned(), bytes));
            }
        }
        rest = behind;
    }
    flush(&mut out, &mut held);
    out.push_str(rest);
    out.retain(|c| !c.is_control() || c == '\t');
    out
}

fn flush(out: &mut String, held: &mut Option<(String, Vec<u8>)>) {
    if let Some((set, bytes)) = held.take() {
        out.push_str(&charset(&set, &bytes));
    }
}

/// Longest encoded word that is looked for: RFC 2047 says 75, clients write whole subjects into one.
const MAX_WORD: usize = 2_048;

/// Reads one encoded word at the start: its character set, its bytes and the text behind it.
fn word(text: &str) -> Option<(&str, Vec<u8>, &str)> {
    let (set, rest) = text.strip_prefix("=?")?.split_once('?').filter(|(set, _)| is_label(set))?;
    let (encoding, rest) = rest.split_once('?').filter(|(encoding, _)| encoding.len() == 1)?;
    let mut limit = rest.len().min(MAX_WORD);
    while !rest.is_char_boundary(limit) {
        limit -= 1;
    }
    let end = rest.get(..limit)?.find("?=")?;
    let (payload, behind) = (rest.get(..end)?, rest.get(end + 2..)?);
    let bytes = match encoding {
        "B" | "b" => base64(payload.as_bytes(), usize::MAX).bytes,
        "Q" | "q" => quoted_word(payload.as_bytes()),
        _ => return None,
    };
    // RFC 2231 5 lets a language follow the character set: "utf-8*en".
    Some((set.split('*').next().unwrap_or(set), bytes, behind))
}

fn is_label(set: &str) -> bool {
    (1..=40).contains(&set.len()) && set.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:+*".contains(&b))
}

/// Decodes bytes by the name of their character set; unknown and missing ones are read as UTF-8 when they are
/// valid, else as Windows-1252, which has a character for every byte.
pub fn charset(label: &str, bytes: &[u8]) -> String {
    let label = label.trim().to_ascii_lowercase();
    let ascii = matches!(label.as_str(), "" | "us-ascii" | "ascii" | "utf-8" | "utf8" | "unknown-8bit");
    if !ascii
        && is_known(&label)
        && let Some(text) = by_mailparse(&label, bytes)
    {
        return text;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.strip_prefix('\u{FEFF}').unwrap_or(text).to_owned(),
        Err(_) if is_damaged_utf8(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Err(_) => by_mailparse("windows-1252", bytes).unwrap_or_else(|| String::from_utf8_lossy(bytes).into_owned()),
    }
}

/// One bad byte in a UTF-8 text (a cut, a bad gateway) must not turn every umlaut into two characters.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad
}

/// Whether `mailparse` knows the character set: it leaves an encoded word in an unknown one as it stands.
fn is_known(label: &str) -> bool {
    if !is_label(label) || label.starts_with("utf-16") {
        return is_label(label);
    }
    let probe = format!("X: =?{label}?Q?a?=");
    mailparse::parse_header(probe.as_bytes()).is_ok_and(|(header, _)| header.get_value() == "a")
}

/// `mailparse` opens its character sets only through a whole mail.
fn by_mailparse(label: &str, bytes: &[u8]) -> Option<String> {
    let mut mail = format!("Content-Type: text/plain; charset=\"{label}\"\r\n\r\n").into_bytes();
    mail.extend_from_slice(bytes);
    mailparse::parse_mail(&mail).ok()?.get_body().ok()
}
