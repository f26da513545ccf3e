//! The trust table: who may do what, under each form of the sender check.

use crate::office::*;
use followupd::core::policy::{Policy, SenderCheck};

const OPENED: &str = "Mon 02 Nov 2026 10:00";

/// What a mail system would write about the sender: proved, disproved, or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Says {
    Pass,
    Fail,
    Nothing,
}

/// The forms of the check, each with the header that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Results,
    Exchange,
    Confirm,
    Unchecked,
}

impl Form {
    fn policy(self) -> Policy {
        let sender_check = match self {
            Self::Results => SenderCheck::AuthenticationResults { authserv_ids: vec!["mx.council.example".into()] },
            Self::Exchange => SenderCheck::ExchangeOnline,
            Self::Confirm => SenderCheck::Confirm,
            Self::Unchecked => SenderCheck::None,
        };
        Policy { sender_check, ..policy() }
    }

    fn mark(self, draft: Draft, says: Says) -> Draft {
        let draft = draft.proof("none");
        match (self, says) {
            (Self::Results, Says::Pass) => draft.proof("pass"),
            (Self::Results, Says::Fail) => draft.proof("fail"),
            (Self::Exchange, Says::Pass) => draft.header("X-MS-Exchange-Organization-AuthAs", "Internal"),
            (Self::Exchange, Says::Fail) => draft.header(
                "Authentication-Results",
                "spf=fail smtp.mailfrom=nhs.example; dmarc=fail action=none header.from=nhs.example",
            ),
            (Self::Results | Self::Exchange, Says::Nothing) | (Self::Confirm | Self::Unchecked, _) => draft,
        }
    }
}

const FORMS: [Form; 4] = [Form::Results, Form::Exchange, Form::Confirm, Form::Unchecked];

/// An office under a form of the check with one open follow-up.
async fn asked(form: Form) -> Office {
    let mut office = Office::open_with(OPENED, form.policy()).await;
    office.arrives(form.mark(copied_in(CASE), Says::Pass)).await;
    if form == Form::Confirm {
        office.confirms().await;
    }
    assert_eq!(office.stands().await, "open", "{form:?}");
    office
}

fn close(office: &Office, form: Form, says: Says) -> Draft {
    let draft = Draft::from(COORDINATOR).to(&[SERVICE]).subject("followupd");
    form.mark(draft.text(&format!("CLOSE {}", office.follow_up())), says)
}

#[tokio::test]
async fn staff_with_proof_are_obeyed() {
    for form in [Form::Results, Form::Exchange, Form::Unchecked] {
        let mut office = asked(form).await;
        office.arrives(close(&office, form, Says::Pass)).await;
        assert_eq!(office.stands().await, "closed", "{form:?}");
    }
}

#[tokio::test]
async fn s54_staff_without_proof_are_not_and_only_the_registered_address_is_told() {
    for form in [Form::Results, Form::Exchange] {
        for says in [Says::Fail, Says::Nothing] {
            let mut office = asked(form).await;
            let forged = close(&office, form, says).header("Reply-To", "thief@spam.example");
            office.arrives(forged).await;
            assert_eq!(office.stands().await, "open", "{form:?} {says:?}");
            office.told(COORDINATOR, "alarm", "it could not be proved that it comes from you");
            assert!(office.inbox("thief@spam.example").is_empty());
        }
    }
}

#[tokio::test]
async fn under_confirm_a_command_waits_for_the_answer_of_the_registered_address_and_is_carried_out_once() {
    let mut office = asked(Form::Confirm).await;
    office.arrives(close(&office, Form::Confirm, Says::Nothing)).await;
    assert_eq!(office.stands().await, "open");
    let question = office.last(COORDINATOR, "confirm").clone();
    office.arrives(Draft::from("thief@spam.example").answering(&question).text("yes").proof("none")).await;
    assert_eq!(office.stands().await, "open", "another address confirms nothing");
    let yes = Draft::from(COORDINATOR).answering(&question).text("yes").proof("none");
    office.arrives(yes.clone()).await;
    assert_eq!(office.stands().await, "closed");
    let id = office.id_of(CASE).await;
    office
        .arrives(Draft::from(COORDINATOR).to(&[SERVICE]).subject("x").text(&format!("REOPEN {id}")).proof("none"))
        .await;
    assert_eq!(office.stands().await, "closed", "the old answer proves nothing more");
}

#[tokio::test]
async fn a_party_with_proof_or_without_a_verdict_counts_as_a_reply() {
    for form in FORMS {
        for says in [Says::Pass, Says::Nothing] {
            let mut office = asked(form).await;
            office.arrives(form.mark(office.reply(ADVISER, ADVICE), says)).await;
            assert_eq!(office.stands().await, "received, awaiting your decision", "{form:?} {says:?}");
        }
    }
}

