//! Whether a mail is a notice about mail that did not arrive, and whether the server goes on trying.
//!
//! Which recipients and which of our letters it is about is read in `bounce`.

use super::{Finding, phrases, structure, text::Words};
use crate::message::bounce::{self, OwnReport, Permanence};
use crate::message::{Kind, Message, ReturnPath, is_answer};

/// Reads a report in RFC 3464 form, else one in words alone.
pub fn read(message: &Message, words: &Words) -> Option<Finding> {
    let sender = sender_sign(message);
    let null = (message.return_path == ReturnPath::Null).then(|| "null return path".to_owned());
    reported(message, words, sender.as_ref().map(|sender| &sender.sign).or(null.as_ref()))
        .or_else(|| worded(message, words, sender, null))
}

/// The outcome of a report or of its wording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Failed,
    Delayed,
    Arrived,
}

fn reported(message: &Message, words: &Words, machine: Option<&String>) -> Option<Finding> {
    let (body, form) = report(message, words, machine)?;
    let actions = values(&body, "action");
    let statuses = values(&body, "status");
    let challenge = || phrases::CHALLENGE.first_in(&words.body).or_else(|| challenge_in(&body));
    if let Some(phrase) = challenge().filter(|_| !statuses.iter().any(|s| s.starts_with('5'))) {
        return Some(Finding::new(Kind::Acknowledgement, vec![format!("asks for a confirmation: '{phrase}'")]));
    }
    let outcome = stated(&actions, &statuses).unwrap_or_else(|| by_wording(message));
    let mut evidence = vec![form.to_owned()];
    evidence.extend(actions.iter().take(3).map(|action| format!("Action: {action}")));
    evidence.extend(statuses.iter().take(3).map(|status| format!("Status: {status}")));
    Some(Finding::new(kind_of(outcome), evidence))
}

/// The fields of a report and its form: in their own part, or the text of a mail that lost its structure.
fn report(message: &Message, words: &Words, machine: Option<&String>) -> Option<(String, &'static str)> {
    let part = structure::part(message, "message/delivery-status")
        .or_else(|| structure::part(message, "message/global-delivery-status"));
    let Some(part) = part else {
        let may = !has_file(message) && phrases::REPORT_FIELD.first_in(&words.body).is_some();
        return match may.then(|| bounce::own_report(message))?? {
            OwnReport::OfDelivery(fields) => Some((fields, "the text is a delivery report")),
            OwnReport::OfComplaint => None,
        };
    };
    let is_report = message.header("Content-Type").is_some_and(|v| v.to_ascii_lowercase().contains("multipart/report"));
    let form = "multipart/report; report-type=delivery-status";
    (is_report || machine.is_some()).then(|| (String::from_utf8_lossy(&part.body).into_owned(), form))
}

fn challenge_in(report: &str) -> Option<String> {
    phrases::CHALLENGE.first_in(&super::text::fold(report))
}

fn kind_of(outcome: Outcome) -> Kind {
    match outcome {
        Outcome::Failed => Kind::Bounce,
        Outcome::Delayed => Kind::Delay,
        // "It arrived" asks for nothing, as a read receipt does.
        Outcome::Arrived => Kind::Receipt,
    }
}

/// Values of a field over all groups of a report, first word, lower case.
fn values(report: &str, name: &str) -> Vec<String> {
    let value = |line: &str| {
        let (field, value) = line.split_once(':')?;
        let word = value.split_whitespace().next()?.to_ascii_lowercase();
        field.trim().eq_ignore_ascii_case(name).then_some(word)
    };
    report.lines().filter_map(value).collect()
}

/// RFC 3464 2.3.3: failed beats delayed beats the rest; without an action the class of the status decides.
fn stated(actions: &[String], statuses: &[String]) -> Option<Outcome> {
    let any = |wanted: &[&str]| actions.iter().any(|action| wanted.iter().any(|w| action.starts_with(w)));
    if any(&["fail"]) {
        return Some(Outcome::Failed);
    }
    if any(&["delay"]) {
        return Some(Outcome::Delayed);
    }
    if any(&["deliver", "relay", "expand"]) {
        return Some(Outcome::Arrived);
    }
    statuses.iter().any(|status| status.starts_with('5')).then_some(Outcome::Failed)
}

/// What the words say, where no field does.
fn by_wording(message: &Message) -> Outcome {
    match bounce::read_notice(message).permanence {
        Permanence::Failed => Outcome::Failed,
        Permanence::Delayed => Outcome::Delayed,
    }
}

/// A notice without a machine-readable part: a machine's sender with a fitting subject or text, or subject and
/// opening words together when nobody answers anything.
fn worded(message: &Message, words: &Words, sender: Option<Sender>, null: Option<String>) -> Option<Finding> {
    let subject = phrases::DELIVERY_SUBJECT.first_in(&words.subject);
    let body = phrases::DELIVERY_BODY.opens(&words.body, 250);
    let opening = phrases::DELIVERY_BODY.opens(&words.body, 60).is_some();
    let by_daemon = sender.as_ref().is_some_and(|sender| match sender.who {
        Who::Daemon => subject.is_some() || body.is_some(),
        // "postmaster@" is a person's address in some small nursery.
        Who::Office => subject.is_some() && body.is_some() || (subject.is_some() || opening) && !has_file(message),
    });
    let by_path = null.is_some()
        && subject.is_some()
        && body.is_some()
        && !has_file(message)
        && (sender.is_some() || !bounce::is_somebodys(message));
    let looks_away = phrases::AUTOMATIC_SUBJECT.first_in(&words.subject).is_some();
    let by_place =
        || names_failed(message, sender.as_ref(), null.as_ref()) || (opening && presents_itself(message, words));
    if looks_away || !(by_daemon || by_path || by_place()) {
        return None;
    }
    if sender.is_some() && bounce::tells_only_success(message) {
        return Some(Finding::new(Kind::Receipt, vec!["tells of a mail that arrived".to_owned()]));
    }
    let pieces = [
        sender.map(|sender| sender.sign),
        null,
        subject.map(|s| format!("subject opens with '{s}'")),
        body.map(|b| format!("body says '{b}'")),
    ];
    if let Some(phrase) = phrases::CHALLENGE.first_in(&words.body) {
        return Some(Finding::new(Kind::Acknowledgement, vec![format!("asks for a confirmation: '{phrase}'")]));
    }
    Some(Finding::new(kind_of(by_wording(message)), pieces.into_iter().flatten().collect()))
}

