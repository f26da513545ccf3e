//! What one line means: a verb with its object, something that was surely meant as one, or prose.

use super::super::date::{DateBias, read_date};
use super::super::field::read_working_days;
use super::*;

/// How a verb and a line met.
struct Met<'t> {
    verb: Verb,
    fit: Fit,
    head: &'t str,
    tokens: Vec<Token>,
    has_fields: bool,
}

impl Met<'_> {
    fn used(&self) -> usize {
        match &self.fit {
            Fit::Whole(found) => found.used,
            Fit::Begun { used } => *used,
        }
    }

    fn rank(&self) -> (bool, usize) {
        (matches!(self.fit, Fit::Whole(_)), self.used())
    }

    /// What stands behind the verb and its object.
    fn extra(&self) -> &str {
        let first = self.tokens.get(self.used());
        first.and_then(|token| self.head.get(token.start..)).unwrap_or("").trim()
    }
}

/// Words that change nothing.
const COURTESY: &[&str] = &["THANKS", "THANKYOU", "MANYTHANKS", "PLEASE", "PLS", "TA", "CHEERS", "THX"];

impl Reader<'_> {
    pub(super) fn classify(&self, text: &str, raw: &str) -> Line {
        if text.len() > LONGEST_LINE {
            return Line::Prose;
        }
        if let Some(asked) = after_please(text) {
            return self.asked_politely(asked, raw);
        }
        let (numbers, body) = take_numbers(text);
        let numbered = !numbers.is_empty() && self.context.numbered.has_numbers();
        let Some(met) = self.meet(body, numbers.is_empty()) else {
            return self.no_verb(body, numbered);
        };
        let (verb, extra) = (met.verb, met.extra().to_owned());
        let meant = numbered || self.is_meant(&met);
        let found = match &met.fit {
            Fit::Whole(found) => (**found).clone(),
            Fit::Begun { .. } if extra.is_empty() || meant => return Line::Refused(incomplete(&met, extra)),
            Fit::Begun { .. } => return Line::Prose,
        };
        let courtesy = COURTESY.contains(&key(&extra).as_str());
        let lines_named = !found.lines.is_empty() && self.context.numbered.has_numbers();
        let free_words = ((numbered || verb == Verb::Amend || self.is_of_the_one_line(&met))
            && !self.holds_another_line(&extra))
            || (lines_named && courtesy);
        if !extra.is_empty() && !free_words {
            return if meant || lines_named { Line::Refused(too_much(&met, extra)) } else { Line::Prose };
        }
        if !extra.is_empty() && !courtesy && verb != Verb::Amend && !verb.takes_free_words() {
            return Line::Refused(too_much(&met, extra));
        }
        let question = met.head.trim_end().ends_with('?') && !met.has_fields && !verb.only_asks();
        if extra.is_empty() && question {
            return Line::Refused(RefusalReason::Question { verb });
        }
        let mut draft = self.draft(verb, found, numbers, raw);
        if !courtesy {
            self.take_free_words(&mut draft, &extra);
        }
        Line::Command(Box::new(draft))
    }

    /// "Please close FU-…" has a word too many; it is asked about like one with a word too many behind it.
    fn asked_politely(&self, asked: &str, raw: &str) -> Line {
        match self.classify(asked, raw) {
            Line::Command(draft) => {
                let verb = draft.command.verb;
                Line::Refused(RefusalReason::ExtraWords { verb, words: "please".to_owned() })
            }
            other @ (Line::Refused(_) | Line::Prose) => other,
        }
    }

    /// The verb that explains most of the line.
    fn meet<'t>(&self, body: &'t str, numbers_may_follow: bool) -> Option<Met<'t>> {
        let numbers = if numbers_may_follow { LineNumbers::MayFollow } else { LineNumbers::StoodInFront };
        let all = tokens(body, self.context.ref_pattern);
        let first = all.first().filter(|token| token.kind == Kind::Word)?;
        let mut best: Option<Met<'t>> = None;
        for verb in Verb::ALL.iter().copied().filter(|verb| suggest::may_begin(*verb, &first.key)) {
            let field = fields::first_field(verb, body);
            let head = body.get(..field.map_or(body.len(), |(at, ..)| at)).unwrap_or(body);
            let tokens: Vec<Token> = all.iter().filter(|token| token.end <= head.len()).cloned().collect();
            let words = Words { text: head, tokens: &tokens, today: self.context.today };
            for fit in fits(verb, words, numbers) {
                let met = Met { verb, fit, head, tokens: tokens.clone(), has_fields: field.is_some() };
                if best.as_ref().is_none_or(|best| met.rank() > best.rank()) {
                    best = Some(met);
                }
            }
        }
        best
    }

    fn no_verb(&self, body: &str, numbered: bool) -> Line {
        let tokens = tokens(body, self.context.ref_pattern);
        match suggest::verb(&tokens, numbered) {
            Some(verb) => Line::Refused(RefusalReason::Unknown { did_you_mean: Some(verb) }),
            None if numbered || self.goes_on_with_references(&tokens) => {
                Line::Refused(RefusalReason::Unknown { did_you_mean: None })
            }
            None => Line::Prose,
        }
    }

    /// A second reference on a line of its own below a command: meant, but with no verb of its own.
    fn goes_on_with_references(&self, tokens: &[Token]) -> bool {
        let reference = |token: &Token| matches!(token.kind, Kind::Case(_) | Kind::FollowUp(_) | Kind::Misread);
        !self.items.is_empty() && !tokens.is_empty() && tokens.iter().all(reference)
    }

    /// Whether the writer surely meant the verb, although the line has more or less than it may: typed in
    /// capitals, with a please, or short and with a reference.
    fn is_meant(&self, met: &Met<'_>) -> bool {
        const SHORT: usize = 6;
        const LONGEST: usize = 40;
        let typed = |token: &Token| met.head.get(token.start..token.end).unwrap_or("").chars().any(char::is_lowercase);
        let lead = met.verb.words().split_whitespace().count().min(met.used());
        let capitals = !met.tokens.iter().take(lead).any(typed) && met.tokens.len() <= LONGEST;
        let referring = met.tokens.iter().any(|t| matches!(t.kind, Kind::Case(_) | Kind::FollowUp(_) | Kind::Misread));
        let asked = ["PLEASE", "PLS"].contains(&key(met.extra()).as_str());
        let polite = met.used() > 1 && COURTESY.contains(&key(met.extra()).as_str());
        capitals
            || asked
            || polite
            || (referring && met.tokens.len() <= SHORT)
            || (met.verb == Verb::Yes && met.tokens.len() <= 3)
    }

    /// In an answer to a mail with one line its number may be left out, where the verb is typed in capitals or set off
    /// from the words behind it: "received, thank you" is no command.
    fn is_of_the_one_line(&self, met: &Met<'_>) -> bool {
        let Fit::Whole(found) = &met.fit else { return false };
        let typed = met.head.get(..met.tokens.iter().take(found.used).map(|t| t.end).max().unwrap_or(0)).unwrap_or("");
        let set_off = met.head.get(typed.len()..).unwrap_or("").trim_start().starts_with(['-', '–', ':']);
        self.context.numbered == NumberedAnswer::OneLine
            && !found.names_something()
            && met.verb.takes_free_words()
            && (set_off || !typed.chars().any(char::is_lowercase))
    }

    /// "1 CLOSE; 2 CLOSE" is two commands on one line, "1 CLOSE 3" says two numbers: neither is free text.
    fn holds_another_line(&self, words: &str) -> bool {
        let pieces = std::iter::once(words).chain(words.split([',', ';', '.']));
        is_list_of_numbers(words)
            || pieces.map(|piece| take_numbers(piece.trim())).any(|(numbers, body)| {
                !numbers.is_empty() && self.meet(body, false).is_some_and(|met| matches!(met.fit, Fit::Whole(_)))
            })
    }

    fn draft(&self, verb: Verb, found: Found, numbers: Vec<u32>, raw: &str) -> Draft {
        let mut faults = Vec::new();
        let mut lines = numbers;
        if !self.context.numbered.has_numbers() {
            let idle = found.lines.is_empty() && (found.names_something() || !verb.needs_target());
            let numbers = !lines.is_empty() || !found.lines.is_empty();
            if numbers && !idle {
                faults.push(RefusalReason::NoNumberedLines { verb });
            }
            lines.clear();
        } else {
            lines.extend(&found.lines);
        }
        if let Some(written) = found.bad_date.clone() {
            faults.push(RefusalReason::BadDate { field: None, written, why: DateFault::Unreadable });
        }
        if let Some(date) = found.date().filter(|date| *date <= self.context.today) {
            faults.push(RefusalReason::BadDate { field: None, written: date.to_string(), why: DateFault::Past });
        }
        let object = found.into_object();
        let as_written = raw.trim().to_owned();
        Draft { command: Command { verb, lines, object, fields: vec![], text: None, as_written }, faults }
    }

    /// Words behind the verb in an answer to a numbered line: the date or length that the verb is about, where
    /// it leads, and the rest as text.
    fn take_free_words(&self, draft: &mut Draft, words: &str) {
        let mut rest = words;
        if let Some((field, written, behind)) = leading_value(draft.command.verb, words, self.context) {
            let value = draft.command.verb.value_of(field).unwrap_or(Value::Words);
            match read_value(field, value, written, self.context.today) {
                Ok(read) => draft.command.fields.push((field, read)),
                Err(why) => draft.faults.push(why),
            }
            rest = behind;
        }
        let rest = rest.trim_start_matches([',', ';', ':', '-', ' ', '.']).trim_end_matches(['*', ' ']);
        if rest.is_empty() {
            return;
        }
        if draft.command.verb == Verb::Received {
            draft.command.fields.push((Field::How, rest.to_owned()));
        } else {
            add_text(&mut draft.command, rest);
        }
    }
}

