//! TLS for the mailbox: rustls with ring, the authorities of the operating system and, where configured, a private one.

use super::MailboxError;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::path::Path;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Shakes hands as a client; the certificate has to be valid and to name `host`.
///
/// The caller sets the time limit. `at` is host and port, for errors.
pub(super) async fn protect<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    host: &str,
    at: &str,
    ca_file: Option<&Path>,
) -> Result<TlsStream<S>, MailboxError> {
    let unsafe_here = |text: String| MailboxError::Tls { at: at.to_owned(), text };
    let name = ServerName::try_from(host.to_owned())
        .map_err(|_| unsafe_here(format!("\"{host}\" is no host name that a certificate can name")))?;
    let config = client_config(ca_file).map_err(unsafe_here)?;
    TlsConnector::from(Arc::new(config)).connect(name, stream).await.map_err(|error| {
        unsafe_here(format!(
            "{error}; the certificate has to be current, to name {host}, and to come from an authority that this \
             machine or network.ca_file trusts"
        ))
    })
}

/// TLS as a client: the authorities of the system and, where given, those of a PEM file.
///
/// # Errors
/// What is wrong, in words for an operator.
pub fn client_config(ca_file: Option<&Path>) -> Result<ClientConfig, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| error.to_string())?;
    Ok(builder.with_root_certificates(authorities(ca_file)?).with_no_client_auth())
}

fn authorities(ca_file: Option<&Path>) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    // A single certificate of the system that rustls cannot read must not shut out the others.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(path) = ca_file {
        add_private(&mut roots, path).map_err(|text| format!("cannot use the CA file {}: {text}", path.display()))?;
    }
    if roots.is_empty() {
        return Err("this machine trusts no authority; install ca-certificates or name network.ca_file".to_owned());
    }
    Ok(roots)
}

fn add_private(roots: &mut RootCertStore, path: &Path) -> Result<(), String> {
    let before = roots.len();
    for certificate in CertificateDer::pem_file_iter(path).map_err(|error| error.to_string())? {
        roots.add(certificate.map_err(|error| error.to_string())?).map_err(|error| error.to_string())?;
    }
    if roots.len() == before { Err("no certificate in it".to_owned()) } else { Ok(()) }
}
