//! A scripted IMAP server over a pipe, for tests: it expects the commands of its script in order, and nothing else.

use super::super::{Credentials, MailboxError};
use super::line::Line;
use super::{Session, sign_in};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream, duplex};
use tokio::task::JoinHandle;

/// A command (without its tag, or its beginning) and the answer to it: `%` is the tag, lines end in `\n`.
pub(super) type Step = (&'static str, String);

/// An answer that closes the connection after the bytes before it.
pub(super) const EOF: &str = "<eof>";
/// After the script the peer answers every command with a bare OK.
pub(super) const GREETING: &str = "* OK ready\n";

pub(super) struct Peer(JoinHandle<Vec<String>>);

impl Peer {
    /// Every command that came, without tags; panics where one was not in the script.
    pub(super) async fn heard(self) -> Vec<String> {
        self.0.await.unwrap()
    }
}

pub(super) fn step(command: &'static str, answer: impl Into<String>) -> Step {
    (command, answer.into())
}

/// A line to a server with this script, its greeting not yet read.
pub(super) fn line(greeting: &'static str, script: Vec<Step>) -> (Line<DuplexStream>, Peer) {
    let (ours, theirs) = duplex(1 << 20);
    (Line::new(ours), Peer(tokio::spawn(serve(theirs, greeting, script))))
}

/// A session after sign-in by LOGIN, with a server that has these capabilities and goes on with this script.
pub(super) async fn session(capabilities: &str, script: Vec<Step>) -> (Session<DuplexStream>, Peer) {
    let (session, peer) =
        sign_in_by(&password("secret"), capabilities, vec![step("LOGIN", "% OK done\n")], script).await;
    (session.unwrap(), peer)
}

pub(super) fn password(word: &str) -> Credentials {
    Credentials::Password(word.to_owned().into())
}

/// Signs in; the dialogue is what follows the client's look at the capabilities.
pub(super) async fn sign_in_by(
    credentials: &Credentials,
    capabilities: &str,
    dialogue: Vec<Step>,
    script: Vec<Step>,
) -> (Result<Session<DuplexStream>, MailboxError>, Peer) {
    let offered = format!("* CAPABILITY IMAP4rev1 {capabilities}\n% OK done\n");
    let mut steps = vec![step("CAPABILITY", offered.clone())];
    steps.extend(dialogue);
    steps.push(step("CAPABILITY", offered));
    steps.push(step("LIST \"\" \"\"", "* LIST (\\Noselect) \".\" \"\"\n% OK done\n"));
    steps.extend(script);
    let (mut line, peer) = line(GREETING, steps);
    line.greeting().await.unwrap();
    let signed_in = match sign_in::sign_in(&mut line, "office@council.example", credentials).await {
        Ok(()) => Session::new(line).await,
        Err(error) => Err(error),
    };
    (signed_in, peer)
}

async fn serve(stream: DuplexStream, greeting: &str, script: Vec<Step>) -> Vec<String> {
    let mut stream = BufReader::new(stream);
    let mut heard = Vec::new();
    let mut script = script.into_iter();
    if !say(&mut stream, greeting, "*").await {
        return heard;
    }
    let mut tag = String::new();
    loop {
        let mut received = String::new();
        if !matches!(stream.read_line(&mut received).await, Ok(1..)) {
            return heard;
        }
        let received = received.trim_end_matches("\r\n");
        // A bare line (DONE, a SASL answer) belongs to the command before it.
        let command = match received.split_once(' ') {
            Some((new_tag, command)) if new_tag.starts_with('F') => {
                tag = new_tag.to_owned();
                command
            }
            _ => received,
        };
        heard.push(command.to_owned());
        let (expected, answer) = script.next().unwrap_or_else(|| step("", "% OK done\n"));
        assert!(command.starts_with(expected), "expected {expected:?}, heard {command:?}");
        if !say(&mut stream, &answer, &tag).await {
            return heard;
        }
    }
}

/// Says it; false where the connection ends with it.
async fn say(stream: &mut BufReader<DuplexStream>, answer: &str, tag: &str) -> bool {
    let (text, goes_on) = answer.strip_suffix(EOF).map_or((answer, true), |text| (text, false));
    let text = text.replace('%', tag).replace('\n', "\r\n");
    stream.write_all(text.as_bytes()).await.is_ok() && goes_on
}
