//! A plan slips: who is told what, and when.

use super::*;
use chrono_tz::Europe::London;
use followupd::core::family::NoticeState;

#[tokio::test]
async fn a_plan_that_cannot_be_in_time_is_told_after_two_mornings_and_a_day_of_silence() {
    let mut office = slipping(&winter()).await;
    office.until("Wed 30 Sep 2026 12:00").await;
    insta::assert_snapshot!(office.transcript(), @"");
    insta::assert_snapshot!(office.last(COORDINATOR, "preview").text, @"");
    let notice = office.last(ANN, "parent_notice");
    insta::assert_snapshot!(format!("Subject: {}\n\n{}", notice.subject, notice.text), @"");
    assert_eq!(office.told_dates(CASE).await, ["2026-11-27 to Ms Winter on 2026-09-30"]);
}

#[tokio::test]
async fn what_the_preview_shows_is_what_the_parent_gets() {
    let mut office = slipping(&winter()).await;
    office.until("Wed 30 Sep 2026 12:00").await;
    let words = |text: &str| text.replace('|', " ").split_whitespace().collect::<Vec<_>>().join(" ");
    let shown = words(&office.last(COORDINATOR, "preview").text);
    let sent = words(&office.last(ANN, "parent_notice").text);
    assert!(shown.contains(&sent), "shown:\n{shown}\nsent:\n{sent}");
    assert!(shown.contains(&office.last(ANN, "parent_notice").subject));
}

#[tokio::test]
async fn one_morning_alone_alarms_nobody() {
    let mut office = slipping(&winter()).await;
    office.until("Mon 28 Sep 2026 18:00").await;
    office.reply_from_adviser_and_close().await;
    office.changes(CASE, |case| issue_draft(case, "2026-09-28")).await;
    office.until("Fri 02 Oct 2026 18:00").await;
    assert_eq!(office.count(COORDINATOR, "preview"), 0, "{}", office.transcript());
    assert_eq!(office.letters_to(ANN), 0);
}

#[tokio::test]
async fn a_plan_that_can_be_in_time_again_takes_the_waiting_letter_with_it() {
    let mut office = slipping(&winter()).await;
    office.until("Tue 29 Sep 2026 12:00").await;
    assert_eq!(office.count(COORDINATOR, "preview"), 1);
    office.reply_from_adviser_and_close().await;
    office.changes(CASE, |case| issue_draft(case, "2026-09-29")).await;
    office.until("Mon 05 Oct 2026 18:00").await;
    assert_eq!(office.letters_to(ANN), 0, "{}", office.transcript());
    assert_eq!(office.case(CASE).await.register.family.notices[0].state, NoticeState::Withdrawn);
}

#[tokio::test]
async fn separated_parents_are_told_each_alone() {
    let case = named_case(CASE, vec![parent("Ms Winter", ANN), parent("Mr Winter", TOM)]);
    let mut office = slipping(&case).await;
    office.until("Wed 30 Sep 2026 12:00").await;
    for (who, name) in [(ANN, "Ms Winter"), (TOM, "Mr Winter")] {
        let notice = office.last(who, "parent_notice");
        assert_eq!(notice.recipients, [who]);
        assert!(notice.text.starts_with(&format!("Dear {name},")));
    }
    assert!(!office.last(ANN, "parent_notice").text.contains("Mr Winter"));
    assert_eq!(office.told_dates(CASE).await.len(), 2);
    office.told(COORDINATOR, "preview", "to each in a letter of their own");
}

#[tokio::test]
async fn a_young_person_is_written_to_themselves() {
    let mut case =
        named_case(CASE, vec![parent("Ms Winter", ANN), contact("Robin Winter", YOUNG, ContactRole::YoungPerson)]);
    case.register.born = Some(date("2009-11-20"));
    let mut office = slipping(&case).await;
    office.until("Wed 30 Sep 2026 12:00").await;
    assert_eq!(office.letters_to(ANN), 0);
    let notice = office.last(YOUNG, "parent_notice");
    assert!(notice.says("about your education, health and care plan"), "{}", notice.text);
    office.told(COORDINATOR, "preview", "Ms Winter gets nothing: the letter is the young person's.");
}

#[tokio::test]
async fn a_birthday_alone_makes_nobody_guess_who_is_to_be_written_to() {
    let mut case = winter();
    case.register.born = Some(date("2009-11-20"));
    let mut office = slipping(&case).await;
    office.until("Mon 05 Oct 2026 12:00").await;
    assert_eq!(office.letters_to(ANN), 0);
    office.told(COORDINATOR, "family_question", "Nobody is recorded to whom the service may write");
    let asked: Vec<&Sent> = office.inbox(COORDINATOR).into_iter().filter(|s| s.kind == "family_question").collect();
    assert_eq!(asked.len(), 2, "about the age, and about the addressee: {}", office.transcript());
    assert!(asked[0].says("over compulsory school age since Saturday 27 June 2026"));
}

