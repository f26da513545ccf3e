//! The words in which people say what `Said` tells, with who speaks of whom in each, and what leaves a doubt. Tables
//! alone: how they are read stands in `said`.

use super::said::Said;
use super::statement::pattern;
use regex::Regex;
use std::sync::LazyLock;

/// Of whom a pattern speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// The writer, or the request: the pattern names them.
    Writer,
    /// The adviser by name.
    Adviser,
    /// One of the writer's own, who is the adviser when no name says otherwise.
    OneOfOurs,
    /// "She": whoever was spoken of before.
    Somebody,
    /// The same, and it can be said of a child as well: only after the adviser's name.
    SomebodyNamed,
}

/// What a pattern reads, of whom, and its words; `PARTS` spells out what stands in pointed brackets.
const SAYS: &[(Said, Of, &str)] = &[
    (
        Said::NotMyStaff,
        Of::Adviser,
        r"<start> @adviser(?: is<since> (?:not|no longer)| isn't| was never| has never been) <of us><end of us>",
    ),
    (
        Said::NotMyStaff,
        Of::Adviser,
        r"<start>(?: i| we)(?: do not| don't| no longer)(?: line)? manage @adviser<end of us>",
    ),
    (
        Said::NotMyStaff,
        Of::Adviser,
        concat!(
            r"<start> @adviser(?:(?: has)?<since> left(?: us| (?:our|the) (?:<employer>|team|service|department|council|authority)| <their post>)(?: in <month>)?<end of us>",
            r"|(?: has)?<since> left in <month><end of us>| has<since> left$)",
        ),
    ),
    (
        Said::NotMyStaff,
        Of::Adviser,
        r"<start> @adviser(?: is)? no longer (?:employed(?: by us| here)?|in post|with us|with (?:the|our) (?:<employer>|team|service)|<works>)<end of us>",
    ),
    (Said::NotMyStaff, Of::Somebody, r"<start>(?: not| no longer|<she is not>) <of us><end of us>"),
    (
        Said::NotMyStaff,
        Of::Somebody,
        r"<start>(?: she's| he's| they've| (?:she|he|they)(?: has| have| is)?)<since> left (?:(?:our|the) <employer>|(?:her|his|their) (?:post|role))(?: in <month>)?<end of us>",
    ),
    (
        Said::NotMyStaff,
        Of::Somebody,
        r"<start>(?:<she is>| she| he| they)? no longer (?:employed (?:by us|here|by (?:the|our) <employer>)|in post|<works>)<end of us>",
    ),
    (
        Said::NotMine,
        Of::Writer,
        r"<start><i think>(?: this is| it is| it's| that is| this must be| <you have>)?(?: about| for| to)?(?: the| a)? wrong <whom><end>",
    ),
    (Said::NotMine, Of::Writer, r"<start><i think>(?: this| it| that) is(?: about)? a different <whom><end>"),
    (
        Said::NotMine,
        Of::Writer,
        r"<start>(?: i've| we've| i have| we have| i| we)? never (?:saw|seen|met|treated|assessed) (?:her|him|them|(?:this|that|the) (?:child|patient|person|pupil|young person))(?: before)?<end>",
    ),
    (
        Said::NotMine,
        Of::Writer,
        r"<start>(?:(?: this child| this patient| this pupil| this young person| [\w']+)(?: is not| isn't| are not| aren't)|<she is not>| not) (?:a patient of (?:mine|ours)|(?:one of )?(?:my|our) (?:patients?|pupils?))<end>",
    ),
    (
        Said::NotMine,
        Of::Writer,
        r"<start><it is not>(?: within| part of| in| for)? (?:my|our) (?:role|remit|responsibility|job|service)<to answer><end>",
    ),
    (
        Said::NotMine,
        Of::Writer,
        r"<start>(?:(?: this| it| that)(?: is| falls| sits| lies| would be)| it's| that's)?(?: well| far| clearly)? (?:outside|beyond)(?: of)? (?:my|our) (?:role|remit|responsibility)<to answer><end>",
    ),
    (Said::NotMine, Of::Writer, r"<start><it is not> for (?:us|me|our (?:service|team))<to answer><end>"),
    (Said::NotMine, Of::Writer, r"<start><we are> not commissioned(?:<to answer>| for (?:this|that|it))<end>"),
    (
        Said::NotMine,
        Of::Writer,
        r"<start><it is not> something(?: that)? (?:we|i|our (?:service|team)) (?:do|does|provide|provides|offer|offers)<end>",
    ),
    (
        Said::MoreTime,
        Of::Writer,
        concat!(
            r"<start>(?:(?: i| we| i'd| we'd| i'll| we'll| i'm| we're)(?: (?:really|just|still|do|will|would|shall|may|might|am|are|going to|also|probably|kindly))*",
            r" (?:need|require|want|like|request|requesting|ask for|asking for|appreciate|be grateful for|grateful for|have to ask for)(?: to (?:have|ask for|request|take))?",
            r"| (?:please |kindly )?(?:could|can|may|might)(?: i| we)(?: please| possibly| perhaps)? (?:have|get|request|ask for|be given|take)",
            r"| (?:please |kindly )?(?:could|can|would) you(?: please| possibly| perhaps)? (?:allow|give|grant|let) (?:me|us)(?: have)?",
            r"| (?:would|is) it(?: be)? possible(?: for (?:me|us))? to (?:have|get|take)",
            r"| (?:please |kindly )?(?:allow|give|grant) (?:me|us)",
            r"| (?:need|require|requesting|request|asking for))",
            r" <longer><and why>$",
        ),
    ),
    (Said::AdviserAway, Of::Adviser, r"<start> @adviser<is away>"),
    (
        Said::AdviserAway,
        Of::OneOfOurs,
        r"<start> (?:our|my) (?:(?:speech|and|language|occupational|community|clinical|educational|lead|senior|specialist) )*(?:colleague|therapist|clinician|paediatrician|psychologist|consultant|adviser|advisor|specialist)<is away>",
    ),
    (
        Said::AdviserAway,
        Of::SomebodyNamed,
        r"<start>(?:<she is><now> <away><as things are>|(?: (?:she|he|they) will be| she'll be| he'll be)<now> <away><until>)",
    ),
];

