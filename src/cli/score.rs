//! `followupd score`: totals and colour of a filled self-assessment.

use crate::core::assessment::{Answers, Criteria, Majority, Met, Rule, form, score};
use crate::message::form_file::{self, FormFile};
use anyhow::{Context, Result};
use clap::Args;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Printed where a file cannot be opened or is no form.
const CANNOT_READ: u8 = 3;

/// More than any form; what is longer is refused by its size alone.
const READ_LIMIT: u64 = 64 * 1024 * 1024;

/// Totals and colour of a filled self-assessment.
#[derive(Debug, Args)]
pub struct ScoreArgs {
    /// The filled form: text (also quoted in a mail), CSV or XLSX; "-" reads standard input.
    pub file: PathBuf,
}

/// Prints one JSON object; 0 whenever the file could be read (also RED or INVALID), else 3.
pub fn run(args: &ScoreArgs, criteria: &Criteria, met: Met, majority: Majority) -> u8 {
    match scored(&args.file, criteria, Rule { met, majority }) {
        Ok(json) => {
            println!("{json}");
            0
        }
        Err(error) => {
            eprintln!("{error:#}");
            CANNOT_READ
        }
    }
}

fn scored(file: &Path, criteria: &Criteria, rule: Rule) -> Result<String> {
    let bytes = bytes_of(file).with_context(|| format!("Cannot open {}", file.display()))?;
    let name = file.file_name().map(|name| name.to_string_lossy());
    let form = form_file::read(&bytes, name.as_deref()).with_context(|| format!("Cannot read {}", file.display()))?;
    let score = score(criteria, &answers(&form, criteria), rule);
    serde_json::to_string(&score).context("Cannot write the result")
}

fn answers(form: &FormFile, criteria: &Criteria) -> Answers {
    match form {
        FormFile::Text(text) => form::read_text(text, criteria),
        FormFile::Tables(tables) => form::read_tables(tables, criteria),
    }
}

fn bytes_of(file: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if file == Path::new("-") {
        std::io::stdin().lock().take(READ_LIMIT).read_to_end(&mut bytes)?;
    } else {
        File::open(file)?.take(READ_LIMIT).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score_of(name: &str, content: &[u8]) -> Result<String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(name);
        std::fs::write(&file, content).unwrap();
        scored(&file, &Criteria::shipped(), Rule::default())
    }

    #[test]
    fn the_result_is_one_object_with_exactly_the_fields_of_the_contract() {
        let rows: String = (1..=22).map(|n| format!("Q{n:02},Yes,ok\n")).collect();
        let csv = format!("question,answer,comment\n{rows}23,E,\n24,No,\n");
        assert_eq!(
            score_of("form.csv", csv.as_bytes()).unwrap(),
            r#"{"yes":22,"emerging":0,"no":0,"blank":0,"invalid":[{"question":23,"text":"E"},{"question":24,"text":"No"}],"rag":"INVALID","rag_other_met":"INVALID","because":"The answers to criteria 23 and 24 cannot be counted; anything from RED to GREEN is still possible.","range":["RED","GREEN"]}"#
        );
        assert_eq!(
            score_of("form.txt", format!("> {}", rows.replace(",Yes,ok", ": Yes")).as_bytes()).unwrap(),
            r#"{"yes":22,"emerging":0,"no":0,"blank":1,"invalid":[],"rag":"INCOMPLETE","rag_other_met":"INCOMPLETE","because":"Criterion 23 is not answered yet; anything from RED to GREEN is still possible.","range":["RED","GREEN"]}"#
        );
    }

    #[test]
    fn a_file_without_answers_is_incomplete_and_one_that_is_no_form_cannot_be_read() {
        let empty = score_of("notes.txt", b"Nothing to see here.").unwrap();
        assert!(empty.contains(r#""blank":23"#) && empty.contains(r#""rag":"INCOMPLETE""#), "{empty}");
        assert!(
            score_of("form.pdf", b"%PDF-1.4")
                .unwrap_err()
                .chain()
                .any(|e| e.to_string().contains("please use the form"))
        );
        let args = ScoreArgs { file: PathBuf::from("no such folder/form.csv") };
        assert_eq!(run(&args, &Criteria::shipped(), Met::default(), Majority::default()), CANNOT_READ);
    }
}
