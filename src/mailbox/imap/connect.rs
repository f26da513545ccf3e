//! From a configured address to a signed-in session: TCP, TLS, greeting. Sends nothing before the connection is safe.

use super::super::{ImapEndpoint, MailboxError, Security, tls};
use super::command::Command;
use super::line::{Line, Stream};
use super::{Session, capabilities, sign_in};
use socket2::{SockRef, TcpKeepalive};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

/// A connection of any kind.
pub type Wire = Box<dyn Stream>;

/// For each of: name, TCP, TLS.
const CONNECT_WITHIN: Duration = Duration::from_secs(30);
/// A peer that answers no probe for so long is gone; many firewalls forget a quiet connection after five minutes.
const DEAD_AFTER: Duration = Duration::from_secs(90);

/// Connects and signs in.
pub async fn open(endpoint: &ImapEndpoint) -> Result<Session<Wire>, MailboxError> {
    let at = format!("{}:{}", endpoint.host, endpoint.port);
    let tcp = connect(endpoint, &at).await?;
    let mut line = match endpoint.security {
        Security::PlainLoopback => greeted(Box::new(tcp)).await?,
        Security::Tls => greeted(protect(tcp, endpoint, &at).await?).await?,
        Security::StartTls => start_tls(tcp, endpoint, &at).await?,
    };
    sign_in::sign_in(&mut line, &endpoint.user, &endpoint.auth).await?;
    tracing::debug!(host = %endpoint.host, "Signed in to the mailbox");
    Session::new(line).await.map_err(|error| sign_in::unmask(error, &endpoint.user))
}

async fn greeted(wire: Wire) -> Result<Line<Wire>, MailboxError> {
    let mut line = Line::new(wire);
    line.greeting().await?;
    Ok(line)
}

/// After STARTTLS there is no second greeting, and nothing that was said before it counts (RFC 3501 6.2.1).
async fn start_tls(tcp: TcpStream, endpoint: &ImapEndpoint, at: &str) -> Result<Line<Wire>, MailboxError> {
    let mut plain = Line::new(tcp);
    plain.greeting().await?;
    if !capabilities(&mut plain).await?.contains("STARTTLS") {
        let text = "it does not offer STARTTLS on this port; use imaps:// and port 993".to_owned();
        return Err(MailboxError::Tls { at: at.to_owned(), text });
    }
    plain.run(Command::new("STARTTLS"), |_| ()).await?;
    Ok(Line::new(protect(plain.into_stream(), endpoint, at).await?))
}

async fn protect(tcp: TcpStream, endpoint: &ImapEndpoint, at: &str) -> Result<Wire, MailboxError> {
    let handshake = tls::protect(tcp, &endpoint.host, at, endpoint.ca_file.as_deref());
    match timeout(CONNECT_WITHIN, handshake).await {
        Ok(stream) => Ok(Box::new(stream?)),
        Err(_) => Err(MailboxError::TimedOut { command: "the TLS handshake".to_owned(), limit: CONNECT_WITHIN }),
    }
}

/// Tries each address of the host in turn; without TLS only an address of this machine itself.
async fn connect(endpoint: &ImapEndpoint, at: &str) -> Result<TcpStream, MailboxError> {
    let unreachable = |text: String| MailboxError::Unreachable { at: at.to_owned(), text };
    let looked_up = timeout(CONNECT_WITHIN, lookup_host((endpoint.host.as_str(), endpoint.port))).await;
    let addresses: Vec<SocketAddr> = match looked_up {
        Ok(Ok(addresses)) => addresses.collect(),
        Ok(Err(error)) => return Err(unreachable(error.to_string())),
        Err(_) => return Err(unreachable("its name is not resolved in time".to_owned())),
    };
    let is_local = addresses.iter().all(|address| address.ip().is_loopback());
    if endpoint.security == Security::PlainLoopback && !is_local {
        let text = "imap:// without TLS is only for this machine itself; use imaps://, or starttls".to_owned();
        return Err(MailboxError::Tls { at: at.to_owned(), text });
    }
    let mut last = "its name has no address".to_owned();
    for address in addresses {
        match timeout(CONNECT_WITHIN, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                tune(&stream).map_err(|error| unreachable(error.to_string()))?;
                return Ok(stream);
            }
            Ok(Err(error)) => last = error.to_string(),
            Err(_) => last = "no answer".to_owned(),
        }
    }
    Err(unreachable(last))
}

/// No delay for small commands, and a dead peer is noticed during IDLE, when nobody writes.
fn tune(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let socket = SockRef::from(stream);
    let probes = TcpKeepalive::new().with_time(Duration::from_secs(60)).with_interval(Duration::from_secs(10));
    socket.set_tcp_keepalive(&probes.with_retries(3))?;
    #[cfg(target_os = "linux")]
    socket.set_tcp_user_timeout(Some(DEAD_AFTER))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::super::{Credentials, ImapEndpoint, MailboxError, Security};

    #[tokio::test]
    async fn without_tls_only_this_machine_is_connected_to() {
        let endpoint = ImapEndpoint {
            host: "192.0.2.1".to_owned(),
            port: 143,
            security: Security::PlainLoopback,
            user: "office@council.example".to_owned(),
            auth: Credentials::Password("pass word".to_owned().into()),
            ca_file: None,
        };
        let error = super::open(&endpoint).await.unwrap_err();
        assert!(matches!(error, MailboxError::Tls { .. }) && error.to_string().contains("imaps://"), "{error}");
        assert!(!format!("{endpoint:?}").contains("pass word"));
    }
}
