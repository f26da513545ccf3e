//! One connection as lines: commands out, answers in, each step with its own time limit. Knows no transaction.
//!
//! Forgiving in form where RFC 5321 is (an answer without text) or where a server's carelessness must not turn
//! an accepted mail into an uncertain one (a bare LF, a letter outside UTF-8); strict in meaning.

use futures_util::FutureExt;
use lettre::transport::smtp::response::Response;
use std::{fmt, io, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader},
    time::timeout,
};

/// No honest answer is longer.
const LONGEST_ANSWER: u64 = 64 * 1024;

/// What goes out in one write, and so under one time limit.
const CHUNK: usize = 64 * 1024;

/// What carries the bytes: TCP, TLS, or a test's pipe.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Sync + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> Stream for T {}

/// A step of the conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Name look-up and TCP.
    Connect,
    /// TLS handshake.
    Handshake,
    /// The server speaks first.
    Greeting,
    /// `EHLO`.
    Hello,
    /// `STARTTLS`.
    StartTls,
    /// `AUTH`.
    SignIn,
    /// `RSET` or `MAIL`.
    Sender,
    /// `RCPT`.
    Recipient,
    /// `DATA`, up to its 354.
    Data,
    /// The text, for each chunk.
    Text,
    /// The final dot and its answer.
    Dot,
    /// `QUIT`.
    Quit,
}

impl Phase {
    /// How long to wait: RFC 5321 4.5.3.2 where it says so. A server that is slow after the dot has often taken
    /// the mail; who hangs up early there gets the mail delivered twice.
    pub(super) fn limit(self) -> Duration {
        Duration::from_secs(match self {
            Self::Connect | Self::Handshake => 60,
            Self::Greeting | Self::Hello | Self::Sender | Self::Recipient => 5 * 60,
            Self::StartTls | Self::Data => 2 * 60,
            Self::SignIn | Self::Text => 3 * 60,
            Self::Dot => 10 * 60,
            Self::Quit => 5,
        })
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "while connecting",
            Self::Handshake => "in the TLS handshake",
            Self::Greeting => "before its greeting",
            Self::Hello => "at EHLO",
            Self::StartTls => "at STARTTLS",
            Self::SignIn => "while signing in",
            Self::Sender => "at MAIL",
            Self::Recipient => "at RCPT",
            Self::Data => "at DATA",
            Self::Text => "during the text, before the final dot",
            Self::Dot => "after the final dot",
            Self::Quit => "at QUIT",
        })
    }
}

/// The connection failed, or what came over it is no SMTP.
#[derive(Debug)]
pub struct WireFault {
    /// In which step.
    pub phase: Phase,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Lost(io::Error),
    Closed,
    Silent,
    Garbled(String),
}

impl WireFault {
    pub(super) fn lost(phase: Phase, error: io::Error) -> Self {
        Self { phase, kind: Kind::Lost(error) }
    }

    pub(super) fn silent(phase: Phase) -> Self {
        Self { phase, kind: Kind::Silent }
    }

    /// What came is not what the protocol allows here.
    pub(super) fn garbled(phase: Phase, said: impl Into<String>) -> Self {
        Self { phase, kind: Kind::Garbled(said.into()) }
    }
}

impl fmt::Display for WireFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let phase = self.phase;
        match &self.kind {
            Kind::Lost(why) => write!(f, "the connection was lost {phase} ({why})"),
            Kind::Closed => write!(f, "the server closed the connection {phase}"),
            Kind::Silent => write!(f, "the server said nothing for {} s {phase}", phase.limit().as_secs()),
            Kind::Garbled(said) => write!(f, "the server said what the protocol does not allow {phase}: {said}"),
        }
    }
}

impl std::error::Error for WireFault {}

/// A conversation. After any error both sides may be out of step: drop it.
pub(super) struct Wire {
    stream: BufReader<Box<dyn Stream>>,
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}

