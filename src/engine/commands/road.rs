//! Which file carries a verb out, and whether its writer may give it.

use super::advice::{self, AdviceWord};
use super::cases::{self, CaseWord};
use super::order::{self, OrderWord};
use super::parents::{self, ParentWord};
use super::rounds::{self, RoundWord};
use super::triage::{self, Settle};
use super::{Carried, Done, Turn, ask, confirm, pausing, people};
use crate::core::command::{CommandRole, Object, Verb};
use crate::core::directory::Role;
use crate::core::id::Address;
use crate::engine::desk::Desk;
use anyhow::Result;

/// What carries a verb out.
enum Road {
    Help,
    Status,
    Clarify,
    ManagerIs,
    Absent,
    Triage(Settle),
    PauseAll,
    UnpauseAll,
    Order(OrderWord),
    Case(CaseWord),
    Advice(AdviceWord),
    Parent(ParentWord),
    Round(RoundWord),
    Report,
    Yes,
}

fn road(verb: Verb) -> Road {
    match verb {
        Verb::Help => Road::Help,
        Verb::Status => Road::Status,
        Verb::Clarify => Road::Clarify,
        Verb::ManagerIs => Road::ManagerIs,
        Verb::Absent => Road::Absent,
        Verb::Match => Road::Triage(Settle::Match),
        Verb::Ignore => Road::Triage(Settle::Ignore),
        Verb::PauseAll => Road::PauseAll,
        Verb::UnpauseAll => Road::UnpauseAll,
        Verb::Report => Road::Report,
        Verb::Yes => Road::Yes,
        Verb::Close => Road::Order(OrderWord::Close),
        Verb::Accept => Road::Order(OrderWord::Accept),
        Verb::Received => Road::Order(OrderWord::Received),
        Verb::Insufficient => Road::Order(OrderWord::Insufficient),
        Verb::NotAdvice => Road::Order(OrderWord::NotAdvice),
        Verb::Extend => Road::Order(OrderWord::Extend),
        Verb::Resend => Road::Order(OrderWord::Resend),
        Verb::Reopen => Road::Order(OrderWord::Reopen),
        Verb::Cancel => Road::Order(OrderWord::Cancel),
        Verb::NewCase => Road::Case(CaseWord::New),
        Verb::Correct => Road::Case(CaseWord::Correct),
        Verb::Import => Road::Case(CaseWord::Import),
        Verb::Note => Road::Case(CaseWord::Note),
        Verb::Narrative => Road::Case(CaseWord::Narrative),
        Verb::DecisionAssess => Road::Case(CaseWord::Assess),
        Verb::DecisionNoAssessment => Road::Case(CaseWord::NoAssessment),
        Verb::DecisionNoPlan => Road::Case(CaseWord::NoPlan),
        Verb::FinalIssued => Road::Case(CaseWord::FinalIssued),
        Verb::Exemption => Road::Case(CaseWord::Exemption),
        Verb::Stop => Road::Case(CaseWord::Stop),
        Verb::StopSilent => Road::Case(CaseWord::StopSilent),
        Verb::Resume => Road::Case(CaseWord::Resume),
        Verb::LegalHoldOn => Road::Case(CaseWord::LegalHoldOn),
        Verb::LegalHoldOff => Road::Case(CaseWord::LegalHoldOff),
        Verb::Reassign => Road::Case(CaseWord::Reassign),
        Verb::ReassignAll => Road::Case(CaseWord::ReassignAll),
        Verb::List => Road::Case(CaseWord::List),
        Verb::RequestAdvice => Road::Advice(AdviceWord::Request),
        Verb::AdviceAsked => Road::Advice(AdviceWord::Asked),
        Verb::UsedAsSubmitted => Road::Advice(AdviceWord::UsedAsSubmitted),
        Verb::NotKnown => Road::Advice(AdviceWord::NotKnown),
        Verb::DisputeUpheld => Road::Advice(AdviceWord::DisputeUpheld),
        Verb::DisputeRejected => Road::Advice(AdviceWord::DisputeRejected),
        Verb::WrongChild => Road::Advice(AdviceWord::WrongChild),
        Verb::NotSought => Road::Advice(AdviceWord::NotSought),
        Verb::Agreed => Road::Advice(AdviceWord::Agreed),
        Verb::DraftIssued => Road::Advice(AdviceWord::DraftIssued),
        Verb::Reissued => Road::Advice(AdviceWord::Reissued),
        Verb::FeedbackNone => Road::Advice(AdviceWord::FeedbackNone),
        Verb::FeedbackParent => Road::Advice(AdviceWord::FeedbackParent),
        Verb::FeedbackOther => Road::Advice(AdviceWord::FeedbackOther),
        Verb::NewDate => Road::Parent(ParentWord::NewDate),
        Verb::Send => Road::Parent(ParentWord::Send),
        Verb::Wait => Road::Parent(ParentWord::Wait),
        Verb::DontSend => Road::Parent(ParentWord::DontSend),
        Verb::Contact => Road::Parent(ParentWord::Contact),
        Verb::Posted => Road::Parent(ParentWord::Posted),
        Verb::Release => Road::Parent(ParentWord::Release),
        Verb::Discard => Road::Parent(ParentWord::Discard),
        Verb::RoundStart => Road::Round(RoundWord::Start),
        Verb::RoundStatus => Road::Round(RoundWord::Status),
        Verb::RoundClose => Road::Round(RoundWord::Close),
        Verb::RoundResult => Road::Round(RoundWord::Result),
        Verb::Amend => Road::Round(RoundWord::Amend),
        Verb::ActionDone => Road::Round(RoundWord::ActionDone),
    }
}

