//! Any bytes give a reading, and a reading written down again gives itself.

use super::*;

/// Text made of the pieces that commands are made of, so that the rare paths are met.
fn pieces() -> impl Strategy<Value = String> {
    let words: Vec<&'static str> = Verb::ALL.iter().flat_map(|verb| verb.words().split(' ')).collect();
    let piece = prop_oneof![
        4 => proptest::sample::select(words).prop_map(str::to_owned),
        2 => (0u32..300).prop_map(|n| n.to_string()),
        1 => proptest::sample::select(Field::ALL.to_vec()).prop_map(|field| format!("{}:", field.label())),
        2 => proptest::sample::select(vec![
            "\n", "\n", "\n\n", "> ", "- ", "* ", ":", ",", ".", "EHC-2026-0412", "FU-2222-2222", "lee@nhs.example", "<mailto:x@y>",
            "31 Feb", "4 Nov", "tomorrow", "thanks", "--", "\u{a0}", "\u{2019}", "\u{feff}", "IS", "TO", "FROM", "?", "the report", "\u{e9}\u{df}",
        ]).prop_map(str::to_owned),
    ];
    proptest::collection::vec(piece, 0..25).prop_map(|pieces| pieces.join(" "))
}

/// Each verb once in its normal spelling, with what it needs behind it.
fn line() -> impl Strategy<Value = String> {
    let lines: Vec<String> = Verb::ALL.iter().map(|verb| normal(*verb)).collect();
    proptest::sample::select(lines)
}

const OBJECTS: &[(Verb, &str)] = &[
    (Verb::NewCase, "EHC-2026-0412"),
    (Verb::Correct, "EHC-2026-0412"),
    (Verb::Stop, "EHC-2026-0412"),
    (Verb::StopSilent, "EHC-2026-0412"),
    (Verb::Resume, "EHC-2026-0412"),
    (Verb::Contact, "EHC-2026-0412"),
    (Verb::LegalHoldOn, "EHC-2026-0412"),
    (Verb::LegalHoldOff, "EHC-2026-0412"),
    (Verb::DecisionAssess, "EHC-2026-0412"),
    (Verb::Status, "EHC-2026-0412"),
    (Verb::ManagerIs, "Dr Lee IS head@nhs.example"),
    (Verb::Absent, "Dr Lee"),
    (Verb::Exemption, "EHC-2026-0412 school closed"),
    (Verb::NewDate, "EHC-2026-0412 2026-12-18"),
    (Verb::Reassign, "EHC-2026-0412 TO Mo Khan"),
    (Verb::ReassignAll, "FROM ann@council.example TO Mo Khan"),
    (Verb::Match, "A"),
    (Verb::Amend, "7"),
    (Verb::ActionDone, "7"),
    (Verb::Extend, "By: 3"),
    (Verb::DraftIssued, "Where: by post"),
    (Verb::Reissued, "Where: by post"),
];

fn normal(verb: Verb) -> String {
    let object = OBJECTS.iter().find(|(needing, _)| *needing == verb).map_or("", |(_, object)| object);
    format!("{} {object}", verb.words()).trim().to_owned()
}

/// The habits that must not matter.
fn habit() -> impl Strategy<Value = fn(&str) -> String> {
    let habits: Vec<fn(&str) -> String> = vec![
        |line| line.to_owned(),
        |line| line.to_lowercase(),
        |line| line.replace(' ', "\u{a0} "),
        |line| format!("*{line}*"),
        |line| format!("\u{2022}\t{line}."),
        |line| format!("  \u{201c}{line}\u{201d}  "),
        |line| line.replace('\'', "\u{2019}"),
        |line| format!("Hi,\n\n{line}\n\nThanks\nAnn"),
    ];
    proptest::sample::select(habits)
}

#[test]
fn a_flood_is_read_no_slower_than_its_length() {
    for text in [
        "1 CLOSE ".repeat(20_000),
        "1 CLOSE\n2 hm\n".repeat(10_000),
        "1 CLOSE\n\nprose goes on here\n".to_owned() + &"1 CLOES\n2 CLOSE\n".repeat(10_000),
        format!("1 INSUFFICIENT\nText: {}", "a line\n".repeat(50_000)),
        format!("CLOSE {}", ":".repeat(9_000)),
        format!("CLOSE {}", "a: ".repeat(3_000)),
        format!("ACCEPT {}", "1,".repeat(4_000)),
        "lee@nhs.example ".repeat(600),
        ">".repeat(100_000),
        "\n".repeat(100_000),
    ] {
        let (plainly, numbered) = (plain(&text), today_mail(&text));
        assert!(plainly.refusals.len() + numbered.refusals.len() < 2_000);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn no_text_makes_it_panic(text in "(?s).{0,200}", made in pieces()) {
        for text in [&text, &made] {
            plain(text);
            today_mail(text);
            short_answer(text, "2026-11-21".parse().unwrap());
            read_date(text, "2026-11-21".parse().unwrap(), DateBias::Past);
            super::super::read("", &Context { subject: Some(text), ..context(NumberedAnswer::No) });
        }
    }

    #[test]
    fn a_reading_written_down_gives_itself(text in pieces()) {
        for command in today_mail(&text).commands {
            // What a verb cannot do without stands in a field, which the normal spelling of the line leaves out.
            if !command.verb.entry().needs.is_empty() {
                continue;
            }
            let again = today_mail(&command.to_string());
            prop_assert_eq!(again.commands.len(), 1, "{} gives {}", command, transcript(&again));
            prop_assert_eq!(again.commands[0].verb, command.verb);
            prop_assert_eq!(&again.commands[0].lines, &command.lines);
            prop_assert_eq!(again.commands[0].to_string(), command.to_string());
        }
    }

    #[test]
    fn habits_of_typing_do_not_matter(line in line(), habit in habit()) {
        let (expected, typed) = (plain(&line), plain(&habit(&line)));
        let normal = |reading: &Reading| reading.commands.iter().map(|c| c.to_string().to_lowercase()).collect::<Vec<_>>();
        prop_assert_eq!(expected.commands.len(), 1, "{}: {}", line, transcript(&expected));
        prop_assert_eq!(normal(&typed), normal(&expected), "{}", transcript(&typed));
    }
}
