//! Names of things: addresses, references and ids. Parsing is the only way to make one.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An e-mail address as it is compared: lower case, without display name or angle brackets.
///
/// RFC 5321 leaves the local part case-sensitive; no mail system that staff or parents use does, and two
/// spellings of one person would split their follow-ups.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address(String);

impl Address {
    /// Reads `local@domain`; `None` for anything that has no such form.
    pub fn parse(text: &str) -> Option<Self> {
        let trimmed = text.trim().trim_start_matches('<').trim_end_matches('>');
        let (local, domain) = trimmed.rsplit_once('@')?;
        let local_ok = !local.is_empty() && local.len() <= 64 && !local.contains(char::is_whitespace);
        let domain_ok = !domain.is_empty()
            && domain.len() <= 255
            && !domain.starts_with('.')
            && !domain.ends_with('.')
            && domain.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '[' | ']' | ':'));
        let safe = !trimmed.chars().any(|c| c.is_control() || matches!(c, '<' | '>' | ',' | ';'));
        (local_ok && domain_ok && safe).then(|| Self(trimmed.to_lowercase()))
    }

    /// The whole address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the last `@`.
    pub fn local(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(local, _)| local)
    }

    /// What stands behind the last `@`.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// The same address with a detail part: `a@b` and `x` give `a+x@b` (RFC 5233).
    pub fn with_detail(&self, detail: &str) -> Self {
        Self(format!("{}+{detail}@{}", self.local(), self.domain()))
    }

    /// The address that a detail part was added to: `a+x@b` gives `a@b` (RFC 5233).
    pub fn without_detail(&self) -> Self {
        let base = self.local().split_once('+').map_or(self.local(), |(base, _)| base);
        if base.is_empty() { self.clone() } else { Self(format!("{base}@{}", self.domain())) }
    }

    /// The detail part behind the first `+` when the rest is `base`.
    pub fn detail_of(&self, base: &Address) -> Option<&str> {
        if self.domain() != base.domain() {
            return None;
        }
        self.local().strip_prefix(base.local())?.strip_prefix('+')
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Address {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("'{text}' is not an e-mail address"))
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.0
    }
}

/// The letters and digits of a reference: those that are easily confused (0 1 I L O) are left out; 31 is prime,
/// so the check character finds every single wrong character and every swap of two neighbours.
const ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";

fn value(c: u8) -> Option<u32> {
    ALPHABET.iter().position(|&a| a == c).and_then(|p| u32::try_from(p).ok())
}

fn check_character(body: &[u8]) -> Option<u8> {
    let mut sum = 0u32;
    for (weight, &c) in (2u32..).zip(body) {
        sum = (sum + weight * value(c)?) % 31;
    }
    ALPHABET.get(usize::try_from(sum).ok()?).copied()
}

/// The reference of a follow-up, `FU-7KQ2-M4XD`: seven random characters and a check character.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FollowUpId(String);

impl FollowUpId {
    /// Makes a reference from random bytes (the shell supplies them, so that the core stays deterministic).
    pub fn from_random(random: [u8; 8]) -> Self {
        let mut number = u64::from_be_bytes(random);
        let mut body = Vec::with_capacity(8);
        for _ in 0..7 {
            let index = usize::try_from(number % 31).unwrap_or(0);
            body.push(ALPHABET.get(index).copied().unwrap_or(b'2'));
            number /= 31;
        }
        let check = check_character(&body).unwrap_or(b'2');
        body.push(check);
        Self::from_body(&String::from_utf8_lossy(&body))
    }

    fn from_body(body: &str) -> Self {
        let (left, right) = body.split_at_checked(4).unwrap_or((body, ""));
        Self(format!("FU-{left}-{right}"))
    }

    /// Reads a reference as people type it: any case, with or without the dashes. `None` when the check
    /// character does not fit.
    pub fn parse(text: &str) -> Option<Self> {
        let upper = text.trim().to_uppercase();
        let body: String =
            upper.strip_prefix("FU")?.chars().filter(|c| !matches!(c, '-' | ' ' | '\u{2010}'..='\u{2015}')).collect();
        Self::parse_body(&body)
    }

    /// Reads the eight characters without prefix and dashes, as they stand in a token.
    pub fn parse_body(body: &str) -> Option<Self> {
        let upper = body.to_uppercase();
        let (front, check) = upper.as_bytes().split_at_checked(7)?;
        (check.len() == 1 && check.first().copied() == check_character(front)).then(|| Self::from_body(&upper))
    }

    /// The eight characters without prefix and dashes, in lower case.
    pub fn body(&self) -> String {
        self.0.chars().skip(3).filter(|&c| c != '-').collect::<String>().to_lowercase()
    }

    /// The whole reference.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FollowUpId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for FollowUpId {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("'{text}' is not a reference of a follow-up (FU-XXXX-XXXX)"))
    }
}

impl From<FollowUpId> for String {
    fn from(id: FollowUpId) -> Self {
        id.0
    }
}

/// The authority's own reference of a case, as `cases.ref_pattern` finds it in a mail: `EHC-2026-0412`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CaseRef(String);

impl CaseRef {
    /// Takes a reference as found; upper case, so that it compares.
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_uppercase())
    }

    /// The whole reference.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CaseRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_reference_survives_how_people_type_it() {
        let id = FollowUpId::from_random([1, 2, 3, 4, 5, 6, 7, 8]);
        let spaced = id.as_str().to_lowercase().replace('-', " ");
        assert_eq!(FollowUpId::parse(&spaced), Some(id.clone()));
        assert_eq!(FollowUpId::parse_body(&id.body()), Some(id));
    }

    #[test]
    fn addresses_compare_by_their_lower_case_form() {
        assert_eq!(Address::parse(" <Ann.Lee@NHS.example> ").unwrap().as_str(), "ann.lee@nhs.example");
        for wrong in ["", "ann", "ann@", "@x", "a b@x", "a@b,c@d", "a@b\r\nBcc: x@y"] {
            assert_eq!(Address::parse(wrong), None, "{wrong}");
        }
        let base = Address::parse("followups@council.example").unwrap();
        assert_eq!(base.with_detail("abc").detail_of(&base), Some("abc"));
    }

    proptest! {
        #[test]
        fn the_check_character_finds_every_single_mistake(random: [u8; 8], place in 0usize..8, other in 0usize..31) {
            let id = FollowUpId::from_random(random);
            let mut body = id.body().to_uppercase().into_bytes();
            let wrong = ALPHABET[other];
            prop_assume!(body[place] != wrong);
            body[place] = wrong;
            prop_assert_eq!(FollowUpId::parse_body(std::str::from_utf8(&body).unwrap()), None);
        }
    }
}
