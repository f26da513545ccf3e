//! A plan slips: who is told what, and when.

use super::*;
use chrono_tz::Europe::London;
use followupd::core::family::NoticeState;

#[tokio::test]
async fn a_plan_that_cannot_be_in_time_is_told_after_two_mornings_and_a_day_of_silence() {
    let mut office = slipping(&winter()).await;
    office.until("Wed 30 Sep 2026 12:00").await;
    insta::assert_snapshot!(office.transcript(), @"
    Mon 28 Sep 09:00 receipt → cora.lane@council.example
    Mon 28 Sep 09:00 request → dr.lee@nhs.example, mo.head@nhs.example
    Tue 29 Sep 07:30 preview → cora.lane@council.example
    Tue 29 Sep 07:30 today → cora.lane@council.example
    Wed 30 Sep 07:30 today → cora.lane@council.example
    Wed 30 Sep 10:00 parent_notice → ann.winter@family.example
    ");
    insta::assert_snapshot!(office.last(COORDINATOR, "preview").text, @"
    Please look: a letter to a parent will leave.

    It leaves on Wednesday 30 September 2026 at 10:00 unless you answer.

    It goes to Ms Winter (ann.winter@family.example).

    Week 20 ends on Monday 19 October 2026. The plan is expected on Wednesday 18
    November 2026 (Sat 14 Nov + 3 wd finalising); at best it is ready on Monday
    26 October 2026.

    1. EHC-2026-0412, R.W.: a letter to the family, the plan by Friday 27
       November 2026. – SEND · WAIT · DON'T SEND

    Answer with one of the words; a new date goes behind it, for example: NEW
    DATE 20 November 2026. Add a line that begins with Reason: to say why in
    your own words. Any other answer stops the letter until you say SEND.

    The letter

      | Subject: Update from the SEND team - ref EVGU-477L
      |
      | Dear Ms Winter,
      |
      | We are writing about Robin's education, health and care plan. Our
      | reference is EHC-2026-0412.
      |
      | By law we should send you the final plan by Monday 19 October 2026. That
      | is 20 weeks after Monday 1 June 2026, the day the request came to us. We
      | are sorry: we will not meet that date.
      |
      | When you can expect the plan
      | We now expect to send you the final plan by Friday 27 November 2026. If
      | that changes, we will write to you again.
      |
      | Why it takes longer
      | We are waiting for more information from a service that gives us advice.
      | We need it so that the plan is right. We have asked for it, and we check
      | every working day whether it has come.
      |
      | What this means for you
      | You do not need to do anything now.
      |
      | You will get the draft plan first. Then you have at least 15 days to
      | tell us what you think of it. That right has not changed.
      |
      | Your right to appeal has not changed. When we send you the final plan,
      | we will tell you how to appeal.
      |
      | If you want to talk to somebody
      | Cora Lane, phone 01632 960001 (9am to 5pm on working days). You can also
      | answer this e-mail.
      |
      | You can get help from SENDIASS, the local information, advice and
      | support service. It is free and impartial.
      |
      | If you are not happy about this
      | You can complain to the council about the delay. Just answer this e-mail
      | and say that it is a complaint.
      |
      | Do you need this letter in another language, in large print or as Easy
      | Read? Please tell us and we will help.
      |
      | We read our e-mail on working days only. If somebody is in danger,
      | please call 999.
      |
      | Cora Lane
      | SEND team, Example County Council
    ");
    let notice = office.last(ANN, "parent_notice");
    insta::assert_snapshot!(format!("Subject: {}\n\n{}", notice.subject, notice.text), @"
    Subject: Update from the SEND team - ref EVGU-477L

    Dear Ms Winter,

    We are writing about Robin's education, health and care plan. Our reference
    is EHC-2026-0412.

    By law we should send you the final plan by Monday 19 October 2026. That is
    20 weeks after Monday 1 June 2026, the day the request came to us. We are
    sorry: we will not meet that date.

    When you can expect the plan

    We now expect to send you the final plan by Friday 27 November 2026. If that
    changes, we will write to you again.

    Why it takes longer

    We are waiting for more information from a service that gives us advice. We
    need it so that the plan is right. We have asked for it, and we check every
    working day whether it has come.

    What this means for you

    You do not need to do anything now.

    You will get the draft plan first. Then you have at least 15 days to tell us
    what you think of it. That right has not changed.

    Your right to appeal has not changed. When we send you the final plan, we
    will tell you how to appeal.

    If you want to talk to somebody

    Cora Lane, phone 01632 960001 (9am to 5pm on working days). You can also
    answer this e-mail.

    You can get help from SENDIASS, the local information, advice and support
    service. It is free and impartial.

    If you are not happy about this

    You can complain to the council about the delay. Just answer this e-mail and
    say that it is a complaint.

    Do you need this letter in another language, in large print or as Easy Read?
    Please tell us and we will help.

    We read our e-mail on working days only. If somebody is in danger, please
    call 999.

    Cora Lane
    SEND team, Example County Council
    ");
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
    insta::assert_snapshot!(office.last(COORDINATOR, "post_letter").text.split("The letter").next().unwrap(), @"
    A letter to a parent has to go by post.

    Please print the letter below, send it to Ms Winter by post, and answer
    POSTED with the day. Only then does it count as told.

    1. EHC-2026-0412, R.W.: letter to Ms Winter – POSTED
    ");
    let printed = office.last(COORDINATOR, "post_letter").text.split_once("The letter\n").unwrap().1.to_owned();
    let printed = printed.split_whitespace().filter(|word| *word != "|").collect::<Vec<_>>().join(" ");
    assert!(printed.contains("Just ring us or write to us"), "{printed}");
    assert!(!printed.contains("e-mail") && !printed.contains("Subject:"), "nobody can answer paper:\n{printed}");
    assert!(office.told_dates(CASE).await.is_empty());
    office.told(COORDINATOR, "today", "has to go by post; has it gone?");
    office.answers(COORDINATOR, "post_letter", "POSTED\nOn: 29 September").await;
    office.told(COORDINATOR, "receipt", "it cannot have been posted on Tuesday 29 September 2026");
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
    insta::assert_snapshot!(family.join("\n"), @"
    Wed 30 Sep 10:00 parent_notice
    Thu 15 Oct 10:00 parent_notice
    Tue 3 Nov 10:00 parent_notice
    Tue 1 Dec 10:00 parent_update
    ");
    insta::assert_snapshot!(office.told_dates(CASE).await.join("\n"), @"
    2026-11-27 to Ms Winter on 2026-09-30
    2026-12-18 to Ms Winter on 2026-10-15
    2027-01-08 to Ms Winter on 2026-11-03
    ");
    insta::assert_snapshot!(office.last(ANN, "parent_notice").text, @"
    Dear Ms Winter,

    We are writing about Robin's education, health and care plan. Our reference
    is EHC-2026-0412.

    By law we should have sent you the final plan by Monday 19 October 2026.
    That was 20 weeks after Monday 1 June 2026, the day the request came to us.
    We have not met that date. We are sorry.

    When you can expect the plan

    We now expect to send you the final plan by Friday 8 January 2027. If that
    changes, we will write to you again. We told you before that we expected to
    send it by Friday 18 December 2026. We are sorry that this date has changed.

    Why it takes longer

    We are waiting for more information from a service that gives us advice. We
    need it so that the plan is right. We have asked for it, and we check every
    working day whether it has come.

    What this means for you

    You do not need to do anything now.

    You will get the draft plan first. Then you have at least 15 days to tell us
    what you think of it. That right has not changed.

    Your right to appeal has not changed. When we send you the final plan, we
    will tell you how to appeal.

    If you want to talk to somebody

    Cora Lane, phone 01632 960001 (9am to 5pm on working days). You can also
    answer this e-mail.

    You can get help from SENDIASS, the local information, advice and support
    service. It is free and impartial.

    If you are not happy about this

    You can complain to the council about the delay. Just answer this e-mail and
    say that it is a complaint.

    Do you need this letter in another language, in large print or as Easy Read?
    Please tell us and we will help.

    We read our e-mail on working days only. If somebody is in danger, please
    call 999.

    Cora Lane
    SEND team, Example County Council
    ");
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
