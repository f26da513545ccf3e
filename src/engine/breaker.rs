//! Circuit breakers: too many letters at once, or a clock that runs behind the database, and a SEND manager is asked
//! before anything leaves (`mail.md` 5). They guard against a wrong clock, a restored backup, a broken holiday list.

use super::desk::Desk;
use super::outgoing::take_back_escalation;
use crate::core::calendar::{at_local, local_date};
use crate::core::command::{Command, Object};
use crate::core::event::Again;
use crate::core::id::Address;
use crate::core::letter::{LetterKind, Line, LineGroup, LineSubject};
use crate::core::wording::list;
use crate::store::LetterRow;
use anyhow::Result;
use chrono::{DateTime, Duration, NaiveTime, Utc};

/// Letters to families that a day may bring.
const TO_FAMILIES: [LetterKind; 2] = [LetterKind::ParentNotice, LetterKind::ParentUpdate];
const ESCALATIONS: [LetterKind; 2] = [LetterKind::Escalation, LetterKind::Overdue];
/// More escalations than these, and more than a tenth of all open follow-ups, in one morning.
const MOST_ESCALATIONS: i64 = 15;
const OPEN_PER_ESCALATION: i64 = 10;
/// A clock may be put back a little by its time server.
const SMALL_STEP: Duration = Duration::minutes(10);
/// Since when the clock was found to be behind; empty when it is not.
const CLOCK_BEHIND: &str = "clock_behind";
/// Up to which instant of the database a SEND manager has let letters go all the same.
const CLOCK_RELEASED: &str = "clock_released_to";

/// What may leave in this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Passage {
    /// Everything.
    Open,
    /// Alarms, and the question whether to go on.
    AlarmsOnly,
}

impl Passage {
    /// Whether a letter of this kind may leave.
    pub(super) fn lets(self, kind: LetterKind) -> bool {
        self == Self::Open || matches!(kind, LetterKind::Alarm | LetterKind::ReadBack)
    }
}

/// What a SEND manager does with held letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Settle {
    /// They go.
    Release,
    /// They are thrown away.
    Discard,
}

/// Held letters that a command is about.
#[derive(Debug, Default)]
pub(super) struct Held {
    letters: Vec<LetterRow>,
    clock: bool,
}

impl Held {
    /// What would happen, for reading back.
    pub(super) fn words(&self) -> Vec<String> {
        let mut words: Vec<String> = self.letters.iter().map(letter_words).collect();
        if !words.is_empty() {
            words.insert(0, format!("These {} letters would leave:", words.len()));
        }
        if self.clock {
            words.push("The service would trust its clock again and send everything that waits.".to_owned());
        }
        words
    }
}

/// Looks at what is about to leave and holds what is too much; asks the SEND managers.
pub(super) async fn look(desk: &mut Desk) -> Result<Passage> {
    if is_clock_behind(desk).await? {
        return Ok(Passage::AlarmsOnly);
    }
    let policy = &desk.office.policy;
    let morning = at_local(local_date(desk.now, policy.zone), NaiveTime::MIN, policy.zone);
    let per_day = i64::from(policy.parents.per_day);
    let to_families = fresh(desk, &TO_FAMILIES).await?;
    let sent = if to_families.is_empty() { 0 } else { desk.tx.sent_since(&TO_FAMILIES, morning).await? };
    if sent + count(&to_families) > per_day && !to_families.is_empty() {
        let left = if sent == 0 { String::new() } else { format!(" {sent} have left already.") };
        let why = format!(
            "{} letters to parents are to leave today; more than {per_day} a day need your word.{left}",
            to_families.len()
        );
        hold(desk, &to_families, &why).await?;
    }
    let escalations = fresh(desk, &ESCALATIONS).await?;
    if !escalations.is_empty() {
        let decided = desk.tx.decided_since(&ESCALATIONS, morning).await? + desk.tx.follow_ups_due(desk.now).await?;
        let open = desk.tx.open_follow_ups().await?;
        if decided > MOST_ESCALATIONS && decided * OPEN_PER_ESCALATION > open {
            let why = format!("{decided} of {open} open follow-ups escalate this morning; that is unusual.");
            hold(desk, &escalations, &why).await?;
        }
    }
    Ok(Passage::Open)
}

fn count(letters: &[LetterRow]) -> i64 {
    i64::try_from(letters.len()).unwrap_or(i64::MAX)
}

/// Letters of these kinds that are to leave now and that nobody has released.
async fn fresh(desk: &mut Desk, kinds: &[LetterKind]) -> Result<Vec<LetterRow>> {
    let mut fresh = Vec::new();
    for letter in desk.tx.leaving(kinds, desk.now).await? {
        if desk.tx.mark(&released_mark(&letter.id)).await?.is_none() {
            fresh.push(letter);
        }
    }
    Ok(fresh)
}

fn released_mark(letter: &str) -> String {
    format!("released:{letter}")
}

async fn hold(desk: &mut Desk, letters: &[LetterRow], why: &str) -> Result<()> {
    tracing::error!(letters = letters.len(), "A circuit breaker holds letters until a SEND manager releases them");
    for letter in letters {
        desk.tx.hold_letter(&letter.id, why).await?;
    }
    let first = letters.first().map(|l| l.id.clone()).unwrap_or_default();
    let lines: Vec<Line> = letters
        .iter()
        .zip(1..)
        .map(|(letter, number)| Line {
            number,
            group: LineGroup::NeedsYou,
            text: letter_words(letter),
            answers: Vec::new(),
            subject: LineSubject::Held { letter: letter.id.clone() },
        })
        .collect();
    let sentences = vec![
        why.to_owned(),
        "They are held. The reason may be good (a holiday, many requests at once) or not (a wrong clock, a restored backup, a broken holiday list): please look before you answer.".to_owned(),
        "Answer RELEASE ALL, or RELEASE 1,3,4 with the numbers of some, or DISCARD.".to_owned(),
    ];
    ask(desk, &format!("breaker/{first}"), "Letters are held: may they leave?", &sentences, &lines).await
}

