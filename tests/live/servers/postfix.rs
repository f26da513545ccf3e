//! A Postfix of its own: configuration, queue and certificates in a temporary folder, high ports on loopback.
//! The instance of the system is neither started nor touched.
//!
//! Either a relay alone, or the post office of a whole authority: then it also carries mail to the service's mailbox.

use super::{Personality, free_port, wait_for_port};
use std::{
    collections::BTreeSet,
    fs,
    net::TcpStream,
    os::unix::fs::{PermissionsExt, chown},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::Duration,
};
use tempfile::TempDir;

/// The largest mail that the relay takes, in bytes.
pub const SIZE_LIMIT: u64 = 2_000_000;

/// Who has a mailbox at `nhs.example`.
const PEOPLE: [&str; 6] = ["ann", "big", "eve", "lee", "gone", "later"];

/// Carries mail for [`PEOPLE`] at `nhs.example` into Maildirs; refuses `gone@`, asks to come back for `later@`.
pub struct Postfix {
    folder: TempDir,
    /// Speaks in clear and offers STARTTLS.
    pub port: u16,
    /// Speaks TLS from the first byte.
    pub tls_port: u16,
    office: Option<PostOffice>,
}

/// What makes the relay the post office of an authority.
pub struct PostOffice {
    /// Mail to this address, and to its plus addresses, goes on by LMTP.
    pub service: &'static str,
    /// Where the service's mailbox takes mail.
    pub lmtp: u16,
    /// Where it asks whether somebody may sign in (Dovecot).
    pub auth: u16,
    /// Everybody else with a mailbox: whole addresses.
    pub people: &'static [&'static str],
    /// The server that writes into each mail, in an Authentication-Results header, that its sender is proved.
    pub authserv_id: &'static str,
    /// Whose peculiarities it has.
    pub personality: Personality,
    /// Further lines of `main.cf`.
    pub more: &'static str,
}

const OFFICE: &str = "recipient_delimiter = +
transport_maps = inline:{ { {SERVICE} = lmtp:inet:127.0.0.1:{LMTP} } }
header_checks = regexp:{T}/header_checks
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{AUTH}
queue_run_delay = 2s
minimal_backoff_time = 2s
maximal_backoff_time = 4s
";

/// A few mails in a few seconds, then "come back later".
const EXCHANGE: &str = "always_add_missing_headers = yes
smtpd_sender_restrictions = check_sender_access regexp:{T}/senders
smtpd_client_event_limit_exceptions =
smtpd_client_message_rate_limit = 3
anvil_rate_time_unit = 2s
";

const MAIN: &str = "compatibility_level = 3.6
queue_directory = {T}/queue
data_directory = {T}/data
maillog_file = {T}/log
maillog_file_prefixes = {T}
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = relay.council.example
mydestination =
mynetworks = 127.0.0.0/8
local_recipient_maps =
alias_maps =
message_size_limit = {SIZE}
virtual_mailbox_domains = {DOMAINS}
virtual_mailbox_base = {T}/mail
virtual_mailbox_maps = texthash:{T}/mailboxes
virtual_minimum_uid = 1
virtual_uid_maps = static:{UID}
virtual_gid_maps = static:{GID}
smtpd_recipient_restrictions = check_recipient_access texthash:{T}/access, permit_mynetworks, reject
smtpd_tls_security_level = may
smtpd_tls_chain_files = {T}/relay.key, {T}/relay.pem
smtpd_client_connection_count_limit = 0
";

/// Nothing runs in a chroot, as the folder holds no libraries.
const MASTER: &str = "127.0.0.1:{PORT} inet n - n - - smtpd
127.0.0.1:{TLS_PORT} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
lmtp unix - - n - - lmtp
";

impl Postfix {
    /// Starts it and waits until it listens.
    pub fn start() -> Self {
        Self::start_as(None)
    }

    /// Starts the post office of an authority.
    pub fn start_office(office: PostOffice) -> Self {
        Self::start_as(Some(office))
    }

