//! Reads a mail line by line: commands with their fields, until prose or the end of what the writer wrote.

use super::field::{Field, Value, read_value};
use super::form::{Fit, Found, LineNumbers, Words, fits};
use super::line::{self, Kind, Token, key, take_numbers, tokens};
use super::refusal::{DateFault, Refusal, RefusalReason};
use super::stop::{is_border, is_greeting, is_name, is_sign_off};
use super::verb::Verb;
use super::{Command, Context, NumberedAnswer, Reading};

mod fields;
mod meaning;
mod settle;
mod suggest;

/// Reads the new text of a mail from staff. Never fails; what cannot be read for sure is refused with a reason.
pub fn read(new_text: &str, context: &Context<'_>) -> Reading {
    let mut lines: Vec<&str> = new_text.lines().collect();
    let items = Reader::items_of(&lines, context);
    let in_subject = context.subject.and_then(|subject| Some((subject, Reader::new(context).command_in(subject)?)));
    match in_subject {
        // The subject of a mail that says the same in full is its title.
        Some((_, title)) if items.iter().any(|item| item.says_in_full(&title)) => settle::settle(items),
        Some((subject, _)) => {
            lines.insert(0, subject);
            settle::settle(Reader::items_of(&lines, context))
        }
        None => settle::settle(items),
    }
}

/// A command that is still being read.
#[derive(Debug, Clone)]
struct Draft {
    command: Command,
    faults: Vec<RefusalReason>,
}

#[derive(Debug, Clone)]
enum Item {
    Draft(Draft),
    Refused(Refusal),
}

impl Item {
    fn says_in_full(&self, title: &Command) -> bool {
        let Self::Draft(Draft { command, .. }) = self else { return false };
        let bare = title.object == super::Object::None && title.lines.is_empty();
        command.verb == title.verb && (bare || command.object == title.object)
    }
}

/// What one line turned out to be.
enum Line {
    Command(Box<Draft>),
    Refused(RefusalReason),
    Prose,
}

/// What comes after a line.
enum Flow {
    On,
    /// The writer's words end here.
    End,
    /// The writer goes on, but not in commands.
    Prose,
}

/// Where free words go that run over several lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    Nothing,
    /// The text of this item; `wrapped`: its last line was long enough to have been broken by a mail program.
    Text {
        item: usize,
        wrapped: bool,
    },
    /// The last field of this item, whose value is empty yet or ends in a comma or semicolon.
    Value {
        item: usize,
    },
}

/// Mail programs break lines at 70 to 80 columns, never before this.
const SHORTEST_WRAPPED: usize = 50;

/// More lines than any Today mail has: no person wrote that.
const MOST_ITEMS: usize = 500;
/// Nor a command as long as this.
const LONGEST_LINE: usize = 10_000;

struct Reader<'a> {
    context: &'a Context<'a>,
    items: Vec<Item>,
    open: Open,
    /// The line directly above was quoted: a stray end of it may stand here without its mark.
    below_quotation: bool,
    /// An empty line stands between the last item and here.
    apart: bool,
}

impl<'a> Reader<'a> {
    fn new(context: &'a Context<'a>) -> Self {
        Self { context, items: Vec::new(), open: Open::Nothing, below_quotation: false, apart: false }
    }

    fn items_of(lines: &[&str], context: &'a Context<'a>) -> Vec<Item> {
        let mut reader = Self::new(context);
        reader.read(lines);
        reader.items
    }

    fn command_in(&self, subject: &str) -> Option<Command> {
        let plain = line::plain(subject);
        match self.classify(line::without_bullet(&plain), subject) {
            Line::Command(draft) => Some(draft.command),
            Line::Refused(_) | Line::Prose => None,
        }
    }

    fn read(&mut self, lines: &[&str]) {
        for (at, raw) in lines.iter().enumerate() {
            let rest = lines.get(at + 1..).unwrap_or_default();
            if self.items.len() >= MOST_ITEMS {
                return;
            }
            match self.line(raw, rest) {
                Flow::On => {}
                Flow::End => return,
                Flow::Prose => {
                    self.refuse_cut_words(raw);
                    return self.refuse_below_prose(rest);
                }
            }
        }
    }

    fn line(&mut self, raw: &str, rest: &[&str]) -> Flow {
        let plain = line::plain(raw);
        if plain.is_empty() {
            (self.open, self.below_quotation, self.apart) = (Open::Nothing, false, true);
            return Flow::On;
        }
        if plain.starts_with('>') {
            (self.open, self.below_quotation) = (Open::Nothing, true);
            return Flow::On;
        }
        if is_border(&plain, rest) || is_sign_off(&plain) {
            return Flow::End;
        }
        if self.items.is_empty() && is_greeting(&plain) {
            return Flow::On;
        }
        let text = line::without_bullet(&plain);
        if let Some(flow) = self.field_line(text, raw, rest) {
            self.apart = false;
            return flow;
        }
        let line = self.classify(text, raw);
        self.take(line, text, raw, rest)
    }

