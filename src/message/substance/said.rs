//! What people say in a sentence of their own where a word is offered to them: "this is not our role", "she has left the
//! trust". Only short replies are read so; it judges nothing, a person reads each of them.

use super::words::Text;
use regex::{Regex, RegexBuilder};
use std::sync::LazyLock;

/// What a short reply says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Said {
    /// Not theirs to answer: another child, another service (situations 23, 28).
    NotMine,
    /// More time is asked for (situation 27).
    MoreTime,
    /// A line manager: the adviser is none of theirs, or theirs no longer (situation 81).
    NotMyStaff,
    /// A line manager: the adviser is off work (situation 82).
    AdviserAway,
}

/// Longer replies are read by their length alone.
const LONGEST: usize = 25;

/// Patterns over words in lower case, each between single spaces; the first that is found counts.
const SAYS: [(Said, &str); 6] = [
    (
        Said::NotMyStaff,
        concat!(
            r"(?: not| no longer| never) (?:been )?(?:(?:one|a member) of )?(?:my|our) (?:staff|team)\b",
            r"| (?:she|he|they|dr|mr|mrs|ms|miss)(?: \w+){0,2} (?:has |have |'s )?(?:now |since |recently |already )?left$",
            r"| (?:has|have|'s) (?:now |since |recently |already )?left (?:us|(?:her|his|their) (?:post|role|job)",
            r"|the (?:trust|team|organisation|department|council|authority|nhs))\b",
            r"| no longer (?:employed|in post|with us|work(?:s|ing)? (?:here|for (?:us|the)|with (?:us|the)|at))\b",
        ),
    ),
    (
        Said::NotMine,
        r" (?:wrong|different) (?:child|patient|person|pupil|young person|family)\b| not (?:my|our|a|one of (?:my|our)) (?:patients?|child|pupil)\b| not a patient of (?:mine|ours)\b| never (?:saw|seen|met|treated|assessed) (?:her|him|them|this|that|the) ?(?:child|patient)?$",
    ),
    (
        Said::NotMine,
        r" not (?:really )?(?:(?:within|part of|in) )?(?:my|our|the) (?:role|remit|responsibility|job|service)\b| (?:outside|beyond) (?:of )?(?:my|our) (?:role|remit|responsibility)\b| not for (?:us|me|our (?:service|team)) to \w+| not commissioned (?:to|for)\b| not something (?:that )?(?:we|i|our (?:service|team)) (?:do|does|provide|provides|offer|offers)\b",
    ),
    (
        Said::MoreTime,
        r" (?:need|needs|require|could|can|may|please|would like|asking for|ask for|request|requesting|grant|allow|want)\b.* (?:more|extra|additional|further|another) (?:\w+ )?(?:time|days?|weeks?|fortnight|months?)\b| (?:need|needs|require|could|can|may|please|would like|asking for|want)\b.* (?:little|bit|while|few (?:days|weeks)|days?|weeks?) longer\b",
    ),
    (
        Said::AdviserAway,
        r" (?:she|he|they|dr|mr|mrs|ms|miss|our)\b.* (?:off sick|on (?:long term |long-term )?sick(?:ness)?(?: leave)?|signed off|on (?:maternity|paternity|parental|adoption|compassionate|annual|study|special|extended) leave|on leave|off work|on holiday)\b",
    ),
    (
        Said::AdviserAway,
        r" (?:off sick|on (?:long term |long-term )?sick(?:ness)? leave|on maternity leave) (?:at the moment|until|at present|currently|since)\b",
    ),
];

static PATTERNS: LazyLock<Vec<(Said, Regex)>> = LazyLock::new(|| {
    let compiled = |(said, pattern): &(Said, &str)| Some((*said, RegexBuilder::new(pattern).build().ok()?));
    SAYS.iter().filter_map(compiled).collect()
});

/// Reads what somebody says in a short reply; `None` when it says none of this, or says it beside much else.
pub fn said(own: &str) -> Option<Said> {
    let text = Text::new(own);
    if !(1..=LONGEST).contains(&text.count()) {
        return None;
    }
    text.sentences().into_iter().find_map(|sentence| {
        PATTERNS.iter().find(|(_, pattern)| pattern.is_match(&sentence)).map(|(said, _)| *said).filter(|said| {
            // "I am on leave until Monday" is about the writer, not about the adviser.
            *said != Said::AdviserAway || ![" i am ", " i'm ", " i will "].iter().any(|me| sentence.contains(me))
        })
    })
}

/// Words of a sentence in a desk's own answer, at most.
const LONGEST_SENTENCE: usize = 30;

/// That something was received: not what a child has received.
const RECEIVED: &str = concat!(
    r" (?:your|this|the) (?:e ?mail|message|enquiry|request|query|letter|correspondence)(?: \w+){0,2} (?:has been|was|is) ",
    r"(?:received|logged|registered|recorded|passed|forwarded)\b",
    r"| (?:have|has) (?:now |safely )?received (?:your|this) (?:e ?mail|message|enquiry|request|query|letter|correspondence)\b",
    r"|^ received(?: with thanks| thank you| thanks)?(?: (?:and )?we (?:aim|will|try|hope) .*)?$",
    r"|^ (?:thank you|thanks) for contacting\b",
);

