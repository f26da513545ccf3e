//! Arguments, logging, exit code. Everything else is in the library.

use clap::Parser;
use followupd::cli::{Cli, main as carry_out};
use std::io::IsTerminal;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// What is logged unless `RUST_LOG` says otherwise. async-imap would print mail, so it is never asked for more.
const LOG: &str = "info,async_imap=info,imap_proto=info,lettre=info,sqlx=warn,tokio_cron_scheduler=warn";

fn start_log(json: bool) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(LOG));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    if json { log.json().init() } else { log.init() }
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    start_log(std::env::var("FOLLOWUPD_LOG").is_ok_and(|form| form == "json"));
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        tracing::debug!("a TLS provider was installed before");
    }
    match carry_out(cli).await {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::from(3)
        }
    }
}
