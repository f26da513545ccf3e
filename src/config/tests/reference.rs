//! The shipped files against the schema: the reference file is the schema written out.

use super::{Office, shipped};
use crate::config::AssessmentRules;
use crate::config::schema::{Key, Preset, SECTIONS, keys};
use toml::Value;

const HEAD: &str = "\
# Every key of followupd, each with its meaning and its default. The short way to begin is starter.toml.
#
# A line without # is in force; what it says is the default, unless the comment calls it an example.
# A line that begins with # and no space is a key that is off, or that stands in another file:
# holidays.toml, directory.toml and assessment.toml beside this one, or config.d/*.toml. Each key is set once.
# In the environment `windows.clarification` is FOLLOWUPD__WINDOWS__CLARIFICATION, which wins over the files.
# Dates are 2026-12-29, hours \"08:00\", secrets { file = … }, { env = … } or { credential = … }.
# `followupd check --offline` reads everything and names every fault.
";

/// The file in which a key is shipped in force.
fn home(key: &Key) -> &'static str {
    match key.path {
        "calendar.extra_closed" | "calendar.not_closed" | "calendar.years" | "calendar.verified_to" => "holidays.toml",
        path if ["assessment.", "criterion[]", "provider[]"].iter().any(|s| path.starts_with(s)) => "assessment.toml",
        path if path.contains("[]") => "directory.toml",
        _ => "followupd.toml",
    }
}

fn reference() -> String {
    let mut text = HEAD.to_owned();
    for (section, meaning) in SECTIONS {
        let keys: Vec<&Key> = keys().filter(|key| key.section() == *section).collect();
        let elsewhere = keys.iter().all(|key| home(key) != "followupd.toml");
        let note = if elsewhere { format!(" It stands in {}.", home(keys[0])) } else { String::new() };
        text += &format!("\n# {meaning}{note}\n{}{}\n", if elsewhere { "#" } else { "" }, heading(section));
        text.extend(keys.into_iter().map(|key| entry(key, elsewhere)));
    }
    text
}

fn heading(section: &str) -> String {
    let name = section.replace("[]", "");
    if section.contains("[]") { format!("[[{name}]]") } else { format!("[{name}]") }
}

fn entry(key: &Key, section_is_elsewhere: bool) -> String {
    let elsewhere = home(key) != "followupd.toml";
    let note = match key.preset {
        _ if elsewhere && !section_is_elsewhere => format!(" In {}.", home(key)),
        Preset::Required(_) if !elsewhere => " Has to be set; an example.".to_owned(),
        Preset::Shown(_) => " An example.".to_owned(),
        Preset::Required(_) | Preset::Off(_) | Preset::Is(_) => String::new(),
    };
    let meaning: String = format!("{}{note}", key.meaning).lines().map(|line| format!("# {line}\n")).collect();
    let off = elsewhere || matches!(key.preset, Preset::Off(_));
    format!("{meaning}{}{} = {}\n", if off { "#" } else { "" }, key.name(), key.preset.example())
}

#[test]
fn the_reference_file_is_the_schema_written_out() {
    if std::env::var_os("FOLLOWUPD_WRITE_REFERENCE").is_some() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("config/followupd.toml");
        std::fs::write(path, reference()).unwrap();
    }
    let hint = "run this test with FOLLOWUPD_WRITE_REFERENCE=1 to write config/followupd.toml anew";
    assert!(shipped("followupd.toml") == reference(), "{hint}");
}

#[test]
fn every_section_is_described() {
    for key in keys() {
        assert!(SECTIONS.iter().any(|(section, _)| *section == key.section()), "{}", key.path);
    }
}

#[test]
fn every_default_and_every_example_has_the_form_of_its_key() {
    for key in keys() {
        let mut complaints = Vec::new();
        let value = toml::de::DeValue::parse(key.preset.example()).unwrap();
        assert!(key.form.accept(&value, &mut complaints).is_some(), "{}: {complaints:?}", key.path);
    }
}

#[test]
fn the_keys_stay_few() {
    let keys = keys().filter(|key| !key.is_in_row()).count();
    assert!(keys <= 109, "{keys} keys: does somebody need another one?");
}

/// All keys of a table with their values; `[]` for tables of which there may be several.
fn leaves(table: &toml::Table, prefix: &str, found: &mut Vec<(String, Value)>) {
    for (name, value) in table {
        let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        match value {
            Value::Table(inner) if !keys().any(|key| key.path == path) => leaves(inner, &path, found),
            Value::Array(rows) if keys().any(|key| key.path.starts_with(&format!("{path}[]"))) => {
                rows.iter().for_each(|row| leaves(row.as_table().unwrap(), &format!("{path}[]"), found));
            }
            Value::Table(_) | Value::Array(_) | Value::String(_) | Value::Integer(_) => {
                found.push((path, value.clone()))
            }
            Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) => found.push((path, value.clone())),
        }
    }
}

