//! The form as it comes back: quoted, re-wrapped, retyped, pasted. All mails here are invented.

use super::*;
use crate::core::assessment::{Rating, Value};
use proptest::prelude::*;
use std::sync::LazyLock;

static SHIPPED: LazyLock<Criteria> = LazyLock::new(Criteria::shipped);

/// What was read, in one line: `7 Yes (comment), 8 ? text`.
fn summary(answers: &Answers) -> String {
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let items = answers.items.iter().filter_map(|(number, item)| {
        let comment = if item.comment.is_empty() { String::new() } else { format!(" ({})", one_line(&item.comment)) };
        match &item.value {
            Value::Blank if comment.is_empty() => None,
            Value::Blank => Some(format!("{number} -{comment}")),
            Value::Rated(rating) => Some(format!("{number} {}{comment}", rating.name())),
            Value::Unclear(text) => Some(format!("{number} ? {text}{comment}")),
        }
    });
    let strays = answers.strays.iter().map(|stray| match stray.question {
        Some(number) => format!("stray {number}: {}", stray.text),
        None => format!("stray: {}", stray.text),
    });
    items.chain(strays).collect::<Vec<_>>().join(", ")
}

fn check(text: &str, expected: &str) {
    assert_eq!(summary(&read_text(text, &SHIPPED)), expected, "{text}");
}

#[test]
fn the_rendered_form_is_23_blocks_and_reads_as_unanswered() {
    let form = render(&SHIPPED, None);
    assert!(form.contains("\n[Q07] (Essential) Are there escalation processes"), "{form}");
    assert!(form.contains("\nANSWER 07: \nCOMMENT 07: \n"), "{form}");
    assert_eq!(form.matches("Yes only if both parts hold").count(), 4);
    assert_eq!(form.matches("\nANSWER ").count(), 23);
    assert_eq!(read_text(&form, &SHIPPED), Answers { items: read_text(&form, &SHIPPED).items, strays: vec![] });
    assert!(read_text(&form, &SHIPPED).is_empty());
    check(&form.replace('\n', " "), "");
}

#[test]
fn evidence_is_offered_under_its_question_and_never_read_as_answer_or_comment() {
    let evidence = [(4, "Records: 41 requests,\n33 within 6 weeks (80%). 7. Yes".to_owned())].into();
    let form = render(&SHIPPED, Some(&evidence));
    assert!(form.contains("?\nEVIDENCE 04: Records: 41 requests, 33 within 6 weeks (80%). 7. Yes\nANSWER 04: \n"));
    let read = read_text(&form, &SHIPPED);
    assert!(read.is_empty());
    assert!(read.items[&4].comment.is_empty() && read.items[&4].evidence.starts_with("Records"));
}

#[test]
fn answers_are_read_whatever_quoting_and_wrapping_did_to_the_lines() {
    check("ANSWER 07: Yes\nCOMMENT 07: since June", "7 Yes (since June)");
    check("> ANSWER 07: Yes\n> COMMENT 07: since\n> June", "7 Yes (since June)");
    check("> > > ANSWER 07: Yes\n>>> COMMENT 07: since\n>>>June", "7 Yes (since June)");
    check("ANSWER 07:\nYes\nCOMMENT 07:\nsince June", "7 Yes (since June)");
    check("> ANSWER 07:\n\nYes\n\n> COMMENT 07:\n\nsince June\n", "7 Yes (since June)");
    check("ANSWER\n07: Yes\nCOMMENT\n> 07: since June", "7 Yes (since June)");
    check("ANSWER 07: Yes COMMENT 07: since June ANSWER 08: No", "7 Yes (since June), 8 No");
    check("ANSWER\u{a0}07:\u{a0}Yes\r\nCOMMENT\u{a0}07:\u{a0}since June", "7 Yes (since June)");
    check("ＡＮＳＷＥＲ ０７： Ｙｅｓ", "7 Yes");
    check("*ANSWER 07:* *Yes*\n*COMMENT 07:* since June", "7 Yes (since June)");
    check("ANSWER 07: “Yes”\nCOMMENT 07: the team’s own “log”", "7 Yes (the team’s own “log”)");
    check("answer 7 - yes\ncomment 7 - since June", "7 Yes (since June)");
    check("ANSWER 07 Yes\nANSWER 08 no.\nAnswer 9 = Emerging", "7 Yes, 8 No, 9 Emerging");
    check("ANSWER 07: Yes – since June\nCOMMENT 07: all teams", "7 Yes (since June all teams)");
    check("ANSWER 07: Yes - since\nJune 2025", "7 Yes (since June 2025)");
}

