//! Dovecot 2.3 with one mailbox, IMAP on two ports and LMTP to deliver to it.

use super::authority::Authority;
use super::clock::Clock;
use super::{free_port, wait_for_port, wait_patiently, wait_until};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

pub const USER: &str = "office@council.example";
pub const PASSWORD: &str = "a long pässword \"with\" \\ everything";

const TOKEN_KEY: &[u8] = b"a key of the test's own, thirty-two bytes or more";

/// The account that owns the mail when Dovecot is run by root, which may not own any.
const NOBODY: u32 = 65_534;

/// A running Dovecot; ends with this value.
pub struct Dovecot {
    directory: TempDir,
    /// Plain IMAP, with STARTTLS unless switched off.
    pub imap: u16,
    /// IMAP over TLS.
    pub imaps: u16,
    pub lmtp: u16,
    /// Where a Postfix asks whether somebody may sign in.
    pub auth: u16,
    pub ca: PathBuf,
    process: Child,
    clock: Option<Clock>,
}

const ON_A_CLOCK: &str = "import_environment = $import_environment LD_PRELOAD FAKETIME_TIMESTAMP_FILE FAKETIME_NO_CACHE \
                          DONT_FAKE_MONOTONIC\nmail_location = sdbox:~/sdbox\n";

impl Dovecot {
    pub fn start() -> Self {
        Self::start_with("")
    }

    /// Starts with further lines of configuration.
    pub fn start_with(extra: &str) -> Self {
        Self::start_as(extra, None)
    }

    /// Starts with a clock that the test moves. INTERNALDATE follows it, for this mail format writes the time down
    /// itself; a Maildir takes it from the file, which the kernel dates.
    pub fn start_on(clock: &Clock) -> Self {
        Self::start_as(ON_A_CLOCK, Some(clock.clone()))
    }

    /// The same as Exchange Online offers itself: no CONDSTORE, no QRESYNC.
    pub fn start_like_exchange(clock: &Clock) -> Self {
        let offered = "imap_capability = IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE ID UNSELECT CHILDREN \
                       IDLE NAMESPACE LITERAL+\n";
        Self::start_as(&(ON_A_CLOCK.to_owned() + offered), Some(clock.clone()))
    }

    fn start_as(extra: &str, clock: Option<Clock>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let authority = Authority::create(directory.path(), "DNS:localhost,IP:127.0.0.1");
        let ports @ [imap, imaps, lmtp, auth] = std::array::from_fn(|_| free_port());
        let text = configuration(directory.path(), &authority, ports) + extra;
        fs::write(directory.path().join("dovecot.conf"), text).unwrap();
        fs::write(directory.path().join("users"), format!("{USER}:{{PLAIN}}{PASSWORD}\n")).unwrap();
        set_up_tokens(directory.path());
        give_to_nobody(directory.path());
        let process = run(directory.path(), clock.as_ref());
        let server = Self { directory, imap, imaps, lmtp, auth, ca: authority.ca, process, clock };
        server.wait_until_ready();
        server
    }

    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Ends the server and every connection; the mail stays.
    pub fn stop(&mut self) {
        let _stopped = self.tool("doveadm", &["stop"]);
        let _ended = self.process.wait();
        // What it had started may hold its ports for some seconds more, and answer there.
        wait_patiently(60, "its ports are free", || {
            [self.imap, self.imaps, self.lmtp, self.auth]
                .iter()
                .all(|&port| TcpListener::bind(("127.0.0.1", port)).is_ok())
        });
    }

    /// Starts it again on the same ports.
    pub fn start_again(&mut self) {
        self.process = run(self.directory.path(), self.clock.as_ref());
        self.wait_until_ready();
    }

    /// Runs `doveadm` with this server's configuration.
    pub fn doveadm(&self, arguments: &[&str]) -> String {
        let (success, text) = self.tool("doveadm", arguments);
        assert!(success, "doveadm {arguments:?}: {text}");
        text
    }

    /// The same, where it may fail: a folder that is not there yet.
    pub fn try_doveadm(&self, arguments: &[&str]) -> Option<String> {
        let (success, text) = self.tool("doveadm", arguments);
        success.then_some(text)
    }

    /// Delivers mails over one LMTP connection; each is the whole text with any line ends.
    pub fn deliver(&self, mails: impl IntoIterator<Item = String>) {
        let stream = TcpStream::connect(("127.0.0.1", self.lmtp)).unwrap();
        stream.set_nodelay(true).unwrap();
        let mut lmtp = Lmtp(BufReader::new(stream));
        lmtp.expect("220");
        lmtp.say("LHLO localhost\r\n", "250");
        for mail in mails {
            let envelope = format!("MAIL FROM:<sender@school.example>\r\nRCPT TO:<{USER}>\r\nDATA\r\n");
            lmtp.0.get_mut().write_all(envelope.as_bytes()).unwrap();
            ["250", "250", "354"].iter().for_each(|code| lmtp.expect(code));
            let stuffed = mail.replace("\r\n", "\n").replace("\n.", "\n..").replace('\n', "\r\n");
            lmtp.say(&format!("{}\r\n.\r\n", stuffed.trim_end_matches("\r\n")), "250");
        }
        lmtp.say("QUIT\r\n", "221");
    }

    /// Puts mails into the INBOX as files, which is a hundred times faster than delivery.
    pub fn place(&self, mails: impl IntoIterator<Item = String>) {
        let home = self.path().join("mail").join(USER);
        for (number, mail) in mails.into_iter().enumerate() {
            let new = home.join("new");
            if number == 0 {
                for path in [&home, &new, &home.join("cur"), &home.join("tmp")] {
                    fs::create_dir_all(path).unwrap();
                    give_away(path);
                }
            }
            let file = new.join(format!("{}.placed", 1_700_000_000 + number));
            fs::write(&file, mail).unwrap();
            give_away(&file);
        }
    }

