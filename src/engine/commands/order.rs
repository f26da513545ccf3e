//! Orders about follow-ups: the command's words as the core takes them.

use super::Done;
use super::target::targets;
use crate::core::command::{Command, DateBias, Field, read_date};
use crate::core::event::{Because, Event, Feedback, Order, Queried};
use crate::core::follow_up::{FollowUp, FollowUpKind, Ticks};
use crate::core::id::{Address, FollowUpId};
use crate::core::letter::Line;
use crate::core::policy::Agreement;
use crate::engine::desk::Desk;
use crate::engine::identifiers::screened;
use crate::store::Loaded;
use anyhow::Result;
use chrono::NaiveDate;

/// The verbs that order something about one follow-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OrderWord {
    Accept,
    Close,
    NotKnown,
    NotSought,
    UsedAsSubmitted,
    DisputeUpheld,
    DisputeRejected,
    WrongChild,
    Agreed,
    FeedbackNone,
    FeedbackParent,
    FeedbackOther,
    Received,
    Insufficient,
    NotAdvice,
    Extend,
    Resend,
    Reopen,
    Cancel,
}

pub(super) async fn orders(
    desk: &mut Desk,
    author: &Address,
    command: &Command,
    lines: &[Line],
    word: OrderWord,
) -> Result<(Vec<Done>, Option<FollowUpId>)> {
    let ids = match targets(command, lines) {
        Ok(ids) => ids,
        Err(why) => return Ok((vec![Done::No(why)], None)),
    };
    let mut done = Vec::new();
    for id in &ids {
        let Some(loaded) = desk.tx.case_of(id).await? else {
            done.push(Done::No(format!("There is no follow-up {id}.")));
            continue;
        };
        let fresh = desk.new_follow_up().await?;
        let (event, remark) = match event(desk, author, command, word, (&loaded, id), fresh) {
            Ok(found) => found,
            Err(why) => {
                done.push(Done::No(why));
                continue;
            }
        };
        let applied = desk.apply(loaded, &event).await?;
        done.push(match applied.because {
            Because::Refused(why) => Done::No(why),
            Because::Done(text) | Because::Nothing(text) => Done::Yes(format!("{text}{remark}")),
        });
    }
    Ok((done, ids.into_iter().next()))
}

/// What a command means for a follow-up, with what its writer should know beside. Advice that is insufficient opens a
/// clarification; anything else is an order.
fn event(
    desk: &Desk,
    by: &Address,
    command: &Command,
    word: OrderWord,
    (loaded, id): (&Loaded, &FollowUpId),
    clarification: FollowUpId,
) -> Result<(Event, String), String> {
    let follow_up = loaded.case.follow_up(id);
    let mut order = order(desk, command, word, follow_up.and_then(FollowUp::due_on))?;
    let mut remark = String::new();
    if let Order::Insufficient { text, .. } = &mut order {
        let screened = screened(desk, text);
        *text = screened.text;
        remark = screened.remark;
    }
    let of_advice = follow_up.is_some_and(|f| f.kind == FollowUpKind::AdviceRequest);
    if let (true, Order::Insufficient { why, text }) = (of_advice, &order) {
        if desk.office.policy.commands.agreement == Agreement::Block {
            return Err(format!(
                "A clarification needs a SEND manager's agreement here. Write CLARIFY and the case reference, with To:, About: {id}, Agreed with: and Text:."
            ));
        }
        let (why, text) = (why.clone(), text.clone());
        let queried = Queried { follow_up: id.clone(), clarification, by: by.clone(), why, text };
        return Ok((Event::Queried(queried), remark));
    }
    Ok((Event::Order { follow_up: id.clone(), by: by.clone(), order }, remark))
}

