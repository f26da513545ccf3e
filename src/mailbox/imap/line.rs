//! The strict command loop. async-imap is used as the codec only: its own calls report NO, BAD and a closed
//! connection as success.
//!
//! Every command ends in its own tagged OK, or in an error. After anything but a tagged answer the line is broken and
//! says so to whoever uses it again.

use super::super::MailboxError;
use super::capped::Capped;
use super::command::{ANSWER_WITHIN, Command, LINE_BYTES};
use async_imap::Client;
use imap_proto::{MailboxDatum, Outcome, Response, Status};
use std::fmt::Debug;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

/// What a connection runs over.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send + Debug {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send + Debug> Stream for S {}

/// A connection to an IMAP server, between commands or idling.
#[derive(Debug)]
pub(super) struct Line<S: Stream> {
    client: Client<Capped<S>>,
    state: State,
    last_tag: u64,
    /// Mails in the selected folder, by EXISTS and EXPUNGE.
    pub(super) exists: u32,
    /// How many came on top since this was last set to zero.
    pub(super) arrived: u32,
}

#[derive(Debug)]
enum State {
    Ready,
    /// Waiting in IDLE that bears this tag.
    Idling(String),
    Broken,
}

/// How an attempt to idle began.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Idle {
    Begun,
    /// The server will not; the line is ready for other commands.
    Declined,
}

/// What a quiet wait ended with.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Heard {
    Something,
    Nothing,
}

impl<S: Stream> Line<S> {
    pub(super) fn new(stream: S) -> Self {
        let client = Client::new(Capped::new(stream));
        Self { client, state: State::Ready, last_tag: 0, exists: 0, arrived: 0 }
    }

    /// The bare stream; what the server sent ahead in plain text is dropped with the codec (RFC 3501 6.2.1).
    pub(super) fn into_stream(self) -> S {
        self.client.into_inner().into_inner()
    }

    /// Reads the greeting. PREAUTH is refused: it would keep a connection from ever being protected.
    pub(super) async fn greeting(&mut self) -> Result<(), MailboxError> {
        let greeted = self.next("the greeting", LINE_BYTES, |response| {
            let Response::Data { status, outcome } = response else { return Err("it is no greeting".to_owned()) };
            if *status == Status::Ok { Ok(()) } else { Err(words(outcome)) }
        });
        match timeout(ANSWER_WITHIN, greeted).await {
            Ok(greeting) => greeting?.map_err(|text| self.broken("the greeting", text)),
            Err(_) => Err(self.too_late("the greeting", ANSWER_WITHIN)),
        }
    }

