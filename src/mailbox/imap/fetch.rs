//! Bringing mail: sizes of a window of UIDs first, then the bodies of as many as the bytes allow, in one command.
//!
//! Works by UID only, marks nothing (`BODY.PEEK`), and needs no CONDSTORE, which Exchange Online lacks.

use super::super::{Batch, BatchLimits, Fetched, HEAD_BYTES, MailboxError, Wholeness};
use super::command::Command;
use super::line::Stream;
use super::names::uid_set;
use super::{Session, View};
use chrono::{DateTime, Utc};
use imap_proto::{AttributeValue, Response};
use std::collections::BTreeMap;

/// A mail by its number and the size that the server states.
#[derive(Debug, Clone, Copy)]
struct Announced {
    uid: u32,
    size: u64,
}

/// Mails found above a UID.
struct Look {
    found: Vec<Announced>,
    /// Nothing that was in the folder is missing from `found` below this UID.
    seen_below: u32,
}

/// What a look asks for. A mail whose size a server cannot tell must not hide the UIDs beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ask {
    Sizes,
    Numbers,
}

/// How many UIDs `uids` asks for at a time.
const UIDS_AT_ONCE: usize = 5_000;

impl<S: Stream> Session<S> {
    /// See [`super::super::Source::batch`].
    pub async fn batch(&mut self, folder: &str, after_uid: u32, limits: &BatchLimits) -> Result<Batch, MailboxError> {
        let view = self.ensure_selected(folder).await?;
        let mut after = after_uid;
        loop {
            let look = self.look_closely(after, limits.mails.max(1), view, Ask::Sizes).await?;
            let wanted = fitting(&look.found, limits);
            let mails = self.bring(wanted, limits).await?;
            let reached = wanted.last().map_or(after, |mail| mail.uid);
            let all = look.found.last().map_or(after, |mail| mail.uid) == reached;
            self.offer(if all { look.seen_below } else { reached.saturating_add(1) });
            if !mails.is_empty() || wanted.is_empty() {
                return Ok(Batch { uid_validity: self.uid_validity(), mails });
            }
            // Everything wanted was expunged meanwhile, and an empty batch would say that nothing is left.
            after = reached;
        }
    }

    /// See [`super::super::Source::uids`].
    pub async fn uids(&mut self, folder: &str) -> Result<Vec<u32>, MailboxError> {
        let view = self.ensure_selected(folder).await?;
        let mut uids = Vec::new();
        loop {
            let after = uids.last().copied().unwrap_or(0);
            let look = self.look_closely(after, UIDS_AT_ONCE, view, Ask::Numbers).await?;
            if look.found.is_empty() {
                return Ok(uids);
            }
            uids.extend(look.found.iter().map(|mail| mail.uid));
        }
    }

    /// Looks, and before it says "nothing" asks a server whose view may lag behind.
    async fn look_closely(&mut self, after: u32, most: usize, view: View, ask: Ask) -> Result<Look, MailboxError> {
        let look = self.look(after, most, ask).await?;
        if view == View::Fresh || !look.found.is_empty() {
            return Ok(look);
        }
        self.line.run(Command::new("NOOP"), |_| ()).await?;
        if self.line.arrived == 0 { Ok(look) } else { self.look(after, most, ask).await }
    }

    /// Finds the first mails above a UID. A stretch without any is crossed in ever wider steps.
    async fn look(&mut self, after: u32, most: usize, ask: Ask) -> Result<Look, MailboxError> {
        let mut next = after.checked_add(1);
        let mut width = u32::try_from(most).unwrap_or(u32::MAX);
        while let Some(from) = next {
            let known = self.settle_uid_next();
            if self.line.exists == 0 {
                return Ok(Look { found: Vec::new(), seen_below: known });
            }
            let to = from.saturating_add(width - 1);
            let to_the_end = to >= known.saturating_sub(1);
            let set = if to_the_end { format!("{from}:*") } else { format!("{from}:{to}") };
            // Where nothing is expected the server names its last mail, whose size it may be unable to tell.
            let expected = from < known;
            let mut found = self.announced(&set, from, if expected { ask } else { Ask::Numbers }).await?;
            if !expected && !found.is_empty() && ask == Ask::Sizes {
                found = self.announced(&set, from, ask).await?;
            }
            let highest = found.last().map_or(0, |mail| mail.uid);
            self.raise_uid_next(highest.saturating_add(1));
            if found.len() > most {
                found.truncate(most);
                let seen_below = found.last().map_or(from, |mail| mail.uid.saturating_add(1));
                return Ok(Look { found, seen_below });
            }
            if to_the_end {
                return Ok(Look { found, seen_below: known.max(highest.saturating_add(1)) });
            }
            if !found.is_empty() {
                return Ok(Look { found, seen_below: to.saturating_add(1) });
            }
            next = to.checked_add(1);
            width = width.saturating_mul(4);
        }
        Ok(Look { found: Vec::new(), seen_below: u32::MAX })
    }

