//! What of a family stands in the co-ordinator's Today mail: letters that wait, letters to be posted.

use crate::core::calendar::local_date;
use crate::core::case::Case;
use crate::core::family::{Notice, NoticeState, Question};
use crate::core::follow_up::FollowUp;
use crate::core::id::Address;
use crate::core::letter::{Line, LineGroup, LineSubject};
use crate::core::notice::NoticeKind;
use crate::core::wording::{list, short_date};
use crate::engine::desk::Desk;
use anyhow::Result;
use chrono::{DateTime, Utc};

/// The lines about families whose case this co-ordinator owns.
pub(in crate::engine) async fn lines(desk: &mut Desk, who: &Address) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    for id in desk.tx.awaited_plans_of(who).await? {
        let Some(loaded) = desk.tx.case(&id).await? else { continue };
        let family = &loaded.case.register.family;
        lines.extend(family.in_hand().and_then(|notice| line(desk, &loaded.case, notice)));
        lines.extend(open_question(&loaded.case));
    }
    Ok(lines)
}

/// What only a person can write or say, as long as nothing has followed.
fn open_question(case: &Case) -> Option<Line> {
    let family = &case.register.family;
    let asked = family
        .asked
        .iter()
        .rev()
        .find(|a| matches!(a.question, Question::Words | Question::Speak | Question::Decision))?;
    // An update goes out meanwhile and answers nothing.
    if family.notices.iter().any(|n| n.on >= asked.on && n.kind != NoticeKind::Update) {
        return None;
    }
    let what = match asked.question {
        Question::Speak => "the plan is very late; please speak with the family",
        Question::Decision => "the family has been told several dates for a decision; please speak with them",
        Question::Words | Question::Addressee | Question::Age | Question::Exemption => {
            "the family needs a letter in your own words (NEW DATE with a line Reason:)"
        }
    };
    Some(Line {
        number: 0,
        group: LineGroup::NeedsYou,
        text: format!("{}: {what}; asked on {}.", case.label(), short_date(asked.on)),
        answers: Vec::new(),
        subject: LineSubject::Case(case.id.clone()),
    })
}

/// A parent waits for an answer, or has had it since the last Today mail.
pub(in crate::engine) fn answer_line(follow_up: &FollowUp, label: &str, since: DateTime<Utc>) -> Option<Line> {
    let head = format!("{} · {label}", follow_up.id);
    let line = |group, text: String, answers: &[&str]| Line {
        number: 0,
        group,
        text,
        answers: answers.iter().map(|&a| a.to_owned()).collect(),
        subject: LineSubject::FollowUp(follow_up.id.clone()),
    };
    if follow_up.stage.is_open() {
        let wrote_on = follow_up.round()?.day_zero.map(short_date)?;
        let due = follow_up.due_on().map(short_date)?;
        let text = format!("{head}: a parent wrote on {wrote_on} and was told that you answer by {due}.");
        return Some(line(LineGroup::NeedsYou, text, &["CLOSE"]));
    }
    follow_up.ended_at.filter(|&at| at >= since)?;
    Some(line(LineGroup::Happened, format!("{head}: a parent has been answered."), &[]))
}

fn line(desk: &Desk, case: &Case, notice: &Notice) -> Option<Line> {
    let zone = desk.office.policy.zone;
    let (what, date) = (notice.limit.what(), short_date(notice.date));
    let (text, answers): (String, &[&str]) = match notice.state {
        NoticeState::Waiting { until } => (
            format!(
                "a letter to the family ({what} by {date}) leaves on {} at {} unless you answer.",
                short_date(local_date(until, zone)),
                until.with_timezone(&zone).format("%H:%M")
            ),
            &["SEND", "WAIT", "DON'T SEND"],
        ),
        NoticeState::Held(hold) => (
            format!("a letter to the family ({what} by {date}) waits for you: {}.", hold.words()),
            &["SEND", "DON'T SEND"],
        ),
        NoticeState::Leaving { .. } => {
            let by_post = |name: &&String| {
                let untold = notice.told.iter().all(|t| t.name != **name);
                let post = case.register.contacts.iter().any(|c| c.name == **name && c.address().is_none());
                untold && (post || notice.returned.contains(name))
            };
            let names: Vec<String> = notice.to.iter().filter(by_post).cloned().collect();
            if names.is_empty() {
                return None;
            }
            (format!("the letter to {} has to go by post; has it gone?", list(&names)), &["POSTED"])
        }
        NoticeState::Told | NoticeState::Never | NoticeState::Withdrawn => return None,
    };
    Some(Line {
        number: 0,
        group: LineGroup::NeedsYou,
        text: format!("{}: {text}", case.label()),
        answers: answers.iter().map(|&a| a.to_owned()).collect(),
        subject: LineSubject::Case(case.id.clone()),
    })
}
