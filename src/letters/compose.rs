//! Letter + surroundings → subject, bytes, envelope. Rendered once, in the transaction that decides the letter; a
//! retry sends the same bytes.

use super::markup::{AnswerLinks, to_html, to_text};
use super::numbered;
use super::stationery::{Copies, Stationery};
use crate::core::id::Address;
use crate::core::letter::{Audience, Facts, File, Letter, LetterKind, NoticeFacts, Ready};
use crate::core::policy::Mode;
use crate::core::wording::list;
use anyhow::{Context, Result, ensure};
use chrono::{DateTime, Utc};
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Body, Mailbox, MultiPart, SinglePart};
use std::sync::Arc;
use std::time::SystemTime;

/// How somebody is greeted whose name is not known.
pub const COLLEAGUE: &str = "colleague";
/// Header by which we know our own mail again; many systems keep it in forwarded originals.
pub const OWN_HEADER: &str = "X-Followupd-Id";

/// What a letter needs to know beside itself.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// Names of everybody in To, in order.
    pub to_names: Vec<String>,
    /// Names of the managers among them.
    pub managers: Vec<String>,
    /// Name of the co-ordinator.
    pub coordinator: String,
    /// Their phone number.
    pub phone: Option<String>,
    /// The authority's case reference alone.
    pub case_reference: String,
    /// Message-IDs of the thread, oldest first, without angle brackets.
    pub thread: Vec<String>,
    /// A mail that goes with it.
    pub original: Option<Arc<Vec<u8>>>,
    /// What the sender of that mail wrote, the beginning.
    pub wrote: String,
    /// Why such a mail does not go with it, and where it is.
    pub withheld: String,
    /// When it is composed.
    pub now: Option<DateTime<Utc>>,
}

/// A letter in its final form.
#[derive(Debug, Clone)]
pub struct Composed {
    /// `LTR-…`.
    pub id: String,
    /// Without angle brackets.
    pub message_id: String,
    /// Subject.
    pub subject: String,
    /// Final bytes.
    pub bytes: Vec<u8>,
    /// To, after shadow mode has had its say.
    pub to: Vec<Address>,
    /// Cc, after shadow mode has had its say.
    pub cc: Vec<Address>,
    /// The own mailbox's copy.
    pub copy: Option<Address>,
    /// Why it must not leave at all.
    pub withheld: Option<String>,
    /// For whom it was meant, where shadow mode sends it elsewhere or keeps it back.
    pub meant_for: Option<Vec<Address>>,
}

/// Renders a letter.
///
/// # Errors
/// When a template fails or an address cannot stand in a header.
pub fn compose(letter: &Letter, around: &Surroundings, stationery: &Stationery) -> Result<Composed> {
    let id = stationery.key.letter_id(&letter.key);
    let route = route(letter, stationery);
    let Worded { subject, text, html } = match &letter.ready {
        Some(ready) => ready_made(ready, &route.banner),
        None => worded(letter, around, stationery, &route.banner, &id)?,
    };
    let message_id = stationery.key.message_id(&id, stationery.mailbox.domain());
    let parts = Parts { letter, around, stationery, id: &id, message_id: &message_id, subject: &subject };
    let bytes = parts.mime(&route, &text, &html)?;
    let copy = (stationery.copies == Copies::Kept).then(|| stationery.copy_address(&id));
    Ok(Composed {
        id: id.clone(),
        message_id: message_id.clone(),
        subject: subject.clone(),
        bytes,
        to: route.to,
        cc: route.cc,
        copy,
        withheld: route.withheld,
        meant_for: (stationery.mode.of(letter.kind) != Mode::Live)
            .then(|| letter.to.iter().chain(&letter.cc).cloned().collect()),
    })
}

/// Subject and both texts.
struct Worded {
    subject: String,
    text: String,
    html: String,
}

fn worded(letter: &Letter, around: &Surroundings, stationery: &Stationery, banner: &str, id: &str) -> Result<Worded> {
    let source = stationery.render(letter.kind, facts(letter, around, stationery)?)?;
    let (subject, body) = split_subject(&source);
    let body = format!("{banner}{body}");
    let links = AnswerLinks { address: stationery.letter_address(id).to_string(), subject: format!("Re: {subject}") };
    let (text, html) = (to_text(&body), to_html(&body, &links));
    let Some(below) = &letter.below else { return Ok(Worded { subject, text, html }) };
    let html = html.replacen("</div>\n</body>", &format!("{}</div>\n</body>", below.html), 1);
    Ok(Worded { subject, text: format!("{text}\n{}", below.text), html })
}

