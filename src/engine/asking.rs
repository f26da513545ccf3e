//! A mail to advisers with `+advice@` or `+draft@` copied in: one follow-up for each adviser in To (`commands.md` 2).
//! To people whom the directory does not know nothing goes until the co-ordinator has said who they are.

use super::desk::Desk;
use super::identifiers::screened;
use super::intake::Mail;
use super::opening::response_required;
use crate::core::case::CaseId;
use crate::core::directory::Role;
use crate::core::event::{Because, Drafted, Event};
use crate::core::follow_up::FollowUpKind;
use crate::core::id::{Address, CaseRef, FollowUpId};
use crate::core::letter::{LetterKind, Line};
use crate::core::policy::CheckAnchor;
use crate::core::register::{DraftIssue, PlanDraft};
use crate::core::wording::date_words;
use crate::store::{MessageState, Outcome};
use anyhow::Result;

/// Asks somebody on a staff member's word, and tells the follow-up who of its people is known to be away.
pub(super) async fn open_asked(
    desk: &mut Desk,
    reference: &CaseRef,
    event: &Event,
    id: &FollowUpId,
    by: &Address,
) -> Result<Because> {
    let loaded = desk.case_for(Some(reference.clone()), id, by).await?;
    let is_known = loaded.version > 0;
    let because = desk.apply(loaded, event).await?.because;
    desk.tell_known_absences(id).await?;
    Ok(match because {
        Because::Done(said) if !is_known => Because::Done(format!(
            "{said} {reference} was not known here, and without the day of its request no week is reckoned: NEW CASE {reference} registers it. If the reference is wrong, write CANCEL {id}."
        )),
        because @ (Because::Done(_) | Because::Nothing(_) | Because::Refused(_)) => because,
    })
}

/// Who is asked in a mail.
struct Asked {
    advisers: Vec<Address>,
    unknown: Vec<Address>,
}

/// Advisers and unknown people in To. Somebody who manages another of them is there as the manager.
fn asked_in(desk: &Desk, mail: &Mail) -> Asked {
    let to = mail.reading.message.to.iter().map(|m| m.address.clone());
    let outside: Vec<Address> = to.filter(|a| !desk.office.is_own(a) && !desk.directory.is_staff(a)).collect();
    let is_route = |a: &Address| desk.directory.services.iter().any(|s| s.route.as_ref() == Some(a));
    let gives_advice = |a: &Address| desk.directory.role(a) == Some(Role::Adviser) || is_route(a);
    let manages_one =
        |a: &Address| outside.iter().any(|o| o != a && gives_advice(o) && desk.directory.managers_of(o).contains(a));
    let mut advisers: Vec<Address> = outside.iter().filter(|a| gives_advice(a) && !manages_one(a)).cloned().collect();
    let mut unknown: Vec<Address> =
        outside.iter().filter(|a| desk.directory.role(a).is_none() && !is_route(a)).cloned().collect();
    advisers.dedup();
    unknown.dedup();
    Asked { advisers, unknown }
}

/// `+advice@`: advice requests.
pub(super) async fn advice(desk: &mut Desk, mail: &mut Mail, by: &Address) -> Result<Outcome> {
    let reference = super::opening::case_reference(desk, &mail.reading.message);
    let text = screened(desk, &mail.reading.new_text.text);
    let opened = open_all(desk, mail, by, reference.as_ref(), FollowUpKind::AdviceRequest, &text.text).await?;
    let mut sentences = opened.sentences;
    if reference.is_none() && !sentences.is_empty() {
        sentences.push("No case reference was found in the mail, so it is listed as “no case”.".to_owned());
    }
    sentences.extend((!text.remark.is_empty()).then(|| text.remark.trim().to_owned()));
    receipt(desk, mail, by, sentences, &opened.ids, reference.as_ref()).await
}

/// `+draft@`: the plan draft and its checks. The reference has to stand in the subject or in what was written, for a
/// draft counts for the whole case.
pub(super) async fn draft(desk: &mut Desk, mail: &mut Mail, by: &Address) -> Result<Outcome> {
    let reference = {
        let texts = [mail.reading.message.subject.as_str(), mail.reading.new_text.text.as_str()];
        texts.iter().find_map(|t| desk.office.ref_pattern.find(t)).map(|m| CaseRef::new(m.as_str()))
    };
    let Some(reference) = reference else {
        let sentence = "The plan draft was not noted and nobody is followed up: the case reference has to stand in the subject or the text. Write DRAFT ISSUED and the reference, with Where: the e-mail of today.";
        return receipt(desk, mail, by, vec![sentence.to_owned()], &[], None).await;
    };
    let noted = note_draft(desk, mail, by, &reference).await?;
    let place = match noted {
        Because::Refused(why) => return receipt(desk, mail, by, vec![why], &[], Some(&reference)).await,
        Because::Done(text) | Because::Nothing(text) => text,
    };
    let whence = whence(desk, mail, by);
    let opened = open_all(desk, mail, by, Some(&reference), FollowUpKind::DraftCheck, &whence).await?;
    let mut sentences = vec![place];
    sentences.extend(opened.sentences);
    receipt(desk, mail, by, sentences, &opened.ids, Some(&reference)).await
}

