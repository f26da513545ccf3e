//! Staff forward a mail: their own words above it come first, and nothing of their own office is an answer.

use super::*;

/// What a mail program makes of forwarding a mail.
fn forward(own: &str, from: &str, id: &str, text: &str) -> Draft {
    let block = format!(
        "{own}\n\n________________________________\nFrom: {from}\nSent: 04 November 2026 09:00\nTo: Cora Lane <{COORDINATOR}>\nSubject: RE: Logged ({id})\n\n{text}"
    );
    Draft::from(COORDINATOR).to(&[SERVICE]).subject(&format!("FW: Logged ({id})")).text(&block)
}

const DR_LEE: &str = "Dr Lee <dr.lee@nhs.example>";

async fn on_wednesday() -> (Office, String) {
    let mut office = Office::asked("Mon 02 Nov 2026 10:00").await;
    office.until("Wed 04 Nov 2026 11:00").await;
    let id = office.id_of(CASE).await.to_string();
    (office, id)
}

#[tokio::test]
async fn a_stop_above_a_forwarded_mail_stops_and_the_mail_is_no_answer() {
    let (mut office, id) = on_wednesday().await;
    let sad = "I am sorry to hear that she has died; we were all so very fond of her and her family here, and I shall of course write nothing more about her therapy.";
    office.arrives(forward(&format!("STOP SILENT {CASE}"), DR_LEE, &id, sad)).await;
    assert!(office.case(CASE).await.register.stop.is_some());
    assert_eq!(office.stands().await, "open");
    office.confirms_with(COORDINATOR, "YES").await;
    let mark = office.so_far();
    office.until("Fri 13 Nov 2026 18:00").await;
    assert!(office.since(mark).iter().all(|s| !s.contains("nhs.example")), "{}", office.transcript());
}

#[tokio::test]
async fn a_cancel_that_cannot_be_read_is_asked_about_and_the_mail_below_is_no_answer() {
    let (mut office, id) = on_wednesday().await;
    office.arrives(forward(&format!("CANCEL {id}, she is on leave"), DR_LEE, &id, ADVICE)).await;
    assert_eq!(office.stands().await, "open");
    office.told(COORDINATOR, "receipt", "Your own words come first");
}

#[tokio::test]
async fn insufficient_above_unclear_advice_counts_it_on_its_day_and_asks_again() {
    let mut office = requested().await;
    office.until("Wed 04 Nov 2026 11:00").await;
    let id = office.the().await.id.to_string();
    office.arrives(forward("INSUFFICIENT\nText: Please say how often.", DR_LEE, &id, ADVICE)).await;
    let request = of_kind(&office, FollowUpKind::AdviceRequest).await;
    assert_eq!(request.standing(), "found unclear, its clarification is out", "{}", office.transcript());
    assert_eq!(request.first_received(), Some(at("Wed 04 Nov 2026 09:00")));
    assert_eq!(office.count(COORDINATOR, "receipt"), 2, "one for each mail of theirs");
}

#[tokio::test]
async fn accept_above_forwarded_advice_accepts_it() {
    let mut office = requested().await;
    office.until("Wed 04 Nov 2026 11:00").await;
    let id = office.the().await.id.to_string();
    office.arrives(forward("ACCEPT", DR_LEE, &id, ADVICE)).await;
    assert_eq!(office.stands().await, "closed");
    office.told(COORDINATOR, "receipt", "It came on Wednesday 4 November 2026");
}

#[tokio::test]
async fn nothing_of_the_service_or_of_its_staff_is_an_answer() {
    for from in ["Cora Lane via Example SEND <followups@council.example>", "Dev Patel <dev.patel@council.example>"] {
        let (mut office, id) = on_wednesday().await;
        let ours = followupd::message::parse::parse(&office.first_letter().raw).message_id.unwrap();
        let forwarded = forward("Have you seen this?", from, &id, ADVICE).header("References", &format!("<{ours}>"));
        office.arrives(forwarded).await;
        assert_eq!(office.stands().await, "open", "{from}");
        office.told(COORDINATOR, "receipt", "does not count as the answer");
    }
}
