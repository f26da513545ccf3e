//! Transfer encodings, read leniently: foreign characters are passed over, a cut end costs its last bytes.

/// Decoded bytes up to a bound, and how many there would have been.
#[derive(Debug, Default)]
pub struct Decoded {
    /// At most `keep` bytes.
    pub bytes: Vec<u8>,
    /// All of them, counted.
    pub size: usize,
    /// Something in the input did not belong there.
    pub damaged: bool,
}

impl Decoded {
    fn with_room(input: usize, keep: usize) -> Self {
        Self { bytes: Vec::with_capacity(input.min(keep)), size: 0, damaged: false }
    }

    fn push(&mut self, byte: u8, keep: usize) {
        if self.bytes.len() < keep {
            self.bytes.push(byte);
        }
        self.size += 1;
    }
}

/// Reads a `Content-Transfer-Encoding`; unknown ones are read as they stand (RFC 2045 6.2 wants them refused,
/// but the words in them would be lost).
pub fn transfer(encoding: &str, body: &[u8], keep: usize) -> Decoded {
    match encoding.trim().trim_matches('"').to_ascii_lowercase().as_str() {
        "base64" => base64(body, keep),
        "quoted-printable" => quoted_printable(body, keep),
        "" | "7bit" | "8bit" | "binary" => plain(body, keep, false),
        "x-uuencode" | "x-uue" | "uuencode" => plain(body, keep, false),
        _ => plain(body, keep, true),
    }
}

fn plain(body: &[u8], keep: usize, damaged: bool) -> Decoded {
    Decoded { bytes: body.get(..keep).unwrap_or(body).to_vec(), size: body.len(), damaged }
}

/// Base64 (RFC 2045 6.8): anything outside the alphabet is passed over; padding ends a quantum, not the data,
/// for some gateways paste several encodings behind each other.
pub fn base64(input: &[u8], keep: usize) -> Decoded {
    let mut out = Decoded::with_room(input.len() / 4 * 3 + 3, keep);
    let (mut bits, mut count) = (0u32, 0u32);
    for &byte in input {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => {
                (bits, count) = (0, 0);
                continue;
            }
            _ => {
                out.damaged |= !byte.is_ascii_whitespace();
                continue;
            }
        };
        bits = (bits << 6) | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push(u8::try_from((bits >> count) & 0xFF).unwrap_or_default(), keep);
        }
    }
    out
}

/// Quoted-printable (RFC 2045 6.7): a `=` that starts no escape stands for itself.
pub fn quoted_printable(input: &[u8], keep: usize) -> Decoded {
    let mut out = Decoded::with_room(input.len(), keep);
    let mut place = 0;
    while let Some(&byte) = input.get(place) {
        place += 1;
        if byte != b'=' {
            out.push(byte, keep);
            continue;
        }
        let rest = input.get(place..).unwrap_or_default();
        if let Some(decoded) = hex_pair(rest) {
            out.push(decoded, keep);
            place += 2;
        } else if let Some(length) = soft_break(rest) {
            place += length;
        } else {
            out.damaged = true;
            out.push(byte, keep);
        }
    }
    out
}

/// The `Q` encoding of header words (RFC 2047 4.2).
pub fn quoted_word(input: &[u8]) -> Vec<u8> {
    let spaced: Vec<u8> = input.iter().map(|&b| if b == b'_' { b' ' } else { b }).collect();
    quoted_printable(&spaced, usize::MAX).bytes
}

fn hex_pair(rest: &[u8]) -> Option<u8> {
    let digit = |b: &u8| char::from(*b).to_digit(16);
    let value = digit(rest.first()?)? * 16 + digit(rest.get(1)?)?;
    u8::try_from(value).ok()
}

/// Length of a soft line break behind its `=`: trailing space, then the line end or the end of the data.
fn soft_break(rest: &[u8]) -> Option<usize> {
    let spaces = rest.iter().take(80).take_while(|&&b| b == b' ' || b == b'\t').count();
    match rest.get(spaces..)? {
        [] => Some(spaces),
        [b'\r', b'\n', ..] => Some(spaces + 2),
        [b'\n' | b'\r', ..] => Some(spaces + 1),
        _ => None,
    }
}