/// What else a desk says in such an answer.
const BESIDE: &str = concat!(
    r"^ (?:thank you|many thanks|thanks) for (?:your|the|contacting|getting)\b",
    r"|^ this is an automat(?:ed|ic)\b",
    r"| (?:we|i) (?:aim|endeavour|try|hope) to (?:reply|respond|answer|get back|be in touch|acknowledge)\b",
    r"| (?:we|i|somebody|someone|team|clinician|colleague) (?:will|shall) (?:reply|respond|answer|be in (?:touch|contact)|contact you|get back)\b",
    r"|^ if (?:your|you|it|this|the)\b.* (?:urgent|emergency|enquiry|query)\b",
    r"|^ (?:please )?do not reply\b|^ please (?:telephone|phone|call|ring|allow)\b",
    r"|^ (?:the|this|our) (?:inbox|mailbox|office|line) is (?:only )?(?:checked|monitored|open|staffed|read)\b",
    r"|^ your (?:reference|ticket) (?:number )?is\b",
);

static ACKNOWLEDGEMENT: LazyLock<Option<(Regex, Regex)>> = LazyLock::new(|| {
    let compiled = |pattern: &str| RegexBuilder::new(pattern).build().ok();
    Some((compiled(RECEIVED)?, compiled(BESIDE)?))
});

/// Whether a reply says nothing but that it was received and when somebody answers, as desks do by themselves and
/// without a mark in the header (situations 15 and 16). Every sentence has to be one of these.
pub fn only_acknowledges(own: &str) -> bool {
    let Some((received, beside)) = ACKNOWLEDGEMENT.as_ref() else { return false };
    let sentences = Text::new(own).whole_sentences();
    let is_short = |sentence: &String| sentence.split_whitespace().count() <= LONGEST_SENTENCE;
    sentences.iter().any(|sentence| received.is_match(sentence))
        && sentences.iter().all(|s| is_short(s) && (received.is_match(s) || beside.is_match(s)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        assert_eq!(PATTERNS.len(), SAYS.len());
    }

    #[test]
    fn a_desk_s_answer_says_nothing_but_that_it_was_received() {
        for (own, expected) in [
            (
                "Thank you for contacting the Community Paediatrics team. We have received your email and it has been passed to the relevant clinician. We aim to reply within 10 working days. If your enquiry is urgent please telephone the department.",
                true,
            ),
            ("received, we aim to reply in 10 days", true),
            ("Your request has been logged. A member of the team will be in touch.", true),
            ("We have received your request. Jo needs therapy once a week, given by a therapist.", false),
            ("Therapy is given weekly. We aim to reply to letters of parents within a week.", false),
            ("I received this today. He is on my list, and I see him each Tuesday for thirty minutes.", false),
            ("We aim to reply soon.", false),
            ("Received with thanks.", true),
            ("Jo received twelve sessions of therapy from May to July, given by a qualified therapist.", false),
            ("Thank you for your email. Please note that Jo needs a quiet room. Your letter was received.", false),
            ("", false),
        ] {
            assert_eq!(only_acknowledges(own), expected, "{own}");
        }
        assert!(ACKNOWLEDGEMENT.is_some());
    }

    #[test]
    fn what_is_said_in_other_words_than_those_offered() {
        for (own, expected) in [
            ("Wrong child, I never saw her.", Some(Said::NotMine)),
            ("Hi Cora,\n\nI think you have the wrong patient.\n\nKind regards\nDr Lee", Some(Said::NotMine)),
            ("He is not one of my patients.", Some(Said::NotMine)),
            ("I have never met this child.", Some(Said::NotMine)),
            ("This is not our role.", Some(Said::NotMine)),
            ("Sorry, outside our remit.", Some(Said::NotMine)),
            ("It is not for our service to answer this.", Some(Said::NotMine)),
            ("We are not commissioned to provide that.", Some(Said::NotMine)),
            ("Need two more weeks", Some(Said::MoreTime)),
            ("I need a little longer, until the end of the month please.", Some(Said::MoreTime)),
            ("Could I have another week?", Some(Said::MoreTime)),
            ("Please may we have a few days longer", Some(Said::MoreTime)),
            ("She has left the trust; she is not my staff any more.", Some(Said::NotMyStaff)),
            ("Not one of my team, sorry.", Some(Said::NotMyStaff)),
            ("She has left.", Some(Said::NotMyStaff)),
            ("Dr Lee no longer works here.", Some(Said::NotMyStaff)),
            ("Dr Lee is off sick at the moment.", Some(Said::AdviserAway)),
            ("He is on annual leave.", Some(Said::AdviserAway)),
            ("I am on leave until Monday and will chase then.", None),
            ("She has left for the day, I will ask her tomorrow.", None),
            ("Therapy is given weekly by a therapist.", None),
            ("I have seen her three more times.", None),
            ("The old programme no longer works for her.", None),
            ("Jo has left the school.", None),
            ("The programme no longer works.", None),
            ("I'll chase.", None),
            ("Thank you.", None),
            ("", None),
        ] {
            assert_eq!(said(own), expected, "{own}");
        }
    }
}