fn too_much(met: &Met<'_>, words: String) -> RefusalReason {
    misread(met).unwrap_or(RefusalReason::ExtraWords { verb: met.verb, words })
}

fn incomplete(met: &Met<'_>, words: String) -> RefusalReason {
    let typed: Vec<&str> = met.tokens.iter().take(met.used()).map(|token| token.key.as_str()).collect();
    let verbs = Verb::ALL.iter().copied().filter(|verb| verb.begins_with(&typed)).collect();
    misread(met).unwrap_or(RefusalReason::Incomplete { verbs, words })
}

fn misread(met: &Met<'_>) -> Option<RefusalReason> {
    let token = met.tokens.iter().find(|token| token.kind == Kind::Misread)?;
    met.head.get(token.start..token.end).map(|written| RefusalReason::BadReference { written: written.to_owned() })
}

/// "4 Nov by phone" of `RECEIVED`, "until 9 Nov" of `ABSENT`, "to 19 Nov" and "by 3 days" of `EXTEND`: the field,
/// its value and what follows.
fn leading_value<'w>(verb: Verb, words: &'w str, context: &Context<'_>) -> Option<(Field, &'w str, &'w str)> {
    verb.entry().leads.iter().find_map(|(field, prepositions)| {
        let open = skip_word(words, prepositions);
        (1..=4).rev().find_map(|length| {
            let (first, behind) = split_words(open, length)?;
            let reads = match verb.value_of(*field)? {
                Value::Past => read_date(first, context.today, DateBias::Past).is_some(),
                Value::Future | Value::AnyDay => read_date(first, context.today, DateBias::Future).is_some(),
                // A number without its unit could be the number of another line.
                Value::WorkingDays => first.contains(' ') && read_working_days(first).is_some(),
                Value::Words | Value::YesNo | Value::OneOf(_) => false,
            };
            reads.then_some((*field, first, behind))
        })
    })
}

fn after_please(text: &str) -> Option<&str> {
    let (first, rest) = text.split_once(' ')?;
    key(first).eq("PLEASE").then(|| rest.trim_start()).filter(|rest| !rest.to_uppercase().starts_with("PLEASE"))
}

fn skip_word<'w>(words: &'w str, skipped: &[&str]) -> &'w str {
    match words.split_once(' ') {
        Some((first, rest)) if skipped.contains(&first.to_lowercase().as_str()) => rest.trim_start(),
        _ => words,
    }
}

/// The first `count` words (or all, when there are fewer) and what follows.
fn split_words(text: &str, count: usize) -> Option<(&str, &str)> {
    let end = text.split(' ').take(count).map(|word| word.len() + 1).sum::<usize>().saturating_sub(1);
    text.split_at_checked(end.min(text.len())).map(|(first, behind)| (first.trim_end_matches([',', ';']), behind))
}

fn is_list_of_numbers(text: &str) -> bool {
    !text.is_empty() && line::read_numbers(text.trim_end_matches(['.', ')', '!'])).is_some()
}
