//! `check --send-test`: two mails to plus addresses of our own go round, one as a letter's answer would come, one as its own
//! copy does. Says what survived; leaves both in the mailbox for the service, which knows them as its own.

use crate::app::endpoints::{mailbox_endpoint, outbound_endpoint};
use crate::app::token::Tokens;
use crate::config::Settings;
use crate::core::id::Address;
use crate::core::policy::Verp;
use crate::letters::compose::OWN_HEADER;
use crate::mailbox::{BatchLimits, Fetched, Source};
use crate::message::parse::parse;
use crate::message::{Message, ReturnPath};
use crate::outbox::sender::{Answer, Broken, Cause, Connection, Envelope, OutboundEndpoint};
use crate::{app, clock};
use anyhow::{Context, Result, anyhow, bail};
use chrono::{DateTime, Utc};
use std::time::Duration;

/// Seconds that the mails may take to come round.
const PATIENCE: u32 = 60;
/// How often a mail is handed over to a relay that asks for patience, and how long is waited between.
const TRIES: u32 = 6;
const BETWEEN_TRIES: Duration = Duration::from_secs(3);
/// Seconds by which the mail server's clock may differ from ours: deadlines are judged by its times.
const SAME_TIME: i64 = 60;

/// The mails and what is looked for.
struct Test {
    mark: String,
    from: Address,
    /// Where an answer would come.
    token: Address,
    /// Where the own copy of a letter comes.
    copy: Address,
    /// Under which the mails are sent, to learn whether bounces can come to a token.
    bounces_to: Address,
    verp: Verp,
}

/// Whether the relay takes a sender with a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TokenSender {
    Taken,
    Refused,
    Untried,
}

/// Sends the mails, waits for them, and says in sentences what survived.
///
/// # Errors
/// When the relay does not take them, or the one to the token address does not come round.
pub async fn round_trip(settings: &Settings, tokens: &Tokens) -> Result<Vec<String>> {
    let test = Test::new(settings)?;
    let inbox = app::folders(&settings.endpoints).watched.into_iter().next().context("No folder is watched")?;
    let mut source = Source::open(&mailbox_endpoint(&settings.endpoints, tokens).await?).await?;
    let before = source.folder(&inbox).await?.uid_next.saturating_sub(1);
    let began = clock::now();
    let sender = test.send(settings, tokens).await?;
    let (mut answer, mut copy) = (None, None);
    for _ in 0..PATIENCE {
        let batch = source.batch(&inbox, before, &BatchLimits::default()).await?;
        answer = answer.or_else(|| test.find("token", &batch.mails));
        copy = copy.or_else(|| test.find("copy", &batch.mails));
        if answer.is_some() && copy.is_some() {
            break;
        }
        clock::sleep(Duration::from_secs(1)).await;
    }
    let Some((arrived, received_at)) = answer else {
        bail!("the test mail to {} was taken by the relay and did not arrive within {PATIENCE} seconds", test.token);
    };
    Ok(test.told(&arrived, copy.is_some(), sender, off_by(received_at, began, clock::now())))
}

impl Test {
    fn new(settings: &Settings) -> Result<Self> {
        let outbound = &settings.endpoints.outbound;
        let mut random = [0u8; 8];
        getrandom::fill(&mut random).ok().context("Cannot get random bytes")?;
        let mark = data_encoding::HEXLOWER.encode(&random);
        let detail = |what: &str| outbound.reply_to.with_detail(&format!("{what}-{mark}"));
        let (token, copy, bounces_to) = (detail("check"), detail("copy-check"), detail("bounce-check"));
        Ok(Self { mark, from: outbound.from.clone(), token, copy, bounces_to, verp: outbound.verp })
    }

    async fn send(&self, settings: &Settings, tokens: &Tokens) -> Result<TokenSender> {
        let endpoint = outbound_endpoint(&settings.endpoints, tokens).await?;
        let mut sender = TokenSender::Untried;
        for (what, to) in [("token", &self.token), ("copy", &self.copy)] {
            let bytes = self.bytes(what, to);
            if self.verp != Verp::Never && sender != TokenSender::Refused {
                sender = match hand_over(&endpoint, &self.bounces_to, to, &bytes).await? {
                    Ok(()) => TokenSender::Taken,
                    Err(refusal) if self.verp == Verp::Always => return Err(refusal),
                    Err(_) => TokenSender::Refused,
                };
            }
            if sender != TokenSender::Taken {
                hand_over(&endpoint, &self.from, to, &bytes).await??;
            }
        }
        Ok(sender)
    }

    fn bytes(&self, what: &str, to: &Address) -> Vec<u8> {
        let (from, id) = (&self.from, self.message_id(what));
        format!(
            "From: {from}\r\nTo: {to}\r\nSubject: followupd check\r\nDate: {}\r\nMessage-ID: <{id}>\r\n{OWN_HEADER}: {}\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nThis is a test mail of `followupd check --send-test`. It can be deleted.\r\n",
            clock::now().to_rfc2822(),
            self.header(what)
        )
        .into_bytes()
    }

