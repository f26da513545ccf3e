//! Between instants and local days: the date of an instant, the instant of a local hour, the send window.
//!
//! Never counts in hours: a local day has 23, 24 or 25 of them (`domain.md` 2.3).

use super::Calendar;
use crate::core::policy::SendWindow;
use chrono::{DateTime, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// The local calendar date of an instant: day 0 of a window that it opens.
pub fn local_date(at: DateTime<Utc>, zone: Tz) -> NaiveDate {
    local(at, zone).date()
}

/// The instant of a local hour. An hour that the clocks skip in spring gives the first instant after the gap,
/// one that they repeat in autumn gives the first of the two.
pub fn at_local(date: NaiveDate, time: NaiveTime, zone: Tz) -> DateTime<Utc> {
    let wanted = date.and_time(time);
    match zone.from_local_datetime(&wanted) {
        MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => at.with_timezone(&Utc),
        MappedLocalTime::None => first_instant_after_gap(wanted, zone),
    }
}

/// When a window that is due on `due_on` closes: 24:00 local, the next local midnight.
pub fn closes_at(due_on: NaiveDate, zone: Tz) -> DateTime<Utc> {
    at_local(due_on.succ_opt().unwrap_or(due_on), NaiveTime::MIN, zone)
}

impl SendWindow {
    /// The first instant from `at` on in which letters may leave: `at` itself when it lies in the window.
    pub fn next_opening(&self, at: DateTime<Utc>, calendar: &Calendar, zone: Tz) -> DateTime<Utc> {
        let now = local(at, zone);
        let (today, time) = (now.date(), now.time());
        if !calendar.is_working(today) || time >= self.to {
            return at_local(calendar.next_working_day(today), self.from, zone);
        }
        if time >= self.from {
            return at;
        }
        at_local(today, self.from, zone).max(at)
    }
}

/// Total even at the ends of what dates can express, where `naive_local` would panic.
fn local(at: DateTime<Utc>, zone: Tz) -> NaiveDateTime {
    let utc = at.naive_utc();
    utc.checked_add_offset(zone.offset_from_utc_datetime(&utc).fix()).unwrap_or(utc)
}

/// No zone is more than a day away from UTC and none skips more than a day, so the end of the gap lies within
/// two days of the wanted time read as UTC; there the local clock only jumps forward.
fn first_instant_after_gap(wanted: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    let near = wanted.and_utc();
    let mut before = near.checked_sub_signed(TimeDelta::days(2)).unwrap_or(DateTime::<Utc>::MIN_UTC);
    let mut after = near.checked_add_signed(TimeDelta::days(2)).unwrap_or(DateTime::<Utc>::MAX_UTC);
    while after - before > TimeDelta::seconds(1) {
        let middle = before + (after - before) / 2;
        if local(middle, zone) < wanted { before = middle } else { after = middle }
    }
    whole_second(after)
}

/// The search halves into fractions; clocks change on whole seconds.
fn whole_second(at: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp(at.timestamp(), 0).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::{Europe::London, Pacific::Apia};

    fn instant(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn check_local(zone: Tz, local: &str, expected: &str) {
        let wanted: NaiveDateTime = local.parse().unwrap();
        assert_eq!(at_local(wanted.date(), wanted.time(), zone), instant(expected), "{local} in {zone}");
    }

    #[test]
    fn every_local_hour_has_one_instant() {
        check_local(London, "2026-01-05T08:00:00", "2026-01-05T08:00:00Z");
        check_local(London, "2026-07-06T08:00:00", "2026-07-06T07:00:00Z");
        check_local(London, "2026-03-29T00:59:59", "2026-03-29T00:59:59Z");
        check_local(London, "2026-03-29T01:00:00", "2026-03-29T01:00:00Z");
        check_local(London, "2026-03-29T01:30:00", "2026-03-29T01:00:00Z");
        check_local(London, "2026-03-29T02:00:00", "2026-03-29T01:00:00Z");
        check_local(London, "2026-10-25T01:30:00", "2026-10-25T00:30:00Z");
        check_local(London, "2026-10-25T02:00:00", "2026-10-25T02:00:00Z");
        check_local(Apia, "2011-12-30T12:00:00", "2011-12-30T10:00:00Z");
    }

    #[test]
    fn the_ends_of_time_do_not_panic() {
        for date in [NaiveDate::MIN, NaiveDate::MAX] {
            at_local(date, NaiveTime::MIN, London);
            at_local(date, NaiveTime::MIN, Apia);
            closes_at(date, Apia);
        }
        for at in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
            local_date(at, Apia);
        }
    }

    #[test]
    fn letters_wait_for_the_window_and_never_longer() {
        let hour = |h| NaiveTime::from_hms_opt(h, 0, 0).unwrap();
        let window = SendWindow { from: hour(8), to: hour(18) };
        let calendar = Calendar::default();
        for (at, expected) in [
            ("2026-11-02T10:00:00Z", "2026-11-02T10:00:00Z"),
            ("2026-11-02T08:00:00Z", "2026-11-02T08:00:00Z"),
            ("2026-11-02T07:59:59Z", "2026-11-02T08:00:00Z"),
            ("2026-11-02T18:00:00Z", "2026-11-03T08:00:00Z"),
            ("2026-11-06T20:00:00Z", "2026-11-09T08:00:00Z"),
            ("2026-11-07T10:00:00Z", "2026-11-09T08:00:00Z"),
            ("2026-12-24T18:30:00Z", "2026-12-29T08:00:00Z"),
            ("2026-03-27T18:30:00Z", "2026-03-30T07:00:00Z"),
            ("2026-07-01T07:00:00Z", "2026-07-01T07:00:00Z"),
            ("2026-07-01T23:30:00Z", "2026-07-02T07:00:00Z"),
        ] {
            assert_eq!(window.next_opening(instant(at), &calendar, London), instant(expected), "{at}");
        }
    }
}
