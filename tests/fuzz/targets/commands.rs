//! Any text as commands: a command written down in its normal spelling is the same command.

#![no_main]

use followupd::core::command::{
    Command, Context, DateBias, NumberedAnswer, Reading, choice, people, read, read_date, short_answer,
};
use followupd_fuzz::day;
use libfuzzer_sys::fuzz_target;
use regex::Regex;
use std::sync::LazyLock;

static REFERENCE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"EHC-\d{4}-\d{4}").expect("a pattern"));

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    for numbered in [NumberedAnswer::Yes, NumberedAnswer::OneLine, NumberedAnswer::No] {
        let reading = of(&text, numbered, None);
        assert_eq!(reading, of(&text, numbered, None), "the same text gives the same commands");
        reading.commands.iter().for_each(|command| check(command, numbered));
        let (subject, rest) = text.split_once('\n').unwrap_or((&text, ""));
        of(rest, numbered, Some(subject));
    }
    for bias in [DateBias::Past, DateBias::Future] {
        if let Some(date) = read_date(&text, day(), bias) {
            assert_eq!(read_date(&date.to_string(), day(), bias), Some(date), "a date written down is the same date");
        }
    }
    short_answer(&text, day());
    choice(&text);
    people(&text);
});

fn of(text: &str, numbered: NumberedAnswer, subject: Option<&str>) -> Reading {
    read(text, &Context { numbered, ref_pattern: &REFERENCE, today: day(), subject })
}

/// Fields are left out of the normal spelling of the line; a verb that cannot do without one is then refused.
fn check(command: &Command, numbered: NumberedAnswer) {
    let written = command.to_string();
    let again = of(&written, numbered, None);
    let asks_for_field = again.commands.is_empty() && !command.fields.is_empty();
    if asks_for_field {
        return;
    }
    assert_eq!(again.commands.len(), 1, "{written:?} gives {again:?}");
    let same = &again.commands[0];
    assert_eq!((same.verb, &same.lines, &same.object), (command.verb, &command.lines, &command.object), "{written:?}");
}
