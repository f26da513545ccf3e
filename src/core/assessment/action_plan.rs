//! The action plan: every criterion that is not met, by priority; what is to be done, by whom and by when.
//!
//! The service proposes rows and dates; owners and dates are people's, who send the plan back.

use super::answers::Answers;
use super::{Criteria, Importance, Rating};
use crate::core::id::{Address, FollowUpId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A row of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// Number in the plan of its provider, from 1: what `ACTION <n> DONE` names.
    pub number: u32,
    /// The criterion.
    pub criterion: u32,
    /// 1 to 4.
    pub priority: u32,
    /// Who sees to it.
    pub owner: Option<Address>,
    /// What is to be done.
    pub action: String,
    /// By when.
    pub due: Option<NaiveDate>,
    /// What will show that it is done.
    pub evidence: String,
    /// The follow-up that watches the date.
    pub follow_up: Option<FollowUpId>,
}

/// What a criterion that is not met weighs: 1 essential No, 2 essential Emerging, 3 desirable No, 4 desirable Emerging
/// (`domain.md` 4.4). `None` for what is met.
pub fn priority(importance: Importance, rating: Rating) -> Option<u32> {
    match (importance, rating) {
        (Importance::Essential, Rating::No) => Some(1),
        (Importance::Essential, Rating::Emerging) => Some(2),
        (Importance::Desirable, Rating::No) => Some(3),
        (Importance::Desirable, Rating::Emerging) => Some(4),
        (Importance::Essential | Importance::Desirable, Rating::Yes) => None,
    }
}

/// The rows that the answers call for, most urgent first, numbered from 1; owner and date are left to people.
pub fn proposed(criteria: &Criteria, answers: &Answers) -> Vec<Action> {
    let mut rows: Vec<(u32, u32, String)> = criteria
        .iter()
        .filter_map(|c| {
            let rating = answers.rating(c.number)?;
            Some((priority(c.importance, rating)?, c.number, planned(answers, c.number)))
        })
        .collect();
    rows.sort_by_key(|(priority, number, _)| (*priority, *number));
    let numbered = (1..).zip(rows);
    numbered
        .map(|(number, (priority, criterion, action))| Action {
            number,
            criterion,
            priority,
            owner: None,
            action,
            due: None,
            evidence: String::new(),
            follow_up: None,
        })
        .collect()
}

/// The plan as it stands: the rows that the answers call for now, laid over those that are stored. A row that is stored
/// keeps what people have settled and takes its priority from today's answer; one that is followed up, or was, stays
/// also when its criterion is met; one that is new has the number 0 until the plan is numbered.
pub fn standing(stored: &[Action], called_for: Vec<Action>) -> Vec<Action> {
    let row_of = |criterion: u32| stored.iter().find(|a| a.criterion == criterion);
    let rows = called_for.into_iter().map(|row| match row_of(row.criterion) {
        Some(known) if known.follow_up.is_some() => Action { priority: row.priority, ..known.clone() },
        Some(known) => Action { number: known.number, ..row },
        None => Action { number: 0, ..row },
    });
    let mut rows: Vec<Action> = rows.collect();
    let met = |a: &&Action| a.follow_up.is_some() && rows.iter().all(|row| row.criterion != a.criterion);
    let met: Vec<Action> = stored.iter().filter(met).cloned().collect();
    rows.extend(met);
    rows
}

/// What the provider says it is going to do: its comment is the best beginning of an action.
fn planned(answers: &Answers, number: u32) -> String {
    let comment = answers.items.get(&number).map_or("", |item| item.comment.as_str());
    comment.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A plan that came back: the rows that changed, and what is wrong with others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PlanReturn {
    /// Rows with owner and date, ready to be followed up.
    pub rows: Vec<Action>,
    /// What is wrong, row by row, in words for its sender.
    pub faults: Vec<String>,
}

/// Reads the rows of a plan that came back against the rows that went out: numbers hold, everything else may change.
///
/// `cells`: number, owner, action, due, evidence of each row; `owner_of` finds the address of an owner as written.
pub fn read_back(
    sent: &[Action],
    cells: &[PlanCells],
    today: NaiveDate,
    owner_of: impl Fn(&str) -> Option<Address>,
) -> PlanReturn {
    let mut read = PlanReturn::default();
    for row in cells {
        let Some(action) = sent.iter().find(|a| a.number == row.number) else {
            read.faults.push(format!("Action {} is not in this plan.", row.number));
            continue;
        };
        if row.due.is_empty() && row.owner.is_empty() {
            continue;
        }
        match read_row(action, row, today, &owner_of) {
            Ok(action) => read.rows.push(action),
            Err(fault) => read.faults.push(format!("Action {}: {fault}", row.number)),
        }
    }
    read
}

/// The cells of one row of a plan, as they were written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PlanCells {
    /// The action's number.
    pub number: u32,
    /// An address, or a name.
    pub owner: String,
    /// What is to be done.
    pub action: String,
    /// A date as people write it.
    pub due: String,
    /// What will show it.
    pub evidence: String,
}

