//! The monthly health report: six-week returns and what becomes of advice, one edition a reader (`domain.md` 4.5).

use super::document::{Cell, Report, Section, Table};
use super::measure::twenty_weeks;
use crate::core::figures::health::{Edition, SeenReturns};
use crate::core::figures::{Exception, Reader, Shown, ToldOf};
use crate::core::wording::date_words;
use crate::letters::chart;

/// The report for an edition.
pub fn health(edition: &Edition) -> Report {
    let month = edition.month.format("%B %Y");
    let whose = match &edition.reader {
        Reader::Authority | Reader::Icb => String::new(),
        Reader::Provider { name, .. } => format!(", {name}"),
    };
    let scope = &edition.scope;
    Report {
        name: "health",
        date: edition.month,
        subject: format!("EHC advice{whose}, {month}: {}", in_short(edition)),
        title: format!("Advice for EHC plans{whose}, {month}"),
        as_at: format!("{}, as at {}, {}", scope.authority, date_words(scope.today), scope.at.format("%H:%M")),
        headline: headline(edition),
        lines: Vec::new(),
        after_lines: String::new(),
        sections: [returns(edition), exceptions(edition), reasons(edition), quality(edition), drafts(edition)]
            .into_iter()
            .chain((edition.reader == Reader::Authority).then(|| plans(edition)))
            .collect(),
        notes: notes(edition),
    }
}

/// The reader's whole: everything, or a provider's own services when all of them may be seen.
fn whole(edition: &Edition) -> Option<SeenReturns> {
    match (&edition.together, edition.returns.as_slice()) {
        (None, []) => Some(SeenReturns::NOTHING),
        (Some(together), _) => Some(*together),
        (None, [(_, own)]) => Some(*own),
        (None, _) => None,
    }
}

fn in_short(edition: &Edition) -> String {
    match whole(edition).and_then(|w| w.share()).map(|s| s.percent()) {
        Some(Some(percent)) => format!("{percent}% within six weeks"),
        Some(None) => "nothing was due".to_owned(),
        None => "six-week returns".to_owned(),
    }
}

fn headline(edition: &Edition) -> String {
    let month = edition.month.format("%B");
    let Some(whole) = whole(edition) else {
        return format!("The six-week returns of {month}, by service.");
    };
    match (whole.share(), whole.late, whole.outstanding) {
        (Some(share), _, _) if share.whole == 0 => format!("No advice was due in {month}."),
        (Some(share), late, outstanding) => {
            let percent = share.percent().map(|p| format!(" ({p}%)")).unwrap_or_default();
            let rest = match (late, outstanding) {
                (Shown::Exact(late), Shown::Exact(out)) => {
                    let are = if out == 1 { "is" } else { "are" };
                    format!("; {late} came later, {out} {are} outstanding")
                }
                _ => String::new(),
            };
            format!(
                "{} of {} requests for advice due in {month} came back within six weeks{percent}{rest}.",
                share.part, share.whole
            )
        }
        (None, _, _) => format!("The six-week returns of {month}; numbers below five are withheld."),
    }
}

fn returns(edition: &Edition) -> Section {
    let row = |name: &str, r: &SeenReturns| {
        let percent = match r.share() {
            Some(share) => Cell::percent(share.percent()),
            None => Cell::Withheld,
        };
        vec![
            Cell::text(name),
            r.due.into(),
            r.in_time.into(),
            r.late.into(),
            r.outstanding.into(),
            percent,
            r.asked.into(),
            r.excepted.into(),
            Cell::days(r.median_days),
        ]
    };
    let mut table = Table::new(
        "Six-week returns by service",
        &["Service", ">Due", ">In time", ">Late", ">Out", ">%", "/", ">Asked", ">Reg 8(2)", ">Median days"],
        edition.returns.iter().map(|(name, r)| row(name, r)).collect(),
        "No advice was asked for or due.",
    );
    if let Some(together) = edition.together.as_ref().filter(|_| edition.returns.len() > 1) {
        table = table.with_sums(row("All", together));
    }
    let mut charts = Vec::new();
    if edition.months.iter().any(|(_, s)| s.is_some_and(|s| s.whole > 0)) {
        charts.push(chart::months("compliance", "Advice within six weeks, % of that due", &edition.months));
    }
    let range = edition.range.map(|[low, middle, high]| {
        format!(
            "Across the other services whose numbers may be shown, the share in time runs from {low}% to {high}%, with {middle}% in the middle."
        )
    });
    Section {
        sentences: range.into_iter().collect(),
        charts,
        tables: vec![table],
        ..Section::new(1, "Six-week returns", "1 Returns")
    }
}

