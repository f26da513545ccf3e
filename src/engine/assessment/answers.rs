//! A respondent's mail: which return it belongs to, what it says, and the event that it makes.

use super::{Return, may_answer, returns};
use crate::core::assessment::Answers;
use crate::core::assessment::event::{AssessmentEvent, NotTaken};
use crate::core::assessment::form::{FormCode, read_text};
use crate::core::assessment::provider_return::{Contribution, Manner};
use crate::core::case::Case;
use crate::core::command::{Command, Object, Verb};
use crate::core::event::Event;
use crate::core::id::{Address, FollowUpId};
use crate::engine::commands::commands_of;
use crate::engine::desk::Desk;
use crate::engine::intake::Mail;
use crate::message::form_mail::{self, FormMail, Forms};
use crate::message::new_text::html_to_text;
use crate::message::{Verdict, form_file};
use crate::store::{Loaded, MessageState, Outcome};
use anyhow::Result;

/// A mail that was placed on a return, or on an action of one.
pub(in crate::engine) async fn answered(
    desk: &mut Desk,
    mail: &mut Mail,
    author: &Address,
    id: &FollowUpId,
) -> Result<Outcome> {
    let Some(loaded) = desk.tx.case_of(id).await? else { return Ok(mail.outcome(MessageState::Triage, None)) };
    let Some(own) = (Return { loaded: loaded.clone() }).follow_up().map(|f| f.id.clone()) else {
        return Ok(mail.outcome(MessageState::Triage, None));
    };
    if mail.verdict == Verdict::Fail {
        return not_taken(desk, mail, author, (loaded, own, NotTaken::Unproved), Vec::new()).await;
    }
    if !may_answer(&loaded.case, author) && !owns_action(&loaded, author) {
        return not_taken(desk, mail, author, (loaded, own, NotTaken::NoRespondent), Vec::new()).await;
    }
    let commands = commands_of(desk, mail);
    if commands.iter().any(|c| matches!(c.verb, Verb::Amend | Verb::ActionDone)) {
        return commanded(desk, mail, author, &own, &commands).await;
    }
    if !may_answer(&loaded.case, author) {
        return not_taken(desk, mail, author, (loaded, own, NotTaken::NoRespondent), Vec::new()).await;
    }
    if let Some(why) = looked_at_by_a_person(mail) {
        return not_taken(desk, mail, author, (loaded, own, NotTaken::NeedsAPerson), vec![why]).await;
    }
    form(desk, mail, author, loaded, &own).await
}

/// Whoever owns an action may tick it off, respondent or not.
fn owns_action(loaded: &Loaded, who: &Address) -> bool {
    let actions = loaded.case.provider_return.iter().flat_map(|r| &r.actions);
    actions.into_iter().any(|a| a.owner.as_ref() == Some(who))
}

fn looked_at_by_a_person(mail: &Mail) -> Option<String> {
    crate::engine::reply::needs_a_person(mail).map(|doubt| format!("It is {}.", doubt.words()))
}

/// Whether anything in a mail reads as an answer to a return's form.
pub(in crate::engine) fn holds_answers(desk: &Desk, mail: &Mail, case: &Case) -> bool {
    let Some(provider_return) = case.provider_return.as_deref() else { return false };
    let criteria = &desk.office.policy.assessment.criteria;
    let (message, new) = (&mail.reading.message, &mail.reading.new_text);
    let read = form_mail::read(message, new, criteria, &provider_return.form, &Answers::default());
    !read.answers.is_empty() || commands_of(desk, mail).iter().any(|c| matches!(c.verb, Verb::Amend | Verb::ActionDone))
}

async fn form(desk: &mut Desk, mail: &mut Mail, author: &Address, loaded: Loaded, own: &FollowUpId) -> Result<Outcome> {
    let Some(provider_return) = loaded.case.provider_return.as_deref() else {
        return Ok(mail.outcome(MessageState::Triage, None));
    };
    let criteria = &desk.office.policy.assessment.criteria;
    let held = provider_return.standing().answers;
    let (message, new) = (&mail.reading.message, &mail.reading.new_text);
    let FormMail { answers, forms, evidence, remarks } =
        form_mail::read(message, new, criteria, &provider_return.form, &held);
    mail.story.push(format!("read as a form: {} criteria are spoken of", answers.items.len()));
    if forms == Forms::Another {
        mail.story.push("its form belongs to another round or provider".to_owned());
        return not_taken(desk, mail, author, (loaded, own.clone(), NotTaken::AnotherForm), remarks).await;
    }
    let says_more = answers.items.values().any(|i| !i.comment.trim().is_empty());
    if answers.is_empty() && !says_more {
        let why = if evidence.is_empty() { NotTaken::NoAnswers } else { NotTaken::FilesOnly };
        return not_taken(desk, mail, author, (loaded, own.clone(), why), remarks).await;
    }
    let contribution = Contribution {
        source: mail.id.clone(),
        by: author.clone(),
        at: mail.received_at,
        manner: Manner::Form,
        answers,
        attachments: evidence,
    };
    returned(desk, mail, (loaded, own), contribution, remarks).await
}

