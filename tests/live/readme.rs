//! The commands of deploy/README.md, carried out as they stand in a fresh folder.

use crate::servers::clock::real_now;
use crate::servers::dovecot::{Dovecot, PASSWORD, USER};
use crate::servers::postfix::{PostOffice, Postfix};
use crate::servers::{Personality, holds_within, wait_patiently};
use crate::world::{ADVICE, FIXED};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The blocks of commands under a heading, in order.
fn commands(heading: &str) -> Vec<String> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/README.md")).unwrap();
    let section = text.split(&format!("\n## {heading}\n")).nth(1).unwrap_or_else(|| panic!("no heading {heading}"));
    let section = section.split("\n## ").next().unwrap();
    let blocks = section.split("```sh\n").skip(1).map(|block| block.split("```").next().unwrap());
    // Those of a list are indented.
    blocks
        .map(|block| block.lines().map(|line| line.strip_prefix("   ").unwrap_or(line).to_owned() + "\n").collect())
        .collect()
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

/// What the second way finds on the machine: an `/etc`, `/var/lib` and `/usr/local` that are this test's own, the program
/// where the manual installs it, and, in the place of a systemd, a shell that starts what the unit names as its user.
const MACHINE: &str = r#"
set -eu
trap 'exit 1' TERM
trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT
for part in etc var/lib usr/local; do
    mkdir -p "$HERE/layers/$part/upper" "$HERE/layers/$part/work"
    mount -t overlay overlay -o "lowerdir=/$part,upperdir=$HERE/layers/$part/upper,workdir=$HERE/layers/$part/work" "/$part"
done
install "$PROGRAM" /usr/local/bin/followupd
mkdir -p /etc/systemd/system
systemctl() {
    case "$1" in
        daemon-reload) ;;
        enable) start_unit /etc/systemd/system/followupd.service ;;
        *) return 1 ;;
    esac
}
start_unit() {
    local unit=$1 credential
    mkdir "$HERE/credentials"
    for credential in $(sed -n 's/^LoadCredential=//p' "$unit"); do
        install -m 0400 -o followupd "${credential#*:}" "$HERE/credentials/${credential%%:*}"
    done
    chown followupd "$HERE/credentials"
    cd "$(sed -n 's/^WorkingDirectory=//p' "$unit")"
    env -i PATH="$PATH" NO_COLOR=1 CREDENTIALS_DIRECTORY="$HERE/credentials" \
        setpriv --reuid "$(sed -n 's/^User=//p' "$unit")" --regid "$(sed -n 's/^Group=//p' "$unit")" --clear-groups \
        $(sed -n 's/^ExecStart=//p' "$unit") 2>"$HERE/log" &
}
cd "$REPOSITORY"
"#;

