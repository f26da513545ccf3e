//! The people of the demo's authority: who they are, what lies in their inboxes, and how their mail programs answer
//! what they find there. They know nothing but their own mail.

use crate::core::id::Address;
use crate::message::{Message, parse::parse};
use anyhow::{Context, Result, bail};
use chrono::{DateTime, Utc};
use chrono_tz::Europe::London;
use std::fmt::Write;

/// The service's mailbox.
pub const SERVICE: &str = "followups@wexmoor.example";
/// Its co-ordinators.
pub const RUTH: &str = "ruth.adeyemi@wexmoor.example";
/// Its co-ordinators.
pub const TOM: &str = "tom.pryce@wexmoor.example";
/// The SEND manager.
pub const HELEN: &str = "helen.marsh@wexmoor.example";
/// Speech and language therapist.
pub const CLAIRE: &str = "claire.donnelly@wexhealth.example";
/// Paediatrician.
pub const AMIR: &str = "amir.siddiqui@wexhealth.example";
/// Occupational therapist, who goes on leave.
pub const BEN: &str = "ben.okafor@wexhealth.example";
/// Paediatrician, who has left.
pub const LEYLA: &str = "leyla.voss@wexhealth.example";
/// Their line manager.
pub const JOAN: &str = "joan.whitlock@wexhealth.example";
/// Second level of health.
pub const DCO: &str = "dco@wexicb.example";
/// Leads the self-assessment for the ICB.
pub const ICB_LEAD: &str = "nadia.rahman@wexicb.example";
/// Answers it for the community trust.
pub const TRUST: &str = "ehcp.lead@wexhealth.example";
/// Answers it for the mental health trust.
pub const CAMHS: &str = "send@wexminds.example";
/// Answers it for the hospital.
pub const HOSPITAL: &str = "paediatrics@wexhospital.example";
/// Answers it for the hospital too.
pub const HOSPITAL_NURSE: &str = "matron@wexhospital.example";
/// Answers it for the therapy company.
pub const THERAPIES: &str = "office@wextherapies.example";
/// Would answer it for the hospice.
pub const HOSPICE: &str = "care@wexhospice.example";
/// Educational psychologist.
pub const ELIN: &str = "elin.hughes@psychology.example";
/// Her line manager.
pub const PETER: &str = "peter.lang@psychology.example";
/// Social worker.
pub const MARCUS: &str = "marcus.bell@socialcare.example";
/// His line manager.
pub const YVONNE: &str = "yvonne.clarke@socialcare.example";
/// Special needs co-ordinator of a school, in no directory.
pub const SARAH: &str = "s.fenwick@hillbrook.example";
/// Head of that school, in no directory.
pub const HEAD: &str = "head@hillbrook.example";
/// Somebody who may be a parent.
pub const STRANGER: &str = "jo.kent@mail.example";

/// A father.
pub const PAUL: &str = "paul.hart@mail.example";

/// What Outlook puts between an answer and the original.
pub const QUOTATION: &str = "________________________________";

/// Everybody, with the name that their mail program writes.
const CAST: [(&str, &str); 33] = [
    (SERVICE, "Wexmoor SEND follow-ups"),
    (RUTH, "Ruth Adeyemi"),
    (TOM, "Tom Pryce"),
    (HELEN, "Helen Marsh"),
    (CLAIRE, "Claire Donnelly"),
    (AMIR, "Dr Amir Siddiqui"),
    (BEN, "Ben Okafor"),
    (LEYLA, "Dr Leyla Voss"),
    (JOAN, "Joan Whitlock"),
    (DCO, "Designated Clinical Officer"),
    (ICB_LEAD, "Nadia Rahman"),
    (TRUST, "EHCP lead, Wex Health"),
    (CAMHS, "SEND desk, Wex Minds"),
    (HOSPITAL, "Paediatrics, Wex Hospital"),
    (HOSPITAL_NURSE, "Matron, Wex Hospital"),
    (THERAPIES, "Wex Therapies"),
    (HOSPICE, "Wex Hospice"),
    (ELIN, "Dr Elin Hughes"),
    (PETER, "Peter Lang"),
    ("head.of.inclusion@psychology.example", "Head of Inclusion"),
    (MARCUS, "Marcus Bell"),
    (YVONNE, "Yvonne Clarke"),
    ("head.of.service@socialcare.example", "Head of Service"),
    (SARAH, "Sarah Fenwick"),
    (HEAD, "Head, Hillbrook School"),
    (STRANGER, "Jo Kent"),
    (PAUL, "Paul Hart"),
    ("mina.sato@post.example", "Mina Sato"),
    ("amina.rahman@mail.example", "Amina Rahman"),
    ("owen.pugh@mail.example", "Owen Pugh"),
    ("grace.lindqvist@mail.example", "Grace Lindqvist"),
    ("rosa.field@mail.example", "Rosa Field"),
    ("postmaster@wexhealth.example", "Mail Delivery System"),
];

