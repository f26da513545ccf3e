//! What operators see: `check` and its remedies, `status`, a reload, a stop, and what systemd is told.

use crate::servers::dovecot::Dovecot;
use crate::servers::{free_port, holds_within, pause, wait_patiently, wait_until};
use crate::service::Service;
use crate::world::{ADVISER, Mail, Memory, World};
use chrono::TimeDelta;
use std::io::ErrorKind;
use std::os::unix::net::UnixDatagram;
use std::time::Duration;

const TUESDAY: &str = "2026-01-13 10:00:00";

#[test]
fn check_signs_in_everywhere_and_a_test_mail_comes_round() {
    let world = World::open(TUESDAY, Memory::Sqlite);
    let (code, told) = world.service.answer(&["check"]);
    assert!(code == 0 && told.contains("no fault") && told.contains("mode live"), "{told}");
    assert_eq!(world.lying_in("INBOX"), 0, "nothing is sent unless asked for");
    let (code, told) = world.service.answer(&["check", "--send-test"]);
    println!("{told}");
    assert_eq!(code, 0, "{told}");
    for survived in [
        "ok: the token address arrived",
        "ok: the own copy arrived",
        "ok: the envelope token survived",
        "ok: the Message-ID survived",
        "ok: the sender survived",
        "ok: the mail server's clock agrees",
    ] {
        assert!(told.contains(survived), "{survived}: {told}");
    }
    // The service knows them as its own.
    let mut world = world;
    world.service.start_and_wait();
    world.comes_to_rest();
    assert_eq!(world.count("SELECT COUNT(*) FROM message WHERE state IN ('triage', 'failed')"), 0);
}

#[test]
fn without_plus_addressing_the_test_mail_is_missed_and_the_switch_is_named() {
    let world = World::open_with(TUESDAY, Memory::Sqlite, "recipient_delimiter =\n");
    let (code, told) = world.service.answer(&["check", "--send-test"]);
    println!("{told}");
    assert!(code == 1 && told.contains("outbound.reply_to: ") && told.contains("recipient_delimiter = +"), "{told}");
}

#[test]
fn a_second_level_to_whom_the_relay_carries_nothing_is_warned_of_and_nothing_is_sent() {
    let world = World::open(TUESDAY, Memory::Sqlite);
    world.service.configure(&world.configuration().replace("dco@icb.example", "doc@icb.example"));
    let (code, told) = world.service.answer(&["check"]);
    println!("{told}");
    let line = told.lines().find(|line| line.contains("doc@icb.example")).unwrap_or_else(|| panic!("{told}"));
    assert!(code == 0 && line.contains("warning: service.second_level: the relay takes no mail"), "{line}");
    assert!(line.contains("550") && line.contains("; correct the address"), "{line}");
    assert_eq!(told.matches("takes no mail").count(), 1, "{told}");
    assert!(crate::world::PEOPLE.iter().all(|who| world.inbox(who).is_empty()));
}

#[test]
fn each_fault_of_a_server_is_told_with_its_key_and_a_remedy() {
    let world = World::open(TUESDAY, Memory::Sqlite);
    let good = world.configuration();
    let closed = free_port();
    let table = [
        (
            "wrong port",
            good.replace(&format!("127.0.0.1:{}/INBOX", world.mailbox.imap), &format!("127.0.0.1:{closed}/INBOX")),
            "mailbox.url",
        ),
        ("missing folder", good.replace("/INBOX\"", "/INBOX\"\nalso = [\"Junk Email\"]"), "mailbox."),
        (
            "relay away",
            good.replace(&format!("smtp://127.0.0.1:{}", world.post.port), &format!("smtp://127.0.0.1:{closed}")),
            "outbound.url",
        ),
        ("no database", good.replace("sqlite:{HERE}/followupd.db", "sqlite:/proc/nowhere/followupd.db"), "store.url"),
    ];
    for (what, text, key) in table {
        assert_ne!(text, good, "{what}");
        world.service.configure(&text);
        told_with_remedy(&world.service, what, key);
    }
    world.service.configure(&good);
    world.service.keep_secret("password", "not the password");
    let told = told_with_remedy(&world.service, "wrong password", "secrets.mailbox_password");
    assert!(!told.contains("not the password"), "{told}");
}

#[test]
fn a_certificate_that_nobody_trusts_is_told_and_a_trusted_one_is_good() {
    // On the machine's own clock, as certificates have their dates.
    let mailbox = Dovecot::start();
    let account = crate::servers::dovecot::USER.replace('@', "%40");
    let text = |ca: &str| {
        format!(
            "[authority]\nname = \"Example\"\n[mailbox]\nurl = \"imap://{account}@localhost:{}/INBOX?tls=required\"\n\
             [outbound]\nmode = \"live\"\nurl = \"maildir:{{HERE}}/sent\"\nfrom = \"office@council.example\"\n\
             [store]\nurl = \"sqlite:{{HERE}}/followupd.db\"\n\
             [secrets]\ntoken_key = {{ file = \"{{HERE}}/token_key\" }}\n\
             mailbox_password = {{ file = \"{{HERE}}/password\" }}\n\
             [security]\nauthserv_ids = [\"mx.council.example\"]\n[alerts]\nto = [\"ops@council.example\"]\n{ca}",
            mailbox.imap
        )
    };
    let secrets = [
        ("token_key", "a key for tests, of thirty-two bytes or more"),
        ("password", crate::servers::dovecot::PASSWORD),
    ];
    let service = Service::set_up(&text(""), &secrets, None);
    let told = told_with_remedy(&service, "untrusted", "mailbox.url");
    assert!(told.contains("network.ca_file"), "{told}");
    service.configure(&text(&format!("[network]\nca_file = {:?}\n", mailbox.ca)));
    let (code, told) = service.answer(&["check"]);
    assert_eq!(code, 0, "{told}");
}

