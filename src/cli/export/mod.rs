//! `followupd export CASE`: everything that is held on a case as one folder that somebody without this program can read:
//! the timeline as a page and as text, each mail as a file.

mod page;
mod timeline;

use super::private::{make_folder, write};
use crate::config::Settings;
use crate::engine::Dossier;
use crate::{app, clock};
use anyhow::{Context, Result, bail};
use clap::Args;
use std::path::{Path, PathBuf};

/// What to export.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// A case reference, or `FU-…`.
    #[arg(value_name = "CASE")]
    pub case: String,
    /// The folder that is made; `export-CASE` here when left out.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// Writes the folder; 1 for an unknown case.
///
/// # Errors
/// When the store cannot be read or the folder cannot be written.
pub async fn run(args: &ExportArgs, json: bool, settings: &Settings) -> Result<u8> {
    let out = args.out.clone().unwrap_or_else(|| folder_for(&args.case));
    if out.exists() {
        bail!("{} is there already; name another folder with --out.", out.display());
    }
    let engine = app::engine_beside(settings).await?;
    let now = clock::now();
    let dossier = engine.dossier(&args.case, now).await?;
    engine.store().close().await;
    let Some(dossier) = dossier else {
        say!("Nothing is held on {}.", args.case);
        return Ok(1);
    };
    let items = timeline::items(&dossier);
    let facts = timeline::facts(&dossier);
    let head = page::Head {
        authority: &settings.policy.authority.name,
        label: dossier.case.label(),
        exported: timeline::local(now, settings.policy.zone),
        zone: settings.policy.zone,
    };
    make_folder(&out)?;
    write(&out.join("index.html"), page::html(&head, &facts, &items)?.as_bytes())?;
    write(&out.join("timeline.txt"), page::text(&head, &facts, &items).as_bytes())?;
    let record = serde_json::to_string_pretty(&dossier.case).context("Cannot write the record")?;
    write(&out.join("record.json"), record.as_bytes())?;
    let files = write_mails(&out, &dossier)?;
    if json {
        say!(
            "{}",
            serde_json::json!({ "folder": out, "entries": items.len(), "mails": files, "not_included": dossier.shared })
        );
    } else {
        say!("{}: {} entries, {files} mails.", out.display(), items.len());
        if !dossier.shared.is_empty() {
            let ids = dossier.shared.join(" ");
            say!("Not in it, for they are about other children too: {ids}");
            say!("`followupd explain` tells of each; what is about this child has to be taken from it by hand.");
        }
        say!("It holds what is known of a child and of other people: look through it before it is handed over.");
    }
    Ok(0)
}

fn folder_for(case: &str) -> PathBuf {
    let safe: String =
        case.trim().chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect();
    PathBuf::from(format!("export-{safe}"))
}

fn write_mails(out: &Path, dossier: &Dossier) -> Result<usize> {
    make_folder(&out.join("mails"))?;
    let received = dossier.mails.iter().filter_map(|mail| Some((timeline::mail_file(mail), mail.raw.as_deref()?)));
    let sent = dossier.letters.iter().map(|letter| (timeline::letter_file(letter), letter.raw.as_slice()));
    let mut count = 0;
    for (file, raw) in received.chain(sent).filter(|(_, raw)| !raw.is_empty()) {
        write(&out.join(file), raw)?;
        count += 1;
    }
    Ok(count)
}
