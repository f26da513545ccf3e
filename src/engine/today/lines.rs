//! What the Today mail says about one follow-up: what it needs, what happened, what is coming, with the words that act.

use super::cases::review_line;
use crate::core::calendar::local_date;
use crate::core::case::Case;
use crate::core::follow_up::{FollowUp, FollowUpKind, HoldReason, Origin, Outcome, Reply, Stage};
use crate::core::id::Address;
use crate::core::letter::{Line, LineGroup, LineSubject};
use crate::core::policy::Policy;
use crate::core::wording::{date_words, short_date, working_days};
use crate::engine::desk::Desk;
use crate::engine::family;
use chrono::{DateTime, NaiveDate, Utc};

/// Working days that "Coming" looks ahead.
const COMING: u32 = 5;

/// Group, text and words of a line.
type Said = (LineGroup, String, &'static [&'static str]);

/// The lines about a follow-up.
pub(super) fn of(desk: &Desk, case: &Case, follow_up: &FollowUp, today: NaiveDate, since: DateTime<Utc>) -> Vec<Line> {
    if follow_up.kind == FollowUpKind::ParentAnswer {
        return family::answer_line(follow_up, &case.label(), since).into_iter().collect();
    }
    let view = View { desk, case, follow_up, today, since };
    let head = format!("{} · {}", follow_up.id, case.label());
    let line = |(group, text, answers): Said| Line {
        number: 0,
        group,
        text: format!("{head}: {text}"),
        answers: answers.iter().map(|&a| a.to_owned()).collect(),
        subject: LineSubject::FollowUp(follow_up.id.clone()),
    };
    view.standing().into_iter().chain(view.manager_unknown()).map(line).collect()
}

/// One follow-up on one morning.
struct View<'a> {
    desk: &'a Desk,
    case: &'a Case,
    follow_up: &'a FollowUp,
    today: NaiveDate,
    since: DateTime<Utc>,
}

