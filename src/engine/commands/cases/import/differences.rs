//! What the sheet and the register do not agree on: told with each import, and kept for the weekly report.

use super::rows::reference;
use crate::core::case::Case;
use crate::core::id::CaseRef;
use crate::core::import::{Row, RowKind};
use crate::core::wording::short_date_near;
use crate::engine::ONE_DIFFERENCES;
use crate::engine::desk::Desk;
use anyhow::{Context, Result};
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// The differences of a sheet of cases, one line each; `None` for a sheet without cases, which says nothing about them.
/// `coming` are cases that the sheet is about to bring.
pub(super) async fn from_sheet(
    desk: &mut Desk,
    sheet: &[Row],
    today: NaiveDate,
    coming: &BTreeSet<CaseRef>,
) -> Result<Option<Vec<String>>> {
    let rows: Vec<&Row> = sheet.iter().filter(|r| r.kind == RowKind::Case).collect();
    if rows.is_empty() {
        return Ok(None);
    }
    let mut lines = Vec::new();
    let mut listed: BTreeSet<String> = BTreeSet::new();
    for row in rows {
        let Ok(reference) = reference(desk, row) else { continue };
        listed.insert(reference.to_string());
        match desk.tx.case_by_reference(&reference).await?.filter(|l| l.case.register.opened_on.is_some()) {
            Some(loaded) => lines.extend(dates_that_differ(&loaded.case, row, today)),
            None if coming.contains(&reference) => {}
            None => lines.push(format!("{reference} is in the sheet and not here")),
        }
    }
    for id in desk.tx.registered_cases().await?.into_iter().filter(|id| !listed.contains(&id.0)) {
        lines.push(format!("{} is here and not in the sheet", id.0));
    }
    Ok(Some(lines))
}

fn dates_that_differ(case: &Case, row: &Row, today: NaiveDate) -> Vec<String> {
    let register = &case.register;
    [("requested", register.requested_on, "request"), ("final_issued", register.final_on, "final plan")]
        .into_iter()
        .filter_map(|(field, here, what)| {
            let there = row.date(field, today).ok()??;
            let here = here.map_or_else(|| "no date".to_owned(), |d| short_date_near(d, today));
            let sheet = short_date_near(there, today);
            (here != sheet).then(|| format!("{}: {what} {sheet} in the sheet, {here} here", case.id.0))
        })
        .collect()
}

/// The differences as a paragraph; nothing when there are none.
pub(super) fn words(differences: &Option<Vec<String>>) -> Option<String> {
    let lines = differences.as_ref().filter(|lines| !lines.is_empty())?;
    let lines: Vec<String> = lines.iter().map(|line| format!("- {line}")).collect();
    Some(format!("The sheet and the register differ:\n\n{}", lines.join("\n")))
}

/// Keeps them until the next import, with the day.
pub(super) async fn keep(desk: &mut Desk, differences: &Option<Vec<String>>) -> Result<()> {
    let Some(lines) = differences else { return Ok(()) };
    let kept = serde_json::json!({ "on": desk.office.date(desk.now), "lines": lines });
    let text = serde_json::to_string(&kept).context("Cannot write the differences of an import")?;
    desk.tx.set_mark(ONE_DIFFERENCES, &text).await
}
