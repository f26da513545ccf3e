//! `followupd score`: totals and colour of a filled self-assessment.

use crate::config::{self, AssessmentRules};
use crate::core::assessment::score;
use crate::message::form_file;
use anyhow::{Context, Result};
use clap::Args;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The exit code where a file cannot be opened or is no form.
const CANNOT_READ: u8 = 3;

/// More than any form; what is longer is refused by its size alone.
const READ_LIMIT: u64 = 64 * 1024 * 1024;

/// Totals and colour of a filled self-assessment.
#[derive(Debug, Args)]
pub struct ScoreArgs {
    /// The filled form: text (also quoted in a mail), CSV, XLSX or DOCX; "-" reads standard input.
    pub file: PathBuf,
}

/// Prints one JSON object; 0 whenever the file could be read (also RED or INVALID), else 3.
///
/// Criteria and rule are those of the configuration, where there is one (`main` as `config::find_main` takes it),
/// else those of the release. A configuration whose criteria do not hold is refused: a colour under another set
/// would be a wrong one.
pub fn run(args: &ScoreArgs, main: Option<&Path>, environment: impl Iterator<Item = (String, String)>) -> u8 {
    let rules = match config::assessment_rules(main, environment) {
        Ok(rules) => rules,
        Err(faults) => {
            faults.iter().for_each(|fault| eprintln!("{fault}"));
            return CANNOT_READ;
        }
    };
    match scored(&args.file, &rules) {
        Ok(json) => {
            say!("{json}");
            0
        }
        Err(error) => {
            eprintln!("{error:#}");
            CANNOT_READ
        }
    }
}

fn scored(file: &Path, rules: &AssessmentRules) -> Result<String> {
    let bytes = bytes_of(file).with_context(|| format!("Cannot open {}", file.display()))?;
    let name = file.file_name().map(|name| name.to_string_lossy());
    let form = form_file::read(&bytes, name.as_deref()).with_context(|| format!("Cannot read {}", file.display()))?;
    let AssessmentRules { criteria, rule } = rules;
    let score = score(criteria, &form.answers(criteria), *rule);
    serde_json::to_string(&score).context("Cannot write the result")
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
        scored(&file, &AssessmentRules::shipped())
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
        assert_eq!(run(&args, Some(&reference()), std::iter::empty()), CANNOT_READ);
    }

    fn reference() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("config/followupd.toml")
    }

    #[test]
    fn the_criteria_of_the_configuration_count_and_its_secrets_do_not() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let main = write("followupd.toml", "[secrets]\ntoken_key = { env = \"NOT_SET\" }\n");
        let row = "[[criterion]]\nnumber = 1\nimportance = \"essential\"\ntext = \"A?\"\n";
        write("assessment.toml", &format!("[assessment]\nmet = \"yes\"\n{row}"));
        let rules = config::assessment_rules(Some(&main), std::iter::empty()).unwrap();
        let form = write("form.csv", "question,answer,comment\n1,Emerging,ok\n");
        let json = scored(&form, &rules).unwrap();
        assert!(json.contains(r#""emerging":1"#) && json.contains(r#""rag":"RED","rag_other_met":"AMBER""#), "{json}");

        write("assessment.toml", &format!("{row}{row}"));
        assert_eq!(run(&ScoreArgs { file: form }, Some(&main), std::iter::empty()), CANNOT_READ);
    }
}
