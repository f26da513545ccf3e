//! The weekly report to SEND managers: what needs them first, then the eleven sections of `domain.md` 3.7.

use super::document::{Cell, Report, Section, Table};
use super::first_screen::{after_lines, headline, in_short, lines, what_of};
use super::measure::{measures, twenty_weeks};
use crate::core::figures::need::first_screen;
use crate::core::figures::weekly::{League, OneDifferences, Outlook, Timeline, Weekly};
use crate::core::figures::{Change, Returns};
use crate::core::wording::{date_words, short_date};
use crate::letters::chart::{self, Span};
use chrono::NaiveDate;

/// The report for the figures.
pub fn weekly(figures: &Weekly) -> Report {
    let scope = &figures.scope;
    let (needs, more) = first_screen(&figures.needs);
    let team = scope.team.as_ref().map(|t| format!(", team {t}")).unwrap_or_default();
    Report {
        name: "weekly",
        date: scope.today,
        subject: format!("Weekly SEND report{team}, {}: {}", scope.today.format("%-d %b"), in_short(figures)),
        title: format!("Weekly SEND report{team}"),
        as_at: format!("{}, as at {}, {}", scope.authority, date_words(scope.today), scope.at.format("%H:%M")),
        headline: headline(figures),
        lines: lines(&needs),
        after_lines: after_lines(figures, &needs, more),
        sections: vec![
            machine(figures),
            counts(figures),
            clarifications(figures),
            advice(figures),
            draft_checks(figures),
            timescales(figures),
            leagues(figures),
            reasons(figures),
            mail(figures),
            rounds(figures),
            closures(figures),
        ],
        notes: vec![
            "Last week's figures are counted anew from what is on record today. Days late are working days; the six \
             and twenty weeks of the law are calendar weeks."
                .to_owned(),
            "This report comes every week, also when all is well. If it does not come, something is wrong: ask the \
             operators."
                .to_owned(),
        ],
    }
}

fn machine(figures: &Weekly) -> Section {
    let machine = &figures.health;
    let when = |at: Option<chrono::NaiveDateTime>| {
        Cell::Text(at.map_or_else(|| "never".to_owned(), |at| at.format("%a %-d %b %H:%M").to_string()))
    };
    let rows = vec![
        vec![Cell::text("Mailbox last looked at"), when(machine.mailbox_seen_at)],
        vec![Cell::text("Last heartbeat"), when(machine.beat_at)],
        vec![Cell::text("Letters waiting to leave"), Cell::Count(machine.queued)],
        vec![Cell::text("Letters refused in the last week"), Cell::Count(machine.undeliverable)],
        vec![Cell::text("Mails that need a person"), Cell::Count(machine.unmatched)],
        vec![Cell::text("Holidays known up to"), Cell::date(machine.holidays_to)],
    ];
    let sentences = match machine.warnings.as_slice() {
        [] => vec!["The service runs as it should.".to_owned()],
        warnings => warnings.to_vec(),
    };
    Section {
        sentences,
        tables: vec![Table::new("The service", &["What", ">Figure"], rows, "")],
        ..Section::new(1, "The service itself", "1 Service")
    }
}

fn counts(figures: &Weekly) -> Section {
    let c = &figures.counts;
    let row = |name: &str, change: Change| {
        vec![Cell::text(name), Cell::Count(change.now), Cell::Count(change.before), Cell::Difference(change)]
    };
    let rows = vec![
        row("Clarifications open", c.open),
        row("… of these overdue", c.overdue),
        row("… answered, not reviewed", c.unreviewed),
        row("Opened in the week", c.opened),
        row("Answered in the week", c.answered),
        row("Closed in the week", c.closed),
        row("Advice past six weeks", c.advice_overdue),
        row("Final plans issued in the week", c.plans),
    ];
    let table = Table::new("This week against last", &["What", ">Now", ">Last week", ">Change"], rows, "");
    let tables = std::iter::once(table).chain(figures.one.as_ref().map(differences)).collect();
    Section { tables, ..Section::new(2, "In figures", "2 Figures") }
}

fn differences(one: &OneDifferences) -> Table {
    let rows = one.lines.iter().map(|line| vec![Cell::text(line)]).collect();
    let caption = format!("Where ONE's export of {} says otherwise", short_date(one.on));
    Table::new(&caption, &["Difference"], rows, "Nowhere.")
}

