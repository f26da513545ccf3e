//! The figures of the monthly health report (`domain.md` 4.5), and what each reader may see of them.

use super::{Halves, Month, Returns, Scope, Share, Shown, YearOfIssue};
use crate::core::suppression::{Show, hide_small, seen_parts, show_all};
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// Fewest services, none of them the reader's own, and fewest requests of each, behind an anonymous range.
const RANGE_OF: usize = 5;
/// Fewest of anything that is told one by one outside the authority.
const TOLD_FROM: usize = 5;

/// Who reads the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reader {
    /// The authority itself: every number.
    Authority,
    /// The ICB and partners: every service, small numbers withheld.
    Icb,
    /// One provider: its own services and an anonymous range of all.
    Provider {
        /// Its name in the report.
        name: String,
        /// Its services.
        services: Vec<String>,
    },
}

impl Reader {
    /// The name of this reader's edition; empty for the authority's own.
    pub fn edition(&self) -> &str {
        match self {
            Self::Authority => "",
            Self::Icb => "icb",
            Self::Provider { name, .. } => name,
        }
    }

    /// Whether a service stands in this reader's edition.
    fn sees(&self, service: &str) -> bool {
        match self {
            Self::Authority | Self::Icb => true,
            Self::Provider { services, .. } => services.iter().any(|s| s == service),
        }
    }
}

/// Everything that is known of a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// Whose, and when it was counted.
    pub scope: Scope,
    /// The month's first day.
    pub month: NaiveDate,
    /// Six-week returns by service.
    pub returns: Vec<Returns>,
    /// The last twelve months, this one last.
    pub months: Vec<Month>,
    /// Late or outstanding advice with a ground or a narrative.
    pub exceptions: Vec<Exception>,
    /// Cases with such that the list does not hold.
    pub cases_unread: u64,
    /// Why clarifications were asked for.
    pub reasons: Vec<ReasonByService>,
    /// What became of advice.
    pub quality: Vec<Quality>,
    /// The 20-week measure, newest year first.
    pub twenty_weeks: Vec<YearOfIssue>,
}

/// Late or outstanding advice with its reason.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Exception {
    /// The authority's reference of the case.
    pub case: String,
    /// The service.
    pub service: String,
    /// The ground of regulation 8(2), when one is recorded.
    pub ground: String,
    /// The theme code.
    pub theme: String,
    /// In the co-ordinator's words, without what must not travel.
    pub narrative: String,
    /// Whose reason it is.
    pub told_of: ToldOf,
    /// The last day of the six weeks.
    pub due_on: Option<NaiveDate>,
    /// When it came.
    pub received_on: Option<NaiveDate>,
}

/// Whose reason stands on record for late advice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ToldOf {
    /// This service's.
    #[default]
    ThisService,
    /// The case's, of which several services were late: no other of them may read it.
    WholeCase,
}

/// How often a service was asked again for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReasonByService {
    /// The service.
    pub service: String,
    /// The code behind `Why:`.
    pub why: String,
    /// How often.
    pub count: u64,
}

/// What became of a service's advice in the month.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Quality {
    /// The service.
    pub service: String,
    /// Advice received.
    pub received: u64,
    /// Of that, insufficient the first time.
    pub insufficient: u64,
    /// Clarifications opened.
    pub clarifications: u64,
    /// Of those, in a second round or a later one.
    pub later_rounds: u64,
    /// Told to a line manager or higher, for the window had closed.
    pub escalated: u64,
    /// Answered "not known to service".
    pub not_known: u64,
    /// Looks at a plan draft that were offered.
    pub drafts_offered: u64,
    /// Of those answered.
    pub drafts_answered: u64,
}

/// The health report as one reader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// Whose, and when it was counted.
    pub scope: Scope,
    /// The month's first day.
    pub month: NaiveDate,
    /// For whom.
    pub reader: Reader,
    /// Service; asked, due, in time, late, outstanding, excepted, not known; median days.
    pub returns: Vec<(String, SeenReturns)>,
    /// All services together; `None` in a provider's edition.
    pub together: Option<SeenReturns>,
    /// Lowest, middle and highest percentage of the services that are not the reader's; in a provider's edition only,
    /// and only when enough of them stand behind it.
    pub range: Option<[u64; 3]>,
    /// Months and the share in time of what the reader sees; `None` for one that is withheld.
    pub months: Vec<(NaiveDate, Option<Share>)>,
    /// Exceptions with their narratives; empty when too few to be told one by one.
    pub exceptions: Vec<Exception>,
    /// Whether there are exceptions that are too few to be told.
    pub exceptions_withheld: bool,
    /// Cases with exceptions that the list does not hold.
    pub cases_unread: u64,
    /// The codes, heading the columns of `reasons`.
    pub reason_codes: Vec<String>,
    /// Service; how often for each code, last together.
    pub reasons: Vec<(String, Vec<Shown>)>,
    /// Service; received, insufficient, clarifications, later rounds, escalated, not known, drafts offered, answered.
    pub quality: Vec<(String, Vec<Shown>)>,
    /// The 20-week measure; in the authority's own edition only, for its late plans are few.
    pub twenty_weeks: Vec<YearOfIssue>,
}

