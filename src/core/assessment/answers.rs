//! Answers by criterion: gathered from one mail, merged over several, compared between respondents.
//!
//! Nothing is ever guessed here: what two places say differently is invalid until a person has said which holds.

use super::{Criteria, Rating};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What stands in the answer field of one criterion.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Nothing.
    #[default]
    Blank,
    /// One clear rating.
    Rated(Rating),
    /// Something that is no rating, or two that differ; the text is echoed when it is asked again.
    Unclear(String),
}

/// The answer to one criterion.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Item {
    /// The rating, as far as it could be read.
    pub value: Value,
    /// Comments and supporting information.
    pub comment: String,
    /// What stands in the evidence line: ours, unless the respondent wrote there.
    pub evidence: String,
}

/// An answer that belongs to no criterion of the set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stray {
    /// The number that was written, when it was one.
    pub question: Option<u32>,
    /// What was written.
    pub text: String,
}

/// One place in a form that says something on a criterion: what the readers find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The number that was written; `None` where it cannot be read.
    pub question: Option<u32>,
    /// What it says.
    pub item: Item,
}

/// All answers of one form; a criterion that is not in `items` is blank.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Answers {
    /// By number of the criterion.
    pub items: BTreeMap<u32, Item>,
    /// Answers that belong to no criterion.
    pub strays: Vec<Stray>,
}

impl Answers {
    /// Gathers what several places of **one** mail or file say; equal answers count once, differing ones are
    /// unclear.
    pub fn from_claims(criteria: &Criteria, claims: impl IntoIterator<Item = Claim>) -> Self {
        let mut answers = Self::default();
        for claim in claims {
            match claim.question.filter(|n| criteria.get(*n).is_some()) {
                Some(number) => answers.items.entry(number).or_default().unite(claim.item),
                None => answers.strays.extend(stray(claim)),
            }
        }
        answers
    }

    /// Adds what another part of the **same** mail says (body and attachment): differing answers are unclear.
    pub fn and(mut self, other: Self) -> Self {
        for (number, item) in other.items {
            self.items.entry(number).or_default().unite(item);
        }
        self.strays.extend(other.strays);
        self
    }

    /// The rating of a criterion, when there is a clear one.
    pub fn rating(&self, number: u32) -> Option<Rating> {
        match self.items.get(&number)?.value {
            Value::Rated(rating) => Some(rating),
            Value::Blank | Value::Unclear(_) => None,
        }
    }

    /// Whether nothing at all was answered, not even unreadably.
    pub fn is_empty(&self) -> bool {
        self.strays.is_empty() && self.items.values().all(|item| item.value == Value::Blank)
    }

    /// Criteria that have this rating and no comment, which the tool asks for with every rating.
    pub fn without_comment(&self, rating: Rating) -> Vec<u32> {
        let lacks = |item: &Item| item.value == Value::Rated(rating) && item.comment.trim().is_empty();
        self.items.iter().filter(|(_, item)| lacks(item)).map(|(number, _)| *number).collect()
    }
}

/// An answer to an unknown criterion counts only when something was answered.
fn stray(claim: Claim) -> Option<Stray> {
    let text = match claim.item.value {
        Value::Blank => return None,
        Value::Rated(rating) => rating.name().to_owned(),
        Value::Unclear(text) => text,
    };
    Some(Stray { question: claim.question, text })
}

impl Item {
    fn unite(&mut self, other: Self) {
        self.value = both(std::mem::take(&mut self.value), other.value);
        append(&mut self.comment, &other.comment);
        append(&mut self.evidence, &other.evidence);
    }
}

/// What is echoed of an answer that cannot be counted, at most.
pub(super) const ECHO_CHARACTERS: usize = 200;

/// What is kept of an item's comments, at most; the mail itself stays whole.
const COMMENT_BYTES: usize = 20_000;

/// What two places say together: equal answers are one, differing ones unclear.
pub fn both(one: Value, other: Value) -> Value {
    match (one, other) {
        (Value::Blank, value) | (value, Value::Blank) => value,
        (one, other) if one == other => one,
        (one, other) => {
            Value::Unclear(format!("{} | {}", echo(&one), echo(&other)).chars().take(ECHO_CHARACTERS).collect())
        }
    }
}

fn echo(value: &Value) -> &str {
    match value {
        Value::Blank => "",
        Value::Rated(rating) => rating.name(),
        Value::Unclear(text) => text,
    }
}

fn append(text: &mut String, more: &str) {
    let more = more.trim();
    let room = COMMENT_BYTES.saturating_sub(text.len() + 1);
    let more = more.get(..more.floor_char_boundary(room)).unwrap_or_default();
    if more.is_empty() || text.contains(more) {
        return;
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(more);
}

/// One answer as it was given: for the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given<'a> {
    /// The mail that it came in.
    pub source: &'a str,
    /// The answer.
    pub item: &'a Item,
}

