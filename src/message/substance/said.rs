//! What people say in a sentence of their own where a word is offered to them: "this is not our role", "she has left the
//! trust". Only short replies are read so, and only where the sentence itself tells who speaks of whom; in doubt
//! nothing is read, and a person looks at it. It judges nothing.

use super::statement::{Statement, pattern, statements};
use super::words::Text;
use regex::Regex;
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

/// Of whom a pattern speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
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
            r"| (?:is|are|she's|he's|now|just|came|got|has come|come) back\b| back (?:now|today|at work|in work|yesterday|from)\b",
            r"| last (?:week|month|year|term|summer)\b| (?:from|starting|next|as of) (?:the )?(?:\d|january|february|march|april|may|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|week|month|year|term)",
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
const SUPPOSES: &str =
    r" (?:if|unless|whether|when|whenever|suppose|assuming|not|never|think|doubt|wonder|hope|said|says|\w+n't)\b";

/// How a sentence begins that speaks of nobody but writer and adviser.
const SPEAKS_OF_NOBODY: &str = concat!(
    r"^ (?:i|i've|i'm|we|we've|we're|my|our|sorry|apologies|thank|thanks|unfortunately|no|yes|please|hi|hello|just|not",
    r"|@adviser (?:is|isn't|was|has left|left))(?: |$)",
);

/// Somebody is spoken of already, who may be the child.
const SPEAKS_OF_SOMEBODY: &str =
    r" (?:she|he|they|her|him|them|his|their|hers|theirs|she's|he's|they're|they've)(?: |$)";

struct Patterns {
    says: Vec<(Said, Of, Regex)>,
    doubts: Vec<(Said, Regex)>,
    their_time: Regex,
    child: Regex,
    supposes: Regex,
    speaks_of_nobody: Regex,
    speaks_of_somebody: Regex,
}

static PATTERNS: LazyLock<Option<Patterns>> = LazyLock::new(|| {
    let plain = |text: &str| pattern(text, &[]);
    Some(Patterns {
        says: SAYS.iter().map(|(said, of, text)| Some((*said, *of, pattern(text, &PARTS)?))).collect::<Option<_>>()?,
        doubts: DOUBTS.iter().map(|(said, text)| Some((*said, plain(text)?))).collect::<Option<_>>()?,
        their_time: plain(THEIR_TIME)?,
        child: plain(CHILD)?,
        supposes: plain(SUPPOSES)?,
        speaks_of_nobody: plain(SPEAKS_OF_NOBODY)?,
        speaks_of_somebody: plain(SPEAKS_OF_SOMEBODY)?,
    })
});

/// Reads what somebody says in a short reply; `None` when it says none of this, or says it beside much else, or leaves
/// a doubt. `adviser` is the adviser's name as a letter writes it, empty when nobody knows it.
pub fn said(own: &str, adviser: &str) -> Option<Said> {
    if !(1..=LONGEST).contains(&Text::new(own).count()) {
        return None;
    }
    let patterns = PATTERNS.as_ref()?;
    let reply = Reply { statements: statements(own, adviser), patterns };
    (0..reply.statements.len()).find_map(|at| reply.read(at))
}

/// Whether "more time" in these words is what a child has or needs, and nothing that the writer asks for.
pub(super) fn is_their_time(own: &str) -> bool {
    PATTERNS.as_ref().is_some_and(|p| statements(own, "").iter().any(|s| p.their_time.is_match(&s.words)))
}

struct Reply<'a> {
    statements: Vec<Statement>,
    patterns: &'a Patterns,
}