    /// Names of the mail files below a Maildir folder, flags and all.
    pub fn mail_files(&self, folder: &str) -> Vec<String> {
        let folder = self.path().join("mail").join(USER).join(folder);
        let listed = ["new", "cur"].iter().flat_map(|part| fs::read_dir(folder.join(part)).into_iter().flatten());
        listed.map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
    }

    fn wait_until_ready(&self) {
        [self.imap, self.lmtp].into_iter().for_each(wait_for_port);
        wait_until("Dovecot greets", || {
            let Ok(stream) = TcpStream::connect(("127.0.0.1", self.imap)) else { return false };
            let mut greeting = String::new();
            BufReader::new(stream).read_line(&mut greeting).is_ok() && greeting.starts_with("* OK")
        });
    }

    fn tool(&self, program: &str, arguments: &[&str]) -> (bool, String) {
        let config = self.directory.path().join("dovecot.conf");
        let output = Command::new(program).arg("-c").arg(config).args(arguments).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        (output.status.success(), text)
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("{}", fs::read_to_string(self.directory.path().join("dovecot.log")).unwrap_or_default());
        }
        self.stop();
        let _killed = self.process.kill();
        if std::thread::panicking() {
            println!("{}", fs::read_to_string(self.directory.path().join("dovecot.log")).unwrap_or_default());
        }
    }
}

/// Dovecot checks access tokens by itself, with a key from `<prefix>/default/<algorithm>/<key id>`.
fn set_up_tokens(directory: &Path) {
    let here = directory.display();
    let keys = directory.join("keys/default/HS256");
    fs::create_dir_all(&keys).unwrap();
    fs::write(keys.join("default"), BASE64.encode(TOKEN_KEY)).unwrap();
    let text = format!(
        "introspection_mode = local\nlocal_validation_key_dict = fs:posix:prefix={here}/keys/\n\
         username_attribute = email\n"
    );
    fs::write(directory.join("oauth2.conf"), text).unwrap();
}

/// A JSON Web Token (RFC 7519) that lets this user in until this time (seconds since 1970).
pub fn access_token(user: &str, expires: u64) -> String {
    let part = |json: &str| BASE64URL_NOPAD.encode(json.as_bytes());
    let header = part(r#"{"alg":"HS256","typ":"JWT"}"#);
    let claims = part(&format!(r#"{{"sub":"app","email":"{user}","iat":1700000000,"exp":{expires},"scope":"mail"}}"#));
    let mut mac = Hmac::<Sha256>::new_from_slice(TOKEN_KEY).unwrap();
    mac.update(format!("{header}.{claims}").as_bytes());
    format!("{header}.{claims}.{}", BASE64URL_NOPAD.encode(&mac.finalize().into_bytes()))
}

struct Lmtp(BufReader<TcpStream>);

impl Lmtp {
    fn say(&mut self, text: &str, code: &str) {
        self.0.get_mut().write_all(text.as_bytes()).unwrap();
        self.expect(code);
    }

    fn expect(&mut self, code: &str) {
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line).unwrap();
            assert!(line.starts_with(code), "LMTP expected {code}, heard {line}");
            if line.as_bytes().get(3) == Some(&b' ') {
                return;
            }
        }
    }
}

fn run(directory: &Path, clock: Option<&Clock>) -> Child {
    let mut command = Command::new("dovecot");
    if let Some(clock) = clock {
        command.envs(clock.environment());
    }
    command.arg("-F").arg("-c").arg(directory.join("dovecot.conf"));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("dovecot is installed")
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

fn give_to_nobody(directory: &Path) {
    fs::create_dir(directory.join("mail")).unwrap();
    fs::set_permissions(directory, fs::Permissions::from_mode(0o755)).unwrap();
    give_away(&directory.join("mail"));
}

fn give_away(path: &Path) {
    if is_root() {
        chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
    }
}

/// As root Dovecot keeps its packaged users; without root every process runs as the user of the test.
fn configuration(directory: &Path, authority: &Authority, [imap, imaps, lmtp, auth]: [u16; 4]) -> String {
    let here = directory.display();
    let (certificate, key) = (authority.certificate.display(), authority.key.display());
    let (users, owner) = match is_root() {
        true => (String::new(), (NOBODY, NOBODY)),
        false => {
            let (name, group) = (id("-un"), id("-gn"));
            let text = format!(
                "default_internal_user = {name}\ndefault_internal_group = {group}\ndefault_login_user = {name}\n\
                 service anvil {{\n chroot =\n}}\n"
            );
            (text, (id("-u").parse().unwrap(), id("-g").parse().unwrap()))
        }
    };
    format!(
        r#"
base_dir = {here}/run
state_dir = {here}/state
log_path = {here}/dovecot.log
# The first delivery and the first sign-in to a fresh account wait for each other over this index, and one of them dies.
mailbox_list_index = no
protocols = imap lmtp
listen = 127.0.0.1
mail_location = maildir:{here}/mail/%u
first_valid_uid = 1
first_valid_gid = 1
{users}
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
auth_mechanisms = plain login xoauth2
auth_failure_delay = 0
passdb {{
  driver = passwd-file
  args = {here}/users
  mechanisms = plain login
}}
passdb {{
  driver = oauth2
  args = {here}/oauth2.conf
  mechanisms = xoauth2
}}
userdb {{
  driver = static
  args = uid={} gid={} home={here}/mail/%u allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  separator = .
}}
service imap-login {{
  chroot =
  process_min_avail = 1
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service auth {{
  inet_listener {{
    port = {auth}
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
"#,
        owner.0, owner.1
    )
}

fn id(argument: &str) -> String {
    let output = Command::new("id").arg(argument).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