fn clarifications(figures: &Weekly) -> Section {
    let c = &figures.clarifications;
    let mut charts = Vec::new();
    if !c.overdue_by_service.is_empty() {
        charts.push(chart::bars("overdue", "Overdue clarifications by service", &c.overdue_by_service));
    }
    if c.closing.iter().any(|(_, n)| *n > 0) {
        charts.push(chart::days("closing", "Windows that close this week", &c.closing));
    }
    let sentences = if figures.counts.open.now == 0 { vec!["None is open.".to_owned()] } else { open_ones(figures) };
    let overdue = c.overdue.iter().map(|o| {
        vec![
            Cell::text(&o.case),
            Cell::text(&o.service),
            Cell::Date(o.due_on),
            Cell::Count(u64::try_from(o.days).unwrap_or(0)),
            Cell::Count(o.level),
            Cell::text(&o.follow_up),
            Cell::text(&o.coordinator),
            Cell::Count(o.round),
        ]
    });
    let unreviewed = c.unreviewed.iter().map(|u| {
        vec![
            Cell::text(&u.case),
            Cell::text(&u.coordinator),
            Cell::Date(u.received_on),
            Cell::Count(u64::try_from(u.days).unwrap_or(0)),
            Cell::text(&u.follow_up),
        ]
    });
    let tables = vec![
        Table::new(
            "Overdue, the longest first",
            &["Case", "Service", ">Due", ">Days", ">Level", "|", "Follow-up", "Co-ordinator", ">Round"],
            overdue.collect(),
            "Nothing is overdue.",
        )
        .out_of(figures.counts.overdue.now),
        Table::new(
            "Answered and not reviewed: the adviser is not at fault",
            &["Case", "Co-ordinator", ">Came", ">Days", "|", "Follow-up"],
            unreviewed.collect(),
            "Every answer has been reviewed.",
        )
        .out_of(figures.counts.unreviewed.now),
        all_needs(figures),
    ];
    Section { sentences, charts, tables, ..Section::new(3, "Clarifications", "3 Clarifications") }
}

/// How far the open ones have come.
fn open_ones(figures: &Weekly) -> Vec<String> {
    let c = &figures.clarifications;
    let [nobody, manager, second, send] = c.by_level;
    vec![
        format!(
            "{} open: for {nobody} nobody has been told yet, for {manager} the line manager, for {second} the second level, for {send} a SEND manager.",
            figures.counts.open.now
        ),
        format!(
            "{} in a second round or later, {} with a moved date, {} without a manager's agreement, {} without a case.",
            c.later_rounds, c.extended, c.not_agreed, c.without_case
        ),
    ]
}

/// Everything that needs a SEND manager, also what the first screen has no room for: in the spreadsheet only.
fn all_needs(figures: &Weekly) -> Table {
    let rows = figures.needs.iter().map(|need| {
        vec![
            Cell::text(&need.case),
            Cell::text(need.about.reference()),
            Cell::text(&need.service),
            Cell::text(&need.coordinator),
            Cell::Text(what_of(need)),
        ]
    });
    let headings = ["|", "Case", "Follow-up", "Service", "Co-ordinator", "What"];
    Table::new("What needs a SEND manager", &headings, rows.collect(), "")
}

fn advice(figures: &Weekly) -> Section {
    let a = &figures.advice;
    let mut charts = Vec::new();
    if a.months.iter().any(|m| m.share().whole > 0) {
        let months: Vec<_> = a.months.iter().map(|m| (m.first, Some(m.share()))).collect();
        charts.push(chart::months("compliance", "Advice within six weeks, % of that due", &months));
    }
    let period = a.period.map_or_else(String::new, |(from, to)| {
        format!("Advice that was due from {} to {}.", short_date(from), short_date(to))
    });
    let rows: Vec<Vec<Cell>> = a.services.iter().map(returns_row).collect();
    let sums = returns_row(&Returns { service: "All".to_owned(), ..Returns::together(&a.services) });
    let mut table = Table::new(
        "Six-week returns by service",
        &[
            "Service",
            ">Due",
            ">In time",
            ">Late",
            ">Out",
            ">%",
            "|",
            ">Asked",
            ">Reg 8(2)",
            ">Not known",
            ">Median days",
        ],
        rows,
        "No advice was due.",
    );
    if !table.rows.is_empty() {
        table = table.with_sums(sums);
    }
    let exceptions = a.exceptions.iter().map(|e| {
        vec![
            Cell::text(&e.case),
            Cell::Text(reason_of(&e.ground, &e.theme)),
            Cell::text(&e.narrative),
            Cell::text(&e.service),
            Cell::date(e.due_on),
            Cell::date(e.received_on),
        ]
    });
    let exceptions = Table::new(
        "Late with a recorded reason",
        &["Case", "Reason", "Narrative", "|", "Service", ">Due", ">Came"],
        exceptions.collect(),
        "No reason is recorded for late advice.",
    );
    let exceptions = Table { left_out: a.cases_unread, ..exceptions };
    Section {
        sentences: vec![period].into_iter().filter(|p| !p.is_empty()).collect(),
        charts,
        tables: vec![table, exceptions],
        ..Section::new(4, "Advice at six weeks", "4 Advice")
    }
}