async fn ask(desk: &mut Desk, key: &str, headline: &str, sentences: &[String], lines: &[Line]) -> Result<()> {
    let managers: Vec<Address> = desk.directory.send_managers.iter().map(|m| m.address.clone()).collect();
    for manager in managers {
        let mut letter = desk.staff_letter(LetterKind::Alarm, format!("{key}/{manager}"), &manager, headline);
        letter.facts.sentences = sentences.to_vec();
        letter.lines = lines.to_vec();
        desk.send(&letter, None).await?;
    }
    Ok(())
}

fn letter_words(letter: &LetterRow) -> String {
    let about = letter.follow_up.clone().or_else(|| letter.case_id.clone()).unwrap_or_else(|| letter.id.clone());
    format!("{}, {about}", letter.kind.title())
}

/// Whether the clock runs behind the newest entry of the journal. Once found it stays so until `RELEASE`.
async fn is_clock_behind(desk: &mut Desk) -> Result<bool> {
    if desk.tx.mark(CLOCK_BEHIND).await?.is_some_and(|mark| !mark.is_empty()) {
        return Ok(true);
    }
    let Some(newest) = desk.tx.newest_entry().await? else { return Ok(false) };
    let trusted = desk.tx.instant_mark(CLOCK_RELEASED).await?;
    if desk.now + SMALL_STEP >= newest || trusted.is_some_and(|to| newest <= to) {
        return Ok(false);
    }
    tracing::error!(%newest, now = %desk.now, "The clock runs behind the database: all letters are held until RELEASE");
    desk.tx.set_mark(CLOCK_BEHIND, &newest.timestamp_millis().to_string()).await?;
    let zone = desk.office.policy.zone;
    let words = |at: DateTime<Utc>| at.with_timezone(&zone).format("%-d %B %Y %H:%M").to_string();
    let sentences = vec![
        format!("The clock of the service says {}, but its newest entry is of {}.", words(desk.now), words(newest)),
        "Until this is settled no letter leaves but this one. Please have the clock looked at, then answer RELEASE ALL.".to_owned(),
    ];
    ask(desk, &format!("clock/{newest}"), "The clock runs behind: all letters are held", &sentences, &[]).await?;
    Ok(true)
}

/// The held letters that `RELEASE` or `DISCARD` is about: by number, or all.
pub(super) async fn meant(desk: &mut Desk, command: &Command, lines: &[Line]) -> Result<Result<Held, String>> {
    let all = desk.tx.held_letters().await?;
    let clock = desk.tx.mark(CLOCK_BEHIND).await?.is_some_and(|mark| !mark.is_empty());
    let of_line = |number: &u32| {
        let line = lines.iter().find(|l| l.number == *number)?;
        match &line.subject {
            LineSubject::Held { letter } => all.iter().find(|held| held.id == *letter).cloned(),
            LineSubject::FollowUp(_)
            | LineSubject::Confirmation { .. }
            | LineSubject::Case(_)
            | LineSubject::Triage { .. }
            | LineSubject::Candidate { .. } => None,
        }
    };
    let mut held = Held { letters: Vec::new(), clock: false };
    if !command.lines.is_empty() {
        for number in &command.lines {
            match of_line(number) {
                Some(letter) => held.letters.push(letter),
                None => return Ok(Err(format!("Line {number} is no letter that is held; nothing was done."))),
            }
        }
    } else if command.object == Object::All {
        held = Held { letters: all, clock };
    } else {
        // Without a word, what the answered mail lists.
        held.letters = lines.iter().filter_map(|l| of_line(&l.number)).collect();
        held.clock = clock && lines.is_empty();
    }
    if held.letters.is_empty() && !held.clock {
        return Ok(Err("No letter is held.".to_owned()));
    }
    Ok(Ok(held))
}

/// Releases or discards.
pub(super) async fn settle(desk: &mut Desk, held: &Held, settle: Settle, by: &Address) -> Result<String> {
    let now = desk.now;
    for letter in &held.letters {
        match settle {
            Settle::Release => {
                desk.tx.set_mark(&released_mark(&letter.id), by.as_str()).await?;
                desk.tx.release_letter(&letter.id, &format!("released by {by}"), now).await?;
            }
            Settle::Discard => {
                desk.tx.discard_letter(&letter.id, &format!("discarded by {by}")).await?;
                take_back_escalation(desk, letter, Again::NextTime).await?;
            }
        }
    }
    let mut said = Vec::new();
    if !held.letters.is_empty() {
        let what = match settle {
            Settle::Release => "released",
            Settle::Discard => "discarded; they will not be sent",
        };
        said.push(format!("{} letters are {what}", held.letters.len()));
    }
    if held.clock && settle == Settle::Release {
        let newest = desk.tx.newest_entry().await?.unwrap_or(now);
        desk.tx.set_instant_mark(CLOCK_RELEASED, newest).await?;
        desk.tx.set_mark(CLOCK_BEHIND, "").await?;
        said.push("the clock is trusted again".to_owned());
    }
    Ok(format!("{}.", list(&said)))
}
