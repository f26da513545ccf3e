//! Tests of the configuration as operators meet it: whole files in, settings or messages out.

mod broken;
mod effects;
mod mutated;
mod night;
mod reference;
mod retired;
mod valid;

use super::{Fault, Settings, load};
use std::path::{Path, PathBuf};

/// A folder with the files of a configuration.
struct Office {
    folder: tempfile::TempDir,
}

/// A configuration of few keys that holds.
const GOOD: &str = r#"
[authority]
name = "Example County Council"
[mailbox]
url = "imaps://followups%40council.example@mail.council.example/INBOX"
[outbound]
url = "smtp://followups%40council.example@mail.council.example:587?tls=required"
shadow_to = "sam@council.example"
[secrets]
token_key = { env = "TOKEN_KEY" }
mailbox_password = { env = "MAIL_PASSWORD" }
outbound_password = { env = "MAIL_PASSWORD" }
[security]
authserv_ids = ["mail.council.example"]
[alerts]
to = ["operators@council.example"]
[[coordinator]]
name = "Ann Lee"
address = "ann.lee@council.example"
[[send_manager]]
name = "Sam Okoro"
address = "sam@council.example"
[[service]]
name = "Community Paediatrics"
domains = ["trust.example"]
fallback_manager = "lead@trust.example"
"#;

impl Office {
    fn with(main: &str) -> Self {
        let office = Self { folder: tempfile::tempdir().unwrap() };
        office.write("followupd.toml", main);
        office
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    fn load_with(&self, variables: &[(&str, &str)]) -> Result<(Settings, Vec<Fault>), Vec<Fault>> {
        let secrets = [
            ("TOKEN_KEY", "0123456789abcdef0123456789abcdef"),
            ("FOLLOWUPD_TOKEN_KEY", "0123456789abcdef0123456789abcdef"),
            ("MAIL_PASSWORD", "hunter2"),
        ];
        let environment =
            secrets.iter().chain(variables).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        load(Some(&self.folder.path().join("followupd.toml")), environment)
    }

    fn settings(&self, variables: &[(&str, &str)]) -> Settings {
        match self.load_with(variables) {
            Ok((settings, _)) => settings,
            Err(faults) => panic!("{}", self.told(&faults)),
        }
    }

    /// The messages, with the folder's name left out.
    fn told(&self, faults: &[Fault]) -> String {
        let folder = format!("{}/", self.folder.path().display());
        faults.iter().map(|fault| fault.to_string().replace(&folder, "config/")).collect::<Vec<_>>().join("\n")
    }

    fn messages(&self) -> String {
        match self.load_with(&[]) {
            Ok((_, warnings)) => self.told(&warnings),
            Err(faults) => self.told(&faults),
        }
    }
}

/// A file of the folder `config` that is shipped.
fn shipped(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("config").join(name)).unwrap()
}
