//! A round as a whole: criterion by provider, colours now and last round, what changed, common gaps, good practice.
//!
//! For the ICB and SEND governance, who see every provider; a provider is shown its own column alone.

use super::answers::{Answers, Value};
use super::colour::{Counts, Rag, Rule, Score, Tally, counts, score};
use super::provider_return::ProviderReturn;
use super::receipt::own_evidence;
use super::{Criteria, Importance, Rating};

/// What a round has brought.
#[derive(Debug, Clone, PartialEq)]
pub struct RoundResult {
    /// Name of the round.
    pub round: String,
    /// In the order of the configuration.
    pub providers: Vec<ProviderResult>,
    /// One for each criterion.
    pub grid: Vec<GridRow>,
    /// Criteria that several providers do not meet, the worst first.
    pub gaps: Vec<Gap>,
    /// For each criterion the best-evidenced Yes.
    pub good_practice: Vec<GoodPractice>,
}

/// Fewest complete returns behind a range that providers see: no end of it can then be put to one of the others.
const RANGE_OF: usize = 5;

/// How far the returns of a round lie apart, without a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// Complete returns.
    pub returns: usize,
    /// Fewest, middle and most criteria answered Yes.
    pub yes: [usize; 3],
}

impl RoundResult {
    /// What one provider may see of it: its own column.
    pub fn of_provider(&self, name: &str) -> Option<Self> {
        let place = self.providers.iter().position(|p| p.name == name)?;
        let own = |row: &GridRow| {
            let cells: Vec<Cell> = row.cells.get(place).copied().into_iter().collect();
            GridRow { tally: tally(&cells), cells, ..row.clone() }
        };
        Some(Self {
            round: self.round.clone(),
            providers: self.providers.get(place).cloned().into_iter().collect(),
            grid: self.grid.iter().map(own).collect(),
            gaps: Vec::new(),
            good_practice: Vec::new(),
        })
    }

    /// The range of the complete returns, where enough of them stand behind it.
    pub fn range(&self) -> Option<Range> {
        let complete = self.providers.iter().filter(|p| p.state == ReturnState::Complete);
        let mut yes: Vec<usize> = complete.map(|p| p.counts.all().yes).collect();
        yes.sort_unstable();
        let ends = [*yes.first()?, *yes.get(yes.len() / 2)?, *yes.last()?];
        (yes.len() >= RANGE_OF).then_some(Range { returns: yes.len(), yes: ends })
    }
}

/// Totals of the clear ratings.
fn tally(cells: &[Cell]) -> Tally {
    let mut tally = Tally::default();
    for cell in cells {
        match cell {
            Cell::Rated(Rating::Yes) => tally.yes += 1,
            Cell::Rated(Rating::Emerging) => tally.emerging += 1,
            Cell::Rated(Rating::No) => tally.no += 1,
            Cell::Blank | Cell::Unclear => {}
        }
    }
    tally
}

/// One provider in a round.
#[derive(Debug, Clone, PartialEq)]
pub struct ProviderResult {
    /// Its name.
    pub name: String,
    /// How far its return has come.
    pub state: ReturnState,
    /// Totals by importance.
    pub counts: Counts,
    /// Colour, range and reason.
    pub score: Score,
    /// Colour in the round before, under the same rule.
    pub last: Option<(String, Rag)>,
    /// Ratings that differ from the round before.
    pub changes: Vec<Change>,
}

/// How far a return has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReturnState {
    /// Every criterion has a clear rating.
    Complete,
    /// Some are blank, unclear or in conflict.
    Partial,
    /// Nothing has come.
    Nothing,
}

impl ReturnState {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Partial => "partial",
            Self::Nothing => "nothing returned",
        }
    }
}

/// A rating that differs from the round before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// The criterion.
    pub number: u32,
    /// What it was.
    pub from: Rating,
    /// What it is.
    pub to: Rating,
}

impl Change {
    /// Whether it is better or worse.
    pub fn direction(self) -> Direction {
        // The order of the ratings is from best to worst.
        if self.to < self.from { Direction::Improved } else { Direction::Worse }
    }
}

/// Where a change leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// Towards Yes.
    Improved,
    /// Towards No.
    Worse,
}

impl Direction {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Improved => "improved",
            Self::Worse => "worse",
        }
    }
}

/// One criterion across all providers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridRow {
    /// Its number.
    pub number: u32,
    /// Essential or Desirable.
    pub importance: Importance,
    /// The question.
    pub text: String,
    /// What each provider answers, in the order of the providers.
    pub cells: Vec<Cell>,
    /// Totals of the clear ratings.
    pub tally: Tally,
}

/// One provider's answer to one criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// A clear rating.
    Rated(Rating),
    /// Nothing.
    Blank,
    /// Something that cannot be counted.
    Unclear,
}

impl Cell {
    /// As the grid writes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Rated(rating) => rating.name(),
            Self::Blank => "–",
            Self::Unclear => "?",
        }
    }
}

