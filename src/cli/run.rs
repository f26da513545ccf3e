//! `followupd run`: the service.

use crate::{app, clock, config};
use anyhow::{Result, bail};
use clap::Args;
use std::path::Path;

/// How the service is run.
#[derive(Debug, Args)]
pub struct RunArgs {}

/// Runs the service until a signal ends it.
///
/// # Errors
/// When the configuration has faults, or the service cannot start or go on.
pub async fn run(_args: &RunArgs, place: Option<&Path>) -> Result<u8> {
    let environment = config::environment().collect();
    let main_file = config::find_main(place, &environment).map_err(|fault| anyhow::anyhow!("{fault}"))?;
    let (settings, warnings) = match config::load(Some(&main_file), config::environment()) {
        Ok(loaded) => loaded,
        Err(faults) => bail!("The configuration has faults; nothing was started:\n{}", super::list(&faults)),
    };
    for warning in warnings.iter().chain(&settings.warnings_on(clock::now().date_naive())) {
        tracing::warn!("{warning}");
    }
    app::run(settings, &warnings, main_file).await?;
    Ok(0)
}