/// The name of somebody, or the address of a stranger; a plus address has its owner's name.
pub fn name_of(address: &str) -> String {
    let plain = match (address.split_once('+'), address.rsplit_once('@')) {
        (Some((local, _)), Some((_, domain))) => format!("{local}@{domain}"),
        _ => address.to_owned(),
    };
    let known = CAST.iter().find(|(known, _)| *known == plain);
    known.map_or_else(|| address.to_owned(), |(_, name)| (*name).to_owned())
}

/// Whether mail to this address lands in an inbox of the demo.
pub fn has_inbox(address: &str) -> bool {
    CAST.iter().any(|(known, _)| *known == address) && address != SERVICE
}

/// A mail that lies in somebody's inbox.
#[derive(Debug, Clone)]
pub struct Received {
    /// When it came.
    pub at: DateTime<Utc>,
    /// Taken apart, as a mail program does.
    pub mail: Message,
}

impl Received {
    /// From its bytes.
    pub fn new(at: DateTime<Utc>, raw: &[u8]) -> Self {
        Self { at, mail: parse(raw) }
    }

    fn text(&self) -> &str {
        self.mail.text.as_deref().unwrap_or_default()
    }
}

/// The newest mail with these words in its subject that speaks of `about`.
pub fn newest<'a>(inbox: &'a [Received], subject: &str, about: &str) -> Option<&'a Received> {
    inbox
        .iter()
        .rev()
        .find(|r| r.mail.subject.contains(subject) && (r.text().contains(about) || r.mail.subject.contains(about)))
}

/// The number of the line of a Today mail that speaks of `about`.
///
/// # Errors
/// When no line does.
pub fn line_number(today: &Received, about: &str) -> Result<u32> {
    let mut number = None;
    for line in today.text().lines() {
        if let Some((front, _)) = line.split_once(". ")
            && let Ok(found) = front.parse()
        {
            number = Some(found);
        }
        if line.contains(about) {
            return number.with_context(|| format!("The line about {about} has no number"));
        }
    }
    bail!("No line of the Today mail speaks of {about}")
}

/// A mail in the writing.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// Who writes.
    pub from: String,
    /// Who gets it.
    pub to: Vec<String>,
    /// Copies.
    pub cc: Vec<String>,
    /// Subject.
    pub subject: String,
    /// Text, quotation included.
    pub text: String,
    /// Further headers.
    pub headers: Vec<(String, String)>,
    /// An attached report, by its file name.
    pub file: Option<String>,
    /// A content type and body that replace the text.
    pub body: Option<(String, String)>,
    /// What the receiving server finds out about the sender.
    pub proof: Proof,
}

/// What the mail server in front writes into `Authentication-Results` (RFC 8601).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Proof {
    /// The mail comes from whom it says.
    #[default]
    Pass,
    /// It does not.
    Fail,
    /// Nothing can be told.
    None,
}

impl Draft {
    /// An answer as mail programs make it: to Reply-To, in the thread, with the original below.
    pub fn answer(from: &str, to: &Received, text: &str) -> Self {
        let mail = &to.mail;
        let to_whom = if mail.reply_to.is_empty() { &mail.from } else { &mail.reply_to };
        let own_id = mail.message_id.clone().unwrap_or_default();
        let references: Vec<String> = mail.references.iter().chain([&own_id]).map(|id| format!("<{id}>")).collect();
        let subject = mail.subject.strip_prefix("RE: ").unwrap_or(&mail.subject);
        Self {
            from: from.to_owned(),
            to: to_whom.iter().map(|m| m.address.to_string()).filter(|a| a != from).collect(),
            subject: format!("RE: {subject}"),
            text: format!("{text}\n\n{}", quotation(to)),
            headers: vec![
                ("In-Reply-To".to_owned(), format!("<{own_id}>")),
                ("References".to_owned(), references.join("\r\n ")),
            ],
            ..Self::default()
        }
    }

