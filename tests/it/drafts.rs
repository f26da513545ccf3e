//! Stories of plan drafts: shown to advisers, confirmed, answered with feedback, left without a reply.

use crate::office::*;
use followupd::core::follow_up::{FollowUp, FollowUpKind, Outcome};
use followupd::core::policy::{CheckAnchor, CheckClose};
use followupd::core::register::{DraftIssue, Register};

const OPENED: &str = "Mon 02 Nov 2026 10:00";
const DRAFT_ADDRESS: &str = "followups+draft@council.example";

fn told(office: &Office, who: &str, kind: &str) -> String {
    let sent = office.last(who, kind);
    let reference = regex::Regex::new(r"FU-[A-Z0-9]{4}-[A-Z0-9]{4}").unwrap();
    let text = format!("Subject: {}\n\n{}", sent.subject, sent.text);
    reference.replace_all(&text, "FU-XXXX-XXXX").trim_end().to_owned()
}

async fn register(office: &Office) -> Register {
    let mut tx = office.engine.store().begin().await.unwrap();
    let loaded = tx.case_by_reference(&followupd::core::id::CaseRef::new(CASE)).await.unwrap();
    tx.commit().await.unwrap();
    loaded.expect("the case").case.register
}

async fn checks(office: &Office) -> Vec<FollowUp> {
    office.of_case(CASE).await.into_iter().filter(|f| f.kind == FollowUpKind::DraftCheck).collect()
}

async fn the_check(office: &Office) -> FollowUp {
    checks(office).await.pop().expect("a draft check")
}

/// The plan is drafted, and Dr Lee is asked to look at it.
async fn drafted_under(policy: followupd::core::policy::Policy) -> Office {
    let mut office = Office::open_with(OPENED, policy).await;
    office.orders(&format!("DRAFT ISSUED {CASE}\nWhere: the secure share, folder 0412\nCheck with: {ADVISER}")).await;
    office
}

async fn drafted() -> Office {
    drafted_under(policy()).await
}

fn answer(office: &Office, who: &str, text: &str) -> Draft {
    Draft::from(who).answering(office.last(ADVISER, "draft_check")).text(text)
}

