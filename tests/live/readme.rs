//! The commands of deploy/README.md, carried out as they stand in a fresh folder.

use crate::servers::wait_patiently;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The blocks of commands under a heading, in order.
fn commands(heading: &str) -> Vec<String> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/README.md")).unwrap();
    let section = text.split(&format!("\n## {heading}\n")).nth(1).unwrap_or_else(|| panic!("no heading {heading}"));
    let section = section.split("\n## ").next().unwrap();
    section.split("```sh\n").skip(1).map(|block| block.split("```").next().unwrap().to_owned()).collect()
}

/// The shell that carries the commands out. It ends what it has left in the background when it ends itself.
struct Shell(Child);

impl Drop for Shell {
    fn drop(&mut self) {
        // By its own id alone: `kill` of Debian 12 reads the id of a group wrongly and ends every process.
        drop(Command::new("kill").arg("-TERM").arg(self.0.id().to_string()).status());
        drop(self.0.wait());
    }
}

#[test]
fn the_way_with_a_maildir_leads_to_a_tracked_reply_and_a_backup() {
    let folder = tempfile::tempdir().unwrap();
    let blocks = commands("A Maildir on one machine");
    assert_eq!(blocks.len(), 5, "set up, start, ask, answer, look");
    let until = |what: &str| format!("for n in $(seq 200); do {what} && break; sleep 0.1; done\n");
    let look = commands("Backup, restore, upgrade").remove(0);
    let script = [
        "set -e\ntrap 'exit 1' TERM\ntrap 'kill $(jobs -p) 2>/dev/null; wait' EXIT\n",
        &blocks[0],
        &blocks[1],
        &until("grep -q 'followupd is running' log"),
        "sleep 1\n",
        &blocks[2],
        &until("followupd status | grep -q open"),
        &blocks[3],
        &until("followupd status | grep -q received"),
        &blocks[4],
        &look,
        "test \"$(stat -c %a today.bak)\" = 600\ntouch done\n",
    ]
    .concat();
    let programs = Path::new(env!("CARGO_BIN_EXE_followupd")).parent().unwrap();
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
    let said = fs::File::create(folder.path().join("said")).unwrap();
    let mut command = Command::new("bash");
    command.args(["-c", &script]).current_dir(folder.path()).env("PATH", path).env("NO_COLOR", "1");
    command.env_remove("FOLLOWUPD_CONFIG").stdin(Stdio::null()).stderr(said.try_clone().unwrap()).stdout(said);
    let shell = Shell(command.spawn().unwrap());
    let told = || fs::read_to_string(folder.path().join("said")).unwrap_or_default();
    wait_patiently(90, "every command is done", || folder.path().join("try/done").exists());
    drop(shell);
    let told = told();
    println!("{told}");
    assert!(told.contains("no fault, no warning") || told.contains("no fault"), "{told}");
    assert!(told.contains("dr.lee@trust.example") && told.contains("received"), "{told}");
    let sent = folder.path().join("try/sent/ann.lee@council.example/new");
    assert!(fs::read_dir(sent).unwrap().count() >= 1, "the co-ordinator was told");
}

#[test]
fn every_file_that_the_manual_names_is_shipped() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for manual in ["deploy/README.md", "deploy/DATA.md", "Cargo.toml"] {
        let text = fs::read_to_string(root.join(manual)).unwrap();
        let names = text.split(['`', ' ', '"', '\n', '(', ')']).filter(|word| {
            (word.starts_with("deploy/") || word.starts_with("config/")) && word.contains('.') && !word.ends_with('/')
        });
        for name in names.map(|name| name.trim_end_matches([',', ';', '.'])) {
            assert!(root.join(name).exists(), "{manual} names {name}");
        }
    }
}