/// A report brings its own texts; the banner of shadow mode stands before them all the same.
fn ready_made(ready: &Ready, banner: &str) -> Worded {
    let shown = format!("<p><strong>{}</strong></p>", banner.trim());
    let html = match ready.html.split_once("<body") {
        Some((head, body)) if !banner.is_empty() => {
            let (tag, rest) = body.split_once('>').unwrap_or(("", body));
            format!("{head}<body{tag}>{shown}{rest}")
        }
        Some(_) | None => ready.html.clone(),
    };
    Worded { subject: ready.subject.clone(), text: format!("{banner}{}", ready.text), html }
}

/// Stands for what is known of a child and a family when a template is tried.
const PERSONAL: &str = "(words about a family)";

/// Renders a sort of letter with sample facts. Its subject must hold nothing of a family (`domain.md` 5.3).
pub(super) fn try_template(stationery: &Stationery, kind: LetterKind) -> Result<()> {
    let sample = chrono::NaiveDate::from_ymd_opt(2026, 11, 9);
    let letter = Letter {
        facts: Facts {
            asked_on: sample,
            due_on: sample,
            back_on: sample,
            level: 1,
            request: PERSONAL.to_owned(),
            quoted: PERSONAL.to_owned(),
            notice: sample_notice(sample),
            ..Facts::default()
        },
        ..Letter::new(kind, format!("sample/{}", kind.name()), DateTime::UNIX_EPOCH)
    };
    let around = Surroundings { wrote: PERSONAL.to_owned(), ..Surroundings::default() };
    let shared = shared_facts(&letter, &around, stationery);
    let facts = minijinja::context! { family_letter => PERSONAL, ..shared };
    let unknown = stationery.unknown_names(kind, &facts);
    ensure!(unknown.is_empty(), "{} is known to no letter", list(&unknown));
    let source = stationery.render(kind, facts)?;
    let (subject, _) = split_subject(&source);
    ensure!(!subject.contains(PERSONAL), "its subject prints what is about a family, and subjects are seen by others");
    Ok(())
}

/// Every part of a letter to a family is tried.
fn sample_notice(day: Option<chrono::NaiveDate>) -> NoticeFacts {
    NoticeFacts {
        salutation: PERSONAL.to_owned(),
        whose: PERSONAL.to_owned(),
        why: PERSONAL.to_owned(),
        doing: PERSONAL.to_owned(),
        requested_on: day,
        limit: day,
        is_late: true,
        is_long_late: true,
        date: day,
        told_before: day,
        exemption: "sample".to_owned(),
        phone: "sample".to_owned(),
        resolution: "sample".to_owned(),
        signed: "sample".to_owned(),
        ..NoticeFacts::default()
    }
}

/// Where a letter goes in the mode that is set (`outbound.mode`).
struct Route {
    to: Vec<Address>,
    cc: Vec<Address>,
    banner: String,
    withheld: Option<String>,
}

fn route(letter: &Letter, stationery: &Stationery) -> Route {
    let as_decided = |withheld| Route { to: letter.to.clone(), cc: letter.cc.clone(), banner: String::new(), withheld };
    match (stationery.mode.of(letter.kind), &stationery.shadow_to) {
        (Mode::Live, _) => as_decided(None),
        (Mode::StaffOnly, _) => {
            as_decided(Some("outbound.mode is staff_only: nothing goes to people outside".to_owned()))
        }
        (Mode::Shadow, None) => as_decided(Some("outbound.mode is shadow and no outbound.shadow_to is set".to_owned())),
        (Mode::Shadow, Some(shadow)) => {
            let everybody: Vec<String> = letter.to.iter().chain(&letter.cc).map(ToString::to_string).collect();
            Route {
                to: vec![shadow.clone()],
                cc: Vec::new(),
                banner: format!(
                    "SHADOW MODE: this would have gone to {}. Nobody outside has received it.\n\n",
                    list(&everybody)
                ),
                withheld: None,
            }
        }
    }
}

fn split_subject(source: &str) -> (String, String) {
    let (first, rest) = source.split_once('\n').unwrap_or((source, ""));
    let subject = first.strip_prefix("Subject:").unwrap_or(first).trim().to_owned();
    (subject, rest.trim_start_matches('\n').to_owned())
}

fn facts(letter: &Letter, around: &Surroundings, stationery: &Stationery) -> Result<minijinja::Value> {
    let shared = shared_facts(letter, around, stationery);
    let family_letter = match LetterKind::from_name(&letter.facts.notice.letter) {
        Some(kind) => shown(&stationery.render(kind, shared.clone())?, &letter.facts.notice),
        None => String::new(),
    };
    Ok(minijinja::context! { family_letter => family_letter, ..shared })
}

