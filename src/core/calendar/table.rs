//! The working days of a century, counted once, so that adding days is two look-ups and no loop.
//!
//! It knows only numbers of days; what a day is stands in the rules. Outside its century it answers `None`.

use chrono::{Datelike, NaiveDate};

const FIRST: NaiveDate = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap();
/// 1 January 2000 to 31 December 2099.
const LENGTH: u16 = 36_525;

pub(super) struct Table {
    /// `before[i]`: working days before day `i`; one entry more than there are days.
    before: Vec<u16>,
    /// The days that count, in order.
    working: Vec<u16>,
}

impl Table {
    pub(super) fn new(is_working: impl Fn(NaiveDate) -> bool) -> Self {
        let mut table = Self { before: Vec::with_capacity(usize::from(LENGTH) + 1), working: Vec::new() };
        let mut count = 0;
        table.before.push(count);
        for (day, date) in (0..LENGTH).zip(FIRST.iter_days()) {
            if is_working(date) {
                table.working.push(day);
                count += 1;
            }
            table.before.push(count);
        }
        table
    }

    pub(super) fn is_working(&self, date: NaiveDate) -> Option<bool> {
        Some(self.before(date)? != self.up_to(date)?)
    }

    pub(super) fn nth_after(&self, date: NaiveDate, n: u32) -> Option<NaiveDate> {
        if n == 0 {
            return Some(date);
        }
        self.nth(usize::from(self.up_to(date)?).checked_add(usize::try_from(n - 1).ok()?)?)
    }

    pub(super) fn nth_before(&self, date: NaiveDate, n: u32) -> Option<NaiveDate> {
        if n == 0 {
            return Some(date);
        }
        self.nth(usize::from(self.before(date)?).checked_sub(usize::try_from(n).ok()?)?)
    }

    /// Working days behind `from` up to and including `to`.
    pub(super) fn between(&self, from: NaiveDate, to: NaiveDate) -> Option<i64> {
        Some(i64::from(self.up_to(to)?) - i64::from(self.up_to(from)?))
    }

    fn before(&self, date: NaiveDate) -> Option<u16> {
        self.before.get(day_number(date)?).copied()
    }

    fn up_to(&self, date: NaiveDate) -> Option<u16> {
        self.before.get(day_number(date)? + 1).copied()
    }

    fn nth(&self, index: usize) -> Option<NaiveDate> {
        let day = self.working.get(index)?;
        NaiveDate::from_num_days_from_ce_opt(FIRST.num_days_from_ce() + i32::from(*day))
    }
}

fn day_number(date: NaiveDate) -> Option<usize> {
    usize::try_from(date.num_days_from_ce() - FIRST.num_days_from_ce()).ok()
}