#[tokio::test]
async fn whoever_is_not_confirmed_or_must_not_be_contacted_gets_nothing() {
    let mut unconfirmed = winter();
    unconfirmed.register.contacts[0].verified = None;
    let mut office = slipping(&unconfirmed).await;
    office.until("Mon 05 Oct 2026 12:00").await;
    assert_eq!(office.letters_to(ANN), 0);
    office.told(COORDINATOR, "family_question", "Ms Winter has not been confirmed and gets nothing.");

    let mut restricted = named_case(CASE, vec![parent("Ms Winter", ANN), parent("Mr Winter", TOM)]);
    restricted.register.contacts[1].do_not_contact = true;
    let mut office = slipping(&restricted).await;
    office.until("Mon 05 Oct 2026 12:00").await;
    assert_eq!(office.letters_to(ANN), 0, "nothing leaves without a person's word");
    office.answers(COORDINATOR, "preview", "SEND").await;
    assert_eq!(office.letters_to(ANN), 1, "{}", office.transcript());
    assert_eq!(office.letters_to(TOM), 0);
}

#[tokio::test]
async fn a_family_without_e_mail_gets_a_letter_by_post_and_is_told_when_it_was_posted() {
    let mut case = winter();
    case.register.contacts[0].channel = Channel::Post;
    let mut office = slipping(&case).await;
    office.until("Fri 02 Oct 2026 12:00").await;
    insta::assert_snapshot!(office.last(COORDINATOR, "post_letter").text.split("The letter").next().unwrap(), @"");
    assert!(office.told_dates(CASE).await.is_empty());
    office.told(COORDINATOR, "today", "has to go by post; has it gone?");
    office.answers(COORDINATOR, "post_letter", "POSTED\nOn: 30 September").await;
    assert_eq!(office.told_dates(CASE).await, ["2026-11-27 to Ms Winter on 2026-09-30"], "{}", office.transcript());
    office.told(COORDINATOR, "receipt", "Posted on Wednesday 30 September 2026: Ms Winter is noted as told.");
}

#[tokio::test]
async fn a_late_plan_is_told_with_its_new_dates_and_an_update_between() {
    let mut office = slipping(&winter()).await;
    office.until("Wed 30 Dec 2026 18:00").await;
    let family: Vec<String> = office
        .inbox(ANN)
        .iter()
        .map(|s| format!("{} {}", s.at.with_timezone(&London).format("%a %-d %b %H:%M"), s.kind))
        .collect();
    insta::assert_snapshot!(family.join("\n"), @"");
    insta::assert_snapshot!(office.told_dates(CASE).await.join("\n"), @"");
    insta::assert_snapshot!(office.last(ANN, "parent_notice").text, @"");
}

#[tokio::test]
async fn the_third_revision_waits_for_a_persons_words() {
    let mut office = slipping(&winter()).await;
    office.until("Fri 02 Oct 2026 18:00").await;
    office.changes(CASE, |case| told_before(case, &["2026-10-05", "2026-10-12"])).await;
    office.until("Mon 30 Nov 2026 18:00").await;
    office.told(COORDINATOR, "family_question", "The date for the plan moves for the third time.");
    let question = office.last(COORDINATOR, "family_question").clone();
    assert!(question.recipients.contains(&SEND_MANAGER.to_owned()), "a SEND manager hears of it");
    let before = office.count(ANN, "parent_notice");
    office
        .answers(
            COORDINATOR,
            "family_question",
            &format!("NEW DATE {CASE} 18 December 2026\nReason: One report has not come. I have asked the head of that team for it in person."),
        )
        .await;
    office.until("Wed 02 Dec 2026 12:00").await;
    assert_eq!(office.count(ANN, "parent_notice"), before + 1, "{}", office.transcript());
    office.told(ANN, "parent_notice", "I have asked the head of that team for it in person.");
    office.told(ANN, "parent_notice", "by Friday 18 December 2026");
}

#[tokio::test]
async fn a_recorded_exemption_is_named_and_moves_nothing() {
    use followupd::core::register::{Exemption, Phase};
    let mut case = winter();
    case.register.exemptions.push(Exemption {
        ground: "school closed".into(),
        phase: Phase::Week20,
        from: None,
        to: None,
        narrative: "The school was closed all summer; its advice came in September.".into(),
        by: address(COORDINATOR),
        on: date("2026-09-10"),
        told_parent_on: None,
    });
    let mut office = slipping(&case).await;
    office.until("Wed 30 Sep 2026 12:00").await;
    office.told(ANN, "parent_notice", "when a school is closed for four weeks or more");
    assert_eq!(office.told_dates(CASE).await, ["2026-11-27 to Ms Winter on 2026-09-30"]);
    let recorded = &office.case(CASE).await.register.exemptions[0];
    assert_eq!(recorded.told_parent_on, Some(date("2026-09-30")));
    assert!(!office.last(ANN, "parent_notice").text.contains("all summer"), "the narrative stays inside");
}

/// The plan draft was issued to the parents.
pub fn issue_draft(case: &mut Case, on: &str) {
    use followupd::core::register::{DraftIssue, PlanDraft};
    case.register.plan_drafts.push(PlanDraft { on: date(on), issue: DraftIssue::Issued, place: "by post".into() });
}

/// As if these dates had been told before, each a week before its day.
fn told_before(case: &mut Case, dates: &[&str]) {
    use followupd::core::register::Timescale;
    for told in dates {
        let told_on = date(told) - chrono::Days::new(7);
        case.register.told.push(Timescale { date: date(told), told_on, to: "Ms Winter".into() });
    }
}

impl Office {
    /// The adviser answers and the co-ordinator closes.
    pub async fn reply_from_adviser_and_close(&mut self) {
        let answer = self.reply(ADVISER, ADVICE);
        self.arrives(answer).await;
        self.orders(&format!("CLOSE {}", self.id_of(CASE).await)).await;
    }
}
