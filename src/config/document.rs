//! Walks one TOML file along the schema: every unknown key and every ill-formed value, each with its line.
//!
//! Nothing is read with `Deserialize` here: that ends at the first fault, and operators want all of them.

use super::fault::{Fault, Place, Severity};
use super::form::{Complaint, nearest};
use super::layers::{Gathered, is_row};
use super::schema::{self, Key, retired};
use std::borrow::Cow;
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A file that is being walked.
pub(super) struct Document<'a> {
    file: PathBuf,
    text: &'a str,
    /// Where each line ends.
    line_ends: Vec<usize>,
}

/// The name of an entry, with its place.
type Name<'a> = Spanned<Cow<'a, str>>;

/// Where the walk is: the names in the schema and in the file.
#[derive(Clone)]
struct At {
    schema: String,
    path: String,
}

impl<'a> Document<'a> {
    /// Takes the text of a file.
    pub fn new(file: &Path, text: &'a str) -> Self {
        let line_ends = text.match_indices('\n').map(|(end, _)| end).collect();
        Self { file: file.to_path_buf(), text, line_ends }
    }

    /// Walks the file into `gathered`; false when it is no TOML, so that what is missing means nothing.
    pub fn walk(&self, gathered: &mut Gathered) -> bool {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        if errors.is_empty() {
            self.table(table.get_ref(), &At { schema: String::new(), path: String::new() }, gathered);
            return true;
        }
        let mut faults: Vec<Fault> = errors.iter().map(|error| self.syntax_fault(error)).collect();
        faults.dedup_by(|a, b| a.line == b.line);
        gathered.faults.append(&mut faults);
        false
    }

    fn syntax_fault(&self, error: &toml::de::Error) -> Fault {
        let reason = error.message().lines().collect::<Vec<_>>().join(", ");
        let what = format!("this line is not TOML ({reason})");
        let remedy = "mend it first: text stands in quotes, dates and numbers do not; most other checks wait for it";
        let place = error.span().map_or_else(|| Place::file(&self.file), |span| self.place(&span));
        place.fault(Severity::Error, "", what, remedy)
    }

    fn table(&self, table: &DeTable<'_>, at: &At, gathered: &mut Gathered) {
        for (name, value) in table {
            self.entry(name, value, &at.below(name.get_ref()), gathered);
        }
    }

    fn entry(&self, name: &Name<'_>, value: &Spanned<DeValue<'_>>, at: &At, gathered: &mut Gathered) {
        let place = self.place(&name.span());
        if let Some(warning) = retired::warning(&at.schema, &at.path, &place) {
            gathered.faults.push(warning);
            return;
        }
        let (table, rows) = (value.get_ref().as_table(), value.get_ref().as_array());
        let (what, remedy) = match (schema::key(&at.schema), schema::is_section(&at.schema), is_row(&at.schema)) {
            (Some(key), _, _) => return self.value(key, value, at, &place, gathered),
            (None, true, _) => match table {
                Some(table) => return self.table(table, at, gathered),
                None => ("this is a section, not a key", format!("write [{}]", at.heading())),
            },
            (None, false, true) => match rows {
                Some(rows) => return self.rows(rows, at, &place, gathered),
                None if table.is_some() => {
                    ("there may be several of these, so two brackets are needed", format!("write [[{}]]", at.heading()))
                }
                None => ("this is a table, not a key", format!("write [[{}]]", at.heading())),
            },
            (None, false, false) => ("is unknown", unknown_remedy(at)),
        };
        gathered.faults.push(place.fault(Severity::Error, &at.path, what, remedy));
    }

    fn rows(&self, rows: &[Spanned<DeValue<'_>>], at: &At, place: &Place, gathered: &mut Gathered) {
        for row in rows {
            let DeValue::Table(table) = row.get_ref() else {
                let what = "holds something that is no table";
                let remedy = format!("write each entry under [[{}]]", at.heading());
                gathered.faults.push(place.fault(Severity::Error, &at.path, what, remedy));
                continue;
            };
            let schema = format!("{}[]", at.schema);
            let parent = at.path.rsplit_once('.').map_or("", |(parent, _)| parent);
            let path = gathered.take_row(&schema, parent, self.place(&row.span()));
            self.table(table, &At { schema, path }, gathered);
        }
    }

    fn value(&self, key: &Key, value: &Spanned<DeValue<'_>>, at: &At, place: &Place, gathered: &mut Gathered) {
        if let Some(other) = gathered.place(&at.path) {
            let line = other.line.map(|line| format!(":{line}")).unwrap_or_default();
            let what = format!("is also set in {}{line}", other.file.display());
            gathered.faults.push(place.fault(Severity::Error, &at.path, what, "keep one of the two"));
            return;
        }
        let mut complaints = Vec::new();
        let accepted = key.form.accept(value, &mut complaints);
        for complaint in complaints {
            let place = self.place(&complaint.at);
            gathered.faults.push(complaint.into_fault(key, &at.path, &place));
        }
        gathered.take(&at.path, place.clone(), accepted);
    }

    fn place(&self, span: &Range<usize>) -> Place {
        let line = self.line_ends.partition_point(|&end| end < span.start) + 1;
        Place { file: self.file.clone(), line: Some(line) }
    }
}

impl Complaint {
    /// The complaint as a fault, with an example where it names no remedy of its own.
    pub(super) fn into_fault(self, key: &Key, path: &str, place: &Place) -> Fault {
        let usual = || format!("write {}, as in `{} = {}`", key.form.wanted(), key.name(), key.preset.example());
        place.fault(Severity::Error, path, self.what, self.remedy.unwrap_or_else(usual))
    }
}

impl At {
    fn below(&self, name: &str) -> Self {
        let join = |front: &str| if front.is_empty() { name.to_owned() } else { format!("{front}.{name}") };
        Self { schema: join(&self.schema), path: join(&self.path) }
    }

    /// The heading as TOML writes it: `service.adviser`.
    fn heading(&self) -> String {
        self.schema.replace("[]", "")
    }
}

/// What somebody may have meant: a name that is spelt alike, or the section to which the name belongs.
fn unknown_remedy(at: &At) -> String {
    let (section, name) = at.schema.rsplit_once('.').unwrap_or(("", &at.schema));
    let known = schema::names_under(section);
    if let Some(word) = nearest(name, &known) {
        return format!("did you mean `{word}`?");
    }
    if name.contains("password") || name.contains("secret") {
        return "secrets stand under [secrets], as { file = … }, { env = … } or { credential = … }".into();
    }
    let homes: Vec<String> = schema::keys().filter(|key| key.name() == name).map(Key::heading).collect();
    if !homes.is_empty() {
        return format!("it belongs under {}", homes.join(" or "));
    }
    if known.len() > 12 {
        return "remove it; config/followupd.toml of the release names every key".into();
    }
    format!("known here: {}", known.join(", "))
}
