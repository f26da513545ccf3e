//! What the authority's own records say under a criterion: offered beneath the question, never as an answer
//! (`domain.md` 4.5).
//!
//! A provider sees its own numbers. Whoever else sees them gets them suppressed.

use super::Criteria;
use crate::core::figures::Halves;
use crate::core::suppression::{Seen, Show, Shown, hide_small, seen_parts, show_all};
use crate::core::wording::{date_words, list};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which of the records speak to a criterion (`evidence` of a `[[criterion]]`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceOf {
    /// Early notices of new cases.
    EarlyNotices,
    /// Requests that went to the single route address.
    SingleRoute,
    /// Returns within six weeks, by service.
    SixWeeks,
    /// Reasons that were recorded for late returns.
    Exceptions,
    /// Clarifications: answered, escalated, asked again.
    Clarifications,
    /// Responses of "not known to service".
    NotKnown,
    /// Clarifications because advice was hard to read, or without its impact on learning.
    PlainLanguage,
    /// Plan drafts that practitioners were asked to check.
    DraftChecks,
    /// Health reports that went to the ICB, its partners and providers.
    ComplianceMails,
    /// Dates of annual reviews that were told, and contributions that came.
    AnnualReviews,
}

/// What the records of a period hold about one provider.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Records {
    /// First and last day.
    pub period: Option<(NaiveDate, NaiveDate)>,
    /// Requests for advice, by service.
    pub services: Vec<ServiceRecords>,
    /// Early notices of new cases.
    pub early_notices: u64,
    /// Recorded reasons for late returns, by theme.
    pub themes: BTreeMap<String, u64>,
    /// Clarifications that were asked.
    pub clarifications: u64,
    /// Of these, answered within their window.
    pub clarified_in_time: u64,
    /// Of these, escalated.
    pub escalated: u64,
    /// Of these, asked more than once.
    pub asked_again: u64,
    /// Of these, because the advice was unclear or full of jargon.
    pub hard_to_read: u64,
    /// Of these, because the impact on learning was missing.
    pub impact_missing: u64,
    /// Responses of "not known to service".
    pub not_known: u64,
    /// Of these, answered in full later.
    pub not_known_answered: u64,
    /// Median of calendar days from such a response to the full answer.
    pub not_known_took: Option<Halves>,
    /// Plan drafts that were put before practitioners.
    pub draft_checks: u64,
    /// Of these, answered.
    pub draft_answers: u64,
    /// Days on which the health report went to the ICB, partners and providers, with the number of recipients.
    pub compliance_mails: Vec<(NaiveDate, u64)>,
    /// Annual review dates that were told.
    pub review_notices: u64,
    /// Contributions to them that came.
    pub contributions: u64,
}

/// Requests for advice from one service.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ServiceRecords {
    /// Its name.
    pub service: String,
    /// Returned within six weeks.
    pub in_time: u64,
    /// Returned later.
    pub late: u64,
    /// Not returned although six weeks are over.
    pub outstanding: u64,
    /// Of all requests, sent to the single route address.
    pub by_route: u64,
}

impl ServiceRecords {
    /// Requests whose six weeks are over or that are answered.
    pub fn asked(&self) -> u64 {
        self.in_time + self.late + self.outstanding
    }
}

/// Who reads a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// The provider that the numbers are about.
    Provider,
    /// Anybody else: small numbers are suppressed.
    Beyond,
}

/// What is written where a number is too small to share.
pub const HIDDEN: &str = "not shown";

/// The paragraphs that the records give, by number of the criterion; none where the records hold nothing.
pub fn paragraphs(criteria: &Criteria, records: &Records, reader: Reader) -> BTreeMap<u32, String> {
    let Some((from, to)) = records.period else { return BTreeMap::new() };
    let head = format!("Council records for {} to {}:", date_words(from), date_words(to));
    let found = criteria.iter().filter_map(|c| Some((c.number, sentences(c.evidence?, records, reader)?)));
    found.map(|(number, text)| (number, format!("{head} {text}"))).collect()
}

