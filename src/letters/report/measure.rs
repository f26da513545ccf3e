//! Tables that both reports have.

use super::document::{Cell, Table};
use crate::core::figures::{Buckets, YearOfIssue};

/// What and how many, a line each.
pub fn measures(caption: &str, rows: &[(&str, u64)]) -> Table {
    let rows = rows.iter().map(|(what, n)| vec![Cell::text(what), Cell::Count(*n)]).collect();
    Table::new(caption, &["What", ">Number"], rows, "")
}

/// The 20-week measure, two lines a year: the headline that leaves exceptions out, and all plans.
pub fn twenty_weeks(years: &[YearOfIssue]) -> Table {
    let rows = years.iter().flat_map(|y| {
        [
            row(&format!("{} without exceptions", y.year), &y.excluding),
            row(&format!("{} all plans", y.year), &y.including),
        ]
    });
    Table::new(
        "Plans by year of issue, as the DfE counts the 20 weeks",
        &["Year", ">Plans", ">≤ 140 days", ">%", "/", ">141–364 days", ">365 days or more", ">Average weeks"],
        rows.collect(),
        "No final plan is on record yet.",
    )
}

fn row(name: &str, b: &Buckets) -> Vec<Cell> {
    vec![
        Cell::text(name),
        Cell::Count(b.issued()),
        Cell::Count(b.within),
        Cell::percent(b.share().percent()),
        Cell::Count(b.under_a_year),
        Cell::Count(b.a_year_or_more),
        b.tenths_of_weeks().map_or(Cell::Nothing, Cell::Tenths),
    ]
}
