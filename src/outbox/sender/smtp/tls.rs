//! TLS to a relay: rustls with ring, the roots of the system and those that operators add. Never unverified.

use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use std::{path::Path, sync::Arc};
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::wire::Stream;

pub(super) const REMEDY: &str =
    "The certificate must be valid for the host in outbound.url; name a CA of your own in network.ca_file.";

/// Shakes hands with a server that must prove to be `host`.
///
/// # Errors
/// What was wrong, in words for an operator.
pub(super) async fn protect(
    stream: Box<dyn Stream>,
    host: &str,
    ca_file: Option<&Path>,
) -> Result<TlsStream<Box<dyn Stream>>, String> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let name = ServerName::try_from(bare.to_owned()).map_err(|_| format!("'{host}' is no host name"))?;
    let connector = TlsConnector::from(Arc::new(client(roots(ca_file)?)?));
    connector.connect(name, stream).await.map_err(|why| why.to_string())
}

fn client(roots: RootCertStore) -> Result<ClientConfig, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|why| why.to_string())?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

/// Read afresh for each connection, so that a renewed CA needs no restart.
fn roots(ca_file: Option<&Path>) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let Some(path) = ca_file else { return Ok(roots) };
    let unreadable = |why: String| format!("the CA file {} cannot be used: {why}", path.display());
    let before = roots.len();
    for certificate in CertificateDer::pem_file_iter(path).map_err(|why| unreadable(why.to_string()))? {
        let certificate = certificate.map_err(|why| unreadable(why.to_string()))?;
        roots.add(certificate).map_err(|why| unreadable(why.to_string()))?;
    }
    if roots.len() == before { Err(unreadable("it holds no certificate".to_owned())) } else { Ok(roots) }
}
