//! A small authority on real servers: a mailbox, a post office, a service beside them, and people with mailboxes.
//!
//! Everybody writes by SMTP and reads what was delivered; nothing is told to the service in any other way.

use crate::servers::clock::Clock;
use crate::servers::dovecot::{Dovecot, PASSWORD, USER};
use crate::servers::postfix::{PostOffice, Postfix};
use crate::servers::postgres::Postgres;
use crate::servers::{Personality, holds_within, wait_patiently};
use crate::service::Service;
use chrono::{DateTime, TimeDelta, Utc};
use followupd::message::Message;
use followupd::message::parse::parse;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Row};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicU32, Ordering};

pub const SERVICE: &str = USER;
pub const COORDINATOR: &str = "cora.lane@council.example";
pub const SEND_MANAGER: &str = "sam.okoro@council.example";
pub const ADVISER: &str = "dr.lee@hospital.example";
pub const OTHER_ADVISER: &str = "kit.moss@hospital.example";
pub const MANAGER: &str = "mo.head@hospital.example";
pub const FIXED: &str = "URGENT STATUTORY ADVICE CLARIFICATION REQUIRED";
pub const ADVICE: &str = "Robin needs direct speech and language therapy once a week for thirty minutes, delivered by a \
                          qualified therapist, with a programme that the teaching assistant carries out on three \
                          other days of each week, reviewed every term with the parents.";
const SECOND_LEVEL: &str = "dco@icb.example";
/// Not the one that remedies give as their example.
pub const OPERATORS: &str = "night.watch@council.example";
pub const PEOPLE: &[&str] = &[COORDINATOR, SEND_MANAGER, ADVISER, OTHER_ADVISER, MANAGER, SECOND_LEVEL, OPERATORS];
const PROVER: &str = "mx.council.example";

/// Where the service remembers.
pub enum Memory {
    Sqlite,
    Postgres(Postgres),
}

/// The authority.
pub struct World {
    pub clock: Clock,
    pub mailbox: Dovecot,
    pub post: Postfix,
    pub memory: Memory,
    pub personality: Personality,
    pub service: Service,
}

/// One mail in somebody's mailbox.
pub struct Received {
    /// When it was delivered, on the clock of the world.
    pub at: DateTime<Utc>,
    pub raw: String,
    pub message: Message,
}

impl World {
    /// Opens at this local time, with everything but the service running.
    pub fn open(local: &str, memory: Memory) -> Self {
        Self::open_with(local, memory, "")
    }

    /// The same with further lines in the configuration of its post office.
    pub fn open_with(local: &str, memory: Memory, post: &'static str) -> Self {
        Self::open_as(local, memory, Personality::Plain, post)
    }

    /// The same on servers with somebody's peculiarities.
    pub fn open_as(local: &str, memory: Memory, personality: Personality, post: &'static str) -> Self {
        let clock = Clock::at(local);
        let mailbox = match personality {
            Personality::Plain => Dovecot::start_on(&clock),
            Personality::Exchange => Dovecot::start_like_exchange(&clock),
        };
        let post = Postfix::start_office(PostOffice {
            service: SERVICE,
            lmtp: mailbox.lmtp,
            auth: mailbox.auth,
            people: PEOPLE,
            authserv_id: PROVER,
            personality,
            more: post,
        });
        let text = configuration(&mailbox, &post, &memory, personality);
        let secrets = [("token_key", "a key for tests, of thirty-two bytes or more"), ("password", PASSWORD)];
        let service = Service::set_up(&text, &secrets, Some(&clock));
        Self { clock, mailbox, post, memory, personality, service }
    }

    /// The configuration that it began with.
    pub fn configuration(&self) -> String {
        configuration(&self.mailbox, &self.post, &self.memory, self.personality)
    }