/// The order that a command gives.
fn order(desk: &Desk, command: &Command, word: OrderWord, due: Option<NaiveDate>) -> Result<Order, String> {
    let reason = command.text.clone();
    match word {
        OrderWord::Accept => Ok(Order::Accept { ticks: ticks(command) }),
        // Ticks say that it was read as advice, whichever word was written.
        OrderWord::Close if ticks(command) != Ticks::default() => Ok(Order::Accept { ticks: ticks(command) }),
        OrderWord::Close => Ok(Order::Close { reason }),
        OrderWord::NotKnown => Ok(Order::NotKnown),
        OrderWord::NotSought => Ok(Order::NotSought { reason: reason.unwrap_or_default() }),
        OrderWord::UsedAsSubmitted => Ok(Order::UsedAsSubmitted {
            with: command.field(Field::With).map(ToOwned::to_owned),
            text: reason.unwrap_or_default(),
        }),
        OrderWord::DisputeUpheld => Ok(Order::DisputeUpheld),
        OrderWord::DisputeRejected => Ok(Order::DisputeRejected),
        OrderWord::WrongChild => Ok(Order::WrongChild),
        OrderWord::Agreed => Ok(Order::Agreed),
        OrderWord::FeedbackNone => Ok(Order::Feedback(Feedback::None)),
        OrderWord::FeedbackParent => Ok(Order::Feedback(Feedback::Parent)),
        OrderWord::FeedbackOther => Ok(Order::Feedback(Feedback::Other)),
        OrderWord::Received => Ok(received(desk, command)),
        OrderWord::Insufficient => {
            let why = command.field(Field::Why).map(str::to_lowercase);
            check_reason(desk, why.as_deref())?;
            Ok(Order::Insufficient { why, text: command.text.clone().unwrap_or_default() })
        }
        OrderWord::NotAdvice => Ok(Order::NotAdvice),
        OrderWord::Extend => extend_to(desk, command, due).map(|to| Order::Extend { to, reason }),
        OrderWord::Resend => Ok(Order::Resend),
        OrderWord::Reopen => Ok(Order::Reopen),
        OrderWord::Cancel => Ok(Order::Cancel { reason }),
    }
}

/// What was ticked behind `ACCEPT`.
fn ticks(command: &Command) -> Ticks {
    let tick = |field| command.field(field).map(|value| value == "yes");
    Ticks { voice: tick(Field::Voice), plain: tick(Field::Plain), impact: tick(Field::Impact) }
}

/// `RECEIVED On: 4 Nov How: phone`, or `3 RECEIVED 4 Nov by phone`.
fn received(desk: &Desk, command: &Command) -> Order {
    let today = desk.office.date(desk.now);
    let free = command.text.as_deref().and_then(|t| received_words(t, today));
    let (free_on, free_how) = free.unwrap_or((None, command.text.clone()));
    Order::Received {
        on: command.date(Field::On).or(free_on),
        how: command.field(Field::How).map(ToOwned::to_owned).or(free_how),
    }
}

/// "4 Nov by phone": a date in front of free words.
fn received_words(text: &str, today: NaiveDate) -> Option<(Option<NaiveDate>, Option<String>)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    (1..=words.len().min(4)).rev().find_map(|n| {
        let (front, rest) = words.split_at_checked(n)?;
        let date = read_date(&front.join(" "), today, DateBias::Past)?;
        let how = rest.join(" ");
        Some((Some(date), (!how.is_empty()).then_some(how)))
    })
}

fn extend_to(desk: &Desk, command: &Command, due: Option<NaiveDate>) -> Result<NaiveDate, String> {
    let calendar = &desk.office.policy.calendar;
    let by = command.field(Field::By).and_then(|n| n.parse::<u32>().ok());
    let said = command.text.as_deref().and_then(|t| read_date(t, desk.office.date(desk.now), DateBias::Future));
    match (command.date(Field::To).or(said), by, due) {
        (Some(to), _, _) => Ok(to),
        (None, Some(days), Some(due)) if days > 0 => {
            Ok(calendar.add_working_days(due.max(desk.office.date(desk.now)), days))
        }
        (None, Some(_), None) => Err("By: counts from a due date, and the clock does not run yet. EXTEND with To: and a date, or wait until the request has left.".to_owned()),
        (None, _, _) => Err("EXTEND needs To: a date, or By: a number of working days.".to_owned()),
    }
}

pub(super) fn check_reason(desk: &Desk, why: Option<&str>) -> Result<(), String> {
    let reasons = &desk.office.policy.commands.reasons;
    match why {
        Some(code) if !reasons.iter().any(|r| r.eq_ignore_ascii_case(code)) => {
            Err(format!("'{code}' is no reason code. The codes are: {}.", reasons.join(", ")))
        }
        Some(_) | None => Ok(()),
    }
}