/// Where the advisers find the plan draft.
fn whence(desk: &Desk, mail: &Mail, by: &Address) -> String {
    let on = date_words(desk.office.date(mail.received_at));
    format!("in the e-mail of {on} from {}", desk.directory.name_of(by))
}

async fn note_draft(desk: &mut Desk, mail: &Mail, by: &Address, reference: &CaseRef) -> Result<Because> {
    let any = desk.new_follow_up().await?;
    let loaded = desk.case_for(Some(reference.clone()), &any, by).await?;
    let register = &loaded.case.register;
    let issue = match desk.office.policy.draft_check.anchor {
        CheckAnchor::PreIssue if register.issued_draft().is_none() => DraftIssue::Before,
        CheckAnchor::PreIssue | CheckAnchor::Issue if register.issued_draft().is_some() => DraftIssue::Reissued,
        CheckAnchor::PreIssue | CheckAnchor::Issue => DraftIssue::Issued,
    };
    let draft = PlanDraft { on: desk.office.date(mail.received_at), issue, place: whence(desk, mail, by) };
    Ok(desk.apply(loaded, &Event::Drafted(Drafted { by: by.clone(), draft })).await?.because)
}

struct Opened {
    ids: Vec<FollowUpId>,
    sentences: Vec<String>,
}

/// One follow-up for each who is asked.
async fn open_all(
    desk: &mut Desk,
    mail: &mut Mail,
    by: &Address,
    reference: Option<&CaseRef>,
    kind: FollowUpKind,
    text: &str,
) -> Result<Opened> {
    let asked = asked_in(desk, mail);
    let today = desk.office.date(mail.received_at);
    let stated = response_required(&mail.reading.new_text.text, today);
    let known = asked.advisers.into_iter().map(|a| (Some(a), Vec::new()));
    let strangers = asked.unknown.into_iter().map(|a| (None, vec![a]));
    let mut opened = Opened { ids: Vec::new(), sentences: Vec::new() };
    for (adviser, unknown) in known.chain(strangers) {
        let id = desk.new_follow_up().await?;
        let managers = adviser.as_ref().map(|a| desk.directory.managers_of(a)).unwrap_or_default();
        let event = Event::CopiedIn {
            follow_up: id.clone(),
            kind,
            by: by.clone(),
            received_at: mail.received_at,
            adviser,
            managers,
            unknown,
            text: text.to_owned(),
            response_required: stated,
        };
        let loaded = desk.case_for(reference.cloned(), &id, by).await?;
        let applied = desk.open_thread(loaded, &event, &id, mail.reading.message.message_id.as_deref()).await?;
        mail.story.push(applied.because.text().to_owned());
        opened.sentences.push(applied.because.text().to_owned());
        desk.tell_known_absences(&id).await?;
        opened.ids.push(id);
    }
    if opened.ids.is_empty() {
        opened.sentences.push("Nobody in To gives advice, so nothing is followed up.".to_owned());
    }
    Ok(opened)
}

async fn receipt(
    desk: &mut Desk,
    mail: &mut Mail,
    by: &Address,
    sentences: Vec<String>,
    ids: &[FollowUpId],
    reference: Option<&CaseRef>,
) -> Result<Outcome> {
    let about = reference.map(|r| format!(" ({r})")).unwrap_or_default();
    let headline = if ids.is_empty() { "Please look" } else { "Noted" };
    let mut letter =
        desk.staff_letter(LetterKind::Receipt, format!("{}/receipt", mail.id), by, &format!("{headline}{about}"));
    letter.facts.sentences = sentences;
    letter.in_reply_to.clone_from(&mail.reading.message.message_id);
    letter.lines = ids.iter().zip(1..).map(|(id, number)| Line { number, ..Line::about(id) }).collect();
    desk.send(&letter, None).await?;
    let state = if ids.is_empty() { MessageState::Filed } else { MessageState::Placed };
    let mut outcome = mail.outcome(state, ids.first());
    outcome.case_id = ids.first().map(|id| CaseId::of(reference, id).0);
    Ok(outcome)
}