fn sentences(of: EvidenceOf, records: &Records, reader: Reader) -> Option<String> {
    let asked: u64 = records.services.iter().map(ServiceRecords::asked).sum();
    let speaks_of_returns = matches!(of, EvidenceOf::SingleRoute | EvidenceOf::Exceptions);
    if speaks_of_returns && reader == Reader::Beyond && !returns_are_whole(records) {
        return None;
    }
    match of {
        EvidenceOf::EarlyNotices => {
            let told = one(records.early_notices, reader);
            (records.early_notices > 0).then(|| format!("early notices of new cases: {told}."))
        }
        EvidenceOf::SingleRoute => route(records, asked, reader),
        EvidenceOf::SixWeeks => six_weeks(records, reader),
        EvidenceOf::Exceptions => exceptions(records, reader),
        EvidenceOf::Clarifications => clarifications(records, reader),
        EvidenceOf::NotKnown => (asked > 0).then(|| not_known(records, asked, reader)),
        EvidenceOf::PlainLanguage => plain_language(records, reader),
        EvidenceOf::DraftChecks => part_of(
            (records.draft_answers, records.draft_checks),
            ("plan drafts put before practitioners", "answered"),
            reader,
        ),
        EvidenceOf::ComplianceMails => compliance_mails(&records.compliance_mails),
        EvidenceOf::AnnualReviews => part_of(
            (records.contributions, records.review_notices),
            ("dates of annual reviews told to practitioners", "answered with a contribution"),
            reader,
        ),
    }
}

/// What a reader may see of a table.
fn show(reader: Reader) -> Show {
    match reader {
        Reader::Provider => show_all,
        Reader::Beyond => hide_small,
    }
}

fn one(count: u64, reader: Reader) -> String {
    let (_, seen) = seen_parts(show(reader), [count]);
    shown(seen)
}

fn shown(count: Shown) -> String {
    count.exact().map_or_else(|| HIDDEN.to_owned(), |count| count.to_string())
}

/// A percentage tells a small number to whoever knows the total, so it stands only beside numbers that are shown.
fn percent(part: u64, total: u64) -> String {
    if total == 0 { String::new() } else { format!(" ({}%)", (part * 200 + total) / (total * 2)) }
}

/// "clarifications: 12, of which answered: 9 (75%)."
fn part_of((part, total): (u64, u64), (what, done): (&str, &str), reader: Reader) -> Option<String> {
    if total == 0 {
        return None;
    }
    let (parts, sum) = seen_parts(show(reader), [part, total.saturating_sub(part)]);
    Some(match (parts.first().and_then(|part| part.exact()), sum.exact()) {
        (Some(part), _) => format!("{what}: {total}, of which {done}: {part}{}.", percent(part, total)),
        (None, Some(_)) => format!("{what}: {total}; how many were {done} is not shown, as a number is small."),
        (None, None) => format!("{what}: the number is too small to be shown."),
    })
}

fn route(records: &Records, asked: u64, reader: Reader) -> Option<String> {
    let by_route: u64 = records.services.iter().map(|s| s.by_route).sum();
    part_of((by_route.min(asked), asked), ("requests for advice", "sent to the single route address"), reader)
}

/// Whether nothing of the table of returns has to be hidden. Where something has, no second paragraph may repeat one
/// of its sums.
fn returns_are_whole(records: &Records) -> bool {
    let seen = returns_table(records, hide_small);
    seen.rows.iter().flatten().chain(&seen.sums).all(|count| count.exact().is_some())
}

fn returns_table(records: &Records, show: Show) -> Seen {
    let asked = records.services.iter().filter(|s| s.asked() > 0);
    show(&asked.map(|s| vec![s.in_time, s.late, s.outstanding]).collect::<Vec<_>>())
}

