//! Fields: on lines of their own below a verb, or behind it on its line.

use super::*;

/// Labels of signatures and mail headers, which end what is read instead of being asked about.
const NOT_OURS: &[&str] = &[
    "TEL",
    "TELEPHONE",
    "PHONE",
    "MOB",
    "MOBILE",
    "FAX",
    "EMAIL",
    "E",
    "T",
    "M",
    "W",
    "D",
    "WEB",
    "WEBSITE",
    "ADDRESS",
    "DIRECT",
    "DIRECTDIAL",
    "OFFICE",
    "HOURS",
    "WORKINGDAYS",
    "WORKINGHOURS",
    "SENT",
    "DATE",
    "SUBJECT",
    "CC",
    "BCC",
    "HTTP",
    "HTTPS",
    "PS",
    "NB",
];

/// The declared fields behind a verb on its own line: "CLOSE Reason: all answered", "EXTEND By: 3 Reason: clinic".
pub(super) fn inline(verb: Verb, text: &str) -> Vec<(Field, &str)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, field, value)) = first_field(verb, rest) {
        let next = if field.is_free_text() { None } else { first_field(verb, value) };
        found.push((field, value.get(..next.map_or(value.len(), |(at, ..)| at)).unwrap_or(value).trim()));
        let Some((at, ..)) = next else { break };
        rest = value.get(at..).unwrap_or("");
    }
    found
}

/// The first declared field in a text: where its name begins, the field, and what stands behind the colon.
pub(super) fn first_field(verb: Verb, text: &str) -> Option<(usize, Field, &str)> {
    text.match_indices(':').find_map(|(colon, _)| {
        let (before, value) = (text.get(..colon)?, text.get(colon + 1..)?);
        label_starts(before).find_map(|start| {
            let field = Field::read(before.get(start..)?)?;
            verb.value_of(field).map(|_| (start, field, value))
        })
    })
}

/// Where the last three words of a text begin, longest name first; a name is never longer than that.
fn label_starts(before: &str) -> impl Iterator<Item = usize> {
    const LONGEST_LABEL: usize = 40;
    let from = before.char_indices().rev().nth(LONGEST_LABEL).map_or(0, |(at, _)| at);
    let tail = before.get(from..).unwrap_or("");
    let mut starts: Vec<usize> = Vec::new();
    let mut inside = from > 0;
    for (at, c) in tail.char_indices() {
        if !inside && !c.is_whitespace() {
            starts.push(from + at);
        }
        inside = !c.is_whitespace();
    }
    let skipped = starts.len().saturating_sub(3);
    starts.into_iter().skip(skipped)
}

