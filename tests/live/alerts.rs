//! What operators hear without asking, and what watches the machine: alerts by command and mail, /healthz, /metrics.

use crate::servers::{free_port, holds_within, wait_patiently, wait_until};
use crate::world::{ADVISER, Mail, Memory, OPERATORS, World};
use chrono::TimeDelta;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;

/// The world's configuration with a command that writes down what it is told, and a place that answers.
fn watched(world: &World, port: u16) -> String {
    let script = world.service.path().join("alert");
    let told = world.service.path().join("told");
    let text =
        format!("#!/bin/sh\n{{ echo \"== $FOLLOWUPD_ALERT $FOLLOWUPD_ALERT_TURN $1\"; cat; env; }} >> {told:?}\n");
    fs::write(&script, text).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    let alerts = format!("[alerts]\ncommand = [{script:?}, \"pager\"]\nlisten = \"127.0.0.1:{port}\"\n");
    world.configuration().replace("[alerts]\n", &alerts)
}

fn told(world: &World) -> String {
    fs::read_to_string(world.service.path().join("told")).unwrap_or_default()
}

fn get(port: u16, path: &str) -> String {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else { return String::new() };
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_mailbox_that_is_away_is_told_by_the_command_once_and_once_when_it_is_back() {
    let (mut world, port) = (World::open("2026-01-13 10:00:00", Memory::Sqlite), free_port());
    world.service.configure(&watched(&world, port));
    world.service.start_and_wait();
    wait_until("it is healthy", || get(port, "/healthz").starts_with("HTTP/1.1 200"));
    world.mailbox.stop();
    world.service.says("The mailbox could not be read");
    world.clock.advance(TimeDelta::minutes(11));
    wait_patiently(60, "operators are told", || told(&world).contains("== mailbox raised pager"));
    assert!(get(port, "/healthz").starts_with("HTTP/1.1 503"), "{}", get(port, "/healthz"));
    world.clock.advance(TimeDelta::minutes(30));
    world.mailbox.start_again();
    wait_patiently(60, "operators are told that it is over", || told(&world).contains("== mailbox over pager"));
    let told = told(&world);
    println!("{told}");
    assert_eq!(told.matches("== ").count(), 2, "{told}");
    assert!(told.contains("Run `followupd check`") && !told.contains("LD_PRELOAD"), "{told}");
    assert_eq!(world.inbox(OPERATORS).len(), 0, "mail is what is broken");
}

#[test]
fn a_bad_configuration_is_noticed_without_a_signal_told_by_mail_and_over_when_it_is_mended() {
    let (mut world, port) = (World::open("2026-01-13 10:00:00", Memory::Sqlite), free_port());
    let good = watched(&world, port);
    world.service.configure(&good);
    world.service.start_and_wait();
    world.service.configure(&good.replace("per_minute = 600", "per_minute = 0"));
    world.service.says("The new configuration is refused; the last good one stays in use");
    let mails = || world.inbox(OPERATORS);
    wait_patiently(60, "a mail", || mails().len() == 1);
    let mail = &mails()[0];
    println!("{}", mail.raw);
    let text = mail.message.text.clone().unwrap();
    assert_eq!(mail.message.subject, "followupd alert: a changed configuration was refused");
    assert!(text.contains("outbound.per_minute: 0 is not from 1 to 600"), "{text}");

    world.service.configure(&good.replace("per_minute = 600", "per_minute = 500"));
    world.service.says("The configuration was read again and is in use");
    assert!(
        world.service.log().contains("key=\"outbound.per_minute\" before=\"600\" after=\"500\""),
        "{}",
        world.service.log()
    );
    wait_patiently(60, "the second mail", || mails().len() == 2);
    assert!(mails()[1].message.subject.starts_with("followupd: over: "));
    assert!(!holds_within(2, || !told(&world).is_empty()), "mail is not what is broken");
}

#[test]
fn reloads_under_load_lose_nothing_and_send_nothing_twice() {
    let mut world = World::open("2026-01-13 10:00:00", Memory::Sqlite);
    world.service.start_and_wait();
    let good = world.configuration();
    for number in 1..=30 {
        world.deliver(&Mail::request(&format!("EHC-2026-{number:04}"), ADVISER));
        let broken = if number % 7 == 0 { "per_minute = 0" } else { "per_minute = 600" };
        world.service.configure(&good.replace("per_minute = 600", broken));
        if number % 3 == 0 {
            world.service.signal("HUP");
        }
    }
    world.service.configure(&good);
    world.awaits(ADVISER, "Logged", 30);
    world.comes_to_rest();
    assert_eq!(world.follow_ups("open"), 30);
    let mut ids: Vec<String> =
        world.letters(ADVISER).iter().map(|mail| mail.message.header("X-Followupd-Id").unwrap().to_owned()).collect();
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!((count, ids.len()), (30, 30));
}

#[test]
fn metrics_are_prometheus_text_and_name_nobody() {
    let (mut world, port) = (World::open("2026-01-13 10:00:00", Memory::Sqlite), free_port());
    world.service.configure(&watched(&world, port));
    world.service.start_and_wait();
    world.deliver(&Mail::request("EHC-2026-0412", ADVISER));
    world.awaits(ADVISER, "Logged", 1);
    wait_until("the follow-up is counted", || get(port, "/metrics").contains("followupd_follow_ups{stage=\"open\"} 1"));
    let answer = get(port, "/metrics");
    println!("{answer}");
    assert!(answer.contains("application/openmetrics-text") && answer.trim_end().ends_with("# EOF"), "{answer}");
    for wanted in ["followupd_healthy 1", "followupd_alert{alert=\"mailbox\"} 0", "# TYPE followupd_deliveries gauge"] {
        assert!(answer.contains(wanted), "{wanted}: {answer}");
    }
    assert!(!answer.contains('@') && !answer.contains("EHC-"), "{answer}");
    let moved = free_port();
    world.service.configure(&watched(&world, moved));
    wait_patiently(30, "it answers at the new place", || get(moved, "/healthz").starts_with("HTTP/1.1 200"));
    assert_eq!(get(port, "/healthz"), "");
}