/// The returns of a service as a reader sees them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeenReturns {
    /// Asked in the month.
    pub asked: Shown,
    /// Due in the month.
    pub due: Shown,
    /// In time.
    pub in_time: Shown,
    /// Late.
    pub late: Shown,
    /// Outstanding.
    pub outstanding: Shown,
    /// With a ground of regulation 8(2).
    pub excepted: Shown,
    /// Median days, where enough came.
    pub median_days: Option<Halves>,
}

impl SeenReturns {
    /// Of whoever was asked for nothing.
    pub const NOTHING: Self = Self {
        asked: Shown::Exact(0),
        due: Shown::Exact(0),
        in_time: Shown::Exact(0),
        late: Shown::Exact(0),
        outstanding: Shown::Exact(0),
        excepted: Shown::Exact(0),
        median_days: None,
    };

    /// The share in time, when both its numbers may be seen.
    pub fn share(&self) -> Option<Share> {
        Some(Share { part: self.in_time.exact()?, whole: self.due.exact()? })
    }
}

impl Health {
    /// The edition for a reader. What is withheld is settled once for all of them, so that two editions laid beside
    /// each other tell no more than one.
    pub fn edition(&self, reader: Reader) -> Edition {
        let show: Show = match reader {
            Reader::Authority => show_all,
            Reader::Icb | Reader::Provider { .. } => hide_small,
        };
        let (returns, together) = self.seen_returns(show);
        let (reason_codes, reasons) = self.seen_reasons(show);
        let quality = self.seen_quality(show);
        let whole = !matches!(reader, Reader::Provider { .. });
        let (exceptions, exceptions_withheld) = self.told_exceptions(&reader, &returns);
        Edition {
            scope: self.scope.clone(),
            month: self.month,
            range: range(&reader, &returns),
            returns: returns.into_iter().filter(|(s, _)| reader.sees(s)).collect(),
            together: whole.then_some(together),
            months: self.seen_months(show, &reader),
            exceptions,
            exceptions_withheld,
            cases_unread: self.cases_unread,
            reason_codes,
            reasons: reasons.into_iter().filter(|(s, _)| reader.sees(s)).collect(),
            quality: quality.into_iter().filter(|(s, _)| reader.sees(s)).collect(),
            twenty_weeks: if reader == Reader::Authority { self.twenty_weeks.clone() } else { Vec::new() },
            reader,
        }
    }

    fn seen_returns(&self, show: Show) -> (Vec<(String, SeenReturns)>, SeenReturns) {
        if self.returns.is_empty() {
            return (Vec::new(), SeenReturns::NOTHING);
        }
        let outcomes: Vec<Vec<u64>> = self.returns.iter().map(|r| vec![r.in_time, r.late, r.outstanding]).collect();
        let outcomes = show(&outcomes);
        let asked = seen_parts(show, self.returns.iter().map(|r| r.asked));
        let excepted = seen_parts(show, self.returns.iter().map(|r| r.excepted));
        let seen = |outcome: &[Shown], asked: Shown, excepted: Shown, median: Option<Halves>| {
            let at = |n: usize| outcome.get(n).copied().unwrap_or(Shown::Withheld);
            let enough = at(0).exact().is_some() && at(1).exact().is_some();
            SeenReturns {
                asked,
                excepted,
                in_time: at(0),
                late: at(1),
                outstanding: at(2),
                due: at(3),
                median_days: median.filter(|_| enough),
            }
        };
        let rows = self.returns.iter().zip(&outcomes.rows).zip(asked.0.iter().zip(&excepted.0));
        let services = rows.map(|((r, o), (a, e))| (r.service.clone(), seen(o, *a, *e, r.median_days))).collect();
        (services, seen(&outcomes.sums, asked.1, excepted.1, None))
    }

    fn seen_reasons(&self, show: Show) -> (Vec<String>, Vec<(String, Vec<Shown>)>) {
        let codes: BTreeSet<&String> = self.reasons.iter().map(|r| &r.why).collect();
        let services: BTreeSet<&String> = self.reasons.iter().map(|r| &r.service).collect();
        let count = |service: &String, why: &String| {
            self.reasons.iter().filter(|r| r.service == *service && r.why == *why).map(|r| r.count).sum()
        };
        let counts: Vec<Vec<u64>> = services.iter().map(|s| codes.iter().map(|w| count(s, w)).collect()).collect();
        let rows = services.into_iter().cloned().zip(show(&counts).rows).collect();
        (codes.into_iter().cloned().collect(), rows)
    }

