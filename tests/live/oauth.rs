//! Signing in with access tokens: Dovecot and Postfix that take XOAUTH2, a token endpoint, a proxy, a private authority.

use crate::check::told_with_remedy;
use crate::servers::authority::Authority;
use crate::servers::dovecot::{Dovecot, USER};
use crate::servers::tokens::{HttpProxy, Mood, TokenEndpoint};
use crate::servers::{holds_within, wait_patiently};
use crate::service::Service;
use crate::world::{ADVISER, Mail, Memory, World};
use chrono::TimeDelta;
use std::fs;

pub const SECRET: &str = "the+secret/of the application";

fn oauth2(token_url: &str) -> String {
    format!(
        "\n[oauth2]\ntoken_url = \"{token_url}\"\nclient_id = \"11111111-2222-3333-4444-555555555555\"\n\
         client_secret = {{ file = \"{{HERE}}/client_secret\" }}\n\
         scope = \"https://outlook.office365.com/.default\"\n"
    )
}

/// The world's configuration with tokens instead of passwords, for mailbox and relay.
pub fn with_tokens(world: &World, endpoint: &TokenEndpoint) -> String {
    let account = USER.replace('@', "%40");
    let text = world
        .configuration()
        .replace("smtp://127.0.0.1", &format!("smtp://{account}@127.0.0.1"))
        .replace("mailbox_password = { file = \"{HERE}/password\" }\n", "");
    text + &oauth2(&format!("http://127.0.0.1:{}/oauth2/v2.0/token", endpoint.port))
}

#[test]
fn letters_come_and_go_with_tokens_and_a_dead_credential_is_told_within_a_quarter_of_an_hour() {
    let mut world = World::open("2026-01-13 10:00:00", Memory::Sqlite);
    let endpoint = TokenEndpoint::start(None);
    let good = with_tokens(&world, &endpoint);
    world.service.configure(&good);
    world.service.keep_secret("client_secret", SECRET);
    world.service.start_and_wait();
    world.deliver(&Mail::request("EHC-2026-0412", ADVISER));
    world.awaits(ADVISER, "Logged", 1);
    assert!(world.post.log().contains("sasl_method=XOAUTH2"), "{}", world.post.log());

    endpoint.set(Mood::Dead);
    world.clock.advance(TimeDelta::minutes(11));
    wait_patiently(90, "the log tells it", || world.service.log().contains("The client secret has expired"));
    let (code, status) = world.service.answer(&["status", "--json"]);
    assert!(code == 1 && status.contains("sign-in: "), "{status}");
    world.deliver(&Mail::request("EHC-2026-0413", ADVISER));
    world.awaits(ADVISER, "Logged", 2);

    endpoint.set(Mood::Gives);
    world.clock.advance(TimeDelta::minutes(2));
    wait_patiently(90, "it is well again", || world.service.log().contains("Access tokens are given again"));
    let log = world.service.log();
    assert!(!log.contains(SECRET) && !log.contains("eyJ"), "secrets stand in the log: {log}");
}

#[test]
fn a_token_that_the_server_refuses_is_fetched_anew_and_the_endpoint_is_not_hammered() {
    let mut world = World::open("2026-01-13 10:00:00", Memory::Sqlite);
    let endpoint = TokenEndpoint::start(None);
    endpoint.set(Mood::OfSomebodyElse);
    let text = with_tokens(&world, &endpoint);
    world.service.configure(&text);
    world.service.keep_secret("client_secret", SECRET);
    told_with_remedy(&world.service, "another mailbox", "oauth2.client_id");
    let before = endpoint.asked().len();
    world.service.start_and_wait();
    world.service.says("does not let");
    assert!(!holds_within(5, || endpoint.asked().len() > before + 2), "{} requests", endpoint.asked().len());
    endpoint.set(Mood::Gives);
    world.clock.advance(TimeDelta::minutes(2));
    wait_patiently(90, "it reads the mailbox", || world.service.log().contains("The mailbox can be read again"));

    endpoint.set(Mood::Throttles);
    let told = told_with_remedy(&world.service, "throttled", "oauth2.token_url");
    assert!(told.contains("2026-01-13T10:04"), "two minutes from now: {told}");
}

#[test]
fn the_token_endpoint_is_reached_through_the_proxy_and_by_a_private_authority() {
    // On the machine's own clock, as certificates have their dates.
    let (mailbox, proxy) = (Dovecot::start(), HttpProxy::start());
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::create(folder.path(), "DNS:localhost");
    let endpoint = TokenEndpoint::start(Some(&authority));
    let both = [&mailbox.ca, &authority.ca].map(|file| fs::read_to_string(file).unwrap()).concat();
    let ca = folder.path().join("both.pem");
    fs::write(&ca, both).unwrap();
    let text = |ca: &std::path::Path| {
        let head = format!(
            "[authority]\nname = \"Example\"\n[mailbox]\nurl = \"imaps://{}@localhost:{}/INBOX\"\n\
             [outbound]\nmode = \"live\"\nurl = \"maildir:{{HERE}}/sent\"\nfrom = \"office@council.example\"\n\
             [store]\nurl = \"sqlite:{{HERE}}/followupd.db\"\n\
             [secrets]\ntoken_key = {{ file = \"{{HERE}}/token_key\" }}\n\
             [security]\nauthserv_ids = [\"mx.council.example\"]\n[alerts]\nto = [\"ops@council.example\"]\n\
             [network]\nproxy = \"http://127.0.0.1:{}\"\nca_file = {ca:?}\n",
            USER.replace('@', "%40"),
            mailbox.imaps,
            proxy.port
        );
        head + &oauth2(&format!("https://localhost:{}/token", endpoint.port))
    };
    let secrets = [("token_key", "a key for tests, of thirty-two bytes or more"), ("client_secret", SECRET)];
    let service = Service::set_up(&text(&ca), &secrets, None);
    let (code, told) = service.answer(&["check"]);
    assert_eq!(code, 0, "{told}");
    assert_eq!((proxy.led(), endpoint.asked().len()), (1, 1));
    assert!(endpoint.asked()[0].contains("grant_type=client_credentials"), "{:?}", endpoint.asked());

    service.configure(&text(&mailbox.ca));
    let told = told_with_remedy(&service, "a foreign authority", "oauth2.token_url");
    assert!(told.contains("invalid peer certificate"), "{told}");
    service.configure(&text(&ca));
    endpoint.set(Mood::Dead);
    let told = told_with_remedy(&service, "a dead secret", "oauth2.client_id");
    assert!(told.contains("make a new one") && !told.contains(SECRET), "{told}");
}