    fn start_as(office: Option<PostOffice>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let postfix = Self { port: free_port(), tls_port: free_port(), folder, office };
        postfix.configure();
        postfix.control("start");
        wait_for_port(postfix.port);
        wait_for_port(postfix.tls_port);
        postfix
    }

    /// Starts it again after [`Postfix::kill`].
    pub fn start_again(&self) {
        self.control("start");
        wait_for_port(self.port);
    }

    /// Ends it at once, conversations included. The command itself does not wait for that.
    pub fn kill(&self) {
        self.control("abort");
        // Every process of it that speaks SMTP holds the port.
        super::wait_until("Postfix is gone", || {
            TcpStream::connect(("127.0.0.1", self.port)).is_err() && !self.try_control("status").status.success()
        });
    }

    /// The certificate of the authority that vouches for it under the name `localhost`.
    pub fn ca_file(&self) -> PathBuf {
        self.path().join("ca.pem")
    }

    /// The folder to which mail for somebody is delivered: a user of `nhs.example`, or a whole address of a post office.
    pub fn mailbox(&self, user: &str) -> PathBuf {
        self.path().join("mail").join(user).join("new")
    }

    /// Every mail that was delivered to `user@nhs.example`, with LF for line ends as Maildirs have it.
    pub fn delivered(&self, user: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.mailbox(user)) else { return Vec::new() };
        entries.map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap()).collect()
    }

    /// Waits until that many mails have been delivered to `user@nhs.example`.
    pub async fn delivers(&self, user: &str, count: usize) -> Vec<String> {
        let mut ticks = tokio::time::interval(Duration::from_millis(20));
        for _ in 0..1500 {
            let mails = self.delivered(user);
            if mails.len() >= count {
                return mails;
            }
            ticks.tick().await;
        }
        panic!("{} of {count} mails for {user}; log:\n{}", self.delivered(user).len(), self.log());
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.path().join("log")).unwrap_or_default()
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn configure(&self) {
        let (uid, gid) = (id_of("-u"), id_of("-g"));
        fs::set_permissions(self.path(), fs::Permissions::from_mode(0o755)).unwrap();
        for (folder, owner) in [("conf", 0), ("queue", 0), ("data", uid), ("mail", uid)] {
            fs::create_dir(self.path().join(folder)).unwrap();
            chown(self.path().join(folder), Some(owner), None).unwrap();
        }
        let fill = |text: &str| {
            [
                ("{T}", self.path().display().to_string()),
                ("{SIZE}", SIZE_LIMIT.to_string()),
                ("{DOMAINS}", domains_of(self.office.as_ref())),
                ("{UID}", uid.to_string()),
                ("{GID}", gid.to_string()),
                ("{PORT}", self.port.to_string()),
                ("{TLS_PORT}", self.tls_port.to_string()),
            ]
            .iter()
            .fold(text.to_owned(), |text, (key, value)| text.replace(key, value))
        };
        let write = |name: &str, text: &str| fs::write(self.path().join(name), fill(text)).unwrap();
        let office = self.office.as_ref().map(settings_of).unwrap_or_default();
        write("conf/main.cf", &(MAIN.to_owned() + &office));
        write("conf/master.cf", MASTER);
        // The delivery agent takes no patterns, for fear of names that lead elsewhere.
        let mut mailboxes = PEOPLE.map(|user| format!("{user}@nhs.example {user}/\n")).concat();
        if let Some(office) = &self.office {
            mailboxes.extend(office.people.iter().chain([&office.service]).map(|who| format!("{who} {who}/\n")));
            write("header_checks", &header_checks(office));
            write(
                "senders",
                "/\\+.*@council\\.example/ 550 5.7.60 SMTP; Client does not have permissions to send as this sender\n",
            );
        }
        write("mailboxes", &mailboxes);
        write("access", "gone@nhs.example 550 5.1.1 No such person\nlater@nhs.example 450 4.2.0 Greylisted\n");
        certify(self.path());
    }

    fn try_control(&self, verb: &str) -> Output {
        let done = Command::new("postfix").arg("-c").arg(self.path().join("conf")).arg(verb).output();
        done.expect("Postfix is not installed: start the live tests with tests/run")
    }

    fn control(&self, verb: &str) {
        let done = self.try_control(verb);
        assert!(done.status.success(), "postfix {verb}: {}\n{}", String::from_utf8_lossy(&done.stderr), self.log());
    }
}

