//! Every key that operators may set: name, form, default, meaning. The one source for checking files, for
//! "did you mean", for the defaults, and for the reference file.

use super::form::Form;

/// What a key is when nobody has set it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// It has to be set; the TOML text is an example, well formed.
    Required(&'static str),
    /// It is off, or is derived from another key; the TOML text is an example, well formed.
    Off(&'static str),
    /// As `Off`, but the reference file needs it to be loadable as it stands.
    Shown(&'static str),
    /// The default, as TOML text.
    Is(&'static str),
}

impl Preset {
    /// The TOML text that is shown to people.
    pub fn example(self) -> &'static str {
        match self {
            Self::Required(text) | Self::Off(text) | Self::Shown(text) | Self::Is(text) => text,
        }
    }
}

/// A key of the configuration.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Section and name, `mailbox.url`; `[]` marks tables of which there may be several: `service[].name`.
    pub path: &'static str,
    /// How its value is written.
    pub form: Form,
    /// What it is when nobody has set it.
    pub preset: Preset,
    /// What it means, with its unit: the comment in the reference file.
    pub meaning: &'static str,
}

impl Key {
    /// The name without its section.
    pub fn name(&self) -> &'static str {
        self.path.rsplit_once('.').map_or(self.path, |(_, name)| name)
    }

    /// The section: `mailbox`, `service[].adviser[]`.
    pub fn section(&self) -> &'static str {
        self.path.rsplit_once('.').map_or("", |(section, _)| section)
    }
}

/// What each section is about: the comment under its heading in the reference file.
pub const SECTIONS: &[(&str, &str)] = &[
    ("authority", "Whose service this is."),
    ("mailbox", "The way in."),
    ("outbound", "The way out."),
    ("store", "The memory."),
    ("secrets", "Where secrets are found; they never stand in these files."),
    ("oauth2", "XOAUTH2 instead of passwords, for mailbox and relay (Microsoft 365, Google)."),
    ("network", "How the service reaches the internet."),
    ("calendar", "Working days and hours."),
    ("cases", "The authority's cases."),
    ("import", "Sheets that are sent with IMPORT."),
    ("templates", "The texts of letters."),
    ("advice", "Requests for advice (regulation 8)."),
    ("commands", "What staff write, and how they are answered."),
    ("windows", "The follow-up of a clarification."),
    ("escalation", "Who is told when after a window has closed."),
    ("reply", "What counts as an answer."),
    ("timescales", "How the date of the final plan is projected."),
    ("parents", "Notices to parents about a late plan."),
    ("draft_check", "Advisers look at the plan draft."),
    ("report", "The weekly report."),
    ("retention", "How long things are kept."),
    ("security", "Who is believed."),
    ("alerts", "The service's own health."),
    ("assessment", "The self-assessment of providers."),
    ("coordinator[]", "An EHCP co-ordinator: owns cases, closes follow-ups."),
    ("send_manager[]", "A SEND manager: gets the weekly report, settles disputes."),
    ("service[]", "A service that gives advice."),
    ("service[].adviser[]", "One of its advisers, as far as they are known beforehand."),
    ("service[].manager[]", "One of its line managers."),
    ("provider[]", "Who answers the self-assessment for which services."),
    ("one_sender[]", "An address from which ONE sends by itself."),
];

/// The key with this path.
pub fn key(path: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.path == path)
}

/// Whether the path is a section that holds keys or sections.
pub fn is_section(path: &str) -> bool {
    KEYS.iter().any(|key| key.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('.')))
}

/// The names that may stand directly under a section (`""` is the top of a file).
pub fn names_under(section: &str) -> Vec<&'static str> {
    let below = |key: &'static Key| match section {
        "" => Some(key.path),
        section => key.path.strip_prefix(section)?.strip_prefix('.'),
    };
    let mut names: Vec<&str> =
        KEYS.iter().filter_map(below).map(|rest| rest.split(['.', '[']).next().unwrap_or(rest)).collect();
    names.dedup();
    names
}

const fn required(path: &'static str, form: Form, example: &'static str, meaning: &'static str) -> Key {
    Key { path, form, preset: Preset::Required(example), meaning }
}

