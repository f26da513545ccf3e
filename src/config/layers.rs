//! Lays the values of files and environment over one another, with the `config` crate, and knows for each
//! where it came from. Says nothing of what the values mean.

use super::fault::{Fault, Place, Severity};
use super::schema::{self, Key, Preset};
use super::sections::Sections;
use config::{Config, ConfigError, Map, Source, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use toml::de::DeValue;

/// A table of which there may be several: `coordinator[2]`.
#[derive(Debug)]
pub(super) struct Row {
    /// Its name with its number.
    pub path: String,
    /// Its name in the schema: `coordinator[]`.
    pub schema: String,
    /// Where its heading stands.
    pub place: Place,
}

impl Row {
    /// Whether the key belongs here; a row without a name stands for the top of the files.
    fn holds(&self, key: &Key) -> bool {
        if self.schema.is_empty() { !key.is_in_row() } else { key.section() == self.schema }
    }

    fn path_of(&self, key: &Key) -> String {
        if self.path.is_empty() { key.path.to_owned() } else { format!("{}.{}", self.path, key.name()) }
    }
}

/// Everything that was read, with what was wrong in it.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// Values by path, later ones over earlier ones.
    layers: Vec<Layer>,
    /// Where each value stands, the sound and the spoiled.
    places: BTreeMap<String, Place>,
    /// Values that could not be used.
    spoiled: BTreeSet<String>,
    /// All tables of which there may be several.
    rows: Vec<Row>,
    /// How many of them there are by name, over all files.
    counts: BTreeMap<String, usize>,
    /// What was wrong.
    pub faults: Vec<Fault>,
}

/// The values of one source, by path.
#[derive(Debug, Clone, Default)]
pub(super) struct Layer(Map<String, Value>);

impl Source for Layer {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        Ok(self.0.clone())
    }
}

impl Gathered {
    /// Begins the values of another source, which go over those before.
    pub fn begin_layer(&mut self) {
        self.layers.push(Layer::default());
    }

    /// Takes a value, or the place of one that cannot be used.
    pub fn take(&mut self, path: &str, place: Place, value: Option<Value>) {
        self.places.insert(path.to_owned(), place);
        match (value, self.layers.last_mut()) {
            (Some(value), Some(layer)) => {
                self.spoiled.remove(path);
                layer.0.insert(path.to_owned(), value);
            }
            (Some(_) | None, _) => {
                self.spoiled.insert(path.to_owned());
            }
        }
    }

    /// Takes a row and gives its path.
    pub fn take_row(&mut self, schema: &str, parent: &str, place: Place) -> String {
        let name = schema.trim_end_matches("[]").rsplit('.').next().unwrap_or(schema);
        let table = if parent.is_empty() { name.to_owned() } else { format!("{parent}.{name}") };
        let count = self.counts.entry(table.clone()).or_default();
        let path = format!("{table}[{count}]");
        *count += 1;
        self.rows.push(Row { path: path.clone(), schema: schema.to_owned(), place });
        path
    }

    /// Where a value stands.
    pub fn place(&self, path: &str) -> Option<&Place> {
        self.places.get(path)
    }

    /// Where a value stands, else where the row stands to which it belongs.
    pub fn place_or_row(&self, path: &str) -> Option<Place> {
        let row = path.rsplit_once('.').map_or(path, |(row, _)| row);
        let of_row = || self.rows.iter().find(|r| r.path == row || r.path == path).map(|r| r.place.clone());
        self.places.get(path).cloned().or_else(of_row)
    }

    /// Whether somebody has given this value and it can be used; what follows from a spoiled one is no fault
    /// of its own.
    pub fn is_sound(&self, path: &str) -> bool {
        self.places.contains_key(path) && !self.spoiled.contains(path)
    }

    /// Whether the value was given in a way that cannot be used.
    pub fn is_spoiled(&self, path: &str) -> bool {
        self.spoiled.contains(path)
    }

    /// Notes each key that has to be set and is not.
    pub fn note_missing(&mut self, main: &Path) {
        let required = |key: &&Key| matches!(key.preset, Preset::Required(_));
        let main = Row { path: String::new(), schema: String::new(), place: Place::file(main) };
        let mut faults = Vec::new();
        for row in self.rows.iter().chain([&main]) {
            for key in schema::keys().filter(required).filter(|key| row.holds(key)) {
                let path = row.path_of(key);
                if !self.places.contains_key(&path) {
                    faults.push(row.place.fault(Severity::Error, &path, "is missing", remedy_for_missing(key)));
                }
            }
        }
        self.faults.append(&mut faults);
    }

    /// The values in force. A required key that is missing or spoiled stands there with its example, so that
    /// everything else can still be looked at; `Gathered::faults` tells of it.
    pub fn merged(&self) -> Result<Config, ConfigError> {
        let mut builder = Config::builder().add_source(self.defaults());
        for layer in &self.layers {
            builder = builder.add_source(layer.clone());
        }
        builder.build()
    }

    fn defaults(&self) -> Layer {
        let mut layer = Layer::default();
        for key in schema::keys().filter(|key| !key.is_in_row()) {
            layer.preset(key, key.path.to_owned());
        }
        for row in &self.rows {
            for key in schema::keys().filter(|key| row.holds(key)) {
                layer.preset(key, row.path_of(key));
            }
        }
        layer
    }
}

impl Layer {
    fn preset(&mut self, key: &Key, path: String) {
        let (Preset::Required(text) | Preset::Is(text)) = key.preset else { return };
        let value = DeValue::parse(text).ok().and_then(|value| key.form.accept(&value, &mut Vec::new()));
        if let Some(value) = value {
            self.0.insert(path, value);
        }
    }
}

/// Addresses of servers are described: their example is a Maildir, with which a service would run and see nothing.
fn remedy_for_missing(key: &Key) -> String {
    let heading = if key.is_in_row() { String::new() } else { format!(" under {}", key.heading()) };
    match key.form.remedy() {
        Some(remedy) => format!("set `{} = \"…\"`{heading}: {remedy}", key.name()),
        None => format!("write `{} = {}`{heading}", key.name(), key.preset.example()),
    }
}

/// Reads the merged values into their types.
pub(super) fn typed(merged: &Config) -> Result<Sections, ConfigError> {
    merged.clone().try_deserialize()
}

/// Whether several tables of this name may stand in a file.
pub(super) fn is_row(path: &str) -> bool {
    schema::is_section(&format!("{path}[]"))
}
