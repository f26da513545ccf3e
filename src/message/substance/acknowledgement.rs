//! Whether a reply says nothing but that it was received, as desks do by themselves and without a mark in the header.
//! When in doubt it does not: then a person looks at it, and the escalation waits.

use super::statement::{pattern, statements};
use regex::Regex;
use std::sync::LazyLock;

/// Bytes of a desk's own answer, at most; with a signature below it.
const LONGEST_ANSWER: usize = 2_000;

/// Words of a sentence in a desk's own answer, at most.
const LONGEST: usize = 30;

/// That something was received: not what a child has received. Each is a sentence from its beginning to its end.
const RECEIVED: &[&str] = &[
    r"(?:please note that )?(?:<yours>) (?:(?:has (?:now |safely )?been|was|is) <taken>)(?: and (?:(?:(?:has been|was|is) )?<taken>|will be (?:<taken>|dealt with|answered|looked at|read|reviewed)<when>?))?",
    r"<we> (?:have |has |can confirm that we have |confirm that we have )(?:now |safely )?received (?:<yours>)(?: and (?:it|this) (?:(?:has been|was|is) <taken>|will be (?:<taken>|dealt with|answered|looked at|read|reviewed)<when>?)| and <reply>)?",
    r"<we> (?:acknowledge|confirm) (?:safe )?receipt of (?:<yours>)",
    r"received(?: with thanks| thank you| thanks)?(?: (?:and )?<reply>)?",
    r"(?:thank you|many thanks|thanks) for (?:contacting|getting in touch with|writing to|e ?mailing) <desk>",
    r"(?:thank you|many thanks|thanks) for (?:<yours>) which (?:has (?:now |safely )?been|was|is) <taken>",
    r"this is an automat(?:ed|ic) (?:reply|response|message|e ?mail|acknowledgement) (?:to (?:confirm|say|let you know)|confirming) that (?:we have received (?:<yours>)|(?:<yours>) (?:has been|was) received)",
];

/// What else a desk says in such an answer.
const BESIDE: &[&str] = &[
    r"(?:thank you|many thanks|thanks) for (?:<yours>|getting in touch)(?: which we have received)?",
    r"(?:thank you|many thanks|thanks)",
    r"this is an automat(?:ed|ic) (?:reply|response|message|e ?mail|acknowledgement)",
    r"we <reply>",
    r"(?:somebody|someone|a member of <desk>|one of <desk>|(?:the|our) team|a clinician|a colleague) (?:will|shall) (?:<answer>)<when>?",
    r"if (?:your|this|the) (?:<mail>|matter) is (?:more )?urgent<reach>",
    r"if (?:it|this) is urgent<reach>",
    r"(?:please )?do not (?:reply|respond) to this (?:<mail>)",
    r"please (?:telephone|phone|call|ring) (?:us|(?:the|our) (?:duty )?(?:department|office|reception|switchboard|desk|team))",
    r"please allow (?:(?:up to|at least) )?(?:<number>(?: to <number>)? <unit>) for (?:a|our|us to) (?:reply|response|respond|answer)",
    r"(?:the|this|our) (?:inbox|mailbox|office|line) is (?:only )?(?:checked|monitored|open|staffed|read)(?: (?:<day>|\d{1,2}(?: \d\d)?(?: ?[ap]m)?|to|and|from|between|until|during|office|working|school|hours|daily|days|once|twice|a|day|week|term|time|only|weekdays))*",
    r"your (?:(?:reference|ticket)(?: number)?|case number) is [a-z]{0,5} ?\d{3,12}",
];