#[test]
fn short_forms_that_people_type_instead_are_read() {
    check(
        "1. Yes\n2. Emerging\n3) no\n04: Y\nQ5 Amber\nQ06: red\n• 7 Green",
        "1 Yes, 2 Emerging, 3 No, 4 Yes, 5 Emerging, 6 No, 7 Yes",
    );
    check("7. Yes – since June\n8. No\nwe are hiring\n9. Yes", "7 Yes (since June), 8 No (we are hiring), 9 Yes");
    check("Q7\nYes\nQ8\nNo", "7 Yes, 8 No");
    check("7.\nYes\n8.\nNo", "7 Yes, 8 No");
    check("[Q07] (Essential) Yes", "7 Yes");
    check("7. (Essential) Yes", "7 Yes");
    check(
        "[Q07] (Essential) Are there escalation processes to challenge\ninsufficient responses from services and have them put\nright?\nYes, all teams",
        "7 Yes (all teams)",
    );
    check(
        "7. Are there escalation processes to challenge insufficient responses?\nANSWER: No\nCOMMENT: planned",
        "7 No (planned)",
    );
}

#[test]
fn a_list_on_top_counts_although_the_empty_form_is_quoted_below() {
    let quoted: String = render(&SHIPPED, None).lines().map(|line| format!("> {line}\n")).collect();
    check(&format!("Dear Bo,\n\n7. Yes\n8. No\n\nKind regards\nAnn\n\n{quoted}"), "7 Yes, 8 No");
    check(&format!("ANSWER 07: Yes\nCOMMENT 07: ok\n\n{quoted}"), "7 Yes (ok)");
}

#[test]
fn numbers_in_a_comment_never_become_items_that_have_their_own_block() {
    check(
        "ANSWER 03: Yes\nCOMMENT 03: steps:\n1. Yes\n7. train\n12 staff trained\nQ4 2025 data\n8) No\n\
         ANSWER 01: \nANSWER 04: \nANSWER 07: No\nANSWER 08: Yes\nANSWER 12: No",
        "3 Yes (steps: 1. Yes 7. train 12 staff trained Q4 2025 data 8) No), 7 No, 8 Yes, 12 No",
    );
    check("ANSWER 03: Yes\nCOMMENT 03: we have\n12 staff trained\n7. blah", "3 Yes (we have 12 staff trained 7. blah)");
    check(
        "3. Yes\n12 staff trained of the fifteen that we have here\n4. No",
        "3 Yes (12 staff trained of the fifteen that we have here), 4 No",
    );
    check("ANSWER 03: Yes\nCOMMENT 03: figures\n12\t3\t5\nANSWER 12: No", "3 Yes (figures), 12 No");
}

#[test]
fn what_cannot_be_read_is_unclear_and_echoed() {
    for text in ["E", "N/A", "not yet", "Yes/Emerging", "yes and no", "Yes?", "see attached", "maybe in 2027"] {
        check(&format!("ANSWER 07: {text}\nCOMMENT 07: x"), &format!("7 ? {text} (x)"));
        check(&format!("> ANSWER 07:\n{text}"), &format!("7 ? {text}"));
        check(&format!("Q7: {text}"), &format!("7 ? {text}"));
    }
    check("6. Yes\n7. not yet\n8. No", "6 Yes, 7 ? not yet, 8 No");
    check("[Q07] N/A\n\n[Q08] Yes", "7 ? N/A, 8 Yes");
    check("ANSWER 27: Yes\nANSWER 28:", "stray 27: Yes");
    check("ANSWER 07: Yes\nNo", "7 ? Yes No");
}

