//! Verbs of the self-assessment.

use super::{Carried, Done, Turn};
use crate::core::assessment::event::AssessmentEvent;
use crate::core::command::Object;
use crate::core::event::{Because, Event};
use crate::engine::assessment::rounds::{Came, close, start, status};
use crate::engine::assessment::{action_case, send_results};
use crate::engine::desk::Desk;
use anyhow::Result;

/// The verbs of the self-assessment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RoundWord {
    Start,
    Status,
    Close,
    Result,
    Amend,
    ActionDone,
}

pub(super) async fn carry_out(desk: &mut Desk, turn: &mut Turn<'_>, word: RoundWord) -> Result<Carried> {
    let name = if let Object::Text(name) = &turn.command.object { Some(name.as_str()) } else { None };
    let came = match word {
        RoundWord::Start => start(desk, turn.author, name).await?,
        RoundWord::Status => status(desk, name).await?,
        RoundWord::Close => close(desk, turn.author, name).await?,
        RoundWord::Result => send_results(desk, &turn.mail.id, turn.author, name).await?,
        RoundWord::Amend => Came::Refused(
            "AMEND is for the provider's respondents, in an answer to the form or to a receipt.".to_owned(),
        ),
        RoundWord::ActionDone => done(desk, turn).await?,
    };
    Ok(match came {
        Came::Done(sentences) => (sentences.into_iter().map(Done::Yes).collect(), None),
        Came::Refused(why) => Done::No(why).alone(),
    })
}

/// `ACTION n DONE` of the ICB's lead or a SEND manager: the number is the one of the round's plan.
async fn done(desk: &mut Desk, turn: &Turn<'_>) -> Result<Came> {
    let Object::Number(number) = turn.command.object else {
        return Ok(Came::Refused("Which action? Write ACTION, its number in the plan, and DONE.".to_owned()));
    };
    let Some(loaded) = action_case(desk, number).await? else {
        return Ok(Came::Refused(format!("There is no action {number} in the plan of the newest round.")));
    };
    let event = AssessmentEvent::ActionDone { by: turn.author.clone(), number };
    let applied = desk.apply(loaded, &Event::Assessment(event)).await?;
    Ok(match applied.because {
        Because::Done(text) | Because::Nothing(text) => Came::Done(vec![text]),
        Because::Refused(text) => Came::Refused(text),
    })
}
