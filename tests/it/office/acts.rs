//! What people of a story do, in a line each, and what can be asked about the outcome.

use super::{ADVISER, COORDINATOR, Draft, FIXED, MANAGER, Office, SERVICE, Sent, policy};
use followupd::core::follow_up::FollowUp;
use followupd::core::id::{CaseRef, FollowUpId};
use followupd::store::MessageState;

/// Advice as it should be: enough words of their own.
pub const ADVICE: &str = "Robin needs direct speech and language therapy once a week for thirty minutes, delivered by a qualified therapist, with a programme that the teaching assistant carries out on three other days of each week, reviewed every term with the parents.";

/// What the co-ordinator writes when they copy the service in.
pub fn copied_in(case: &str) -> Draft {
    Draft::from(COORDINATOR)
        .to(&[ADVISER, MANAGER, SERVICE])
        .subject(FIXED)
        .text(&format!("Dear Dr Lee,\n\n{case}. How often and by whom is therapy to be given?\n\nCora Lane"))
}

/// The authority's case in most stories.
pub const CASE: &str = "EHC-2026-0412";

impl Office {
    /// An office with one copied-in follow-up.
    pub async fn asked(now: &str) -> Self {
        let mut office = Self::open(now).await;
        office.arrives(copied_in(CASE)).await;
        office
    }

    /// The same on a database of its own.
    pub async fn asked_at(url: &str, now: &str) -> Self {
        let mut office = Self::asked_at_again(url, now).await;
        office.arrives(copied_in(CASE)).await;
        office
    }

    /// An office on a database that is there already.
    pub async fn asked_at_again(url: &str, now: &str) -> Self {
        Self::on(url, now, super::rules(policy()), None).await
    }

    /// An office with one follow-up whose request the service sent.
    pub async fn clarified(now: &str) -> Self {
        let mut office = Self::open(now).await;
        office.clarify(CASE).await;
        office
    }

    /// `CLARIFY` by the co-ordinator.
    pub async fn clarify(&mut self, case: &str) {
        self.orders(&format!("CLARIFY {case}\nTo: {ADVISER}\nText: Please say how often therapy is to be given."))
            .await;
    }

    /// A new mail of the co-ordinator with commands.
    pub async fn orders(&mut self, text: &str) {
        self.ordered_by(COORDINATOR, text).await;
    }

    pub async fn ordered_by(&mut self, who: &str, text: &str) {
        self.arrives(Draft::from(who).to(&[SERVICE]).subject("followupd").text(text)).await;
    }

    /// The first letter about the follow-up that the adviser got.
    pub fn first_letter(&self) -> Sent {
        let first = self.inbox(ADVISER).into_iter().find(|s| s.kind == "logged" || s.kind == "request");
        first.unwrap_or_else(|| panic!("nothing was sent to the adviser\n{}", self.transcript())).clone()
    }

    /// An answer to the first letter.
    pub fn reply(&self, from: &str, text: &str) -> Draft {
        Draft::from(from).answering(&self.first_letter()).text(text)
    }

    /// An automatic reply to the first letter.
    pub fn automatic(&self, from: &str, subject: &str, text: &str) -> Draft {
        Draft::from(from)
            .answering(&self.first_letter())
            .subject(subject)
            .header("Auto-Submitted", "auto-replied")
            .header("X-Auto-Response-Suppress", "All")
            .text(text)
    }

    /// An out-of-office notice.
    pub fn out_of_office(&self, from: &str, text: &str) -> Draft {
        self.automatic(from, "Automatic reply: advice", text)
    }

    /// A delivery notice about a letter of ours: status "5.1.1" or "4.4.1".
    pub fn notice(&self, letter: &Sent, who: &str, status: &str) -> Vec<u8> {
        let (action, said) = if status.starts_with('5') {
            ("failed", "550 5.1.1 <user> unknown")
        } else {
            ("delayed", "451 4.4.1 no answer from host")
        };
        let original = String::from_utf8_lossy(&letter.raw);
        let head = original.split("\r\n\r\n").next().unwrap_or_default();
        format!(
            "Return-Path: <>\r\nDelivered-To: {SERVICE}\r\nFrom: MAILER-DAEMON@mx.council.example\r\nTo: {SERVICE}\r\nSubject: Delivery Status Notification\r\nDate: {}\r\nMessage-ID: <dsn-{who}-{}@mx.council.example>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"d\"\r\n\r\n--d\r\nContent-Type: text/plain\r\n\r\nYour message to {who} has not been delivered.\r\n--d\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.council.example\r\n\r\nFinal-Recipient: rfc822; {who}\r\nAction: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; {said}\r\n\r\n--d\r\nContent-Type: text/rfc822-headers\r\n\r\n{head}\r\n\r\n--d--\r\n",
            self.now.to_rfc2822(),
            self.now.timestamp(),
        )
        .into_bytes()
    }

