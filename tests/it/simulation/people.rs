//! What people and machines write, at random; each mail carries what its writer meant.

use super::cast::{DESKS, STAFF};
use super::model::{Kind, Order, Saying};
use super::reckoning::local_day;
use super::world::{How, Meaning, World};
use crate::office::{COORDINATOR, DEPUTY, Draft, FIXED, SERVICE, Sent};
use chrono::{DateTime, Days, Duration, Utc};
use followupd::engine::Ready;
use followupd::message::parse::parse;

const ADVICE: &str = "The child needs direct therapy once a week for thirty minutes, delivered by a qualified therapist, with a programme that the teaching assistant carries out on three other days of each week, reviewed every term with the parents.";

impl World {
    /// Writes a mail that arrives at once or, now and then, hours later; sometimes twice.
    fn write(&mut self, draft: &Draft, meaning: Meaning) {
        let late = match self.chance.between(0, 9) {
            0 => self.chance.between(60, 20 * 60),
            1..=3 => self.chance.between(1, 30),
            _ => 0,
        };
        let arrives = self.now + Duration::minutes(late);
        let raw = draft.bytes(self.now);
        self.note(&format!("{meaning:?} (arrives {late} min later)"));
        self.post(raw.clone(), arrives, meaning.clone());
        if self.chance.once_in(12) {
            let again = arrives + Duration::minutes(self.chance.between(0, 3000));
            let other_way = self.chance.once_in(2);
            let trace: &[u8] = if other_way { b"Received: from relay.example by mx.council.example\r\n" } else { b"" };
            self.transit.push(super::world::Mail {
                arrives: again,
                raw: [trace, &raw].concat(),
                meaning,
                identity: self.mails,
            });
        }
    }

    /// Something new: advice that is asked for, a plan draft to look at, or a clarification.
    pub fn open(&mut self) {
        match self.chance.between(0, 9) {
            0..=2 => self.ask_for_advice(),
            3 => self.show_plan_draft(),
            _ => self.ask_what_is_unclear(),
        }
    }

    fn new_case(&mut self) -> String {
        self.cases += 1;
        format!("EHC-2026-{:04}", 1000 + self.cases)
    }

    /// By the service, or by somebody else some days ago.
    fn ask_for_advice(&mut self) {
        let desk = usize::try_from(self.chance.between(0, 4)).unwrap();
        let by = if self.chance.once_in(3) { DEPUTY } else { COORDINATOR };
        let case = self.new_case();
        let adviser = DESKS[desk].adviser;
        let (text, how) = if self.chance.once_in(3) {
            let on = local_day(self.now) - Days::new(u64::try_from(self.chance.between(0, 60)).unwrap());
            (format!("ADVICE ASKED {case}\nFrom: {adviser}\nOn: {on}"), How::Elsewhere(on))
        } else {
            let text = format!("REQUEST ADVICE {case}\nFrom: {adviser}\nText: Please say what the child needs.");
            (text, How::Asked(Kind::Advice))
        };
        let draft = Draft::from(by).to(&[SERVICE]).subject("advice").text(&text);
        self.write(&draft, Meaning::Opens { case, desk, by, how });
    }

    /// To one adviser, of a child of their own.
    fn show_plan_draft(&mut self) {
        let desk = usize::try_from(self.chance.between(0, 4)).unwrap();
        let by = if self.chance.once_in(3) { DEPUTY } else { COORDINATOR };
        let case = self.new_case();
        let adviser = DESKS[desk].adviser;
        let text = format!("DRAFT ISSUED {case}\nWhere: the secure share\nCheck with: {adviser}");
        let draft = Draft::from(by).to(&[SERVICE]).subject("draft").text(&text);
        self.write(&draft, Meaning::Opens { case, desk, by, how: How::Asked(Kind::Check) });
    }

    /// About a new child, or now and then a second question about one.
    fn ask_what_is_unclear(&mut self) {
        let desk = usize::try_from(self.chance.between(0, 4)).unwrap();
        let by = if self.chance.once_in(3) { DEPUTY } else { COORDINATOR };
        let earlier: Vec<String> = self.known.iter().map(|k| k.case.clone()).collect();
        let case = match self.chance.pick(&earlier) {
            Some(case) if self.chance.once_in(6) => case.clone(),
            Some(_) | None => self.new_case(),
        };
        let people = &DESKS[desk];
        let copied_in = !people.managers.is_empty() && self.chance.once_in(2);
        let draft = if copied_in {
            let to: Vec<&str> = [people.adviser, SERVICE].into_iter().chain(people.managers.iter().copied()).collect();
            let text = format!("{case}. How often and by whom is therapy to be given?\n\nKind regards");
            Draft::from(by).to(&to).subject(FIXED).text(&text)
        } else {
            let text = format!("CLARIFY {case}\nTo: {}\nText: Please say how often therapy is given.", people.adviser);
            Draft::from(by).to(&[SERVICE]).subject("clarify").text(&text)
        };
        let how = if copied_in { How::CopiedIn } else { How::Asked(Kind::Clarification) };
        self.write(&draft, Meaning::Opens { case, desk, by, how });
    }

