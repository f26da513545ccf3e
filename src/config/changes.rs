//! What a reload has changed, key by key, for the log. Values that may name a person or a secret are left out.

use super::Settings;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// A key whose value in force has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedKey {
    /// `windows.clarification`, `service[2].name`.
    pub key: String,
    /// What it was; empty when it was not there.
    pub before: String,
    /// What it is; empty when it is not there.
    pub after: String,
}

impl Settings {
    /// The keys whose values differ from those of earlier settings.
    pub fn changes_since(&self, earlier: &Self) -> Vec<ChangedKey> {
        let keys: std::collections::BTreeSet<&String> = earlier.values.keys().chain(self.values.keys()).collect();
        let of = |values: &BTreeMap<String, String>, key: &str| values.get(key).cloned();
        keys.into_iter()
            .filter_map(|key| {
                let (before, after) = (of(&earlier.values, key), of(&self.values, key));
                let shown = |value: Option<String>| value.map_or_else(String::new, |value| fit_for_logs(key, value));
                (before != after).then(|| ChangedKey { key: key.clone(), before: shown(before), after: shown(after) })
            })
            .collect()
    }
}

/// Logs hold no addresses and no names; the file holds them.
fn fit_for_logs(key: &str, value: String) -> String {
    let in_a_row = ["coordinator[", "send_manager[", "service[", "provider[", "one_sender["];
    let personal = in_a_row.iter().any(|row| key.starts_with(row)) || value.contains('@') || key == "store.url";
    if personal || key.starts_with("secrets.") { "(not shown)".to_owned() } else { value }
}

/// Every value in force by its key.
pub(super) fn flat(merged: &::config::Config) -> BTreeMap<String, String> {
    let mut flat = BTreeMap::new();
    let whole: Value = merged.clone().try_deserialize().unwrap_or_default();
    flatten("", &whole, &mut flat);
    flat
}

fn flatten(path: &str, value: &Value, flat: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(table) => {
            for (name, value) in table {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                flatten(&path, value, flat);
            }
        }
        Value::Array(rows) if rows.iter().any(Value::is_object) => {
            for (number, row) in rows.iter().enumerate() {
                flatten(&format!("{path}[{}]", number + 1), row, flat);
            }
        }
        Value::Null => {}
        // It may hold a password: whether it has changed can be told without it.
        Value::String(url) if path == "store.url" => {
            let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(url));
            drop(flat.insert(path.to_owned(), digest));
        }
        Value::String(text) => drop(flat.insert(path.to_owned(), text.clone())),
        Value::Array(_) | Value::Bool(_) | Value::Number(_) => drop(flat.insert(path.to_owned(), value.to_string())),
    }
}
