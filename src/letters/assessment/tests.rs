//! What stands below the words of a letter, and that its files are the same every time.

use super::*;
use crate::core::assessment::action_plan::proposed;
use crate::core::assessment::form::{FormCode, RECEIPT_END, RECEIPT_START, read_text};
use crate::core::assessment::{Criteria, ProviderReturn, Receipt, Rule};
use crate::core::id::Address;

fn blank() -> ProviderReturn {
    let lead = Address::parse("ann@trust.example").unwrap();
    ProviderReturn {
        round: "Autumn 2026".into(),
        form: FormCode::of_form("Autumn 2026", "North Trust", &Criteria::shipped()),
        provider: "Example <Trust>".into(),
        services: Vec::new(),
        respondents: vec![lead.clone()],
        lead,
        offered: [(4, "Council records for one period: requests due 55; returned within 6 weeks 33 (60%), later 15, outstanding 7.".to_owned())].into(),
        given: Vec::new(),
        handed_in: None,
        previous: None,
        actions: Vec::new(),
    }
}

#[test]
fn the_form_reads_as_unanswered_with_its_records_as_evidence() {
    let below = form(&blank(), &Criteria::shipped());
    let read = read_text(&below.text, &Criteria::shipped());
    assert!(read.is_empty() && read.strays.is_empty());
    assert!(read.items[&4].evidence.starts_with("Council records") && read.items[&4].comment.is_empty());
    assert!(below.text.lines().all(|line| line.chars().count() <= 76), "{}", below.text);
    assert!(
        below
            .html
            .contains("<b>[Q04] (Essential)</b> Do you have a mechanism to collect and report the return of advice")
    );
    assert!(below.html.contains("<b>ANSWER 04:</b>"));
}

#[test]
fn a_receipt_has_a_row_for_every_criterion_between_its_marks() {
    let criteria = Criteria::shipped();
    let below = receipt(&Receipt::of(&blank(), &criteria, Rule::default()));
    assert_eq!(below.html.matches("<tr><td").count(), 23 + 3);
    for text in [&below.text, &below.html] {
        assert!(text.find(RECEIPT_START) < text.find(RECEIPT_END), "{text}");
    }
    assert!(read_text(&below.text, &criteria).is_empty(), "a quoted receipt answers nothing");
}

#[test]
fn workbooks_depend_on_nothing_but_their_content() {
    let criteria = Criteria::shipped();
    let book = || form_workbook(&blank(), &criteria).unwrap();
    assert_eq!(book(), book());
    let actions = proposed(&criteria, &read_text("ANSWER 04: No\nCOMMENT 04: =1+1", &criteria));
    let rows: Vec<PlanRow<'_>> =
        actions.iter().map(|action| PlanRow { provider: "Example", action, state: String::new() }).collect();
    let plan = || plan_workbook("Autumn 2026", &blank().form, &rows, &criteria).unwrap();
    assert_eq!(plan(), plan());
}
