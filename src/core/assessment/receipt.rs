//! What a respondent is told of their return: a row for every criterion, totals, what is missing, the colour so far
//! with its range and why. Facts only; `letters` makes text and HTML of them.

use super::answers::{Answers, Conflict, Value};
use super::colour::{Counts, Rule, Score, counts, score};
use super::criteria::Criterion;
use super::provider_return::{ProviderReturn, Standing};
use super::{Criteria, Importance, Rating};

/// A receipt.
#[derive(Debug, Clone, PartialEq)]
pub struct Receipt {
    /// One for each criterion, in their order.
    pub rows: Vec<ReceiptRow>,
    /// Totals by importance.
    pub counts: Counts,
    /// Colour, reason and range.
    pub score: Score,
    /// Criteria without any answer.
    pub missing: Vec<u32>,
    /// What has to be answered again, and how.
    pub asked: Vec<Asked>,
    /// Emerging or No without a comment: chased.
    pub comments_asked: Vec<u32>,
    /// Yes without a comment: listed.
    pub comments_listed: Vec<u32>,
    /// Attachments, by name.
    pub attachments: Vec<String>,
}

/// One criterion of a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptRow {
    /// Its number.
    pub number: u32,
    /// Essential or Desirable.
    pub importance: Importance,
    /// The question.
    pub text: String,
    /// What holds.
    pub value: Value,
    /// The comment that holds.
    pub comment: String,
    /// The respondents' own evidence; empty where they left ours as it was.
    pub evidence: String,
}

/// A question back, about one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The criterion, when the answer named one.
    pub number: Option<u32>,
    /// What to say.
    pub sentence: String,
}

impl Receipt {
    /// The receipt of a return as it stands.
    pub fn of(provider_return: &ProviderReturn, criteria: &Criteria, rule: Rule) -> Self {
        let standing = provider_return.standing();
        let rows = criteria.iter().map(|c| row(c, &standing.answers, provider_return)).collect();
        let answers = &standing.answers;
        let mut comments_asked =
            [answers.without_comment(Rating::Emerging), answers.without_comment(Rating::No)].concat();
        comments_asked.sort_unstable();
        Self {
            rows,
            counts: counts(criteria, answers),
            score: score(criteria, answers, rule),
            missing: missing(criteria, answers),
            asked: asked(&standing),
            comments_asked,
            comments_listed: answers.without_comment(Rating::Yes),
            attachments: provider_return.attachments().into_iter().map(str::to_owned).collect(),
        }
    }

    /// Whether nothing is open but comments.
    pub fn is_complete(&self) -> bool {
        self.missing.is_empty() && self.asked.is_empty()
    }
}

fn row(criterion: &Criterion, answers: &Answers, provider_return: &ProviderReturn) -> ReceiptRow {
    let item = answers.items.get(&criterion.number).cloned().unwrap_or_default();
    ReceiptRow {
        number: criterion.number,
        importance: criterion.importance,
        text: criterion.text.clone(),
        evidence: own_evidence(&item.evidence, provider_return.offered.get(&criterion.number)),
        value: item.value,
        comment: item.comment,
    }
}

