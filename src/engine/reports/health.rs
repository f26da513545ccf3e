//! The figures of the monthly health report, gathered from the store.

use super::exceptions::exceptions;
use super::figures::{Progress, Whose, months, returns, scope, service_name};
use super::weekly::issued;
use crate::core::figures::health::{Health, Quality, ReasonByService};
use crate::core::figures::twenty_weeks::by_year;
use crate::engine::desk::Desk;
use crate::store::figures::Period;
use anyhow::Result;
use chrono::{Days, Months, NaiveDate};
use std::collections::BTreeMap;

/// The figures of the month that begins on `month`.
pub(super) async fn figures(desk: &mut Desk, month: NaiveDate, tell: Progress<'_>) -> Result<Health> {
    let last = month + Months::new(1) - Days::new(1);
    let period = Period { from: month, to: last };
    let everybody = Whose::of(desk, None);
    tell("six-week returns");
    let returns = returns(desk, period, &everybody).await?;
    let months = months(desk, month, last, &everybody).await?;
    let (exceptions, cases_unread) = exceptions(desk, period, &everybody, tell).await?;
    tell("reasons and quality");
    let reasons = reasons(desk, period).await?;
    let quality = quality(desk, period).await?;
    tell("plans");
    let twenty_weeks = by_year(&issued(&desk.tx.plans_issued().await?, &everybody));
    Ok(Health {
        scope: scope(desk, None),
        month,
        returns,
        months,
        exceptions,
        cases_unread,
        reasons,
        quality,
        twenty_weeks,
    })
}

async fn reasons(desk: &mut Desk, period: Period) -> Result<Vec<ReasonByService>> {
    let mut counts: BTreeMap<(String, String), u64> = BTreeMap::new();
    for row in desk.tx.reasons(period).await? {
        let why = if row.why.is_empty() { "no reason given".to_owned() } else { row.why };
        let [_, _, all] = row.counts;
        *counts.entry((service_name(&row.service), why)).or_default() += all;
    }
    Ok(counts.into_iter().map(|((service, why), count)| ReasonByService { service, why, count }).collect())
}

async fn quality(desk: &mut Desk, period: Period) -> Result<Vec<Quality>> {
    let rows = desk.tx.quality(period).await?.into_iter();
    Ok(rows.map(|q| Quality { service: service_name(&q.service), ..q }).collect())
}