fn reason_of(ground: &str, theme: &str) -> String {
    match (ground, theme) {
        ("", theme) => theme.to_owned(),
        (ground, "") => format!("reg 8(2): {ground}"),
        (ground, theme) => format!("reg 8(2): {ground}; {theme}"),
    }
}

fn returns_row(r: &Returns) -> Vec<Cell> {
    vec![
        Cell::text(&r.service),
        Cell::Count(r.due),
        Cell::Count(r.in_time),
        Cell::Count(r.late),
        Cell::Count(r.outstanding),
        Cell::percent(r.share().percent()),
        Cell::Count(r.asked),
        Cell::Count(r.excepted),
        Cell::Count(r.not_known),
        Cell::days(r.median_days),
    ]
}

fn draft_checks(figures: &Weekly) -> Section {
    let d = &figures.draft_checks;
    let table = measures(
        "Draft checks",
        &[
            ("Open", d.open),
            ("Feedback in the week", d.feedback),
            ("No changes, in the week", d.confirmed),
            ("No reply, in the week (no breach)", d.no_reply),
            ("Line manager not copied in", d.manager_not_copied),
            ("Plan drafts to be issued anew", u64::try_from(d.reissue.len()).unwrap_or(0)),
        ],
    );
    let reissue =
        Table::new("To be issued anew", &["Case"], d.reissue.iter().map(|c| vec![Cell::text(c)]).collect(), "");
    Section { tables: vec![table, reissue], ..Section::new(5, "Draft checks", "5 Draft checks") }
}

fn timescales(figures: &Weekly) -> Section {
    let t = &figures.timescales;
    let today = figures.scope.today;
    let mut charts = Vec::new();
    if !t.timelines.is_empty() {
        let spans: Vec<Span> = t.timelines.iter().map(|c| span(c, today)).collect();
        charts.push(chart::timelines("timelines", "Cases against week 20", &spans));
    }
    let sentences = vec![format!(
        "{} at risk, {} will be late, {} past week 20 and {} past a year; {} without a known date of request.",
        t.at_risk, t.will_slip, t.late, t.late_over_a_year, t.without_request
    )];
    let cases = t.timelines.iter().map(|c| {
        vec![
            Cell::text(&c.case),
            Cell::text(outlook_words(c.outlook)),
            Cell::Date(c.week_20),
            Cell::date(c.expected_on),
            Cell::date(c.told),
            Cell::Date(c.requested_on),
            Cell::text(&c.coordinator),
        ]
    });
    let milestones = t.milestones.iter().map(|m| {
        vec![
            Cell::text(&m.case),
            Cell::Count(m.week),
            Cell::Date(m.planning_due),
            Cell::Date(m.legal_due),
            Cell::text(&m.coordinator),
        ]
    });
    let n = &t.notices;
    let notices = [
        ("Sent in the week", n.sent),
        ("Held or waiting", n.held),
        ("Stopped by a co-ordinator", n.vetoed),
        ("Undeliverable", n.undeliverable),
        ("To go by post", n.by_post),
        ("Told date passed without a plan", n.told_passed),
        ("Mails of parents to be answered", n.unanswered),
        ("… of these overdue", n.unanswered_late),
    ];
    let tables = vec![
        Table::new(
            "Not on track, the worst first",
            &["Case", "Outlook", ">Week 20", ">Expected", "|", ">Told", ">Requested", "Co-ordinator"],
            cases.collect(),
            "Every case with a known date of request is on track.",
        )
        .out_of(t.at_risk + t.will_slip + t.late + t.late_over_a_year),
        Table::new(
            "Weeks 6, 16 and 20 in the next three weeks",
            &["Case", ">Week", ">To meet", ">In law", "|", "Co-ordinator"],
            milestones.collect(),
            "No statutory date in the next three weeks.",
        ),
        measures("Notices to parents, and their mails", &notices),
        twenty_weeks(&figures.twenty_weeks),
    ];
    Section { sentences, charts, tables, ..Section::new(6, "Timescales", "6 Timescales") }
}