/// What the patterns share, each before what it holds. Every open place is bounded: a name, or words that only a
/// desk's answer is made of.
const PARTS: [(&str, &str); 12] = [
    (
        "<yours>",
        r"(?:(?:your|this) <mail>|the (?:e ?mail|message|enquiry))(?: (?:about|regarding|concerning|dated) (?:[\w']+|this child|(?:the|this) (?:above|matter)))?",
    ),
    (
        "<taken>",
        r"(?:received|logged|registered|recorded|(?:passed|forwarded)(?: on)? to <desk>|received by <desk>|logged with reference [a-z]{0,5} ?\d{3,12})",
    ),
    ("<we>", r"(?:we|our team|<desk>)"),
    ("<reply>", r"(?:we )?(?:aim|endeavour|try|hope|will (?:aim|endeavour|try)) to (?:<answer>)<when>?"),
    (
        "<answer>",
        r"(?:(?:reply|respond|answer|acknowledge)(?: to (?:you|your <mail>|(?:all )?(?:enquiries|queries|e ?mails|messages|requests|letters)))?|answer all (?:enquiries|queries|e ?mails|messages|requests)|get back to you|get back|be in (?:touch|contact)(?: with you)?|contact you)",
    ),
    ("<day>", r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?"),
    (
        "<reach>",
        concat!(
            r"(?: (?:please )?(?:telephone|phone|call|ring|contact|e ?mail) ",
            r"(?:<desk>)(?: (?:directly|instead))?(?: (?:by (?:telephone|phone)|on (?:the (?:number|numbers) (?:above|below)|[\d ]{5,16})))?)",
        ),
    ),
    (
        "<when>",
        concat!(
            r"(?: (?:as soon as (?:possible|we can|they can)|shortly|soon|in due course|in turn|",
            r"(?:within|in) (?:the next |up to |about )?<number>(?: to <number>)? (?:<unit>)(?: of (?:receipt|receiving (?:it|this|your <mail>)))?|",
            r"(?:by|before) the end of the (?:day|week|month)))",
        ),
    ),
    (
        "<desk>",
        concat!(
            r"(?:us|(?:the |our )?(?:(?:community|children's|child|paediatrics?|speech|language|and|occupational|physiotherapy|",
            r"therapy|integrated|health|mental|school|nursing|send|specialist|duty|administration|admin|main|nhs|learning|",
            r"disability|neurodevelopmental|relevant|appropriate|right|correct|responsible|named) )*",
            r"(?:team|service|services|department|office|clinic|hub|desk|inbox|mailbox|clinician|colleague|person|trust|reception|switchboard|therapist|service desk))",
        ),
    ),
    ("<number>", r"(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|a few)"),
    ("<unit>", r"(?:working |business |school )?(?:hours?|days?|weeks?)"),
    ("<mail>", r"(?:e ?mail|message|enquiry|inquiry|request|query|letter|correspondence|submission)"),
];

static SENTENCES: LazyLock<Option<(Regex, Regex)>> = LazyLock::new(|| Some((sentence(RECEIVED)?, sentence(BESIDE)?)));

/// One of these from the beginning to the end of a sentence.
fn sentence(any: &[&str]) -> Option<Regex> {
    pattern(&format!("^ (?:{})$", any.join("|")), &PARTS)
}

/// Whether a reply says nothing but that it was received and when somebody answers (situations 15 and 16). Every
/// sentence has to be one of these, all of it: what a person says for themselves ("I have received your request") is
/// none.
pub fn only_acknowledges(own: &str) -> bool {
    let Some((received, beside)) = SENTENCES.as_ref() else { return false };
    if own.len() > LONGEST_ANSWER {
        return false;
    }
    let found: Vec<String> =
        statements(own, "").into_iter().map(|s| if s.asks { String::new() } else { s.plain() }).collect();
    let is_short = |sentence: &String| sentence.split_whitespace().count() <= LONGEST;
    found.iter().any(|sentence| received.is_match(sentence))
        && found.iter().all(|s| is_short(s) && (received.is_match(s) || beside.is_match(s)))
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert!(SENTENCES.is_some());
    }

    #[test]
    fn a_sentence_that_begins_as_a_desk_s_and_goes_on_is_an_answer() {
        for own in [
            "I have received your request and can confirm that Jo needs direct speech and language therapy once a week",
            "Thank you for contacting me, Jo needs direct therapy twice a week.",
            "Thank you for contacting me about Jo, but she is not known to our service.",
            "The letter from audiology was received in June and shows a moderate hearing loss",
            "Your email has been received. Please allow Jo 25% extra time in tests",
            "I have received your request and I will send the report on Friday",
            "We have received your request and will send the report on Friday.",
            "Your request has been received\nJo needs therapy",
            "Has your request been received?",
        ] {
            assert!(!only_acknowledges(own), "{own}");
        }
    }
}
