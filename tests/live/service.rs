//! The built program as a child of the test: its configuration, its folder, its life and its death.

use crate::servers::{clock::Clock, wait_until};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use tempfile::TempDir;

/// A followupd with a folder of its own; ends with this value.
pub struct Service {
    folder: TempDir,
    clock: Option<Clock>,
    child: Option<Child>,
    notify: Option<PathBuf>,
}

impl Service {
    /// Sets one up with this configuration, in which `{HERE}` is its folder; secrets are files of it.
    pub fn set_up(configuration: &str, secrets: &[(&str, &str)], clock: Option<&Clock>) -> Self {
        let service = Self { folder: tempfile::tempdir().unwrap(), clock: clock.cloned(), child: None, notify: None };
        service.configure(configuration);
        for (name, secret) in secrets {
            service.keep_secret(name, secret);
        }
        service
    }

    /// Writes the configuration anew; a running service sees it after [`Service::signal`].
    pub fn configure(&self, configuration: &str) {
        let text = configuration.replace("{HERE}", &self.path().display().to_string());
        fs::write(self.main_file(), text).unwrap();
    }

    pub fn keep_secret(&self, name: &str, secret: &str) {
        let file = self.path().join(name);
        fs::write(&file, secret).unwrap();
        fs::set_permissions(file, fs::Permissions::from_mode(0o600)).unwrap();
    }

    /// Where it tells systemd how it is, from its next start on.
    pub fn give_notify_socket(&mut self, socket: &Path) {
        self.notify = Some(socket.to_owned());
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn main_file(&self) -> PathBuf {
        self.path().join("followupd.toml")
    }

    pub fn start(&mut self) {
        assert!(self.child.is_none(), "it runs already");
        let log = fs::File::options().create(true).append(true).open(self.log_file()).unwrap();
        let mut command = self.program();
        command
            .arg("run")
            .envs(self.notify.iter().map(|socket| ("NOTIFY_SOCKET", socket)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log);
        self.child = Some(command.spawn().unwrap());
    }

    /// Starts it and waits until it says that it runs.
    pub fn start_and_wait(&mut self) {
        let said = self.log().matches("followupd is running").count();
        self.start();
        wait_until("the service runs, or has ended", || {
            self.log().matches("followupd is running").count() > said || !self.lives()
        });
        assert!(self.lives(), "it ended at its start");
    }

    fn lives(&self) -> bool {
        let state = fs::read_to_string(format!("/proc/{}/stat", self.pid())).unwrap_or_default();
        !state.is_empty() && !state.contains(") Z ")
    }

    /// Sends a signal by name: "HUP".
    pub fn signal(&self, name: &str) {
        let done = Command::new("kill").args([&format!("-{name}"), &self.pid().to_string()]).status().unwrap();
        assert!(done.success(), "kill -{name}");
    }

    /// SIGTERM, and how it ended.
    pub fn stop(&mut self) -> ExitStatus {
        self.signal("TERM");
        self.child.take().unwrap().wait().unwrap()
    }

    /// SIGKILL.
    pub fn kill(&mut self) {
        let mut child = self.child.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// How it ended, when it has ended by itself.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.as_mut().unwrap().try_wait().unwrap()
    }

    pub fn pid(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    /// Runs another subcommand beside it, on the same clock.
    pub fn ask(&self, arguments: &[&str]) -> Output {
        self.program().args(arguments).output().unwrap()
    }

    /// Exit code and standard output of another subcommand.
    pub fn answer(&self, arguments: &[&str]) -> (i32, String) {
        let done = self.ask(arguments);
        (done.status.code().unwrap_or(-1), String::from_utf8_lossy(&done.stdout).into_owned())
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    /// Waits until its log holds a text.
    pub fn says(&self, text: &str) {
        wait_until(&format!("the log says {text:?}"), || self.log().contains(text));
    }

    /// A number of kB from /proc: "VmRSS:".
    pub fn memory(&self, field: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(field)).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// CPU time that it has used, in hundredths of a second.
    pub fn cpu_ticks(&self) -> u64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.pid())).unwrap();
        let (_, fields) = stat.rsplit_once(") ").unwrap();
        fields.split(' ').skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap()).sum()
    }

    /// How many files and connections it holds open.
    pub fn open_files(&self) -> usize {
        fs::read_dir(format!("/proc/{}/fd", self.pid())).unwrap().count()
    }

    fn log_file(&self) -> PathBuf {
        self.path().join("log")
    }

    fn program(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_followupd"));
        command.arg("--config").arg(self.main_file()).current_dir(self.path());
        // Colours would stand between the words.
        command.env("NO_COLOR", "1").env_remove("NOTIFY_SOCKET");
        if let Some(clock) = &self.clock {
            command.envs(clock.environment());
        }
        command
    }
}

/// Logs hold no address of people and no name: looked at after every story of this suite.
fn names_nobody(log: &str) {
    let names = ["Cora Lane", "Sam Okoro", "Dr Lee", "Kit Moss", "Mo Head", "Robin", "therapy", "Logged:"];
    for person in crate::world::PEOPLE.iter().chain(&names) {
        let line = log.lines().find(|line| line.contains(person));
        assert!(line.is_none(), "the log names {person}: {}", line.unwrap_or_default());
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            drop(child.kill());
            drop(child.wait());
        }
        if std::thread::panicking() {
            println!("{}", self.log());
        } else {
            names_nobody(&self.log());
        }
    }
}
