//! One mail: MAIL, RCPT for each recipient, DATA, the text, the final dot.
//!
//! The one rule that everything here serves: before the dot is written a mail is certainly not sent, after it
//! only the server's answer says what became of it.

use super::{
    Answer, Cause, Envelope, Ledger, Leftover, Offer, OutboundFault, WireFault, content,
    wire::{Phase, Wire, line_of},
};
use crate::{core::id::Address, outbox::sender::riddle};
use lettre::{
    Address as Path,
    transport::smtp::{
        commands::{Data, Mail, Rcpt, Rset},
        extension::{MailBodyParameter, MailParameter, RcptParameter},
        response::{Response, Severity},
    },
};

/// Why a transaction ended with a connection that must not be used again.
pub(super) enum Stop {
    Wire(WireFault),
    /// 421 (RFC 5321 3.8).
    Closing(String),
    Account {
        why: String,
        remedy: &'static str,
    },
    Withheld(anyhow::Error),
}

impl From<WireFault> for Stop {
    fn from(fault: WireFault) -> Self {
        Self::Wire(fault)
    }
}

impl Stop {
    /// The same, as a caller sees it who knows which relay it was.
    pub(super) fn at(self, place: &str) -> Cause {
        match self {
            Self::Wire(fault) => Cause::Wire(fault),
            Self::Closing(text) => Cause::Closing(text),
            Self::Account { why, remedy } => {
                Cause::Account(OutboundFault::Account { place: place.to_owned(), why, remedy })
            }
            Self::Withheld(why) => Cause::Withheld(why),
        }
    }
}

/// What a command is about; decides whom its refusal concerns.
enum Step {
    Reset,
    Sender,
    Recipient(Address),
    Data,
}

impl Step {
    fn phase(&self) -> Phase {
        match self {
            Self::Reset | Self::Sender => Phase::Sender,
            Self::Recipient(_) => Phase::Recipient,
            Self::Data => Phase::Data,
        }
    }
}

/// The commands of a transaction up to DATA, ready to be written.
pub(super) struct Script(Vec<(Step, String)>);

/// Writes the commands for all recipients without an answer; who cannot be written to here gets one.
pub(super) fn script(
    envelope: &Envelope,
    bytes: &[u8],
    offer: &Offer,
    leftover: Leftover,
    ledger: &mut Ledger,
) -> Script {
    let mut steps = Vec::with_capacity(envelope.to.len() + 3);
    if leftover == Leftover::OpenTransaction {
        steps.push((Step::Reset, Rset.to_string()));
    }
    let from = envelope.from.as_ref().map(|address| path_of(address, offer)).transpose();
    let (from, body) = match (from, body_of(bytes, offer)) {
        (Ok(from), Ok(body)) => (from, body),
        (Err(flaw), _) | (_, Err(flaw)) => {
            ledger.settle_rest(&Answer::Rejected { text: flaw });
            return Script(steps);
        }
    };
    let mut recipients = Vec::with_capacity(envelope.to.len());
    for address in &envelope.to {
        match path_of(address, offer) {
            Ok(path) => recipients.push((address, path)),
            Err(flaw) => ledger.settle(address, Answer::Rejected { text: flaw }),
        }
    }
    let international = from.iter().chain(recipients.iter().map(|(_, path)| path)).any(|path| !is_ascii(path));
    let parameters = mail_parameters(envelope, bytes, body, offer, international);
    steps.push((Step::Sender, Mail::new(from, parameters).to_string()));
    for (address, path) in recipients {
        let command = Rcpt::new(path, rcpt_parameters(address, offer, envelope));
        steps.push((Step::Recipient(address.clone()), command.to_string()));
    }
    steps.push((Step::Data, Data.to_string()));
    Script(steps)
}

/// The address as it goes over the wire: its domain in ASCII (RFC 5891), so that only a local part beyond
/// ASCII asks for SMTPUTF8 (RFC 6531).
fn path_of(address: &Address, offer: &Offer) -> Result<Path, String> {
    let flaw = |why: &str| format!("not sent: the address cannot be written to ({why})");
    let domain = match address.domain() {
        literal if literal.starts_with('[') => literal.to_owned(),
        name => idna::domain_to_ascii(name).map_err(|_| flaw("its domain is none"))?,
    };
    let path = Path::new(address.local(), domain).map_err(|why| flaw(&why.to_string()))?;
    if is_ascii(&path) || offer.utf8 { Ok(path) } else { Err(flaw("the relay does not offer SMTPUTF8")) }
}