    /// Everybody in To and Cc.
    pub fn recipients(&self) -> impl Iterator<Item = &String> {
        self.to.iter().chain(&self.cc)
    }

    /// The bytes as the receiving server stores them; `number` makes the Message-ID.
    pub fn bytes(&self, now: DateTime<Utc>, number: usize) -> Vec<u8> {
        let domain = self.from.rsplit('@').next().unwrap_or("mail.example");
        let mut out = String::new();
        if let Some(ours) = self.recipients().find(|a| is_service(a)) {
            let _ = write!(out, "Delivered-To: {ours}\r\n");
        }
        let proof = match self.proof {
            Proof::Pass => Some("pass"),
            Proof::Fail => Some("fail"),
            Proof::None => None,
        };
        if let Some(result) = proof {
            let _ =
                write!(out, "Authentication-Results: mx.wexmoor.example;\r\n dmarc={result} header.from={domain}\r\n");
        }
        let _ = write!(out, "From: {}\r\nTo: {}\r\n", mailbox(&self.from), mailboxes(&self.to));
        if !self.cc.is_empty() {
            let _ = write!(out, "Cc: {}\r\n", mailboxes(&self.cc));
        }
        let date = now.with_timezone(&London).to_rfc2822();
        let _ = write!(out, "Subject: {}\r\nDate: {date}\r\nMessage-ID: <{number:04}.demo@{domain}>\r\n", self.subject);
        for (name, value) in &self.headers {
            let _ = write!(out, "{name}: {value}\r\n");
        }
        out.push_str("MIME-Version: 1.0\r\n");
        self.write_body(&mut out);
        out.into_bytes()
    }

    fn write_body(&self, out: &mut String) {
        let text = self.text.replace('\n', "\r\n");
        let plain = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n";
        match (&self.body, &self.file) {
            (Some((kind, body)), _) => {
                let _ = write!(out, "Content-Type: {kind}\r\n\r\n{}", body.replace('\n', "\r\n"));
            }
            (None, None) => {
                let _ = write!(out, "{plain}{text}\r\n");
            }
            (None, Some(name)) => {
                let report = data_encoding::BASE64_MIME.encode(b"%PDF-1.4\n% an invented report\n%%EOF\n");
                let _ = write!(
                    out,
                    "Content-Type: multipart/mixed; boundary=\"demo-part\"\r\n\r\n--demo-part\r\n{plain}{text}\r\n--demo-part\r\nContent-Type: application/pdf; name=\"{name}\"\r\nContent-Disposition: attachment; filename=\"{name}\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{report}\r\n--demo-part--\r\n"
                );
            }
        }
    }
}

/// Whether an address is the service's, plus addresses included.
pub fn is_service(address: &str) -> bool {
    let service = Address::parse(SERVICE);
    let address = Address::parse(address);
    service.zip(address).is_some_and(|(service, a)| a == service || a.detail_of(&service).is_some())
}

fn mailbox(address: &str) -> String {
    let name = name_of(address);
    if name == address { address.to_owned() } else { format!("\"{name}\" <{address}>") }
}

fn mailboxes(addresses: &[String]) -> String {
    addresses.iter().map(|a| mailbox(a)).collect::<Vec<_>>().join(",\r\n ")
}

/// The original as Outlook puts it below an answer.
fn quotation(original: &Received) -> String {
    let mail = &original.mail;
    let from = mail.from.first().map(|m| {
        let name = m.name.clone().unwrap_or_else(|| m.address.to_string());
        format!("{name} <{}>", m.address)
    });
    let to: Vec<String> = mail.to.iter().map(|m| name_of(m.address.as_str())).collect();
    format!(
        "{QUOTATION}\nFrom: {}\nSent: {}\nTo: {}\nSubject: {}\n\n{}",
        from.unwrap_or_default(),
        original.at.with_timezone(&London).format("%-d %B %Y %H:%M"),
        to.join("; "),
        mail.subject,
        original.text().trim_end()
    )
}