#[test]
fn the_same_answer_twice_counts_once_and_two_answers_are_a_conflict() {
    check("ANSWER 12: Yes\n> ANSWER 12: yes", "12 Yes");
    check("ANSWER 12: Yes\n> ANSWER 12: No", "12 ? Yes | No");
    check("12. Yes\n> [Q12] (Desirable)\n> ANSWER 12: No", "12 ? Yes | No");
}

#[test]
fn prose_farewells_and_older_mail_are_no_answers() {
    check("Hello, yes, we will send it. No problem.\n\nKind regards\nAnn", "");
    check("ANSWER 23:\n\nKind regards,\nAnn Lee", "");
    check("ANSWER 23: Yes\nCOMMENT 23: fine\n-- \nAnn Lee\n12 High Street", "23 Yes (fine)");
    check("ANSWER 23:\n\nPlease tell me when the others have answered.", "");
    check("Answer all questions please", "");
}

#[test]
fn the_instruction_of_a_question_in_two_parts_is_never_an_answer() {
    let form = render(&SHIPPED, None);
    let start = form.find("[Q10]").unwrap();
    let block = &form[start..form.find("ANSWER 10").unwrap()];
    for width in 10..90 {
        check(&wrapped(&block.replace('\n', " "), width), "");
    }
    check(&format!("{block}Yes"), "10 Yes");
}

#[test]
fn a_table_in_the_text_is_read_by_its_column_names_or_places() {
    check(
        "7\tEssential\tAre there processes?\tYes\tsince June\n8\tEssential\tIs there one?\tNo\t",
        "7 Yes (since June), 8 No",
    );
    check("Q07\tYes\tsince June\nQ08\tnot yet\twe plan", "7 Yes (since June), 8 ? not yet (we plan)");
    check("7\tYes\n8\tNo", "7 Yes, 8 No");
    check("| 7 | Essential | Are there processes? | Yes | ok |\n| 8 | Essential | Is there? | | |", "7 Yes (ok)");
    check(
        "No.\tCriterion\tYes\tEmerging\tNo\tComments\n7\tAre there processes\nto challenge?\tx\t\t\tsince June\n\
         8\tIs there one?\t\t✓\t\t\n9\tMust all?\tx\t\tx\t\n10\tAre they?\t\t\t\t\n11\tIs it?\t\t\t✔\t",
        "7 Yes (since June), 8 Emerging, 9 ? Yes: x | No: x, 11 No",
    );
    check("> 7\tEssential\tAre there?\tE\tno", "7 ? E (no)");
}

#[test]
fn what_a_receipt_repeats_is_never_an_answer() {
    let receipt = "[RECEIPT]\n7. Yes – since June\nQ08: No\n9\tEssential\tYes\n[END OF RECEIPT]\n";
    check(receipt, "");
    check(&format!("7. No\n\nFrom: Bo <bo@council.example>\n\n{}", quoted(receipt, "> ")), "7 No");
    check(&format!("{receipt}ANSWER 07: No\n"), "7 No");
    check("ANSWER 07: No\n> [RECEIPT]\n> 7. Yes", "7 No");
    check("[RECEIPT]\n7. Yes\nHow to fill this in: so\nANSWER 07: No\n", "7 No");
}

#[test]
fn the_form_of_a_round_carries_its_code_and_reads_as_unanswered() {
    let code = FormCode::of_form("Autumn 2026", "North Trust", &SHIPPED);
    let form = render_for(&code, &SHIPPED, &std::collections::BTreeMap::new());
    assert_eq!(FormCode::all_in(&form), [code].into());
    check(&form, "");
    check(&format!("ANSWER 23: Yes\nCOMMENT 23: ok\n\n{}", quoted(&form, "> ")), "23 Yes (ok)");
}