    /// One of the follow-ups and a letter of it that somebody outside has.
    fn letter_outside(&mut self) -> Option<(usize, Sent)> {
        let letters: Vec<Sent> = self.sent.iter().filter(|s| is_outside(&s.kind)).cloned().collect();
        let recent: Vec<Sent> = letters.iter().rev().take(12).cloned().collect();
        let letter = if self.chance.once_in(5) { self.chance.pick(&letters) } else { self.chance.pick(&recent) };
        let letter = letter?.clone();
        let index = self.index_of(letter.key.split('/').next()?)?;
        Some((index, letter))
    }

    /// Somebody outside answers.
    pub fn reply(&mut self) {
        let Some((about, letter)) = self.letter_outside() else { return };
        let adviser = self.known[about].item.adviser;
        let above: Vec<&str> =
            DESKS[self.known[about].desk].managers.iter().chain(DESKS[self.known[about].desk].above).copied().collect();
        let manager = self.chance.pick(&above).copied();
        let answer = |who: &str| Draft::from(who).answering(&letter);
        let is_check = self.known[about].item.kind == Kind::Check;
        let (draft, saying) = match self.chance.between(0, 15) {
            0..=2 if is_check => (answer(adviser).text("NO CHANGES"), Saying::Agrees),
            0..=4 => (answer(adviser).text(ADVICE), Saying::Full),
            5 => (answer(adviser).text("Please see attached.").attach("advice.pdf", b"%PDF-1.7 advice"), Saying::Full),
            6..=7 => (answer(adviser).text("Thank you, I will send this next week."), Saying::Thin),
            8 => (answer(adviser).text(""), Saying::Idle),
            9 => (answer(adviser).text("NEED TIME"), Saying::Idle),
            10 => (answer("lee.private@home.example").text(ADVICE), Saying::Thin),
            11 => (answer(adviser).text(ADVICE).proof("fail"), Saying::Thin),
            12 => (answer(adviser).text("SENT"), Saying::Thin),
            13 => return self.reply_somewhere(adviser),
            _ => {
                let Some(manager) = manager else { return };
                if self.chance.once_in(2) {
                    (answer(manager).text("I shall look into it with the team."), Saying::Idle)
                } else {
                    let draft = answer(manager).text("Here it is.").attach("advice.pdf", b"%PDF-1.7 from the manager");
                    (draft, Saying::Full)
                }
            }
        };
        self.write(&draft, Meaning::Says { about, saying });
    }

    /// A new mail that names nothing.
    fn reply_somewhere(&mut self, who: &'static str) {
        let draft = Draft::from(who).to(&[SERVICE]).subject("The advice").text(ADVICE);
        self.write(&draft, Meaning::SaysSomewhere { who });
    }

    /// A co-ordinator or SEND manager gives an order: in a new mail, or in answer to a mail of ours.
    pub async fn order(&mut self) {
        if self.known.is_empty() {
            return;
        }
        let answered: Vec<usize> = (0..self.known.len())
            .filter(|&i| {
                let state = self.known[i].item.state;
                matches!(state, super::model::State::Answered | super::model::State::Thin | super::model::State::Held)
            })
            .collect();
        let any: Vec<usize> = (0..self.known.len()).collect();
        let list = if answered.is_empty() || self.chance.once_in(3) { any } else { answered };
        let about = *self.chance.pick(&list).unwrap();
        let id = self.known[about].id.to_string();
        let day = local_day(self.now) + Days::new(u64::try_from(self.chance.between(4, 20)).unwrap());
        let (order, word, more) = match self.chance.between(0, 17) {
            0..=2 => (Order::Close, "CLOSE", String::new()),
            3..=4 => (Order::Insufficient, "INSUFFICIENT", "Text: It does not say how often.".to_owned()),
            5..=6 => (Order::NotAdvice, "NOT ADVICE", String::new()),
            7..=8 => (Order::Extend(day), "EXTEND", format!("To: {day}")),
            9 => (Order::Received, "RECEIVED", String::new()),
            10 => (Order::Reopen, "REOPEN", String::new()),
            11 => (Order::Cancel, "CANCEL", String::new()),
            12..=13 => (Order::Accept, "ACCEPT", String::new()),
            14 => (Order::NotKnown, "NOT KNOWN", String::new()),
            15 => (Order::Feedback, "FEEDBACK PARENT", String::new()),
            _ => (Order::Resend, "RESEND", String::new()),
        };
        let who = *self.chance.pick(&STAFF).unwrap();
        let (draft, meant) = match self.line_about(who, about).await {
            Some((letter, number)) if self.chance.once_in(2) => {
                (Draft::from(who).answering(&letter).text(&format!("{number} {word}\n{more}")), about)
            }
            Some(_) | None => {
                (Draft::from(who).to(&[SERVICE]).subject("follow-up").text(&format!("{word} {id}\n{more}")), about)
            }
        };
        match self.chance.between(0, 11) {
            0 => self.write(&draft.proof("fail"), Meaning::Nothing),
            1 => self.write(&draft.proof("none"), Meaning::Nothing),
            _ => self.write(&draft, Meaning::Orders { about: meant, by: who, order }),
        }
    }

