//! Plays the script: real engine, real mailbox and outbox on files, a clock that goes from one due moment to the
//! next. Decides nothing; notes every mail with the reason that the journal gives.

use super::ground::Ground;
use super::machines::{Machines, Reflex};
use super::people::{Draft, Proof, Received, SERVICE, has_inbox, is_service, line_number, name_of, newest};
use super::reasons::Reasons;
use super::script::{Act, Scene};
use super::{Item, Way};
use super::{pictures, post};
use crate::app;
use crate::app::endpoints::{deliverer, mailbox_endpoint, outbound_endpoint};
use crate::app::token::Tokens;
use crate::config::Settings;
use crate::core::policy::Policy;
use crate::engine::Engine;
use crate::mailbox::Source;
use crate::mailbox::ingest::{Folders, ingest_once};
use crate::outbox::deliver::{Delivered, Deliverer};
use crate::outbox::sender::OutboundEndpoint;
use anyhow::{Context, Result, bail};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// How often the steps may run at one moment before something is wrong.
const ROUNDS: usize = 50;

/// The play while it goes on.
pub struct Stage {
    /// The engine, for what is shown at the end.
    pub engine: Engine,
    /// Every mail so far.
    pub items: Vec<Item>,
    ground: Ground,
    source: Source,
    folders: Folders,
    endpoint: OutboundEndpoint,
    deliverer: Deliverer,
    now: DateTime<Utc>,
    inboxes: BTreeMap<String, Vec<Received>>,
    machines: Machines,
    reflexes: Vec<Reflex>,
    reasons: Reasons,
}

impl Stage {
    /// Everything stands ready at `now`; nothing has happened.
    ///
    /// # Errors
    /// When the mailbox cannot be opened.
    pub async fn set(ground: Ground, settings: &Settings, engine: Engine, now: DateTime<Utc>) -> Result<Self> {
        engine.note_start(now).await?;
        Ok(Self {
            engine,
            items: Vec::new(),
            ground,
            source: Source::open(&mailbox_endpoint(&settings.endpoints, &Tokens::default()).await?).await?,
            folders: app::folders(&settings.endpoints),
            endpoint: outbound_endpoint(&settings.endpoints, &Tokens::default()).await?,
            deliverer: deliverer(&settings.endpoints),
            now,
            inboxes: BTreeMap::new(),
            machines: Machines::default(),
            reflexes: Vec::new(),
            reasons: Reasons::default(),
        })
    }

    /// Plays the scenes, stopping wherever something may be due, until `end`; tells each mail as it happens.
    ///
    /// # Errors
    /// When a step of the service fails, or somebody waits for a mail that has not come.
    pub async fn play(
        &mut self,
        scenes: &[Scene],
        end: DateTime<Utc>,
        tell: &mut (dyn FnMut(&Item) + Send),
    ) -> Result<()> {
        let mut scenes = scenes.iter().peekable();
        while self.now < end {
            let scene = scenes.peek().map(|scene| scene.at);
            self.now = self.next_stop().await?.into_iter().chain(scene).min().unwrap_or(end).min(end);
            while let Some(scene) = scenes.next_if(|scene| scene.at <= self.now) {
                let draft = self.write(&scene.act).with_context(|| format!("At {}", scene.at))?;
                self.post(&draft)?;
                self.settle(tell).await?;
            }
            let (now_due, later) = std::mem::take(&mut self.reflexes).into_iter().partition(|r| r.at <= self.now);
            self.reflexes = later;
            let now_due: Vec<Reflex> = now_due;
            for reflex in now_due {
                self.post(&reflex.draft)?;
            }
            self.settle(tell).await?;
        }
        Ok(())
    }

    /// The next moments, all after now, at which the service or a mail server may have something to do.
    async fn next_stop(&self) -> Result<Vec<DateTime<Utc>>> {
        let reflexes = self.reflexes.iter().map(|reflex| reflex.at).filter(|&at| at > self.now);
        Ok(self.engine.next_moment(self.now).await?.into_iter().chain(reflexes).collect())
    }

    fn inbox(&self, who: &str) -> &[Received] {
        self.inboxes.get(who).map_or(&[], Vec::as_slice)
    }

    fn look_for(&self, who: &str, mail: &str, about: &str) -> Result<&Received> {
        newest(self.inbox(who), mail, about)
            .with_context(|| format!("{} has no mail \"{mail}\" about {about}", name_of(who)))
    }

