//! The words that advisers and line managers are offered.

use super::*;
use ShortAnswer::{AbsentUntil, AssignedTo, NeedTime, NoChanges, NotMine, NotMyStaff, Sent};

fn check_short(text: &str, expected: Option<ShortAnswer>) {
    assert_eq!(short_answer(text, "2026-11-21".parse().unwrap()), expected, "{text}");
}

#[test]
fn the_offered_words_are_understood_at_the_top() {
    let day = |text: &str| text.parse().ok();
    for (text, expected) in [
        ("SENT", Sent(None)),
        ("sent.", Sent(None)),
        ("SENT 3 Nov", Sent(day("2026-11-03"))),
        ("Sent on 3 November 2026", Sent(day("2026-11-03"))),
        ("*SENT* 3/11/2026", Sent(day("2026-11-03"))),
        ("SENT last week", Sent(None)),
        ("Hi Ann,\n\nSent yesterday.\n\nRegards\nLee", Sent(day("2026-11-20"))),
        ("NOT MINE", NotMine),
        ("Not mine, sorry", NotMine),
        ("\u{201c}not mine\u{201d}", NotMine),
        ("NOT MINE - she is with another clinic", NotMine),
        ("NEED TIME", NeedTime),
        ("Need time please", NeedTime),
        ("NEED TIME until 4 December", NeedTime),
        ("NO CHANGES", NoChanges),
        ("No changes needed, thanks", NoChanges),
        ("No changes from me.", NoChanges),
        ("no changes\n\nDr A Lee\nPaediatrician", NoChanges),
        ("No\u{a0}changes\n-- \nDr A Lee, a very long signature with many words in it", NoChanges),
        ("ASSIGNED TO Dr Poe", AssignedTo("Dr Poe".into())),
        ("Assigned to: Dr Poe.", AssignedTo("Dr Poe".into())),
        ("ABSENT UNTIL 7 December", AbsentUntil(day("2026-12-07"))),
        ("absent until further notice", AbsentUntil(None)),
        ("Not my staff", NotMyStaff),
        ("NOT MY STAFF - she left in June", NotMyStaff),
    ] {
        check_short(text, Some(expected));
    }
}

#[test]
fn ordinary_prose_is_none_of_them() {
    for text in [
        "",
        "Sent from my iPhone",
        "SENT FROM MY IPHONE",
        "Sent from Outlook for Android",
        "Sent: Monday 2 November 2026 10:00",
        "I sent it on Tuesday",
        "Sent it to the co-ordinator on Tuesday",
        "Sentences are too long here",
        "Not mine to say whether this is enough",
        "Need time to read this first",
        "No changes except in section F",
        "No changes\n\nSection F says weekly, but it should be twice a week as we agreed.",
        "Assigned to the clinic that has been covering for our team since last summer",
        "Nothing to add. NOT MINE",
        "> NOT MINE",
        "-- \nNOT MINE",
        "Thanks\nSENT",
        "Notmine",
    ] {
        check_short(text, None);
    }
}

#[test]
fn a_bare_number_chooses() {
    for (text, expected) in
        [("2", Some(2)), ("Hi,\n\n2.\nThanks", Some(2)), ("(1)", Some(1)), ("1,2", None), ("1 CLOSE", None), ("", None)]
    {
        assert_eq!(choice(text), expected, "{text}");
    }
}