/// A criterion that at least two providers do not meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The criterion.
    pub number: u32,
    /// Essential or Desirable.
    pub importance: Importance,
    /// Who answers No.
    pub no: Vec<String>,
    /// Who answers Emerging.
    pub emerging: Vec<String>,
}

/// A Yes with something behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoodPractice {
    /// The criterion.
    pub number: u32,
    /// Whose it is.
    pub provider: String,
    /// What they say: their evidence, else their comment.
    pub words: String,
}

/// Compares all returns of a round.
pub fn compare(round: &str, returns: &[&ProviderReturn], criteria: &Criteria, rule: Rule) -> RoundResult {
    let standing: Vec<(&ProviderReturn, Answers)> = returns.iter().map(|r| (*r, r.standing().answers)).collect();
    let grid: Vec<GridRow> = criteria.iter().map(|c| grid_row(c.number, c.importance, &c.text, &standing)).collect();
    let names: Vec<&str> = returns.iter().map(|r| r.provider.as_str()).collect();
    RoundResult {
        round: round.to_owned(),
        providers: standing.iter().map(|(r, answers)| provider(r, answers, criteria, rule)).collect(),
        gaps: gaps(&grid, &names),
        good_practice: criteria.iter().filter_map(|c| good_practice(c.number, &standing)).collect(),
        grid,
    }
}

/// What differs between two rounds, in the order of the criteria; only clear ratings on both sides count.
pub fn changes(before: &Answers, now: &Answers) -> Vec<Change> {
    let pairs = now.items.keys().filter_map(|number| Some((*number, before.rating(*number)?, now.rating(*number)?)));
    pairs.filter(|(_, from, to)| from != to).map(|(number, from, to)| Change { number, from, to }).collect()
}

fn provider(of: &ProviderReturn, answers: &Answers, criteria: &Criteria, rule: Rule) -> ProviderResult {
    let score = score(criteria, answers, rule);
    let state = match score.rag {
        Rag::Final(_) => ReturnState::Complete,
        Rag::Incomplete | Rag::Invalid if answers.is_empty() => ReturnState::Nothing,
        Rag::Incomplete | Rag::Invalid => ReturnState::Partial,
    };
    ProviderResult {
        name: of.provider.clone(),
        state,
        counts: counts(criteria, answers),
        score,
        last: of.previous.as_ref().map(|p| (p.round.clone(), super::score(criteria, &p.answers, rule).rag)),
        changes: of.previous.as_ref().map(|p| changes(&p.answers, answers)).unwrap_or_default(),
    }
}

fn grid_row(number: u32, importance: Importance, text: &str, returns: &[(&ProviderReturn, Answers)]) -> GridRow {
    let cells: Vec<Cell> = returns.iter().map(|(_, answers)| cell(answers, number)).collect();
    let tally = tally(&cells);
    GridRow { number, importance, text: text.to_owned(), cells, tally }
}

fn cell(answers: &Answers, number: u32) -> Cell {
    match answers.items.get(&number).map(|item| &item.value) {
        Some(Value::Rated(rating)) => Cell::Rated(*rating),
        Some(Value::Unclear(_)) => Cell::Unclear,
        Some(Value::Blank) | None => Cell::Blank,
    }
}

/// Essential before desirable, then by how many answer No, then Emerging.
fn gaps(grid: &[GridRow], names: &[&str]) -> Vec<Gap> {
    let who = |row: &GridRow, rating: Rating| -> Vec<String> {
        let those = row.cells.iter().zip(names).filter(|(cell, _)| **cell == Cell::Rated(rating));
        those.map(|(_, name)| (*name).to_owned()).collect()
    };
    let mut gaps: Vec<Gap> = grid
        .iter()
        .filter(|row| row.tally.no + row.tally.emerging >= 2)
        .map(|row| Gap {
            number: row.number,
            importance: row.importance,
            no: who(row, Rating::No),
            emerging: who(row, Rating::Emerging),
        })
        .collect();
    gaps.sort_by_key(|g| {
        (g.importance != Importance::Essential, std::cmp::Reverse((g.no.len(), g.emerging.len())), g.number)
    });
    gaps
}

/// The Yes with the most behind it: own evidence before a comment, more words before fewer.
fn good_practice(number: u32, returns: &[(&ProviderReturn, Answers)]) -> Option<GoodPractice> {
    let backed =
        returns.iter().filter(|(_, answers)| answers.rating(number) == Some(Rating::Yes)).filter_map(|(r, answers)| {
            let item = answers.items.get(&number)?;
            let evidence = own_evidence(&item.evidence, r.offered.get(&number));
            let (rank, words) = if evidence.is_empty() { (0, item.comment.trim()) } else { (1, evidence.as_str()) };
            let length = words.split_whitespace().count();
            (length >= FEWEST_WORDS)
                .then(|| ((rank, length), r, words.split_whitespace().collect::<Vec<_>>().join(" ")))
        });
    // Of equals the first: the order of the configuration.
    let best = backed.reduce(|best, next| if next.0 > best.0 { next } else { best });
    best.map(|(_, r, words)| GoodPractice { number, provider: r.provider.clone(), words })
}

