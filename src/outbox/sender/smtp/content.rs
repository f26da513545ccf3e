//! The bytes of a mail on the wire: the last check of their form, and the dots (RFC 5321 4.5.2).

use std::borrow::Cow;

/// RFC 5321 4.5.3.1.6, without the CRLF.
const LONGEST_LINE: usize = 998;

/// What makes bytes unfit to be sent, if anything does. A bare CR or LF is where servers disagree about the end
/// of a mail, so that a second one can be smuggled in; it is refused, not repaired, as the bytes are final.
pub(super) fn flaw(bytes: &[u8]) -> Option<&'static str> {
    if bytes.is_empty() {
        return Some("the mail is empty");
    }
    for line in bytes.split_inclusive(|&b| b == b'\n') {
        let text = match line.strip_suffix(b"\r\n") {
            Some(text) => text,
            None if line.ends_with(b"\n") => return Some("the mail holds a line feed without a carriage return"),
            None => line,
        };
        if text.len() > LONGEST_LINE {
            return Some("the mail holds a line of more than 998 bytes");
        }
        if text.iter().any(|&b| b == b'\r' || b == 0) {
            return Some("the mail holds a bare carriage return or a NUL");
        }
    }
    None
}

/// The text with its dots doubled where a line begins with one, ending in CRLF; without the final dot.
pub(super) fn text(bytes: &[u8]) -> Cow<'_, [u8]> {
    let dotted = bytes.starts_with(b".") || bytes.windows(3).any(|window| window == b"\r\n.");
    if !dotted && bytes.ends_with(b"\r\n") {
        return Cow::Borrowed(bytes);
    }
    let mut out = Vec::with_capacity(bytes.len() + 64);
    for line in bytes.split_inclusive(|&b| b == b'\n') {
        if line.starts_with(b".") {
            out.push(b'.');
        }
        out.extend_from_slice(line);
    }
    if !out.ends_with(b"\r\n") {
        out.extend_from_slice(b"\r\n");
    }
    Cow::Owned(out)
}

/// Ends the text, which ended in CRLF.
pub(super) const FINAL_DOT: &[u8] = b".\r\n";

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_clean_lines_go_out() {
        let check = |bytes: &[u8], word: Option<&str>| {
            let found = flaw(bytes);
            assert_eq!(found.is_some(), word.is_some(), "{bytes:?}: {found:?}");
            assert!(found.zip(word).is_none_or(|(found, word)| found.contains(word)), "{bytes:?}: {found:?}");
        };
        check(b"A: b\r\n\r\ntext\r\n", None);
        check(b"A: b\r\n\r\nno line end at the end", None);
        check(b"", Some("empty"));
        check(b"A: b\r\n\r\nx\n.\r\nMAIL FROM:<>\r\n", Some("line feed"));
        check(b"A: b\r\n\r\nx\r.\r\n", Some("carriage return"));
        check(b"A: b\r\n\r\n\0\r\n", Some("NUL"));
        check(&[b'a'; 998], None);
        check(&[b'a'; 999], Some("998"));
    }

    #[test]
    fn a_leading_dot_is_doubled_and_nothing_else_changes() {
        let check = |bytes: &[u8], expected: &[u8]| assert_eq!(text(bytes).as_ref(), expected);
        check(b"a\r\nb\r\n", b"a\r\nb\r\n");
        check(b".\r\n..\r\nx.y\r\n", b"..\r\n...\r\nx.y\r\n");
        check(b"a\r\n.", b"a\r\n..\r\n");
    }

    proptest! {
        #[test]
        fn a_server_reads_back_the_same_lines_and_meets_no_early_end(lines in prop::collection::vec("[.a ]{0,4}", 1..8)) {
            let bytes = lines.iter().map(|line| format!("{line}\r\n")).collect::<String>();
            let wire = text(bytes.as_bytes());
            let sent = std::str::from_utf8(&wire).unwrap();
            prop_assert!(!sent.starts_with(".\r\n") && !sent.contains("\r\n.\r\n"));
            let read: String = sent.split_inclusive("\r\n").map(|line| line.strip_prefix('.').unwrap_or(line)).collect();
            prop_assert_eq!(read, bytes);
        }
    }
}