    /// The mail that an act amounts to.
    fn write(&self, act: &Act) -> Result<Draft> {
        Ok(match *act {
            Act::CopiesIn { by, to, case, text } => Draft {
                from: by.to_owned(),
                to: to.iter().map(|&a| a.to_owned()).collect(),
                cc: vec![SERVICE.to_owned()],
                subject: Policy::FIXED_SUBJECT.to_owned(),
                text: format!("Dear colleagues,\n\n{case}\n\n{text}\n\n{}\nWexmoor County Council", name_of(by)),
                ..Draft::default()
            },
            Act::Writes { from, subject, text, proof } => Draft {
                from: from.to_owned(),
                to: vec![SERVICE.to_owned()],
                subject: subject.to_owned(),
                text: text.to_owned(),
                proof,
                ..Draft::default()
            },
            Act::Answers { who, mail, case, text, file } => {
                let mut draft = Draft::answer(who, self.look_for(who, mail, case)?, text);
                draft.file = file.map(str::to_owned);
                draft
            }
            Act::FillsIn { who, rest, but } => {
                let form = self.look_for(who, "Self-assessment", "ANSWER 23:")?;
                Draft::answer(who, form, &filled(form, rest, but))
            }
            Act::Judges { who, mail, lines } => {
                let (about, _) = lines.first().context("A judgement needs a line")?;
                let found = self.look_for(who, mail, about)?;
                let words = lines
                    .iter()
                    .map(|(about, words)| Ok(format!("{} {words}", line_number(found, about)?)))
                    .collect::<Result<Vec<String>>>()?;
                Draft::answer(who, found, &words.join("\n"))
            }
            Act::Forwards { who, mail, case } => {
                let found = self.look_for(who, mail, case)?;
                let mut draft = Draft::answer(who, found, "");
                draft.to = vec![SERVICE.to_owned()];
                draft.subject = format!("FW: {}", found.mail.subject);
                draft
            }
        })
    }

    /// Brings a mail to everybody whom it names: to the service's mailbox, and to the inboxes of people.
    fn post(&mut self, draft: &Draft) -> Result<()> {
        let number = self.items.len() + 1;
        let raw = draft.bytes(self.now, number);
        if draft.recipients().any(|a| is_service(a)) {
            post::into_mailbox(&self.ground, number, &raw, self.now)?;
        }
        for who in draft.recipients().filter(|a| has_inbox(a)) {
            post::into_inbox(&self.ground, who, number, &raw, self.now)?;
            self.inboxes.entry(who.clone()).or_default().push(Received::new(self.now, &raw));
        }
        let way = if draft.proof == Proof::Fail { Way::Forged } else { Way::In };
        let to = draft.recipients().cloned().collect();
        self.note(way, draft.from.clone(), to, &raw)
    }

    fn note(&mut self, way: Way, from: String, to: Vec<String>, raw: &[u8]) -> Result<()> {
        let number = self.items.len() + 1;
        let file = post::keep(&self.ground, number, self.now, &from, raw)?;
        let mut mail = Received::new(self.now, raw).mail;
        mail.html = mail.html.map(|page| pictures::embedded(&page, raw));
        self.items.push(Item::new(number, self.now, way, from, to, mail, file));
        Ok(())
    }

    /// Everything that can be done now is done; then it is told.
    async fn settle(&mut self, tell: &mut (dyn FnMut(&Item) + Send)) -> Result<()> {
        for _ in 0..ROUNDS {
            let fresh = ingest_once(&mut self.source, &self.engine, &self.folders, self.now).await?;
            self.engine.fire_due(self.now).await?;
            let now = self.now;
            let left = match self.deliverer.deliver_once(&self.engine, &self.endpoint, || now).await? {
                Delivered::Letters(n) => n,
                Delivered::Trouble(why) => bail!("Letters cannot be delivered: {why}"),
            };
            self.collect()?;
            if fresh + left == 0 {
                self.reasons.explain(&self.engine, &mut self.items, tell).await?;
                return Ok(());
            }
        }
        bail!("The service does not come to rest at {}", self.now)
    }

    /// What has come into the inboxes: read by their owners, and by their servers.
    fn collect(&mut self) -> Result<()> {
        for letter in post::arrivals(&self.ground)? {
            for who in &letter.to {
                let received = Received::new(self.now, &letter.raw);
                self.reflexes.extend(self.machines.react(who, &received, &letter.raw));
                self.inboxes.entry(who.clone()).or_default().push(received);
            }
            self.note(Way::Out, SERVICE.to_owned(), letter.to, &letter.raw)?;
        }
        Ok(())
    }
}

/// A form with an answer and a comment behind every mark.
fn filled(form: &Received, rest: &str, but: &[(u32, &str, &str)]) -> String {
    let text = form.mail.text.as_deref().unwrap_or_default();
    let start = text.find("How to fill this in:").and_then(|at| text.get(at..)).unwrap_or(text);
    let criteria = start.matches("ANSWER ").count();
    (1..).take(criteria).fold(start.to_owned(), |text, number: u32| {
        let own = but.iter().find(|(n, ..)| *n == number).map(|(_, rating, comment)| (*rating, *comment));
        let (rating, comment) = own.unwrap_or((rest, "as our SEND policy of May 2026 sets out"));
        let comment = if rating.is_empty() { "" } else { comment };
        text.replace(&format!("ANSWER {number:02}:"), &format!("ANSWER {number:02}: {rating}"))
            .replace(&format!("COMMENT {number:02}:"), &format!("COMMENT {number:02}: {comment}"))
    })
}
