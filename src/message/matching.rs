//! Which follow-up a mail belongs to (`mail.md` 3). PURE: the signals come with what the store knows about them; the
//! verdict on each is recorded, so that it can be explained for ever.

use crate::core::id::FollowUpId;
use std::collections::BTreeSet;

/// Where a signal was found, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignalKind {
    /// 1: our secret token in an address it was sent to.
    Token,
    /// 2: one of our signed Message-IDs in In-Reply-To or References.
    OwnMessageId,
    /// 3: another Message-ID of a known thread.
    Thread,
    /// 4: our header or reference in what the sender wrote themselves, or in the name of an attachment.
    ReferenceNew,
    /// 4: the same in quoted text.
    ReferenceQuoted,
    /// The case of these follow-ups is named in what the sender wrote themselves, or in the name of an attachment:
    /// places nothing, but contradicts.
    CaseNamed,
    /// A token that is not ours, perhaps one character off: a candidate at most, but it contradicts.
    ForgedToken,
    /// 5: the sender is a party of these open follow-ups.
    Sender,
}

impl SignalKind {
    /// Signals 3 and 4 place a mail of a party alone, so that the sender's standing is asked.
    pub const OF_PARTIES: [Self; 3] = [Self::Thread, Self::ReferenceNew, Self::ReferenceQuoted];

    fn words(self) -> &'static str {
        match self {
            Self::Token => "token in the address",
            Self::OwnMessageId => "answer to one of our Message-IDs",
            Self::Thread => "Message-ID of a known thread",
            Self::ReferenceNew => "reference in the new text",
            Self::ReferenceQuoted => "reference in quoted text",
            Self::CaseNamed => "case reference in the new text",
            Self::ForgedToken => "token with a wrong signature",
            Self::Sender => "sender is a party",
        }
    }
}

/// One signal and the follow-ups it points to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signal {
    /// Where it was found.
    pub kind: SignalKind,
    /// What it points to; empty when to nothing.
    pub follow_ups: Vec<FollowUpId>,
}

/// What the sender is to a follow-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Adviser, manager, or somebody of their organisation.
    Party,
    /// Anybody else.
    Stranger,
}

/// How sure a placing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strength {
    /// By signals 1–2: whoever sends it.
    Strong,
    /// By signals 3–4, and the sender is a party.
    Medium,
    /// By the sender alone: the co-ordinator is asked.
    Weak,
}

/// The verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placing {
    /// It belongs to this follow-up.
    Placed {
        /// Which.
        follow_up: FollowUpId,
        /// How sure.
        strength: Strength,
    },
    /// A person has to say; candidates best first, perhaps none.
    Triage {
        /// Best first.
        candidates: Vec<FollowUpId>,
        /// Why.
        why: Unplaced,
    },
}

/// Why a mail could not be placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unplaced {
    /// It answers one follow-up and names another: perhaps one child's advice in another's thread.
    Misdirected,
    /// Its tokens name more than one follow-up.
    ManyTokens,
    /// Its thread and references name more than one follow-up.
    ManyReferences,
    /// Nothing names a follow-up, and the sender is no party of one.
    Stranger,
    /// Nothing names a follow-up, and the sender is a party of more than one.
    ManyOpen,
}

impl Unplaced {
    /// One sentence.
    pub fn words(self) -> &'static str {
        match self {
            Self::Misdirected => "It answers one follow-up and names another: perhaps sent to the wrong thread.",
            Self::ManyTokens => "Its tokens name more than one follow-up.",
            Self::ManyReferences => "Its thread and references name more than one follow-up.",
            Self::Stranger => "Nothing in it names a follow-up, and the sender is no party of one.",
            Self::ManyOpen => "Nothing in it names a follow-up, and the sender is a party of more than one.",
        }
    }
}

/// A verdict with its story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The verdict.
    pub placing: Placing,
    /// What each signal said and what became of it.
    pub story: Vec<String>,
    /// Other follow-ups that the sender named beside the one it was placed on.
    pub also_named: Vec<FollowUpId>,
}