/// A machine that names somebody in a failing place, in words that stand in no table: people's mail has a return path.
fn names_failed(message: &Message, sender: Option<&Sender>, null: Option<&String>) -> bool {
    let machine = null.is_some() || sender.is_some_and(|sender| sender.who == Who::Daemon);
    let names = || bounce::read(message).is_some_and(|notice| !notice.bounce.recipients.is_empty());
    machine && !has_file(message) && !is_answer(&message.subject) && names()
}

/// An unmarked sender, and a text that is a mail system's from its first words on: nobody tells it to somebody.
fn presents_itself(message: &Message, words: &Words) -> bool {
    let names = || bounce::read(message).is_some_and(|notice| !notice.bounce.recipients.is_empty());
    let is_told = phrases::TOLD.first_in(&words.body).is_some();
    !has_file(message) && !is_told && names()
}

/// Something attached that is no returned message.
fn has_file(message: &Message) -> bool {
    message.attachments.iter().any(|a| !a.inline && a.bytes > 0 && !a.content_type.starts_with("message/"))
}

/// A sender that is no person, or hardly one.
struct Sender {
    who: Who,
    /// The piece of evidence.
    sign: String,
}

/// How sure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    /// A name that only mail programs have.
    Daemon,
    /// An office that people may hold.
    Office,
}

impl Sender {
    fn new(who: Who, sign: String) -> Self {
        Self { who, sign }
    }
}

/// Local parts of From addresses.
const LOCALS: [(&str, Who); 12] = [
    ("mailer-daemon", Who::Daemon),
    ("mailerdaemon", Who::Daemon),
    ("mailer_daemon", Who::Daemon),
    ("mdaemon", Who::Daemon),
    ("mail-daemon", Who::Daemon),
    ("maildaemon", Who::Daemon),
    ("mail.delivery.system", Who::Daemon),
    ("mail-delivery", Who::Daemon),
    ("microsoftexchange329e71ec88ae4615bbc36ab6ce41109e", Who::Daemon),
    ("mailsystem", Who::Office),
    ("postmaster", Who::Office),
    ("poostmaster", Who::Office),
];

/// Display names, also in a comment behind the address.
const NAMES: [(&str, Who); 7] = [
    ("mail delivery s", Who::Daemon),
    ("mailer-daemon", Who::Daemon),
    ("mailer daemon", Who::Daemon),
    ("system administrator", Who::Office),
    ("systemadministrator", Who::Office),
    ("mail administrator", Who::Office),
    ("postmaster", Who::Office),
];

fn sender_sign(message: &Message) -> Option<Sender> {
    let from = message.header("From").unwrap_or_default().to_lowercase();
    let named = from.trim_start_matches(['"', '\'', ' ']);
    let local =
        LOCALS.iter().find(|(local, _)| message.from.iter().any(|from| from.address.local().starts_with(local)));
    let name = NAMES.iter().find(|(name, _)| named.starts_with(name) || from.contains(&format!("({name}")));
    let empty = message.header("From").is_some() && from.trim().trim_matches(['<', '>']).is_empty();
    local
        .map(|(local, who)| Sender::new(*who, format!("From {local}")))
        .or_else(|| name.map(|(name, who)| Sender::new(*who, format!("From '{name}'"))))
        .or_else(|| daemon_path(message))
        .or_else(|| failed_header(message))
        .or_else(|| empty.then(|| Sender::new(Who::Daemon, "From <>".to_owned())))
}

/// `Return-Path: <MAILER-DAEMON>`, which some servers write for the null path.
fn daemon_path(message: &Message) -> Option<Sender> {
    let path = message.header("Return-Path")?.to_ascii_lowercase();
    path.contains("mailer-daemon").then(|| Sender::new(Who::Daemon, "Return-Path names mailer-daemon".to_owned()))
}

/// Exim and Google name the recipients in a header of their own.
fn failed_header(message: &Message) -> Option<Sender> {
    message.header("X-Failed-Recipients").map(|_| Sender::new(Who::Daemon, "X-Failed-Recipients".to_owned()))
}

/// A mail by a mailer daemon in words that nobody here understands is a notice; a person never has that name.
pub fn unknown(message: &Message) -> Option<Finding> {
    let by_address = message.from.iter().any(|from| from.address.local().starts_with("mailer-daemon"));
    let bare = message.header("From").is_some_and(|from| from.trim().eq_ignore_ascii_case("mailer-daemon"));
    // To read a mail as a notice costs more than all the rest of its reading.
    if !by_address && !bare {
        return None;
    }
    let kind = if bounce::tells_only_success(message) { Kind::Receipt } else { kind_of(by_wording(message)) };
    Some(Finding::new(kind, vec!["From mailer-daemon".to_owned()]))
}