fn six_weeks(records: &Records, reader: Reader) -> Option<String> {
    let asked = |s: &&ServiceRecords| s.asked() > 0;
    let services: Vec<&ServiceRecords> = records.services.iter().filter(asked).collect();
    if services.is_empty() {
        return None;
    }
    let seen = returns_table(records, show(reader));
    let by_service = services.iter().zip(&seen.rows).map(|(s, row)| returns(&format!("{}: ", s.service), row));
    // The total first, as that is what the criterion asks.
    let rows: Vec<String> = match services.as_slice() {
        [_] => by_service.collect(),
        _ => [returns("", &seen.sums)].into_iter().chain(by_service).collect(),
    };
    Some(format!("{}.", rows.join(". ")))
}

fn returns(name: &str, row: &[Shown]) -> String {
    match row {
        [in_time, late, outstanding, asked] => {
            let share =
                in_time.exact().zip(asked.exact()).map(|(part, total)| percent(part, total)).unwrap_or_default();
            format!(
                "{name}requests due {}; returned within 6 weeks {}{share}, later {}, outstanding {}",
                shown(*asked),
                shown(*in_time),
                shown(*late),
                shown(*outstanding)
            )
        }
        _ => String::new(),
    }
}

fn exceptions(records: &Records, reader: Reader) -> Option<String> {
    let late: u64 = records.services.iter().map(|s| s.late + s.outstanding).sum();
    if late == 0 {
        return None;
    }
    let told: u64 = records.themes.values().sum();
    let parts = records.themes.values().copied().chain([late.saturating_sub(told)]);
    let (visible, sum) = seen_parts(show(reader), parts);
    sum.exact()?;
    let themes = records.themes.keys().map(String::as_str).chain(["no reason recorded"]);
    let worded = themes.zip(visible).filter(|(_, count)| *count != Shown::Exact(0));
    let worded: Vec<String> = worded.map(|(theme, count)| format!("{theme} {}", shown(count))).collect();
    match reader {
        Reader::Provider => Some(format!("{late} returns were late or are outstanding: {}.", list(&worded))),
        Reader::Beyond => Some(format!("reasons of late returns: {}.", list(&worded))),
    }
}

fn clarifications(records: &Records, reader: Reader) -> Option<String> {
    let total = records.clarifications;
    let answered =
        part_of((records.clarified_in_time, total), ("clarifications", "answered within their window"), reader)?;
    let more = match reader {
        Reader::Provider => {
            format!(" Escalated: {}; asked again: {}.", records.escalated, records.asked_again)
        }
        Reader::Beyond => String::new(),
    };
    Some(format!("{answered}{more}"))
}

fn not_known(records: &Records, asked: u64, reader: Reader) -> String {
    match (records.not_known, reader) {
        (0, _) => "no response was \"not known to service\".".to_owned(),
        (count, Reader::Provider) => {
            let resolved = records.not_known_took.map_or_else(
                || " None of these has been answered in full yet.".to_owned(),
                |days| {
                    format!(
                        " Answered in full later: {}, after {} days (median).",
                        records.not_known_answered,
                        days.words()
                    )
                },
            );
            let share = percent(count, asked);
            format!("{count} of {asked} responses were \"not known to service\"{share}.{resolved}")
        }
        (count, Reader::Beyond) => {
            format!("responses of \"not known to service\": {}.", one(count, reader))
        }
    }
}

/// Whom an authority writes to is no number about a child: it is told to everybody.
fn compliance_mails(sent: &[(NaiveDate, u64)]) -> Option<String> {
    let told = |(day, recipients): &(NaiveDate, u64)| match recipients {
        1 => format!("{} (1 recipient)", date_words(*day)),
        many => format!("{} ({many} recipients)", date_words(*day)),
    };
    let days: Vec<String> = sent.iter().map(told).collect();
    (!days.is_empty()).then(|| {
        format!("compliance with the 6 weeks was mailed to the ICB, partners and providers on {}.", list(&days))
    })
}