fn outlook_words(outlook: Outlook) -> &'static str {
    match outlook {
        Outlook::Late => "late",
        Outlook::WillSlip => "will be late",
        Outlook::AtRisk => "at risk",
        Outlook::OnTrack => "on track",
    }
}

fn span(case: &Timeline, today: NaiveDate) -> Span {
    let days = |to: NaiveDate| u64::try_from(to.signed_duration_since(case.requested_on).num_days()).unwrap_or(0);
    Span { case: case.case.clone(), now: days(today), expected: case.expected_on.map(days), told: case.told.map(days) }
}

fn leagues(figures: &Weekly) -> Section {
    let table = |caption: &str, who: &str, rows: &[League]| {
        let rows = rows.iter().map(|l| {
            vec![
                Cell::text(&l.name),
                Cell::Count(l.open),
                Cell::Count(l.overdue),
                Cell::Count(l.closed),
                Cell::days(l.median),
            ]
        });
        Table::new(caption, &[who, ">Open", ">Overdue", ">Closed", ">Median"], rows.collect(), "Nobody yet.")
    };
    Section {
        sentences: vec![
            "Closed, and the median of working days from request to answer, in the last thirteen weeks.".to_owned(),
        ],
        tables: vec![
            table("By co-ordinator", "Co-ordinator", &figures.coordinators),
            table("By service", "Service", &figures.services),
        ],
        ..Section::new(7, "Who has what", "7 Who has what")
    }
}

fn reasons(figures: &Weekly) -> Section {
    let rows = figures.reasons.iter().map(|r| {
        vec![Cell::text(&r.code), Cell::Count(r.asked.now), Cell::Count(r.asked.before), Cell::Count(r.quarter)]
    });
    let table = Table::new(
        "Why advice was asked about again",
        &["Reason", ">Week", ">Last week", ">13 weeks"],
        rows.collect(),
        "Nothing was asked about again in the last thirteen weeks.",
    );
    Section { tables: vec![table], ..Section::new(8, "Reasons for clarification", "8 Reasons") }
}

fn mail(figures: &Weekly) -> Section {
    let rows = figures
        .mail
        .iter()
        .map(|w| vec![Cell::text(&w.message), Cell::Date(w.on), Cell::text(&w.domain), Cell::Count(w.candidates)]);
    let table = Table::new(
        "Mail that could not be placed",
        &["Mail", ">Came", "From", ">Candidates"],
        rows.collect(),
        "Every mail has found its place.",
    )
    .out_of(figures.health.unmatched);
    Section { tables: vec![table], ..Section::new(9, "Mail that needs a person", "9 Mail") }
}

fn rounds(figures: &Weekly) -> Section {
    let rows = figures
        .rounds
        .iter()
        .map(|r| vec![Cell::text(&r.name), Cell::Count(r.complete), Cell::Count(r.providers), Cell::Date(r.closes_on)]);
    let table = Table::new(
        "Open rounds",
        &["Round", ">Complete", ">Of", ">Closes"],
        rows.collect(),
        "No round of the self-assessment is open.",
    );
    Section { tables: vec![table], ..Section::new(10, "Self-assessment", "10 Self-assessment") }
}

fn closures(figures: &Weekly) -> Section {
    let rows =
        figures.closures.iter().map(|c| vec![Cell::text(&c.name), Cell::Text(date_words(c.date)), Cell::Date(c.date)]);
    let table = Table::new(
        "The next days on which no window runs",
        &["Day", "When", "|", ">Date"],
        rows.collect(),
        "None in the next six months.",
    );
    let moved = figures.moved.iter().map(|m| {
        vec![Cell::text(&m.case), Cell::Date(m.was), Cell::Date(m.is), Cell::Date(m.on), Cell::text(&m.follow_up)]
    });
    let moved = Table::new(
        "Running windows that a change of the calendar has moved",
        &["Case", ">Was due", ">Is due", "|", ">Changed", "Follow-up"],
        moved.collect(),
        "",
    );
    let tables = std::iter::once(table).chain((!figures.moved.is_empty()).then_some(moved)).collect();
    Section { tables, ..Section::new(11, "Holidays", "11 Holidays") }
}