    /// Puts a line that is no field where it belongs.
    fn take(&mut self, line: Line, text: &str, raw: &str, rest: &[&str]) -> Flow {
        if self.below_quotation && !self.stands_alone(&line) {
            if let Line::Command(_) = line {
                self.refuse(raw, RefusalReason::BelowQuotation);
            }
            return Flow::On;
        }
        if let Open::Text { item, wrapped } = self.open
            && self.continues(&line, text, wrapped)
        {
            self.append(item, raw.trim());
            return Flow::On;
        }
        if let (Open::Value { item }, Line::Prose | Line::Refused(_)) = (self.open, &line) {
            self.continue_value(item, text);
            return Flow::On;
        }
        match line {
            Line::Command(draft) => self.begin(*draft, text, rest),
            Line::Refused(why) => {
                self.open = Open::Nothing;
                self.refuse(raw, why);
                Flow::On
            }
            Line::Prose => self.unknown_field(text).map_or(Flow::Prose, |()| Flow::On),
        }
    }

    /// Whether a line says by itself what it is about, so that it cannot be the stray end of another.
    fn stands_alone(&self, line: &Line) -> bool {
        match line {
            Line::Command(draft) => {
                let command = &draft.command;
                !command.lines.is_empty() || command.object != super::Object::None || !command.verb.needs_target()
            }
            Line::Refused(_) | Line::Prose => false,
        }
    }

    /// Whether a line below free words belongs to them.
    fn continues(&self, line: &Line, text: &str, wrapped: bool) -> bool {
        let numbered = !take_numbers(text).0.is_empty() && self.context.numbered.has_numbers();
        match line {
            Line::Command(_) => !self.stands_alone(line),
            Line::Refused(RefusalReason::Unknown { did_you_mean: None }) => wrapped,
            Line::Refused(_) => !numbered,
            Line::Prose => true,
        }
    }

    fn append(&mut self, item: usize, words: &str) {
        self.open = Open::Text { item, wrapped: words.chars().count() >= SHORTEST_WRAPPED };
        if let Some(Item::Draft(draft)) = self.items.get_mut(item) {
            add_text(&mut draft.command, words);
        }
    }

    fn begin(&mut self, draft: Draft, text: &str, rest: &[&str]) -> Flow {
        let inline = fields::inline(draft.command.verb, text);
        // In an answer to a numbered line the words may also begin below it.
        let command = &draft.command;
        let free =
            command.text.is_some() || (!command.lines.is_empty() && command.verb.value_of(Field::Text).is_some());
        self.items.push(Item::Draft(draft));
        let item = self.items.len() - 1;
        self.apart = false;
        self.open = Open::Nothing;
        if free {
            self.open = Open::Text { item, wrapped: text.chars().count() >= SHORTEST_WRAPPED };
        }
        for (field, value) in inline {
            if let Flow::End = self.set(item, field, value, rest) {
                return Flow::End;
            }
        }
        Flow::On
    }

    fn refuse(&mut self, raw: &str, why: RefusalReason) {
        self.items.push(Item::Refused(Refusal { line: raw.trim().to_owned(), why }));
    }

    /// Words that go to people outside end at an empty line, unless they stand behind `Text:`. Whoever wrote more has to
    /// learn that it was not read: half a question must not be asked.
    fn refuse_cut_words(&mut self, raw: &str) {
        let Some(Item::Draft(draft)) = self.items.last_mut() else { return };
        let goes_out = draft.command.text.is_some() && draft.command.verb.value_of(Field::Text).is_some();
        if goes_out && !is_name(&line::plain(raw)) {
            draft.faults.push(RefusalReason::CutWords { line: raw.trim().to_owned() });
        }
    }

    /// Commands that stand below running text are not read; whoever wrote them has to learn that.
    fn refuse_below_prose(&mut self, rest: &[&str]) {
        if self.items.is_empty() {
            return;
        }
        for (at, raw) in rest.iter().enumerate() {
            let plain = line::plain(raw);
            if self.items.len() >= MOST_ITEMS || is_border(&plain, rest.get(at + 1..).unwrap_or_default()) {
                return;
            }
            let text = line::without_bullet(&plain);
            let numbered = self.context.numbered.has_numbers() && !take_numbers(text).0.is_empty();
            if numbered && matches!(self.classify(text, raw), Line::Command(_)) {
                self.refuse(raw, RefusalReason::BelowProse);
            }
            self.refuse_field_below_prose(text);
        }
    }
}

/// Adds a line of free words.
fn add_text(command: &mut Command, words: &str) {
    match &mut command.text {
        Some(text) => {
            text.push('\n');
            text.push_str(words);
        }
        None => command.text = Some(words.to_owned()),
    }
}