/// A letter as it is shown in another one: subject and text, without marks. One for the post is printed as it stands.
fn shown(source: &str, notice: &NoticeFacts) -> String {
    let (subject, body) = split_subject(source);
    let plain: Vec<&str> = body.lines().map(|line| line.strip_prefix("# ").unwrap_or(line)).collect();
    let label = if notice.is_by_post { "" } else { "Subject: " };
    format!("{label}{subject}\n\n{}", plain.join("\n"))
}

fn shared_facts(letter: &Letter, around: &Surroundings, stationery: &Stationery) -> minijinja::Value {
    let own = minijinja::Value::from(minijinja::value::Serde(&letter.facts));
    let signature = signature(around, stationery);
    minijinja::context! {
        to_names => names(&around.to_names),
        managers => list(&around.managers),
        coordinator => around.coordinator.clone(),
        case_reference => around.case_reference.clone(),
        family_reference => stationery.family_reference(&around.case_reference),
        authority => stationery.authority.name.clone(),
        signature => signature,
        lines => numbered::lines(&letter.lines),
        has_lines => !letter.lines.is_empty(),
        examples => numbered::examples(&letter.lines),
        original => around.original.is_some(),
        wrote => around.wrote.clone(),
        withheld => around.withheld.clone(),
        escalation_prefix => stationery.escalation_prefix.clone(),
        ..own
    }
}

/// Those who are greeted; several whose names nobody knows are colleagues together.
fn names(names: &[String]) -> String {
    let unknown = names.iter().filter(|name| *name == COLLEAGUE).count();
    let mut known: Vec<String> = names.iter().filter(|name| *name != COLLEAGUE).cloned().collect();
    match unknown {
        0 if known.is_empty() => return "all".to_owned(),
        0 => {}
        1 => known.push(COLLEAGUE.to_owned()),
        _ => known.push("colleagues".to_owned()),
    }
    list(&known)
}

fn signature(around: &Surroundings, stationery: &Stationery) -> String {
    let phone = around.phone.as_ref().map(|p| format!(", {p}")).unwrap_or_default();
    let who = if around.coordinator.is_empty() { String::new() } else { format!("{}{phone}\n", around.coordinator) };
    format!("{who}SEND team, {}", stationery.authority.name)
}

struct Parts<'a> {
    letter: &'a Letter,
    around: &'a Surroundings,
    stationery: &'a Stationery,
    id: &'a str,
    message_id: &'a str,
    subject: &'a str,
}

