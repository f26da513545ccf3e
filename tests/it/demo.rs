//! The demo, played whole: what it promises its readers holds.

use chrono_tz::Europe::London;
use followupd::cli::demo::{Item, Played, Way, play};
use followupd::core::follow_up::Stage;
use followupd::core::letter::LetterKind;

/// Who may be written to: the authority's staff, and the organisations that were asked.
const PARTIES: [&str; 10] = [
    "@wexmoor.example",
    "@wexhealth.example",
    "@wexicb.example",
    "@psychology.example",
    "@socialcare.example",
    "@hillbrook.example",
    "@wexminds.example",
    "@wexhospital.example",
    "@wextherapies.example",
    "@wexhospice.example",
];

/// When, what, to whom, about which case: the turns of the stories.
const TURNS: [(&str, LetterKind, &str, &str); 27] = [
    ("Mon 2 Nov 10:05", LetterKind::Logged, "claire.donnelly@wexhealth.example", "EHC-2026-0301"),
    ("Mon 9 Nov 08:40", LetterKind::Request, "elin.hughes@psychology.example", "EHC-2026-0307"),
    ("Mon 9 Nov 16:40", LetterKind::Request, "yvonne.clarke@socialcare.example", "EHC-2026-0318"),
    ("Tue 10 Nov 08:00", LetterKind::Reminder, "amir.siddiqui@wexhealth.example", "EHC-2026-0312"),
    ("Thu 12 Nov 12:00", LetterKind::Escalation, "joan.whitlock@wexhealth.example", "EHC-2026-0312"),
    ("Thu 19 Nov 08:00", LetterKind::Escalation, "dco@wexicb.example", "EHC-2026-0312"),
    ("Fri 20 Nov 11:25", LetterKind::StandDown, "dco@wexicb.example", "EHC-2026-0312"),
    ("Tue 17 Nov 08:00", LetterKind::Escalation, "yvonne.clarke@socialcare.example", "EHC-2026-0318"),
    ("Mon 16 Nov 11:01", LetterKind::Responsible, "joan.whitlock@wexhealth.example", "EHC-2026-0322"),
    ("Mon 16 Nov 11:01", LetterKind::Responsible, "joan.whitlock@wexhealth.example", "EHC-2026-0323"),
    ("Tue 24 Nov 09:14", LetterKind::Responsible, "joan.whitlock@wexhealth.example", "EHC-2026-0330"),
    ("Mon 30 Nov 11:20", LetterKind::NewDue, "joan.whitlock@wexhealth.example", "EHC-2026-0330"),
    ("Thu 26 Nov 22:41", LetterKind::Alarm, "tom.pryce@wexmoor.example", ""),
    ("Mon 30 Nov 09:00", LetterKind::RolesQuestion, "tom.pryce@wexmoor.example", "EHC-2026-0335"),
    ("Mon 30 Nov 09:25", LetterKind::Logged, "s.fenwick@hillbrook.example", "EHC-2026-0335"),
    ("Mon 7 Dec 16:50", LetterKind::Answer, "ruth.adeyemi@wexmoor.example", "EHC-2026-0341"),
    ("Thu 10 Dec 08:00", LetterKind::Escalation, "joan.whitlock@wexhealth.example", "EHC-2026-0341"),
    ("Thu 10 Dec 09:05", LetterKind::Receipt, "tom.pryce@wexmoor.example", "EHC-2026-0337"),
    ("Fri 18 Dec 11:20", LetterKind::Request, "elin.hughes@psychology.example", "EHC-2026-0349"),
    ("Thu 24 Dec 08:00", LetterKind::Reminder, "elin.hughes@psychology.example", "EHC-2026-0349"),
    ("Wed 6 Jan 12:00", LetterKind::Escalation, "yvonne.clarke@socialcare.example", "EHC-2026-0352"),
    ("Mon 9 Nov 09:30", LetterKind::AssessmentForm, "care@wexhospice.example", "Autumn 2026 / Wex Hospice"),
    ("Fri 13 Nov 10:10", LetterKind::AssessmentReceipt, "send@wexminds.example", "Autumn 2026 / Wex Minds"),
    ("Mon 30 Nov 08:00", LetterKind::AssessmentReminder, "office@wextherapies.example", "Autumn 2026 / Wex Therapies"),
    (
        "Thu 19 Nov 13:20",
        LetterKind::AssessmentReceipt,
        "paediatrics@wexhospital.example",
        "Autumn 2026 / Wex Hospital",
    ),
    ("Wed 9 Dec 08:00", LetterKind::AssessmentNotice, "nadia.rahman@wexicb.example", "Autumn 2026 / Wex Hospice"),
    ("Fri 11 Dec 10:00", LetterKind::AssessmentResult, "helen.marsh@wexmoor.example", ""),
];

