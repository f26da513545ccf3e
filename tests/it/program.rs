//! The built program, run as a person or a script runs it. Asserts nothing itself.

use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What came of a call.
pub struct Answered {
    pub status: i32,
    pub out: String,
    pub errors: String,
}

/// Runs it in an empty folder's sight only: no configuration of the machine or of its user counts.
pub fn run(folder: &Path, args: &[&str]) -> Answered {
    let mut command = Command::new(env!("CARGO_BIN_EXE_followupd"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("FOLLOWUPD")) {
        command.env_remove(name);
    }
    let output = command.current_dir(folder).args(args).output().unwrap();
    Answered {
        status: output.status.code().expect("the program ends by itself"),
        out: String::from_utf8(output.stdout).expect("the output is UTF-8"),
        errors: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// The names of an object's fields.
pub fn fields(value: &Value) -> BTreeSet<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

/// Where the corpus stands; says so when it is absent.
#[allow(clippy::print_stdout, reason = "a test that is not run says so")]
pub fn shared() -> Option<PathBuf> {
    let root = std::env::var_os("FOLLOWUPD_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    if !root.is_dir() {
        println!("not run: ../shared is absent");
        return None;
    }
    Some(root)
}
