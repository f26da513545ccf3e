//! What holds for every input.

use super::super::{html_to_text, new_text};
use proptest::prelude::*;
use std::collections::HashMap;

fn counted(text: &str) -> HashMap<String, usize> {
    let mut words = HashMap::new();
    let shown = super::super::line::plain_lines(text);
    for word in shown.iter().flat_map(|l| l.text.split_whitespace()) {
        *words.entry(word.to_owned()).or_default() += 1;
    }
    words
}

fn is_within(part: &str, whole: &str) -> bool {
    let whole = counted(whole);
    counted(part).iter().all(|(word, n)| whole.get(word).is_some_and(|have| have >= n))
}

fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z ]{0,30}",
        "> [a-z]{0,9}",
        Just("On 12 Oct 2026 at 09:15, Ann <a@b.example> wrote:".to_owned()),
        Just("From: Ann <a@b.example>".to_owned()),
        Just("Sent: 12 October 2026 09:15".to_owned()),
        Just("To: SEND".to_owned()),
        Just("Subject: Advice".to_owned()),
        Just("---------- Forwarded message ---------".to_owned()),
        Just("-----Original Message-----".to_owned()),
        Just("-- ".to_owned()),
        Just("Sent from my iPhone".to_owned()),
        Just("CAUTION: This email originated from outside the organisation.".to_owned()),
        Just("________________________________".to_owned()),
        Just("This email is confidential. If you are not the intended recipient, delete it.".to_owned()),
        Just(String::new()),
        ".{0,20}",
    ]
}

proptest! {
    #[test]
    fn words_are_left_out_but_never_invented_and_never_lost_from_text_and_cut(lines in prop::collection::vec(line(), 0..25)) {
        let body = lines.join("\n");
        let got = new_text(Some(&body), None);
        prop_assert!(is_within(&got.text, &body));
        prop_assert!(is_within(&got.own, &got.text));
        let pieces: Vec<String> = got.cut.iter().map(|c| c.text.clone()).chain([got.text.clone()]).collect();
        prop_assert_eq!(counted(&pieces.join("\n")), counted(&body));
    }

    #[test]
    fn no_text_and_no_markup_makes_it_panic(text in "\\PC{0,300}", html in "(<[a-z/]{0,10}( [a-z]{1,5}=[\"']?[a-z_: ]{0,9}[\"']?)?>?|[a-z&;#<>\" ]{0,9}){0,60}") {
        new_text(Some(&text), Some(&html));
        new_text(None, Some(&html));
        html_to_text(&html);
    }
}

fn check_long(piece: &str, bytes: usize) {
    let body = piece.repeat(bytes / piece.len());
    let got = new_text(Some(&body), None);
    assert!(got.text.len() <= body.len());
}

/// A quadratic rule would take hours here.
#[test]
fn a_megabyte_of_borders_is_read_in_linear_time() {
    for piece in ["> x\n", "From: a\n"] {
        check_long(piece, 1 << 20);
    }
    for piece in [
        "From: a@b.example\n\n",
        "On 1 May 2026 10:00 <a\n",
        "To: a\nPriority: b\n",
        "-- \n",
        ">\nx\n",
        "____\n",
        "________\n",
        "This message is confidential\n\n",
        "On 1 May 2026 she wrote:\n\n\n",
    ] {
        check_long(piece, 1 << 17);
    }
}
