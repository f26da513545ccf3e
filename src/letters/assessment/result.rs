//! The results of a round as a report: colours now and last round, the grid, what changed, common gaps, good practice,
//! the council's records, the action plan.

use super::sheet::PlanRow;
use crate::core::assessment::colour::{Counts, Tally};
use crate::core::assessment::comparison::{
    Cell as GridCell, Direction, ProviderResult, Range, ReturnState, RoundResult,
};
use crate::core::assessment::{Importance, Rating};
use crate::core::wording::{date_words, list};
use crate::letters::chart::shares;
use crate::letters::report::{Cell, Report, Section, Table};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// How the colour is read.
const MET: &str = "An essential criterion is met unless it is answered No; GREEN needs more than half of all criteria \
                   Yes. Settings of the authority may read the tool otherwise; the colour under the other reading of \
                   “met” stands beside each.";

/// Everything that a report on a round is made of.
#[derive(Debug, Clone)]
pub struct Edition<'a> {
    /// The authority's name.
    pub authority: &'a str,
    /// The day.
    pub today: NaiveDate,
    /// What the round has brought.
    pub result: &'a RoundResult,
    /// Paragraphs of the council's records, suppressed, by provider and number of the criterion.
    pub records: &'a [(String, BTreeMap<u32, String>)],
    /// The plan, in its order.
    pub plan: &'a [PlanRow<'a>],
}

/// The report.
pub fn results(edition: &Edition<'_>) -> Report {
    let result = edition.result;
    Report {
        name: "assessment",
        date: edition.today,
        subject: format!("Self-assessment {}: {}", result.round, in_short(result)),
        title: format!("Self-assessment of EHCP processes, {}", result.round),
        as_at: format!("{}, as at {}", edition.authority, date_words(edition.today)),
        headline: headline(result),
        lines: Vec::new(),
        after_lines: String::new(),
        sections: vec![
            overview(result),
            grid(result),
            changes(result),
            gaps(result),
            practice(result),
            records(edition),
            plan(edition.plan),
        ],
        notes: vec![
            MET.to_owned(),
            "In the council's records “not shown” stands for a number below five, or one that would give such a number away.".to_owned(),
        ],
    }
}

/// The report for one provider: its own column, and the range of all where it may be seen.
pub fn own_result(edition: &Edition<'_>, provider: &str, range: Option<Range>) -> Report {
    let result = edition.result;
    let colour = result.providers.first().map(|p| p.score.words()).unwrap_or_default();
    let range = range.map(|Range { returns, yes: [fewest, middle, most] }| {
        format!("Of the {returns} complete returns of this round, the fewest Yes are {fewest}, the most {most}, with {middle} in the middle.")
    });
    let mut overview = overview(result);
    overview.sentences.extend(range);
    Report {
        subject: format!("Self-assessment {}, {provider}: {colour}", result.round),
        title: format!("Self-assessment of EHCP processes, {}, {provider}", result.round),
        headline: format!("Your result is {colour}."),
        sections: vec![
            overview,
            own_answers(result),
            changes(result),
            Section {
                heading: "4. Action plan".to_owned(),
                sentences: vec![
                    "The ICB's lead settles owners and dates; whoever owns an action hears of it.".to_owned(),
                ],
                ..plan(edition.plan)
            },
        ],
        notes: vec![MET.to_owned()],
        ..results(edition)
    }
}

fn own_answers(result: &RoundResult) -> Section {
    let rows = result.grid.iter().map(|row| {
        let answer = match row.cells.first() {
            Some(GridCell::Rated(rating)) => Cell::text(rating.name()),
            Some(GridCell::Unclear) => Cell::text("asked again"),
            Some(GridCell::Blank) | None => Cell::Nothing,
        };
        vec![
            Cell::Text(format!("Q{:02}", row.number)),
            Cell::text(&row.text),
            Cell::text(row.importance.name()),
            answer,
        ]
    });
    let table = Table::new("Your answers", &["Criterion", "Question", "Importance", "Answer"], rows.collect(), "");
    section("2. Your answers", "Answers", vec![table.with_all_rows()])
}

fn in_short(result: &RoundResult) -> String {
    let returned = result.providers.iter().filter(|p| p.state == ReturnState::Complete).count();
    format!("{returned} of {} returns complete", result.providers.len())
}

