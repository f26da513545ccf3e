//! Retention on a real mail server: copies in the folders of handled mail go, what people put there stays.

use crate::servers::dovecot::PASSWORD;
use crate::servers::dovecot::{Dovecot, USER};
use crate::servers::wait_patiently;
use crate::world::{ADVICE, ADVISER, COORDINATOR, Mail, Memory, SEND_MANAGER, SERVICE, World};
use chrono::TimeDelta;
use followupd::mailbox::{Credentials, ImapEndpoint, MailboxEndpoint, Security, Source};

fn letter(number: u32) -> String {
    format!(
        "From: a@school.example\nTo: {USER}\nSubject: Letter {number}\nMessage-ID: <{number}@school.example>\n\nBody {number}\n"
    )
}

#[tokio::test]
async fn exactly_the_named_mails_are_deleted_with_and_without_uidplus() {
    for extra in ["", "imap_capability = IMAP4rev1 UIDPLUS IDLE\n", "imap_capability = IMAP4rev1 IDLE\n"] {
        let server = Dovecot::start_with(extra);
        server.deliver((1..=4).map(letter));
        let endpoint = ImapEndpoint {
            host: "localhost".to_owned(),
            port: server.imap,
            security: Security::PlainLoopback,
            user: USER.to_owned(),
            auth: Credentials::Password(PASSWORD.to_owned().into()),
            ca_file: None,
        };
        let mut source = Source::open(&MailboxEndpoint::Imap(endpoint)).await.unwrap();
        source.delete("INBOX", &[2, 3, 9]).await.unwrap();
        source.delete("INBOX", &[]).await.unwrap();
        let left = source.uids("INBOX").await.unwrap();
        match extra.contains("UIDPLUS") || extra.is_empty() {
            true => assert_eq!(left, [1, 4], "{extra:?}"),
            // They are marked, and a person's EXPUNGE removes them.
            false => assert_eq!(server.mail_files("").iter().filter(|name| name.ends_with('T')).count(), 2),
        }
    }
}

#[test]
fn the_monthly_run_deletes_handled_copies_of_closed_cases_and_tells_the_send_manager() {
    let mut world = World::open("2026-01-13 10:00:00", Memory::Sqlite);
    world.service.start_and_wait();
    world.deliver(&Mail::request("EHC-2026-0412", ADVISER));
    let logged = world.awaits(ADVISER, "Logged", 1);
    let id = logged.message.subject.split_once('(').unwrap().1.trim_end_matches(')').to_owned();
    world.deliver(&Mail::answering(&logged, ADVISER, ADVICE));
    wait_patiently(30, "the answer counts", || {
        world.count("SELECT COUNT(*) FROM follow_up WHERE stage = 'received'") == 1
    });
    world.deliver(&Mail::new(COORDINATOR, &[SERVICE], "followupd", &format!("CLOSE {id}")));
    wait_patiently(30, "it is closed", || world.count("SELECT COUNT(*) FROM follow_up WHERE stage = 'closed'") == 1);
    wait_patiently(30, "everything is filed", || world.lying_in("INBOX") == 0);
    let handled = world.lying_in("Processed");
    assert!(handled >= 3, "{handled}");
    // Somebody has put a mail of their own there.
    world.mailbox.doveadm(&["save", "-u", SERVICE, "-m", "Processed", &own_file(&world)]);
    world.clock.advance(TimeDelta::days(120));
    wait_patiently(90, "the run is done", || world.service.log().matches("The retention run is done").count() == 2);
    let erased = world.count("SELECT COUNT(*) FROM message WHERE erased_at IS NOT NULL");
    assert!(erased >= handled as i64, "{erased} of {handled}");
    assert!(world.service.log().contains(&format!("server_copies={erased}")), "{}", world.service.log());
    let own = ["search", "-u", SERVICE, "mailbox", "Processed", "subject", "A note of mine"];
    assert_eq!(world.mailbox.doveadm(&own).lines().count(), 1, "what people put there stays");
    let report = world.awaits(SEND_MANAGER, "What was removed this month", 1);
    println!("{}", report.message.text.unwrap_or_default());
    // What the days that went by have brought is on its way until then.
    world.comes_to_rest();
    let (code, told) = world.service.answer(&["verify"]);
    assert!(code == 0 && told.contains("unbroken chain"), "{told}");
    let (code, told) = world.service.answer(&["erase", "EHC-2026-0412"]);
    println!("{told}");
    assert!(code == 0 && told.contains("The journal's chain is unbroken"), "{told}");
    assert_eq!(world.service.answer(&["export", "EHC-2026-0412"]).0, 1);
}

fn own_file(world: &World) -> String {
    let file = world.service.path().join("own.eml");
    std::fs::write(&file, "From: me@council.example\nSubject: A note of mine\n\nKeep this.\n").unwrap();
    file.display().to_string()
}