    /// Somebody posts a mail; when this returns the post office has taken it.
    pub fn post(&self, mail: &Mail) {
        let mut smtp = Smtp::connect(self.post.port);
        smtp.say("EHLO desk.example\r\n", "250");
        // A post office that throttles tells people's mail programs to wait too, and they do.
        let from = format!("MAIL FROM:<{}>\r\n", mail.from);
        let mut heard = smtp.ask(&from);
        for _ in 0..120 {
            if !heard.starts_with("450") {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(500));
            heard = smtp.ask(&from);
        }
        assert!(heard.starts_with("250"), "SMTP expected 250 to {from:?}, heard {heard}");
        for to in &mail.to {
            smtp.say(&format!("RCPT TO:<{to}>\r\n"), "250");
        }
        smtp.say("DATA\r\n", "354");
        smtp.say(&format!("{}\r\n.\r\n", mail.text(self.clock.now(), None).replace("\r\n.", "\r\n..")), "250");
        smtp.say("QUIT\r\n", "221");
    }

    /// What stands before the results in the header that proves a sender.
    fn prover(&self) -> &'static str {
        match self.personality {
            Personality::Plain => PROVER,
            Personality::Exchange => "spf=pass (sender IP is 192.0.2.7) smtp.mailfrom=sender.example",
        }
    }

    /// A mail reaches the service's mailbox by LMTP with its sender proved; when this returns it lies there.
    pub fn deliver(&self, mail: &Mail) {
        self.mailbox.deliver([mail.text(self.clock.now(), Some(self.prover()))]);
    }

    /// What somebody has received, oldest first.
    pub fn inbox(&self, who: &str) -> Vec<Received> {
        let Ok(entries) = fs::read_dir(self.post.mailbox(who)) else { return Vec::new() };
        let mut mails: Vec<Received> = entries
            .map(|entry| {
                let path = entry.unwrap().path();
                let written: DateTime<Utc> = fs::metadata(&path).unwrap().modified().unwrap().into();
                let raw = fs::read_to_string(&path).unwrap();
                let message = parse(raw.as_bytes());
                Received { at: written + self.clock.offset(), raw, message }
            })
            .collect();
        mails.sort_by_key(|mail| mail.at);
        mails
    }

    /// What the service has sent to somebody.
    pub fn letters(&self, who: &str) -> Vec<Received> {
        let mut mails = self.inbox(who);
        mails.retain(|mail| mail.message.header("X-Followupd-Id").is_some());
        mails
    }

    /// Letters to somebody with this in their subject.
    pub fn letters_about(&self, who: &str, subject: &str) -> Vec<Received> {
        let mut mails = self.letters(who);
        mails.retain(|mail| mail.message.subject.contains(subject));
        mails
    }

    /// Waits until somebody has that many letters with this in their subject; the newest.
    pub fn awaits(&self, who: &str, subject: &str, count: usize) -> Received {
        let enough = || self.letters_about(who, subject).len() >= count;
        if !holds_within(40, enough) {
            let subjects: Vec<String> = self.inbox(who).into_iter().map(|mail| mail.message.subject).collect();
            panic!("{who} waits for {count} letters about {subject:?} and has {subjects:#?}\n{}", self.post.log());
        }
        self.letters_about(who, subject).pop().unwrap()
    }

    /// A number from the service's database.
    pub fn count(&self, sql: &str) -> i64 {
        self.try_count(sql).unwrap()
    }

    pub fn try_count(&self, sql: &str) -> Result<i64, sqlx::Error> {
        self.query(sql)?.first().ok_or(sqlx::Error::RowNotFound)?.try_get(0)
    }

    /// Texts from the service's database.
    pub fn try_texts(&self, sql: &str) -> Result<Vec<String>, sqlx::Error> {
        self.query(sql)?.iter().map(|row| row.try_get(0)).collect()
    }

    /// Changes the service's database behind its back.
    pub fn change(&self, sql: &str) {
        self.query(sql).unwrap();
    }

    fn query(&self, sql: &str) -> Result<Vec<AnyRow>, sqlx::Error> {
        let url = match &self.memory {
            Memory::Sqlite => format!("sqlite:{}/followupd.db", self.service.path().display()),
            Memory::Postgres(cluster) => cluster.url(),
        };
        ask(async {
            sqlx::any::install_default_drivers();
            let mut connection = AnyConnection::connect(&url).await?;
            let rows = sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_all(&mut connection).await?;
            connection.close().await?;
            Ok(rows)
        })
    }

    /// How many follow-ups are in a stage.
    pub fn follow_ups(&self, stage: &str) -> i64 {
        self.try_count(&format!("SELECT COUNT(*) FROM follow_up WHERE stage = '{stage}'")).unwrap_or(0)
    }

    /// How many mails lie in a folder of the service's mailbox.
    pub fn lying_in(&self, folder: &str) -> usize {
        let text = self.mailbox.doveadm(&["mailbox", "status", "-u", SERVICE, "-t", "messages", folder]);
        text.trim().rsplit('=').next().unwrap().parse().unwrap()
    }

    /// Waits until the service has nothing left to do: no mail, no letter that may leave, no copy on its way.
    pub fn comes_to_rest(&self) {
        // Twice: what left the one place while it was looked at stands in the next.
        wait_patiently(180, "everything is done", || self.is_at_rest() && self.is_at_rest());
    }

    fn is_at_rest(&self) -> bool {
        let soon = (self.clock.now() + TimeDelta::minutes(2)).timestamp_millis();
        let none = |sql: &str| self.try_count(sql).is_ok_and(|n| n == 0);
        none("SELECT COUNT(*) FROM delivery WHERE state IN ('sending', 'dot', 'uncertain')")
            && none(&format!(
                "SELECT COUNT(*) FROM delivery WHERE state IN ('queued', 'deferred') AND next_at < {soon}"
            ))
            && none(COPIES_TO_COME)
            && none("SELECT COUNT(*) FROM message WHERE state = 'stored'")
            && none("SELECT COUNT(*) FROM mailbox_place WHERE moved_to IS NULL")
            && self.lying_in("INBOX") == 0
    }
}