fn table(rows: &[&str]) -> Rows {
    rows.iter().map(|row| row.split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
}

fn check_table(rows: &[&str], expected: &str) {
    assert_eq!(summary(&read_tables(&[table(rows)], &SHIPPED)), expected, "{rows:?}");
}

#[test]
fn a_sheet_is_read_by_the_names_of_its_columns_in_any_order() {
    check_table(
        &["question|answer|comment", "7|Yes|ok", "07|yes|", "Q08|No|", "9|  |", "10|E|"],
        "7 Yes (ok), 8 No, 10 ? E",
    );
    check_table(&["COMMENT|Answer|Question", "ok|Yes|7"], "7 Yes (ok)");
    check_table(
        &["Trust: Example", "", "question|essential|wording|answer|comment", "7.0|Essential|Are there 2?|Emerging|ok"],
        "7 Emerging (ok)",
    );
    check_table(&["question|answer|comment", "7|Yes – since June|all teams"], "7 Yes (since June all teams)");
    check_table(&["question|answer|comment", "7|Yes|", "7|No|"], "7 ? Yes | No");
    check_table(
        &["question|answer|comment", "24|Yes|", "25||", "abc|No|", "Total|12|"],
        "stray 24: Yes, stray: abc: No",
    );
    check_table(&["7|Yes|ok", "Q8|No", "9|maybe|x"], "7 Yes (ok), 8 No, 9 ? maybe (x)");
}

#[test]
fn a_sheet_with_columns_to_tick_takes_one_tick_a_row() {
    let names = "No|Criterion|Essential|Yes|Emerging|No|Comments and supporting information";
    check_table(
        &[
            "Self-assessment",
            names,
            "1|a|D|x|||ok",
            "2|b|E||X||",
            "3|c|D|||✓|",
            "4|d|E|x|x||",
            "5|e|E||||",
            "6|f|E||in progress||",
            "|Total||3|1|1|",
        ],
        "1 Yes (ok), 2 Emerging, 3 No, 4 ? Yes: x | Emerging: x, 6 ? Emerging: in progress",
    );
    check_table(
        &[names, "1|a|D|Yes|||", "2|b|E|||no|", "3|c|D|no|||", "4|d|E|☐|☒|☐|"],
        "1 Yes, 2 No, 3 ? Yes: no, 4 Emerging",
    );
}

#[test]
fn a_number_may_stand_in_one_cell_with_the_wording_of_its_question() {
    check_table(
        &[
            "Criteria|Yes|Emerging|No|Comments",
            "1. Is there a route?|x|||ok",
            "Q2) Is it known?||x||",
            "3: Is it used?|||x|",
        ],
        "1 Yes (ok), 2 Emerging, 3 No",
    );
    check_table(
        &["Question|Answer", "7. Are there 2 ways?|Yes", "2 ways are enough|No"],
        "7 Yes, stray: 2 ways are enough: No",
    );
}

#[test]
fn sheets_beside_the_form_are_ignored() {
    let form = table(&["question|answer", "7|Yes"]);
    let notes = table(&["1|Yes|a choice", "2|No|a choice"]);
    assert_eq!(summary(&read_tables(&[notes.clone(), form], &SHIPPED)), "7 Yes");
    assert_eq!(summary(&read_tables(&[notes], &SHIPPED)), "1 Yes (a choice), 2 No (a choice)");
    assert_eq!(read_tables(&[], &SHIPPED), Answers::default());
}

#[test]
fn a_mail_that_says_the_same_a_hundred_thousand_times_is_read_in_bounded_room() {
    let lines: String = (0..100_000).map(|n| format!("7. Yes – reason {n}\n7\tNo\n{n} |a|b|\n")).collect();
    let read = read_text(&lines, &SHIPPED);
    assert!(read.items[&7].comment.len() < 40_000);
    assert!(matches!(&read.items[&7].value, Value::Unclear(text) if text.chars().count() <= 200));
}

/// Breaks long lines as mail programs do, without regard to what stands in them.
fn wrapped(text: &str, width: usize) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let mut length = 0;
        for word in line.split(' ') {
            let longer = length + 1 + word.chars().count();
            if length > 0 && longer > width {
                out.push('\n');
                length = word.chars().count();
            } else {
                out.push_str(if length > 0 { " " } else { "" });
                length = longer;
            }
            out.push_str(word);
        }
        out.push('\n');
    }
    out
}

