//! The only file that reads time or sleeps. Everything else takes `now` as an argument.

#![allow(clippy::disallowed_methods, reason = "this is the one place that the lint points everybody to")]

use chrono::{DateTime, Utc};
use std::time::Duration;

/// The longest sleep: afterwards the wall clock is looked at again, so that a suspend, a correction by NTP or a change
/// of the clock costs a minute and not a deadline.
pub const LONGEST_SLEEP: Duration = Duration::from_secs(60);

/// The wall clock.
pub fn now() -> DateTime<Utc> {
    Utc::now()
}

/// Sleeps for `time`, at most a minute.
pub async fn sleep(time: Duration) {
    tokio::time::sleep(time.min(LONGEST_SLEEP)).await;
}

/// How long it is until `at`: nothing when it has passed, at most a minute.
pub fn until(at: DateTime<Utc>, now: DateTime<Utc>) -> Duration {
    (at - now).to_std().unwrap_or_default().min(LONGEST_SLEEP)
}