impl Reader<'_> {
    /// Takes a line `Name: value` whose name is a field; `None` when it is something else.
    pub(super) fn field_line(&mut self, text: &str, raw: &str, rest: &[&str]) -> Option<Flow> {
        let (label, value) = text.split_once(':')?;
        let field = Field::read(label)?;
        let last = self.last_draft()?;
        let declaring = self.items.iter().rposition(|item| match item {
            Item::Draft(draft) => draft.command.verb.value_of(field).is_some(),
            Item::Refused(_) => false,
        });
        self.open = Open::Nothing;
        let Some(item) = declaring else {
            self.fault(last, |verb| RefusalReason::UnknownField {
                verb,
                written: label.trim().to_owned(),
                did_you_mean: None,
            });
            return Some(Flow::On);
        };
        // The words of a text stay as they were typed.
        let typed = if field == Field::Text {
            raw.split_once([':', '\u{ff1a}']).map_or(value, |(_, typed)| typed)
        } else {
            value
        };
        Some(self.set(item, field, typed, rest))
    }

    /// A line `Name: value` directly below a verb that has no such field: asked about, for what was meant is lost
    /// otherwise. `None` when the line does not look like a field.
    pub(super) fn unknown_field(&mut self, text: &str) -> Option<()> {
        const LONGEST_LABEL: usize = 24;
        let (label, _) = text.split_once(':')?;
        let last = self.last_draft().filter(|_| !self.apart)?;
        let alphabetic = label.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '*' | '\''));
        let short = label.split_whitespace().count() <= 3 && label.len() <= LONGEST_LABEL;
        if !alphabetic || !short || NOT_OURS.contains(&key(label).as_str()) {
            return None;
        }
        let written = label.trim().to_owned();
        self.fault(last, |verb| RefusalReason::UnknownField {
            verb,
            did_you_mean: suggest::field(verb, &written),
            written,
        });
        Some(())
    }

    /// Gives a field of an item its value. `Text:` takes everything to the end.
    pub(super) fn set(&mut self, item: usize, field: Field, written: &str, rest: &[&str]) -> Flow {
        let written = written.trim().trim_end_matches('*').trim_start_matches('*').trim();
        if field == Field::Text {
            self.set_text(item, written, rest);
            return Flow::End;
        }
        if field == Field::Reason {
            if !written.is_empty() {
                self.append(item, written);
            }
            self.open = Open::Text { item, wrapped: true };
            return Flow::On;
        }
        let today = self.context.today;
        let Some(Item::Draft(draft)) = self.items.get_mut(item) else { return Flow::On };
        let Some(value) = draft.command.verb.value_of(field) else { return Flow::On };
        match read_value(field, value, written, today) {
            Ok(read) if value != Value::Words && draft.command.field(field).is_some_and(|other| other != read) => {
                draft.faults.push(RefusalReason::TwoValues { field });
            }
            Ok(read) => draft.command.fields.push((field, read)),
            Err(RefusalReason::EmptyField { field }) => draft.command.fields.push((field, String::new())),
            Err(why) => draft.faults.push(why),
        }
        if value == Value::Words && (written.is_empty() || written.ends_with([',', ';'])) {
            self.open = Open::Value { item };
        }
        Flow::On
    }

    /// The rest of a value that a mail program broke, or that begins on the next line.
    pub(super) fn continue_value(&mut self, item: usize, text: &str) {
        self.open = if text.ends_with([',', ';']) { Open::Value { item } } else { Open::Nothing };
        let Some(Item::Draft(draft)) = self.items.get_mut(item) else { return };
        if let Some((_, value)) = draft.command.fields.last_mut() {
            let joined = format!("{value} {text}");
            *value = joined.trim().to_owned();
        }
    }

    /// A field below running text would be lost, and its command carried out without it.
    pub(super) fn refuse_field_below_prose(&mut self, text: &str) {
        let Some(field) = text.split_once(':').and_then(|(label, _)| Field::read(label)) else { return };
        let Some(last) = self.last_draft() else { return };
        let declared = matches!(self.items.get(last), Some(Item::Draft(d)) if d.command.verb.value_of(field).is_some());
        if declared {
            self.fault(last, |_| RefusalReason::FieldBelowProse { field });
        }
    }

    fn set_text(&mut self, item: usize, first: &str, rest: &[&str]) {
        let mut lines = vec![first];
        let mut inside = None;
        for (at, raw) in rest.iter().enumerate() {
            let plain = line::plain(raw);
            if is_border(&plain, rest.get(at + 1..).unwrap_or_default()) {
                break;
            }
            let text = line::without_bullet(&plain);
            let numbered = self.context.numbered.has_numbers() && !take_numbers(text).0.is_empty();
            if numbered && matches!(self.classify(text, raw), Line::Command(_)) {
                inside = inside.or(Some(raw.trim().to_owned()));
            }
            lines.push(raw.trim_end());
        }
        let text = lines.join("\n").trim().to_owned();
        let Some(Item::Draft(draft)) = self.items.get_mut(item) else { return };
        match inside {
            Some(line) => draft.faults.push(RefusalReason::CommandInText { line }),
            None if text.is_empty() => draft.faults.push(RefusalReason::EmptyField { field: Field::Text }),
            None => add_text(&mut draft.command, &text),
        }
    }

    fn last_draft(&self) -> Option<usize> {
        self.items.iter().rposition(|item| matches!(item, Item::Draft(_)))
    }

    fn fault(&mut self, item: usize, why: impl FnOnce(Verb) -> RefusalReason) {
        if let Some(Item::Draft(draft)) = self.items.get_mut(item) {
            draft.faults.push(why(draft.command.verb));
        }
    }
}