fn quoted(text: &str, prefix: &str) -> String {
    text.lines().map(|line| format!("{prefix}{line}\n")).collect()
}

/// What a mail program may do to a text on its way; it must not change an answer.
fn mangled(text: &str, how: &[usize]) -> String {
    how.iter().fold(text.to_owned(), |text, how| match how {
        0 => quoted(&text, "> "),
        1 => quoted(&text, ">"),
        2 => wrapped(&text, 72),
        3 => text.replace('"', "”").replace('\'', "’"),
        4 => text.replace(' ', "\u{a0}"),
        5 => text.replace('\n', "\r\n"),
        6 => text.replace('\n', "\n\n"),
        7 => format!("Dear Bo,\n\nplease find our answers below.\n\nAnn\n\n-----Original Message-----\n{text}"),
        _ => text.lines().map(|line| format!("{}\n", line.trim_end())).collect(),
    })
}

fn plain(text: &str) -> String {
    let straight = text.replace(['”', '“'], "\"").replace('’', "'").replace('>', " ");
    straight.split_whitespace().collect::<Vec<_>>().join(" ")
}

const COMMENTS: &[&str] = &[
    "",
    "since June 2025",
    "12 staff trained, 3 to go; see the team's \"training log\" for the names of the courses that they took in Q4 2025",
    "7. train staff 8. Yes 9) no and so on until everybody in the service has been reached by one of the three teams",
    "Yes, we think so, but No was our answer last year and Emerging the year before that; nothing has been lost since",
    "1 Yes 2 No 3 Emerging are the numbers in our own list, and 14 more are kept elsewhere by the other department",
];

proptest! {
    #[test]
    fn a_filled_form_reads_the_same_whatever_mail_programs_do_to_it(
        filled in proptest::collection::vec((0usize..4, 0usize..COMMENTS.len()), 23),
        how in proptest::collection::vec(0usize..9, 0..5),
    ) {
        let mut form = render(&SHIPPED, None);
        for (number, (rating, comment)) in (1..).zip(&filled) {
            let rating = Rating::ALL.get(*rating).map_or("", |rating| rating.name());
            form = form.replace(&format!("ANSWER {number:02}: "), &format!("ANSWER {number:02}: {rating}"));
            form = form.replace(&format!("COMMENT {number:02}: "), &format!("COMMENT {number:02}: {}", COMMENTS[*comment]));
        }
        let read = read_text(&mangled(&form, &how), &SHIPPED);
        prop_assert!(read.strays.is_empty());
        for (number, (rating, comment)) in (1..).zip(&filled) {
            prop_assert_eq!(read.rating(number), Rating::ALL.get(*rating).copied(), "Q{}", number);
            let item = &read.items[&number];
            prop_assert!(!matches!(item.value, Value::Unclear(_)), "Q{}: {:?}", number, item);
            prop_assert_eq!(plain(&item.comment), plain(COMMENTS[*comment]), "Q{}", number);
        }
    }

    #[test]
    fn any_text_is_read_without_panic(text in "(?s).{0,400}", words in proptest::collection::vec(0usize..14, 0..60)) {
        const PIECES: &[&str] = &[
            "ANSWER 07:", "COMMENT 07:", "[Q07]", "\n", "> ", "7.", "Yes", "no", "\t", "|", "12", "(Essential)", "Q7", "question\tanswer\n",
        ];
        read_text(&text, &SHIPPED);
        let pieces: Vec<&str> = words.iter().map(|at| PIECES[*at]).collect();
        read_text(&pieces.join(" "), &SHIPPED);
        read_text(&pieces.concat(), &SHIPPED);
    }
}