async fn returned(
    desk: &mut Desk,
    mail: &mut Mail,
    (loaded, own): (Loaded, &FollowUpId),
    contribution: Contribution,
    remarks: Vec<String>,
) -> Result<Outcome> {
    let event = AssessmentEvent::Returned { follow_up: own.clone(), contribution: Box::new(contribution), remarks };
    let applied = desk.apply(loaded, &Event::Assessment(event)).await?;
    mail.story.push(applied.because.text().to_owned());
    Ok(mail.outcome(MessageState::Placed, Some(own)))
}

async fn not_taken(
    desk: &mut Desk,
    mail: &mut Mail,
    author: &Address,
    (loaded, own, why): (Loaded, FollowUpId, NotTaken),
    remarks: Vec<String>,
) -> Result<Outcome> {
    let event = AssessmentEvent::NotTaken {
        follow_up: own.clone(),
        message: mail.id.clone(),
        by: author.clone(),
        why,
        remarks,
    };
    let applied = desk.apply(loaded, &Event::Assessment(event)).await?;
    mail.story.push(applied.because.text().to_owned());
    Ok(mail.outcome(MessageState::Placed, Some(&own)))
}

/// `AMEND` and `ACTION … DONE` of a respondent; several of the first are one contribution.
async fn commanded(
    desk: &mut Desk,
    mail: &mut Mail,
    author: &Address,
    own: &FollowUpId,
    commands: &[Command],
) -> Result<Outcome> {
    for command in commands.iter().filter(|c| c.verb == Verb::ActionDone) {
        if let (Object::Number(number), Some(loaded)) = (&command.object, desk.tx.case_of(own).await?) {
            let event = AssessmentEvent::ActionDone { by: author.clone(), number: *number };
            let applied = desk.apply(loaded, &Event::Assessment(event)).await?;
            mail.story.push(applied.because.text().to_owned());
            let key = format!("{}/action-{number}", mail.id);
            desk.write_to_partner(key, author, "Action plan", vec![applied.because.text().to_owned()]).await?;
        }
    }
    let lines: Vec<String> = commands.iter().filter_map(amended).collect();
    if lines.is_empty() {
        return Ok(mail.outcome(MessageState::Placed, Some(own)));
    }
    let answers = read_text(&lines.join("\n"), &desk.office.policy.assessment.criteria);
    let contribution = Contribution {
        source: mail.id.clone(),
        by: author.clone(),
        at: mail.received_at,
        manner: Manner::Amendment,
        answers,
        attachments: Vec::new(),
    };
    let Some(loaded) = desk.tx.case_of(own).await? else { return Ok(mail.outcome(MessageState::Triage, None)) };
    if !may_answer(&loaded.case, author) {
        return not_taken(desk, mail, author, (loaded, own.clone(), NotTaken::NoRespondent), Vec::new()).await;
    }
    returned(desk, mail, (loaded, own), contribution, Vec::new()).await
}

/// `AMEND 7: Yes – since June` as a line of the form.
fn amended(command: &Command) -> Option<String> {
    let Object::Number(number) = command.object else { return None };
    let text = command.text.as_deref().unwrap_or("?").trim().trim_start_matches([':', '=']).trim();
    (command.verb == Verb::Amend).then(|| format!("ANSWER {number:02}: {text}"))
}

/// The open return that a form itself names, where nothing else says what a mail is about. Where its sender answers for
/// several providers and the form does not say for which, they are asked, and a person has the mail.
pub(in crate::engine) async fn by_form(desk: &mut Desk, mail: &Mail, author: &Address) -> Result<Option<FollowUpId>> {
    if mail.verdict == Verdict::Fail {
        return Ok(None);
    }
    let message = &mail.reading.message;
    let html = message.html.as_deref().map(html_to_text).unwrap_or_default();
    let files = message.parts.iter().filter(|part| part.name.is_some()).take(4);
    let files = files.filter_map(|part| form_file::read(&part.body, part.name.as_deref()).ok());
    let text = files.fold(format!("{}\n{html}", message.text.as_deref().unwrap_or_default()), |text, file| {
        format!("{text}\n{}", file.words())
    });
    let codes = FormCode::all_in(&text);
    if codes.is_empty() {
        return Ok(None);
    }
    let theirs = returns(desk).await?.into_iter().filter(|r| may_answer(&r.loaded.case, author));
    let named = |r: &&Return| r.loaded.case.provider_return.as_ref().is_some_and(|p| codes.contains(&p.form));
    let open: Vec<Return> = theirs.filter(Return::is_open).collect();
    let named: Vec<&Return> = open.iter().filter(named).collect();
    // Last year's form belongs nowhere any more: it is answered with this year's.
    let possible = if named.is_empty() { open.iter().collect() } else { named };
    if let [_, _, ..] = possible.as_slice() {
        ask_for_whom(desk, mail, author, &possible).await?;
        return Ok(None);
    }
    Ok(possible.first().and_then(|r| r.follow_up()).map(|f| f.id.clone()))
}

async fn ask_for_whom(desk: &mut Desk, mail: &Mail, author: &Address, possible: &[&Return]) -> Result<()> {
    let names: Vec<String> = possible.iter().map(|r| r.provider().to_owned()).collect();
    let sentences = vec![
        format!(
            "The form in your mail could be that of {}, and nothing in it says which, so nothing of it was taken.",
            names.join(" or ")
        ),
        "Please send it again as an answer to the mail that brought you the form of the one that you mean.".to_owned(),
    ];
    desk.write_to_partner(format!("{}/for-whom", mail.id), author, "For which provider?", sentences).await
}
