//! Advice that is settled without the answer to its clarification: nobody is accused of what nobody waits for.

use super::{answer, of_kind, requested};
use crate::office::*;
use followupd::core::follow_up::FollowUpKind;
use followupd::engine::Verdict;

/// Advice came, was found unclear, and its clarification is out.
async fn queried() -> Office {
    let mut office = requested().await;
    let id = of_kind(&office, FollowUpKind::AdviceRequest).await.id;
    office.arrives(answer(&office, ADVISER, ADVICE)).await;
    office.orders(&format!("INSUFFICIENT {id}\nText: How often is therapy to be given?")).await;
    assert_eq!(office.count(ADVISER, "request"), 1, "{}", office.transcript());
    office
}

#[tokio::test]
async fn settling_the_advice_ends_its_clarification_and_whoever_was_asked_is_told() {
    for word in ["ACCEPT", "CANCEL", "NOT SOUGHT"] {
        let mut office = queried().await;
        let id = of_kind(&office, FollowUpKind::AdviceRequest).await.id;
        office.orders(&format!("{word} {id}\nReason: Dr Lee, the parents and we agree.")).await;
        office.until("Wed 02 Dec 2026 12:00").await;
        assert_eq!(office.escalations(), 0, "{word}\n{}", office.transcript());
        assert!(!of_kind(&office, FollowUpKind::Clarification).await.stage.is_open(), "{word}");
        assert!(office.count(ADVISER, "stand_down") >= 1, "{word}\n{}", office.transcript());
    }
}

#[tokio::test]
async fn a_clarification_that_can_reach_nobody_is_on_hold_and_says_so() {
    let mut office = Office::open("Mon 02 Nov 2026 10:00").await;
    for who in [ADVISER, MANAGER] {
        office.relay.insert(who.into(), Verdict::Rejected("550 5.1.1 no such user".into()));
    }
    office.orders(&format!("REQUEST ADVICE {CASE}\nFrom: {ADVISER}\nText: What therapy?")).await;
    let id = of_kind(&office, FollowUpKind::AdviceRequest).await.id;
    office.orders(&format!("RECEIVED {id}")).await;
    office.orders(&format!("INSUFFICIENT {id}\nText: How often?")).await;
    office.told(COORDINATOR, "receipt", "Nobody could be reached, so no clock runs.");
    assert_eq!(of_kind(&office, FollowUpKind::Clarification).await.standing(), "on hold: nobody could be reached");
}
