//! Keys of the ways in and out: mailbox, relay, store, secrets, who is believed, alerts.

use super::{ADDRESSES, Key, TEXTS, is, off, required, shown};
use crate::config::form::Form::{
    Address, Choice, Command, Count, Day, Https, Listen, Mailbox, Modes, Outbound, Path, Secret, Store, Text,
};

pub(super) const KEYS: &[Key] = &[
    required(
        "mailbox.url",
        Mailbox,
        r#""maildir:./var/mail""#,
        "Where mail is read: imaps://ACCOUNT@host/INBOX (an @ in the account is written %40),\nimap://…?tls=required for STARTTLS, imap:// on this machine only, or maildir:PATH.",
    ),
    is("mailbox.also", TEXTS, "[]", "Folders that are watched too, such as \"Junk Email\", where absences land."),
    is("mailbox.processed", Text, r#""Processed""#, "Where mail is moved when it has been dealt with."),
    is("mailbox.triage", Text, r#""Triage""#, "Where mail is moved that needs a person."),
    off(
        "mailbox.ignore_before",
        Day,
        "2026-11-01",
        "Mail received before this day is recorded and not acted on. Default: the moment of the first start.",
    ),
    required(
        "outbound.url",
        Outbound,
        r#""maildir:./var/sent""#,
        "How mail leaves: smtps://ACCOUNT@host, smtp://ACCOUNT@host:587?tls=required,\nsmtp:// on this machine only, or maildir:PATH.",
    ),
    shown(
        "outbound.from",
        Address,
        r#""followups@council.example""#,
        "The address of the service. Default: the account of mailbox.url.",
    ),
    off(
        "outbound.reply_to",
        Address,
        r#""followups@council.example""#,
        "The address that takes answers; a token is added behind a plus. Default: outbound.from.",
    ),
    is(
        "outbound.mode",
        Modes,
        r#""shadow""#,
        "shadow: letters to advisers, managers and parents go to shadow_to only.\nstaff_only: only letters to staff leave. live: all leave.\nBy letter: { parents = \"shadow\", others = \"live\" }, for advisers, partners, parents, or a sort of letter (escalation).",
    ),
    shown(
        "outbound.shadow_to",
        Address,
        r#""send.manager@council.example""#,
        "Who gets those letters in shadow mode; they hold children's data.",
    ),
    is("outbound.per_minute", Count(1, 600), "25", "Letters a minute (Exchange Online allows 30)."),
    is(
        "outbound.uncertain_wait",
        Count(5, 1440),
        "15",
        "Minutes before a letter whose fate is unknown may be sent again.",
    ),
    is(
        "outbound.verp",
        Choice(&["auto", "always", "never"]),
        r#""auto""#,
        "Whether the envelope sender carries the token; auto: while the relay allows it.",
    ),
    is(
        "store.url",
        Store,
        r#""sqlite:./var/followupd.db""#,
        "Where the service remembers: sqlite:PATH, or postgres://… for several nodes\n(without password; give that by PGPASSFILE).",
    ),
    required(
        "secrets.token_key",
        Secret,
        r#"{ env = "FOLLOWUPD_TOKEN_KEY" }"#,
        "The key that signs tokens, 32 characters or more: `openssl rand -base64 32`.\nEach secret is { file = PATH }, { env = NAME } or { credential = NAME } (systemd LoadCredential).",
    ),
    off(
        "secrets.mailbox_password",
        Secret,
        r#"{ file = "/run/secrets/mailbox" }"#,
        "The password of the account of mailbox.url.",
    ),
    off(
        "secrets.outbound_password",
        Secret,
        r#"{ file = "/run/secrets/outbound" }"#,
        "The password of the account of outbound.url.",
    ),
    off(
        "oauth2.token_url",
        Https,
        r#""https://login.example/oauth2/v2.0/token""#,
        "XOAUTH2 instead of passwords (Microsoft 365, Google): where tokens are fetched.",
    ),
    off("oauth2.client_id", Text, r#""00000000-0000-0000-0000-000000000000""#, "The application's id."),
    off(
        "oauth2.client_secret",
        Secret,
        r#"{ credential = "oauth2_client_secret" }"#,
        "The application's secret (Microsoft 365: its value, not its id).",
    ),
    off("oauth2.scope", Text, r#""https://outlook.office365.com/.default""#, "What the token is for."),
    off(
        "oauth2.refresh_token",
        Secret,
        r#"{ file = "/var/lib/followupd/refresh_token" }"#,
        "What an account's consent gave (Google); without it the application signs in as itself (Microsoft 365).\nA provider that gives a new one with each use has it written there, so the service has to own the file.",
    ),
    off("network.proxy", Text, r#""http://proxy.council.example:3128""#, "The proxy for HTTPS (OAuth2)."),
    off("network.ca_file", Path, r#""/etc/ssl/council-ca.pem""#, "More certificate authorities to trust, as PEM."),
    is(
        "security.sender_check",
        Choice(&["authentication_results", "exchange_online", "confirm", "none"]),
        r#""authentication_results""#,
        "How mail is proved to come from its sender. authentication_results: the mail server in front says so\n(give its authserv_ids). exchange_online: Microsoft 365. confirm: a token goes to the registered address.\nnone: nothing is proved; this machine only.",
    ),
    shown(
        "security.authserv_ids",
        TEXTS,
        r#"["mail.council.example"]"#,
        "Ids of the servers whose Authentication-Results are believed (RFC 8601).",
    ),
    is(
        "security.identifiers",
        Choice(&["warn", "redact"]),
        r#""warn""#,
        "What happens to an NHS number or a date of birth in a co-ordinator's text.",
    ),
    shown("alerts.to", ADDRESSES, r#"["operators@council.example"]"#, "The operators: who hears of faults by mail."),
    off(
        "alerts.command",
        Command,
        r#"["/usr/local/bin/alert"]"#,
        "A program and its arguments for alerts when mail is what is broken; the text comes on its input.",
    ),
    off("alerts.listen", Listen, r#""127.0.0.1:9190""#, "Where /healthz and /metrics answer; loopback only."),
];