    fn header(&self, what: &str) -> String {
        format!("check {} {what}", self.mark)
    }

    fn message_id(&self, what: &str) -> String {
        format!("check-{}-{what}@{}", self.mark, self.from.domain())
    }

    /// The mail, when it has come, and when the server took it in.
    fn find(&self, what: &str, mails: &[Fetched]) -> Option<(Message, DateTime<Utc>)> {
        let wanted = self.header(what);
        mails.iter().find_map(|mail| {
            let message = parse(&mail.raw);
            let is_it = message.header(OWN_HEADER).is_some_and(|header| header.trim() == wanted);
            is_it.then_some((message, mail.received_at))
        })
    }

    fn told(&self, arrived: &Message, copy: bool, sender: TokenSender, off_by: i64) -> Vec<String> {
        let named = |address: &&Address| **address == self.token;
        let addressed = arrived.delivered_to.iter().chain(arrived.to.iter().map(|m| &m.address)).any(|a| named(&a));
        let kept = arrived.message_id.as_deref() == Some(self.message_id("token").as_str());
        let author = arrived.author().is_some_and(|author| author.address == self.from);
        let returned = matches!(&arrived.return_path, ReturnPath::Of(path) if *path == self.bounces_to);
        let envelope = match sender {
            TokenSender::Taken if returned => "ok: the envelope token survived",
            TokenSender::Taken => "note: the envelope token was rewritten; bounces are known by the mail in them alone",
            TokenSender::Refused => {
                "note: the relay refuses the envelope token; letters leave without it, and bounces are known by the mail in them alone"
            }
            TokenSender::Untried => "note: the envelope token is switched off (outbound.verp)",
        };
        let said = |good: bool, what: &str, else_what: &str| {
            if good { format!("ok: {what}") } else { format!("note: {else_what}") }
        };
        vec![
            said(
                addressed,
                "the token address arrived",
                "the token address was lost; answers are placed by Message-ID alone",
            ),
            said(
                copy,
                "the own copy arrived",
                "the own copy did not arrive; a letter that may or may not have left then waits for a person",
            ),
            envelope.to_owned(),
            said(
                kept,
                "the Message-ID survived",
                "the relay replaced the Message-ID; the service learns the new one from its own copies",
            ),
            said(author, "the sender survived", "the sender was rewritten"),
            said(
                off_by == 0,
                "the mail server's clock agrees with this machine's",
                &format!(
                    "the mail server's clock differs from this machine's by {off_by} s; deadlines are judged by both: mend the wrong one"
                ),
            ),
        ]
    }
}

/// Seconds by which the time of arrival lies outside the time in which the mail was on its way; 0 for a small difference.
fn off_by(received_at: DateTime<Utc>, sent: DateTime<Utc>, found: DateTime<Utc>) -> i64 {
    let (early, late) = ((sent - received_at).num_seconds(), (received_at - found).num_seconds());
    let off = early.max(late);
    if off > SAME_TIME { off } else { 0 }
}

/// Hands one mail over, again and again while the relay asks for patience; inside, why it is refused for good.
async fn hand_over(endpoint: &OutboundEndpoint, from: &Address, to: &Address, bytes: &[u8]) -> Result<Result<()>> {
    let envelope = Envelope { from: Some(from.clone()), to: vec![to.clone()], id: None };
    let mut last = String::new();
    for attempt in 0..TRIES {
        if attempt > 0 {
            clock::sleep(BETWEEN_TRIES).await;
        }
        let mut connection = Connection::open(endpoint).await?;
        let answers = match connection.deliver(&envelope, bytes, async || Ok(())).await {
            Ok(answers) => answers,
            // Its remedy is another than that of a refused address.
            Err(Broken { cause: Cause::Account(fault), .. }) => return Ok(Err(fault.into())),
            Err(broken) => broken.answers,
        };
        connection.close().await;
        let refused = |text: &str| anyhow!("the relay did not take a mail to {to}: {text}");
        match answers.into_iter().next() {
            Some((_, Answer::Accepted { .. })) => return Ok(Ok(())),
            Some((_, Answer::Rejected { text })) => return Ok(Err(refused(&text))),
            Some((_, Answer::Uncertain { text })) => return Err(refused(&text)),
            Some((_, Answer::Deferred { text })) => last = text,
            None => bail!("the relay gave no answer for {to}"),
        }
    }
    bail!("the relay put a mail to {to} off again and again: {last}")
}

#[cfg(test)]
mod tests {
    use super::off_by;

    #[test]
    fn a_clock_that_differs_by_more_than_a_minute_is_told() {
        let at = |second: &str| format!("2026-11-02T10:{second}Z").parse().unwrap();
        let (sent, found) = (at("00:00"), at("00:20"));
        let table = [("00:10", 0), ("01:10", 0), ("59:59", 3_579), ("01:21", 61)];
        for (received, off) in table {
            assert_eq!(off_by(at(received), sent, found), off, "{received}");
        }
        assert_eq!(off_by("2026-11-02T09:58:00Z".parse().unwrap(), sent, found), 120);
    }
}
