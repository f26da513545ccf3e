//! Stories of a case as a whole: how it is registered, corrected, ended, stopped and reviewed.

mod ending;
mod import;
mod matrix;
mod recorded;
mod register;
mod roles;

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
fn masked(text: &str) -> String {
    let reference = regex::Regex::new(r"FU-\w{4}-\w{4}").unwrap();
    let letter = regex::Regex::new(r"LTR-\w+").unwrap();
    letter.replace_all(&reference.replace_all(text, "FU-XXXX-XXXX"), "LTR-X").into_owned()
}

/// What was sent since `mark`, the reports of every week apart.
fn since(office: &Office, mark: usize) -> String {
    let lines = office.since(mark);
    lines.into_iter().filter(|line| !line.contains("_report ")).collect::<Vec<_>>().join("\n")
}
