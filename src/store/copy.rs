//! A copy of the data to try things out on: everything but the raw mails, in an SQLite database of its own.

use super::{Backend, Store, Tx};
use anyhow::{Context, Result, bail};
use sqlx::any::{AnyRow, AnyTypeInfoKind};
use sqlx::{AssertSqlSafe, Column, Row, ValueRef};

/// Raw mails are large and nothing that is tried out reads them; sqlx's own table stands in the copy already.
const LEFT_OUT: [&str; 2] = ["message_raw", "_sqlx_migrations"];
/// Rows that are read at once.
const AT_ONCE: i64 = 500;

impl Store {
    /// Copies everything but the raw mails into a fresh database.
    ///
    /// # Errors
    /// When either database fails.
    pub async fn copy_into(&self, url: &str) -> Result<Self> {
        let copy = Self::open(url).await?;
        if copy.backend != Backend::Sqlite {
            bail!("A copy to try things out on is an SQLite database.");
        }
        let mut tx = copy.begin().await?;
        // Tables come in any order; what they point at is there in the end.
        sqlx::query("PRAGMA defer_foreign_keys = ON").execute(&mut *tx.inner).await.context("Cannot begin a copy")?;
        for table in self.tables().await? {
            self.copy_table(&mut tx, &table).await.with_context(|| format!("Cannot copy the table {table}"))?;
        }
        tx.commit().await?;
        Ok(copy)
    }

    async fn tables(&self) -> Result<Vec<String>> {
        let sql = match self.backend {
            Backend::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
            Backend::Postgres => {
                "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = current_schema()"
            }
        };
        let rows = sqlx::query(sql).fetch_all(&self.pool).await.context("Cannot list the tables")?;
        let names = rows.iter().map(|r| r.try_get(0)).collect::<Result<Vec<String>, _>>();
        let names = names.context("Cannot read a table's name")?;
        Ok(names.into_iter().filter(|name| !LEFT_OUT.contains(&name.as_str())).collect())
    }

    async fn copy_table(&self, into: &mut Tx, table: &str) -> Result<()> {
        // What a fresh database brings is in the copied one too.
        sqlx::query(AssertSqlSafe(format!("DELETE FROM {table}"))).execute(&mut *into.inner).await?;
        let mut offset = 0;
        loop {
            let page = format!("SELECT * FROM {table} ORDER BY 1, 2 LIMIT {AT_ONCE} OFFSET {offset}");
            let rows = sqlx::query(AssertSqlSafe(page)).fetch_all(&self.pool).await?;
            for row in &rows {
                insert(into, table, row).await?;
            }
            offset += AT_ONCE;
            if rows.len() < usize::try_from(AT_ONCE).unwrap_or(usize::MAX) {
                return Ok(());
            }
        }
    }
}

async fn insert(into: &mut Tx, table: &str, row: &AnyRow) -> Result<()> {
    let names: Vec<&str> = row.columns().iter().map(Column::name).collect();
    let places: Vec<String> = (1..=names.len()).map(|n| format!("${n}")).collect();
    let sql = format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), places.join(", "));
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for place in 0..names.len() {
        let value = row.try_get_raw(place)?;
        query = match value.type_info().kind() {
            _ if value.is_null() => query.bind(None::<String>),
            AnyTypeInfoKind::Blob => query.bind(row.try_get::<Vec<u8>, _>(place)?),
            AnyTypeInfoKind::Text => query.bind(row.try_get::<String, _>(place)?),
            AnyTypeInfoKind::Null
            | AnyTypeInfoKind::Bool
            | AnyTypeInfoKind::SmallInt
            | AnyTypeInfoKind::Integer
            | AnyTypeInfoKind::BigInt
            | AnyTypeInfoKind::Real
            | AnyTypeInfoKind::Double => query.bind(row.try_get::<i64, _>(place)?),
        };
    }
    query.execute(&mut *into.inner).await?;
    Ok(())
}
