//! What respondents send: taken, answered with a receipt, asked back by item.

use super::{letter, record, tell, tell_owner};
use crate::core::assessment::Rating;
use crate::core::assessment::event::NotTaken;
use crate::core::assessment::provider_return::{Completed, Contribution, Taken};
use crate::core::calendar::local_date;
use crate::core::decide::Work;
use crate::core::event::Because;
use crate::core::follow_up::{FollowUp, Stage};
use crate::core::id::{Address, FollowUpId};
use crate::core::letter::{LetterKind, SendOnlyWhile};
use crate::core::wording::date_words;

pub(super) fn returned(work: &mut Work, id: &FollowUpId, contribution: &Contribution, remarks: &[String]) -> Because {
    let policy = &work.rules.policy.assessment;
    let Some(mut provider_return) = work.case.provider_return.take() else {
        return Because::Refused(format!("{id} is no self-assessment."));
    };
    let closed = work.case.follow_up(id).is_some_and(|f| !f.stage.is_open());
    if closed {
        work.case.provider_return = Some(provider_return);
        return after_the_close(work, id, contribution);
    }
    let before = provider_return.standing().conflicts;
    let taken = provider_return.take(contribution.clone(), &policy.criteria, policy.comments);
    let conflicts = provider_return.standing().conflicts;
    let lead = provider_return.lead.clone();
    work.case.provider_return = Some(provider_return);
    let fresh: Vec<String> =
        conflicts.iter().filter(|c| !before.contains(c)).map(|c| format!("- Q{:02}: {c}", c.question)).collect();
    work.with(id, |work, follow_up| {
        record(follow_up, &contribution.source, &contribution.by, contribution.at);
        if taken.completed == Completed::Now {
            follow_up.stage = Stage::Received;
        }
        receipt(work, follow_up, contribution, &taken, remarks);
        if !fresh.is_empty() && lead != contribution.by {
            ask_lead(work, follow_up, &lead, &contribution.source, fresh);
        }
        Because::Done(said(follow_up, contribution, &taken))
    })
}

fn said(follow_up: &FollowUp, contribution: &Contribution, taken: &Taken) -> String {
    let end = match taken.completed {
        Completed::Now => " It is complete.",
        Completed::No => "",
    };
    format!("{} has answered {}.{end}", contribution.by, follow_up.id)
}

/// The receipt goes to whoever wrote; its table is made where letters are.
fn receipt(work: &mut Work, follow_up: &FollowUp, contribution: &Contribution, taken: &Taken, remarks: &[String]) {
    let mut letter = letter(work, LetterKind::AssessmentReceipt, follow_up, &contribution.source);
    letter.to = vec![contribution.by.clone()];
    letter.only_while = SendOnlyWhile::Always;
    if taken.completed == Completed::Now {
        letter.facts.sentences.push(
            "Your self-assessment is complete and handed in. To change a rating from now on, answer AMEND, the number and the new answer, such as: AMEND 7: Yes. Comments and evidence can still be added as before."
                .to_owned(),
        );
    }
    for (number, old, new) in &taken.left_out {
        let old = old.map_or("no answer", Rating::name);
        letter.facts.sentences.push(format!(
            "Q{number:02} stays {old}: it was handed in already. To change it, answer: AMEND {number}: {}",
            new.name()
        ));
    }
    letter.facts.sentences.extend(remarks.iter().cloned());
    work.letters.push(letter);
}

fn ask_lead(work: &mut Work, follow_up: &FollowUp, lead: &Address, source: &str, conflicts: Vec<String>) {
    let mut sentences = vec!["Two respondents rate these criteria differently:".to_owned(), conflicts.join("\n")];
    sentences.push(
        "Your answer settles it: one line for each, such as AMEND 7: Yes. Until then these criteria count for nothing."
            .to_owned(),
    );
    tell(work, follow_up, (&format!("conflict-{source}"), "Two answers differ"), vec![lead.clone()], sentences);
}

