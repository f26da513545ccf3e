//! Reading a mail whole, as `inspect` does, against taking its MIME structure apart alone.

use crate::authority::{OPENED, Sign, copies, next_day, office, reply, wait};
use crate::rounds::{Row, medians, timed};
use chrono::NaiveDate;
use followupd::core::policy::SenderCheck;
use followupd::message::{authenticity, read};

const MAILS: usize = 2_000;

/// The floor: structure, and every body decoded.
pub fn parse_only(raw: &[u8]) -> usize {
    let mail = mailparse::parse_mail(raw).unwrap();
    mail.parts().filter_map(|part| part.get_body().ok()).map(|body| body.len()).sum()
}

pub fn rows() -> Vec<Row> {
    let mails: Vec<Vec<u8>> = wait(async {
        let (office, case) = office(OPENED).await;
        let open = copies(&office, &case, MAILS).await;
        open.iter().map(|to| reply(&office, to, Sign::Token, next_day())).collect()
    });
    let day = NaiveDate::from_ymd_opt(2026, 11, 3).unwrap();
    let check = SenderCheck::AuthenticationResults { authserv_ids: vec!["mx.council.example".into()] };
    let [ours, floor] = medians(|_| {
        let (_, ours) = timed(|| {
            let readings = mails.iter().map(|raw| read(raw, day));
            readings.map(|reading| authenticity::check(&reading.message, &check).1.len()).sum::<usize>()
        });
        let (_, floor) = timed(|| mails.iter().map(|raw| parse_only(raw)).sum::<usize>());
        [ours, floor]
    });
    let floor = Some((floor, "MIME parse"));
    vec![Row {
        name: format!("a mail of {} kB read", mails[0].len() / 1000),
        pieces: MAILS,
        time: ours,
        floor,
        bar: "-",
    }]
}
