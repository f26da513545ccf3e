//! Stories of a case as a whole: how it is registered, corrected, ended, stopped and reviewed.

mod ending;
mod recorded;
mod register;

use crate::office::Office;

/// What a co-ordinator writes about a new case.
const NEW_CASE: &str = "NEW CASE EHC-2026-0412
Requested: 2 Nov 2026
Child: R.F.
First name: Robin
Born: 3 May 2018
Parent: Ann Fox <ann.fox@home.example>
Parent: Ben Fox, post
Their ref: CP-77";

/// A text without the references that differ from run to run.
fn masked(_office: &Office, text: &str) -> String {
    let reference = regex::Regex::new(r"FU-\w{4}-\w{4}").unwrap();
    reference.replace_all(text, "FU-XXXX-XXXX").into_owned()
}