fn headline(result: &RoundResult) -> String {
    let with = |name: &str| result.providers.iter().filter(|p| p.score.rag.name() == name).count();
    let colours: Vec<String> = ["GREEN", "AMBER", "RED"]
        .into_iter()
        .map(|name| (with(name), name))
        .filter(|(count, _)| *count > 0)
        .map(|(count, name)| format!("{count} {name}"))
        .collect();
    let state = |state: ReturnState| -> Vec<String> {
        result.providers.iter().filter(|p| p.state == state).map(|p| p.name.clone()).collect()
    };
    let mut parts = vec![if colours.is_empty() { "No return is complete".to_owned() } else { list(&colours) }];
    let partial = state(ReturnState::Partial);
    if !partial.is_empty() {
        parts.push(format!("not complete: {}", list(&partial)));
    }
    let nothing = state(ReturnState::Nothing);
    if !nothing.is_empty() {
        parts.push(format!("nothing from {}", list(&nothing)));
    }
    format!("{}.", parts.join("; "))
}

fn section(heading: &str, sheet: &'static str, tables: Vec<Table>) -> Section {
    Section { heading: heading.to_owned(), sheet, sentences: Vec::new(), charts: Vec::new(), tables }
}

fn count(n: usize) -> Cell {
    Cell::Count(n as u64)
}

fn overview(result: &RoundResult) -> Section {
    let row = |p: &ProviderResult| {
        let last =
            p.last.as_ref().map_or(Cell::Nothing, |(round, rag)| Cell::Text(format!("{} ({round})", rag.name())));
        vec![
            Cell::text(&p.name),
            Cell::Text(p.score.words()),
            Cell::Text(p.score.words_other_met()),
            last,
            Cell::text(p.state.words()),
            Cell::text(&p.score.because),
        ]
    };
    let headings = &["Provider", "Colour", "If “met” is read otherwise", "Last round", "|", "Return", "Why"];
    let colours = Table::new("Colours", headings, result.providers.iter().map(row).collect(), "No provider took part.");
    let rows: Vec<(String, [u64; 3])> = result
        .providers
        .iter()
        .map(|p| {
            let all = p.counts.all();
            (p.name.clone(), [all.yes, all.emerging, all.no].map(|n| n as u64))
        })
        .collect();
    let chart = shares("ratings", "Yes, Emerging and No by provider", ["Yes", "Emerging", "No"], &rows);
    let why = |p: &ProviderResult| match p.state {
        ReturnState::Nothing => format!("{}: nothing has been returned.", p.name),
        ReturnState::Complete | ReturnState::Partial => format!("{}: {}", p.name, p.score.because),
    };
    let whys = result.providers.iter().map(why).collect();
    Section {
        sentences: whys,
        charts: vec![chart],
        ..section("1. Colours and totals", "Colours", vec![colours, totals(result).with_all_rows()])
    }
}

/// In the mail one row a provider; the spreadsheet has each number in a cell of its own.
fn totals(result: &RoundResult) -> Table {
    let three = |t: Tally| [count(t.yes), count(t.emerging), count(t.no)];
    let short = |t: Tally| Cell::Text(format!("{} / {} / {}", t.yes, t.emerging, t.no));
    let rows = result.providers.iter().map(|p| {
        let Counts { essential, desirable } = p.counts;
        let mut row = vec![Cell::text(&p.name)];
        row.extend(three(p.counts.all()));
        row.extend([short(essential), short(desirable)]);
        row.extend(three(essential).into_iter().chain(three(desirable)));
        row
    });
    let headings = &[
        "Provider",
        ">Yes",
        ">Emerging",
        ">No",
        ">Essential",
        ">Desirable",
        "|",
        ">Essential Yes",
        ">Essential Emerging",
        ">Essential No",
        ">Desirable Yes",
        ">Desirable Emerging",
        ">Desirable No",
    ];
    Table::new("Totals (all; essential and desirable as Yes / Emerging / No)", headings, rows.collect(), "")
}

/// Providers as columns would not fit a phone: the mail shows a letter for each in one column, the spreadsheet has a
/// column for each.
fn grid(result: &RoundResult) -> Section {
    let mut headings: Vec<String> = ["Criterion", ">Yes", ">Emerging", ">No"].into_iter().map(str::to_owned).collect();
    headings.push((1..=result.providers.len()).map(|n| n.to_string()).collect::<Vec<_>>().join(" "));
    headings.push("|".to_owned());
    headings.extend(result.providers.iter().map(|p| p.name.clone()));
    headings.push("Wording".to_owned());
    let rows = result.grid.iter().map(|row| {
        let tally = row.tally;
        let mut cells = vec![
            Cell::Text(format!("Q{:02} {}", row.number, letter(row.importance))),
            count(tally.yes),
            count(tally.emerging),
            count(tally.no),
            Cell::Text(row.cells.iter().map(|cell| initial(*cell)).collect::<Vec<_>>().join(" ")),
        ];
        cells.extend(row.cells.iter().map(|cell| Cell::text(cell.word())));
        cells.push(Cell::text(&row.text));
        cells
    });
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    let table =
        Table::new("Criterion by provider (E essential, D desirable)", &headings, rows.collect(), "").with_all_rows();
    let order = (1..).zip(&result.providers).map(|(n, p)| format!("{n} {}", p.name)).collect::<Vec<_>>().join(", ");
    let key = format!("Y Yes, E Emerging, N No, – open, ? asked again. Providers in this order: {order}.");
    Section { sentences: vec![key], ..section("2. Criterion by provider", "Grid", vec![table]) }
}