#[tokio::test]
async fn everybody_who_gave_advice_is_asked_to_check_the_plan_draft() {
    let mut office = Office::asked(OPENED).await;
    office.arrives(office.reply(ADVISER, ADVICE)).await;
    office.until("Tue 03 Nov 2026 10:00").await;
    office.orders(&format!("DRAFT ISSUED {CASE}\nWhere: the secure share, folder 0412")).await;
    insta::assert_snapshot!(told(&office, ADVISER, "draft_check"), @"
    Subject: Please check a plan draft by Tuesday 10 November 2026 (FU-XXXX-XXXX)

    Dear Dr Lee,

    You gave advice for an education, health and care plan that has now been
    drafted. Does the plan reflect the needs from your perspective?

    Child: EHC-2026-0412
    Our reference: FU-XXXX-XXXX

    Where the plan draft is

      | the secure share, folder 0412

    How to answer

    Please answer this e-mail by Tuesday 10 November 2026. If nothing is wrong,
    one word is enough: NO CHANGES. Otherwise send your feedback to Cora Lane
    and copy in your line manager.

    If you do not reply, we take it that there are no accuracy points.

    Cora Lane, 01632 960001
    SEND team, Example County Council
    ");
    insta::assert_snapshot!(told(&office, COORDINATOR, "receipt"), @"
    Subject: Done (FU-XXXX-XXXX)

    Plan draft issued on Tuesday 3 November 2026; the 15 days for the parents
    end on Tuesday 17 November 2026.

    FU-XXXX-XXXX: the request goes to Dr Lee on Tue 3 Nov; due by Tuesday 10
    November 2026.
    ");
    assert_eq!(the_check(&office).await.due_on().unwrap().to_string(), "2026-11-10");
    assert_eq!(office.count(MANAGER, "draft_check"), 0, "the manager sees feedback, not the check");
}

#[tokio::test]
async fn where_the_plan_draft_is_has_to_be_said_and_without_advice_somebody_has_to_be_named() {
    let mut office = Office::open(OPENED).await;
    office.orders(&format!("DRAFT ISSUED {CASE}")).await;
    office.told(COORDINATOR, "receipt", "Where:");
    office.until("Mon 02 Nov 2026 11:30").await;
    office.orders(&format!("DRAFT ISSUED {CASE}\nWhere: the secure share")).await;
    office.told(COORDINATOR, "receipt", "nobody is asked to check it");
    office.orders(&format!("DRAFT ISSUED {CASE}\nWhere: the secure share\nCheck with: Dr Lee")).await;
    assert_eq!(checks(&office).await.len(), 1);
    assert_eq!(register(&office).await.plan_drafts.len(), 1, "one plan draft, told twice");
}

#[tokio::test]
async fn one_word_confirms_the_plan_draft_and_ends_the_check() {
    for text in ["NO CHANGES", "Dear Cora,\n\nI am happy with the plan, thank you.\n\nKind regards\nDr Lee"] {
        let mut office = drafted().await;
        office.arrives(answer(&office, ADVISER, text)).await;
        assert_eq!(the_check(&office).await.outcome, Some(Outcome::Confirmed), "{text}");
        office.until("Tue 03 Nov 2026 08:00").await;
        office.told(COORDINATOR, "today", "Dr Lee has no changes to the plan draft.");
        office.until("Fri 20 Nov 2026 12:00").await;
        assert!(office.inbox(MANAGER).is_empty(), "{}", office.transcript());
    }
}

#[tokio::test]
async fn feedback_is_put_before_the_coordinator_with_the_question_that_decides_the_projection() {
    let mut office = drafted().await;
    let feedback = "Section F says once a month; my advice says once a week.";
    office.arrives(answer(&office, ADVISER, feedback).to(&[MANAGER]).only_to_the_service().to(&[MANAGER])).await;
    assert_eq!(the_check(&office).await.stage.words(), "received, awaiting your decision");
    insta::assert_snapshot!(told(&office, COORDINATOR, "answer"), @"
    Subject: Feedback on the plan draft (FU-XXXX-XXXX, EHC-2026-0412)

    Feedback on the plan draft.

    Dr Lee has sent feedback on the plan draft. What does it lead to? FEEDBACK
    NONE: nothing changes. FEEDBACK PARENT: the change is one that the parents
    asked for, and their days run on. FEEDBACK OTHER: any other change, new
    advice among them; the plan draft then has to be issued again, with new days
    for the parents.

    Child: EHC-2026-0412
    Adviser: Dr Lee, Community Paediatrics
    Due: Monday 9 November 2026

    What they wrote

      | Section F says once a month; my advice says once a week.

    The whole mail is attached as original.eml. It came from outside: open its
    attachments with care.

    1. Feedback on the plan draft – FEEDBACK NONE · FEEDBACK PARENT · FEEDBACK
       OTHER
    ");
    let id = the_check(&office).await.id;
    office.orders(&format!("CLOSE {id}")).await;
    office.told(COORDINATOR, "receipt", "What does it lead to?");
    let question = office.last(COORDINATOR, "answer").clone();
    office.arrives(Draft::from(COORDINATOR).answering(&question).text("FEEDBACK OTHER")).await;
    insta::assert_snapshot!(told(&office, COORDINATOR, "receipt"), @"
    Subject: Done (FU-XXXX-XXXX)

    FU-XXXX-XXXX: the plan draft has to be issued again. Write REISSUED when it
    has been; 15 new days begin with it.
    ");
    assert_eq!(register(&office).await.reissue_since.unwrap().to_string(), "2026-11-02");
    office.until("Thu 05 Nov 2026 10:00").await;
    office.orders(&format!("REISSUED {CASE}\nWhere: the secure share, folder 0412\nCheck with: {ADVISER}")).await;
    office.told(
        COORDINATOR,
        "receipt",
        "issued again on Thursday 5 November 2026; new 15 days for the parents end on Thursday 19 November 2026",
    );
    let after = register(&office).await;
    assert_eq!((after.reissue_since, after.issued_draft().unwrap().issue), (None, DraftIssue::Reissued));
    assert_eq!(checks(&office).await.len(), 2);
}

#[tokio::test]
async fn feedback_of_the_parents_or_without_effect_changes_no_draft() {
    for (word, outcome) in [("FEEDBACK NONE", Outcome::FeedbackNone), ("FEEDBACK PARENT", Outcome::FeedbackParent)] {
        let mut office = drafted().await;
        office.arrives(answer(&office, ADVISER, "His name is spelt differently on page 2.")).await;
        let id = the_check(&office).await.id;
        office.orders(&format!("{word} {id}")).await;
        assert_eq!(the_check(&office).await.outcome, Some(outcome));
        assert_eq!(register(&office).await.reissue_since, None);
    }
}

#[tokio::test]
async fn without_a_reply_the_line_manager_hears_of_all_checks_in_one_neutral_mail_by_reference() {
    let mut office = drafted().await;
    office.orders(&format!("DRAFT ISSUED EHC-2026-0500\nWhere: the secure share\nCheck with: {ADVISER}")).await;
    office.until("Tue 10 Nov 2026 11:59").await;
    assert!(office.inbox(MANAGER).is_empty());
    office.until("Thu 12 Nov 2026 18:00").await;
    insta::assert_snapshot!(office.transcript(), @"
    Mon 2 Nov 10:00 draft_check → dr.lee@nhs.example
    Mon 2 Nov 10:00 draft_check → dr.lee@nhs.example
    Mon 2 Nov 10:00 receipt → cora.lane@council.example
    Mon 2 Nov 10:00 receipt → cora.lane@council.example
    Tue 10 Nov 12:00 draft_silence → mo.head@nhs.example
    Wed 11 Nov 07:30 today → cora.lane@council.example
    ");
    insta::assert_snapshot!(told(&office, MANAGER, "draft_silence"), @"
    Subject: Draft checks without a reply

    Dear Mo Head,

    Your staff were asked to check plan drafts, and we have had no reply to
    those listed here. Unless we hear, we take it that there are no accuracy
    points. Nothing is late, and nothing is asked of you; this note only tells
    you that the time for a reply is over.

    - FU-XXXX-XXXX · EHC-2026-0412: Dr Lee, asked on Mon 2 Nov
    - FU-XXXX-XXXX · EHC-2026-0500: Dr Lee, asked on Mon 2 Nov

    To say something about one of them, answer this mail: write its reference at
    the beginning of a line, and behind it what you want to say.

    Cora Lane, 01632 960001
    SEND team, Example County Council
    ");
    insta::assert_snapshot!(told(&office, COORDINATOR, "today"), @"
    Subject: Today: nothing needs you (Wed 11 Nov)

    Good morning Cora Lane.

    Happened

    1. FU-XXXX-XXXX · EHC-2026-0412: Dr Lee has not replied to the draft check;
       it is taken that nothing is wrong.
    2. FU-XXXX-XXXX · EHC-2026-0500: Dr Lee has not replied to the draft check;
       it is taken that nothing is wrong.

    The numbers belong to this mail only.
    ");
    assert_eq!(the_check(&office).await.outcome, Some(Outcome::NoResponse));
}

#[tokio::test]
async fn a_check_that_ends_later_is_told_on_the_next_day() {
    let mut office = drafted().await;
    office.until("Tue 03 Nov 2026 10:00").await;
    office.orders(&format!("DRAFT ISSUED EHC-2026-0500\nWhere: the secure share\nCheck with: {ADVISER}")).await;
    office.until("Fri 13 Nov 2026 18:00").await;
    let days: Vec<String> = office
        .inbox(MANAGER)
        .iter()
        .filter(|s| s.kind == "draft_silence")
        .map(|s| s.at.format("%a %-d %b").to_string())
        .collect();
    assert_eq!(days, ["Tue 10 Nov", "Wed 11 Nov"]);
}

#[tokio::test]
async fn operators_may_have_silence_escalated_or_kept_silent() {
    for (on_close, overdue) in [(CheckClose::Escalate, 1), (CheckClose::Silent, 0)] {
        let mut other = policy();
        other.draft_check.on_close = on_close;
        let mut office = drafted_under(other).await;
        office.until("Tue 10 Nov 2026 18:00").await;
        assert_eq!(office.count(MANAGER, "overdue"), overdue, "{on_close:?}");
        assert_eq!(office.count(MANAGER, "draft_silence"), 0, "{on_close:?}");
        if on_close == CheckClose::Escalate {
            insta::assert_snapshot!(told(&office, MANAGER, "overdue"), @"
            Subject: Overdue: reply to a draft check was due Monday 9 November 2026 (FU-XXXX-XXXX)

            Dear Mo Head,

            On Monday 2 November 2026 Dr Lee (Community Paediatrics) was asked to check
            a plan draft by Monday 9 November 2026. We have had no reply. One word, NO
            CHANGES, is enough when nothing is wrong with it.

            Child: EHC-2026-0412
            Our reference: FU-XXXX-XXXX

            Cora Lane, 01632 960001
            SEND team, Example County Council
            ");
        }
    }
}

#[tokio::test]
async fn a_mail_with_the_draft_address_copied_in_notes_the_draft_and_opens_the_checks() {
    let mut office = Office::open(OPENED).await;
    let mail = |subject: &str| {
        Draft::from(COORDINATOR)
            .to(&[ADVISER, DRAFT_ADDRESS])
            .subject(subject)
            .text("Dear Dr Lee,\n\nplease find it attached.")
            .attach("plan.pdf", b"x")
    };
    office.arrives(mail("Plan draft")).await;
    office.told(COORDINATOR, "receipt", "the case reference has to stand in the subject or the text");
    assert!(office.of_case(CASE).await.is_empty());
    office.arrives(mail(&format!("Plan draft {CASE}"))).await;
    insta::assert_snapshot!(told(&office, ADVISER, "draft_logged"), @"
    Subject: Logged: check of a plan draft, reply by Monday 9 November 2026 (FU-XXXX-XXXX)

    Dear Dr Lee,

    On Monday 2 November 2026 Cora Lane asked you to check a plan draft. Does
    the plan reflect the needs from your perspective?

    Child: EHC-2026-0412

    Where the plan draft is: in the e-mail of Monday 2 November 2026 from Cora
    Lane

    Please answer by Monday 9 November 2026, to Cora Lane or to this e-mail. If
    nothing is wrong, one word is enough: NO CHANGES. Otherwise send your
    feedback and copy in your line manager.

    If you do not reply, we take it that there are no accuracy points.

    Cora Lane, 01632 960001
    SEND team, Example County Council
    ");
    insta::assert_snapshot!(told(&office, COORDINATOR, "receipt"), @"
    Subject: Noted (EHC-2026-0412)

    Plan draft issued on Monday 2 November 2026; the 15 days for the parents end
    on Monday 16 November 2026.

    Draft check FU-XXXX-XXXX is open; an answer is due by Monday 9 November
    2026.
    ");
    office.until("Mon 09 Nov 2026 08:00").await;
    insta::assert_snapshot!(told(&office, COORDINATOR, "today"), @"
    Subject: Today: 1 thing needs you (Mon 9 Nov)

    Good morning Cora Lane.

    1. FU-XXXX-XXXX · EHC-2026-0412: the window closes today and nothing was
       seen here. Has Dr Lee answered you? If not, it is taken at 12:00 of the
       next working day that nothing is wrong. – RECEIVED · FEEDBACK NONE ·
       FEEDBACK PARENT · FEEDBACK OTHER

    Answer with the number and a word, one line each, for example:

      | 1 RECEIVED by phone

    The numbers belong to this mail only.
    ");
    let today = office.last(COORDINATOR, "today").clone();
    let line = if today.says("2. FU-") { "2" } else { "1" };
    office.arrives(Draft::from(COORDINATOR).answering(&today).text(&format!("{line} FEEDBACK NONE"))).await;
    assert_eq!(the_check(&office).await.outcome, Some(Outcome::FeedbackNone));
}

#[tokio::test]
async fn a_check_before_the_issue_starts_no_15_days_and_is_not_asked_again_at_the_issue() {
    let mut office = Office::open(OPENED).await;
    office.orders(&format!("DRAFT ISSUED {CASE}\nWhere: the share\nCheck with: {ADVISER}\nBefore issue: yes")).await;
    assert_eq!(register(&office).await.issued_draft(), None);
    office.arrives(answer(&office, ADVISER, "NO CHANGES")).await;
    office.until("Mon 09 Nov 2026 10:00").await;
    office.orders(&format!("DRAFT ISSUED {CASE}\nWhere: the share")).await;
    office.told(COORDINATOR, "receipt", "The advisers have seen it before its issue");
    assert_eq!(register(&office).await.issued_draft().unwrap().on.to_string(), "2026-11-09");
    let mut early = policy();
    early.draft_check.anchor = CheckAnchor::PreIssue;
    let mut office = Office::open_with(OPENED, early).await;
    office
        .arrives(
            Draft::from(COORDINATOR)
                .to(&[ADVISER, DRAFT_ADDRESS])
                .subject(&format!("Plan {CASE}"))
                .text("Please look."),
        )
        .await;
    assert_eq!(register(&office).await.issued_draft(), None);
    assert_eq!(checks(&office).await.len(), 1);
}

#[tokio::test]
async fn a_new_plan_draft_takes_the_place_of_open_checks() {
    let mut office = drafted().await;
    office.until("Wed 04 Nov 2026 10:00").await;
    office.orders(&format!("REISSUED {CASE}\nWhere: the secure share, second version\nCheck with: {ADVISER}")).await;
    let stages: Vec<&str> = checks(&office).await.iter().map(|f| f.stage.words()).collect();
    assert_eq!(stages, ["cancelled", "open"]);
    assert_eq!(office.count(ADVISER, "stand_down"), 0, "the new mail says all that is needed");
}

#[tokio::test]
async fn an_adviser_who_is_away_makes_nobody_responsible_for_a_draft_check() {
    let mut office = drafted().await;
    let notice = answer(&office, ADVISER, "I am out of the office until 30 November 2026.")
        .subject("Automatic reply: plan")
        .header("Auto-Submitted", "auto-replied");
    office.arrives(notice).await;
    office.until("Mon 09 Nov 2026 18:00").await;
    assert!(office.inbox(MANAGER).is_empty(), "{}", office.transcript());
}