/// What several patterns share; each may hold those below it.
const PARTS: [(&str, &str); 27] = [
    ("<start>", r"(?:^| (?:,|and|but|because|as|since))<lead>*"),
    (
        "<lead>",
        r"(?: (?:sorry|apologies|unfortunately|regrettably|sadly|thanks|thank you|hi|hello|i'm afraid|i am afraid|i'm sorry|i am sorry|but|just|also|please|please note|note|to let you know|to say|to inform you|to confirm|for information|fyi|that|no|yes|,))",
    ),
    (
        "<i think>",
        r"(?:(?: i| we) (?:think|believe|fear|suspect)(?: that)?|(?: it)? (?:looks like|seems that|seems|appears that))?",
    ),
    (
        "<you have>",
        r"(?:you|you've)(?: (?:have|may have|must have|seem to have|got|sent|asked|e ?mailed|contacted|written to|written|picked|this|it|mail|message|letter|request|the))*?",
    ),
    ("<whom>", r"(?:child|patient|person|pupil|young person|clinician|doctor|service|team)"),
    (
        "<it is not>",
        r"(?:(?: this| it| that)(?: is(?: really| certainly)? not| isn't| would not be)| it's not| that's not| not)(?: really)?",
    ),
    ("<we are>", r"(?: we are| we're| i am| i'm| our (?:service|team) is)"),
    (
        "<to answer>",
        concat!(
            r"(?: to (?:answer|give|provide|offer|advise|comment|complete|respond|reply|write|do|supply|produce)",
            r"(?: (?:on|to|for|this|that|it|such|the|an|any|ehc|statutory|advice|report|reports|request|answer))*)?",
        ),
    ),
    (
        "<end>",
        r"(?: (?:here|sorry|i think|i believe|i'm afraid|at all|altogether|any more|for me|for us|for my team|for our team|thanks|thank you))*(?:$| (?:,|and|so|as|please)(?: .*)?$)",
    ),
    (
        "<she is not>",
        r"(?:<she is><since> (?:not|no longer)| (?:she|he) isn't| they aren't| (?:she|he) was never| they were never| (?:she|he) has never been)",
    ),
    ("<she is>", r"(?: she is| he is| they are| she's| he's| they're)"),
    (
        "<of us>",
        r"(?:(?:one|a member) of (?:my|our) (?:staff|team)|(?:part of|on|in) (?:my|our) team|(?:my|our) staff)",
    ),
    (
        "<end of us>",
        r"(?: (?:any more|anymore|any longer|now|at all|i'm afraid|sorry|thanks))*(?:$| (?:,|and|so|but|please|as|since|because)(?: .*)?$)",
    ),
    ("<since>", r"(?: now| since| recently| already| sadly)?"),
    ("<employer>", r"(?:trust|organisation|nhs)"),
    ("<their post>", r"(?:(?:her|his|their) (?:post|role|job))"),
    ("<works>", r"(?:work(?:s|ing)? (?:here|for us|for (?:the|our) (?:trust|organisation|nhs|team|service)))"),
    ("<month>", r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"),
    (
        "<is away>",
        r"(?: is<now> <away><as things are>| will be<now> <away><until>| has been<now> <away> since(?: |$)| has been<now> signed off (?:sick|work|from work)(?: |$))",
    ),
    ("<until>", r"(?: (?:until|till|this week|today)(?: |$))"),
    (
        "<as things are>",
        concat!(
            r"(?:$| (?:,|until|till|to|at the moment|at present|since|this (?:week|month|term|morning|afternoon)|and|but|so|due|as|because|with|currently|now|today",
            r"|presently|still|indefinitely|long term|for (?:the (?:rest|next|foreseeable|whole)|a|some|several|\d+|two|three|four|five|six|eight))(?: |$))",
        ),
    ),
    ("<now>", r"(?: (?:currently|now|also|still|presently|unfortunately|sadly|again|at present|at the moment))*"),
    (
        "<away>",
        concat!(
            r"(?:off sick|off work|on leave|on holiday|on (?:long term )?sick(?:ness)?(?: leave)?|signed off (?:sick|from work|work)",
            r"|on (?:maternity|paternity|parental|adoption|compassionate|bereavement|annual|study|special|extended) leave)",
        ),
    ),
    (
        "<longer>",
        concat!(
            r"(?:(?:some |a |an |just |about |at least |up to )*(?:<some> )*(?:more|extra|additional|further|another)(?: (?:<some>|bit of))*(?: working)? (?:time|days?|weeks?|fortnight|months?)",
            r"|(?:a |an |some )?(?:<some> )?(?:little|bit|while|days?|weeks?|fortnight|few days|few weeks)(?: bit| while)? longer)",
        ),
    ),
    ("<some>", r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|ten|few|couple of|little|bit of|to|or)"),
    (
        "<and why>",
        concat!(
            r"(?: (?:please|thanks|thank you|if possible|sorry))*",
            r"(?: (?:for|on|with) (?:this|it|that|(?:the|my|our) (?:report|advice|response|reply|answer|part)))?<to finish>?",
            r"(?: (?:please|thanks|thank you|if possible|sorry))*",
            r"(?: (?:until|till|before|by|as|because|since|due to|,)(?: .*)?)?",
        ),
    ),
    (
        "<to finish>",
        concat!(
            r"(?: to (?:(?:complete|finish|write|do|answer|reply|respond|prepare|submit|return|send|compile|finalise|look at|read)",
            r"(?: (?:to|up|on|this|that|it|the|my|our|your|you|advice|report|response|reply|request|answer|properly))*",
            r"|(?:see|assess|meet|observe|visit) (?:her|him|them|the child|this child)))",
        ),
    ),
];

/// One of these in a reply, and what it seems to say is in doubt.
const DOUBTS: &[(Said, &str)] = &[
    (
        Said::NotMine,
        concat!(
            r" (?:i|we|i'll|we'll|i've|we've|i'm|we're)(?: (?:will|shall|have|am|are|can|now|already|just|also|but))* (?:chas|pass|forward|ask|send|sent|speak|spok|talk|contact|look|find|get|try|remind|follow|let|answer|reply|respond|redirect)",
            r"| (?:but|and) will | chas(?:e|ing)\b| (?:however|although|though|unless|mum|mother|dad|father|sister|brother)\b",
            r"| (?:needs|requires|benefits|weekly)\b| (?:she|he|they|child) should\b",
        ),
    ),
    (
        Said::MoreTime,
        concat!(
            r" (?:therap\w+|physio\w*|treatment|interventions?|programme|sessions?|blocks?|exams?|tests?|reader|scribe|lessons?|class(?:es)?|groups?|",
            r"provision|support|placement|hospital|process(?:ing)?|transitions?|tasks?|school|nursery|college)\b",
            r"| (?:needs|requires|benefits|has|gets)\b",
        ),
    ),
    (
        Said::NotMyStaff,
        concat!(
            r" (?:discharged|moved|moves|dna|dna'd|attend\w*|brought|missed|caseload|list|appointments?|referr\w+|seen|",
            r"mum|mother|dad|father|parents?|family|carers?|child|pupil|patients?|student|boy|girl|son|daughter|",
            r"senco|sendco|head|headteacher|teacher|school|nursery|college|academy)\b",
        ),
    ),
    (
        Said::AdviserAway,
        concat!(
            r" (?:was|were|had|returned|mum|mother|mummy|dad|father|parents?|family|carers?|school|nursery|college|academy)\b",
            r"|(?:^|,|and|but|already)(?: she is| he is| they are| she's| he's| they're| @adviser is| is)(?: now| already)? back\b| (?:now|just|came|got|come) back\b| back (?:now|today|at work|in work|yesterday|from)\b",
            r"| last (?:week|month|year|term|summer)\b| (?:from|starting|as of) (?:the |next )?(?:\d|january|february|march|april|may|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|week|month|year|term)",
        ),
    ),
];

/// "More time" that somebody has, or needs, is not asked for by the writer.
const THEIR_TIME: &str = concat!(
    r" (?:needs|requires|benefits from|gets|has|have had|be given|is given|are given|benefit from)(?: \w+){0,3} (?:more|extra|additional|further)\b",
    r"| (?:she|he|they|child|pupil|children)(?: \w+){0,2} (?:need|have|require|get)(?: \w+){0,3} more\b",
    r"| (?:give|gives|giving|given|allow|allows|allowing|offer|let|want|like) (?:her|him|them|the child)\b",
    r"| (?:more|extra|additional|further) time (?:in|with|on) (?:her|his|their|the )?(?:tests?|exams?|tasks?|class|lessons?|examinations?|assessments)\b",
    r"| (?:allow|allows|allowing|give|gives|giving) (?:more|extra|additional|further) time\b",
    r"| (?:more|extra) time to (?:process|understand|think|respond to (?:questions|instructions)|get (?:dressed|changed|ready)|move|settle)\b",
);

/// A child is spoken of: "she" may be the child.
const CHILD: &str =
    r" (?:child|pupil|patient|student|young person|boy|girl|son|daughter|class|teacher|appointments?)\b";

/// What stands before it makes it no statement of what is.
const SUPPOSES: &str = r" (?:if|unless|whether|when|whenever|suppose|assuming|think|doubt|wonder|hope|said|says)\b";

/// The same, but a comma ends it: "she is not in, she is on leave".
const DENIES: &str = r" (?:not|never|\w+n't)\b";

/// How a sentence begins that speaks of nobody but writer and adviser.
const SPEAKS_OF_NOBODY: &str = concat!(
    r"^ (?:i|i've|i'm|we|we've|we're|my|our|sorry|apologies|thank|thanks|unfortunately|no|yes|please|hi|hello|just|not",
    r"|@adviser (?:is|isn't|was|has left|left))(?: |$)",
);

/// Somebody is spoken of already, who may be the child.
const SPEAKS_OF_SOMEBODY: &str =
    r" (?:she|he|they|her|him|them|his|their|hers|theirs|she's|he's|they're|they've)(?: |$)";

/// All of them, made once.
pub(super) struct Patterns {
    /// What each reads, and of whom.
    pub says: Vec<(Said, Of, Regex)>,
    /// What leaves a doubt.
    pub doubts: Vec<(Said, Regex)>,
    /// Time that is a child's.
    pub their_time: Regex,
    /// A child is spoken of.
    pub child: Regex,
    /// Supposed or reported.
    pub supposes: Regex,
    /// Denied.
    pub denies: Regex,
    /// Begins with the writer or the adviser.
    pub speaks_of_nobody: Regex,
    /// Somebody is spoken of already.
    pub speaks_of_somebody: Regex,
}

pub(super) static PATTERNS: LazyLock<Option<Patterns>> = LazyLock::new(|| {
    let plain = |text: &str| pattern(text, &[]);
    Some(Patterns {
        says: SAYS.iter().map(|(said, of, text)| Some((*said, *of, pattern(text, &PARTS)?))).collect::<Option<_>>()?,
        doubts: DOUBTS.iter().map(|(said, text)| Some((*said, plain(text)?))).collect::<Option<_>>()?,
        their_time: plain(THEIR_TIME)?,
        child: plain(CHILD)?,
        supposes: plain(SUPPOSES)?,
        denies: plain(DENIES)?,
        speaks_of_nobody: plain(SPEAKS_OF_NOBODY)?,
        speaks_of_somebody: plain(SPEAKS_OF_SOMEBODY)?,
    })
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        for (.., text) in SAYS {
            assert!(pattern(text, &PARTS).is_some(), "{text}");
        }
        assert!(PATTERNS.is_some());
    }
}