/// The evidence line without our own paragraph, in whatever shape a mail program has brought it back.
pub fn own_evidence(written: &str, offered: Option<&String>) -> String {
    let plain = |text: &str| {
        let straight = text.replace(['“', '”'], "\"").replace(['‘', '’'], "'").replace(['\u{2010}', '–', '—'], "-");
        straight.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let Some(offered) = offered.map(|text| plain(text)) else { return written.trim().to_owned() };
    let left = plain(written).replace(&offered, "");
    if left.trim().is_empty() { String::new() } else { left.trim().to_owned() }
}

fn missing(criteria: &Criteria, answers: &Answers) -> Vec<u32> {
    let is_blank = |n: &u32| answers.items.get(n).is_none_or(|item| item.value == Value::Blank);
    criteria.iter().map(|c| c.number).filter(is_blank).collect()
}

fn asked(standing: &Standing) -> Vec<Asked> {
    let conflict = |number: u32| standing.conflicts.iter().find(|c| c.question == number);
    let unclear = standing.answers.items.iter().filter_map(|(number, item)| match &item.value {
        Value::Unclear(text) => {
            let sentence = conflict(*number).map_or_else(|| why_unclear(text), between);
            Some(Asked { number: Some(*number), sentence })
        }
        Value::Blank | Value::Rated(_) => None,
    });
    let again = standing.ask_again.iter().filter(|n| standing.answers.rating(**n).is_some()).map(|number| {
        let holds = standing.answers.rating(*number).map_or("", Rating::name);
        Asked {
            number: Some(*number),
            sentence: format!("your later answer could not be read, so {holds} still holds. Please say which is right"),
        }
    });
    let strays = standing.answers.strays.iter().map(|stray| match stray.question {
        Some(number) => {
            let sentence = format!("there is no criterion {number} (you wrote “{}”). Which did you mean?", stray.text);
            Asked { number: None, sentence }
        }
        None => Asked { number: None, sentence: format!("which criterion is “{}” about?", stray.text) },
    });
    unclear.chain(again).chain(strays).collect()
}

fn between(conflict: &Conflict) -> String {
    format!("two respondents rate it differently ({conflict}). The lead's answer settles it: AMEND and the number")
}

/// Says what is wrong with an answer in terms of what to write instead.
fn why_unclear(text: &str) -> String {
    let bare = text.trim().trim_matches(|c: char| !c.is_alphanumeric() && c != '/').to_lowercase();
    if text.contains(" | ") {
        return format!(
            "there are two different answers ({}). Please say which one holds",
            text.replace(" | ", ", and ")
        );
    }
    match bare.as_str() {
        "e" => "“E” could mean Emerging or Essential. Please write Yes, Emerging or No".to_owned(),
        "n/a" | "na" | "not applicable" => {
            format!("“{text}” is no answer here, for every criterion counts. Please write Yes, Emerging or No")
        }
        _ => format!("“{text}” cannot be read as one answer. Please write Yes, Emerging or No"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::assessment::form::read_text;
    use crate::core::assessment::provider_return::{Contribution, Manner};
    use crate::core::assessment::{Rag, colour::Colour, form::FormCode};
    use crate::core::id::Address;
    use crate::core::policy::AssessmentComments;
    use chrono::DateTime;

    fn receipt(mails: &[&str]) -> Receipt {
        let criteria = Criteria::shipped();
        let ann = Address::parse("ann@trust.example").unwrap();
        let mut provider_return = ProviderReturn {
            round: "Autumn 2026".into(),
            form: FormCode::of_form("Autumn 2026", "North Trust", &criteria),
            provider: "Example Trust".into(),
            services: Vec::new(),
            respondents: vec![ann.clone()],
            lead: ann.clone(),
            offered: [(4, "Council records: 41 requests, “33” in time.".to_owned())].into(),
            given: Vec::new(),
            handed_in: None,
            previous: None,
            actions: Vec::new(),
        };
        for (at, text) in mails.iter().enumerate() {
            let contribution = Contribution {
                source: format!("MSG-{at}"),
                by: ann.clone(),
                at: DateTime::UNIX_EPOCH,
                manner: Manner::Form,
                answers: read_text(text, &criteria),
                attachments: vec!["audit.pdf".into()],
            };
            provider_return.take(contribution, &criteria, AssessmentComments::Warn);
        }
        Receipt::of(&provider_return, &criteria, Rule::default())
    }

    fn all_but(left_out: &[u32], extra: &str) -> String {
        let rows: String = (1..=23)
            .filter(|n| !left_out.contains(n))
            .map(|n| format!("ANSWER {n:02}: Yes\nCOMMENT {n:02}: ok\n"))
            .collect();
        format!("{rows}{extra}")
    }

    // Situation 76 of domain.md 7.
    #[test]
    fn with_22_answers_the_one_that_is_missing_is_named_and_the_colour_has_a_range() {
        let receipt = receipt(&[&all_but(&[7], "")]);
        assert_eq!((receipt.rows.len(), receipt.missing.as_slice(), receipt.asked.len()), (23, [7].as_slice(), 0));
        assert_eq!((receipt.score.rag, receipt.score.range), (Rag::Incomplete, [Colour::Red, Colour::Green]));
        assert_eq!(receipt.attachments, ["audit.pdf"]);
        assert!(!receipt.is_complete());
    }

    // Situations 77 and 78 of domain.md 7.
    #[test]
    fn what_cannot_be_counted_is_asked_back_by_its_number_and_in_its_own_words() {
        let check = |number: u32, line: &str, expected: &str| {
            let receipt = receipt(&[&all_but(&[number], line)]);
            assert_eq!(receipt.score.rag, Rag::Invalid, "{line:?}");
            let asked = receipt.asked.iter().find(|a| a.number == Some(number)).expect("asked");
            assert!(asked.sentence.contains(expected), "{line:?}: {}", asked.sentence);
        };
        check(3, "ANSWER 03: E\n", "could mean Emerging or Essential");
        check(3, "ANSWER 03: Yes/Emerging\n", "“Yes/Emerging” cannot be read as one answer");
        check(3, "ANSWER 03: N/A\n", "every criterion counts");
        check(12, "ANSWER 12: Yes\nANSWER 12: No\n", "two different answers (Yes, and No)");
    }

    #[test]
    fn an_unreadable_later_answer_leaves_the_clear_one_and_asks() {
        let receipt = receipt(&[&all_but(&[], ""), "ANSWER 05: E\n"]);
        assert_eq!(receipt.score.rag, Rag::Final(Colour::Green));
        // Handed in already: the later form changes nothing, so there is nothing to ask either.
        assert!(receipt.asked.is_empty());
    }

    #[test]
    fn a_rating_without_comment_is_chased_unless_it_is_yes() {
        let receipt =
            receipt(&["ANSWER 01: Yes\nANSWER 02: Emerging\nANSWER 03: No\nANSWER 04: No\nCOMMENT 04: soon\n"]);
        assert_eq!((receipt.comments_asked, receipt.comments_listed), (vec![2, 3], vec![1]));
    }

    #[test]
    fn our_own_evidence_is_not_theirs() {
        let offered = "Council records: 41 requests, “33” in time.".to_owned();
        let check = |written: &str, expected: &str| assert_eq!(own_evidence(written, Some(&offered)), expected);
        check("Council records: 41 requests,\n\"33\" in time.", "");
        check("Council records: 41 requests, “33” in time. See our audit.", "See our audit.");
        check("See our audit.", "See our audit.");
    }
}
