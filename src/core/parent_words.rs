//! Words that never stand in a letter to a parent (`domain.md` 3.6): what blames, promises, predicts, names a service
//! or a need, or is our own jargon. The reasons that co-ordinators write themselves are held to them too.

/// Words and phrases with what is wrong with them. A phrase is found as whole words; one that ends with `*` also as
/// the beginning of a longer word.
const NEVER: &[(&str, &str)] = &[
    ("slip*", OURS),
    ("rag", OURS),
    ("follow-up*", OURS),
    ("follow up*", OURS),
    ("followup*", OURS),
    ("escalat*", OURS),
    ("triage", OURS),
    ("overdue", OURS),
    ("breach*", OURS),
    ("non-compliance", OURS),
    ("extension", "is wrong: a date is late, never extended"),
    ("extend*", "is wrong: a date is late, never extended"),
    ("definitely", PROMISE),
    ("guarantee*", PROMISE),
    ("promise*", PROMISE),
    ("certainly", PROMISE),
    ("at the latest", PROMISE),
    ("without fail", PROMISE),
    ("has been agreed", OUTCOME),
    ("have agreed", OUTCOME),
    ("agreed to issue", OUTCOME),
    ("will get a plan", OUTCOME),
    ("entitled to", OUTCOME),
    ("nhs", SERVICE),
    ("health service", SERVICE),
    ("hospital", SERVICE),
    ("camhs", SERVICE),
    ("paediatric*", SERVICE),
    ("psycholog*", SERVICE),
    ("therap*", SERVICE),
    ("social worker", SERVICE),
    ("social care", SERVICE),
    ("doctor", SERVICE),
    ("dr", SERVICE),
    ("off sick", SERVICE),
    ("on leave", SERVICE),
    ("has failed", BLAME),
    ("have failed", BLAME),
    ("failed to", BLAME),
    ("their fault", BLAME),
    ("fault", BLAME),
    ("missed appointment", BLAME),
    ("missed the appointment", BLAME),
    ("did not attend", BLAME),
    ("was not brought", BLAME),
    ("you did not", BLAME),
    ("you failed", BLAME),
    ("as per my", BLAME),
    ("per my last", BLAME),
    ("as i said", BLAME),
    ("as we said", BLAME),
    ("diagnos*", NEED),
    ("autis*", NEED),
    ("adhd", NEED),
    ("dyslex*", NEED),
    ("disorder", NEED),
    ("disabilit*", NEED),
    ("learning difficult*", NEED),
    ("provision", NEED),
    ("special school", NEED),
    ("compensat*", MONEY),
    ("payment", MONEY),
    ("refund", MONEY),
    ("financial", MONEY),
    ("£", MONEY),
];

const OURS: &str = "is a word of ours that families do not know";
const PROMISE: &str = "promises what nobody can promise";
const OUTCOME: &str = "says how the plan will turn out";
const SERVICE: &str = "names a service or a person who gives advice";
const BLAME: &str = "blames somebody";
const NEED: &str = "tells of a need, a diagnosis or the help in the plan";
const MONEY: &str = "speaks of money";
const EXEMPT: &str = "speaks of an exemption";

/// What stands in `text` and must not: "“overdue” is a word of ours that families do not know".
pub fn unsuitable(text: &str) -> Option<String> {
    let plain = plain(text);
    let found = NEVER.iter().find(|(phrase, _)| holds(&plain, phrase));
    let found = found.copied().or_else(|| holds(&plain, "exempt*").then_some(("exempt", EXEMPT)));
    found
        .map(|(phrase, why)| format!("“{}” {why}", phrase.trim_end_matches('*')))
        .or_else(|| has_long_number(text).then(|| "a number as long as an NHS number stands in it".to_owned()))
}

/// The same without the authority's name for its own law: the citation of the Regulations, and what a recorded
/// exemption is called.
pub fn unsuitable_with_exemption(text: &str) -> Option<String> {
    let plain = plain(text);
    NEVER
        .iter()
        .find(|(phrase, _)| holds(&plain, phrase))
        .map(|(phrase, why)| format!("“{}” {why}", phrase.trim_end_matches('*')))
}

/// A name of its own that holds a word of the list and has to be given (LGSCO).
const OMBUDSMAN: &str = "local government and social care ombudsman";

/// Lower case, curly apostrophes straight, white space single.
fn plain(text: &str) -> String {
    let lower = text.to_lowercase().replace('’', "'");
    lower.split_whitespace().collect::<Vec<_>>().join(" ").replace(OMBUDSMAN, "ombudsman")
}

fn holds(plain: &str, phrase: &str) -> bool {
    let (word, is_beginning) = match phrase.strip_suffix('*') {
        Some(word) => (word, true),
        None => (phrase, false),
    };
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    plain.match_indices(word).any(|(at, found)| {
        let before = plain.get(..at).and_then(|t| t.chars().next_back());
        let after = plain.get(at + found.len()..).and_then(|t| t.chars().next());
        !is_letter(before) && (is_beginning || !is_letter(after))
    })
}

/// Exactly ten digits in a row, spaces and hyphens apart; a telephone number has eleven.
fn has_long_number(text: &str) -> bool {
    let mut runs = vec![0_usize];
    for c in text.chars() {
        match (c, runs.last_mut()) {
            ('0'..='9', Some(run)) => *run += 1,
            (' ' | '-', _) => {}
            (_, Some(0)) => {}
            (_, _) => runs.push(0),
        }
    }
    runs.contains(&10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_blames_promises_predicts_or_names_is_found() {
        for (text, word) in [
            ("The NHS has failed to answer.", "nhs"),
            ("We will definitely send it.", "definitely"),
            ("Your date was extended.", "extend"),
            ("The plan slipped.", "slip"),
            ("Your plan has been agreed.", "has been agreed"),
            ("You missed the appointment", "missed the appointment"),
            ("The autism report is not here.", "autis"),
            ("An exemption applies.", "exempt"),
            ("Her number is 943 476 5919.", "NHS number"),
        ] {
            let found = unsuitable(text);
            assert!(found.as_deref().is_some_and(|f| f.contains(word)), "{text}: {found:?}");
        }
    }

    #[test]
    fn plain_reasons_pass() {
        for text in [
            "One report that we need has not come yet. I have asked the person's manager to help.",
            "Two people in our team have been ill. A colleague has taken over and is writing the plan this week.",
            "We fragrantly disagree about nothing.",
        ] {
            assert_eq!(unsuitable(text), None, "{text}");
        }
    }
}