fn is_ascii(path: &Path) -> bool {
    AsRef::<str>::as_ref(path).is_ascii()
}

/// RFC 6152: text beyond ASCII needs a server that says it can carry it.
fn body_of(bytes: &[u8], offer: &Offer) -> Result<Option<MailBodyParameter>, String> {
    match (bytes.is_ascii(), offer.eight_bit) {
        (true, _) => Ok(None),
        (false, true) => Ok(Some(MailBodyParameter::EightBitMime)),
        (false, false) => Err("not sent: the mail is not ASCII and the relay does not offer 8BITMIME".to_owned()),
    }
}

fn mail_parameters(
    envelope: &Envelope,
    bytes: &[u8],
    body: Option<MailBodyParameter>,
    offer: &Offer,
    international: bool,
) -> Vec<MailParameter> {
    let other =
        |keyword: &str, value: &str| MailParameter::Other { keyword: keyword.into(), value: Some(value.into()) };
    let mut parameters: Vec<MailParameter> = body.map(MailParameter::Body).into_iter().collect();
    if offer.size.is_some() {
        parameters.push(MailParameter::Size(bytes.len()));
    }
    if international {
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if let (true, Some(id)) = (offer.dsn, &envelope.id) {
        parameters.extend([other("RET", "HDRS"), other("ENVID", id)]);
    }
    parameters
}

/// RFC 3461 4.1 and 4.2: failures and delays come back, with the address as we wrote it.
fn rcpt_parameters(address: &Address, offer: &Offer, envelope: &Envelope) -> Vec<RcptParameter> {
    if !offer.dsn || envelope.id.is_none() {
        return Vec::new();
    }
    let other = |keyword: &str, value: String| RcptParameter::Other { keyword: keyword.into(), value: Some(value) };
    let mut parameters = vec![other("NOTIFY", "FAILURE,DELAY".to_owned())];
    if address.as_str().is_ascii() {
        parameters.push(other("ORCPT", format!("rfc822;{address}")));
    }
    parameters
}

/// Runs the transaction. `Ok` leaves both sides in step, whatever the answers were.
pub(super) async fn run<F>(
    wire: &mut Wire,
    script: Script,
    offer: &Offer,
    ledger: &mut Ledger,
    bytes: &[u8],
    before_dot: F,
) -> Result<Leftover, Stop>
where
    F: AsyncFnOnce() -> anyhow::Result<()>,
{
    let leave = ask_leave(wire, script, offer, ledger).await?;
    match (leave, ledger.is_settled()) {
        (Leave::Refused, _) => return Ok(Leftover::OpenTransaction),
        // RFC 2920 3.1 asks for a lone dot here. A dot is what we do not write without a recipient of ours.
        (Leave::Granted, true) => return Err(WireFault::garbled(Phase::Data, "354 without any recipient").into()),
        (Leave::Granted, false) => {}
    }
    wire.write(Phase::Text, &content::text(bytes)).await?;
    before_dot().await.map_err(Stop::Withheld)?;
    if let Some(answer) = wire.interruption(Phase::Text).await? {
        return Err(interrupted(&answer, ledger));
    }
    finish(wire, ledger).await
}

/// Asks for leave to write to each recipient, and never for leave to send: no DATA, so nothing can leave.
pub(super) async fn ask_about(wire: &mut Wire, script: Script, offer: &Offer, ledger: &mut Ledger) -> Result<(), Stop> {
    let asked = script.0.into_iter().filter(|(step, _)| !matches!(step, Step::Data)).collect();
    ask_leave(wire, Script(asked), offer, ledger).await?;
    ledger.settle_rest(&Answer::Accepted { text: String::new() });
    Ok(())
}

/// Whether the text may follow.
enum Leave {
    Granted,
    Refused,
}

/// MAIL to DATA: in one write where the server allows it (RFC 2920), else one by one.
async fn ask_leave(wire: &mut Wire, script: Script, offer: &Offer, ledger: &mut Ledger) -> Result<Leave, Stop> {
    if offer.pipelining {
        let all: String = script.0.iter().map(|(_, line)| line.as_str()).collect();
        wire.write(Phase::Sender, all.as_bytes()).await?;
    }
    for (step, line) in script.0 {
        if !offer.pipelining {
            if ledger.is_settled() {
                return Ok(Leave::Refused);
            }
            wire.write(step.phase(), line.as_bytes()).await?;
        }
        let answer = wire.answer(step.phase()).await?;
        if let Step::Data = step {
            return leave_of(&answer, ledger);
        }
        let Some(refusal) = refusal(&step, &answer)? else { continue };
        match step {
            Step::Reset => return Err(WireFault::garbled(Phase::Sender, line_of(&answer)).into()),
            Step::Recipient(address) => ledger.settle(&address, refusal),
            Step::Sender | Step::Data => ledger.settle_rest(&refusal),
        }
    }
    Ok(Leave::Refused)
}

fn leave_of(answer: &Response, ledger: &mut Ledger) -> Result<Leave, Stop> {
    match answer.code().severity {
        Severity::PositiveIntermediate => Ok(Leave::Granted),
        Severity::PositiveCompletion => Err(WireFault::garbled(Phase::Data, line_of(answer)).into()),
        Severity::TransientNegativeCompletion | Severity::PermanentNegativeCompletion => {
            // After a refused MAIL or RCPT a pipelined DATA is refused too; that says nothing new.
            if !ledger.is_settled() {
                let refusal = refusal(&Step::Data, answer)?;
                refusal.iter().for_each(|refusal| ledger.settle_rest(refusal));
            }
            Ok(Leave::Refused)
        }
    }
}

/// What a negative answer means for a mail; `None` when the answer is positive.
///
/// # Errors
/// When it means the connection or the account instead.
fn refusal(step: &Step, answer: &Response) -> Result<Option<Answer>, Stop> {
    let text = line_of(answer);
    let negative = match answer.code().severity {
        Severity::PositiveCompletion => return Ok(None),
        Severity::PositiveIntermediate => return Err(WireFault::garbled(step.phase(), text).into()),
        Severity::TransientNegativeCompletion | Severity::PermanentNegativeCompletion => answer,
    };
    if negative.has_code(421) {
        return Err(Stop::Closing(text));
    }
    if let Some(remedy) = riddle::account(&text) {
        return Err(Stop::Account { why: text, remedy });
    }
    if let Some(remedy) = riddle::relaying(&text) {
        return Ok(Some(Answer::Deferred { text: format!("{text} ({remedy})") }));
    }
    // RFC 5321 4.5.3.1.10: old servers say 552 at RCPT when there are too many recipients at once.
    let too_many = matches!(step, Step::Recipient(_)) && negative.has_code(552);
    let deferred = too_many || negative.code().severity == Severity::TransientNegativeCompletion;
    Ok(Some(if deferred { Answer::Deferred { text } } else { Answer::Rejected { text } }))
}

/// An answer that came before the dot: nothing was sent, and both sides are out of step.
fn interrupted(answer: &Response, ledger: &mut Ledger) -> Stop {
    match refusal(&Step::Data, answer) {
        Ok(Some(refusal)) => {
            ledger.settle_rest(&refusal);
            WireFault::garbled(Phase::Text, line_of(answer)).into()
        }
        Ok(None) => WireFault::garbled(Phase::Text, line_of(answer)).into(),
        Err(stop) => stop,
    }
}

/// The dot and its answer, for all recipients that were taken.
async fn finish(wire: &mut Wire, ledger: &mut Ledger) -> Result<Leftover, Stop> {
    let answered = match wire.write(Phase::Dot, content::FINAL_DOT).await {
        Ok(()) => wire.answer(Phase::Dot).await,
        Err(fault) => Err(fault),
    };
    let answer = match answered {
        Ok(answer) if answer.code().severity != Severity::PositiveIntermediate => answer,
        Ok(answer) => return Err(perhaps_sent(WireFault::garbled(Phase::Dot, line_of(&answer)), ledger)),
        Err(fault) => return Err(perhaps_sent(fault, ledger)),
    };
    let outcome = refusal(&Step::Data, &answer)?.unwrap_or_else(|| Answer::Accepted { text: line_of(&answer) });
    ledger.settle_rest(&outcome);
    Ok(Leftover::Nothing)
}

fn perhaps_sent(fault: WireFault, ledger: &mut Ledger) -> Stop {
    ledger.settle_rest(&Answer::Uncertain { text: fault.to_string() });
    fault.into()
}
