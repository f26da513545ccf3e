//! Configurations that are wrong, and what operators read then.

use super::{GOOD, Office};

/// The good configuration with one part replaced.
fn with(old: &str, new: &str) -> Office {
    assert!(GOOD.contains(old), "{old}");
    Office::with(&GOOD.replace(old, new))
}

#[test]
fn three_faults_in_one_file_are_told_at_once() {
    let office = with(
        "[security]",
        "[windows]\nclarifcation = 5\nreminder = \"1\"\n[escalation]\nat = \"8 o'clock\"\n[security]",
    );
    insta::assert_snapshot!(office.messages(), @r#"
    config/followupd.toml:14: windows.clarifcation: is unknown; did you mean `clarification`?
    config/followupd.toml:15: windows.reminder: '1' is text, not a whole number from 0 to 20; leave the quotes out
    config/followupd.toml:17: escalation.at: '8 o'clock' is not an hour as HH:MM; write an hour as HH:MM, as in `at = "08:00"`
    "#);
}

#[test]
fn a_file_that_is_no_toml_is_told_with_every_line() {
    let office = with("name = \"Ann Lee\"", "name = Ann Lee");
    office.write("holidays.toml", "[calendar]\nextra_closed = [2026-02-30]\n");
    insta::assert_snapshot!(office.messages(), @r"
    config/followupd.toml:18: this line is not TOML (string values must be quoted, expected literal string); mend it first: text stands in quotes, dates and numbers do not; most other checks wait for it
    config/holidays.toml:2: this line is not TOML (invalid date, expected day between 01 and 28); mend it first: text stands in quotes, dates and numbers do not; most other checks wait for it
    ");
}

#[test]
fn what_has_to_be_set_is_named_with_an_example() {
    insta::assert_snapshot!(Office::with("[[coordinator]]\nname = \"Ann Lee\"\n").messages(), @r#"
    config/followupd.toml:1: coordinator[0].address: is missing; write `address = "ann.lee@council.example"`
    config/followupd.toml: authority.name: is missing; write `name = "Example County Council"` under [authority]
    config/followupd.toml: mailbox.url: is missing; set `url = "…"` under [mailbox]: write imaps://ACCOUNT@host/INBOX, imap://ACCOUNT@host/INBOX?tls=required or maildir:PATH, an @ in the account as %40; the password stands under [secrets]
    config/followupd.toml: outbound.url: is missing; set `url = "…"` under [outbound]: write smtps://ACCOUNT@host, smtp://ACCOUNT@host:587?tls=required or maildir:PATH, an @ in the account as %40; the password stands under [secrets]
    config/followupd.toml: secrets.token_key: is missing; write `token_key = { env = "FOLLOWUPD_TOKEN_KEY" }` under [secrets]
    config/followupd.toml: outbound.shadow_to: shadow mode sends letters for advisers, managers and parents to one address, and none is named; write `shadow_to = "send.manager@council.example"` under [outbound]
    config/followupd.toml: warning: alerts.to: nobody would hear of faults of the service; write `to = ["operators@council.example"]` under [alerts]
    config/followupd.toml: security.authserv_ids: no server is named whose Authentication-Results are believed, so no mail could prove its sender; name your own mail server as it stands in that header of received mail, as in `authserv_ids = ["mail.council.example"]`, or write `sender_check = "confirm"`
    config/followupd.toml: warning: send_manager: there is no SEND manager, so nobody gets the reports; write a [[send_manager]] with name and address
    "#);
}

#[test]
fn a_secret_in_the_file_is_refused_and_never_repeated() {
    let office = with("mailbox_password = { env = \"MAIL_PASSWORD\" }", "mailbox_password = \"hunter2\"");
    office.write(
        "config.d/more.toml",
        "[store]\nurl = \"postgres://u:hunter2@db/x\"\n[oauth2]\npassword = \"hunter2\"\n",
    );
    let messages = office.messages();
    assert!(!messages.contains("hunter2"));
    insta::assert_snapshot!(messages, @r#"
    config/followupd.toml:11: secrets.mailbox_password: a secret never stands in a configuration file; write the place of the secret (file, env or credential), as in `mailbox_password = { file = "/run/secrets/mailbox" }`
    config/config.d/more.toml:2: store.url: a password never stands in a configuration file; take it out; give it in PGPASSFILE, or the whole address in FOLLOWUPD__STORE__URL
    config/config.d/more.toml:4: oauth2.password: is unknown; secrets stand under [secrets], as { file = … }, { env = … } or { credential = … }
    "#);
}

#[test]
fn a_secret_is_found_in_exactly_one_way() {
    let office = with("token_key = { env = \"TOKEN_KEY\" }", "token_key = { env = \"TOKEN_KEY\", file = \"/x\" }");
    insta::assert_snapshot!(office.messages(), @r#"config/followupd.toml:10: secrets.token_key: a secret is found in exactly one way, and here are several; write the place of the secret (file, env or credential), as in `token_key = { env = "FOLLOWUPD_TOKEN_KEY" }`"#);
}

#[test]
fn a_secret_that_is_missing_open_or_short_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let office = Office::with("");
    let open = office.write("open", "hunter2");
    std::fs::set_permissions(&open, std::fs::Permissions::from_mode(0o644)).unwrap();
    let text = GOOD
        .replace("token_key = { env = \"TOKEN_KEY\" }", "token_key = { env = \"MAIL_PASSWORD\" }")
        .replace("mailbox_password = { env = \"MAIL_PASSWORD\" }", &format!("mailbox_password = {{ file = {open:?} }}"))
        .replace("outbound_password = { env = \"MAIL_PASSWORD\" }", "outbound_password = { credential = \"relay\" }");
    office.write("followupd.toml", &text);
    insta::assert_snapshot!(office.messages(), @r"
    config/followupd.toml:10: secrets.token_key: the key is shorter than 32 characters and could be guessed; make one with `openssl rand -base64 32`
    config/followupd.toml:11: secrets.mailbox_password: the file config/open is open to everybody on this machine; run `chmod 600 config/open`
    config/followupd.toml:12: secrets.outbound_password: there are no credentials: CREDENTIALS_DIRECTORY is not set, so systemd did not start this program; start it by a unit with `LoadCredential=relay:PATH`, or name the secret as { file = … }
    ");
}

#[test]
fn connections_are_protected() {
    let text = GOOD.replace("imaps://", "imap://").replace("?tls=required", "");
    insta::assert_snapshot!(Office::with(&text).messages(), @r"
    config/followupd.toml:5: mailbox.url: a connection without TLS is allowed on this machine only (localhost); write imaps://ACCOUNT@host/INBOX, imap://ACCOUNT@host/INBOX?tls=required or maildir:PATH, an @ in the account as %40; the password stands under [secrets]
    config/followupd.toml:7: outbound.url: a connection without TLS is allowed on this machine only (localhost); write smtps://ACCOUNT@host, smtp://ACCOUNT@host:587?tls=required or maildir:PATH, an @ in the account as %40; the password stands under [secrets]
    ");
}

#[test]
fn a_sender_is_proved_unless_the_mailbox_is_on_this_machine() {
    let office = with("[security]\nauthserv_ids = [\"mail.council.example\"]", "[security]\nsender_check = \"none\"");
    insta::assert_snapshot!(office.messages(), @r#"config/followupd.toml:14: security.sender_check: "none" lets anybody give commands in anybody's name; write "authentication_results", "exchange_online" or "confirm"; "none" is for a mailbox on this machine"#);
    let office = with("[security]\nauthserv_ids = [\"mail.council.example\"]", "");
    insta::assert_snapshot!(office.messages(), @r#"config/followupd.toml: security.authserv_ids: no server is named whose Authentication-Results are believed, so no mail could prove its sender; name your own mail server as it stands in that header of received mail, as in `authserv_ids = ["mail.council.example"]`, or write `sender_check = "confirm"`"#);
}

#[test]
fn an_address_has_one_role() {
    let office = Office::with(GOOD);
    office.write(
        "directory.toml",
        r#"
[[service]]
name = "community paediatrics"
domains = ["gmail.com", "trust.example"]
[[service.adviser]]
name = "Ann Lee"
address = "Ann.Lee@Council.example"
managers = ["ann.lee@council.example"]
[[service.adviser]]
name = "Robot"
address = "followups@council.example"
[[provider]]
services = ["Therapies"]
respondents = []
"#,
    );
    insta::assert_snapshot!(office.messages(), @r#"
    config/followupd.toml: warning: assessment.icb_lead: there are providers to be assessed and no ICB lead, so nobody but a SEND manager opens a round, hears of late answers and gets the results; write `icb_lead = "icb.lead@icb.example"` under [assessment]
    config/directory.toml:2: warning: service[1].fallback_manager: community paediatrics has no line manager for advisers without one of their own; write `fallback_manager = "…"`
    config/directory.toml:3: service[1].name: the service in config/followupd.toml:24 has this name already; give each service a name of its own
    config/directory.toml:4: service[1].domains: anybody can have an address at gmail.com, and letters about children would go there; list such people as advisers, one by one
    config/directory.toml:4: warning: service[1].domains: trust.example is also a domain of Community Paediatrics, to which its people are then counted; list the advisers of this service one by one
    config/directory.toml:7: service[1].adviser[0].address: ann.lee@council.example is already a co-ordinator in config/followupd.toml:19; an address has one role; remove one of the two entries
    config/directory.toml:8: warning: service[1].adviser[0].managers: Ann Lee cannot be their own line manager; name somebody else; until then the service's fallback manager is told
    config/directory.toml:11: service[1].adviser[1].address: followups@council.example is the service itself; write the person's own address
    config/directory.toml:13: provider[0].services: no [[service]] is called 'Therapies'; write the name of a service as it stands under its [[service]], in directory.toml say
    config/directory.toml:14: provider[0].respondents: nobody would get the form; write at least one address
    "#);
}

#[test]
fn a_set_of_criteria_has_each_number_once_and_asks_something() {
    let office = Office::with(GOOD);
    let row = |number: &str, importance: &str, text: &str| {
        format!("[[criterion]]\nnumber = {number}\nimportance = \"{importance}\"\ntext = \"{text}\"\n")
    };
    office.write(
        "assessment.toml",
        &[row("0", "essential", "A?"), row("7", "vital", "B?"), row("8", "essential", " ")].concat(),
    );
    office.write("config.d/more.toml", &(row("7", "desirable", "C?") + "[[criterion]]\nnumbr = 9\ntext = \"D?\"\n"));
    insta::assert_snapshot!(office.messages(), @r#"
    config/assessment.toml:2: criterion[0].number: 0 is not from 1 to 999; write a whole number from 1 to 999, as in `number = 7`
    config/assessment.toml:7: criterion[1].importance: 'vital' is not known here; write one of "essential", "desirable", as in `importance = "essential"`
    config/assessment.toml:12: criterion[2].text: the text is empty; write one line of text in quotes, as in `text = "Are exceptions to the 6 weeks reported with a narrative?"`
    config/config.d/more.toml:2: criterion[3].number: 7 is already the number of another criterion (config/assessment.toml:6); give each criterion a number of its own
    config/config.d/more.toml:5: criterion[4].number: is missing; write `number = 7`
    config/config.d/more.toml:5: criterion[4].importance: is missing; write `importance = "essential"`
    config/config.d/more.toml:6: criterion[4].numbr: is unknown; did you mean `number`?
    "#);
}

#[test]
fn a_rule_under_which_amber_cannot_occur_is_told() {
    let office = with("[security]", "[assessment]\nmet = \"yes\"\n[security]");
    insta::assert_snapshot!(office.messages(), @r#"config/followupd.toml:14: warning: assessment.met: with "yes" and so many essential criteria no result can ever be AMBER; write "yes_or_emerging" unless the ICB wants it so"#);
}

#[test]
fn what_a_self_assessment_needs_is_read_though_all_else_is_missing() {
    let read = |text: &str, variables: &[(&str, &str)]| {
        let office = Office::with(text);
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let main = office.folder.path().join("followupd.toml");
        crate::config::assessment_rules(Some(&main), variables).map_err(|faults| office.told(&faults))
    };
    let plurality = read("[windows]\nreminder = 99\n", &[("FOLLOWUPD__ASSESSMENT__MAJORITY", "plurality")]).unwrap();
    assert_eq!(plurality.rule.majority, crate::core::assessment::Majority::Plurality);
    assert_eq!(plurality.criteria, crate::core::assessment::Criteria::shipped());
    insta::assert_snapshot!(read("[assesment]\nmet = \"yes\"\n", &[]).unwrap_err(), @"config/followupd.toml:1: assesment: is unknown; did you mean `assessment`?");
    insta::assert_snapshot!(read("", &[("FOLLOWUPD__ASSESSMENT__MET", "maybe")]).unwrap_err(), @r#"environment: FOLLOWUPD__ASSESSMENT__MET: 'maybe' is not known here; write one of "yes_or_emerging", "yes", as in `FOLLOWUPD__ASSESSMENT__MET=yes_or_emerging`"#);
}

#[test]
fn rules_that_contradict_each_other_are_told() {
    let office = with(
        "[security]",
        r#"[windows]
clarification = 3
reminder = 3
[escalation]
at = "07:00"
copied_in_at = "06:00"
[timescales]
weeks = [6, 16, 12]
durations = { reveiw = 2 }
[cases]
ref_pattern = 'EHC-(\d+'
[calendar]
extra_closed = [2026-12-28]
not_closed = [2026-12-28, 2026-12-29]
years = { 2029 = [2028-01-03] }
[security]"#,
    );
    insta::assert_snapshot!(office.messages(), @r"
    config/followupd.toml:15: windows.reminder: the window has only 3 working days; write a smaller number, or 0 for no reminder
    config/followupd.toml:17: escalation.at: lies outside calendar.send_window (08:00-18:00), in which letters leave; write an hour inside it
    config/followupd.toml:18: escalation.copied_in_at: lies outside calendar.send_window (08:00-18:00), in which letters leave; write an hour inside it
    config/followupd.toml:18: escalation.copied_in_at: lies before escalation.at, though follow-ups that are copied in are the ones to wait longer; write an hour not before escalation.at
    config/followupd.toml:20: timescales.weeks: needs five rising numbers: decision, advice, plan draft, no-plan notice, final plan; write `weeks = [6, 12, 14, 16, 20]`
    config/followupd.toml:21: timescales.durations: 'reveiw' is unknown here; did you mean `review`?
    config/followupd.toml:23: cases.ref_pattern: this is not a regular expression (unclosed group); write a regular expression in single quotes, as in `ref_pattern = 'EHC-\d{4}-\d{3,6}'`
    config/followupd.toml:26: calendar.not_closed: 2026-12-28 is also in extra_closed; keep it in one of the two lists
    config/followupd.toml:26: warning: calendar.not_closed: 2026-12-29 is no bank holiday; mend the date, or take it out of the list
    config/followupd.toml:27: calendar.years: 2028-01-03 stands in the list of 2029; move it to the list of its own year
    config/followupd.toml:27: warning: calendar.years: the list of 2029 replaces all bank holidays and names only 1 of at least 8; list every bank holiday of that year, or use extra_closed
    ");
}

#[test]
fn names_are_looked_up_and_the_nearest_is_offered() {
    let office = with("[authority]", "[autority]\nx = 1\n[authority]\ntime_zone = \"Europe/Londn\"");
    office.write(
        "config.d/a.toml",
        "[outbound]\nmode = \"shadows\"\nprocessed = \"Done\"\n[coordinator]\nname = \"x\"\n",
    );
    office.write("config.d/b.toml", "alerts = true\n[authority]\nname = \"Another\"\n");
    insta::assert_snapshot!(office.messages(), @r#"
    config/followupd.toml:2: autority: is unknown; did you mean `authority`?
    config/followupd.toml:5: authority.time_zone: 'Europe/Londn' is not a time zone of the tz database; did you mean "Europe/London"?
    config/config.d/a.toml:2: outbound.mode: 'shadows' is not known here; did you mean "shadow"? It is one of "shadow", "staff_only", "live"
    config/config.d/a.toml:3: outbound.processed: is unknown; it belongs under [mailbox]
    config/config.d/a.toml:4: coordinator: there may be several of these, so two brackets are needed; write [[coordinator]]
    config/config.d/b.toml:1: alerts: this is a section, not a key; write [alerts]
    config/config.d/b.toml:3: authority.name: is also set in config/followupd.toml:6; keep one of the two
    "#);
}

#[test]
fn a_mode_is_given_to_letters_that_there_are() {
    let office = Office::with(GOOD);
    office.write(
        "config.d/a.toml",
        "[outbound]\nmode = { parent = \"shadow\", escalation = \"life\", today = \"live\" }\n",
    );
    insta::assert_snapshot!(office.messages(), @r#"
    config/config.d/a.toml:2: outbound.mode: 'parent' is unknown here; did you mean `parents`?
    config/config.d/a.toml:2: outbound.mode: 'today' is unknown here; known here: advisers, parents, partners, others, request, logged, reminder, escalation, responsible, stand_down, missing_file, new_due, advice_request, advice_logged, advice_reminder, overdue, not_known, request_stands, draft_check, draft_logged, draft_silence, draft_unread, feedback_pointer, early_notice, review_notice, parent_notice, parent_update, parent_acknowledgement, assessment_form, assessment_reminder, assessment_receipt, assessment_notice, assessment_action, assessment_result, assessment_own, partner_receipt, health_report
    config/config.d/a.toml:2: outbound.mode: 'life' is not known here; did you mean "live"? It is one of "shadow", "staff_only", "live"
    "#);
}

#[test]
fn shadow_mode_needs_somebody_who_reads_the_letters() {
    let office = with("shadow_to = \"sam@council.example\"\n", "");
    insta::assert_snapshot!(office.messages(), @r#"config/followupd.toml: outbound.shadow_to: shadow mode sends letters for advisers, managers and parents to one address, and none is named; write `shadow_to = "send.manager@council.example"` under [outbound]"#);
}

#[test]
fn the_environment_is_held_against_the_same_table() {
    let office = Office::with(GOOD);
    let faults = office
        .load_with(&[
            ("FOLLOWUPD__WINDOWS__CLARIFICATION", "five"),
            ("FOLLOWUPD__WINDOW__CLARIFICATION", "5"),
            ("FOLLOWUPD__SECRETS__MAILBOX_PASSWORD", "hunter2"),
            ("FOLLOWUPD__MAILBOX__URL", "imaps://u:hunter2@mail.council.example"),
        ])
        .unwrap_err();
    assert!(!office.told(&faults).contains("hunter2"));
    insta::assert_snapshot!(office.told(&faults), @r#"
    environment: FOLLOWUPD__MAILBOX__URL: a password stands in the address; write imaps://ACCOUNT@host/INBOX, imap://ACCOUNT@host/INBOX?tls=required or maildir:PATH, an @ in the account as %40; the password stands under [secrets]
    environment: FOLLOWUPD__SECRETS__MAILBOX_PASSWORD: is not the place of the secret (file, env or credential); write the place of the secret (file, env or credential), as in `FOLLOWUPD__SECRETS__MAILBOX_PASSWORD={ file = "/run/secrets/mailbox" }`
    environment: FOLLOWUPD__WINDOWS__CLARIFICATION: is not a whole number from 1 to 60; write a whole number from 1 to 60, as in `FOLLOWUPD__WINDOWS__CLARIFICATION=5`
    environment: FOLLOWUPD__WINDOW__CLARIFICATION: names no key; did you mean FOLLOWUPD__WINDOWS__CLARIFICATION?
    "#);
}

#[test]
fn a_configuration_that_is_not_there_is_told_with_what_to_do() {
    let none = std::path::Path::new("/nonexistent/followupd.toml");
    let faults = crate::config::load(Some(none), std::iter::empty()).unwrap_err();
    insta::assert_snapshot!(faults[0], @"/nonexistent/followupd.toml: cannot be read (there is no such file); name a file that is there and that the service may read");
}

#[test]
fn who_answers_for_a_provider_gives_no_orders_and_the_icb_has_a_lead() {
    let office = Office::with(GOOD);
    let provider = "[[provider]]\nservices = [\"Community Paediatrics\"]\n";
    office.write(
        "assessment.toml",
        &format!("{provider}respondents = [\"ann.lee@council.example\", \"ehcp.lead@trust.example\"]\n"),
    );
    insta::assert_snapshot!(office.messages(), @r#"
    config/followupd.toml: warning: assessment.icb_lead: there are providers to be assessed and no ICB lead, so nobody but a SEND manager opens a round, hears of late answers and gets the results; write `icb_lead = "icb.lead@icb.example"` under [assessment]
    config/assessment.toml:3: provider[0].respondents: ann.lee@council.example is already a co-ordinator in config/followupd.toml:19; an address has one role; remove one of the two entries
    "#);
    let of =
        |lead: &str| format!("[assessment]\nicb_lead = \"{lead}\"\n{provider}respondents = [\"lead@trust.example\"]\n");
    office.write("assessment.toml", &of("ann.lee@council.example"));
    insta::assert_snapshot!(office.messages(), @"config/assessment.toml:2: assessment.icb_lead: ann.lee@council.example is already a co-ordinator in config/followupd.toml:19; an address has one role; remove one of the two entries");
    // A manager of the services may do both.
    office.write("assessment.toml", &of("lead@trust.example"));
    insta::assert_snapshot!(office.messages(), @"");
}