/// Letters that the relay took and whose copy has not come back.
const COPIES_TO_COME: &str = "SELECT COUNT(*) FROM letter l JOIN delivery d ON d.letter = l.id AND d.part = 'copy' \
                              WHERE d.state = 'accepted' AND l.copy_seen_at IS NULL";

impl Drop for World {
    fn drop(&mut self) {
        if std::thread::panicking() {
            for table in [
                "SELECT state || ' ' || COALESCE(kind, '') || ' ' || COALESCE(from_address, '') || ' ' || COALESCE(story, '') FROM message",
                "SELECT l.kind || ' ' || d.recipient || ' ' || d.state || ' ' || COALESCE(d.answer, '') FROM letter l JOIN delivery d ON d.letter = l.id ORDER BY l.decided_at",
                "SELECT id || ' ' || stage FROM follow_up",
            ] {
                self.try_texts(table).unwrap_or_default().iter().for_each(|row| println!("{row}"));
            }
        }
    }
}

fn ask<T>(question: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(question)
}

fn configuration(mailbox: &Dovecot, post: &Postfix, memory: &Memory, personality: Personality) -> String {
    let check = match personality {
        Personality::Plain => format!("authserv_ids = [\"{PROVER}\"]"),
        Personality::Exchange => "sender_check = \"exchange_online\"".to_owned(),
    };
    let store = match memory {
        Memory::Sqlite => "sqlite:{HERE}/followupd.db".to_owned(),
        Memory::Postgres(cluster) => cluster.url(),
    };
    let account = SERVICE.replace('@', "%40");
    format!(
        r#"
[authority]
name = "Example County Council"
short_name = "Example"

[mailbox]
url = "imap://{account}@127.0.0.1:{}/INBOX"
# Some stories begin before the service does.
ignore_before = 2026-01-01

[outbound]
url = "smtp://127.0.0.1:{}"
from = "{SERVICE}"
mode = "live"
per_minute = 600
uncertain_wait = 5

[store]
url = "{store}"

[secrets]
token_key = {{ file = "{{HERE}}/token_key" }}
mailbox_password = {{ file = "{{HERE}}/password" }}

[security]
{check}

[alerts]
to = ["{OPERATORS}"]

[[coordinator]]
name = "Cora Lane"
address = "{COORDINATOR}"
phone = "01632 960001"
line_manager = "{SEND_MANAGER}"

[[send_manager]]
name = "Sam Okoro"
address = "{SEND_MANAGER}"

[[service]]
name = "Community Paediatrics"
domains = ["hospital.example"]
second_level = "{SECOND_LEVEL}"
fallback_manager = "{MANAGER}"

[[service.adviser]]
name = "Dr Lee"
address = "{ADVISER}"
managers = ["{MANAGER}"]

[[service.adviser]]
name = "Kit Moss"
address = "{OTHER_ADVISER}"
managers = ["{MANAGER}"]

[[service.manager]]
name = "Mo Head"
address = "{MANAGER}"
"#,
        mailbox.imap, post.port
    )
}