/// What several mails of one respondent say together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Merged<'a> {
    /// What holds: for each criterion the latest clear rating, else the latest unclear answer.
    pub answers: Answers,
    /// Every answer that was ever given, oldest first, by number.
    pub history: BTreeMap<u32, Vec<Given<'a>>>,
    /// Criteria whose latest answer is unclear although an earlier one holds: to be asked again.
    pub ask_again: Vec<u32>,
}

/// Merges a respondent's mails, oldest first: the latest clear rating of each criterion holds.
///
/// `mails`: the id of each mail with its answers. Strays are kept from the latest mail only, for an earlier one
/// has been asked back already.
pub fn merge<'a>(mails: &[(&'a str, &'a Answers)]) -> Merged<'a> {
    let mut merged = Merged::default();
    for (source, answers) in mails {
        for (number, item) in answers.items.iter().filter(|(_, item)| item.value != Value::Blank) {
            merged.history.entry(*number).or_default().push(Given { source, item });
        }
    }
    for (number, given) in &merged.history {
        let rated = given.iter().rev().find(|g| matches!(g.item.value, Value::Rated(_)));
        let latest = given.last();
        if let Some(holds) = rated.or(latest) {
            merged.answers.items.insert(*number, with_last_comment(holds.item, mails, *number));
        }
        if rated.is_some() && rated != latest {
            merged.ask_again.push(*number);
        }
    }
    for (number, item) in mails.iter().flat_map(|(_, answers)| &answers.items) {
        let says_more = !item.comment.trim().is_empty() || !item.evidence.trim().is_empty();
        if says_more && !merged.answers.items.contains_key(number) {
            merged.answers.items.insert(*number, with_last_comment(&Item::default(), mails, *number));
        }
    }
    merged.answers.strays = mails.last().map(|(_, answers)| answers.strays.clone()).unwrap_or_default();
    merged
}

/// A later mail may bring only the comment, or the rating again without it.
fn with_last_comment(item: &Item, mails: &[(&str, &Answers)], number: u32) -> Item {
    let latest = |field: fn(&Item) -> &String| {
        let texts = mails.iter().rev().filter_map(|(_, answers)| answers.items.get(&number)).map(field);
        texts.into_iter().find(|text| !text.trim().is_empty()).cloned().unwrap_or_default()
    };
    Item { value: item.value.clone(), comment: latest(|i| &i.comment), evidence: latest(|i| &i.evidence) }
}

/// A criterion that respondents of one provider rate differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// The criterion.
    pub question: u32,
    /// Who says what, in the order of the respondents.
    pub ratings: Vec<(String, Rating)>,
}

/// Who decides where respondents of one provider differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settle<'a> {
    /// Nobody yet: what differs stays unclear.
    Ask,
    /// This respondent, the lead, on command.
    Lead(&'a str),
}

/// Puts the answers of a provider's respondents together, with the list of what they rate differently.
pub fn unite(respondents: &[(&str, &Answers)], settle: Settle<'_>) -> (Answers, Vec<Conflict>) {
    let mut united = respondents.iter().fold(Answers::default(), |united, (_, answers)| united.and((*answers).clone()));
    let conflicts: Vec<Conflict> = united.items.keys().filter_map(|number| conflict_on(*number, respondents)).collect();
    for conflict in &conflicts {
        let lead = match settle {
            Settle::Ask => None,
            Settle::Lead(name) => conflict.ratings.iter().find(|(who, _)| who == name).map(|(_, rating)| *rating),
        };
        if let Some(item) = united.items.get_mut(&conflict.question) {
            item.value = lead.map_or_else(|| Value::Unclear(conflict.to_string()), Value::Rated);
        }
    }
    (united, conflicts)
}

fn conflict_on(question: u32, respondents: &[(&str, &Answers)]) -> Option<Conflict> {
    let ratings: Vec<(String, Rating)> = respondents
        .iter()
        .filter_map(|(name, answers)| answers.rating(question).map(|rating| ((*name).to_owned(), rating)))
        .collect();
    let (_, first) = ratings.first()?;
    ratings.iter().any(|(_, rating)| rating != first).then_some(Conflict { question, ratings })
}