impl View<'_> {
    fn policy(&self) -> &Policy {
        &self.desk.office.policy
    }

    fn adviser(&self) -> String {
        self.follow_up.adviser.as_ref().map(|a| self.desk.directory.name_of(a)).unwrap_or_default()
    }

    fn standing(&self) -> Option<Said> {
        let needs =
            |text: &str, answers: &'static [&'static str]| Some((LineGroup::NeedsYou, text.to_owned(), answers));
        match self.follow_up.stage {
            Stage::Received => self.received(),
            Stage::RepliedThin => self.thin(),
            Stage::AwaitingRoles => needs(
                "who is the adviser, who the line manager? Nothing has gone out. Please answer the mail “Who is the adviser?”.",
                &["CANCEL"],
            ),
            Stage::Held => match self.follow_up.hold {
                Some(HoldReason::WrongChild) => {
                    needs("on hold: perhaps the wrong child's adviser; no clock runs.", &["CANCEL", "REOPEN"])
                }
                Some(HoldReason::NobodyReached) | None => {
                    needs("nobody could be reached; no clock runs.", &["RESEND", "CANCEL"])
                }
            },
            Stage::Query => None,
            Stage::Open | Stage::Declined => self.waiting(),
            Stage::Closed | Stage::Cancelled => self.ended(),
            // A request that has not left a day after it was asked for: the mode withholds it, or the relay does not
            // take it.
            Stage::Prepared if self.opened_on() < self.policy().calendar.sub_working_days(self.today, 1) => {
                needs("the request has not left yet, so no clock runs.", &["RESEND", "CANCEL"])
            }
            Stage::Prepared => None,
        }
    }

    fn opened_on(&self) -> NaiveDate {
        local_date(self.follow_up.opened_at, self.policy().zone)
    }

    fn received(&self) -> Option<Said> {
        let policy = self.policy();
        let answer = self.follow_up.round()?.answers().next_back()?;
        let on = local_date(answer.received_at, policy.zone);
        // What a co-ordinator has noted herself has not waited for her since the day that she gave.
        let waited = answer.message.as_ref().map(|_| policy.calendar.working_days_between(on, self.today));
        let nudge = match waited {
            Some(days) if days >= i64::from(policy.windows.review_nudge) => {
                format!(" It has waited {} for you.", working_days(days))
            }
            Some(_) | None => String::new(),
        };
        let what = match self.follow_up.kind {
            FollowUpKind::AdviceRequest => ", with advice",
            FollowUpKind::DraftCheck => ", with feedback on the plan draft",
            FollowUpKind::Clarification
            | FollowUpKind::ReviewContribution
            | FollowUpKind::ParentAnswer
            | FollowUpKind::AssessmentReturn
            | FollowUpKind::Action => "",
        };
        let exempt = self.exempt();
        Some((
            LineGroup::NeedsYou,
            format!("{}{what}.{exempt}{nudge}", self.answered(answer, on)),
            self.follow_up.kind.judgements(),
        ))
    }

    fn thin(&self) -> Option<Said> {
        let round = self.follow_up.round()?;
        let last = round.standing_replies().next_back();
        let doubt = round.pause.as_ref().map(|p| p.doubt).or(last.and_then(|r| r.doubt));
        let from = self.last_writer();
        let text = format!("{} came from {from}; is it the answer?", doubt.map_or("a short reply", |d| d.words()));
        let kind = self.follow_up.kind;
        Some((LineGroup::NeedsYou, text, doubt.map_or(kind.judgements(), |d| kind.judgements_in_doubt(d))))
    }

    /// What has ended since the last mail.
    fn ended(&self) -> Option<Said> {
        self.follow_up.ended_at.filter(|&at| at >= self.since)?;
        let outcome = self.follow_up.outcome.filter(|_| self.follow_up.stage == Stage::Closed);
        let text = match outcome {
            Some(Outcome::Confirmed) => format!("{} has no changes to the plan draft.", self.last_writer()),
            Some(Outcome::NoResponse) => {
                format!("{} has not replied to the draft check; it is taken that nothing is wrong.", self.adviser())
            }
            Some(other) => format!("{}, {}.", self.follow_up.standing(), other.words()),
            None => format!("{}.", self.follow_up.standing()),
        };
        Some((LineGroup::Happened, text, &[]))
    }

    /// Who wrote the newest reply that counts: the adviser, or somebody for them.
    fn last_writer(&self) -> String {
        let last = self.follow_up.round().and_then(|round| round.standing_replies().next_back());
        last.and_then(|reply| self.writer(reply)).unwrap_or_else(|| self.adviser())
    }

    /// Who wrote it, which need not be the adviser.
    fn writer(&self, reply: &Reply) -> Option<String> {
        reply.message.as_ref()?;
        reply.from.as_ref().map(|from| self.desk.directory.name_of(from))
    }

    /// Who answered when; a co-ordinator may have noted it themselves (`RECEIVED`).
    fn answered(&self, answer: &Reply, on: NaiveDate) -> String {
        let adviser = self.adviser();
        match self.writer(answer) {
            Some(writer) if writer == adviser => format!("{writer} answered on {}", short_date(on)),
            Some(writer) => format!("{writer} answered for {adviser} on {}", short_date(on)),
            None => format!("the answer of {adviser} is noted as received on {}", short_date(on)),
        }
    }

    /// Until somebody has named the line manager, a SEND manager stands in (situation 59).
    fn manager_unknown(&self) -> Option<Said> {
        let send_manager = |a: &Address| self.desk.directory.send_managers.iter().any(|m| m.address == *a);
        let needed = self.follow_up.stage.is_open() && self.follow_up.kind != FollowUpKind::DraftCheck;
        let unknown = needed && self.follow_up.managers.iter().all(send_manager);
        let adviser = self.follow_up.adviser.as_ref().filter(|_| unknown)?;
        let is_route = self.desk.directory.services.iter().any(|s| s.route.as_ref() == Some(adviser));
        let text = format!("no line manager of {adviser} is known. Answer: MANAGER {adviser} IS name@organisation");
        (!is_route).then_some((LineGroup::NeedsYou, text, &[]))
    }

    fn exempt(&self) -> &'static str {
        let asked = self.follow_up.rounds.first().and_then(|r| r.day_zero);
        let of_advice = self.follow_up.kind == FollowUpKind::AdviceRequest;
        match asked.and_then(|on| self.case.register.advice_exemption(on)) {
            Some(_) if of_advice => " An exemption (regulation 8(2)) is on record.",
            Some(_) | None => "",
        }
    }

    /// One that waits for an answer: what was not sent by the service is asked about when it closes, before anybody is
    /// accused; then what happened, then what is coming.
    fn waiting(&self) -> Option<Said> {
        let due = self.follow_up.due_on()?;
        let (adviser, exempt) = (self.adviser(), self.exempt());
        if let Some(text) = review_line(self.follow_up, &adviser, self.today) {
            return Some((LineGroup::NeedsYou, text, &["RECEIVED", "CLOSE"]));
        }
        self.asked_about(due).or_else(|| self.told_since(due)).or_else(|| {
            if let Some(away) = self.follow_up.away.iter().find(|a| self.follow_up.adviser.as_ref() == Some(&a.who)) {
                let back = away.until.map_or_else(String::new, |d| format!(" until {}", short_date(d)));
                // Told at once when it became known; from then on it is only where things stand.
                return self.is_near(due).then(|| {
                    (
                        LineGroup::Coming,
                        format!("{adviser} is away{back}{}, due {}.", self.instead(), short_date(due)),
                        &[][..],
                    )
                });
            }
            if due == self.today {
                return Some((LineGroup::Coming, format!("closes today; waiting for {adviser}.{exempt}"), &[]));
            }
            (due > self.today && self.is_near(due)).then(|| {
                (LineGroup::Coming, format!("{}due {}, {adviser}.{exempt}", self.what(), date_words(due)), &[][..])
            })
        })
    }

    /// Six weeks are long: an absence in them is worth a line when the end is near. Clarifications always are.
    fn is_near(&self, due: NaiveDate) -> bool {
        let horizon = self.policy().calendar.add_working_days(self.today, COMING);
        due <= horizon || self.follow_up.kind == FollowUpKind::Clarification && !self.follow_up.away.is_empty()
    }

    fn instead(&self) -> &'static str {
        if self.follow_up.told_responsible.is_empty() { "" } else { "; the line manager is responsible" }
    }

    fn what(&self) -> &'static str {
        match self.follow_up.kind {
            FollowUpKind::AdviceRequest => "advice ",
            FollowUpKind::DraftCheck => "draft check ",
            FollowUpKind::Clarification
            | FollowUpKind::ReviewContribution
            | FollowUpKind::ParentAnswer
            | FollowUpKind::AssessmentReturn
            | FollowUpKind::Action => "",
        }
    }

    /// Before anybody is accused: has it come to the co-ordinator alone?
    fn asked_about(&self, due: NaiveDate) -> Option<Said> {
        let elsewhere = self.follow_up.origin != Origin::Sent && self.follow_up.stage == Stage::Open;
        if !elsewhere || self.follow_up.round()?.told().next().is_some() || due > self.today {
            return None;
        }
        let adviser = self.adviser();
        let (then, words): (String, &[&str]) = match self.follow_up.kind {
            FollowUpKind::DraftCheck => (
                "If not, it is taken at 12:00 of the next working day that nothing is wrong.".to_owned(),
                &["RECEIVED", "FEEDBACK NONE", "FEEDBACK PARENT", "FEEDBACK OTHER"],
            ),
            FollowUpKind::AdviceRequest
            | FollowUpKind::Clarification
            | FollowUpKind::ReviewContribution
            | FollowUpKind::ParentAnswer
            | FollowUpKind::AssessmentReturn
            | FollowUpKind::Action => (String::new(), &["RECEIVED", "EXTEND"]),
        };
        let text = if due == self.today {
            format!("the window closes today and nothing was seen here. Has {adviser} answered you? {then}")
        } else if self.follow_up.kind == FollowUpKind::DraftCheck {
            format!(
                "the time for a reply ended on {} and nothing was seen here. Has {adviser} answered you? It is taken today at 12:00 that nothing is wrong.",
                short_date(due)
            )
        } else {
            format!(
                "the window closed on {} and nothing was seen here. The line manager is told today at 12:00 unless {adviser} has answered you.",
                short_date(due)
            )
        };
        Some((LineGroup::NeedsYou, format!("{}{}", text.trim_end(), self.exempt()), words))
    }

    fn told_since(&self, due: NaiveDate) -> Option<Said> {
        let last = self.follow_up.round()?.told().next_back().filter(|e| e.at >= self.since)?;
        let (adviser, on) = (self.adviser(), short_date(due));
        let text = match (self.follow_up.kind, self.follow_up.stage) {
            (FollowUpKind::AdviceRequest, Stage::Declined) => {
                format!("not known to the service, and no other advice by {on}; the second level was told.")
            }
            (FollowUpKind::AdviceRequest, _) => {
                let again = if last.level > 1 { format!(", notice number {}", last.level) } else { String::new() };
                format!("no advice from {adviser} by {on}; adviser and line manager were told{again}.")
            }
            (_, _) => format!("no answer from {adviser} by {on}; told the next person (level {}).", last.level),
        };
        Some((LineGroup::Happened, format!("{text}{}", self.exempt()), &["RECEIVED", "EXTEND"]))
    }
}