/// Which role somebody gives a command in.
fn command_role(desk: &Desk, author: &Address) -> CommandRole {
    // The ICB's lead may manage advisers too; about rounds they are the lead.
    if desk.directory.icb_lead.as_ref() == Some(author) && !desk.directory.is_staff(author) {
        return CommandRole::I;
    }
    match desk.directory.role(author) {
        Some(Role::SendManager) => CommandRole::M,
        Some(Role::Coordinator) => CommandRole::C,
        Some(Role::IcbLead) => CommandRole::I,
        Some(Role::Respondent) => CommandRole::Respondent,
        Some(Role::Adviser | Role::LineManager) | None => CommandRole::D,
    }
}

pub(super) async fn carried_out(desk: &mut Desk, turn: &mut Turn<'_>) -> Result<Carried> {
    let (author, command, lines) = (turn.author, turn.command, turn.lines);
    let role = command_role(desk, author);
    let allowed = command.verb.roles();
    let may = allowed.contains(&role) || role == CommandRole::C && allowed.contains(&CommandRole::D);
    if !may {
        let words = command.verb.words();
        return Ok(Done::No(format!("{words} is not for your role; nothing was done.")).alone());
    }
    match road(command.verb) {
        Road::Yes => Box::pin(confirm::confirmed(desk, turn)).await,
        Road::Help => Ok(ask::help(desk, turn.mail, author, command).await?.alone()),
        Road::Status => Ok(ask::status(desk, turn.mail, author, command, lines).await?.alone()),
        Road::Clarify => Box::pin(people::clarify(desk, author, command)).await,
        Road::ManagerIs => Ok(people::manager_is(desk, turn).await?.alone()),
        Road::Absent => Ok(people::absent(desk, turn.mail, command, lines).await?.alone()),
        Road::Triage(settle) => triage::triage(desk, command, lines, settle).await,
        Road::PauseAll => Ok(pausing::pause(desk, turn).await?.alone()),
        Road::UnpauseAll => Ok(pausing::unpause(desk, turn).await?.alone()),
        Road::Order(OrderWord::Reopen) if matches!(command.object, Object::Case(_)) => {
            Box::pin(cases::carry_out(desk, turn, CaseWord::Reopen)).await
        }
        Road::Order(word) => Box::pin(order::orders(desk, author, command, lines, word)).await,
        Road::Case(word) => Box::pin(cases::carry_out(desk, turn, word)).await,
        Road::Advice(word) => Box::pin(advice::carry_out(desk, turn, word)).await,
        Road::Parent(word) => Box::pin(parents::carry_out(desk, turn, word)).await,
        Road::Round(word) => Box::pin(rounds::carry_out(desk, turn, word)).await,
        Road::Report => Ok(ask::report(desk, turn.mail, author, command).await?.alone()),
    }
}
