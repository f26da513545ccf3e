//! What a reader finds in the four forms of a report.

use super::*;
use crate::core::figures::Reader;

fn links() -> AnswerLinks {
    AnswerLinks { address: "followups+l-x@council.example".into(), subject: "Re: report".into() }
}

fn provider() -> Reader {
    Reader::Provider { name: "County Trust".into(), services: vec!["CAMHS".into(), "Community Paediatrics".into()] }
}

fn editions() -> Vec<Report> {
    let figures = sample::health();
    let health = [Reader::Authority, Reader::Icb, provider()].map(|reader| health(&figures.edition(reader)));
    std::iter::once(weekly(&sample::weekly())).chain(health).collect()
}

#[test]
fn the_first_screen_is_one_sentence_and_at_most_seven_lines_with_their_answers() {
    let report = weekly(&sample::weekly());
    assert_eq!(report.subject, "Weekly SEND report, 23 Nov: 7 clarifications overdue");
    let text = to_text(&report);
    let (first, _) = text.split_once("1. The service itself").unwrap();
    insta::assert_snapshot!(first, @"
    WEEKLY SEND REPORT
    Example County Council, as at Monday 23 November 2026, 08:00

    7 clarifications are overdue (2 more than last week); 12 advice requests are
    overdue; 174 of 209 advice requests came back within six weeks; 6 plans are
    late or will be.

    1. EHC-2026-0307: CAMHS, 25 working days overdue; every level has been told.
       RECEIVED · EXTEND · CANCEL
    2. EHC-2026-0412: the answer from Community Paediatrics has waited 8 working
       days for Cora Lane.
       CLOSE · INSUFFICIENT · NOT ADVICE
    3. EHC-2026-0433: the answer from Occupational Therapy has waited 4 working
       days for Cora Lane.
       CLOSE · INSUFFICIENT · NOT ADVICE
    4. EHC-2026-0440: option 2 to CAMHS by Cora Lane, Wed 18 Nov, without the
       agreement of a SEND manager.
       AGREED · CANCEL
    5. EHC-2026-0441: option 2 to Social Care by Cora Lane, Thu 19 Nov, without
       the agreement of a SEND manager.
       AGREED · CANCEL
    6. EHC-2026-0399: nobody at Speech and Language Therapy could be reached; no
       clock runs.
       RESEND · CANCEL
    7. FU-8RY3-4TUQ: Cora Lane is no longer a co-ordinator; nobody looks after
       it.
       REASSIGN TO

    Click a word, or answer with number and word, such as 1 RECEIVED. AGREED 4,5
    agrees to all of these at once. One more is in the spreadsheet.
    ");
}

#[test]
fn a_service_that_is_not_known_is_no_name_in_a_sentence() {
    let mut figures = sample::weekly();
    figures.needs.iter_mut().for_each(|need| need.service = crate::core::figures::NO_SERVICE.to_owned());
    let text = to_text(&weekly(&figures));
    assert!(text.contains("option 2 to a service that is not known by Cora Lane"), "{text}");
}

#[test]
fn a_word_is_a_link_to_an_answer_with_its_number() {
    let html = to_html(&weekly(&sample::weekly()), &links(), Pictures::ContentId);
    assert!(html.contains("mailto:followups%2Bl-x@council.example?subject=Re%3A%20report&amp;body=4%20AGREED"));
    assert!(html.contains("<img src=\"cid:overdue\" width=\"450\" alt=\"Overdue clarifications by service: CAMHS 4,"));
}

#[test]
fn a_text_that_looks_like_a_formula_is_none_in_any_file() {
    let report = weekly(&sample::weekly());
    let csv = String::from_utf8(to_csv(&report).unwrap()).unwrap();
    assert!(csv.contains("'=HYPERLINK"));
    let mut reader = ::csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
    for record in reader.records() {
        for cell in &record.unwrap() {
            let number = cell.parse::<f64>().is_ok();
            assert!(number || !cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
        }
    }
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(to_xlsx(&report).unwrap())).unwrap();
    for index in 0..zip.len() {
        let mut xml = String::new();
        let _ = std::io::Read::read_to_string(&mut zip.by_index(index).unwrap(), &mut xml);
        assert!(!xml.contains("<f>"), "no sheet holds a formula");
    }
}

#[test]
fn a_provider_sees_its_own_services() {
    let report = health(&sample::health().edition(provider()));
    insta::assert_snapshot!(to_text(&report), @"
    ADVICE FOR EHC PLANS, COUNTY TRUST, OCTOBER 2026
    Example County Council, as at Monday 23 November 2026, 08:00

    The six-week returns of October, by service.


    1. Six-week returns
    ===================

    Six-week returns by service
    Service                Due  In time  Late  Out    %
    ---------------------------------------------------
    CAMHS                   18        *     *    *    *
    Community Paediatrics   41       33     *    *  80%

    Six-week returns by service, continued
    Service                Asked  Reg 8(2)  Median days
    ---------------------------------------------------
    CAMHS                     18         *            –
    Community Paediatrics     41         *            –


    2. Exceptions
    =============

    There were fewer than five exceptions; they are not told one by one.


    3. Reasons for clarification
    ============================

    Why a service was asked again
    Service                Reason      Times
    ----------------------------------------
    CAMHS                  incomplete      *
    CAMHS                  unclear         *
    Community Paediatrics  incomplete      *
    Community Paediatrics  unclear         *


    4. Quality
    ==========
    “Not enough” is advice that was insufficient the first time; “overdue” are
    clarifications whose window closed without an answer.

    What became of advice
    Service                Received  Not enough  Asked again  Overdue
    -----------------------------------------------------------------
    CAMHS                        15           6            9        5
    Community Paediatrics        38           7           15        8

    What became of advice, continued
    Service                Second round or later  Not known to service
    ------------------------------------------------------------------
    CAMHS                                      *                     *
    Community Paediatrics                      *                     0


    5. Draft checks
    ===============

    Looks at a plan draft that practitioners were offered
    Service                Offered  Answered
    ----------------------------------------
    CAMHS                       15         7
    Community Paediatrics       38        19

    Due: the six weeks of regulation 8(1) ended in the month. In time: first
    received by then; what was clarified later does not change that.

    * fewer than five, or withheld so that such a number cannot be worked out.
    ");
}

#[test]
fn the_mail_itself_holds_every_figure_that_is_reported_to_the_government_and_the_icb() {
    for reader in [Reader::Authority, Reader::Icb] {
        let mut headings = vec!["Asked", "Due", "In time", "Late", "Out", "%", "Median days", "Not known to service"];
        if reader == Reader::Authority {
            headings.extend(["≤ 140 days", "141–364 days", "365 days or more", "Average weeks"]);
        }
        let report = health(&sample::health().edition(reader));
        let (text, html) = (to_text(&report), to_html(&report, &links(), Pictures::ContentId));
        for heading in headings {
            assert!(text.contains(heading) && html.contains(&format!(">{heading}</th>")), "{heading}\n{text}");
        }
        let spreadsheet = "The spreadsheet has more columns of some of these tables.";
        let cut = report.sections.iter().flat_map(|s| &s.tables).any(|t| t.columns.iter().any(|c| c.heading == "Came"));
        assert_eq!((text.contains(spreadsheet), html.contains(spreadsheet)), (cut, cut));
    }
}

#[test]
fn a_provider_reads_the_range_of_the_other_services() {
    let mut edition = sample::health().edition(provider());
    edition.range = Some([50, 83, 100]);
    let text = to_text(&health(&edition)).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains(
        "Across the other services whose numbers may be shown, the share in time runs from 50% to 100%, with 83% in the middle."
    ));
}

#[test]
fn rows_that_no_list_holds_are_told_of() {
    let mut figures = sample::weekly();
    let listed = figures.clarifications.overdue.len() as u64;
    figures.counts.overdue.now = listed + 40;
    let report = weekly(&figures);
    assert!(to_text(&report).contains("40 too many to list") || to_text(&report).contains("40 more, too many to list"));
    let overdue = &report.sections[2].tables[0];
    assert_eq!(overdue.not_listed().as_deref(), Some("and 40 more, too many to list"));
}

/// WCAG 2.2, 1.4.3: 4.5 to 1 for letters of this size.
#[test]
fn every_ink_stands_out_on_every_ground() {
    for report in editions() {
        let html = to_html(&report, &links(), Pictures::ContentId);
        let charts: String = report.charts().map(|c| c.svg.clone()).collect();
        let colours = |text: &str, before: &str| -> Vec<String> {
            let found = text.split(before).skip(1).filter_map(|rest| rest.get(..7));
            found.filter(|c| c.starts_with('#')).map(ToOwned::to_owned).collect()
        };
        let inks: Vec<String> = html
            .split(['"', ';'])
            .filter_map(|rule| rule.trim().strip_prefix("color:"))
            .map(ToOwned::to_owned)
            .chain(charts.split("<text").skip(1).flat_map(|t| colours(t.split('>').next().unwrap(), "fill=\"")))
            .collect();
        let mut grounds = colours(&html, "background-color:");
        grounds.push("#ffffff".to_owned());
        assert!(!inks.is_empty());
        for (ink, ground) in inks.iter().flat_map(|ink| grounds.iter().map(move |ground| (ink, ground))) {
            assert!(contrast(ink, ground) >= 4.5, "{ink} on {ground}: {}", contrast(ink, ground));
        }
    }
}

fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(colour: &str) -> f64 {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}