    fn seen_quality(&self, show: Show) -> Vec<(String, Vec<Shown>)> {
        const MEASURES: [fn(&Quality) -> u64; 8] = [
            |q| q.received,
            |q| q.insufficient,
            |q| q.clarifications,
            |q| q.later_rounds,
            |q| q.escalated,
            |q| q.not_known,
            |q| q.drafts_offered,
            |q| q.drafts_answered,
        ];
        let mut rows: Vec<(String, Vec<Shown>)> =
            self.quality.iter().map(|q| (q.service.clone(), Vec::new())).collect();
        for of in MEASURES {
            let (seen, _) = seen_parts(show, self.quality.iter().map(of));
            rows.iter_mut().zip(seen).for_each(|((_, row), shown)| row.push(shown));
        }
        rows
    }

    /// Each month is a table of its own, withheld like that of the report's month: where one of the reader's numbers
    /// is, the month is.
    fn seen_months(&self, show: Show, reader: &Reader) -> Vec<(NaiveDate, Option<Share>)> {
        self.months.iter().map(|m| (m.first, seen_month(m, show, reader))).collect()
    }

    /// Outside the authority a narrative carries neither case nor service, and is told only among enough others. With
    /// its ground it would count a service's exemptions, so grounds stand there only where every one of those counts
    /// does; a reason that is on record for several services at once is none that one of them may read of another.
    fn told_exceptions(&self, reader: &Reader, returns: &[(String, SeenReturns)]) -> (Vec<Exception>, bool) {
        let own: Vec<Exception> = self.exceptions.iter().filter(|e| reader.sees(&e.service)).cloned().collect();
        let grounds_may_be_seen = returns.iter().all(|(_, seen)| seen.excepted.exact().is_some());
        match reader {
            Reader::Authority => (own, false),
            Reader::Icb | Reader::Provider { .. } if own.len() < TOLD_FROM => (Vec::new(), !own.is_empty()),
            Reader::Icb | Reader::Provider { .. } => {
                let ground = |e: &Exception| if grounds_may_be_seen { e.ground.clone() } else { String::new() };
                let told = |e: Exception| match e.told_of {
                    ToldOf::ThisService => {
                        Exception { ground: ground(&e), theme: e.theme, narrative: e.narrative, ..Exception::default() }
                    }
                    ToldOf::WholeCase => {
                        Exception { ground: ground(&e), told_of: ToldOf::WholeCase, ..Exception::default() }
                    }
                };
                let mut told: Vec<Exception> = own.into_iter().map(told).collect();
                told.sort_by(|a, b| (&a.theme, &a.narrative).cmp(&(&b.theme, &b.narrative)));
                (told, false)
            }
        }
    }
}

fn seen_month(month: &Month, show: Show, reader: &Reader) -> Option<Share> {
    let counts: Vec<Vec<u64>> = month.services.values().map(|outcomes| outcomes.to_vec()).collect();
    if counts.is_empty() {
        return Some(Share::default());
    }
    let seen = show(&counts);
    let share = |row: &Vec<Shown>| Some(Share { part: row.first()?.exact()?, whole: row.last()?.exact()? });
    match reader {
        Reader::Authority | Reader::Icb => share(&seen.sums),
        Reader::Provider { .. } => {
            let own = month.services.keys().zip(&seen.rows).filter(|(service, _)| reader.sees(service));
            own.map(|(_, row)| share(row)).try_fold(Share::default(), |sum, own| {
                own.map(|own| Share { part: sum.part + own.part, whole: sum.whole + own.whole })
            })
        }
    }
}

/// Made of shares that the ICB's edition shows, so that it tells nothing beside them; and of others' services, so that
/// nobody finds one of few by taking away their own.
fn range(reader: &Reader, returns: &[(String, SeenReturns)]) -> Option<[u64; 3]> {
    match reader {
        Reader::Authority | Reader::Icb => return None,
        Reader::Provider { .. } => {}
    }
    let enough = |s: &Share| usize::try_from(s.whole).is_ok_and(|due| due >= RANGE_OF);
    let others = returns.iter().filter(|(service, _)| !reader.sees(service));
    let shares = others.filter_map(|(_, seen)| seen.share()).filter(enough);
    let mut percents: Vec<u64> = shares.filter_map(Share::percent).collect();
    percents.sort_unstable();
    let middle = percents.get(percents.len() / 2)?;
    (percents.len() >= RANGE_OF).then_some([*percents.first()?, *middle, *percents.last()?])
}

#[cfg(test)]
mod tests;