fn keys_of(file: &str) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    leaves(&shipped(file).parse().unwrap(), "", &mut found);
    found
}

/// Rows that are shipped as comments: mail would go to whom they name.
const OFFERED: [&str; 2] = ["one_sender[]", "provider[]"];

/// A shipped file with the rows and keys switched on that it only shows.
fn switched_on(name: &str) -> String {
    let is_shown = |line: &str| line.starts_with("# [[") || line.split_once(" = ").is_some_and(|(key, _)| is_key(key));
    let lines = shipped(name);
    lines.lines().map(|line| if is_shown(line) { &line[2..] } else { line }.to_owned() + "\n").collect()
}

fn is_key(text: &str) -> bool {
    text.strip_prefix("# ").is_some_and(|key| key.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
}

#[test]
fn what_the_shipped_files_only_show_holds_when_it_is_switched_on() {
    let office = Office::with(&shipped("followupd.toml"));
    office.write("holidays.toml", &shipped("holidays.toml"));
    for name in ["directory.toml", "assessment.toml"] {
        office.write(name, &switched_on(name));
    }
    let (settings, warnings) = office.load_with(&[]).map_err(|faults| office.told(&faults)).unwrap();
    assert_eq!(office.told(&warnings), "");
    assert_eq!(settings.directory.providers.len(), 1);
    assert!(settings.directory.icb_lead.is_some());
    assert_eq!(settings.sections.one_sender.len(), 1);
}

#[test]
fn every_key_that_is_on_is_shipped_with_its_default() {
    for key in keys() {
        let shipped = keys_of(home(key)).into_iter().find(|(path, _)| path == key.path);
        match (key.preset, shipped) {
            (Preset::Is(default), Some((_, value))) if !key.is_in_row() => {
                let wanted = format!("v = {default}").parse::<toml::Table>().unwrap()["v"].clone();
                assert_eq!(value, wanted, "{}", key.path);
            }
            (Preset::Off(_), _) | (_, Some(_)) => {}
            (Preset::Required(_) | Preset::Shown(_) | Preset::Is(_), None) => {
                let is_shown = OFFERED.iter().any(|row| key.path.starts_with(row));
                assert!(is_shown, "{} is not in {}", key.path, home(key));
            }
        }
    }
}

#[test]
fn the_shipped_files_load_together() {
    let office = Office::with(&shipped("followupd.toml"));
    for name in ["holidays.toml", "directory.toml", "assessment.toml"] {
        office.write(name, &shipped(name));
    }
    let (settings, warnings) = office.load_with(&[]).map_err(|faults| office.told(&faults)).unwrap();
    assert_eq!(office.told(&warnings), "");
    assert!(!settings.directory.coordinators.is_empty());
    assert_eq!(settings.assessment, AssessmentRules::shipped());
    assert_eq!(settings.sections.criterion.len(), 23);
    assert!(!settings.policy.calendar.is_working(chrono::NaiveDate::from_ymd_opt(2026, 12, 28).unwrap()));
}

#[test]
fn the_reference_file_loads_by_itself() {
    Office::with(&shipped("followupd.toml")).settings(&[]);
}

#[test]
fn the_starter_has_at_most_fifteen_keys_and_holds() {
    assert!(keys_of("starter.toml").len() <= 15, "{:?}", keys_of("starter.toml"));
    let office = Office::with("");
    let token_key = office.write("token_key", "0123456789abcdef0123456789abcdef\n");
    let password = office.write("password", "hunter2\n");
    for file in [&token_key, &password] {
        std::fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    }
    office.write("followupd.toml", &shipped("starter.toml"));
    let file = |path: &std::path::Path| path.display().to_string();
    let (_, warnings) = office
        .load_with(&[
            ("FOLLOWUPD__SECRETS__TOKEN_KEY__FILE", &file(&token_key)),
            ("FOLLOWUPD__SECRETS__MAILBOX_PASSWORD__FILE", &file(&password)),
            ("FOLLOWUPD__SECRETS__OUTBOUND_PASSWORD__FILE", &file(&password)),
        ])
        .map_err(|faults| office.told(&faults))
        .unwrap();
    insta::assert_snapshot!(office.told(&warnings), @r#"config/followupd.toml:38: warning: service[0].fallback_manager: Community Paediatrics has no line manager for advisers without one of their own; write `fallback_manager = "…"`"#);
}

#[test]
fn the_holidays_run_out_with_a_warning_twelve_months_before() {
    let office = Office::with(super::GOOD);
    let settings = office.settings(&[]);
    let on = |text: &str| office.told(&settings.warnings_on(text.parse().unwrap()));
    assert_eq!(on("2027-12-31"), "");
    insta::assert_snapshot!(on("2028-01-01"), @"config/followupd.toml: warning: calendar.verified_to: the holidays are verified up to 2028-12-31 only, less than twelve months from now; hold them against the published list, add what is missing, and raise verified_to");
}