impl Wire {
    pub(super) fn new(stream: Box<dyn Stream>) -> Self {
        Self { stream: BufReader::new(stream) }
    }

    /// Gives the stream back for a TLS handshake.
    ///
    /// # Errors
    /// When the server has already sent more: it came in clear and must not be read as if under TLS.
    pub(super) fn into_stream(self) -> Result<Box<dyn Stream>, WireFault> {
        if self.stream.buffer().is_empty() {
            Ok(self.stream.into_inner())
        } else {
            Err(WireFault::garbled(Phase::StartTls, "text in clear before the handshake"))
        }
    }

    /// Sends one command and waits for its answer.
    pub(super) async fn ask(&mut self, phase: Phase, command: impl fmt::Display) -> Result<Response, WireFault> {
        self.write(phase, command.to_string().as_bytes()).await?;
        self.answer(phase).await
    }

    /// Writes bytes as they are, the time limit counting for each chunk.
    pub(super) async fn write(&mut self, phase: Phase, bytes: &[u8]) -> Result<(), WireFault> {
        for chunk in bytes.chunks(CHUNK) {
            let sent = timeout(phase.limit(), self.stream.write_all(chunk)).await;
            settle(phase, sent)?;
        }
        settle(phase, timeout(phase.limit(), self.stream.flush()).await)
    }

    /// Waits for one answer, of one or more lines.
    pub(super) async fn answer(&mut self, phase: Phase) -> Result<Response, WireFault> {
        let read = timeout(phase.limit(), read_answer(phase, &mut self.stream)).await;
        read.unwrap_or_else(|_| Err(WireFault::silent(phase)))
    }

    /// Looks, without waiting, whether the server has spoken or hung up although it is our turn.
    pub(super) async fn interruption(&mut self, phase: Phase) -> Result<Option<Response>, WireFault> {
        // Without a turn of the runtime the socket's news has not reached us.
        tokio::task::yield_now().await;
        match self.stream.fill_buf().now_or_never() {
            None => Ok(None),
            Some(Ok([])) => Err(WireFault { phase, kind: Kind::Closed }),
            Some(Ok(_)) => self.answer(phase).await.map(Some),
            Some(Err(why)) => Err(WireFault::lost(phase, why)),
        }
    }
}

fn settle(phase: Phase, outcome: Result<io::Result<()>, tokio::time::error::Elapsed>) -> Result<(), WireFault> {
    match outcome {
        Ok(Ok(())) => Ok(()),
        Ok(Err(why)) => Err(WireFault::lost(phase, why)),
        Err(_) => Err(WireFault::silent(phase)),
    }
}

async fn read_answer(phase: Phase, stream: &mut BufReader<Box<dyn Stream>>) -> Result<Response, WireFault> {
    let mut stream = stream.take(LONGEST_ANSWER);
    let mut lines = String::new();
    loop {
        let mut line = Vec::new();
        stream.read_until(b'\n', &mut line).await.map_err(|why| WireFault::lost(phase, why))?;
        if line.last() != Some(&b'\n') {
            let kind = if stream.limit() == 0 { Kind::Garbled("an endless answer".to_owned()) } else { Kind::Closed };
            return Err(WireFault { phase, kind });
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end_matches(['\r', '\n']);
        let (code, rest) = line.split_at_checked(3).ok_or_else(|| WireFault::garbled(phase, line))?;
        let (more, text) = match rest.strip_prefix('-') {
            Some(text) => ("-", text),
            None => (" ", rest.strip_prefix(' ').unwrap_or(rest)),
        };
        lines.push_str(&format!("{code}{more}{text}\r\n"));
        if more == " " {
            return lines.parse().map_err(|_| WireFault::garbled(phase, line));
        }
    }
}

/// An answer on one line, code first, as a person may read it.
pub(super) fn line_of(answer: &Response) -> String {
    let words = answer.message().collect::<Vec<_>>().join(" ");
    format!("{} {}", answer.code(), words.trim()).trim_end().to_owned()
}
