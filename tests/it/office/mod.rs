//! A small authority for stories: real engine, real store, a clock that the story moves, relays that do as they are
//! told. Every mail that it sends passes the standing checks.

mod acts;
mod checks;
mod log;
mod mail;

pub use acts::{ADVICE, CASE, copied_in};
pub use mail::Draft;

use chrono::{DateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Europe::London;
use followupd::core::assessment::{Criteria, Rule};
use followupd::core::calendar::{Calendar, at_local};
use followupd::core::directory::{Adviser, Coordinator, Directory, LegalBasis, Person, Service};
use followupd::core::id::{Address, FollowUpId};
use followupd::core::policy::*;
use followupd::core::token::TokenKey;
use followupd::engine::{CopiedIn, Engine, Office as Rules, Verdict};
use followupd::letters::stationery::{Copies, Stationery, StationerySettings};
use followupd::message::parse::parse;
use followupd::store::{Incoming, Store};
use std::collections::BTreeMap;

pub const SERVICE: &str = "followups@council.example";
pub const COORDINATOR: &str = "cora.lane@council.example";
pub const DEPUTY: &str = "dev.patel@council.example";
pub const SEND_MANAGER: &str = "sam.manager@council.example";
pub const ADVISER: &str = "dr.lee@nhs.example";
pub const MANAGER: &str = "mo.head@nhs.example";
pub const SECOND_LEVEL: &str = "dco@icb.example";
pub const FIXED: &str = "URGENT STATUTORY ADVICE CLARIFICATION REQUIRED";

/// A mail that the service sent.
#[derive(Debug, Clone)]
pub struct Sent {
    pub at: DateTime<Utc>,
    pub recipients: Vec<String>,
    pub subject: String,
    pub text: String,
    pub raw: Vec<u8>,
    pub kind: String,
    pub key: String,
}

/// The authority.
pub struct Office {
    pub engine: Engine,
    pub now: DateTime<Utc>,
    pub sent: Vec<Sent>,
    /// What the relay does with an address, when not "accept".
    pub relay: BTreeMap<String, Verdict>,
    /// The mailbox cannot be reached.
    pub mailbox_down: bool,
    uid: u32,
    /// Where its database is.
    pub url: String,
    _folder: Option<tempfile::TempDir>,
}

pub fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

fn person(name: &str, at: &str) -> Person {
    Person { name: name.into(), address: address(at) }
}

fn directory() -> Directory {
    let coordinator = |name: &str, at: &str, phone: &str| Coordinator {
        person: person(name, at),
        phone: Some(phone.into()),
        line_manager: Some(address(SEND_MANAGER)),
        team: None,
    };
    Directory {
        coordinators: vec![
            coordinator("Cora Lane", COORDINATOR, "01632 960001"),
            coordinator("Dev Patel", DEPUTY, "01632 960002"),
        ],
        send_managers: vec![person("Sam Manager", SEND_MANAGER)],
        services: vec![Service {
            name: "Community Paediatrics".into(),
            domains: vec!["nhs.example".into()],
            legal: LegalBasis::Section31,
            second_level: Some(address(SECOND_LEVEL)),
            advisers: vec![Adviser { person: person("Dr Lee", ADVISER), managers: vec![address(MANAGER)] }],
            managers: vec![person("Mo Head", MANAGER)],
            ..Service::default()
        }],
        ..Directory::default()
    }
}

impl Sent {
    /// Whether its text holds a phrase, wherever the lines break.
    pub fn says(&self, phrase: &str) -> bool {
        self.text.split_whitespace().collect::<Vec<_>>().join(" ").contains(phrase)
    }
}

fn time(text: &str) -> NaiveTime {
    NaiveTime::parse_from_str(text, "%H:%M").unwrap()
}

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|&w| w.to_owned()).collect()
}

pub fn policy() -> Policy {
    Policy {
        authority: Authority { name: "Example County Council".into(), short_name: "Example".into() },
        calendar: Calendar::default(),
        zone: London,
        send_window: SendWindow { from: time("08:00"), to: time("18:00") },
        office_hours: OfficeHours { from: time("09:00"), to: time("17:00") },
        windows: Windows { clarification: 5, reminder: 1, review_nudge: 2 },
        escalation: EscalationPolicy {
            at: time("08:00"),
            copied_in_at: time("12:00"),
            repeat: 5,
            max: 3,
            subject_prefix: "OVERDUE: ".into(),
            thin_pause: 2,
        },
        reply: ReplyPolicy {
            full_words: 25,
            manager_words: 60,
            holding_phrases: words(&["will send", "chasing", "not known", "discharged"]),
            more_time_phrases: words(&["more time", "extension", "need time"]),
            ask_for_missing: false,
        },
        commands: CommandPolicy {
            receipts: Receipts::Short,
            today_at: time("07:30"),
            reasons: words(&["unclear", "incomplete"]),
            themes: words(&["capacity", "late request", "child not brought"]),
            agreement: Agreement::Flag,
        },
        child_label: ChildLabel::Initials,
        identifiers: Identifiers::Warn,
        advice: Advice::default(),
        draft_check: DraftCheck::default(),
        timescales: Timescales::default(),
        parents: Parents::default(),
        report: Report::default(),
        assessment: AssessmentPolicy {
            window: 20,
            comments: AssessmentComments::Warn,
            providers_see: ProvidersSee::OwnAndRange,
            opens: Vec::new(),
            criteria: Criteria::shipped(),
            rule: Rule::default(),
        },
        sender_check: SenderCheck::AuthenticationResults { authserv_ids: vec!["mx.council.example".into()] },
        mode: Mode::Live.into(),
        ref_pattern: r"EHC-\d{4}-\d{4}".into(),
        import_columns: BTreeMap::new(),
        version: "test".into(),
    }
}