fn settings_of(office: &PostOffice) -> String {
    OFFICE
        .replace("{SERVICE}", office.service)
        .replace("{LMTP}", &office.lmtp.to_string())
        .replace("{AUTH}", &office.auth.to_string())
        + match office.personality {
            Personality::Plain => "",
            Personality::Exchange => EXCHANGE,
        }
        + office.more
}

fn domains_of(office: Option<&PostOffice>) -> String {
    let addresses = office.iter().flat_map(|office| office.people.iter().chain([&office.service]));
    let domains: BTreeSet<&str> = addresses.filter_map(|who| who.split('@').nth(1)).chain(["nhs.example"]).collect();
    Vec::from_iter(domains).join(" ")
}

/// Stands in for the filter that proves senders in front of a real mailbox; who is forged there comes by LMTP here.
/// What stands in a mail when it has been carried.
fn header_checks(office: &PostOffice) -> String {
    match office.personality {
        Personality::Plain => proof_of_senders(office.authserv_id),
        Personality::Exchange => "/^Message-ID:\\s*<(ltr|check)-/ IGNORE\n\
             /^From:.*@council\\.example>?$/ PREPEND X-MS-Exchange-Organization-AuthAs: Internal\n\
             /^From:.*@([-a-z.]+)>?$/ PREPEND Authentication-Results: dmarc=pass action=none header.from=$1\n"
            .to_owned(),
    }
}

fn proof_of_senders(authserv_id: &str) -> String {
    format!("/^From:.*@([-a-z.]+)>?$/ PREPEND Authentication-Results: {authserv_id}; dmarc=pass header.from=$1\n")
}

impl Drop for Postfix {
    fn drop(&mut self) {
        // Fails when a test has killed it, which is as good.
        drop(self.try_control("abort"));
    }
}

/// Takes every mail and forgets it: for measuring.
pub struct Sink {
    child: Child,
    /// Speaks in clear.
    pub port: u16,
}

impl Sink {
    /// Starts Postfix' `smtp-sink` as an ordinary user.
    pub fn start() -> Self {
        let port = free_port();
        let mut command = Command::new("smtp-sink");
        command.args(["-u", "postfix", &format!("127.0.0.1:{port}"), "100"]).stdout(Stdio::null());
        let child = command.spawn().expect("Postfix is not installed: start the live tests with tests/run");
        wait_for_port(port);
        Self { child, port }
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// An authority, and a certificate of it for `localhost`; a server certificate that signs itself is refused.
fn certify(folder: &Path) {
    let openssl = |arguments: &str| {
        let done = Command::new("openssl").args(arguments.split(' ')).current_dir(folder).output().unwrap();
        assert!(done.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&done.stderr));
    };
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30";
    openssl(&format!("req -x509 {key} -subj /CN=Test-CA -keyout ca.key -out ca.pem"));
    openssl(&format!(
        "req -x509 {key} -subj /CN=localhost -CA ca.pem -CAkey ca.key -addext subjectAltName=DNS:localhost \
         -addext basicConstraints=critical,CA:FALSE -keyout relay.key -out relay.pem"
    ));
}

fn id_of(which: &str) -> u32 {
    let done = Command::new("id").args([which, "postfix"]).output().unwrap();
    String::from_utf8_lossy(&done.stdout)
        .trim()
        .parse()
        .expect("no user 'postfix': start the live tests with tests/run")
}
