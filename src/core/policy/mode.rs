//! Which letters leave (`outbound.mode`): one word for all, or another one for some sorts of them.

use crate::core::letter::{Audience, LetterKind};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Whether letters leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Letters to advisers, managers and parents go to `shadow_to` only.
    Shadow,
    /// Only letters to staff leave.
    StaffOnly,
    /// All letters leave.
    Live,
}

impl Mode {
    /// As operators write them.
    pub const WORDS: &'static [&'static str] = &["shadow", "staff_only", "live"];

    fn of_word(word: &str) -> Option<Self> {
        match word {
            "shadow" => Some(Self::Shadow),
            "staff_only" => Some(Self::StaffOnly),
            "live" => Some(Self::Live),
            _ => None,
        }
    }
}

/// How operators name whom letters are for; the sorts of letters have names of their own, which go before.
const AUDIENCES: [(&str, Audience); 3] =
    [("advisers", Audience::Outside), ("parents", Audience::Parent), ("partners", Audience::Partner)];

/// The mode of every letter.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Modes {
    others: Mode,
    exceptions: BTreeMap<String, Mode>,
}

impl Modes {
    /// What stands for all letters that are not named.
    pub const OTHERS: &'static str = "others";

    /// Every name that may be given a mode: whom a letter is for, a sort of letter, and all others. Mail to staff leaves
    /// whatever is set.
    pub fn names() -> Vec<&'static str> {
        let kinds = LetterKind::ALL.iter().filter(|kind| kind.audience() != Audience::Staff).map(|kind| kind.name());
        AUDIENCES.iter().map(|(name, _)| *name).chain([Self::OTHERS]).chain(kinds).collect()
    }

    /// The mode of letters of this sort.
    pub fn of(&self, kind: LetterKind) -> Mode {
        let audience = kind.audience();
        if audience == Audience::Staff {
            return Mode::Live;
        }
        let named = AUDIENCES.iter().find(|(_, whom)| *whom == audience).map_or("", |(name, _)| name);
        let exception = self.exceptions.get(kind.name()).or_else(|| self.exceptions.get(named));
        exception.copied().unwrap_or(self.others)
    }

    /// The mode of all letters that are not named.
    pub fn others(&self) -> Mode {
        self.others
    }

    /// Those that are named, with theirs.
    pub fn exceptions(&self) -> impl Iterator<Item = (&str, Mode)> {
        self.exceptions.iter().map(|(name, mode)| (name.as_str(), *mode))
    }

    /// Whether some letters are in this mode.
    pub fn any(&self, mode: Mode) -> bool {
        LetterKind::ALL.iter().any(|kind| kind.audience() != Audience::Staff && self.of(*kind) == mode)
    }
}

impl From<Mode> for Modes {
    fn from(others: Mode) -> Self {
        Self { others, exceptions: BTreeMap::new() }
    }
}

/// "live", or "others=live parents=shadow": one text, so that a later source replaces the whole of an earlier one. A letter
/// for which nothing is said stays in shadow: nobody outside gets what nobody has thought of.
impl TryFrom<String> for Modes {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let mut exceptions = BTreeMap::new();
        for part in text.split_whitespace() {
            let (name, word) = part.split_once('=').unwrap_or((Self::OTHERS, part));
            let mode = Mode::of_word(word).filter(|_| Self::names().contains(&name));
            exceptions.insert(name.to_owned(), mode.ok_or_else(|| format!("{part} is no mode"))?);
        }
        let others = exceptions.remove(Self::OTHERS).unwrap_or(Mode::Shadow);
        Ok(Self { others, exceptions })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sort_of_letter_goes_before_whom_it_is_for_and_that_before_the_others() {
        let modes = Modes::try_from("parents=shadow parent_update=staff_only others=live".to_owned()).unwrap();
        for (kind, mode) in [
            (LetterKind::ParentNotice, Mode::Shadow),
            (LetterKind::ParentUpdate, Mode::StaffOnly),
            (LetterKind::Escalation, Mode::Live),
            (LetterKind::HealthReport, Mode::Live),
            (LetterKind::Today, Mode::Live),
        ] {
            assert_eq!(modes.of(kind), mode, "{kind:?}");
        }
        assert!(modes.any(Mode::Shadow) && modes.any(Mode::Live));
    }

    #[test]
    fn what_nothing_is_said_of_stays_in_shadow() {
        let modes = Modes::try_from("parents=live".to_owned()).unwrap();
        assert_eq!((modes.of(LetterKind::Request), modes.of(LetterKind::ParentNotice)), (Mode::Shadow, Mode::Live));
        assert_eq!(modes.of(LetterKind::Receipt), Mode::Live, "mail to staff always goes out");
    }
}
