//! A certificate authority of the test's own, made with the `openssl` command.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The files of an authority and of one server certificate that it signed.
pub struct Authority {
    pub ca: PathBuf,
    pub certificate: PathBuf,
    pub key: PathBuf,
}

impl Authority {
    /// Makes an authority and a certificate for the subject alternative names `names`, "DNS:localhost".
    pub fn create(directory: &Path, names: &str) -> Self {
        let file = |name: &str| directory.join(name);
        let text = |name: &str| file(name).display().to_string();
        std::fs::write(file("names"), format!("subjectAltName={names}\nbasicConstraints=CA:FALSE\n")).unwrap();
        let ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
        openssl(
            &["req", "-x509", "-days", "3", "-subj", "/CN=Test authority"],
            &ec,
            &["-keyout", &text("ca.key"), "-out", &text("ca.pem")],
        );
        openssl(&["req", "-subj", "/CN=mail"], &ec, &["-keyout", &text("mail.key"), "-out", &text("mail.csr")]);
        openssl(
            &["x509", "-req", "-days", "3", "-CAcreateserial"],
            &["-CA", &text("ca.pem"), "-CAkey", &text("ca.key"), "-extfile", &text("names")],
            &["-in", &text("mail.csr"), "-out", &text("mail.pem")],
        );
        Self { ca: file("ca.pem"), certificate: file("mail.pem"), key: file("mail.key") }
    }
}

fn openssl(first: &[&str], then: &[&str], last: &[&str]) {
    let arguments = first.iter().chain(then).chain(last);
    let status = Command::new("openssl").args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(status.expect("openssl is installed").success(), "openssl {first:?}");
}
