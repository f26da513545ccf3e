//! Out-of-office notices: until when, and who instead. Told to the co-ordinator; nobody named here is mailed.
//!
//! [`Absence::until`] is the **first day back**:
//! - "back on 16 November", "returning 16/11": that day;
//! - "until 14 November", "from 2 to 14 November": that day too, the earlier of its two readings, for a person
//!   who is taken to be back too early is only asked too early;
//! - "until 13 November inclusive", "up to and including 13 November", "through 13 November": the day after;
//! - "for two weeks from 2 November", "from 3/11 for 10 days": the day after; a length without its first day is
//!   unknown, for nobody knows when the notice was written, and so are "after half term" and "in a few weeks";
//! - "w/c 9 November" as the time away: the Monday after.
//!
//! A date without a year is the next such date; one that lies in the past is a forgotten notice: unknown.

mod back;
mod contact;
mod dates;
mod span;
mod spelling;
mod subject;
mod vocabulary;

pub use back::first_day_back;

use super::{Absence, Message};
use chrono::NaiveDate;

/// Characters that are looked at: a notice is short, what follows are disclaimers.
const LOOKED_AT: usize = 4_000;

/// Reads a notice; `received_on` is the local date of its receipt, against which dates without a year count.
///
/// `new_text` is what the notice itself says; the subject is read too ("returning 05/01/2027").
pub fn read(message: &Message, new_text: &str, received_on: NaiveDate) -> Absence {
    let text: String = new_text.chars().take(LOOKED_AT).collect();
    let until = back::of_sender(&text, received_on).or_else(|| back::of_sender(&message.subject, received_on));
    let own: Vec<&str> = message.from.iter().map(|from| from.address.as_str()).collect();
    Absence { until, contact: contact::named(&text, &own) }
}

#[cfg(test)]
mod tests;