    /// UIDs and sizes of a set, ascending; `n:*` always names the last mail, also when its UID is below n.
    async fn announced(&mut self, set: &str, from: u32, ask: Ask) -> Result<Vec<Announced>, MailboxError> {
        let mut found = BTreeMap::new();
        let items = match ask {
            Ask::Sizes => "(UID RFC822.SIZE)",
            Ask::Numbers => "(UID)",
        };
        let command = Command::new(format!("UID FETCH {set} {items}"));
        self.line
            .run(command, |response| {
                let Response::Fetch(_, items) = response else { return };
                match (uid_of(items), size_of(items)) {
                    (Some(uid), Some(size)) => drop(found.insert(uid, size)),
                    // A size that is not told, or too large to be read, hides no mail.
                    (Some(uid), None) => drop(found.entry(uid).or_insert(u64::MAX)),
                    (None, _) => {}
                }
            })
            .await?;
        Ok(found.range(from..).map(|(uid, size)| Announced { uid: *uid, size: *size }).collect())
    }

    /// Fetches these mails, and finds out of those that did not come whether they are gone or withheld.
    async fn bring(&mut self, wanted: &[Announced], limits: &BatchLimits) -> Result<Vec<Fetched>, MailboxError> {
        let uids: Vec<u32> = wanted.iter().map(|mail| mail.uid).collect();
        if uids.is_empty() {
            return Ok(Vec::new());
        }
        let total: u64 = wanted.iter().map(|mail| mail.size.min(limits.largest)).sum();
        let part = if wanted.iter().any(|mail| mail.size > limits.largest) {
            HEAD_BYTES.min(limits.largest)
        } else {
            limits.largest
        };
        let mut parcel = Parcel { wanted: &uids, limits, part, mails: BTreeMap::new(), bytes: 0, fault: None };
        // One byte more than may come, so that a mail cut off by the server is told from one that fits.
        let items = format!("(UID INTERNALDATE RFC822.SIZE BODY.PEEK[]<0.{}>)", part + 1);
        let command = Command::new(format!("UID FETCH {} {items}", uid_set(&uids))).bringing(total, part + 1);
        self.line
            .run(command, |response| {
                if let Response::Fetch(_, items) = response {
                    parcel.take(items);
                }
            })
            .await?;
        let Parcel { mails, fault, .. } = parcel;
        if let Some(text) = fault {
            return Err(MailboxError::protocol("UID FETCH", text));
        }
        let missing: Vec<u32> = uids.iter().copied().filter(|uid| !mails.contains_key(uid)).collect();
        self.check_gone(&missing).await?;
        Ok(mails.into_values().collect())
    }

    /// A mail that is still there but was not brought would be skipped for good by the cursor.
    async fn check_gone(&mut self, uids: &[u32]) -> Result<(), MailboxError> {
        let Some(first) = uids.first() else { return Ok(()) };
        let there = self.announced(&uid_set(uids), *first, Ask::Sizes).await?;
        match there.iter().find(|mail| uids.contains(&mail.uid)) {
            None => Ok(()),
            Some(mail) => {
                let text = format!("UID {} is in the folder but its text did not come", mail.uid);
                Err(MailboxError::protocol("UID FETCH", text))
            }
        }
    }