/// Weighs the signals. `standing` tells what the sender is to a follow-up; it is asked of those alone to which one of
/// [`SignalKind::OF_PARTIES`] points.
pub fn place(signals: &[Signal], standing: impl Fn(&FollowUpId) -> Standing) -> Placed {
    let of = |kinds: &[SignalKind]| -> BTreeSet<FollowUpId> {
        signals.iter().filter(|s| kinds.contains(&s.kind)).flat_map(|s| s.follow_ups.iter().cloned()).collect()
    };
    let strong = of(&[SignalKind::Token, SignalKind::OwnMessageId]);
    let named = of(&[SignalKind::ReferenceNew]);
    let threads = of(&[SignalKind::Thread]);
    let medium: BTreeSet<FollowUpId> = of(&SignalKind::OF_PARTIES);
    let mine: BTreeSet<FollowUpId> = medium.iter().filter(|id| standing(id) == Standing::Party).cloned().collect();
    let sender = of(&[SignalKind::Sender]);
    // Whatever names a follow-up in the writer's own words, or was meant to, has to name the one that it is placed on.
    let (forged, cases) = (of(&[SignalKind::ForgedToken]), of(&[SignalKind::CaseNamed]));
    let contradicted =
        |id: &FollowUpId| [&named, &forged, &cases].iter().any(|said| !said.is_empty() && !said.contains(id));
    let threads: BTreeSet<FollowUpId> = threads.intersection(&mine).cloned().collect();
    let elsewhere = !named.is_empty() && !threads.is_empty() && threads.is_disjoint(&named);
    let triage = |why| Placing::Triage { candidates: candidates(signals), why };
    let placing = match verdict(&strong, &mine, &sender) {
        Ok((id, _)) if contradicted(&id) => triage(Unplaced::Misdirected),
        Ok((follow_up, strength)) => Placing::Placed { follow_up, strength },
        Err(Unplaced::ManyReferences) if elsewhere => triage(Unplaced::Misdirected),
        Err(why) => triage(why),
    };
    let also_named = match &placing {
        Placing::Placed { follow_up, .. } => named.into_iter().filter(|id| id != follow_up).collect(),
        Placing::Triage { .. } => Vec::new(),
    };
    let story = story(signals, &placing);
    Placed { placing, story, also_named }
}

/// What the strongest signals say that there are, each sort alone.
fn verdict(
    strong: &BTreeSet<FollowUpId>,
    mine: &BTreeSet<FollowUpId>,
    sender: &BTreeSet<FollowUpId>,
) -> Result<(FollowUpId, Strength), Unplaced> {
    let ranks = [
        (strong, Strength::Strong, Unplaced::ManyTokens),
        (mine, Strength::Medium, Unplaced::ManyReferences),
        (sender, Strength::Weak, Unplaced::ManyOpen),
    ];
    let Some((found, strength, many)) = ranks.into_iter().find(|(found, ..)| !found.is_empty()) else {
        return Err(Unplaced::Stranger);
    };
    match found.iter().next().filter(|_| found.len() == 1) {
        Some(id) => Ok((id.clone(), strength)),
        None => Err(many),
    }
}

/// Everything that any signal points to, the strongest signal first.
fn candidates(signals: &[Signal]) -> Vec<FollowUpId> {
    let mut ranked: Vec<&Signal> = signals.iter().collect();
    ranked.sort_by_key(|s| s.kind);
    let mut seen = BTreeSet::new();
    ranked.into_iter().flat_map(|s| s.follow_ups.iter()).filter(|id| seen.insert((*id).clone())).cloned().collect()
}

fn story(signals: &[Signal], placing: &Placing) -> Vec<String> {
    let mut story: Vec<String> = signals
        .iter()
        .map(|signal| {
            let ids: Vec<String> = signal.follow_ups.iter().map(ToString::to_string).collect();
            let found = if ids.is_empty() { "nothing known".to_owned() } else { ids.join(", ") };
            let taken = match placing {
                Placing::Placed { follow_up, .. } if signal.follow_ups.contains(follow_up) => "taken",
                Placing::Placed { .. } => "not taken",
                Placing::Triage { .. } => "shown as a candidate",
            };
            format!("signal: {}: {found} ({taken})", signal.kind.words())
        })
        .collect();
    story.push(match placing {
        Placing::Placed { follow_up, strength: Strength::Strong } => {
            format!("placed on {follow_up} by token or thread")
        }
        Placing::Placed { follow_up, strength: Strength::Medium } => {
            format!("placed on {follow_up} by thread or reference; the sender is a party")
        }
        Placing::Placed { follow_up, strength: Strength::Weak } => {
            format!("placed on {follow_up} by the sender alone; the co-ordinator is asked")
        }
        Placing::Triage { why, .. } => format!("triage: {}", why.words()),
    });
    story
}

#[cfg(test)]
mod tests {
    use super::*;
    use SignalKind::*;