impl Parts<'_> {
    fn mime(&self, route: &Route, text: &str, html: &str) -> Result<Vec<u8>> {
        let at = self.letter.earliest.max(self.around.now.unwrap_or(self.letter.earliest));
        let mut builder = lettre::Message::builder()
            .from(Mailbox::new(Some(self.sender_name()), address(&self.stationery.from)?))
            .subject(self.subject)
            .message_id(Some(format!("<{}>", self.message_id)))
            .date(SystemTime::from(at));
        for to in &route.to {
            builder = builder.to(Mailbox::new(None, address(to)?));
        }
        for cc in &route.cc {
            builder = builder.cc(Mailbox::new(None, address(cc)?));
        }
        for reply_to in self.reply_to() {
            builder = builder.reply_to(Mailbox::new(None, address(&reply_to)?));
        }
        if let Some(last) = self.around.thread.last() {
            let references: Vec<String> = self.around.thread.iter().map(|id| format!("<{id}>")).collect();
            builder = builder.in_reply_to(format!("<{last}>")).references(references.join(" "));
        }
        for (name, value) in self.purpose_headers() {
            builder = builder.raw_header(HeaderValue::new(HeaderName::new_from_ascii_str(name), value));
        }
        let mut attached = Vec::new();
        if let Some(original) = &self.around.original {
            attached.push(file_part("original.eml", "application/octet-stream", original)?);
        }
        for file in self.letter.files.iter().filter(|f| f.content_id.is_none()) {
            attached.push(file_part(&file.name, &file.media_type, &file.bytes)?);
        }
        let bodies = self.bodies(text, html)?;
        let message = if attached.is_empty() {
            builder.multipart(bodies)
        } else {
            let whole = MultiPart::mixed().multipart(bodies);
            builder.multipart(attached.into_iter().fold(whole, MultiPart::singlepart))
        };
        Ok(message.context("Cannot build a mail")?.formatted())
    }

    /// Text first and complete in itself, then HTML with the pictures that it shows.
    fn bodies(&self, text: &str, html: &str) -> Result<MultiPart> {
        let plain = SinglePart::builder().header(ContentType::TEXT_PLAIN).body(text.to_owned());
        let rich = SinglePart::builder().header(ContentType::TEXT_HTML).body(html.to_owned());
        let shown: Vec<(&File, &String)> =
            self.letter.files.iter().filter_map(|f| f.content_id.as_ref().map(|id| (f, id))).collect();
        if shown.is_empty() {
            return Ok(MultiPart::alternative().singlepart(plain).singlepart(rich));
        }
        let mut related = MultiPart::related().singlepart(rich);
        for (file, id) in shown {
            related = related.singlepart(inline_part(file, id)?);
        }
        Ok(MultiPart::alternative().singlepart(plain).multipart(related))
    }

    fn sender_name(&self) -> String {
        let team = format!("{} SEND", self.stationery.authority.short_name);
        if self.around.coordinator.is_empty()
            || matches!(self.letter.kind.audience(), Audience::Staff | Audience::Partner)
        {
            format!("{team} follow-ups")
        } else {
            format!("{} via {team}", self.around.coordinator)
        }
    }

    /// Answers from outside reach the co-ordinator and the robot; answers of staff reach the robot by the letter's
    /// own token, for their words belong to this letter's lines.
    fn reply_to(&self) -> Vec<Address> {
        match (self.letter.kind.audience(), &self.letter.follow_up) {
            // A form comes back by its follow-up; who leads the round is not sent every answer.
            (Audience::Partner, Some(id)) => vec![self.stationery.follow_up_address(id)],
            (Audience::Outside, Some(id)) => {
                self.letter.coordinator.iter().cloned().chain([self.stationery.follow_up_address(id)]).collect()
            }
            // A parent's answer, too, reaches a person when the robot is down, or where the mail system knows no plus
            // addresses: the team, else the co-ordinator.
            (Audience::Outside, None) | (Audience::Parent | Audience::Partner, _) => {
                let person = self.letter.answers_to.iter().chain(&self.letter.coordinator).take(1);
                person.cloned().chain([self.stationery.letter_address(self.id)]).collect()
            }
            (Audience::Staff, _) => vec![self.stationery.letter_address(self.id)],
        }
    }

    /// Headers by purpose (`mail.md` 5).
    fn purpose_headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = vec![(OWN_HEADER, self.own_mark())];
        if self.letter.kind.is_automatic() {
            headers.push(("Auto-Submitted", "auto-generated".to_owned()));
            headers.push(("X-Auto-Response-Suppress", "All".to_owned()));
        } else {
            headers.push(("X-Auto-Response-Suppress", "DR, RN, NRN".to_owned()));
        }
        headers
    }

    fn own_mark(&self) -> String {
        match &self.letter.follow_up {
            Some(id) => format!("{} {}", self.message_id.split('@').next().unwrap_or(self.id), id),
            None => self.message_id.split('@').next().unwrap_or(self.id).to_owned(),
        }
    }
}

/// A file that goes along, byte for byte: in base64, so that no gateway rewrites it.
fn file_part(name: &str, media_type: &str, bytes: &[u8]) -> Result<SinglePart> {
    let media_type = ContentType::parse(media_type).context("Cannot name a media type")?;
    Ok(Attachment::new(name.to_owned()).body(octets(bytes)?, media_type))
}

/// A picture that the HTML text shows.
fn inline_part(file: &File, content_id: &str) -> Result<SinglePart> {
    let media_type = ContentType::parse(&file.media_type).context("Cannot name a media type")?;
    Ok(Attachment::new_inline(content_id.to_owned()).body(octets(&file.bytes)?, media_type))
}

fn octets(bytes: &[u8]) -> Result<Body> {
    Body::new_with_encoding(bytes.to_vec(), ContentTransferEncoding::Base64)
        .map_err(|_| anyhow::anyhow!("Cannot encode an attached file"))
}

fn address(address: &Address) -> Result<lettre::Address> {
    address.as_str().parse().with_context(|| format!("Cannot write to '{address}'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_greeted_by_name_and_strangers_together() {
        let check = |given: &[&str], expected: &str| {
            let given: Vec<String> = given.iter().map(|&n| n.to_owned()).collect();
            assert_eq!(names(&given), expected);
        };
        check(&["Ann Lee", "Jo Marsh"], "Ann Lee and Jo Marsh");
        check(&["colleague", "Jo Marsh"], "Jo Marsh and colleague");
        check(&["colleague", "colleague"], "colleagues");
        check(&["colleague"], "colleague");
        check(&[], "all");
    }
}