/// What `check` prints: one fault, with this key, in one line that ends in what to do.
pub fn told_with_remedy(service: &Service, what: &str, key: &str) -> String {
    let (code, told) = service.answer(&["check"]);
    println!("{what}: {told}");
    assert_eq!(code, 1, "{what}: {told}");
    let line = told.lines().find(|line| line.contains(&format!(": {key}"))).unwrap_or_else(|| panic!("{what}: {told}"));
    assert!(line.contains("; "), "no remedy for {what}: {line}");
    told
}

#[test]
fn three_faults_in_one_file_are_named_at_once() {
    let mut world = World::open(TUESDAY, Memory::Sqlite);
    let broken = world
        .configuration()
        .replace("per_minute = 600", "per_minute = 6000")
        .replace("uncertain_wait = 5", "uncertain_wait = \"soon\"")
        .replace("[authority]\n", "[authority]\ntime_zone = \"Europe/Londn\"\n");
    world.service.configure(&broken);
    let (code, told) = world.service.answer(&["check", "--offline"]);
    println!("{told}");
    assert!(code == 1 && told.contains("3 faults"), "{told}");
    for key in ["authority.time_zone", "outbound.uncertain_wait", "outbound.per_minute"] {
        let line = told.lines().find(|line| line.contains(key)).unwrap_or_else(|| panic!("{key}: {told}"));
        assert!(line.contains("followupd.toml:") && line.contains("; "), "{line}");
    }
    world.service.start();
    wait_until("it does not start", || world.service.log().contains("nothing was started"));
    assert!(holds_within(5, || world.service.log().contains("outbound.per_minute")));
    pause(Duration::from_millis(500));
    assert_eq!(world.service.ended().and_then(|status| status.code()), Some(3));
}

#[test]
fn a_bad_reload_is_refused_and_a_good_one_lengthens_open_windows() {
    let mut world = World::open(TUESDAY, Memory::Sqlite);
    world.service.start_and_wait();
    world.deliver(&Mail::request("EHC-2026-0412", ADVISER));
    world.awaits(ADVISER, "Logged", 1);
    let due = |day: &str| world.count(&format!("SELECT COUNT(*) FROM follow_up WHERE due_on = '{day}'")) == 1;
    assert!(due("2026-01-20"));

    let good = world.configuration();
    world.service.configure(&good.replace("per_minute = 600", "per_minute = 0"));
    world.service.signal("HUP");
    world.service.says("The new configuration is refused; the last good one stays in use");
    let (code, status) = world.service.answer(&["status", "--json"]);
    // `status` itself cannot read the broken file either: it says so instead of guessing.
    assert!(code == 3 || code == 1, "{status}");
    assert!(world.service.log().contains("outbound.per_minute"));
    world.service.configure(&good);
    let (code, status) = world.service.answer(&["status", "--json"]);
    assert!(code == 1 && status.contains("configuration: "), "{status}");

    world.service.configure(&(good + "[calendar]\nextra_closed = [2026-01-19]\n"));
    world.service.signal("HUP");
    world.service.says("The configuration was read again and is in use");
    wait_until("the window is longer", || due("2026-01-21"));
    let (code, status) = world.service.answer(&["status", "--json"]);
    let status: serde_json::Value = serde_json::from_str(&status).unwrap();
    assert_eq!((code, &status["healthy"], &status["follow_ups"]["open"]), (0, &true.into(), &1.into()), "{status}");
}

#[test]
fn systemd_hears_of_readiness_life_and_the_stop_which_takes_no_time() {
    let mut world = World::open(TUESDAY, Memory::Sqlite);
    let path = world.service.path().join("notify");
    let socket = UnixDatagram::bind(&path).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    world.service.give_notify_socket(&path);
    world.service.start_and_wait();
    assert_eq!(hear(&socket), "READY=1");
    assert_eq!(hear(&socket), "WATCHDOG=1");
    let cpu = world.service.cpu_ticks();
    pause(Duration::from_secs(20));
    println!(
        "idle: {} kB resident, {} ms of CPU in 20 s",
        world.service.memory("VmRSS:"),
        (world.service.cpu_ticks() - cpu) * 10
    );
    world.service.signal("TERM");
    let mut heard = hear(&socket);
    while heard == "WATCHDOG=1" {
        heard = hear(&socket);
    }
    assert_eq!(heard, "STOPPING=1");
    wait_patiently(20, "it ends", || world.service.log().contains("followupd has stopped"));
    let (code, status) = world.service.answer(&["status", "--json"]);
    assert_eq!(code, 0, "just stopped: {status}");
    world.clock.advance(TimeDelta::minutes(20));
    let (code, status) = world.service.answer(&["status", "--json"]);
    assert!(code == 1 && status.contains("the service does not run"), "{status}");
}

fn hear(socket: &UnixDatagram) -> String {
    let mut buffer = [0; 200];
    loop {
        match socket.recv(&mut buffer) {
            Ok(length) => return String::from_utf8_lossy(&buffer[..length]).trim().to_owned(),
            // The end of another test's child.
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => panic!("systemd hears nothing: {error}"),
        }
    }
}
