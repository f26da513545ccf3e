//! From an endpoint to a signed-in conversation: connect, TLS, greeting, EHLO, AUTH.
//!
//! Everything that fails here is a fault of the account or the network. No mail is in sight yet, so none can be
//! blamed, whatever the code says (535 is "permanent").

use super::{Leftover, Offer, SmtpConnection, tls, wire};
use crate::outbox::sender::{Mechanism as Choice, OutboundFault, Security, SmtpAuth, SmtpEndpoint, riddle};
use data_encoding::BASE64;
use lettre::transport::smtp::{
    authentication::{Credentials, Mechanism},
    commands::{Auth, Ehlo, Starttls},
    extension::{ClientId, Extension, ServerInfo},
    response::{Response, Severity},
};
use secrecy::ExposeSecret;
use std::net::SocketAddr;
use tokio::{
    net::{TcpStream, lookup_host},
    time::timeout,
};
use wire::{Phase, Stream, Wire, WireFault, line_of};

const LATER: &str = "Letters wait; if it stays like this ask whoever runs the relay.";

pub(super) async fn open(endpoint: &SmtpEndpoint) -> Result<SmtpConnection, OutboundFault> {
    let tcp = Box::new(connect(endpoint).await?);
    match endpoint.security {
        Security::Tls => converse(endpoint, protect(endpoint, tcp).await?).await,
        Security::StartTlsRequired => converse(endpoint, upgrade(endpoint, tcp).await?).await,
        Security::PlainLoopback => converse(endpoint, Wire::new(tcp)).await,
    }
}

/// On a conversation whose greeting may still be to come: signs in and hands it over.
async fn converse(endpoint: &SmtpEndpoint, mut wire: Wire) -> Result<SmtpConnection, OutboundFault> {
    if endpoint.security != Security::StartTlsRequired {
        greeting(endpoint, &mut wire).await?;
    }
    let hello = hello(endpoint, &mut wire).await?;
    if let Some(auth) = &endpoint.auth {
        sign_in(endpoint, auth, &hello, &mut wire).await?;
    }
    Ok(SmtpConnection {
        wire: Some(wire),
        offer: offer_of(&hello),
        leftover: Leftover::Nothing,
        place: place(endpoint),
    })
}

/// The same over a pipe of a test.
#[cfg(test)]
pub(super) async fn converse_over(
    endpoint: &SmtpEndpoint,
    stream: impl Stream + 'static,
) -> Result<SmtpConnection, OutboundFault> {
    let stream = Box::new(stream);
    match endpoint.security {
        Security::PlainLoopback => converse(endpoint, Wire::new(stream)).await,
        Security::StartTlsRequired => converse(endpoint, upgrade(endpoint, stream).await?).await,
        Security::Tls => converse(endpoint, protect(endpoint, stream).await?).await,
    }
}

fn place(endpoint: &SmtpEndpoint) -> String {
    format!("{}:{}", endpoint.host, endpoint.port)
}

async fn connect(endpoint: &SmtpEndpoint) -> Result<TcpStream, OutboundFault> {
    let place = place(endpoint);
    let unreachable = |why: String| OutboundFault::Unreachable { place: place.clone(), why };
    let limit = Phase::Connect.limit();
    let names = timeout(limit, lookup_host(&place)).await;
    let names = names.map_err(|_| unreachable("no answer from DNS".to_owned()))?;
    let addresses: Vec<SocketAddr> = names.map_err(|why| unreachable(why.to_string()))?.collect();
    if endpoint.security == Security::PlainLoopback && !addresses.iter().all(|address| address.ip().is_loopback()) {
        return Err(OutboundFault::NotLoopback { place });
    }
    let mut last = "the name has no address".to_owned();
    for address in addresses {
        match timeout(limit, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return undelayed(stream).map_err(|why| unreachable(why.to_string())),
            Ok(Err(why)) => last = format!("{address}: {why}"),
            Err(_) => last = format!("{address}: no answer within {} s", limit.as_secs()),
        }
    }
    Err(unreachable(last))
}

/// Without this every final dot waits 40 ms for the acknowledgement of the text before it.
fn undelayed(stream: TcpStream) -> std::io::Result<TcpStream> {
    stream.set_nodelay(true)?;
    Ok(stream)
}

async fn protect(endpoint: &SmtpEndpoint, stream: Box<dyn Stream>) -> Result<Wire, OutboundFault> {
    let fault = |why: String| OutboundFault::Tls { place: place(endpoint), why, remedy: tls::REMEDY };
    let handshake = tls::protect(stream, &endpoint.host, endpoint.ca_file.as_deref());
    match timeout(Phase::Handshake.limit(), handshake).await {
        Ok(Ok(stream)) => Ok(Wire::new(Box::new(stream))),
        Ok(Err(why)) => Err(fault(why)),
        Err(_) => Err(fault(WireFault::silent(Phase::Handshake).to_string())),
    }
}

/// `STARTTLS` (RFC 3207). What the server said before is forgotten, and what it says in clear afterwards is an
/// attack.
async fn upgrade(endpoint: &SmtpEndpoint, stream: Box<dyn Stream>) -> Result<Wire, OutboundFault> {
    let fault = |why: String, remedy: &'static str| OutboundFault::Tls { place: place(endpoint), why, remedy };
    let mut wire = Wire::new(stream);
    greeting(endpoint, &mut wire).await?;
    let hello = hello(endpoint, &mut wire).await?;
    if !ServerInfo::from_response(&hello).is_ok_and(|info| info.supports_feature(Extension::StartTls)) {
        let remedy =
            "Use the submission port 587, or smtps:// on 465; something between may also be removing the offer.";
        return Err(fault("it does not offer STARTTLS".to_owned(), remedy));
    }
    let answer = wire.ask(Phase::StartTls, Starttls).await.map_err(|why| fault(why.to_string(), LATER))?;
    if !answer.has_code(220) {
        return Err(fault(line_of(&answer), LATER));
    }
    let stream =
        wire.into_stream().map_err(|why| fault(why.to_string(), "Somebody interferes with the connection."))?;
    protect(endpoint, stream).await
}

