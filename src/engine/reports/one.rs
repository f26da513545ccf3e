//! What ONE's last export says otherwise, as the import noted it.

use crate::core::figures::weekly::OneDifferences;
use crate::engine::ONE_DIFFERENCES;
use crate::engine::desk::Desk;
use anyhow::{Context, Result};

/// The differences that the last import of cases found; none before the first.
pub(super) async fn differences(desk: &mut Desk) -> Result<Option<OneDifferences>> {
    let Some(kept) = desk.tx.mark(ONE_DIFFERENCES).await? else { return Ok(None) };
    serde_json::from_str(&kept).map(Some).context("The differences of the last import are damaged")
}
