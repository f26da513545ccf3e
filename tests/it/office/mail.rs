//! Mails that people and machines write to the service, in stories.

use super::{SERVICE, Sent};
use chrono::{DateTime, Utc};
use followupd::message::parse::parse;
use std::fmt::Write;
use std::sync::atomic::{AtomicU32, Ordering};

static NUMBER: AtomicU32 = AtomicU32::new(1);

/// A mail in the writing.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    from: String,
    to: Vec<String>,
    subject: String,
    text: String,
    headers: Vec<(String, String)>,
    attachment: Option<(String, Vec<u8>)>,
    proof: Option<&'static str>,
    content_type: Option<String>,
    message_id: Option<String>,
}

impl Draft {
    /// A mail whose sender the receiving server could prove.
    pub fn from(who: &str) -> Self {
        Self { from: who.into(), proof: Some("pass"), ..Self::default() }
    }

    pub fn to(mut self, who: &[&str]) -> Self {
        self.to.extend(who.iter().map(|&w| w.to_owned()));
        self
    }

    pub fn subject(mut self, subject: &str) -> Self {
        self.subject = subject.into();
        self
    }

    pub fn text(mut self, text: &str) -> Self {
        self.text = text.into();
        self
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The sender cannot be proved: "fail", or "none".
    pub fn proof(mut self, result: &'static str) -> Self {
        self.proof = (result != "none").then_some(result);
        self
    }

    pub fn attach(mut self, name: &str, bytes: &[u8]) -> Self {
        self.attachment = Some((name.into(), bytes.to_vec()));
        self
    }

    /// An own body with its own content type.
    pub fn body(mut self, content_type: &str, text: &str) -> Self {
        self.content_type = Some(content_type.into());
        self.text = text.into();
        self
    }

    /// A Message-ID of its own choice.
    pub fn message_id(mut self, id: &str) -> Self {
        self.message_id = Some(id.into());
        self
    }

    /// The co-ordinator is left out of an answer.
    pub fn only_to_the_service(mut self) -> Self {
        self.to.retain(|to| to.starts_with("followups"));
        self
    }

    /// An answer to one of our mails, as mail programs make it: to its Reply-To, in its thread.
    pub fn answering(mut self, sent: &Sent) -> Self {
        let original = parse(&sent.raw);
        self.to.extend(original.reply_to.iter().map(|m| m.address.to_string()));
        self.subject = format!("RE: {}", original.subject);
        let id = original.message_id.expect("every letter has a Message-ID");
        self.headers.push(("In-Reply-To".into(), format!("<{id}>")));
        self.headers.push(("References".into(), format!("<{id}>")));
        self
    }

    pub fn bytes(&self, now: DateTime<Utc>) -> Vec<u8> {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let domain = self.from.split('@').nth(1).unwrap_or("x.example").trim_end_matches('>');
        let mut out = String::new();
        let _ = write!(out, "Delivered-To: {SERVICE}\r\n");
        if let Some(result) = self.proof {
            let _ = write!(out, "Authentication-Results: mx.council.example; dmarc={result} header.from={domain}\r\n");
        }
        let id = self.message_id.clone().unwrap_or_else(|| format!("<{number}.story@{domain}>"));
        let _ = write!(
            out,
            "From: {}\r\nTo: {}\r\nSubject: {}\r\nDate: {}\r\nMessage-ID: {id}\r\n",
            self.from,
            self.to.join(", "),
            self.subject,
            now.to_rfc2822()
        );
        for (name, value) in &self.headers {
            let _ = write!(out, "{name}: {value}\r\n");
        }
        let text = self.text.replace('\n', "\r\n");
        out.push_str("MIME-Version: 1.0\r\n");
        match (&self.attachment, &self.content_type) {
            (None, kind) => {
                let kind = kind.as_deref().unwrap_or("text/plain; charset=utf-8");
                let _ = write!(out, "Content-Type: {kind}\r\n\r\n{text}\r\n");
            }
            (Some((name, bytes)), _) => {
                let encoded = data_encoding::BASE64_MIME.encode(bytes);
                let _ = write!(
                    out,
                    "Content-Type: multipart/mixed; boundary=\"b1\"\r\n\r\n--b1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n--b1\r\nContent-Type: application/pdf; name=\"{name}\"\r\nContent-Disposition: attachment; filename=\"{name}\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{encoded}\r\n--b1--\r\n"
                );
            }
        }
        out.into_bytes()
    }
}
