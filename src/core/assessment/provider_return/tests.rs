//! What holds after several mails, two respondents and amendments.

use super::*;
use crate::core::assessment::form::read_text;

fn who(name: &str) -> Address {
    Address::parse(&format!("{name}@trust.example")).unwrap()
}

fn blank() -> ProviderReturn {
    let criteria = Criteria::shipped();
    ProviderReturn {
        round: "Autumn 2026".into(),
        form: FormCode::of_form("Autumn 2026", "North Trust", &criteria),
        provider: "Example Trust".into(),
        services: vec!["Community Paediatrics".into()],
        respondents: vec![who("ann"), who("bo")],
        lead: who("ann"),
        offered: BTreeMap::new(),
        given: Vec::new(),
        handed_in: None,
        previous: None,
        actions: Vec::new(),
    }
}

fn take(to: &mut ProviderReturn, by: &str, manner: Manner, text: &str) -> Taken {
    let criteria = Criteria::shipped();
    let contribution = Contribution {
        source: format!("MSG-{}", to.given.len() + 1),
        by: who(by),
        at: DateTime::UNIX_EPOCH,
        manner,
        answers: read_text(text, &criteria),
        attachments: Vec::new(),
    };
    to.take(contribution, &criteria, AssessmentComments::Warn)
}

fn form(text: &str) -> String {
    let others: String = (1..=23)
        .filter(|n| !text.contains(&format!("ANSWER {n:02}")))
        .map(|n| format!("ANSWER {n:02}: Yes\nCOMMENT {n:02}: ok\n"))
        .collect();
    format!("{text}\n{others}")
}

#[test]
fn partial_answers_add_up_and_the_last_one_completes_the_return() {
    let mut part = blank();
    assert_eq!(take(&mut part, "ann", Manner::Form, "ANSWER 01: Yes\nANSWER 02: No").completed, Completed::No);
    assert!(part.handed_in.is_none());
    let taken = take(&mut part, "ann", Manner::Form, &form("ANSWER 01: \nANSWER 02: Emerging"));
    assert_eq!(taken.completed, Completed::Now);
    assert_eq!(part.standing().answers.rating(2), Some(Rating::Emerging));
    assert_eq!(part.history(2).iter().map(|(_, given)| given.source).collect::<Vec<_>>(), ["MSG-1", "MSG-2"]);
}

#[test]
fn after_it_is_handed_in_a_form_changes_no_rating_and_amend_does() {
    let mut whole = blank();
    take(&mut whole, "ann", Manner::Form, &form("ANSWER 07: No"));
    let taken =
        take(&mut whole, "ann", Manner::Form, "ANSWER 07: Yes\nCOMMENT 07: now\nANSWER 08: Yes\nCOMMENT 08: more");
    assert_eq!(taken.left_out, [(7, Some(Rating::No), Rating::Yes)]);
    let standing = whole.standing().answers;
    assert_eq!((standing.rating(7), standing.items[&8].comment.as_str()), (Some(Rating::No), "more"));
    take(&mut whole, "ann", Manner::Amendment, "ANSWER 07: Yes");
    assert_eq!(whole.standing().answers.rating(7), Some(Rating::Yes));
    assert_eq!(whole.history(7).len(), 2);
}

#[test]
fn respondents_who_differ_make_a_conflict_until_the_lead_amends() {
    let mut two = blank();
    take(&mut two, "bo", Manner::Form, "ANSWER 04: No\nCOMMENT 04: Bo's");
    take(&mut two, "ann", Manner::Form, "ANSWER 04: Yes");
    let standing = two.standing();
    assert_eq!(standing.conflicts.iter().map(|c| c.question).collect::<Vec<_>>(), [4]);
    assert_eq!(standing.answers.rating(4), None);
    take(&mut two, "ann", Manner::Amendment, "ANSWER 04: Emerging");
    let standing = two.standing();
    assert!(standing.conflicts.is_empty());
    assert_eq!(standing.answers.rating(4), Some(Rating::Emerging));
    assert_eq!(standing.answers.items[&4].comment, "Bo's", "what was said stays beside what was settled");
    take(&mut two, "bo", Manner::Form, "ANSWER 04: No");
    assert_eq!(two.standing().conflicts.len(), 1, "a later word of another is a new conflict");
}

#[test]
fn an_amendment_of_somebody_else_settles_nothing() {
    let mut two = blank();
    take(&mut two, "ann", Manner::Form, "ANSWER 04: Yes");
    take(&mut two, "bo", Manner::Amendment, "ANSWER 04: No");
    assert_eq!(two.standing().conflicts.len(), 1);
}

#[test]
fn where_comments_are_required_a_rating_without_one_completes_nothing() {
    let mut bare = blank();
    take(&mut bare, "ann", Manner::Form, &form("ANSWER 07: Yes"));
    assert!(bare.is_complete(&Criteria::shipped(), AssessmentComments::Warn));
    assert!(!bare.is_complete(&Criteria::shipped(), AssessmentComments::Require));
}
