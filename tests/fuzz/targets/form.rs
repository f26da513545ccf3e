//! Any bytes as a filled form: text, table or workbook.

#![no_main]

use followupd::core::assessment::{Criteria, Rag, child_data, form, score};
use followupd::message::form_file;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static CRITERIA: LazyLock<Criteria> = LazyLock::new(Criteria::shipped);

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let typed = form::read_text(&text, &CRITERIA);
    assert_eq!(typed, form::read_text(&text, &CRITERIA), "the same text gives the same answers");
    check(&typed);
    child_data(&text);
    for name in [Some("form.csv"), Some("form.xlsx"), None] {
        match form_file::read(data, name) {
            Ok(file) => check(&file.answers(&CRITERIA)),
            Err(_) => {}
        }
    }
});

fn check(answers: &followupd::core::assessment::Answers) {
    let score = score(&CRITERIA, answers, Default::default());
    let counted = score.yes + score.emerging + score.no + score.blank;
    assert!(counted <= CRITERIA.total(), "no criterion counts twice");
    assert_eq!(score.rag == Rag::Invalid, !score.invalid.is_empty(), "an unclear answer is never passed over");
    assert!(
        score.blank == 0 || matches!(score.rag, Rag::Invalid | Rag::Incomplete),
        "a blank answer is never passed over"
    );
}
