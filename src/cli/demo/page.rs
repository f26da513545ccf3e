//! `index.html`: one page that holds everything, with nothing fetched from anywhere and no script.

use super::people::{QUOTATION, STRANGER, has_inbox, name_of};
use super::timeline::headline;
use super::{Item, Played, Way, chart};
use crate::core::follow_up::{FollowUp, Stage};
use crate::core::letter::LetterKind;
use crate::core::wording::{date_words, list};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use chrono_tz::Europe::London;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Value};
use serde::Serialize;

const TEMPLATE: &str = include_str!("page.html");

/// A mail as the page shows it.
#[derive(Serialize)]
struct Shown<'a> {
    number: usize,
    when: String,
    stamp: String,
    way: &'static str,
    headline: String,
    subject: &'a str,
    from: String,
    to: String,
    many: bool,
    said: Option<&'a str>,
    why: &'a str,
    story: &'a [String],
    html: Option<&'a str>,
    text: &'a str,
    files: Vec<&'a str>,
    file: &'a str,
    height: usize,
}

/// A follow-up with its mails.
#[derive(Serialize)]
struct Story<'a> {
    case: &'a str,
    id: String,
    asked: String,
    adviser: String,
    coordinator: String,
    outcome: String,
    tone: &'static str,
    mails: Vec<Shown<'a>>,
}

/// All that the template knows.
#[derive(Serialize)]
struct Page<'a> {
    figures: Vec<(usize, &'static str)>,
    stories: Vec<Story<'a>>,
    others: Vec<Shown<'a>>,
    mornings: Vec<Shown<'a>>,
    chart: String,
    closed: String,
    begins: String,
    ends: String,
}

/// Renders the page.
///
/// # Errors
/// When the template is wrong.
pub fn render(played: &Played, begins: DateTime<Utc>, ends: DateTime<Utc>) -> Result<String> {
    let mut templates = Environment::new();
    templates.set_auto_escape_callback(|_| AutoEscape::Html);
    templates.add_template("page.html", TEMPLATE).context("The page's template is wrong")?;
    let page = Page {
        figures: figures(played),
        stories: played.follow_ups.iter().map(|(case, f)| story(played, case, f)).collect(),
        others: apart(played, |kind| kind != Some(LetterKind::Today)),
        mornings: apart(played, |kind| kind == Some(LetterKind::Today)),
        chart: chart::render(played, begins, ends),
        closed: closed_days(played, begins, ends),
        begins: date_words(begins.with_timezone(&London).date_naive()),
        ends: date_words(ends.with_timezone(&London).date_naive()),
    };
    templates.get_template("page.html")?.render(Value::from(Serde(&page))).context("Cannot render the page")
}

/// Mails of no follow-up, by their sort.
fn apart(played: &Played, wanted: impl Fn(Option<LetterKind>) -> bool) -> Vec<Shown<'_>> {
    played.items.iter().filter(|item| item.follow_up.is_none() && wanted(item.kind)).map(shown).collect()
}

/// What happened, in numbers.
pub fn figures(played: &Played) -> Vec<(usize, &'static str)> {
    let items = &played.items;
    let sent = |kind: LetterKind| items.iter().filter(|i| i.kind == Some(kind)).count();
    let closed = played.follow_ups.iter().filter(|(_, f)| f.stage == Stage::Closed).count();
    let in_time = played.follow_ups.iter().filter(|(_, f)| never_escalated(f)).count();
    let strangers: usize = items
        .iter()
        .filter(|i| i.way == Way::Out)
        .map(|i| i.to.iter().filter(|a| !has_inbox(a) || *a == STRANGER).count())
        .sum();
    vec![
        (played.follow_ups.len(), "follow-ups"),
        (closed, "closed by their co-ordinator or by one word"),
        (in_time, "without any escalation"),
        (items.iter().filter(|i| i.kind.is_some_and(LetterKind::is_escalation)).count(), "escalations"),
        (sent(LetterKind::ParentNotice) + sent(LetterKind::ParentUpdate), "letters to parents about a delay"),
        (items.iter().filter(|i| i.way != Way::Out).count(), "mails from people and their servers"),
        (items.iter().filter(|i| i.way == Way::Out).count(), "mails from the service"),
        (strangers, "mails to strangers"),
    ]
}

fn never_escalated(follow_up: &FollowUp) -> bool {
    follow_up.rounds.iter().all(|round| round.escalations.is_empty())
}

fn closed_days(played: &Played, begins: DateTime<Utc>, ends: DateTime<Utc>) -> String {
    let (from, to) = (begins.with_timezone(&London).date_naive(), ends.with_timezone(&London).date_naive());
    let days = played.calendar.closures_between(from, to);
    list(&days.iter().map(|c| format!("{} {}", c.date.format("%-d %B"), c.name)).collect::<Vec<_>>())
}

fn story<'a>(played: &'a Played, case: &'a str, follow_up: &FollowUp) -> Story<'a> {
    let id = follow_up.id.to_string();
    let mails = played.items.iter().filter(|item| item.follow_up.as_deref() == Some(&id)).map(shown).collect();
    let level = follow_up.rounds.iter().map(crate::core::follow_up::Round::level).max().unwrap_or(0);
    let rounds = follow_up.rounds.len();
    let mut outcome = vec![capital(follow_up.standing())];
    if rounds > 1 {
        outcome.push(format!("{rounds} rounds"));
    }
    outcome.push(if level == 0 { "no escalation".to_owned() } else { format!("escalated to level {level}") });
    Story {
        case,
        id,
        asked: date_words(follow_up.opened_at.with_timezone(&London).date_naive()),
        adviser: follow_up.adviser.as_ref().map(|a| name_of(a.as_str())).unwrap_or_default(),
        coordinator: name_of(follow_up.coordinator.as_str()),
        outcome: outcome.join(" · "),
        tone: if level == 0 { "calm" } else { "late" },
        mails,
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn shown(item: &Item) -> Shown<'_> {
    let at = item.at.with_timezone(&London);
    let names: Vec<String> = item.to.iter().map(|a| name_of(a)).collect();
    let text = item.mail.text.as_deref().unwrap_or_default();
    Shown {
        number: item.number,
        when: at.format("%a %-d %b %Y, %H:%M").to_string(),
        stamp: at.to_rfc3339(),
        way: match item.way {
            Way::In => "in",
            Way::Forged => "forged",
            Way::Out => "out",
        },
        headline: headline(item),
        subject: &item.mail.subject,
        from: name_of(&item.from),
        to: list(&names),
        many: names.len() > 1,
        said: (item.way != Way::Out).then(|| text.split(QUOTATION).next().unwrap_or_default().trim()),
        why: &item.why,
        story: &item.story,
        html: item.mail.html.as_deref(),
        text,
        files: item.mail.attachments.iter().filter_map(|a| a.name.as_deref()).collect(),
        file: &item.file,
        height: 4 + text.lines().count() * 5 / 4,
    }
}
