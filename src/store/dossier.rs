//! Everything that is held on one case, for whoever has a right to see it. Reads only.

use super::about::OF_CASE_ALONE;
use super::letters::{COLUMNS, letter_row};
use super::messages::{MESSAGE_COLUMNS, message_row};
use super::{LetterRow, MessageRow, Tx};
use crate::core::case::CaseId;
use anyhow::{Context, Result};
use sqlx::AssertSqlSafe;

impl Tx {
    /// Mails that belong to a case and to no other, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn messages_of_case(&mut self, case: &CaseId) -> Result<Vec<MessageRow>> {
        let sql = format!("SELECT {MESSAGE_COLUMNS} FROM message WHERE {OF_CASE_ALONE} ORDER BY received_at, id");
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(&case.0).fetch_all(self.conn().await?).await;
        rows.context("Cannot list a case's mails")?.iter().map(message_row).collect()
    }

    /// Letters about a case and about no other, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn letters_of_case(&mut self, case: &CaseId) -> Result<Vec<LetterRow>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM letter l WHERE l.id IN (SELECT id FROM letter WHERE {OF_CASE_ALONE}) ORDER BY l.decided_at, l.place"
        );
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(&case.0).fetch_all(self.conn().await?).await;
        rows.context("Cannot list a case's letters")?.iter().map(letter_row).collect()
    }
}