/// "ok" and "since June" are nothing that others can learn from.
const FEWEST_WORDS: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::assessment::form::{FormCode, read_text};
    use crate::core::assessment::provider_return::{Contribution, Manner, Previous};
    use crate::core::assessment::{Colour, Rule};
    use crate::core::id::Address;
    use crate::core::policy::AssessmentComments;
    use chrono::DateTime;

    fn returned(name: &str, text: &str, last: Option<&str>) -> ProviderReturn {
        let criteria = Criteria::shipped();
        let lead = Address::parse("ann@trust.example").unwrap();
        let mut made = ProviderReturn {
            round: "Autumn 2026".into(),
            form: FormCode::of_form("Autumn 2026", "North Trust", &criteria),
            provider: name.into(),
            services: Vec::new(),
            respondents: vec![lead.clone()],
            lead: lead.clone(),
            offered: [(4, "Council records: 41 requests.".to_owned())].into(),
            given: Vec::new(),
            handed_in: None,
            previous: last.map(|text| Previous { round: "Autumn 2025".into(), answers: read_text(text, &criteria) }),
            actions: Vec::new(),
        };
        let answers = read_text(text, &criteria);
        let contribution = Contribution {
            source: "MSG-1".into(),
            by: lead,
            at: DateTime::UNIX_EPOCH,
            manner: Manner::Form,
            answers,
            attachments: Vec::new(),
        };
        made.take(contribution, &criteria, AssessmentComments::Warn);
        made
    }

    fn all(rating: &str) -> String {
        (1..=23).map(|n| format!("ANSWER {n:02}: {rating}\n")).collect()
    }

    fn round() -> RoundResult {
        let evidence = "EVIDENCE 04: Council records: 41 requests. Our own dashboard, monthly\n";
        let north = returned("North", &format!("{}{evidence}", all("Yes")), Some(&all("Emerging")));
        let south =
            returned("South", &all("Emerging").replace("ANSWER 07: Emerging", "ANSWER 07: No"), Some(&all("Yes")));
        let east = returned(
            "East",
            "ANSWER 07: No\nANSWER 01: Emerging\nANSWER 04: Yes\nCOMMENT 04: we count every week by hand\nANSWER 05: E",
            None,
        );
        let west = returned("West", "", None);
        compare("Autumn 2026", &[&north, &south, &east, &west], &Criteria::shipped(), Rule::default())
    }

    #[test]
    fn the_grid_has_a_cell_for_every_criterion_and_provider() {
        let round = round();
        assert_eq!(round.grid.len(), 23);
        let row = |n: usize| round.grid[n - 1].cells.iter().map(|c| c.word()).collect::<Vec<_>>().join(" ");
        assert_eq!((row(7).as_str(), row(5).as_str()), ("Yes No No –", "Yes Emerging ? –"));
        assert_eq!(round.grid[6].tally, Tally { yes: 1, emerging: 0, no: 2 });
    }

    #[test]
    fn each_provider_has_its_colour_now_and_then() {
        let round = round();
        let told: Vec<(&str, &str, Option<&str>)> = round
            .providers
            .iter()
            .map(|p| (p.score.rag.name(), p.state.words(), p.last.as_ref().map(|(_, rag)| rag.name())))
            .collect();
        assert_eq!(
            told,
            [
                ("GREEN", "complete", Some("AMBER")),
                ("RED", "complete", Some("GREEN")),
                ("INVALID", "partial", None),
                ("INCOMPLETE", "nothing returned", None),
            ]
        );
        assert_eq!(round.providers[3].score.range, [Colour::Red, Colour::Green]);
        let directions = |p: usize| round.providers[p].changes.iter().map(|c| c.direction()).collect::<Vec<_>>();
        assert_eq!(directions(0), vec![Direction::Improved; 23]);
        assert_eq!(directions(1), vec![Direction::Worse; 23]);
    }

    #[test]
    fn a_gap_is_shared_by_two_and_essential_ones_come_first() {
        let round = round();
        let gaps: Vec<(u32, usize, usize)> =
            round.gaps.iter().map(|g| (g.number, g.no.len(), g.emerging.len())).collect();
        assert_eq!(gaps, [(7, 2, 0), (1, 0, 2)]);
        assert_eq!(round.gaps[0].no, ["South", "East"]);
    }

    #[test]
    fn good_practice_is_a_yes_with_evidence_of_their_own_before_a_comment() {
        let round = round();
        let found: Vec<(u32, &str, &str)> =
            round.good_practice.iter().map(|g| (g.number, g.provider.as_str(), g.words.as_str())).collect();
        assert_eq!(found, [(4, "North", "Our own dashboard, monthly")]);
    }
}