fn exceptions(edition: &Edition) -> Section {
    let empty = if edition.exceptions_withheld {
        "There were fewer than five exceptions; they are not told one by one."
    } else {
        "No exception was recorded."
    };
    let headings: &[&str] = match edition.reader {
        Reader::Authority => &["Theme", "Ground (reg 8(2))", "Narrative", "|", "Service", "Case", ">Due", ">Came"],
        Reader::Icb | Reader::Provider { .. } if edition.exceptions.iter().any(|e| !e.ground.is_empty()) => {
            &["Theme", "Ground (reg 8(2))", "Narrative"]
        }
        Reader::Icb | Reader::Provider { .. } => &["Theme", "Narrative"],
    };
    let rows = edition.exceptions.iter().map(|e| {
        let cells = headings.iter().filter_map(|heading| exception(e, edition, heading));
        cells.collect()
    });
    let table = Table::new("Late or outstanding, with the reason on record", headings, rows.collect(), empty);
    let table = Table { left_out: edition.cases_unread, ..table };
    Section { tables: vec![table], ..Section::new(2, "Exceptions", "2 Exceptions") }
}

/// The cell of an exception below a heading; `None` below what is none.
fn exception(e: &Exception, edition: &Edition, heading: &str) -> Option<Cell> {
    let untold = edition.reader != Reader::Authority && e.told_of == ToldOf::WholeCase;
    Some(match heading {
        "Theme" if e.theme.is_empty() => Cell::text("no theme"),
        "Theme" => Cell::text(&e.theme),
        "Ground (reg 8(2))" => Cell::text(&e.ground),
        "Narrative" if untold => Cell::text("(not told: it is about several services at once)"),
        "Narrative" => Cell::text(&e.narrative),
        "Service" => Cell::text(&e.service),
        "Case" => Cell::text(&e.case),
        ">Due" => Cell::date(e.due_on),
        ">Came" => Cell::date(e.received_on),
        _ => return None,
    })
}

fn reasons(edition: &Edition) -> Section {
    let mut rows = Vec::new();
    for (service, counts) in &edition.reasons {
        for (code, shown) in edition.reason_codes.iter().zip(counts) {
            if *shown != Shown::Exact(0) {
                rows.push(vec![Cell::text(service), Cell::text(code), (*shown).into()]);
            }
        }
    }
    let table = Table::new(
        "Why a service was asked again",
        &["Service", "Reason", ">Times"],
        rows,
        "No service was asked again.",
    );
    Section { tables: vec![table], ..Section::new(3, "Reasons for clarification", "3 Reasons") }
}

fn columns(row: &(String, Vec<Shown>), wanted: &[usize]) -> Vec<Cell> {
    let (service, counts) = row;
    let at = |n: &usize| counts.get(*n).map_or(Cell::Nothing, |shown| (*shown).into());
    std::iter::once(Cell::text(service)).chain(wanted.iter().map(at)).collect()
}

fn quality(edition: &Edition) -> Section {
    let table = Table::new(
        "What became of advice",
        &[
            "Service",
            ">Received",
            ">Not enough",
            ">Asked again",
            ">Overdue",
            "/",
            ">Second round or later",
            ">Not known to service",
        ],
        edition.quality.iter().map(|q| columns(q, &[0, 1, 2, 4, 3, 5])).collect(),
        "No advice came in.",
    );
    Section {
        sentences: vec![
            "“Not enough” is advice that was insufficient the first time; “overdue” are clarifications whose window closed without an answer.".to_owned(),
        ],
        tables: vec![table],
        ..Section::new(4, "Quality", "4 Quality")
    }
}

fn drafts(edition: &Edition) -> Section {
    let table = Table::new(
        "Looks at a plan draft that practitioners were offered",
        &["Service", ">Offered", ">Answered"],
        edition.quality.iter().map(|q| columns(q, &[6, 7])).collect(),
        "None was offered.",
    );
    Section { tables: vec![table], ..Section::new(5, "Draft checks", "5 Draft checks") }
}

fn plans(edition: &Edition) -> Section {
    Section { tables: vec![twenty_weeks(&edition.twenty_weeks)], ..Section::new(6, "The 20 weeks", "6 Twenty weeks") }
}

fn notes(edition: &Edition) -> Vec<String> {
    let counted =
        "Due: the six weeks of regulation 8(1) ended in the month. In time: first received by then; what was \
                   clarified later does not change that."
            .to_owned();
    match edition.reader {
        Reader::Authority => vec![counted],
        Reader::Icb | Reader::Provider { .. } => {
            vec![counted, "* fewer than five, or withheld so that such a number cannot be worked out.".to_owned()]
        }
    }
}