pub fn rules(policy: Policy) -> Rules {
    let stationery = Stationery::new(
        StationerySettings {
            authority: policy.authority.clone(),
            mailbox: address(SERVICE),
            from: address(SERVICE),
            key: TokenKey::new(b"a key for stories"),
            mode: policy.mode.clone(),
            shadow_to: policy.mode.any(Mode::Shadow).then(|| address(SEND_MANAGER)),
            copies: Copies::None,
            escalation_prefix: policy.escalation.subject_prefix.clone(),
        },
        &BTreeMap::new(),
    )
    .unwrap();
    Rules {
        ref_pattern: regex::Regex::new(&policy.ref_pattern).unwrap(),
        copied_in: CopiedIn {
            clarification: address(SERVICE),
            advice: address(SERVICE).with_detail("advice"),
            draft: address(SERVICE).with_detail("draft"),
            final_plan: address(SERVICE).with_detail("final"),
            from: address(SERVICE),
        },
        one_senders: Vec::new(),
        ignore_before: None,
        directory: directory(),
        stationery,
        policy,
    }
}

/// "Mon 2 Nov 2026 10:00", local time.
pub fn at(text: &str) -> DateTime<Utc> {
    let naive =
        chrono::NaiveDateTime::parse_from_str(text, "%a %d %b %Y %H:%M").unwrap_or_else(|e| panic!("{text}: {e}"));
    London.from_local_datetime(&naive).earliest().unwrap().with_timezone(&Utc)
}

impl Drop for Office {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            log::names_nobody();
        }
    }
}

impl Office {
    /// Opens at this local time on SQLite, or where `FOLLOWUPD_TEST_STORE` points.
    pub async fn open(now: &str) -> Self {
        Self::open_with(now, policy()).await
    }

    pub async fn open_with(now: &str, policy: Policy) -> Self {
        Self::with_rules(now, rules(policy)).await
    }

    /// The same with rules of its own: another directory.
    pub async fn with_rules(now: &str, rules: Rules) -> Self {
        let (url, folder) = store_url();
        Self::on(&url, now, rules, folder).await
    }

    async fn on(url: &str, now: &str, rules: Rules, folder: Option<tempfile::TempDir>) -> Self {
        log::listen();
        let store = Store::open(url).await.unwrap();
        let engine = Engine::new(store, rules);
        let now = at(now);
        engine.note_start(now).await.unwrap();
        Self {
            engine,
            now,
            sent: Vec::new(),
            relay: BTreeMap::new(),
            mailbox_down: false,
            uid: 0,
            url: url.to_owned(),
            _folder: folder,
        }
    }

    /// A mail arrives now, and is handled.
    pub async fn arrives(&mut self, draft: Draft) {
        self.arrives_raw(draft.bytes(self.now)).await;
    }

    pub async fn arrives_raw(&mut self, raw: Vec<u8>) {
        self.takes_in(raw, true).await;
    }

    /// A mail over the size limit, of which only the head was fetched.
    pub async fn arrives_cut(&mut self, raw: Vec<u8>) {
        self.takes_in(raw, false).await;
    }

    async fn takes_in(&mut self, raw: Vec<u8>, whole: bool) {
        self.uid += 1;
        let mail = Incoming { uid: self.uid, received_at: self.now, raw, whole };
        self.engine.take_in("INBOX", 1, &[mail]).await.unwrap();
        self.settle().await;
    }

    /// Everything that can be done now is done.
    pub async fn settle(&mut self) {
        for _ in 0..20 {
            let mut busy = 0;
            if !self.mailbox_down {
                busy += self.engine.handle_waiting(self.now).await.unwrap();
                self.engine.mailbox_seen(self.now).await.unwrap();
            }
            self.engine.fire_due(self.now).await.unwrap();
            busy += self.relay_takes().await;
            if busy == 0 {
                return;
            }
        }
        panic!("the service does not come to rest at {}", self.now);
    }

