//! Where the answers of families go: to the team or the co-ordinator, and to the service. None is lost where a mail
//! system knows no plus addresses.

use super::*;

fn reply_to(sent: &Sent) -> Vec<String> {
    let parsed = followupd::message::parse::parse(&sent.raw);
    parsed.reply_to.iter().map(|m| m.address.to_string()).collect()
}

#[tokio::test]
async fn answers_go_to_the_team_where_it_has_an_address_else_to_the_co_ordinator_and_to_the_service() {
    for (team, person) in [(None, COORDINATOR), (Some("send.team@council.example"), "send.team@council.example")] {
        let mut policy = policy();
        policy.parents.lines.extend(team.map(|team| ("email".to_owned(), team.to_owned())));
        let mut office = slipping_with(&winter(), policy).await;
        office.until("Wed 30 Sep 2026 12:00").await;
        office.answers(ANN, "parent_notice", "Thank you.").await;
        for kind in ["parent_notice", "parent_acknowledgement"] {
            let answers = reply_to(office.last(ANN, kind));
            assert_eq!(answers.first().map(String::as_str), Some(person), "{kind}");
            assert!(answers[1].starts_with("followups+"), "{answers:?}");
        }
    }
}

/// The token address has bounced; only a person has the answer, and sends it on.
#[tokio::test]
async fn an_answer_that_reached_a_person_alone_counts_when_they_forward_it() {
    let mut office = slipping(&winter()).await;
    office.until("Tue 29 Sep 2026 12:00").await;
    let mark = office.so_far();
    let inner = format!(
        "\n\n________________________________\nFrom: Ms Winter <{ANN}>\nSent: 29 September 2026 11:20\nTo: Cora Lane <{COORDINATOR}>\nSubject: RE: Update from the SEND team\n\nWe are moving house. When will the plan come?\n"
    );
    let forward = Draft::from(COORDINATOR).to(&[SERVICE]).subject("FW: Update from the SEND team").text(&inner);
    office.arrives(forward).await;
    assert_eq!(
        office.since(mark),
        [format!("parent_acknowledgement → {ANN}"), format!("parent_mail → {COORDINATOR}")],
        "{}",
        office.transcript()
    );
    office.until("Fri 02 Oct 2026 12:00").await;
    assert_eq!(office.count(ANN, "parent_notice"), 0, "held until they are answered");
}