fn letters(played: &Played) -> impl Iterator<Item = &Item> {
    played.items.iter().filter(|item| item.way == Way::Out)
}

fn text(item: &Item) -> String {
    item.mail.text.clone().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn the_demo_tells_every_story_at_its_hour_and_writes_to_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let mut told = 0;
    let played = play(folder.path(), &mut |_| told += 1).await.unwrap();
    assert_eq!(told, played.items.len());
    turns_come_at_their_hour(&played);
    nobody_else_is_written_to(&played);
    every_follow_up_is_closed(&played);
    today_mails_are_few_and_right(&played);
    the_page_holds_every_mail(&played, folder.path());
}

fn turns_come_at_their_hour(played: &Played) {
    for (when, kind, to, case) in TURNS {
        let hit = letters(played).any(|i| {
            i.at.with_timezone(&London).format("%a %-d %b %H:%M").to_string() == when
                && i.kind == Some(kind)
                && i.to.iter().any(|a| a == to)
                && i.case.as_deref().unwrap_or_default() == case
        });
        assert!(hit, "no {} to {to} about {case} on {when}", kind.name());
    }
    let escalations = letters(played).filter(|i| i.kind == Some(LetterKind::Escalation)).count();
    assert_eq!(escalations, TURNS.iter().filter(|(_, kind, ..)| *kind == LetterKind::Escalation).count());
}

fn nobody_else_is_written_to(played: &Played) {
    for item in letters(played) {
        for to in &item.to {
            assert!(PARTIES.iter().any(|party| to.ends_with(party)), "{to} is a stranger: {}", item.mail.subject);
        }
        assert!(!item.why.is_empty(), "nobody knows why {} was sent", item.mail.subject);
    }
}

fn every_follow_up_is_closed(played: &Played) {
    assert_eq!(played.follow_ups.len(), 12);
    for (case, follow_up) in &played.follow_ups {
        assert_eq!(follow_up.stage, Stage::Closed, "{case}");
    }
    let (_, over_christmas) = played.follow_ups.iter().find(|(case, _)| case == "EHC-2026-0349").unwrap();
    assert_eq!(over_christmas.due_on().unwrap().to_string(), "2027-01-04");
}

fn today_mails_are_few_and_right(played: &Played) {
    let today = |day: &str, to: &str| {
        letters(played)
            .find(|i| {
                let on = i.at.with_timezone(&London).format("%-d %b").to_string();
                i.kind == Some(LetterKind::Today) && on == day && i.to == [to]
            })
            .map(text)
    };
    let after_the_manager = today("23 Nov", "tom.pryce@wexmoor.example").unwrap();
    assert!(after_the_manager.contains("Joan Whitlock answered for Dr Amir Siddiqui"), "{after_the_manager}");
    assert_eq!(today("17 Nov", "ruth.adeyemi@wexmoor.example"), None, "that somebody is still away is no news");
    let to_one_away =
        letters(played).any(|i| i.kind == Some(LetterKind::Reminder) && i.to == ["ben.okafor@wexhealth.example"]);
    assert!(!to_one_away, "somebody on leave is reminded");
    let refused = today("27 Nov", "tom.pryce@wexmoor.example").unwrap();
    assert!(refused.contains("it could not be proved and nothing was done"), "{refused}");
    let asked = letters(played).find(|i| i.mail.subject.starts_with("More time")).map(text).unwrap();
    assert!(asked.contains("EXTEND By: 5 · RECEIVED") && !asked.contains("INSUFFICIENT"), "{asked}");
}

fn the_page_holds_every_mail(played: &Played, folder: &std::path::Path) {
    let page = std::fs::read_to_string(folder.join("index.html")).unwrap();
    for remote in ["http:", "https:", "<script", "@import", "url("] {
        assert!(!page.contains(remote), "the page holds {remote}");
    }
    let read = page.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#x2f;", "/");
    let read = read.replace("&#x27;", "'").replace("&amp;", "&");
    for item in &played.items {
        assert!(page.contains(&format!("id=\"mail-{}\"", item.number)), "mail {} is not on the page", item.number);
        assert!(folder.join(&item.file).is_file(), "{} is no file", item.file);
        if let Some(html) = &item.mail.html {
            assert!(read.contains(html.trim()), "the body of mail {} is not on the page", item.number);
        }
    }
}