impl std::fmt::Display for Conflict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let said: Vec<String> = self.ratings.iter().map(|(who, rating)| format!("{who}: {}", rating.name())).collect();
        f.write_str(&said.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(question: u32, value: Value, comment: &str) -> Claim {
        Claim { question: Some(question), item: Item { value, comment: comment.into(), evidence: String::new() } }
    }

    fn answers(claims: &[(u32, Value, &str)]) -> Answers {
        let claims = claims.iter().map(|(question, value, comment)| claim(*question, value.clone(), comment));
        Answers::from_claims(&Criteria::shipped(), claims)
    }

    const YES: Value = Value::Rated(Rating::Yes);
    const NO: Value = Value::Rated(Rating::No);

    fn unclear(text: &str) -> Value {
        Value::Unclear(text.into())
    }

    #[test]
    fn equal_answers_in_one_mail_count_once_and_differing_ones_are_unclear() {
        let check = |values: &[Value], expected: Value| {
            let claims: Vec<(u32, Value, &str)> = values.iter().map(|v| (12, v.clone(), "")).collect();
            assert_eq!(answers(&claims).items[&12].value, expected, "{values:?}");
        };
        check(&[YES, YES], YES);
        check(&[Value::Blank, YES, Value::Blank], YES);
        check(&[YES, NO], unclear("Yes | No"));
        check(&[YES, unclear("maybe")], unclear("Yes | maybe"));
        check(&[unclear("maybe"), unclear("maybe")], unclear("maybe"));
    }

    #[test]
    fn body_and_attachment_that_differ_are_unclear_and_echo_both() {
        let both = answers(&[(3, YES, "as agreed"), (4, YES, "")]).and(answers(&[(3, NO, "as agreed"), (5, NO, "")]));
        assert_eq!(both.items[&3], Item { value: unclear("Yes | No"), comment: "as agreed".into(), ..Item::default() });
        assert_eq!((both.rating(4), both.rating(5)), (Some(Rating::Yes), Some(Rating::No)));
    }

    #[test]
    fn an_answer_to_an_unknown_criterion_is_a_stray_and_a_blank_one_is_nothing() {
        let read = answers(&[(99, YES, ""), (98, Value::Blank, "a note"), (97, unclear("?"), "")]);
        assert!(read.items.is_empty());
        let strays = [(99, "Yes"), (97, "?")].map(|(n, text)| Stray { question: Some(n), text: text.into() });
        assert_eq!(read.strays, strays);
    }

    #[test]
    fn over_several_mails_the_latest_clear_rating_holds_and_the_history_is_kept() {
        let first = answers(&[(1, YES, "since June"), (2, unclear("E"), ""), (3, YES, "")]);
        let second = answers(&[(1, NO, ""), (2, NO, "planned"), (3, unclear("not yet"), "")]);
        let third = answers(&[(4, Value::Blank, "to follow"), (5, unclear("?"), "")]);
        let merged = merge(&[("MSG-1", &first), ("MSG-2", &second), ("MSG-3", &third)]);
        let rated = [1, 2, 3, 4, 5].map(|n| merged.answers.rating(n));
        assert_eq!(rated, [Some(Rating::No), Some(Rating::No), Some(Rating::Yes), None, None]);
        assert_eq!(merged.answers.items[&1].comment, "since June", "a rating sent again keeps its comment");
        assert_eq!(merged.answers.items[&5].value, unclear("?"));
        assert_eq!(merged.ask_again, [3]);
        assert_eq!(merged.history[&1].iter().map(|g| g.source).collect::<Vec<_>>(), ["MSG-1", "MSG-2"]);
    }

    #[test]
    fn two_respondents_who_differ_make_a_conflict_that_only_the_lead_settles() {
        let ann = answers(&[(1, YES, "Ann's"), (2, YES, "")]);
        let bo = answers(&[(1, NO, "Bo's"), (2, YES, ""), (3, NO, "")]);
        let both = [("Ann", &ann), ("Bo", &bo)];
        let (united, conflicts) = unite(&both, Settle::Ask);
        assert_eq!(united.items[&1].value, unclear("Ann: Yes; Bo: No"));
        assert_eq!(united.items[&1].comment, "Ann's\nBo's");
        assert_eq!((united.rating(2), united.rating(3)), (Some(Rating::Yes), Some(Rating::No)));
        assert_eq!(conflicts.iter().map(|c| c.question).collect::<Vec<_>>(), [1]);
        assert_eq!(unite(&both, Settle::Lead("Bo")).0.rating(1), Some(Rating::No));
        assert_eq!(unite(&both, Settle::Lead("Cy")).0.rating(1), None, "who did not answer settles nothing");
    }

    #[test]
    fn a_rating_without_comment_is_listed() {
        let read = answers(&[(1, NO, " "), (2, NO, "planned"), (3, YES, "")]);
        assert_eq!((read.without_comment(Rating::No), read.without_comment(Rating::Yes)), (vec![1], vec![3]));
    }
}
