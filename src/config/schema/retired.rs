//! Keys of former releases: files of those days still hold them, and an upgrade must not stop for that.

use super::super::fault::{Fault, Place, Severity};

/// A key that has no effect any more, and why.
const RETIRED: &[(&str, &str)] =
    &[("mailbox.largest_mb", "mail above 40 MB always stays on the server and is listed in triage")];

/// The warning for a key of a former release, named as it stands there; `None` for every other path.
pub(in crate::config) fn warning(path: &str, named: &str, place: &Place) -> Option<Fault> {
    let (_, why) = RETIRED.iter().find(|(retired, _)| *retired == path)?;
    Some(place.fault(Severity::Warning, named, format!("has no effect any more: {why}"), "take it out"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_is_in_force_and_retired() {
        assert!(RETIRED.iter().all(|(path, _)| super::super::key(path).is_none()));
    }
}