/// A mail that somebody writes.
#[derive(Clone)]
pub struct Mail {
    from: String,
    to: Vec<String>,
    subject: String,
    body: String,
    headers: Vec<(String, String)>,
    number: u32,
}

static NUMBER: AtomicU32 = AtomicU32::new(1);

impl Mail {
    pub fn new(from: &str, to: &[&str], subject: &str, body: &str) -> Self {
        Self {
            from: from.to_owned(),
            to: to.iter().map(|&to| to.to_owned()).collect(),
            subject: subject.to_owned(),
            body: body.to_owned(),
            headers: Vec::new(),
            number: NUMBER.fetch_add(1, Ordering::Relaxed),
        }
    }

    /// The co-ordinator asks an adviser, and copies the service in.
    pub fn request(reference: &str, adviser: &str) -> Self {
        let body =
            format!("Dear colleague,\n\n{reference}. How often, and by whom, is therapy to be given?\n\nCora Lane");
        Self::new(COORDINATOR, &[adviser, MANAGER, SERVICE], FIXED, &body)
    }

    /// An answer to a letter as mail programs make it: to its Reply-To, in its thread, with the letter quoted.
    pub fn answering(letter: &Received, from: &str, body: &str) -> Self {
        let original = &letter.message;
        let to: Vec<&str> = original.reply_to.iter().map(|m| m.address.as_str()).collect();
        let quoted: String =
            original.text.as_deref().unwrap_or_default().lines().map(|line| format!("> {line}\n")).collect();
        let author = original.author().unwrap().address.to_string();
        let body = format!("{body}\n\nOn Tuesday {author} wrote:\n{quoted}");
        let id = format!("<{}>", original.message_id.as_deref().unwrap());
        Self::new(from, &to, &format!("Re: {}", original.subject), &body)
            .header("In-Reply-To", &id)
            .header("References", &id)
    }

    pub fn goes_to(&self, who: &str) -> bool {
        self.to.iter().any(|to| to == who)
    }

    pub fn goes_to_plus_address_of(&self, who: &str) -> bool {
        let (user, domain) = who.split_once('@').unwrap();
        self.to.iter().any(|to| to.starts_with(&format!("{user}+")) && to.ends_with(domain))
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    fn text(&self, now: DateTime<Utc>, prover: Option<&str>) -> String {
        let domain = self.from.split('@').nth(1).unwrap();
        let proof = prover.map(|id| format!("Authentication-Results: {id}; dmarc=pass header.from={domain}\n"));
        let headers: String = self.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
        format!(
            "{}From: <{}>\nTo: {}\nSubject: {}\nDate: {}\nMessage-ID: <{}.{}@{domain}>\n{headers}MIME-Version: 1.0\n\
             Content-Type: text/plain; charset=utf-8\n\n{}",
            proof.unwrap_or_default(),
            self.from,
            self.to.join(", "),
            self.subject,
            now.to_rfc2822(),
            self.number,
            std::process::id(),
            self.body
        )
        .replace('\n', "\r\n")
    }
}

struct Smtp(BufReader<TcpStream>);

impl Smtp {
    fn connect(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_nodelay(true).unwrap();
        let mut smtp = Self(BufReader::new(stream));
        smtp.say("", "220");
        smtp
    }

    fn say(&mut self, text: &str, code: &str) {
        let heard = self.ask(text);
        assert!(heard.starts_with(code), "SMTP expected {code} to {text:?}, heard {heard}");
    }

    /// The last line of the answer.
    fn ask(&mut self, text: &str) -> String {
        self.0.get_mut().write_all(text.as_bytes()).unwrap();
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line).unwrap();
            if line.as_bytes().get(3) != Some(&b'-') {
                return line;
            }
        }
    }
}
