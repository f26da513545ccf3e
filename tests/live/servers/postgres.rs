//! A PostgreSQL cluster of its own, which a test may stop and start. It refuses root and so runs as its own user.

use super::free_port;
use std::os::unix::fs::chown;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::{fs, os::unix::fs::PermissionsExt};
use tempfile::TempDir;

/// A running cluster; ends with this value.
pub struct Postgres {
    folder: TempDir,
    port: u16,
}

impl Postgres {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let owner = |which: &str| -> u32 {
            let done = Command::new("id").args([which, "postgres"]).output().unwrap();
            String::from_utf8_lossy(&done.stdout).trim().parse().expect("PostgreSQL is installed: tests/run does it")
        };
        chown(folder.path(), Some(owner("-u")), Some(owner("-g"))).unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
        let cluster = Self { folder, port: free_port() };
        cluster.run("initdb", &["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]);
        cluster.start_again();
        cluster
    }

    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Ends it and every connection at once, as an upgrade by the operators does.
    pub fn stop(&self) {
        self.run("pg_ctl", &["stop", "-w", "-m", "fast"]);
    }

    pub fn start_again(&self) {
        let folder = self.folder.path().display();
        let options = format!("-p {} -k {folder} -c listen_addresses=127.0.0.1", self.port);
        self.run("pg_ctl", &["start", "-w", "-l", &format!("{folder}/log"), "-o", &options]);
    }

    /// Sends a signal by name to the server and everything that it has started: "STOP" and it hears but does not answer.
    pub fn signal(&self, name: &str) {
        let file = fs::read_to_string(self.folder.path().join("cluster/postmaster.pid")).unwrap();
        let server = file.lines().next().unwrap().to_owned();
        let mut all = vec![server.clone()];
        for entry in fs::read_dir("/proc").unwrap().flatten() {
            let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
            // Behind the name in brackets: state and parent.
            let parent = stat.rsplit(") ").next().and_then(|rest| rest.split(' ').nth(1));
            if parent == Some(server.as_str()) {
                all.push(entry.file_name().into_string().unwrap());
            }
        }
        let done = Command::new("kill").arg(format!("-{name}")).args(&all).status().unwrap();
        assert!(done.success(), "kill -{name}");
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let done = self.try_run(program, arguments);
        let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        assert!(done.status.success(), "{program} {arguments:?}: {}\n{log}", String::from_utf8_lossy(&done.stderr));
    }

    fn try_run(&self, program: &str, arguments: &[&str]) -> Output {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(programs().join(program)).args(arguments);
        // pg_ctl leaves the server its standard output, so a pipe would never end.
        let silent = fs::File::options().create(true).append(true).open(self.folder.path().join("said")).unwrap();
        command.arg("-D").arg(self.folder.path().join("cluster")).current_dir("/").stdout(silent).output().unwrap()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.try_run("pg_ctl", &["stop", "-w", "-m", "immediate"]));
    }
}

fn programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL is installed: tests/run does it");
    versions.map(|entry| entry.unwrap().path().join("bin")).max().unwrap()
}
