//! `followupd backup FILE`: a consistent copy of the database while the service runs, readable by its owner alone.

use crate::config::Settings;
use crate::store::backup;
use anyhow::Result;
use clap::Args;
use std::path::PathBuf;

/// Where the copy goes.
#[derive(Debug, Args)]
pub struct BackupArgs {
    /// A file that is not there yet. With PostgreSQL it is written by `pg_dump`, for `pg_restore`.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// Writes the copy.
///
/// # Errors
/// When it cannot be written whole; then no file is left.
pub async fn run(args: &BackupArgs, json: bool, settings: &Settings) -> Result<u8> {
    let url = settings.endpoints.store.expose();
    let bytes = backup::write(&url, &args.file).await?;
    if json {
        say!("{}", serde_json::json!({ "file": args.file, "bytes": bytes }));
    } else {
        say!(
            "{}: {bytes} bytes. It holds children's data: encrypt it before it leaves this machine.",
            args.file.display()
        );
        say!("Keep the token key with it, in another place: without it the service no longer knows its own mails.");
    }
    Ok(0)
}
