//! Keys of timescales, parents, reports, retention, sheets, texts and the self-assessment.

use super::{ADDRESSES, Key, is, off, required};
use crate::config::form::Form::{Address, Choice, Clock, Count, Flag, Hold, List, Map, Path, Record, Text};
use crate::core::assessment::criteria::HIGHEST_NUMBER;

const STEPS: &[&str] = &["review", "write", "quality", "amend", "finalise"];
const LINES: &[&str] = &["sendiass", "complaints", "resolution", "formats", "phone"];

pub(super) const KEYS: &[Key] = &[
    is("import.columns", Map(&Text), "{}", "Names of columns in an imported sheet: { \"case\" = \"Person ID\" }."),
    off("templates.dir", Path, r#""/etc/followupd/templates""#, "A folder whose files replace the texts of letters."),
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
    required(
        "criterion[].number",
        Count(1, HIGHEST_NUMBER),
        "7",
        "How it is named in the form (\"Q07\"); each number once.",
    ),
    required(
        "criterion[].importance",
        Choice(&["essential", "desirable"]),
        r#""essential""#,
        "Whether it has to be met, or counts in the totals only.",
    ),
    required(
        "criterion[].text",
        Text,
        r#""Are exceptions to the 6 weeks reported with a narrative?""#,
        "The question, as the form prints it.",
    ),
    is(
        "criterion[].double_barrelled",
        Flag,
        "false",
        "true where it asks two things: the form then says \"Yes only if both parts hold\".",
    ),
];
