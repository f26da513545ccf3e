//! What people do in the demo, and when. They decide nothing for the service: they write mail, and answer what they
//! find in their own inboxes.

mod around;
mod clarified;
mod exempt;
mod late;
mod on_time;
mod recovered;
mod round;
mod withdrawn;

use super::people::Proof;
use chrono::{DateTime, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Europe::London;

/// Something that somebody does.
#[derive(Debug, Clone, Copy)]
pub enum Act {
    /// A co-ordinator writes the fixed-subject mail as ever, with the service as one more recipient.
    CopiesIn {
        /// Co-ordinator.
        by: &'static str,
        /// Adviser and line managers.
        to: &'static [&'static str],
        /// The authority's reference.
        case: &'static str,
        /// What is required.
        text: &'static str,
    },
    /// A new mail to the service alone.
    Writes {
        /// As the mail says.
        from: &'static str,
        /// Subject.
        subject: &'static str,
        /// Text.
        text: &'static str,
        /// What the server in front finds out about the sender.
        proof: Proof,
    },
    /// An answer to the newest mail with these words in its subject about this case.
    Answers {
        /// Who.
        who: &'static str,
        /// Words of the subject.
        mail: &'static str,
        /// The case that the mail is about.
        case: &'static str,
        /// What they write.
        text: &'static str,
        /// A report that they attach.
        file: Option<&'static str>,
    },
    /// The form of a self-assessment, filled in where it stands.
    FillsIn {
        /// Who.
        who: &'static str,
        /// The rating of every criterion that is not named.
        rest: &'static str,
        /// Criteria with other ratings and their comments.
        but: &'static [(u32, &'static str, &'static str)],
    },
    /// Numbered lines of the newest such mail are answered.
    Judges {
        /// Who.
        who: &'static str,
        /// Words of the subject.
        mail: &'static str,
        /// What a line speaks of, and the words written behind its number.
        lines: &'static [(&'static str, &'static str)],
    },
    /// The newest such mail is forwarded to the service.
    Forwards {
        /// Who.
        who: &'static str,
        /// Words of the subject.
        mail: &'static str,
        /// The case that the mail is about.
        case: &'static str,
    },
}

/// An act and its moment.
#[derive(Debug, Clone, Copy)]
pub struct Scene {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub act: Act,
}

/// When the play begins and ends, local time.
pub const BEGINS: &str = "Mon 7 Sep 2026 07:00";
/// When the play ends.
pub const ENDS: &str = "Fri 29 Jan 2027 18:00";

/// Six children over 20 weeks, what goes on around them, and a round of the self-assessment.
const STORIES: [&[(&str, Act)]; 8] = [
    on_time::ACTS,
    clarified::ACTS,
    recovered::ACTS,
    late::ACTS,
    exempt::ACTS,
    withdrawn::ACTS,
    around::ACTS,
    round::ACTS,
];

/// What the stories of the six children tell.
const TITLES: [(&str, &str); 6] = [
    ("EHC-2026-0501", "on time"),
    ("EHC-2026-0502", "clarified twice"),
    ("EHC-2026-0503", "about to slip, and caught"),
    ("EHC-2026-0504", "late: two parents, two new dates"),
    ("EHC-2026-0505", "an exemption, and letters by post"),
    ("EHC-2026-0506", "stopped without a word to anybody"),
];

/// What the story of a case tells; nothing for those that go on around the six.
pub fn title(case: &str) -> &'static str {
    TITLES.iter().find(|(known, _)| *known == case).map_or("", |(_, title)| title)
}

/// The whole play in order of time.
pub fn scenes() -> Vec<Scene> {
    let acts = STORIES.iter().copied().flatten();
    let mut scenes: Vec<Scene> = acts.filter_map(|(when, act)| Some(Scene { at: local(when)?, act: *act })).collect();
    scenes.sort_by_key(|scene| scene.at);
    scenes
}

/// "Mon 2 Nov 2026 10:05", local time; `None` when no such minute is.
pub fn local(text: &str) -> Option<DateTime<Utc>> {
    let naive = NaiveDateTime::parse_from_str(text, "%a %d %b %Y %H:%M").ok()?;
    Some(London.from_local_datetime(&naive).earliest()?.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_act_has_a_real_moment_within_the_play() {
        assert_eq!(scenes().len(), STORIES.iter().map(|story| story.len()).sum::<usize>());
        let (begins, ends) = (local(BEGINS).unwrap(), local(ENDS).unwrap());
        assert!(scenes().iter().all(|scene| (begins..ends).contains(&scene.at)));
    }
}