    /// The co-ordinator confirms what waits for its proof.
    pub async fn confirms(&mut self) {
        let question = self.last(COORDINATOR, "confirm").clone();
        self.arrives(Draft::from(COORDINATOR).answering(&question).text("yes").proof("none")).await;
    }

    /// How many escalations anybody has received.
    pub fn escalations(&self) -> usize {
        self.sent.iter().filter(|s| s.kind == "escalation").count()
    }

    /// The follow-ups of a case, oldest first.
    pub async fn of_case(&self, case: &str) -> Vec<FollowUp> {
        let mut tx = self.engine.store().begin().await.unwrap();
        let loaded = tx.case_by_reference(&CaseRef::new(case)).await.unwrap();
        tx.commit().await.unwrap();
        loaded.map(|l| l.case.follow_ups).unwrap_or_default()
    }

    /// The only follow-up of the usual case.
    pub async fn the(&self) -> FollowUp {
        let follow_ups = self.of_case(CASE).await;
        assert_eq!(follow_ups.len(), 1, "one follow-up in {CASE}");
        follow_ups[0].clone()
    }

    pub async fn id_of(&self, case: &str) -> FollowUpId {
        self.of_case(case).await.last().expect("a follow-up of the case").id.clone()
    }

    /// Where the only follow-up stands.
    pub async fn stands(&self) -> String {
        self.the().await.standing().to_owned()
    }

    /// How many mails wait for a person to say where they belong.
    pub async fn in_triage(&self) -> usize {
        let mut tx = self.engine.store().begin().await.unwrap();
        let waiting = tx.messages_in(MessageState::Triage).await.unwrap().len();
        let failed = tx.messages_in(MessageState::Failed).await.unwrap();
        tx.commit().await.unwrap();
        assert!(failed.is_empty(), "a mail could not be handled: {:?}", failed[0].story);
        waiting
    }

    /// Holds that the newest mail of a kind to somebody says a phrase.
    pub fn told(&self, who: &str, kind: &str, phrase: &str) {
        let last = self.last(who, kind);
        assert!(last.says(phrase), "{phrase:?} is missing in:\nSubject: {}\n{}", last.subject, last.text);
    }

    /// Marks where a story stands, so that only what comes after is looked at.
    pub fn so_far(&self) -> usize {
        self.sent.len()
    }

    /// Kinds and recipients of what was sent since then.
    pub fn since(&self, mark: usize) -> Vec<String> {
        let mut lines: Vec<String> =
            self.sent[mark..].iter().map(|s| format!("{} → {}", s.kind, s.recipients.join(", "))).collect();
        lines.sort();
        lines
    }
}

impl Office {
    /// A case as it stands.
    pub async fn case(&self, reference: &str) -> followupd::core::case::Case {
        self.case_if_any(reference).await.unwrap_or_else(|| panic!("{reference} is not held"))
    }

    /// A case as it stands, when there is one.
    pub async fn case_if_any(&self, reference: &str) -> Option<followupd::core::case::Case> {
        let mut tx = self.engine.store().begin().await.unwrap();
        let loaded = tx.case_by_reference(&CaseRef::new(reference)).await.unwrap();
        tx.commit().await.unwrap();
        loaded.map(|l| l.case)
    }

    /// Somebody answers what was read back to them.
    pub async fn confirms_with(&mut self, who: &str, text: &str) {
        let question = self.last(who, "read_back").clone();
        self.arrives(Draft::from(who).answering(&question).text(text)).await;
    }

    /// An order that is read back, with its `YES`.
    pub async fn orders_and_confirms(&mut self, text: &str) {
        self.orders(text).await;
        self.confirms_with(COORDINATOR, "YES").await;
    }
}
