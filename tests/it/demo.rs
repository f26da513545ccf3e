//! The demo, played whole: what it promises its readers holds.

use chrono_tz::Europe::London;
use followupd::cli::demo::{Item, Played, Way, play};
use followupd::core::follow_up::Stage;
use followupd::core::letter::LetterKind;

/// Who may be written to: the authority's staff, the organisations that were asked, and parents who were confirmed.
const PARTIES: [&str; 12] = [
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
    "@mail.example",
    "@post.example",
];

/// When, what, to whom, about which case: the turns of the stories.
const TURNS: [(&str, LetterKind, &str, &str); 35] = [
    ("Mon 7 Sep 10:00", LetterKind::ReadBack, "ruth.adeyemi@wexmoor.example", ""),
    ("Tue 6 Oct 08:00", LetterKind::Overdue, "yvonne.clarke@socialcare.example", "EHC-2026-0504"),
    ("Wed 30 Sep 07:30", LetterKind::Preview, "tom.pryce@wexmoor.example", "EHC-2026-0504"),
    ("Thu 1 Oct 10:00", LetterKind::ParentNotice, "paul.hart@mail.example", "EHC-2026-0504"),
    ("Thu 1 Oct 10:00", LetterKind::ParentNotice, "mina.sato@post.example", "EHC-2026-0504"),
    ("Thu 8 Oct 08:00", LetterKind::ParentAcknowledgement, "paul.hart@mail.example", "EHC-2026-0504"),
    ("Fri 9 Oct 09:30", LetterKind::AdviceRequest, "claire.donnelly@wexhealth.example", "EHC-2026-0501"),
    ("Fri 13 Nov 08:00", LetterKind::AdviceReminder, "claire.donnelly@wexhealth.example", "EHC-2026-0501"),
    ("Wed 4 Nov 07:30", LetterKind::Preview, "ruth.adeyemi@wexmoor.example", "EHC-2026-0503"),
    ("Wed 4 Nov 08:50", LetterKind::Request, "elin.hughes@psychology.example", "EHC-2026-0502"),
    ("Tue 10 Nov 08:40", LetterKind::Request, "elin.hughes@psychology.example", "EHC-2026-0502"),
    ("Tue 10 Nov 09:05", LetterKind::ReadBack, "tom.pryce@wexmoor.example", ""),
    ("Fri 13 Nov 10:00", LetterKind::PostLetter, "ruth.adeyemi@wexmoor.example", "EHC-2026-0505"),
    ("Thu 26 Nov 12:00", LetterKind::DraftSilence, "peter.lang@psychology.example", ""),
    ("Mon 30 Nov 15:00", LetterKind::DraftCheck, "claire.donnelly@wexhealth.example", "EHC-2026-0501"),
    ("Wed 2 Dec 13:40", LetterKind::FeedbackPointer, "peter.lang@psychology.example", "EHC-2026-0502"),
    ("Tue 10 Nov 08:00", LetterKind::Reminder, "amir.siddiqui@wexhealth.example", "EHC-2026-0312"),
    ("Thu 12 Nov 12:00", LetterKind::Escalation, "joan.whitlock@wexhealth.example", "EHC-2026-0312"),
    ("Thu 19 Nov 08:00", LetterKind::Escalation, "dco@wexicb.example", "EHC-2026-0312"),
    ("Fri 20 Nov 11:25", LetterKind::StandDown, "dco@wexicb.example", "EHC-2026-0312"),
    ("Mon 16 Nov 11:01", LetterKind::Responsible, "joan.whitlock@wexhealth.example", "EHC-2026-0322"),
    ("Mon 16 Nov 11:01", LetterKind::Responsible, "joan.whitlock@wexhealth.example", "EHC-2026-0323"),
    ("Tue 24 Nov 09:14", LetterKind::Responsible, "joan.whitlock@wexhealth.example", "EHC-2026-0330"),
    ("Mon 30 Nov 11:20", LetterKind::NewDue, "joan.whitlock@wexhealth.example", "EHC-2026-0330"),
    ("Thu 26 Nov 22:41", LetterKind::Alarm, "tom.pryce@wexmoor.example", ""),
    ("Mon 30 Nov 09:00", LetterKind::RolesQuestion, "tom.pryce@wexmoor.example", "EHC-2026-0335"),
    ("Mon 30 Nov 09:25", LetterKind::Logged, "s.fenwick@hillbrook.example", "EHC-2026-0335"),
    ("Thu 10 Dec 09:05", LetterKind::Receipt, "tom.pryce@wexmoor.example", "EHC-2026-0337"),
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
    every_follow_up_has_ended(&played);
    a_silent_stop_is_silent(&played);
    who_is_caught_is_not_told(&played);
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

/// The service hears of the family's wish at 09:05, and from then on nobody outside hears of the child.
fn a_silent_stop_is_silent(played: &Played) {
    let stopped = "2026-11-10T09:05:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    let outside = |i: &&Item| !i.to.iter().all(|a| a.ends_with("@wexmoor.example"));
    let after = letters(played).filter(|i| i.at >= stopped && i.case.as_deref() == Some("EHC-2026-0506"));
    assert_eq!(after.filter(outside).count(), 0);
    let parent = letters(played).filter(|i| i.to.iter().any(|a| a == "rosa.field@mail.example")).count();
    assert_eq!(parent, 0, "her plan was never late");
    assert_eq!(letters(played).filter(|i| i.to.iter().any(|a| a == "jo.kent@mail.example")).count(), 0, "a stranger");
}

/// The child that was caught: the parents were never alarmed.
fn who_is_caught_is_not_told(played: &Played) {
    assert!(!letters(played).any(|i| i.to.iter().any(|a| a == "grace.lindqvist@mail.example")));
}

fn every_follow_up_has_ended(played: &Played) {
    for (case, follow_up) in &played.follow_ups {
        let expected = if case == "EHC-2026-0506" { Stage::Cancelled } else { Stage::Closed };
        assert_eq!(follow_up.stage, expected, "{case} {}", follow_up.id);
    }
    let asked = |case: &str| played.follow_ups.iter().filter(|(c, _)| c == case).count();
    assert_eq!((asked("EHC-2026-0501"), asked("EHC-2026-0502"), asked("EHC-2026-0506")), (4, 4, 1));
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
    let with_news = today("17 Nov", "ruth.adeyemi@wexmoor.example").unwrap();
    let (_, coming) = with_news.split_once("Coming").unwrap();
    assert!(coming.contains("Ben Okafor is away"), "that somebody is still away is no news: {with_news}");
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
