//! The IMAP source against a real Dovecot.

use crate::servers::dovecot::{Dovecot, PASSWORD, USER, access_token};
use followupd::mailbox::{
    BatchLimits, Credentials, HEAD_BYTES, ImapEndpoint, MailboxEndpoint, MailboxError, Security, Source, Wholeness,
    Woken,
};
use std::time::Duration;

const LONG: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(200);

fn endpoint(server: &Dovecot, security: Security) -> ImapEndpoint {
    ImapEndpoint {
        host: "localhost".to_owned(),
        port: if security == Security::Tls { server.imaps } else { server.imap },
        security,
        user: USER.to_owned(),
        auth: Credentials::Password(PASSWORD.to_owned().into()),
        ca_file: Some(server.ca.clone()),
    }
}

async fn try_open(endpoint: ImapEndpoint) -> Result<Source, MailboxError> {
    Source::open(&MailboxEndpoint::Imap(endpoint)).await
}

async fn open(server: &Dovecot) -> Source {
    try_open(endpoint(server, Security::PlainLoopback)).await.unwrap()
}

fn letter(number: u32) -> String {
    format!(
        "From: sender@school.example\nTo: {USER}\nSubject: Letter {number}\nMessage-ID: <{number}@school.example>\n\nBody {number}\n"
    )
}

async fn bodies(source: &mut Source, folder: &str, after: u32) -> Vec<(u32, String)> {
    let batch = source.batch(folder, after, &BatchLimits::default()).await.unwrap();
    let last_line = |raw: Vec<u8>| String::from_utf8(raw).unwrap().trim_end().rsplit("\r\n").next().unwrap().to_owned();
    batch.mails.into_iter().map(|mail| (mail.uid, last_line(mail.raw))).collect()
}

fn body(uid: u32, text: &str) -> (u32, String) {
    (uid, text.to_owned())
}

#[tokio::test]
async fn mail_is_read_over_every_kind_of_connection_and_never_marked() {
    let server = Dovecot::start();
    server.deliver([letter(1), letter(2)]);
    for security in [Security::Tls, Security::StartTls, Security::PlainLoopback] {
        let mut source = try_open(endpoint(&server, security)).await.unwrap();
        let state = source.folder("INBOX").await.unwrap();
        assert_eq!((state.exists, state.uid_next), (2, 3));
        assert_eq!(bodies(&mut source, "INBOX", 0).await, [body(1, "Body 1"), body(2, "Body 2")], "{security:?}");
        assert_eq!(bodies(&mut source, "INBOX", 1).await, [body(2, "Body 2")]);
        assert_eq!(bodies(&mut source, "INBOX", 2).await, []);
        assert_eq!(source.uids("INBOX").await.unwrap(), [1, 2]);
        source.close().await;
    }
    let names = server.mail_files("");
    assert!(names.iter().all(|name| !name.rsplit(',').next().unwrap().contains('S')), "{names:?}");
}