    async fn relay_takes(&mut self) -> usize {
        let ready = self.engine.ready(self.now, 50).await.unwrap();
        for letter in &ready {
            self.engine.note_dot(&letter.letter.id, self.now).await.unwrap();
            let verdicts: Vec<(Address, Verdict)> = letter
                .recipients
                .iter()
                .map(|r| (r.clone(), self.relay.get(r.as_str()).cloned().unwrap_or(Verdict::Accepted("250 ok".into()))))
                .collect();
            let taken: Vec<String> = verdicts
                .iter()
                .filter(|(_, v)| matches!(v, Verdict::Accepted(_)))
                .map(|(a, _)| a.to_string())
                .collect();
            self.engine.delivered(&letter.letter, &verdicts, self.now).await.unwrap();
            if taken.is_empty() {
                continue;
            }
            let parsed = parse(&letter.bytes);
            let sent = Sent {
                at: self.now,
                recipients: taken,
                subject: parsed.subject.clone(),
                text: parsed.text.clone().unwrap_or_default(),
                raw: letter.bytes.clone(),
                kind: letter.letter.kind.name().to_owned(),
                key: letter.letter.unique_key.clone(),
            };
            checks::standing(&sent, &self.sent, &parsed);
            self.sent.push(sent);
        }
        ready.len()
    }

    /// Moves the clock, stopping wherever something may be due.
    pub async fn until(&mut self, time: &str) {
        let end = at(time);
        assert!(end >= self.now, "a story does not go back in time");
        while self.now < end {
            self.now = self.next_stop().await.min(end);
            self.settle().await;
        }
    }

    async fn next_stop(&mut self) -> DateTime<Utc> {
        let mut tx = self.engine.store().begin().await.unwrap();
        let wake = tx.next_wake(self.now).await.unwrap();
        tx.commit().await.unwrap();
        let delivery = self.engine.next_delivery().await.unwrap();
        let day = self.now.with_timezone(&London).date_naive();
        let hours = [time("07:30"), time("08:00")];
        let mornings = [day, day.succ_opt().unwrap()].map(|d| hours.map(|hour| at_local(d, hour, London)));
        let mornings = mornings.into_iter().flatten();
        wake.into_iter().chain(delivery).chain(mornings).filter(|&t| t > self.now).min().unwrap()
    }

    /// The service was down until now: nothing was looked at in between.
    pub async fn sleeps_until(&mut self, time: &str) {
        self.now = at(time);
        self.settle().await;
    }

    /// What somebody has received, oldest first.
    pub fn inbox(&self, who: &str) -> Vec<&Sent> {
        self.sent.iter().filter(|s| s.recipients.iter().any(|r| r == who)).collect()
    }

    /// The newest mail of a kind to somebody.
    pub fn last(&self, who: &str, kind: &str) -> &Sent {
        self.inbox(who)
            .into_iter()
            .rfind(|s| s.kind == kind)
            .unwrap_or_else(|| panic!("{who} has received no {kind}\n{}", self.transcript()))
    }

    /// How many mails of a kind somebody has received.
    pub fn count(&self, who: &str, kind: &str) -> usize {
        self.inbox(who).into_iter().filter(|s| s.kind == kind).count()
    }

    /// Who got what and when, one line a mail.
    pub fn transcript(&self) -> String {
        // The reports come every week whatever happens; they have stories of their own.
        let is_report =
            |s: &&Sent| ["weekly_report", "health_report", "authority_health_report"].contains(&s.kind.as_str());
        let mut lines: Vec<(DateTime<Utc>, String)> = self
            .sent
            .iter()
            .filter(|s| !is_report(s))
            .map(|s| {
                let when = s.at.with_timezone(&London).format("%a %-d %b %H:%M");
                (s.at, format!("{when} {} → {}", s.kind, s.recipients.join(", ")))
            })
            .collect();
        // References are random, and with them the order of letters of one instant.
        lines.sort();
        lines.into_iter().map(|(_, line)| line).collect::<Vec<_>>().join("\n")
    }

    /// The only follow-up, or the newest.
    pub fn follow_up(&self) -> FollowUpId {
        let mut keys = self.sent.iter().rev().filter_map(|s| s.key.split('/').next()).filter(|k| k.starts_with("FU-"));
        FollowUpId::parse(keys.next().expect("a follow-up")).unwrap()
    }

    /// Where a follow-up stands, in words.
    pub async fn stage(&self, id: &FollowUpId) -> String {
        let mut tx = self.engine.store().begin().await.unwrap();
        let loaded = tx.case_of(id).await.unwrap().expect("the follow-up stands");
        tx.commit().await.unwrap();
        loaded.case.follow_up(id).unwrap().standing().to_owned()
    }
}

/// Stories run on SQLite; `tests/run` runs them on PostgreSQL too, each in a schema of its own.
fn store_url() -> (String, Option<tempfile::TempDir>) {
    match std::env::var("FOLLOWUPD_TEST_STORE").as_deref() {
        Ok("postgres") => (super::postgres::fresh_database(), None),
        _ => {
            let folder = tempfile::tempdir().unwrap();
            (format!("sqlite:{}", folder.path().join("followupd.db").display()), Some(folder))
        }
    }
}