    /// Runs a command to its tagged OK; `on` sees every other response on the way.
    pub(super) async fn run(
        &mut self,
        command: Command,
        mut on: impl FnMut(&Response<'_>) + Send,
    ) -> Result<(), MailboxError> {
        self.converse(command, |response| {
            on(response);
            None
        })
        .await
    }

    /// Like `run`; where the server asks for more (`+`), `on` gives the line to send.
    pub(super) async fn converse(
        &mut self,
        command: Command,
        on: impl FnMut(&Response<'_>) -> Option<String> + Send,
    ) -> Result<(), MailboxError> {
        if matches!(self.state, State::Idling(_)) {
            self.leave_idle().await?;
        }
        let tag = self.begin(&command.name)?;
        let text = format!("{tag} {}\r\n", command.text);
        match timeout(command.limit, self.talk(&tag, &command, &text, on)).await {
            Ok(answer) => answer,
            Err(_) => Err(self.too_late(&command.name, command.limit)),
        }
    }

    async fn talk(
        &mut self,
        tag: &str,
        command: &Command,
        text: &str,
        mut on: impl FnMut(&Response<'_>) -> Option<String> + Send,
    ) -> Result<(), MailboxError> {
        self.send(&command.name, text).await?;
        loop {
            let step = self.next(&command.name, command.most, |response| Step::of(response, tag, &mut on)).await?;
            match step {
                Step::Done(outcome) => {
                    self.state = State::Ready;
                    return outcome.map_err(|text| MailboxError::Refused { command: command.name.clone(), text });
                }
                Step::Reply(line) => self.send(&command.name, &format!("{line}\r\n")).await?,
                Step::Stuck => return Err(self.broken(&command.name, "the server waits for more".to_owned())),
                Step::Further => {}
            }
        }
    }

    /// Begins IDLE (RFC 2177). EXISTS that comes before the `+` counts like any other.
    pub(super) async fn begin_idle(&mut self) -> Result<Idle, MailboxError> {
        if matches!(self.state, State::Idling(_)) {
            return Ok(Idle::Begun);
        }
        let tag = self.begin("IDLE")?;
        let begun = async {
            self.send("IDLE", &format!("{tag} IDLE\r\n")).await?;
            loop {
                let step = self.next("IDLE", LINE_BYTES, |response| Step::of(response, &tag, &mut |_| None)).await?;
                match step {
                    Step::Stuck => return Ok(Idle::Begun),
                    Step::Done(_) => return Ok(Idle::Declined),
                    Step::Reply(_) | Step::Further => {}
                }
            }
        };
        let Ok(begun) = timeout(ANSWER_WITHIN, begun).await else {
            return Err(self.too_late("IDLE", ANSWER_WITHIN));
        };
        let begun = begun?;
        self.state = if begun == Idle::Begun { State::Idling(tag) } else { State::Ready };
        Ok(begun)
    }

    /// Ends IDLE and waits for its tagged OK.
    pub(super) async fn leave_idle(&mut self) -> Result<(), MailboxError> {
        let State::Idling(tag) = std::mem::replace(&mut self.state, State::Broken) else { return Ok(()) };
        let command = Command { name: "DONE".to_owned(), ..Command::new("") };
        match timeout(ANSWER_WITHIN, self.talk(&tag, &command, "DONE\r\n", |_| None)).await {
            Ok(answer) => answer,
            Err(_) => Err(self.too_late("DONE", ANSWER_WITHIN)),
        }
    }

    /// Listens without asking until mail has arrived, at most `limit`. May be dropped and called again.
    ///
    /// A server that says "still here" does not lengthen the time: the limit is over all of it.
    pub(super) async fn listen(&mut self, limit: Duration) -> Result<Heard, MailboxError> {
        let arrival = async {
            while self.arrived == 0 {
                self.next("IDLE", LINE_BYTES, |_| ()).await?;
            }
            Ok(Heard::Something)
        };
        timeout(limit, arrival).await.unwrap_or(Ok(Heard::Nothing))
    }

    fn begin(&mut self, name: &str) -> Result<String, MailboxError> {
        match std::mem::replace(&mut self.state, State::Broken) {
            State::Ready => {
                self.last_tag += 1;
                Ok(format!("F{}", self.last_tag))
            }
            State::Idling(_) | State::Broken => Err(lost(name, "it failed before")),
        }
    }

    async fn send(&mut self, name: &str, text: &str) -> Result<(), MailboxError> {
        let stream = self.client.get_mut();
        let sent = async {
            stream.write_all(text.as_bytes()).await?;
            stream.flush().await
        };
        sent.await.map_err(|error: std::io::Error| lost(name, error.kind().to_string()))
    }

    /// Reads one response and keeps count of the folder; a closed connection and BYE are errors.
    async fn next<T>(&mut self, name: &str, most: u64, on: impl FnOnce(&Response<'_>) -> T) -> Result<T, MailboxError> {
        self.client.get_mut().allow(most);
        let data = match self.client.read_response().await {
            Ok(Some(data)) => data,
            Ok(None) => return Err(self.ended(name, "the server closed it".to_owned())),
            Err(error) if error.kind() == std::io::ErrorKind::Other => {
                // The error's own text repeats the line, which may be somebody's mail.
                return Err(self.broken(name, "a line that is no IMAP, or far too long".to_owned()));
            }
            Err(error) => return Err(self.ended(name, error.kind().to_string())),
        };
        let response = data.parsed();
        if let Response::Data { status: Status::Bye, outcome } = response {
            let text = words(outcome);
            return Err(self.ended(name, text));
        }
        self.count(response);
        Ok(on(response))
    }

    fn count(&mut self, response: &Response<'_>) {
        if let Response::MailboxData(MailboxDatum::Exists(exists)) = response {
            self.arrived = self.arrived.saturating_add(exists.saturating_sub(self.exists));
            self.exists = *exists;
        }
        if let Response::Expunge(_) = response {
            self.exists = self.exists.saturating_sub(1);
        }
    }

    fn ended(&mut self, name: &str, text: String) -> MailboxError {
        self.state = State::Broken;
        lost(name, text)
    }

    fn broken(&mut self, name: &str, text: String) -> MailboxError {
        self.state = State::Broken;
        MailboxError::protocol(name, text)
    }

    fn too_late(&mut self, name: &str, limit: Duration) -> MailboxError {
        self.state = State::Broken;
        MailboxError::TimedOut { command: name.to_owned(), limit }
    }
}

/// What a response means for the command that runs.
enum Step {
    /// The command's own tagged answer.
    Done(Result<(), String>),
    /// The server asks for this line.
    Reply(String),
    /// The server asks for a line that nobody has.
    Stuck,
    Further,
}

impl Step {
    fn of(response: &Response<'_>, expected: &str, on: &mut impl FnMut(&Response<'_>) -> Option<String>) -> Self {
        if let Response::Done { tag, status, outcome } = response
            && tag.0 == expected
        {
            return Self::Done(if *status == Status::Ok { Ok(()) } else { Err(words(outcome)) });
        }
        let reply = on(response);
        if matches!(response, Response::Continue(_)) { reply.map_or(Self::Stuck, Self::Reply) } else { Self::Further }
    }
}

fn lost(during: &str, text: impl Into<String>) -> MailboxError {
    MailboxError::ConnectionLost { during: during.to_owned(), text: text.into() }
}

/// The words of a status, short and on one line.
fn words(outcome: &Outcome<'_>) -> String {
    let text = outcome.information.as_deref().unwrap_or("no reason given");
    text.chars().filter(|letter| !letter.is_control()).take(200).collect()
}
