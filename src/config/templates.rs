//! The texts of letters that operators have put into `templates.dir`: read, and held against what letters know. A text that
//! does not hold is found here, and not at three in the morning.

use super::form::nearest;
use super::review::Review;
use super::sections::Sections;
use crate::core::letter::LetterKind;
use crate::letters::stationery::template_faults;
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::path::Path;

/// The texts by the name of their sort.
///
/// # Errors
/// When a file cannot be read.
pub fn overrides(folder: Option<&Path>) -> Result<BTreeMap<String, String>> {
    let mut texts = BTreeMap::new();
    let Some(folder) = folder else { return Ok(texts) };
    for &kind in LetterKind::ALL {
        let file = folder.join(format!("{}.txt", kind.name()));
        if file.exists() {
            let text = std::fs::read_to_string(&file)
                .with_context(|| format!("Cannot read the template {}", file.display()))?;
            texts.insert(kind.name().to_owned(), text);
        }
    }
    Ok(texts)
}

/// Notes every fault of every text.
pub(super) fn check(sections: &Sections, review: &mut Review<'_>) {
    let Some(folder) = sections.templates.dir.as_deref() else { return };
    if !folder.is_dir() {
        // Every letter would go out in its shipped words, unnoticed.
        let what = format!("{} is no folder", folder.display());
        return review.error("templates.dir", what, "make it and put the texts there, or take the key out");
    }
    for stranger in strangers(folder) {
        let names: Vec<&str> = LetterKind::ALL.iter().map(|kind| kind.name()).collect();
        let remedy = match nearest(&stranger, &names) {
            Some(near) => format!("did you mean {near}.txt?"),
            None => format!("rename it, or take it out; known are {}", names.join(", ")),
        };
        review.error("templates.dir", format!("{stranger}.txt is no letter of the service"), remedy);
    }
    match overrides(Some(folder)) {
        Ok(texts) => {
            for (kind, what) in template_faults(&texts) {
                review.error("templates.dir", format!("{}.txt: {what}", kind.name()), "mend it, or take it out");
            }
        }
        Err(error) => review.error("templates.dir", format!("{error:#}"), "let the service's user read it, as UTF-8"),
    }
}

/// Texts whose name is that of no letter: nobody would ever get their words.
fn strangers(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let texts = files.filter(|file| file.extension().is_some_and(|extension| extension == "txt"));
    let names = texts.filter_map(|file| Some(file.file_stem()?.to_string_lossy().into_owned()));
    let mut strangers: Vec<String> = names.filter(|name| LetterKind::from_name(name).is_none()).collect();
    strangers.sort();
    strangers
}
