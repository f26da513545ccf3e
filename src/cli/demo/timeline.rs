//! The timeline on standard output: when, who → whom, what, why. Lines of at most 100 columns.

use super::people::name_of;
use super::{Item, Played, Way, page};
use crate::core::calendar::local_date;
use crate::core::letter::LetterKind;
use crate::core::wording::{date_words, list};
use chrono::{Datelike, NaiveDate};
use chrono_tz::Europe::London;

const WIDTH: usize = 100;
/// How far what belongs to a mail is set in.
const INDENT: &str = "         ";

/// What has been printed so far.
pub struct Timeline {
    day: Option<NaiveDate>,
    week: u32,
}

impl Timeline {
    /// Says what is about to be seen.
    pub fn open() -> Self {
        println!("A small authority plays November 2026 to January 2027 on a simulated clock.");
        println!("→ mail to the service, ← mail from the service. Everybody here is invented.");
        Self { day: None, week: 0 }
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
        let week = day.iso_week();
        if self.day.is_none_or(|before| before.iso_week() != week) {
            self.week += 1;
            println!(
                "\n──────── Week of {} ────────",
                date_words(NaiveDate::from_isoywd_opt(week.year(), week.week(), chrono::Weekday::Mon).unwrap_or(day))
            );
        }
        self.day = Some(day);
        println!("\n{}", date_words(day));
    }

    /// Says how it ended and where to look.
    pub fn close(&self, played: &Played) {
        println!("\n──────── The end, after {} weeks ────────\n", self.week);
        for (number, what) in page::figures(played) {
            println!("{number:>5}  {what}");
        }
        println!("\nLook at it: {}", played.page.display());
        println!("Every mail is a file in mails/; the people's inboxes are in people/.");
    }
}

/// Who writes what to whom, in one line.
pub fn headline(item: &Item) -> String {
    let to: Vec<String> = item.to.iter().map(|a| name_of(a)).collect();
    match (item.way, item.kind) {
        (Way::Out, kind) => format!("{} to {}", kind.map_or("mail", kind_words), list(&to)),
        (Way::In, _) => format!("{} to {}", name_of(&item.from), list(&to)),
        (Way::Forged, _) => format!("somebody in the name of {} to {}", name_of(&item.from), list(&to)),
    }
}

/// A sort of letter as people call it.
pub fn kind_words(kind: LetterKind) -> &'static str {
    match kind {
        LetterKind::Request => "Request",
        LetterKind::Logged => "“Logged” note",
        LetterKind::Reminder => "Reminder",
        LetterKind::Escalation => "Escalation",
        LetterKind::Responsible => "“You are responsible”",
        LetterKind::StandDown => "Thank-you and all-clear",
        LetterKind::NewDue => "New date",
        LetterKind::Answer => "“Please look”",
        LetterKind::Notice => "Notice",
        LetterKind::RolesQuestion => "Question who is who",
        LetterKind::Today => "Today mail",
        LetterKind::Receipt => "Receipt",
        LetterKind::Status => "Status",
        LetterKind::Help => "Help",
        LetterKind::Alarm => "Alarm",
        LetterKind::Confirm => "Request to confirm",
    }
}

fn print_wrapped(first: &str, text: &str) {
    let rest = INDENT.chars().count() + 2;
    let mut line = first.to_owned();
    let mut empty = true;
    for word in text.split_whitespace() {
        if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            println!("{line}");
            line = " ".repeat(rest);
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    println!("{line}");
}