fn after_the_close(work: &mut Work, id: &FollowUpId, contribution: &Contribution) -> Because {
    work.with(id, |work, follow_up| {
        record(follow_up, &contribution.source, &contribution.by, contribution.at);
        let ended = follow_up.ended_at.map(|at| local_date(at, work.rules.policy.zone)).map(date_words).unwrap_or_default();
        let sentences = vec![format!(
            "The round was closed on {ended}, so what you have sent now is kept but does not count. Please write to {} if it should.",
            work.rules.directory.name_of(&follow_up.coordinator)
        )];
        let to = vec![contribution.by.clone()];
        let ordinal = format!("late-{}", contribution.source);
        tell(work, follow_up, (&ordinal, "The round is closed"), to, sentences);
        Because::Nothing(format!("{id} is closed; the answer is kept and does not count."))
    })
}

/// Nothing of the mail counts: its sender, or the provider's lead, is told what would.
pub(super) fn not_taken(
    work: &mut Work,
    id: &FollowUpId,
    message: &str,
    by: &Address,
    (why, remarks): (NotTaken, &[String]),
) -> Because {
    let lead = work.case.provider_return.as_ref().map(|r| r.lead.clone());
    work.with(id, |work, follow_up| {
        let now = work.rules.now;
        record(follow_up, message, by, now);
        match why {
            NotTaken::AnotherForm => {
                let said = "The form that came belongs to another round or another provider, or its criteria have changed since, so nothing of it was taken. Here is the current form.";
                form_again(work, follow_up, (message, by, lead), (said, remarks));
            }
            NotTaken::NoAnswers => {
                let said = "No answers were found in your mail. If you wrote them in colour or into a picture, they have not come through: please write Yes, Emerging or No behind each word ANSWER, or fill in the attached spreadsheet.";
                form_again(work, follow_up, (message, by, None), (said, remarks));
            }
            NotTaken::FilesOnly => {
                let said = "No answers could be read in your mail or in what is attached. If the form is a scan, a photo or a PDF, a person has to read it, and that takes longer: please write Yes, Emerging or No behind each word ANSWER, or fill in the attached spreadsheet.";
                form_again(work, follow_up, (message, by, None), (said, remarks));
                let mut sentences = vec![format!("{by} has answered with files that the service cannot read as a form; the mail is attached. They were asked to use the form. If the answers in the files are to count as they are, please agree with them how they get into it.")];
                sentences.extend(remarks.iter().cloned());
                show_owner(work, follow_up, message, sentences);
            }
            NotTaken::NoRespondent => {
                let sentences = vec![
                    format!("{by} has answered the self-assessment and is no respondent of this provider, so nothing of it was taken."),
                    "If they should answer, add them to the provider's respondents in the configuration; else ask the lead to send it.".to_owned(),
                ];
                tell_owner(work, follow_up, &format!("stranger-{message}"), "Somebody else has answered", sentences);
            }
            NotTaken::Unproved => {
                let sentences = vec![format!(
                    "A mail in the name of {by} failed the sender check, so nothing of it was taken. Please ask them in another way whether it is theirs."
                )];
                tell_owner(work, follow_up, &format!("unproved-{message}"), "An answer could not be verified", sentences);
            }
            NotTaken::NeedsAPerson => {
                let mut sentences = vec![format!("The mail of {by} has to be looked at by a person; nothing of it was taken.")];
                sentences.extend(remarks.iter().cloned());
                tell_owner(work, follow_up, &format!("person-{message}"), "Please look at an answer", sentences);
            }
        }
        Because::Nothing(format!("Nothing of a mail of {by} was taken for {id}."))
    })
}

/// The mail itself goes along, for a person to read.
fn show_owner(work: &mut Work, follow_up: &FollowUp, message: &str, sentences: Vec<String>) {
    let mut letter = letter(work, LetterKind::AssessmentNotice, follow_up, &format!("files-{message}"));
    letter.to = vec![follow_up.coordinator.clone()];
    letter.only_while = SendOnlyWhile::Always;
    "Files that a person has to read".clone_into(&mut letter.facts.headline);
    letter.facts.sentences = sentences;
    letter.original = Some(message.to_owned());
    work.letters.push(letter);
}

fn form_again(
    work: &mut Work,
    follow_up: &FollowUp,
    (message, by, lead): (&str, &Address, Option<Address>),
    (said, remarks): (&str, &[String]),
) {
    let mut letter = letter(work, LetterKind::AssessmentForm, follow_up, &format!("again-{message}"));
    letter.to = vec![by.clone()];
    letter.cc = lead.into_iter().filter(|lead| lead != by).collect();
    letter.facts.sentences = std::iter::once(said.to_owned()).chain(remarks.iter().cloned()).collect();
    work.letters.push(letter);
}