#[tokio::test]
async fn a_certificate_that_nobody_trusts_is_refused() {
    let server = Dovecot::start();
    let other = Dovecot::start();
    for security in [Security::Tls, Security::StartTls] {
        let untrusted = ImapEndpoint { ca_file: None, ..endpoint(&server, security) };
        let foreign = ImapEndpoint { ca_file: Some(other.ca.clone()), ..endpoint(&server, security) };
        for (why, endpoint) in [("untrusted", untrusted), ("foreign", foreign)] {
            let error = try_open(endpoint).await.unwrap_err();
            assert!(matches!(error, MailboxError::Tls { .. }), "{why}: {error}");
        }
    }
    let numbered = ImapEndpoint { host: "127.0.0.1".to_owned(), ..endpoint(&server, Security::Tls) };
    try_open(numbered).await.unwrap();
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused() {
    let mut server = Dovecot::start();
    server.stop();
    let authority = crate::servers::authority::Authority::create(server.path(), "DNS:mail.elsewhere.example");
    server.start_again();
    let mut endpoint = endpoint(&server, Security::Tls);
    endpoint.ca_file = Some(authority.ca);
    let error = try_open(endpoint).await.unwrap_err();
    assert!(matches!(error, MailboxError::Tls { .. }) && error.to_string().contains("localhost"), "{error}");
}

#[tokio::test]
async fn a_server_without_starttls_gets_no_password() {
    let server = Dovecot::start_with("ssl = no\n");
    let error = try_open(endpoint(&server, Security::StartTls)).await.unwrap_err();
    assert!(error.to_string().contains("STARTTLS"), "{error}");
}

#[tokio::test]
async fn a_wrong_password_is_a_sign_in_error() {
    let server = Dovecot::start();
    let mut wrong = endpoint(&server, Security::Tls);
    wrong.auth = Credentials::Password("wrong".to_owned().into());
    let error = try_open(wrong).await.unwrap_err();
    assert!(error.is_sign_in() && !error.to_string().contains("wrong"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn new_mail_ends_the_wait() {
    for extra in ["", "imap_capability = IMAP4rev1 UIDPLUS\n"] {
        let server = Dovecot::start_with(extra);
        let mut source = open(&server).await;
        assert_eq!(source.wait("INBOX", SHORT).await.unwrap(), Woken::TimedOut);
        assert_eq!(source.wait("INBOX", SHORT).await.unwrap(), Woken::TimedOut);
        let limit = if extra.is_empty() { LONG } else { Duration::from_secs(2) };
        let (woken, ()) = tokio::join!(source.wait("INBOX", limit), async {
            tokio::task::block_in_place(|| server.deliver([letter(1)]));
        });
        assert_eq!(woken.unwrap(), Woken::Changed, "{extra:?}");
        assert_eq!(bodies(&mut source, "INBOX", 0).await, [body(1, "Body 1")]);
        assert_eq!(source.wait("INBOX", SHORT).await.unwrap(), Woken::TimedOut);
    }
}

#[tokio::test]
async fn a_token_signs_in_and_an_old_one_is_explained() {
    let server = Dovecot::start();
    let with =
        |token: String| ImapEndpoint { auth: Credentials::XOAuth2(token.into()), ..endpoint(&server, Security::Tls) };
    let mut source = try_open(with(access_token(USER, 4_000_000_000))).await.unwrap();
    assert_eq!(source.folder("INBOX").await.unwrap().exists, 0);
    let old = access_token(USER, 1_700_000_001);
    let error = try_open(with(old.clone())).await.unwrap_err();
    assert!(error.is_sign_in() && error.to_string().contains("[oauth2]"), "{error}");
    assert!(error.to_string().contains("status") && !error.to_string().contains(&old), "{error}");
    assert!(try_open(with(access_token("other@council.example", 4_000_000_000))).await.unwrap_err().is_sign_in());
}

#[tokio::test]
async fn filing_moves_only_what_was_named_with_and_without_move() {
    for extra in ["", "imap_capability = IMAP4rev1 UIDPLUS IDLE\n", "imap_capability = IMAP4rev1 IDLE\n"] {
        let server = Dovecot::start_with(extra);
        server.deliver((1..=4).map(letter));
        let mut source = open(&server).await;
        source.file_into("INBOX", &[1, 3], "Triage/Überprüft").await.unwrap();
        source.file_into("INBOX", &[3, 4_711], "Triage/Überprüft").await.unwrap();
        let filed = bodies(&mut source, "Triage/Überprüft", 0).await;
        assert_eq!(filed, [body(1, "Body 1"), body(2, "Body 3")], "{extra:?}");
        let left = if extra.contains("UIDPLUS") || extra.is_empty() { vec![2, 4] } else { vec![1, 2, 3, 4] };
        assert_eq!(source.uids("INBOX").await.unwrap(), left, "{extra:?}");
        assert_eq!(server.mail_files(".Triage.&ANw-berpr&APw-ft").len(), 2);
    }
}

#[tokio::test]
async fn a_changed_uid_validity_is_told_and_the_mail_is_still_there() {
    let server = Dovecot::start();
    server.deliver([letter(1), letter(2)]);
    let mut source = open(&server).await;
    let before = source.folder("INBOX").await.unwrap().uid_validity;
    server.doveadm(&["mailbox", "update", "-u", USER, "--uid-validity", &(before + 1).to_string(), "INBOX"]);
    let after = match source.batch("INBOX", 2, &BatchLimits::default()).await {
        Ok(batch) if batch.uid_validity != before => batch,
        // Dovecot closes a session whose folder changed under it.
        _ => {
            source = open(&server).await;
            source.batch("INBOX", 0, &BatchLimits::default()).await.unwrap()
        }
    };
    assert_eq!((after.uid_validity, after.mails.len()), (before + 1, 2));
}

#[tokio::test]
async fn after_a_restart_of_the_server_a_new_session_goes_on_where_the_old_one_was() {
    let mut server = Dovecot::start();
    server.deliver([letter(1)]);
    let mut source = open(&server).await;
    assert_eq!(bodies(&mut source, "INBOX", 0).await, [body(1, "Body 1")]);
    let waiting = tokio::spawn(async move { source.wait("INBOX", LONG).await });
    tokio::task::yield_now().await;
    server.stop();
    let lost = waiting.await.unwrap().unwrap_err();
    assert!(matches!(lost, MailboxError::ConnectionLost { .. }), "{lost}");
    let unreachable = try_open(endpoint(&server, Security::Tls)).await.unwrap_err();
    assert!(matches!(unreachable, MailboxError::Unreachable { .. }), "{unreachable}");
    server.start_again();
    server.deliver([letter(2)]);
    let mut source = open(&server).await;
    assert_eq!(bodies(&mut source, "INBOX", 1).await, [body(2, "Body 2")]);
}

#[tokio::test]
async fn a_mail_of_35_mb_comes_whole_and_over_the_limit_only_its_head() {
    let server = Dovecot::start();
    let line = "x".repeat(76);
    let large = letter(1) + &format!("{line}\n").repeat(35_000_000 / 77);
    server.deliver([letter(0), large.clone(), letter(2)]);
    let mut source = try_open(endpoint(&server, Security::Tls)).await.unwrap();
    let limits = BatchLimits::default();
    assert_eq!(source.batch("INBOX", 0, &limits).await.unwrap().mails.len(), 1, "the large one is over the bytes");
    let mails = source.batch("INBOX", 1, &limits).await.unwrap().mails;
    assert_eq!((mails.len(), mails[0].uid, mails[0].whole), (1, 2, Wholeness::Whole));
    assert!(mails[0].raw.ends_with(large.replace('\n', "\r\n").as_bytes()));
    assert_eq!(mails[0].size, mails[0].raw.len() as u64);
    let small = BatchLimits { largest: 1 << 20, ..limits };
    let mails = source.batch("INBOX", 1, &small).await.unwrap().mails;
    assert_eq!((mails.len(), mails[0].whole, mails[0].raw.len() as u64), (1, Wholeness::HeadOnly, HEAD_BYTES));
    assert_eq!(source.batch("INBOX", 2, &small).await.unwrap().mails.len(), 1);
}

#[tokio::test]
async fn a_missing_folder_is_told() {
    let server = Dovecot::start();
    let error = open(&server).await.folder("Junk Email").await.unwrap_err();
    assert!(matches!(error, MailboxError::FolderMissing { .. }), "{error}");
}

#[tokio::test]
async fn mail_that_a_person_expunges_or_marks_meanwhile_disturbs_nothing() {
    let server = Dovecot::start();
    server.deliver((1..=6).map(letter));
    let mut source = open(&server).await;
    let two = BatchLimits { mails: 2, ..BatchLimits::default() };
    assert_eq!(source.batch("INBOX", 0, &two).await.unwrap().mails.len(), 2);
    server.doveadm(&["expunge", "-u", USER, "mailbox", "INBOX", "uid", "1,3:4"]);
    server.doveadm(&["flags", "add", "-u", USER, "\\Seen", "mailbox", "INBOX", "uid", "5"]);
    let mut after = 2;
    let mut seen = Vec::new();
    for _ in 0..9 {
        match source.batch("INBOX", after, &two).await {
            Ok(batch) if batch.mails.is_empty() => break,
            Ok(batch) => seen.extend(batch.mails.iter().map(|mail| mail.uid)),
            // Dovecot answers NO where a view still shows what is gone; a new session does not.
            Err(_) => source = open(&server).await,
        }
        after = seen.last().copied().unwrap_or(2);
    }
    assert_eq!(seen, [5, 6]);
}

/// Prints what `performance.md` asks for; figures count only for a release build that runs this test alone.
#[tokio::test]
async fn a_backlog_is_brought_whole_in_flat_memory() {
    for (count, bytes) in [(5_000_u32, 1_000), (5_000, 13_600), (20_000, 13_600)] {
        let server = Dovecot::start();
        let filling = format!("{}\n", "x".repeat(76)).repeat(bytes / 77);
        server.place((1..=count).map(|number| letter(number) + &filling));
        for security in [Security::PlainLoopback, Security::Tls] {
            let mut source = try_open(endpoint(&server, security)).await.unwrap();
            let (mut after, mut brought, mut most) = (0, 0, 0);
            let watch = Stopwatch::start();
            loop {
                let mails = source.batch("INBOX", after, &BatchLimits::default()).await.unwrap().mails;
                let Some(last) = mails.last() else { break };
                after = last.uid;
                brought += mails.len();
                most = most.max(resident_kib());
            }
            let seconds = watch.seconds();
            let rate = f64::from(count) / seconds;
            println!(
                "{count} mails of {bytes} B, {security:?}: {rate:.0}/s, {seconds:.2} s, at most {most} KiB resident"
            );
            assert_eq!(brought, count as usize);
            source.close().await;
        }
    }
}

struct Stopwatch(std::time::Instant);

#[allow(clippy::disallowed_methods, reason = "measures, decides nothing")]
impl Stopwatch {
    fn start() -> Self {
        Self(std::time::Instant::now())
    }

    fn seconds(&self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}

fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or("0");
    line.trim().trim_end_matches(" kB").parse().unwrap_or(0)
}
