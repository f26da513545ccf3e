//! Rows that a transaction gathers and hands to the database together: handing a statement over costs as much as
//! writing dozens of rows.
//!
//! [`Tx::conn`] writes them first, so that no statement can read past them; only statements about other tables may
//! leave them waiting, by [`Tx::aside`].

use super::Tx;
use anyhow::{Context, Result, ensure};
use sqlx::{AnyConnection, AssertSqlSafe};
use std::collections::BTreeMap;

/// A value of a gathered row.
#[derive(Debug)]
pub(super) enum Value {
    /// TEXT.
    Text(Option<String>),
    /// BIGINT.
    Number(Option<i64>),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}

impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Self {
        Self::Text(text.map(ToOwned::to_owned))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(Some(number))
    }
}

impl From<Option<i64>> for Value {
    fn from(number: Option<i64>) -> Self {
        Self::Number(number)
    }
}

/// What gathered rows do, in the order in which they refer to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gathered {
    /// Entries of the journal.
    Journal,
    /// Their texts.
    JournalText,
    /// Deliveries of letters.
    Delivery,
    /// Numbered lines of letters.
    Line,
    /// Message-IDs of threads: the third value numbers them, so that they keep their order.
    Thread,
    /// What became of messages.
    Settled,
}

impl Gathered {
    /// The statement around the rows: what stands before and behind them.
    fn around(self) -> (&'static str, &'static str) {
        match self {
            Self::Journal => ("INSERT INTO journal (seq, at, case_id, follow_up, text_hash, hash) VALUES ", ""),
            Self::JournalText => ("INSERT INTO journal_text (seq, salt, event, because, effects, config) VALUES ", ""),
            Self::Delivery => {
                ("INSERT INTO delivery (letter, recipient, part, state, next_at, answer, attempts) VALUES ", "")
            }
            Self::Line => ("INSERT INTO line (letter, number, body) VALUES ", ""),
            Self::Thread => (
                "INSERT INTO thread (message_id, follow_up, place) SELECT column1, column2, column3 + (SELECT COALESCE(MAX(place) + 1, 0) FROM thread WHERE follow_up = column2) FROM (VALUES ",
                ") AS learnt WHERE column1 IS NOT NULL ON CONFLICT DO NOTHING",
            ),
            Self::Settled => (
                "UPDATE message SET state = column2, kind = column3, from_address = column4, case_id = column5, follow_up = column6, story = column7, header_id = column8, text_hash = column9, candidates = column10 FROM (VALUES ",
                ") AS settled WHERE message.id = column1",
            ),
        }
    }
}

/// Rows by what they do.
pub(super) type Rows = BTreeMap<Gathered, Vec<Vec<Value>>>;

/// How many rows one statement writes: a few sizes, so that each is prepared once.
const SIZES: [usize; 3] = [64, 8, 1];

/// Cuts rows into portions for one statement each, as large as they may be; a single row always may.
pub(super) fn portions<T>(mut rows: &[T], may: impl Fn(&[T]) -> bool) -> Vec<&[T]> {
    let mut portions = Vec::new();
    while !rows.is_empty() {
        let mut sizes = SIZES.into_iter().filter_map(|size| rows.split_at_checked(size));
        let (portion, rest) = sizes.find(|(portion, _)| portion.len() == 1 || may(portion)).unwrap_or((rows, &[]));
        portions.push(portion);
        rows = rest;
    }
    portions
}

/// "($1, $2), ($3, $4)": places for so many rows of so many values.
pub(super) fn places(rows: usize, columns: usize) -> String {
    let row = |r: usize| (1..=columns).map(|c| format!("${}", r * columns + c)).collect::<Vec<_>>().join(", ");
    (0..rows).map(|r| format!("({})", row(r))).collect::<Vec<_>>().join(", ")
}

impl Tx {
    /// Puts a row with those that are written together.
    pub(super) fn gather<const N: usize>(&mut self, what: Gathered, row: [Value; N]) {
        self.gathered.entry(what).or_default().push(Vec::from(row));
    }

    /// The connection, for any statement: everything that was gathered is written first.
    pub(super) async fn conn(&mut self) -> Result<&mut AnyConnection> {
        self.write_gathered().await?;
        Ok(&mut self.inner)
    }

    /// The connection, for a statement about tables whose rows are never gathered.
    pub(super) fn aside(&mut self) -> &mut AnyConnection {
        &mut self.inner
    }

    /// Writes what was gathered. A transaction in which that was begun and not ended is never committed.
    pub(super) async fn write_gathered(&mut self) -> Result<()> {
        ensure!(!self.is_torn, "What a transaction had gathered could not be written");
        self.is_torn = true;
        for (what, rows) in std::mem::take(&mut self.gathered) {
            for rows in portions(&rows, |_| true) {
                write(&mut self.inner, what, rows).await?;
            }
        }
        self.is_torn = false;
        Ok(())
    }
}

async fn write(connection: &mut AnyConnection, what: Gathered, rows: &[Vec<Value>]) -> Result<()> {
    let (before, behind) = what.around();
    let columns = rows.first().map_or(0, Vec::len);
    let mut query = sqlx::query(AssertSqlSafe(format!("{before}{}{behind}", places(rows.len(), columns))));
    for value in rows.iter().flatten() {
        query = match value {
            Value::Text(text) => query.bind(text.as_deref()),
            Value::Number(number) => query.bind(*number),
        };
    }
    query.execute(connection).await.with_context(|| format!("Cannot write gathered rows ({what:?})"))?;
    Ok(())
}