#[tokio::test]
async fn a_party_whose_check_failed_is_put_before_the_coordinator_and_pauses() {
    for form in [Form::Results, Form::Exchange] {
        let mut office = asked(form).await;
        office.arrives(form.mark(office.reply(ADVISER, ADVICE), Says::Fail)).await;
        assert_eq!(office.stands().await, "short reply, not yet accepted", "{form:?}");
        assert_eq!(office.in_triage().await, 1);
        office.told(COORDINATOR, "answer", "a reply whose sender could not be verified");
        office.until("Tue 10 Nov 2026 13:00").await;
        assert_eq!(office.escalations(), 0);
        office.told(COORDINATOR, "today", "MATCH A");
        office.until("Wed 11 Nov 2026 13:00").await;
        assert_eq!(office.escalations(), 1);
    }
}

#[tokio::test]
async fn a_failed_check_ends_no_absence_and_teaches_no_thread() {
    let mut office = asked(Form::Results).await;
    office.arrives(office.out_of_office(ADVISER, "I am on leave until 30 November 2026.")).await;
    let forged = office.reply(ADVISER, "I am back.").header("References", "<planted@nhs.example>");
    office.arrives(forged.proof("fail")).await;
    assert_eq!(office.the().await.away.len(), 1, "still away");
    let later = Draft::from(ADVISER).to(&[SERVICE]).subject("x").header("In-Reply-To", "<planted@nhs.example>");
    office.arrives(later.text(ADVICE)).await;
    assert_eq!(office.stands().await, "short reply, not yet accepted", "the sender alone places it");
}

#[tokio::test]
async fn an_absence_whose_check_failed_moves_no_responsibility() {
    let mut office = asked(Form::Results).await;
    office.arrives(office.out_of_office(ADVISER, "I am on leave until 30 November 2026.").proof("fail")).await;
    assert_eq!(office.count(MANAGER, "responsible"), 0);
}

#[tokio::test]
async fn an_unlisted_sender_with_the_token_pauses_under_every_form() {
    for form in FORMS {
        let mut office = asked(form).await;
        office.arrives(form.mark(office.reply("lee.home@mail.example", ADVICE), Says::Pass)).await;
        assert_eq!(office.stands().await, "short reply, not yet accepted", "{form:?}");
        assert!(office.inbox("lee.home@mail.example").is_empty());
    }
}

#[tokio::test]
async fn anybody_else_may_do_nothing() {
    for form in FORMS {
        let mut office = asked(form).await;
        let id = office.id_of(CASE).await;
        let stranger = Draft::from("x@spam.example").to(&[SERVICE]).subject(&format!("CLOSE {id}"));
        office.arrives(form.mark(stranger.text(&format!("CLOSE {id}")), Says::Pass)).await;
        assert_eq!(office.stands().await, "open", "{form:?}");
        assert!(office.inbox("x@spam.example").is_empty());
    }
}

#[tokio::test]
async fn an_adviser_commands_nothing() {
    let mut office = asked(Form::Results).await;
    let id = office.id_of(CASE).await;
    office.arrives(office.reply(ADVISER, &format!("CLOSE {id}"))).await;
    assert_ne!(office.stands().await, "closed");
}

#[tokio::test]
async fn two_authors_are_no_author() {
    let mut office = asked(Form::Results).await;
    let id = office.id_of(CASE).await;
    let both = format!("{COORDINATOR}, x@spam.example");
    office.arrives(Draft::from(&both).to(&[SERVICE]).subject("x").text(&format!("CLOSE {id}"))).await;
    assert_eq!(office.stands().await, "open");
}

#[tokio::test]
async fn an_invented_authentication_result_below_the_servers_own_proves_nothing() {
    let mut office = asked(Form::Results).await;
    let forged = close(&office, Form::Results, Says::Fail)
        .header("Authentication-Results", "mx.council.example; dmarc=pass header.from=council.example");
    office.arrives(forged).await;
    assert_eq!(office.stands().await, "open");
}

#[tokio::test]
async fn a_token_that_is_one_character_off_is_a_candidate_and_never_a_match() {
    let mut office = asked(Form::Results).await;
    let reply_to = followupd::message::parse::parse(&office.first_letter().raw).reply_to;
    let token = reply_to.last().unwrap().address.to_string();
    let (head, tail) = token.split_once('@').unwrap();
    let last = if head.ends_with('a') { 'b' } else { 'a' };
    let wrong = format!("{}{last}@{tail}", &head[..head.len() - 1]);
    office.arrives(Draft::from("lee.home@mail.example").to(&[&wrong]).subject("advice").text(ADVICE)).await;
    assert_eq!(office.stands().await, "open");
    assert_eq!(office.in_triage().await, 1);
}

#[tokio::test]
async fn a_flood_in_somebodys_name_is_told_once_an_hour() {
    let mut office = asked(Form::Results).await;
    for _ in 0..5 {
        office.arrives(close(&office, Form::Results, Says::Fail)).await;
    }
    assert_eq!(office.count(COORDINATOR, "alarm"), 1);
    office.until("Mon 02 Nov 2026 11:30").await;
    office.arrives(close(&office, Form::Results, Says::Fail)).await;
    assert_eq!(office.count(COORDINATOR, "alarm"), 2);
}
