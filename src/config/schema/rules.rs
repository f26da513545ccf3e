//! Keys of the rules that the core decides by.

use super::{Key, TEXTS, is, off, required};
use crate::config::form::Form::{
    Address, Choice, Clock, Closure, Count, Day, Flag, Hours, List, Map, Pattern, Record, Text, Zone,
};

const COPIED_IN: &[&str] = &["clarification", "advice", "draft", "final"];

pub(super) const KEYS: &[Key] = &[
    required("authority.name", Text, r#""Example County Council""#, "The authority's name, as letters carry it."),
    off(
        "authority.short_name",
        Text,
        r#""Example""#,
        "Its short name, in the sender's name of letters. Default: the name.",
    ),
    is("authority.time_zone", Zone, r#""Europe/London""#, "The local zone of every date and hour."),
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
    is(
        "reply.ask_for_missing",
        Flag,
        "false",
        "Whether a sender is asked, once, for a file that their answer announced and lacked.",
    ),
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
];