    /// A mail of ours to this member of staff with a numbered line about the follow-up.
    async fn line_about(&mut self, who: &str, about: usize) -> Option<(Sent, u32)> {
        let id = self.known[about].id.to_string();
        let mut with_line = Vec::new();
        for sent in
            self.sent.iter().rev().filter(|s| s.kind == "today" && s.recipients.iter().any(|r| r == who)).take(6)
        {
            let number = sent
                .text
                .lines()
                .find(|l| l.contains(&id))
                .and_then(|l| l.trim_start().split('.').next().and_then(|n| n.parse().ok()));
            with_line.extend(number.map(|n| (sent.clone(), n)));
        }
        self.chance.pick(&with_line).cloned()
    }

    /// An out-of-office notice, with or without a date.
    pub fn absence(&mut self) {
        let Some((about, letter)) = self.letter_outside() else { return };
        let known = &self.known[about];
        let people: Vec<&str> = letter.recipients.iter().map(String::as_str).filter(|r| known.is_party(r)).collect();
        let Some(who) = self.chance.pick(&people).map(|w| (*w).to_owned()).filter(|w| !STAFF.contains(&w.as_str()))
        else {
            return;
        };
        let back = local_day(self.now) + Days::new(u64::try_from(self.chance.between(2, 25)).unwrap());
        let text = if self.chance.once_in(3) {
            "I am currently out of the office and will answer when I am back.".to_owned()
        } else {
            format!("I am out of the office and will be back on {}.", back.format("%-d %B %Y"))
        };
        let draft = Draft::from(&who)
            .answering(&letter)
            .subject(&format!("Automatic reply: {}", letter.subject))
            .header("Auto-Submitted", "auto-replied")
            .text(&text);
        self.write(&draft, Meaning::Nothing);
    }

    /// Mail that must come to nothing: strangers, newsletters, forged notices.
    pub fn noise(&mut self) {
        let case = self.known.last().map(|k| k.id.to_string()).unwrap_or_default();
        let draft = match self.chance.between(0, 2) {
            0 => Draft::from("stranger@home.example").to(&[SERVICE]).subject(FIXED).text(ADVICE),
            1 => Draft::from("stranger@home.example").to(&[SERVICE]).subject("x").text(&format!("CLOSE {case}")),
            _ => Draft::from("news@paper.example")
                .to(&[SERVICE])
                .subject("Our newsletter")
                .header("List-Id", "<news.paper.example>")
                .header("Precedence", "bulk")
                .text("This month: courses for everybody."),
        };
        self.write(&draft, Meaning::Nothing);
    }

    /// The server of a recipient gives a letter back, after minutes or days, perhaps warning first.
    pub fn notice_comes_back(&mut self, letter: &Ready, about: usize, who: &str) {
        let original = parse(&letter.bytes);
        let token = original.reply_to.iter().map(|m| m.address.to_string()).find(|a| a.contains('+')).unwrap();
        let id = original.message_id.clone().unwrap();
        let minutes = if self.chance.once_in(3) { self.chance.between(600, 4000) } else { self.chance.between(1, 20) };
        if minutes > 1500 {
            let raw = notice(who, &token, &id, "delayed", "4.4.1").bytes(self.now);
            self.post(raw, self.now + Duration::minutes(1440), Meaning::Nothing);
        }
        let at: DateTime<Utc> = self.now + Duration::minutes(minutes);
        let raw = notice(who, &token, &id, "failed", "5.1.1").bytes(self.now);
        self.post(raw, at, Meaning::Bounced { about, who: who.to_owned() });
    }
}

fn is_outside(kind: &str) -> bool {
    [
        "request",
        "logged",
        "reminder",
        "escalation",
        "responsible",
        "new_due",
        "advice_request",
        "advice_reminder",
        "overdue",
        "not_known",
        "draft_check",
    ]
    .contains(&kind)
}

fn notice(who: &str, token: &str, id: &str, action: &str, status: &str) -> Draft {
    let body = format!(
        "--r\nContent-Type: text/plain\n\nYour message could not be delivered to {who}.\n\n--r\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.trust.example\n\nFinal-Recipient: rfc822; {who}\nAction: {action}\nStatus: {status}\nDiagnostic-Code: smtp; 550 {status} no such user\n\n--r\nContent-Type: text/rfc822-headers\n\nMessage-ID: <{id}>\n\n--r--"
    );
    Draft::from("MAILER-DAEMON@mx.trust.example")
        .to(&[token])
        .subject("Undelivered Mail Returned to Sender")
        .header("Return-Path", "<>")
        .header("Auto-Submitted", "auto-replied")
        .body("multipart/report; report-type=delivery-status; boundary=\"r\"", &body)
}