#[test]
fn the_way_with_dovecot_and_postfix_leads_to_a_tracked_reply() {
    let own = Command::new("unshare").args(["--mount", "--propagation", "private", "true"]).status();
    if !own.is_ok_and(|status| status.success()) {
        println!("not run: this machine gives nobody a file system of their own (unshare)");
        return;
    }
    let (mailbox, folder) = (Dovecot::start(), tempfile::tempdir().unwrap());
    let post = post_office(&mailbox);
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o711)).unwrap();
    let blocks = commands("Dovecot and Postfix, or any IMAP and SMTP server");
    let [user, configuration, checks, start, look] = blocks.try_into().expect("five blocks");
    let script = [
        MACHINE,
        &user.replace("'the password'", &format!("'{PASSWORD}'")),
        &configuration,
        &filled_in(&mailbox, &post),
        &checks,
        "cd \"$REPOSITORY\"\n",
        &start,
        "cd /\nfor n in $(seq 300); do [ -e \"$HERE/answered\" ] && break; sleep 0.2; done\n",
        "cd /var/lib/followupd\n",
        "for n in $(seq 200); do runuser -u followupd -- followupd status | grep -q received && break; sleep 0.2; done\n",
        &look,
        "touch \"$HERE/done\"\n",
    ]
    .concat();
    let said = fs::File::create(folder.path().join("said")).unwrap();
    let mut command = Command::new("unshare");
    command.args(["--mount", "--propagation", "private", "bash", "-c", &script]);
    command.env("HERE", folder.path()).env("PROGRAM", env!("CARGO_BIN_EXE_followupd"));
    command.env("REPOSITORY", env!("CARGO_MANIFEST_DIR")).env("NO_COLOR", "1").env_remove("FOLLOWUPD_CONFIG");
    command.stdin(Stdio::null()).stderr(said.try_clone().unwrap()).stdout(said);
    let shell = Shell(command.spawn().unwrap());
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap_or_default();
    let told = || format!("{}\n{}\n{}", read("said"), read("log"), post.log());
    let runs = || read("log").contains("followupd is running");
    assert!(holds_within(120, runs), "it does not run: {}", told());
    let filed = |id: &str| {
        let found = ["search", "-u", USER, "mailbox", "Processed", "header", "Message-ID", id];
        mailbox.try_doveadm(&found).is_some_and(|found| !found.trim().is_empty())
    };
    mailbox.deliver([mail(
        "ann.lee@council.example",
        "1@council.example",
        "",
        "EHC-2026-0412. How often is therapy to be given?",
    )]);
    wait_patiently(60, "the request is taken in", || filed("1@council.example"));
    let thread = "In-Reply-To: <1@council.example>\n";
    mailbox.deliver([mail("dr.lee@trust.example", "2@trust.example", thread, ADVICE)]);
    wait_patiently(60, "the answer is taken in", || filed("2@trust.example"));
    fs::write(folder.path().join("answered"), "").unwrap();
    assert!(holds_within(60, || folder.path().join("done").exists()), "{}", told());
    drop(shell);
    println!("{}", read("said"));
    let said = read("said");
    assert!(said.contains("ok: the token address arrived") && said.contains("ok: the own copy arrived"), "{said}");
    assert!(said.contains("follow-ups received: 1"), "{said}");
}

fn post_office(mailbox: &Dovecot) -> Postfix {
    Postfix::start_office(PostOffice {
        service: USER,
        lmtp: mailbox.lmtp,
        auth: mailbox.auth,
        people: &["ann.lee@council.example", "send.manager@council.example", "operators@council.example"],
        authserv_id: "mail.council.example",
        personality: Personality::Plain,
        more: "",
    })
}

/// What is filled in: the servers of this test, and an adviser; the invented people of the starter are taken as they are.
fn filled_in(mailbox: &Dovecot, post: &Postfix) -> String {
    let account = USER.replace('@', "%40");
    format!(
        "sed -i -e 's|^url = \"imaps://.*|url = \"imap://{account}@127.0.0.1:{}/INBOX\"|' \
         -e 's|^url = \"smtp://.*|url = \"smtp://127.0.0.1:{}\"\\nfrom = \"{USER}\"|' /etc/followupd/followupd.toml\n\
         printf '%s\\n' '[[service.adviser]]' 'name = \"Dr Lee\"' 'address = \"dr.lee@trust.example\"' \
         'managers = [\"mo.head@trust.example\"]' >>/etc/followupd/followupd.toml\n",
        mailbox.imap, post.port
    )
}

fn mail(from: &str, id: &str, thread: &str, text: &str) -> String {
    let domain = from.split('@').nth(1).unwrap();
    format!(
        "Authentication-Results: mail.council.example; dmarc=pass header.from={domain}\nFrom: {from}\n\
         To: dr.lee@trust.example, ann.lee@council.example, {USER}\nSubject: {FIXED}\nDate: {}\nMessage-ID: <{id}>\n\
         {thread}\n{text}\n",
        real_now().to_rfc2822()
    )
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
