//! What of a family stands in the co-ordinator's Today mail: letters that wait, letters to be posted.

use crate::core::calendar::local_date;
use crate::core::case::Case;
use crate::core::family::{Notice, NoticeState};
use crate::core::id::Address;
use crate::core::letter::{Line, LineGroup, LineSubject};
use crate::core::wording::{list, short_date};
use crate::engine::desk::Desk;
use anyhow::Result;

/// The lines about families whose case this co-ordinator owns.
pub(in crate::engine) async fn lines(desk: &mut Desk, who: &Address) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    for id in desk.tx.awaited_plans_of(who).await? {
        let Some(loaded) = desk.tx.case(&id).await? else { continue };
        lines.extend(loaded.case.register.family.in_hand().and_then(|notice| line(desk, &loaded.case, notice)));
    }
    Ok(lines)
}

fn line(desk: &Desk, case: &Case, notice: &Notice) -> Option<Line> {
    let zone = desk.office.policy.zone;
    let date = short_date(notice.date);
    let (text, answers): (String, &[&str]) = match notice.state {
        NoticeState::Waiting { until } => (
            format!(
                "a letter to the family (the plan by {date}) leaves on {} at {} unless you answer.",
                short_date(local_date(until, zone)),
                until.with_timezone(&zone).format("%H:%M")
            ),
            &["SEND", "WAIT", "DON'T SEND"],
        ),
        NoticeState::Held(hold) => (
            format!("a letter to the family (the plan by {date}) waits for you: {}.", hold.words()),
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
