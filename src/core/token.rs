//! Secret marks by which our own letters are known again: the token in a reply address, our Message-IDs.
//!
//! Both carry an HMAC-SHA256 under the service's `token_key`, so they can be read without a look-up and cannot
//! be invented. They are kept out of logs.

use super::id::{Address, FollowUpId};
use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// The service's signing key (`secrets.token_key`).
#[derive(Clone)]
pub struct TokenKey(Vec<u8>);

impl std::fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenKey([REDACTED])")
    }
}

/// What a token in an address turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenReading {
    /// Ours: it names the follow-up.
    FollowUp(FollowUpId),
    /// Ours: it names the letter (of a Today mail, a preview, a report) by its id.
    Letter(String),
    /// It looks like a token of ours but its signature is wrong: a candidate at most, never a match.
    Forged(Option<FollowUpId>),
}

/// Characters of the signature in a token and in a Message-ID: 16 base-32 characters, 80 bits.
const MAC_CHARACTERS: usize = 16;

impl TokenKey {
    /// Takes the key's bytes as they stand in the secret.
    pub fn new(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }

    fn digest(&self, purpose: &str, text: &str) -> [u8; 32] {
        // HMAC takes a key of any length, so this cannot fail; an empty key would still give a fixed digest.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return [0; 32] };
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().into()
    }

    fn mac(&self, purpose: &str, text: &str) -> String {
        BASE32_NOPAD.encode(&self.digest(purpose, text)).to_lowercase()
    }

    fn short_mac(&self, purpose: &str, text: &str) -> String {
        self.mac(purpose, text).chars().take(MAC_CHARACTERS).collect()
    }

    /// The detail part that names a follow-up: `7kq2m4xd` + signature.
    pub fn follow_up_token(&self, id: &FollowUpId) -> String {
        let body = id.body();
        format!("{body}{}", self.short_mac("follow-up", &body))
    }

    /// The detail part that names one letter, for answers to mails about more than one follow-up.
    pub fn letter_token(&self, letter: &str) -> String {
        let body = letter.trim_start_matches("LTR-").to_lowercase();
        format!("l-{body}-{}", self.short_mac("letter-token", &body))
    }

    /// The id of the letter with this unique key: the same key always gives the same id, so a letter cannot
    /// exist twice.
    pub fn letter_id(&self, unique_key: &str) -> String {
        let body: String = self.mac("letter", unique_key).chars().take(13).collect();
        format!("LTR-{}", body.to_uppercase())
    }

    /// The id of a follow-up that something causes: the same cause always gives the same id.
    pub fn follow_up_id(&self, cause: &str) -> FollowUpId {
        let digest = self.digest("follow-up-id", cause);
        FollowUpId::from_random(digest.first_chunk().copied().unwrap_or_default())
    }

    /// The Message-ID (without angle brackets) of a letter.
    pub fn message_id(&self, letter: &str, domain: &str) -> String {
        let id = letter.to_lowercase();
        format!("{id}.{}@{domain}", self.short_mac("message-id", &id))
    }

    /// The letter that a Message-ID of ours names, or `None` for anybody else's.
    pub fn read_message_id(&self, message_id: &str) -> Option<String> {
        let lower = message_id.trim().trim_start_matches('<').trim_end_matches('>').to_lowercase();
        let (left, _) = lower.split_once('@')?;
        let (id, mac) = left.split_once('.')?;
        (id.starts_with("ltr-") && same(mac, &self.short_mac("message-id", id))).then(|| id.to_uppercase())
    }

    /// Reads the token in `address` when it is a plus address of `base`; `None` for any other address.
    pub fn read_address(&self, address: &Address, base: &Address) -> Option<TokenReading> {
        self.read_detail(address.detail_of(base)?)
    }

    /// Reads the detail part of a plus address; `None` for one that does not look like a token at all.
    pub fn read_detail(&self, detail: &str) -> Option<TokenReading> {
        let lower = detail.to_lowercase();
        if let Some(rest) = lower.strip_prefix("l-") {
            let (body, mac) = rest.split_once('-')?;
            let genuine = same(mac, &self.short_mac("letter-token", body));
            return Some(if genuine {
                TokenReading::Letter(format!("LTR-{}", body.to_uppercase()))
            } else {
                TokenReading::Forged(None)
            });
        }
        let (body, mac) = lower.split_at_checked(8)?;
        if mac.len() != MAC_CHARACTERS || !lower.chars().all(|c| c.is_ascii_alphanumeric()) {
            return None;
        }
        let id = FollowUpId::parse_body(body);
        match id {
            Some(id) if same(mac, &self.short_mac("follow-up", body)) => Some(TokenReading::FollowUp(id)),
            other => Some(TokenReading::Forged(other)),
        }
    }
}

/// Compares in constant time, so that a signature cannot be found out by measuring.
fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Address {
        Address::parse("followups@council.example").unwrap()
    }

    #[test]
    fn a_token_names_its_follow_up_and_one_wrong_character_does_not() {
        let key = TokenKey::new(b"a key for tests only");
        let id = FollowUpId::from_random([9; 8]);
        let token = key.follow_up_token(&id);
        assert_eq!(key.read_address(&base().with_detail(&token), &base()), Some(TokenReading::FollowUp(id.clone())));
        let mut wrong = token.clone();
        let last = wrong.pop().unwrap();
        wrong.push(if last == 'a' { 'b' } else { 'a' });
        assert_eq!(key.read_detail(&wrong), Some(TokenReading::Forged(Some(id.clone()))));
        assert_eq!(TokenKey::new(b"another").read_detail(&token), Some(TokenReading::Forged(Some(id))));
        assert_eq!(key.read_detail("advice"), None);
    }

    #[test]
    fn the_same_cause_gives_the_same_follow_up_and_another_key_another() {
        let key = TokenKey::new(b"a key for tests only");
        assert_eq!(key.follow_up_id("MSG-1/1"), key.follow_up_id("MSG-1/1"));
        assert_ne!(key.follow_up_id("MSG-1/1"), key.follow_up_id("MSG-1/2"));
        assert_ne!(key.follow_up_id("MSG-1/1"), TokenKey::new(b"another").follow_up_id("MSG-1/1"));
    }

    #[test]
    fn a_message_id_names_its_letter_whatever_the_relay_did_to_its_case() {
        let key = TokenKey::new(b"a key for tests only");
        let letter = key.letter_id("FU-7KQ2-M4XD/escalation/1.1");
        assert_eq!(letter, key.letter_id("FU-7KQ2-M4XD/escalation/1.1"));
        let message_id = key.message_id(&letter, "council.example");
        assert_eq!(key.read_message_id(&format!("<{}>", message_id.to_uppercase())), Some(letter.clone()));
        assert_eq!(key.read_message_id("<ltr-abc.def@council.example>"), None);
        let detail = key.letter_token(&letter);
        assert_eq!(key.read_detail(&detail), Some(TokenReading::Letter(letter)));
    }
}