async fn greeting(endpoint: &SmtpEndpoint, wire: &mut Wire) -> Result<(), OutboundFault> {
    expect(endpoint, wire.answer(Phase::Greeting).await, 220).map(drop)
}

async fn hello(endpoint: &SmtpEndpoint, wire: &mut Wire) -> Result<Response, OutboundFault> {
    let name = endpoint.hello_name.clone().map_or_else(ClientId::default, ClientId::Domain);
    expect(endpoint, wire.ask(Phase::Hello, Ehlo::new(name)).await, 250)
}

fn expect(endpoint: &SmtpEndpoint, answer: Result<Response, WireFault>, code: u16) -> Result<Response, OutboundFault> {
    let fault = |why: String, remedy| OutboundFault::Greeting { place: place(endpoint), why, remedy };
    let answer = answer.map_err(|why| fault(why.to_string(), LATER))?;
    if answer.has_code(code) {
        return Ok(answer);
    }
    let said = line_of(&answer);
    let remedy = match answer.code().severity {
        Severity::PermanentNegativeCompletion => {
            "The relay must list this server, or outbound.hello_name must suit it."
        }
        Severity::TransientNegativeCompletion | Severity::PositiveCompletion | Severity::PositiveIntermediate => LATER,
    };
    Err(fault(said, remedy))
}

/// The extensions in an answer to EHLO that lettre's `ServerInfo` leaves out, and those that it has. Keywords
/// are without regard to case (RFC 5321 4.1.1.1).
fn offer_of(hello: &Response) -> Offer {
    let mut offer = Offer::default();
    for line in hello.message().skip(1) {
        let mut words = line.split_whitespace();
        let keyword = words.next().unwrap_or_default().to_ascii_uppercase();
        match keyword.as_str() {
            "SIZE" => offer.size = Some(words.next().and_then(|limit| limit.parse().ok()).unwrap_or(0)),
            "DSN" => offer.dsn = true,
            "PIPELINING" => offer.pipelining = true,
            "8BITMIME" => offer.eight_bit = true,
            "SMTPUTF8" => offer.utf8 = true,
            _ => {}
        }
    }
    offer
}

async fn sign_in(
    endpoint: &SmtpEndpoint,
    auth: &SmtpAuth,
    hello: &Response,
    wire: &mut Wire,
) -> Result<(), OutboundFault> {
    let fault = |why: String, remedy: &'static str| OutboundFault::SignIn {
        place: place(endpoint),
        user: auth.user.clone(),
        why,
        remedy,
    };
    let offered = ServerInfo::from_response(hello).map_err(|why| fault(why.to_string(), LATER))?;
    let Some(mechanism) = offered.get_auth_mechanism(candidates(auth.mechanism)) else {
        let remedy = "Look at its AUTH line: SMTP AUTH may be switched off, or offered only under TLS or on port 587.";
        return Err(fault(format!("it does not offer {:?}", auth.mechanism), remedy));
    };
    let credentials = Credentials::new(auth.user.clone(), auth.secret.expose_secret().to_owned());
    let said = present(wire, mechanism, &credentials).await.map_err(|why| fault(why.to_string(), LATER))?;
    match said {
        Said::Welcome => Ok(()),
        Said::No(why) => {
            let remedy = riddle::sign_in(&why);
            Err(fault(why, remedy))
        }
    }
}

fn candidates(choice: Choice) -> &'static [Mechanism] {
    match choice {
        Choice::Plain => &[Mechanism::Plain, Mechanism::Login],
        Choice::Login => &[Mechanism::Login, Mechanism::Plain],
        Choice::XOAuth2 => &[Mechanism::Xoauth2],
    }
}

/// How a sign-in ended.
enum Said {
    Welcome,
    No(String),
}

/// AUTH (RFC 4954). The reason of a refused token stands only in a challenge, which wants an empty line before
/// the refusal itself comes.
async fn present(wire: &mut Wire, mechanism: Mechanism, credentials: &Credentials) -> Result<Said, WireFault> {
    let garbled = |why: lettre::transport::smtp::Error| WireFault::garbled(Phase::SignIn, why.to_string());
    let auth = Auth::new(mechanism, credentials.clone(), None).map_err(garbled)?;
    let mut answer = wire.ask(Phase::SignIn, auth).await?;
    let mut hint = None;
    // LOGIN asks for two things, XOAUTH2 explains itself once.
    for _ in 0..2 {
        if !answer.has_code(334) {
            break;
        }
        answer = match mechanism {
            Mechanism::Login => {
                let next = Auth::new_from_response(mechanism, credentials.clone(), &answer).map_err(garbled)?;
                wire.ask(Phase::SignIn, next).await?
            }
            Mechanism::Xoauth2 | Mechanism::Plain => {
                hint = answer.first_word().and_then(decoded);
                wire.ask(Phase::SignIn, "\r\n").await?
            }
        };
    }
    if answer.has_code(235) {
        return Ok(Said::Welcome);
    }
    let said = line_of(&answer);
    Ok(Said::No(hint.map_or(said.clone(), |hint| format!("{said} {hint}"))))
}

fn decoded(challenge: &str) -> Option<String> {
    let bytes = BASE64.decode(challenge.as_bytes()).ok()?;
    String::from_utf8(bytes).ok().map(|text| text.chars().filter(|c| !c.is_control()).collect())
}
