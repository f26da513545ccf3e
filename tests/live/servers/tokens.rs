//! A token endpoint, in clear or under TLS, and an HTTP proxy that leads to it.

use super::authority::Authority;
use super::dovecot::{USER, access_token};
use super::free_port;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// How the endpoint answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// With a token.
    Gives,
    /// The client secret has expired.
    Dead,
    /// "Come back in two minutes."
    Throttles,
    /// With a token that opens another mailbox.
    OfSomebodyElse,
}

/// A running endpoint; its threads end with the test.
#[derive(Clone)]
pub struct TokenEndpoint {
    pub port: u16,
    mood: Arc<Mutex<Mood>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl TokenEndpoint {
    /// In clear, or under TLS with the certificate of an authority.
    pub fn start(authority: Option<&Authority>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let endpoint = Self { port, mood: Arc::new(Mutex::new(Mood::Gives)), asked: Arc::default() };
        let (tls, answering) = (authority.map(server_config), endpoint.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                match &tls {
                    None => answering.answer(stream),
                    Some(tls) => {
                        let connection = ServerConnection::new(Arc::clone(tls)).unwrap();
                        answering.answer(StreamOwned::new(connection, stream));
                    }
                }
            }
        });
        endpoint
    }

    pub fn set(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// The forms that were posted.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// One request, one answer. A handshake that fails is the client's affair.
    fn answer(&self, stream: impl Read + Write) {
        let mut reader = BufReader::new(stream);
        let mut length = 0;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut form = vec![0; length];
        reader.read_exact(&mut form).unwrap();
        self.asked.lock().unwrap().push(String::from_utf8(form).unwrap());
        let (status, more, body) = said(*self.mood.lock().unwrap());
        let head = format!("HTTP/1.1 {status}\r\n{more}Content-Type: application/json\r\nConnection: close\r\n");
        let answer = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
        let stream = reader.get_mut();
        drop(stream.write_all(answer.as_bytes()).and_then(|()| stream.flush()));
    }
}

fn said(mood: Mood) -> (&'static str, &'static str, String) {
    let given = |user: &str| {
        let token = access_token(user, 4_000_000_000);
        format!(r#"{{"token_type":"Bearer","expires_in":3599,"access_token":"{token}"}}"#)
    };
    match mood {
        Mood::Gives => ("200 OK", "", given(USER)),
        Mood::OfSomebodyElse => ("200 OK", "", given("other@council.example")),
        Mood::Throttles => ("429 Too Many Requests", "Retry-After: 120\r\n", "{}".to_owned()),
        Mood::Dead => {
            let why = "AADSTS7000222: The provided client secret keys for app 'followups' are expired.";
            let body = format!(r#"{{"error":"invalid_client","error_description":"{why}\r\nTrace ID: 0"}}"#);
            ("401 Unauthorized", "", body.replace('\r', "\\r").replace('\n', "\\n"))
        }
    }
}

fn server_config(authority: &Authority) -> Arc<ServerConfig> {
    let chain = CertificateDer::pem_file_iter(&authority.certificate).unwrap().map(Result::unwrap).collect();
    let key = PrivateKeyDer::from_pem_file(&authority.key).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    Arc::new(builder.with_no_client_auth().with_single_cert(chain, key).unwrap())
}

/// A proxy that leads wherever CONNECT names, and counts.
pub struct HttpProxy {
    pub port: u16,
    led: Arc<AtomicUsize>,
}

impl HttpProxy {
    pub fn start() -> Self {
        let port = free_port();
        let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
        let led = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&led);
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if lead(client) {
                    counted.fetch_add(1, Ordering::Relaxed);
                }
            }
        });
        Self { port, led }
    }

    /// How many connections it has led on.
    pub fn led(&self) -> usize {
        self.led.load(Ordering::Relaxed)
    }
}

fn lead(mut client: TcpStream) -> bool {
    let mut reader = BufReader::new(client.try_clone().unwrap());
    let mut first = String::new();
    reader.read_line(&mut first).unwrap();
    let mut line = String::new();
    while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
        line.clear();
    }
    let Some(target) = first.strip_prefix("CONNECT ").and_then(|rest| rest.split(' ').next()) else { return false };
    let server = TcpStream::connect(target.replace("localhost", "127.0.0.1")).unwrap();
    client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").unwrap();
    for (mut from, mut to) in
        [(client.try_clone().unwrap(), server.try_clone().unwrap()), (server.try_clone().unwrap(), client)]
    {
        std::thread::spawn(move || {
            drop(std::io::copy(&mut from, &mut to));
            drop(to.shutdown(Shutdown::Write));
        });
    }
    true
}
