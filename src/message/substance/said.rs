//! What people say in a sentence of their own where a word is offered to them: "this is not our role", "she has left the
//! trust". Only short replies are read so, and only where the sentence itself tells who speaks of whom; in doubt
//! nothing is read, and a person looks at it. It judges nothing.

use super::sayings::{Of, PATTERNS, Patterns};
use super::statement::{Statement, statements};
use super::words::Text;
use regex::Regex;

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

    /// A question says nothing unless it asks for time; nor does what is supposed or denied.
    fn is_said(&self, said: Said, statement: &Statement, start: usize) -> bool {
        let (Some(before), Some(found)) = (statement.words.get(..start), statement.words.get(start..)) else {
            return false;
        };
        let denied = !found.starts_with(" ,") && self.patterns.denies.is_match(before);
        (!statement.asks || said == Said::MoreTime) && !denied && !self.patterns.supposes.is_match(before)
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
            ("Dr Lee is on leave, I will ask her when she's back.", Some(Said::AdviserAway)),
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