fn read_row(
    sent: &Action,
    cells: &PlanCells,
    today: NaiveDate,
    owner_of: impl Fn(&str) -> Option<Address>,
) -> Result<Action, String> {
    let due = date_of(&cells.due).ok_or_else(|| format!("“{}” is no date; write it as 2027-03-31.", cells.due))?;
    if due <= today {
        return Err(format!("{} is past; write a date that is still to come.", cells.due));
    }
    let owner = owner_of(&cells.owner).ok_or_else(|| {
        format!("“{}” is nobody that the directory knows; write the address of a respondent.", cells.owner)
    })?;
    let filled = |new: &str, old: &str| if new.trim().is_empty() { old.to_owned() } else { new.trim().to_owned() };
    Ok(Action {
        owner: Some(owner),
        due: Some(due),
        action: filled(&cells.action, &sent.action),
        evidence: filled(&cells.evidence, &sent.evidence),
        ..sent.clone()
    })
}

/// A date as spreadsheets and people write it: ISO, with or without a time, day first, or the serial number of a cell
/// that lost its format.
fn date_of(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    let day = text.split([' ', 'T']).next().unwrap_or_default();
    let written = ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"];
    let plain = written.iter().find_map(|format| NaiveDate::parse_from_str(day, format).ok());
    let named = || {
        let one_space = text.split_whitespace().collect::<Vec<_>>().join(" ");
        ["%d %B %Y", "%d %b %Y"].iter().find_map(|format| NaiveDate::parse_from_str(&one_space, format).ok())
    };
    let serial = || {
        let days: i64 = text.split('.').next()?.parse().ok().filter(|days| (40_000..80_000).contains(days))?;
        NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_signed(chrono::Duration::days(days))
    };
    plain.or_else(named).or_else(serial).filter(|date| chrono::Datelike::year(date) > 1999)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::assessment::form::read_text;

    fn plan() -> Vec<Action> {
        let text = "ANSWER 01: No\nANSWER 02: Emerging\nCOMMENT 02: one team\nleft\nANSWER 03: Emerging\nANSWER 04: No\nANSWER 05: Yes\nANSWER 06: E\n";
        proposed(&Criteria::shipped(), &read_text(text, &Criteria::shipped()))
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_plan_goes_from_essential_no_to_desirable_emerging() {
        let rows: Vec<(u32, u32, u32)> = plan().iter().map(|a| (a.number, a.priority, a.criterion)).collect();
        assert_eq!(rows, [(1, 1, 4), (2, 2, 2), (3, 3, 1), (4, 4, 3)]);
        assert_eq!(plan()[1].action, "one team left");
    }

    #[test]
    fn the_plan_follows_the_answers_and_keeps_what_people_have_settled() {
        let numbers = |rows: &[Action]| rows.iter().map(|a| (a.criterion, a.number, a.priority)).collect::<Vec<_>>();
        let fresh = standing(&[], plan());
        assert_eq!(numbers(&fresh), [(4, 0, 1), (2, 0, 2), (1, 0, 3), (3, 0, 4)], "not numbered yet");
        let mut stored = plan();
        stored[2].follow_up = Some(FollowUpId::from_random([7; 8]));
        stored[2].action = "settled".into();
        let amended = "ANSWER 01: Yes\nANSWER 02: No\nANSWER 03: Emerging\nANSWER 04: Yes\nANSWER 07: No";
        let now = proposed(&Criteria::shipped(), &read_text(amended, &Criteria::shipped()));
        let rows = standing(&stored, now);
        assert_eq!(numbers(&rows), [(2, 2, 1), (7, 0, 1), (3, 4, 4), (1, 3, 3)]);
        assert_eq!(rows[3].action, "settled", "what is followed up stays, although its criterion is met");
    }

    #[test]
    fn a_plan_that_comes_back_gives_owners_and_dates_and_names_its_faults() {
        let cells = |number, owner: &str, due: &str| PlanCells {
            number,
            owner: owner.into(),
            due: due.into(),
            ..PlanCells::default()
        };
        let rows = [
            cells(1, "ann@trust.example", "31/03/2027"),
            cells(2, "", ""),
            cells(3, "Nobody", "2027-01-31"),
            cells(4, "ann@trust.example", "soon"),
            cells(9, "ann@trust.example", "2027-01-31"),
        ];
        let read = read_back(&plan(), &rows, day("2026-11-22"), Address::parse);
        assert_eq!(read.rows.iter().map(|a| (a.number, a.due)).collect::<Vec<_>>(), [(1, Some(day("2027-03-31")))]);
        assert_eq!(read.faults.len(), 3, "{:?}", read.faults);
    }

    #[test]
    fn a_date_is_read_as_people_and_spreadsheets_write_it() {
        for text in
            ["2027-03-31", "31/03/2027", "31 March 2027", "31 Mar 2027", "2027-03-31 00:00:00", "46477", "46477.0"]
        {
            assert_eq!(date_of(text), Some(day("2027-03-31")), "{text}");
        }
        for text in ["", "soon", "March", "31/13/2027", "7", "03/31/2027"] {
            assert_eq!(date_of(text), None, "{text}");
        }
    }
}