    /// What is known of UIDNEXT; arrivals are counted afresh from here.
    fn settle_uid_next(&mut self) -> u32 {
        let known = self.uid_next();
        self.line.arrived = 0;
        self.raise_uid_next(known);
        known
    }

    fn raise_uid_next(&mut self, uid_next: u32) {
        if let Some(selected) = &mut self.selected {
            selected.uid_next = selected.uid_next.max(uid_next);
        }
    }
}

/// The longest beginning that keeps to the bytes, at least one mail; a mail over the limit goes alone.
fn fitting<'a>(found: &'a [Announced], limits: &BatchLimits) -> &'a [Announced] {
    let mut bytes = 0_u64;
    let fits = |mail: &&Announced| {
        bytes = bytes.saturating_add(mail.size);
        bytes <= limits.bytes && mail.size <= limits.largest
    };
    let count = found.iter().take_while(fits).count().max(1);
    found.get(..count).unwrap_or_default()
}

/// What a UID FETCH has brought so far.
struct Parcel<'a> {
    wanted: &'a [u32],
    limits: &'a BatchLimits,
    /// So many bytes of each mail were asked for, and one more.
    part: u64,
    mails: BTreeMap<u32, Fetched>,
    bytes: u64,
    /// The first thing that makes the answer unusable.
    fault: Option<String>,
}

impl Parcel<'_> {
    /// Takes a mail that was asked for; a FETCH that only tells of changed flags is passed over.
    fn take(&mut self, items: &[AttributeValue<'_>]) {
        let (Some(uid), Some(body)) = (uid_of(items), body_of(items)) else { return };
        if self.wanted.binary_search(&uid).is_err() || self.fault.is_some() {
            return;
        }
        let Some(received_at) = items.iter().find_map(internal_date) else {
            self.fault = Some(format!("UID {uid} has no readable INTERNALDATE"));
            return;
        };
        self.bytes = self.bytes.saturating_add(body.len() as u64);
        // Sizes may be estimates (Exchange); far more than announced would fill the memory.
        if self.bytes > self.limits.bytes.saturating_mul(4).saturating_add(self.limits.largest) {
            self.fault = Some("far more bytes than RFC822.SIZE announced; ask for one mail at a time".to_owned());
            return;
        }
        let size = size_of(items).unwrap_or(0).max(body.len() as u64);
        let (body, whole) = self.cut(body);
        self.mails.insert(uid, Fetched { uid, received_at, size, raw: body.to_vec(), whole });
    }

    /// One byte more came than fits: the rest was never sent.
    fn cut<'b>(&self, body: &'b [u8]) -> (&'b [u8], Wholeness) {
        if body.len() as u64 <= self.part {
            return (body, Wholeness::Whole);
        }
        let head = usize::try_from(HEAD_BYTES.min(self.limits.largest)).unwrap_or(usize::MAX);
        (body.get(..head).unwrap_or(body), Wholeness::HeadOnly)
    }
}

fn uid_of(items: &[AttributeValue<'_>]) -> Option<u32> {
    items.iter().find_map(|item| if let AttributeValue::Uid(uid) = item { Some(*uid) } else { None })
}

fn size_of(items: &[AttributeValue<'_>]) -> Option<u64> {
    items
        .iter()
        .find_map(|item| if let AttributeValue::Rfc822Size(size) = item { Some(u64::from(*size)) } else { None })
}

/// `BODY[]<0>`; some servers leave the `<0>` out when all of it came.
fn body_of<'a>(items: &'a [AttributeValue<'_>]) -> Option<&'a [u8]> {
    items.iter().find_map(|item| {
        let AttributeValue::BodySection { section: None, index: None | Some(0), data } = item else { return None };
        data.as_deref()
    })
}

/// RFC 3501 `date-time`: ` 5-Jan-2026 09:30:00 +0000`.
fn internal_date(item: &AttributeValue<'_>) -> Option<DateTime<Utc>> {
    let AttributeValue::InternalDate(text) = item else { return None };
    let date = DateTime::parse_from_str(text.trim(), "%d-%b-%Y %H:%M:%S %z").ok()?;
    Some(date.with_timezone(&Utc))
}