impl Reply<'_> {
    /// What one statement says.
    fn read(&self, at: usize) -> Option<Said> {
        let statement = self.statements.get(at)?;
        let found = self.patterns.says.iter().find(|(said, of, pattern)| {
            pattern.find(&statement.words).is_some_and(|found| {
                self.is_said(*said, statement, found.start()) && self.is_of(*of, at, statement, found.start())
            })
        });
        found.map(|(said, ..)| *said).filter(|said| !self.is_in_doubt(*said))
    }

    /// A question is one only when it asks for time; a supposition is none.
    fn is_said(&self, said: Said, statement: &Statement, start: usize) -> bool {
        let supposed = statement.words.get(..start).is_none_or(|before| self.patterns.supposes.is_match(before));
        (!statement.asks || said == Said::MoreTime) && !supposed
    }

    /// Whether the words can be of nobody else.
    fn is_of(&self, of: Of, at: usize, statement: &Statement, start: usize) -> bool {
        match of {
            Of::Writer => statement
                .words
                .get(..start)
                .is_some_and(|before| before.is_empty() || self.patterns.speaks_of_nobody.is_match(before)),
            Of::Adviser => true,
            Of::OneOfOurs => !self.statements.iter().any(|s| s.names_others() || s.names_adviser()),
            Of::Somebody => self.nobody_else_before(at, statement, start),
            Of::SomebodyNamed => {
                let before = self.statements.get(..at).unwrap_or_default();
                let named = before.iter().any(Statement::names_adviser)
                    || statement.words.get(..start).is_some_and(|words| words.contains("@adviser"));
                named && self.nobody_else_before(at, statement, start) && !self.says(&self.patterns.child)
            }
        }
    }

    fn nobody_else_before(&self, at: usize, statement: &Statement, start: usize) -> bool {
        let before = self.statements.get(..at).unwrap_or_default();
        let plain = |words: &str| {
            self.patterns.speaks_of_nobody.is_match(words) && !self.patterns.speaks_of_somebody.is_match(words)
        };
        before.iter().all(|s| !s.names_others() && plain(&s.words))
            && !statement.names_others_before(start)
            && (start == 0 || statement.words.get(..start).is_some_and(plain))
    }

    fn says(&self, pattern: &Regex) -> bool {
        self.statements.iter().any(|s| pattern.is_match(&s.words))
    }

    fn is_in_doubt(&self, said: Said) -> bool {
        self.patterns.doubts.iter().any(|(of, doubt)| *of == said && self.says(doubt))
    }
}

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
            ("She has left the Trust.", Some(Said::NotMyStaff)),
            ("Dr Lee has left.", Some(Said::NotMyStaff)),
            ("Dr Lee no longer works here.", Some(Said::NotMyStaff)),
            ("Dr Lee is off sick at the moment.", Some(Said::AdviserAway)),
            ("Dr Lee is off sick until Monday", Some(Said::AdviserAway)),
            ("I asked Dr Lee. He is on annual leave.", Some(Said::AdviserAway)),
            ("Dr Lee is not in, she is on annual leave until Monday.", Some(Said::AdviserAway)),
            ("Dr Lee is not here any more, she has left the Trust.", Some(Said::NotMyStaff)),
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
            assert_eq!(said(own, "Dr Lee"), expected, "{own}");
        }
    }

    #[test]
    fn what_is_said_of_a_child_or_of_the_past_is_nothing_of_these() {
        for own in [
            "Dr Lee has signed off the report",
            "She was on leave last week but is back now and will answer today",
            "She is not on leave",
            "He is on holiday with his family until 12 June",
            "He is on annual leave.",
            "He was off sick when she called",
            "Dr Lee will be on leave from 20 December.",
            "Dr Lee is on leave next week.",
            "Dr Lee is on holiday in August.",
            "He needs extra time in tests and a reader",
            "Jo needs 25 per cent additional time",
            "Please see that she has a further six weeks of therapy",
            "We can offer Jo another six weeks of therapy",
            "He may need another six weeks of physiotherapy",
            "She was discharged in May and is no longer with us",
            "He is no longer with us",
            "He has left",
            "Jo is no longer with us; she moved in May",
            "Dr Lee is one of my team",
            "It is not for me to answer but I'll chase Dr Lee",
            "This is not the wrong child, I will chase",
        ] {
            assert_eq!(said(own, "Dr Lee"), None, "{own}");
        }
    }
}