fn plain_language(records: &Records, reader: Reader) -> Option<String> {
    let Records { clarifications, hard_to_read, impact_missing, .. } = *records;
    if clarifications == 0 {
        return None;
    }
    match reader {
        Reader::Provider => Some(format!(
            "of {clarifications} clarifications, {hard_to_read} because advice was unclear or full of jargon, {impact_missing} because the impact on learning was missing."
        )),
        Reader::Beyond => {
            let other = clarifications.saturating_sub(hard_to_read + impact_missing);
            let (parts, sum) = seen_parts(show(reader), [hard_to_read, impact_missing, other]);
            sum.exact()?;
            let word = |at: usize| shown(parts.get(at).copied().unwrap_or(Shown::Withheld));
            Some(format!(
                "clarifications because advice was unclear or full of jargon: {}; because the impact on learning was missing: {}.",
                word(0),
                word(1)
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records() -> Records {
        let service = |name: &str, in_time, late, outstanding, by_route| ServiceRecords {
            service: name.into(),
            in_time,
            late,
            outstanding,
            by_route,
        };
        Records {
            period: "2026-04-01".parse().ok().zip("2026-11-20".parse().ok()),
            services: vec![
                service("Community Paediatrics", 20, 6, 5, 25),
                service("Speech and Language", 13, 9, 2, 16),
            ],
            themes: [("capacity".to_owned(), 9), ("child not brought".to_owned(), 6)].into(),
            clarifications: 12,
            clarified_in_time: 9,
            escalated: 3,
            asked_again: 1,
            hard_to_read: 5,
            impact_missing: 1,
            draft_checks: 18,
            draft_answers: 11,
            ..Records::default()
        }
    }

    fn printed(reader: Reader) -> String {
        let all = paragraphs(&Criteria::shipped(), &records(), reader);
        let cut = |text: &str| {
            text.trim_start_matches("Council records for Wednesday 1 April 2026 to Friday 20 November 2026: ")
                .to_owned()
        };
        all.iter().map(|(number, text)| format!("{number}. {}\n", cut(text))).collect()
    }

    #[test]
    fn a_provider_sees_its_numbers_and_others_see_them_suppressed() {
        insta::assert_snapshot!(printed(Reader::Provider), @r#"
        2. requests for advice: 55, of which sent to the single route address: 41 (75%).
        3. requests for advice: 55, of which sent to the single route address: 41 (75%).
        4. requests due 55; returned within 6 weeks 33 (60%), later 15, outstanding 7. Community Paediatrics: requests due 31; returned within 6 weeks 20 (65%), later 6, outstanding 5. Speech and Language: requests due 24; returned within 6 weeks 13 (54%), later 9, outstanding 2.
        5. 22 returns were late or are outstanding: capacity 9, child not brought 6 and no reason recorded 7.
        7. clarifications: 12, of which answered within their window: 9 (75%). Escalated: 3; asked again: 1.
        8. no response was "not known to service".
        17. of 12 clarifications, 5 because advice was unclear or full of jargon, 1 because the impact on learning was missing.
        19. plan drafts put before practitioners: 18, of which answered: 11 (61%).
        "#);
        insta::assert_snapshot!(printed(Reader::Beyond), @r#"
        4. requests due 55; returned within 6 weeks 33 (60%), later 15, outstanding 7. Community Paediatrics: requests due 31; returned within 6 weeks 20 (65%), later not shown, outstanding not shown. Speech and Language: requests due 24; returned within 6 weeks 13 (54%), later not shown, outstanding not shown.
        7. clarifications: 12; how many were answered within their window is not shown, as a number is small.
        8. no response was "not known to service".
        17. clarifications because advice was unclear or full of jargon: not shown; because the impact on learning was missing: not shown.
        19. plan drafts put before practitioners: 18, of which answered: 11 (61%).
        "#);
    }

    #[test]
    fn where_the_records_hold_nothing_nothing_is_offered() {
        let empty = Records { period: records().period, ..Records::default() };
        assert!(paragraphs(&Criteria::shipped(), &empty, Reader::Provider).is_empty());
        assert!(paragraphs(&Criteria::shipped(), &Records { period: None, ..records() }, Reader::Provider).is_empty());
    }
}
