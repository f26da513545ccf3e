//! The timeline on standard output: when, who → whom, what, why. Lines of at most 100 columns.

use super::people::name_of;
use super::{Item, Played, Way, page};
use crate::core::calendar::local_date;
use crate::core::letter::LetterKind;
use crate::core::wording::{date_words, list};
use crate::message::Mailbox;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Europe::London;
use std::io::{self, Write};

const WIDTH: usize = 100;
/// How far what belongs to a mail is set in.
const INDENT: &str = "         ";

/// What has been printed so far.
pub struct Timeline {
    day: Option<NaiveDate>,
    begins: NaiveDate,
    ends: NaiveDate,
}

/// Who stops reading (`| head`) does not stop the play.
fn say(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}

impl Timeline {
    /// Nothing has been printed.
    pub fn new(begins: DateTime<Utc>, ends: DateTime<Utc>) -> Self {
        let (begins, ends) = (local_date(begins, London), local_date(ends, London));
        Self { day: None, begins, ends }
    }

    fn open(&self) {
        let (begins, ends) = (date_words(self.begins), date_words(self.ends));
        say(&format!("A small authority from {begins} to {ends}, on a simulated clock."));
        say("→ mail from people and their servers, ← mail from the service. Everybody here is invented.");
    }

    /// Prints one mail.
    pub fn tell(&mut self, item: &Item) {
        let day = local_date(item.at, London);
        if self.day != Some(day) {
            self.begin_day(day);
        }
        let arrow = match item.way {
            Way::In => "→",
            Way::Forged => "⚠",
            Way::Out => "←",
        };
        let about = item.case.as_deref().map(|case| format!(" · {case}")).unwrap_or_default();
        let time = item.at.with_timezone(&London).format("%H:%M");
        print_wrapped(&format!("{time}  {arrow} "), &format!("{}{about}", headline(item)));
        print_wrapped(&format!("{INDENT}“"), &format!("{}”", item.mail.subject));
        if !item.why.is_empty() {
            print_wrapped(&format!("{INDENT}= "), &item.why);
        }
    }

    fn begin_day(&mut self, day: NaiveDate) {
        if self.day.is_none() {
            self.open();
        }
        let number = week(self.begins, day);
        if self.day.is_none_or(|before| week(self.begins, before) != number) {
            say(&format!("\n──────── Week {number} of {} ────────", week(self.begins, self.ends)));
        }
        self.day = Some(day);
        say(&format!("\n{}", date_words(day)));
    }

    /// Says how it ended and where to look.
    pub fn close(&self, played: &Played) {
        say("\n──────── The end ────────\n");
        for (number, what) in page::figures(played) {
            say(&format!("{number:>5}  {what}"));
        }
        say(&format!("\nLook at it: {}", played.page.display()));
        say("Every mail is a file in mails/ beside it; the people's inboxes are in people/.");
    }
}

/// Weeks count from the day on which the play begins, a Monday.
fn week(begins: NaiveDate, day: NaiveDate) -> i64 {
    (day - begins).num_days() / 7 + 1
}

/// Who writes what to whom, in one line.
pub fn headline(item: &Item) -> String {
    let names =
        |mailboxes: &[Mailbox]| list(&mailboxes.iter().map(|m| name_of(m.address.as_str())).collect::<Vec<_>>());
    let what = match (item.way, item.kind) {
        (Way::Out, kind) => kind.map_or("Mail", LetterKind::title).to_owned(),
        (Way::In, _) => name_of(&item.from),
        (Way::Forged, _) => format!("Somebody in the name of {}", name_of(&item.from)),
    };
    let copied = if item.mail.cc.is_empty() { String::new() } else { format!(", copied to {}", names(&item.mail.cc)) };
    format!("{what} to {}{copied}", names(&item.mail.to))
}

fn print_wrapped(first: &str, text: &str) {
    let rest = INDENT.chars().count() + 2;
    let mut line = first.to_owned();
    let mut empty = true;
    for word in text.split_whitespace() {
        if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            say(&line);
            line = " ".repeat(rest);
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    say(&line);
}
