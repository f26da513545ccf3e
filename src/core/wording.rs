//! Words that every letter and every reason shares: dates as people read them, lists, counts.

use chrono::{Datelike, NaiveDate};

/// "Monday 19 October 2026".
pub fn date_words(date: NaiveDate) -> String {
    date.format("%A %-d %B %Y").to_string()
}

/// "Mon 19 Oct", for lists.
pub fn short_date(date: NaiveDate) -> String {
    date.format("%a %-d %b").to_string()
}

/// "Mon 19 Oct", with the year when it is not the year of `today`.
pub fn short_date_near(date: NaiveDate, today: NaiveDate) -> String {
    if date.year() == today.year() { short_date(date) } else { date.format("%a %-d %b %Y").to_string() }
}

/// "a", "a and b", "a, b and c".
pub fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// "1 working day", "2 working days".
pub fn working_days(n: i64) -> String {
    if n == 1 { "1 working day".to_owned() } else { format!("{n} working days") }
}