const fn off(path: &'static str, form: Form, example: &'static str, meaning: &'static str) -> Key {
    Key { path, form, preset: Preset::Off(example), meaning }
}

const fn shown(path: &'static str, form: Form, example: &'static str, meaning: &'static str) -> Key {
    Key { path, form, preset: Preset::Shown(example), meaning }
}

const fn is(path: &'static str, form: Form, default: &'static str, meaning: &'static str) -> Key {
    Key { path, form, preset: Preset::Is(default), meaning }
}

use Form::{
    Address, Choice, Clock, Closure, Command, Count, Day, Domain, Flag, Hold, Hours, Https, List, Listen, Mailbox, Map,
    Outbound, Path, Pattern, Record, Store, Text, Zone,
};

const ADDRESSES: Form = List(&Address);
const TEXTS: Form = List(&Text);
const COPIED_IN: &[&str] = &["clarification", "advice", "draft", "final"];
const STEPS: &[&str] = &["review", "write", "quality", "amend", "finalise"];
const LINES: &[&str] = &["sendiass", "complaints", "resolution", "formats", "phone"];

/// All keys, in the order of the reference file.
pub const KEYS: &[Key] = &[
    required("authority.name", Text, r#""Example County Council""#, "The authority's name, as letters carry it."),
    off(
        "authority.short_name",
        Text,
        r#""Example""#,
        "Its short name, in the sender's name of letters. Default: the name.",
    ),
    is("authority.time_zone", Zone, r#""Europe/London""#, "The local zone of every date and hour."),
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
    is(
        "mailbox.largest_mb",
        Count(1, 150),
        "40",
        "Mail above this size (MB) is kept on the server and listed in triage.",
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
        Choice(&["shadow", "staff_only", "live"]),
        r#""shadow""#,
        "shadow: letters to advisers, managers and parents go to shadow_to only.\nstaff_only: only letters to staff leave. live: all leave.",
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
        Form::Secret,
        r#"{ env = "FOLLOWUPD_TOKEN_KEY" }"#,
        "The key that signs tokens, 32 characters or more: `openssl rand -base64 32`.\nEach secret is { file = PATH }, { env = NAME } or { credential = NAME } (systemd LoadCredential).",
    ),
    off(
        "secrets.mailbox_password",
        Form::Secret,
        r#"{ file = "/run/secrets/mailbox" }"#,
        "The password of the account of mailbox.url.",
    ),
    off(
        "secrets.outbound_password",
        Form::Secret,
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
    off("oauth2.client_secret", Form::Secret, r#"{ credential = "oauth2" }"#, "The application's secret."),
    off("oauth2.scope", Text, r#""https://outlook.office365.com/.default""#, "What the token is for."),
    off("network.proxy", Text, r#""http://proxy.council.example:3128""#, "The proxy for HTTPS (OAuth2)."),
    off("network.ca_file", Path, r#""/etc/ssl/council-ca.pem""#, "More certificate authorities to trust, as PEM."),
    is(
        "calendar.extra_closed",
        List(&Closure),
        "[]",
        "More days that are no working days: 2026-12-29, or { date = 2026-12-29, name = \"Council closed\" }.",
    ),
    is("calendar.not_closed", List(&Day), "[]", "Bank holidays that are working days after all."),
    is(
        "calendar.years",
        Map(&List(&Closure)),
        "{}",
        "A year whose list here replaces all known holidays: { 2029 = [2029-01-01, …] }.",
    ),
    is(
        "calendar.verified_to",
        Day,
        "2028-12-31",
        "Up to where the holidays have been held against the published list.",
    ),
    is("calendar.office_hours", Hours, r#""09:00-17:00""#, "When the team can be rung, as letters say it."),
    is(
        "calendar.send_window",
        Hours,
        r#""08:00-18:00""#,
        "When letters to advisers, managers and parents may leave, on a working day.",
    ),
    is(
        "cases.ref_pattern",
        Pattern,
        r#"'EHC-\d{4}-\d{3,6}'"#,
        "Regular expression of the authority's case references.",
    ),
    is(
        "cases.child_label",
        Choice(&["ref", "ref+initials", "ref+initials+born"]),
        r#""ref+initials""#,
        "How a child is named to advisers; the date of birth goes to listed addresses only.",
    ),
    is("import.columns", Map(&Text), "{}", "Names of columns in an imported sheet: { \"case\" = \"Person ID\" }."),
    off("templates.dir", Path, r#""/etc/followupd/templates""#, "A folder whose files replace the texts of letters."),
    is("advice.window", Count(1, 365), "42", "Calendar days in which advice is due (regulation 8(1): six weeks)."),
    is(
        "advice.reminder",
        Count(0, 60),
        "7",
        "Calendar days before the due date on which the adviser is reminded; 0: never.",
    ),
    is("advice.early_notice", Flag, "true", "Whether a provider hears of a new case at once."),
    is("advice.review_notice", Flag, "true", "Whether practitioners hear of an annual review, 8 and 4 weeks before."),
    is(
        "commands.receipts",
        Choice(&["short", "all"]),
        r#""short""#,
        "How a command is confirmed: one line, or in full.",
    ),
    is("commands.today_at", Clock, r#""07:30""#, "When the Today mail comes, on a working day."),
    is(
        "commands.why",
        TEXTS,
        r#"["unclear", "incomplete", "out of date", "jargon", "provision not specified and quantified", "impact on learning missing", "wrong child", "other"]"#,
        "Codes behind Why:.",
    ),
    is(
        "commands.themes",
        TEXTS,
        r#"["capacity", "late request", "child not brought", "school closed", "not known", "lost", "other"]"#,
        "Codes behind Theme:.",
    ),
    is(
        "commands.agreement",
        Choice(&["flag", "block"]),
        r#""flag""#,
        "A clarification without \"Agreed with:\" is flagged, or refused.",
    ),
    off(
        "commands.copied_in",
        Record(COPIED_IN, &Address),
        r#"{ advice = "ehc-advice@council.example" }"#,
        "Addresses that say what a copied-in mail opens or ends: clarification, advice, draft, final.\nDefault: outbound.reply_to, and the same with +advice, +draft and +final.",
    ),
    is(
        "windows.clarification",
        Count(1, 60),
        "5",
        "Working days in which a clarification is due; the day of the mail does not count.",
    ),
    is(
        "windows.reminder",
        Count(0, 20),
        "1",
        "Working days before the close on which the adviser is reminded; 0: never.",
    ),
    is(
        "windows.review_nudge",
        Count(1, 60),
        "2",
        "Working days after which the co-ordinator is reminded of a reply to review.",
    ),
    is("escalation.at", Clock, r#""08:00""#, "When an escalation leaves, on the working day after the close."),
    is(
        "escalation.copied_in_at",
        Clock,
        r#""12:00""#,
        "The same for a copied-in follow-up, whose answer may have gone elsewhere.",
    ),
    is("escalation.repeat", Count(1, 60), "5", "Working days between two levels."),
    is("escalation.max", Count(1, 3), "3", "The highest level; afterwards only the weekly report."),
    is("escalation.subject_prefix", Text, r#""OVERDUE: ""#, "What stands before the fixed subject."),
    is(
        "escalation.thin_pause",
        Count(1, 20),
        "2",
        "A short or doubtful reply pauses the escalation until this working day after the close.",
    ),
    is("reply.full_words", Count(1, 500), "25", "New words of an adviser that count as a full reply."),
    is("reply.manager_words", Count(1, 500), "60", "New words of a line manager that count as a full reply."),
    is(
        "reply.holding_phrases",
        TEXTS,
        r#"["will send", "will forward", "will reply", "will respond", "will get back", "chasing", "looking into", "not known", "discharged"]"#,
        "A reply with one of these is short, however long it is.",
    ),
    is(
        "reply.more_time_phrases",
        TEXTS,
        r#"["need time", "more time", "extension"]"#,
        "Asks for time; pauses nothing.",
    ),
    is(
        "timescales.weeks",
        List(&Count(1, 104)),
        "[6, 12, 14, 16, 20]",
        "Weeks for decision, advice, plan draft, no-plan notice and final plan.",
    ),
    is(
        "timescales.durations",
        Record(STEPS, &Count(0, 60)),
        "{ review = 2, write = 5, quality = 2, amend = 3, finalise = 3 }",
        "Working days that each step is expected to take.",
    ),
    is(
        "timescales.shortest",
        Record(STEPS, &Count(0, 60)),
        "{ review = 0, write = 2, quality = 1, amend = 1, finalise = 1 }",
        "Working days that each step takes at best.",
    ),
    is("timescales.overdue", Count(0, 60), "5", "Working days in which overdue advice is assumed to come."),
    is(
        "timescales.parents",
        Count(15, 60),
        "15",
        "Calendar days for parents to comment, the day of service included (regulation 13(1)(a): at least 15).",
    ),
    is("timescales.consultation", Count(0, 60), "15", "Calendar days for a school to answer."),
    is(
        "timescales.consult",
        Choice(&["sequential", "parallel"]),
        r#""sequential""#,
        "Schools are consulted after the parents' days, or in them.",
    ),
    is("timescales.buffer", Count(0, 60), "5", "Working days before week 20 from which a case is at risk."),
    is("timescales.told_margin", Count(0, 60), "5", "Working days added to the date that parents are told."),
    is(
        "parents.hold",
        Hold,
        r#""1wd""#,
        "How long a co-ordinator may stop a notice: working days, \"0\", or \"approve\" (never without SEND).",
    ),
    is("parents.per_day", Count(1, 1000), "20", "Notices a day; above it a SEND manager is asked."),
    is("parents.require_contact_verified", Flag, "true", "Write only to contacts that a co-ordinator has verified."),
    is(
        "parents.renotify_after",
        Count(1, 60),
        "5",
        "Working days that a date must have moved before parents are told again.",
    ),
    is("parents.renotify_gap", Count(1, 60), "10", "Working days between two notices."),
    is("parents.human_text_from", Count(1, 20), "3", "From this revision on a person writes the reason."),
    is("parents.update_every", Count(1, 60), "20", "Working days between two updates about a late plan."),
    is("parents.notify_for", List(&Choice(&["6", "16", "20"])), r#"["20"]"#, "Weeks whose slip parents are told."),
    is("parents.sign_as", Choice(&["coordinator", "team"]), r#""coordinator""#, "Whose name a notice carries."),
    is("parents.subject", Text, r#""Update from the SEND team""#, "The subject of a notice; the reference is added."),
    is(
        "parents.lines",
        Record(LINES, &Text),
        "{}",
        "Lines of a notice: { sendiass = \"…\", complaints = \"…\", resolution = \"…\", formats = \"…\", phone = \"…\" }.",
    ),
    off(
        "parents.duty_address",
        Address,
        r#""duty@council.example""#,
        "Who gets every parent's mail at once, beside the co-ordinator.",
    ),
    is("parents.acknowledge", Flag, "true", "Whether a parent's mail is acknowledged, once in 5 working days."),
    is("draft_check.window", Count(1, 60), "5", "Working days in which advisers check a plan draft."),
    is(
        "draft_check.anchor",
        Choice(&["issue", "pre_issue"]),
        r#""issue""#,
        "Whether the check runs from the issue or before it.",
    ),
    is(
        "draft_check.on_close",
        Choice(&["notify_manager", "escalate", "silent"]),
        r#""notify_manager""#,
        "What follows when nobody has answered.",
    ),
    is(
        "report.day",
        Choice(&["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]),
        r#""Monday""#,
        "The day of the weekly report, else the next working day.",
    ),
    is("report.at", Clock, r#""08:00""#, "Its hour."),
    is("report.recipients", ADDRESSES, "[]", "Who gets it. Default: the SEND managers."),
    is("report.csv", Flag, "true", "Whether the figures are attached as CSV."),
    is(
        "report.teams",
        Map(&ADDRESSES),
        "{}",
        "Who gets a report on one team only: { \"North\" = [\"north@council.example\"] }.",
    ),
    is("retention.raw_days", Count(1, 3650), "90", "Days that mail is kept after its case has been closed."),
    is("retention.unmatched_days", Count(1, 3650), "30", "Days that mail is kept that never found a case."),
    is("retention.metadata_years", Count(1, 40), "6", "Years that the events of a case are kept after its closure."),
    is(
        "retention.stale_months",
        Count(1, 120),
        "18",
        "Months without any event after which a case is put before the SEND manager.",
    ),
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
    off("assessment.icb_lead", Address, r#""icb.lead@icb.example""#, "The ICB's lead of the self-assessment."),
    is("assessment.governance", ADDRESSES, "[]", "Who gets its results."),
    is(
        "assessment.met",
        Choice(&["yes_or_emerging", "yes"]),
        r#""yes_or_emerging""#,
        "When an essential criterion is met; with \"yes\" AMBER cannot occur.",
    ),
    is(
        "assessment.majority",
        Choice(&["strict", "plurality"]),
        r#""strict""#,
        "More than half, or the greatest number.",
    ),
    is(
        "assessment.comments",
        Choice(&["warn", "require"]),
        r#""warn""#,
        "Whether a rating without a comment is listed, or refused.",
    ),
    is("assessment.window", Count(1, 120), "20", "Working days in which a round is answered."),
    required("coordinator[].name", Text, r#""Ann Lee""#, "As letters write it."),
    required(
        "coordinator[].address",
        Address,
        r#""ann.lee@council.example""#,
        "Where mail for them goes, and where their commands come from.",
    ),
    off("coordinator[].phone", Text, r#""01632 960123""#, "Printed in letters."),
    off("coordinator[].line_manager", Address, r#""send.manager@council.example""#, "Their own line manager."),
    off("coordinator[].team", Text, r#""North""#, "For reports and deputies."),
    required("send_manager[].name", Text, r#""Sam Okoro""#, "As letters write it."),
    required(
        "send_manager[].address",
        Address,
        r#""send.manager@council.example""#,
        "Where mail for them goes, and where their commands come from.",
    ),
    required("service[].name", Text, r#""Community Paediatrics""#, "As letters and reports write it."),
    is("service[].domains", List(&Domain), "[]", "Mail domains of its staff; letters may go there."),
    is(
        "service[].legal",
        Choice(&["section31", "regulation6"]),
        r#""section31""#,
        "Which duty binds it. section31: health and others asked under section 31.\nregulation6: schools, the authority's own psychologists and social care.",
    ),
    off("service[].route", Address, r#""ehcp@trust.example""#, "The single route address, where it has one."),
    off(
        "service[].fallback_manager",
        Address,
        r#""paediatrics.lead@trust.example""#,
        "Line manager for advisers without one.",
    ),
    off(
        "service[].second_level",
        Address,
        r#""dco@icb.example""#,
        "Where the second escalation goes (DCO, head of service).",
    ),
    required("service[].adviser[].name", Text, r#""Dr Priya Shah""#, "As letters write it."),
    required("service[].adviser[].address", Address, r#""p.shah@trust.example""#, "Where mail for them goes."),
    is(
        "service[].adviser[].managers",
        ADDRESSES,
        "[]",
        "Their line managers. Default: the service's fallback manager.",
    ),
    required("service[].manager[].name", Text, r#""Jo Marsh""#, "As letters write it."),
    required("service[].manager[].address", Address, r#""j.marsh@trust.example""#, "Where mail for them goes."),
    required(
        "provider[].services",
        TEXTS,
        r#"["Community Paediatrics"]"#,
        "The services that it answers for, as listed above.",
    ),
    required("provider[].respondents", ADDRESSES, r#"["ehcp.lead@trust.example"]"#, "Who fills the self-assessment."),
    off(
        "provider[].lead",
        Address,
        r#""ehcp.lead@trust.example""#,
        "Whose answer wins. Default: the first respondent.",
    ),
    required(
        "one_sender[].address",
        Address,
        r#""noreply@one.example""#,
        "The address from which ONE sends; it may open follow-ups and nothing else.",
    ),
    is(
        "one_sender[].proof",
        Choice(&["authentication_results", "exchange_online"]),
        r#""authentication_results""#,
        "How its mail is proved.",
    ),
    is(
        "one_sender[].coordinator_from",
        Choice(&["reply_to", "cc", "body"]),
        r#""reply_to""#,
        "Where the co-ordinator stands in it.",
    ),
];