    fn id(n: u8) -> FollowUpId {
        FollowUpId::from_random([n; 8])
    }

    fn check(signals: &[(SignalKind, &[u8])], party_of: &[u8], expected: Option<(u8, Strength)>) {
        let signals: Vec<Signal> = signals
            .iter()
            .map(|(kind, ids)| Signal { kind: *kind, follow_ups: ids.iter().map(|&n| id(n)).collect() })
            .collect();
        let party: Vec<FollowUpId> = party_of.iter().map(|&n| id(n)).collect();
        let placed = place(&signals, |f| if party.contains(f) { Standing::Party } else { Standing::Stranger });
        let got = match placed.placing {
            Placing::Placed { follow_up, strength } => Some((follow_up, strength)),
            Placing::Triage { .. } => None,
        };
        assert_eq!(got, expected.map(|(n, s)| (id(n), s)), "{signals:?} party of {party_of:?}: {:?}", placed.story);
    }

    #[test]
    fn each_signal_counts_as_much_as_it_proves() {
        check(&[(Token, &[1])], &[], Some((1, Strength::Strong)));
        check(&[(OwnMessageId, &[1])], &[], Some((1, Strength::Strong)));
        check(&[(Thread, &[1])], &[], None);
        check(&[(Thread, &[1])], &[1], Some((1, Strength::Medium)));
        check(&[(ReferenceQuoted, &[1])], &[1], Some((1, Strength::Medium)));
        check(&[(Sender, &[1])], &[1], Some((1, Strength::Weak)));
        check(&[(Sender, &[1, 2])], &[1, 2], None);
        check(&[(ForgedToken, &[1])], &[], None);
        check(&[], &[], None);
    }

    #[test]
    fn a_token_of_one_child_and_a_reference_of_another_place_nothing() {
        check(&[(Token, &[1]), (ReferenceNew, &[2])], &[1, 2], None);
        check(&[(Token, &[1]), (OwnMessageId, &[2])], &[1, 2], None);
        check(&[(Token, &[1]), (ReferenceQuoted, &[1, 2])], &[1, 2], Some((1, Strength::Strong)));
    }

    #[test]
    fn the_reference_of_another_childs_case_places_nothing() {
        check(&[(Token, &[1]), (CaseNamed, &[2])], &[1, 2], None);
        check(&[(Token, &[1]), (CaseNamed, &[1, 2])], &[1, 2], Some((1, Strength::Strong)));
        check(&[(CaseNamed, &[1])], &[1], None);
    }

    fn why(signals: &[(SignalKind, &[u8])], party_of: &[u8]) -> Option<Unplaced> {
        let signals: Vec<Signal> = signals
            .iter()
            .map(|(kind, ids)| Signal { kind: *kind, follow_ups: ids.iter().map(|&n| id(n)).collect() })
            .collect();
        let party: Vec<FollowUpId> = party_of.iter().map(|&n| id(n)).collect();
        match place(&signals, |f| if party.contains(f) { Standing::Party } else { Standing::Stranger }).placing {
            Placing::Placed { .. } => None,
            Placing::Triage { why, .. } => Some(why),
        }
    }

    #[test]
    fn whatever_places_a_mail_the_writers_own_words_may_contradict_it() {
        for placing in [Token, OwnMessageId, Thread, ReferenceQuoted, Sender] {
            for saying in [ReferenceNew, ForgedToken, CaseNamed] {
                let signals: [(SignalKind, &[u8]); 2] = [(placing, &[1]), (saying, &[2])];
                assert_eq!(why(&signals, &[1]), Some(Unplaced::Misdirected), "{placing:?} {saying:?}");
                let signals: [(SignalKind, &[u8]); 2] = [(placing, &[1]), (saying, &[1])];
                assert_eq!(why(&signals, &[1]), None, "{placing:?} {saying:?}");
            }
        }
        assert_eq!(why(&[(Thread, &[1]), (ReferenceNew, &[2])], &[1, 2]), Some(Unplaced::Misdirected));
        assert_eq!(why(&[(Thread, &[1, 2]), (ReferenceNew, &[2])], &[1, 2]), Some(Unplaced::ManyReferences));
        assert_eq!(why(&[(Thread, &[1]), (ReferenceQuoted, &[2])], &[1, 2]), Some(Unplaced::ManyReferences));
    }

    #[test]
    fn the_token_decides_between_two_follow_ups_of_one_adviser() {
        check(&[(Token, &[2]), (Sender, &[1, 2])], &[1, 2], Some((2, Strength::Strong)));
    }
}
