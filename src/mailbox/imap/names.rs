//! Folder names and UID sets as IMAP writes them. Pure.

use data_encoding::{BASE64, BASE64_NOPAD};

/// Modified UTF-7 (RFC 3501 5.1.3): printable ASCII as it is, `&` as `&-`, all else as `&…-` of UTF-16 in base64.
pub(in crate::mailbox) fn modified_utf7(name: &str) -> String {
    let mut encoded = String::with_capacity(name.len());
    let mut foreign: Vec<u8> = Vec::new();
    for letter in name.chars() {
        if matches!(letter, ' '..='~') {
            close_run(&mut encoded, &mut foreign);
            encoded.push(letter);
            if letter == '&' {
                encoded.push('-');
            }
        } else {
            let mut units = [0_u16; 2];
            foreign.extend(letter.encode_utf16(&mut units).iter().flat_map(|unit| unit.to_be_bytes()));
        }
    }
    close_run(&mut encoded, &mut foreign);
    encoded
}

fn close_run(encoded: &mut String, foreign: &mut Vec<u8>) {
    if !foreign.is_empty() {
        encoded.push('&');
        encoded.push_str(&BASE64_NOPAD.encode(foreign).replace('/', ","));
        encoded.push('-');
        foreign.clear();
    }
}

/// A quoted string (RFC 3501 4.3); `None` for what only a literal could carry.
pub(super) fn quoted(text: &str) -> Option<String> {
    let fits = text.bytes().all(|byte| matches!(byte, 1..=0x7f) && byte != b'\r' && byte != b'\n');
    fits.then(|| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}

/// `1:3,7` of ascending UIDs.
pub(super) fn uid_set(uids: &[u32]) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for uid in uids.iter().copied() {
        match runs.last_mut() {
            Some((_, end)) if end.checked_add(1) == Some(uid) => *end = uid,
            _ => runs.push((uid, uid)),
        }
    }
    let written = runs.iter().map(|(from, to)| if from == to { from.to_string() } else { format!("{from}:{to}") });
    written.collect::<Vec<_>>().join(",")
}

/// Base64 as SASL exchanges it.
pub(super) fn base64(text: &str) -> String {
    BASE64.encode(text.as_bytes())
}

/// What a SASL challenge says, where it is text.
pub(super) fn from_base64(text: &str) -> Option<String> {
    String::from_utf8(BASE64.decode(text.trim().as_bytes()).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folder_names_are_modified_utf7() {
        for (name, encoded) in [
            ("Junk Email", "Junk Email"),
            ("Post & Parcels", "Post &- Parcels"),
            ("Gelöscht", "Gel&APY-scht"),
            ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
            ("😀", "&2D3eAA-"),
            ("tab\there", "tab&AAk-here"),
            ("a\r\nb", "a&AA0ACg-b"),
            ("", ""),
        ] {
            assert_eq!(modified_utf7(name), encoded, "{name:?}");
        }
    }

    #[test]
    fn a_quoted_string_cannot_be_left() {
        for (text, expected) in [
            ("INBOX", Some(r#""INBOX""#)),
            (r#"a"b\c"#, Some(r#""a\"b\\c""#)),
            ("a\r\nb", None),
            ("ü", None),
            ("a\0", None),
        ] {
            assert_eq!(quoted(text).as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn uid_sets_use_ranges() {
        for (uids, expected) in [
            (&[] as &[u32], ""),
            (&[7], "7"),
            (&[1, 2, 3, 5, 7, 8], "1:3,5,7:8"),
            (&[u32::MAX - 1, u32::MAX], "4294967294:4294967295"),
        ] {
            assert_eq!(uid_set(uids), expected);
        }
    }
}
