//! `followups+final@` among the recipients of a mail: the final plan is out. Read back first, for everything open on
//! the case ends with it (`commands.md` 2).

use super::cases::end;
use super::confirm::{self, ReadBack};
use super::receipt::receipt;
use super::{Carried, Done};
use crate::core::command::Verb;
use crate::core::event::{Because, CaseOrder, Event};
use crate::core::family::{FamilyEvent, NoticeOrder};
use crate::core::id::{Address, CaseRef};
use crate::core::wording::{date_words, list};
use crate::engine::desk::Desk;
use crate::engine::intake::Mail;
use crate::store::{Loaded, Outcome};
use anyhow::Result;

/// Reads back what the copied-in mail would do.
pub(in crate::engine) async fn final_copied_in(desk: &mut Desk, mail: &mut Mail, by: &Address) -> Result<Outcome> {
    let done = read_back(desk, mail, by).await?;
    mail.story.push("the final plan was copied in".to_owned());
    receipt(desk, mail, by, vec![done], None).await
}

async fn read_back(desk: &mut Desk, mail: &Mail, by: &Address) -> Result<Done> {
    let Some(reference) = reference(desk, mail) else {
        return Ok(Done::No(
            "Which case? The reference has to stand in the subject or in your own text of a mail to the address for final plans. Nothing was done; FINAL ISSUED and the reference does the same."
                .to_owned(),
        ));
    };
    let Some(loaded) = desk.tx.case_by_reference(&reference).await? else {
        return Ok(Done::No(format!("There is no case {reference}. Nothing was done.")));
    };
    if let Some(over) = loaded.case.over_words() {
        return Ok(Done::No(format!("{over}. Nothing was done.")));
    }
    let on = date_words(desk.office.date(mail.received_at));
    let label = loaded.case.label();
    let open: Vec<String> = loaded
        .case
        .follow_ups
        .iter()
        .filter(|f| f.stage.is_open())
        .map(|f| format!("{} ({})", f.id, f.kind.words()))
        .collect();
    let ends =
        if open.is_empty() { "Nothing is open on it.".to_owned() } else { format!("With YES end: {}.", list(&open)) };
    let held = hold_notice(desk, loaded, by).await?;
    let back = ReadBack {
        headline: format!("Please confirm: FINAL ISSUED {reference}"),
        sentences: vec![
            format!(
                "You have sent the final plan of {} with the service copied in. It would be recorded as issued on {on}.",
                label
            ),
            format!("{ends} Until then everything goes on, reminders too.{held}"),
        ],
        ask: Vec::new(),
    };
    confirm::ask(desk, mail, by, Verb::FinalIssued, 0, back).await
}

/// Whoever has the plan in hand must not read that it will be late: a letter to the family that waits is held from now
/// on (`domain.md` 3.5: never sent when the plan is final).
async fn hold_notice(desk: &mut Desk, loaded: Loaded, by: &Address) -> Result<&'static str> {
    let event = FamilyEvent::Ordered { by: by.clone(), order: NoticeOrder::Wait };
    Ok(match desk.apply(loaded, &Event::Family(event)).await?.because {
        Because::Done(_) => " The letter to the family that waits is held; it leaves only with SEND.",
        Because::Refused(_) | Because::Nothing(_) => "",
    })
}

/// After `YES`: the day of the mail is the day of issue.
pub(super) async fn confirmed(desk: &mut Desk, mail: &Mail, by: &Address) -> Result<Carried> {
    let Some(reference) = reference(desk, mail) else {
        return Ok(Done::No("Its reference is gone.".to_owned()).alone());
    };
    let Some(loaded) = desk.tx.case_by_reference(&reference).await? else {
        return Ok(Done::No(format!("There is no case {reference}.")).alone());
    };
    let on = desk.office.date(mail.received_at);
    Ok(end(desk, loaded, by, CaseOrder::FinalIssued { on }).await?.alone())
}

/// The case reference in the subject or in what the sender wrote, never in what they quote.
fn reference(desk: &Desk, mail: &Mail) -> Option<CaseRef> {
    let pattern = &desk.office.ref_pattern;
    let subject = pattern.find(&mail.reading.message.subject);
    subject.or_else(|| pattern.find(&mail.reading.new_text.own)).map(|m| CaseRef::new(m.as_str()))
}