fn initial(cell: GridCell) -> &'static str {
    match cell {
        GridCell::Rated(Rating::Yes) => "Y",
        GridCell::Rated(Rating::Emerging) => "E",
        GridCell::Rated(Rating::No) => "N",
        GridCell::Blank => "–",
        GridCell::Unclear => "?",
    }
}

fn letter(importance: Importance) -> &'static str {
    match importance {
        Importance::Essential => "E",
        Importance::Desirable => "D",
    }
}

fn changes(result: &RoundResult) -> Section {
    let rows: Vec<Vec<Cell>> = result
        .providers
        .iter()
        .flat_map(|p| {
            p.changes.iter().map(|change| {
                vec![
                    Cell::text(&p.name),
                    Cell::Text(format!("Q{:02}", change.number)),
                    Cell::text(change.direction().words()),
                    Cell::text(change.from.name()),
                    Cell::text(change.to.name()),
                ]
            })
        })
        .collect();
    let better = |direction: Direction| {
        result.providers.iter().flat_map(|p| &p.changes).filter(|c| c.direction() == direction).count()
    };
    let told = (!rows.is_empty()).then(|| {
        format!("{} ratings improved and {} got worse.", better(Direction::Improved), better(Direction::Worse))
    });
    let headings = &["Provider", "Criterion", "Change", "From", "To"];
    let table = Table::new("Since the last round", headings, rows, "Nothing to compare with, or nothing has changed.");
    Section { sentences: told.into_iter().collect(), ..section("3. What has changed", "Changes", vec![table]) }
}

fn gaps(result: &RoundResult) -> Section {
    let rows = result.gaps.iter().map(|gap| {
        vec![
            Cell::Text(format!("Q{:02} {}", gap.number, letter(gap.importance))),
            Cell::Text(list(&gap.no)),
            Cell::Text(list(&gap.emerging)),
        ]
    });
    let headings = &["Criterion", "No", "Emerging"];
    let table = Table::new(
        "Not met by two or more",
        headings,
        rows.collect(),
        "No criterion is answered No or Emerging by two or more.",
    );
    section("4. Common gaps", "Gaps", vec![table])
}

fn practice(result: &RoundResult) -> Section {
    let rows = result.good_practice.iter().map(|good| {
        vec![Cell::Text(format!("Q{:02}", good.number)), Cell::text(&good.provider), Cell::text(&good.words)]
    });
    let headings = &["Criterion", "Provider", "What they say"];
    let table = Table::new("The best-evidenced Yes", headings, rows.collect(), "No Yes has evidence or a comment yet.");
    section("5. Good practice", "Good practice", vec![table])
}

fn records(edition: &Edition<'_>) -> Section {
    let rows = edition.records.iter().flat_map(|(provider, paragraphs)| {
        paragraphs.iter().map(move |(number, text)| {
            vec![Cell::text(provider), Cell::Text(format!("Q{number:02}")), Cell::text(text)]
        })
    });
    let headings = &["Provider", "Criterion", "Records"];
    let table = Table::new(
        "What the council's records say",
        headings,
        rows.collect(),
        "The records hold nothing on these criteria.",
    );
    section("6. The council's records", "Records", vec![table])
}

fn plan(rows: &[PlanRow<'_>]) -> Section {
    let cells = rows.iter().map(|row| {
        vec![
            match row.action.number {
                0 => Cell::Nothing,
                number => Cell::Count(u64::from(number)),
            },
            Cell::Count(u64::from(row.action.priority)),
            Cell::Text(format!("Q{:02}, {}", row.action.criterion, row.provider)),
            Cell::text(&row.action.action),
            Cell::Text(row.action.owner.as_ref().map(ToString::to_string).unwrap_or_default()),
            Cell::date(row.action.due),
            Cell::text(&row.state),
        ]
    });
    let headings = &[">No", ">Priority", "Criterion", "Action", "|", "Owner", "Due", "State"];
    let table = Table::new("Actions", headings, cells.collect(), "Nothing is open: there is nothing to plan.");
    let how = "Fill in owners and dates in the attached plan and send it back: each date is then followed up by mail.";
    Section { sentences: vec![how.to_owned()], ..section("7. Action plan", "Actions", vec![table]) }
}
