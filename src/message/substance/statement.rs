//! The statements of a short reply, with the adviser's name made one word, so that a pattern can say who speaks of whom.
//! Must not judge what they amount to.

use super::words::own_lines;
use regex::Regex;

/// The adviser, however they are named: "Dr Lee", "Ann Lee", "Ann".
const ADVISER: &str = "@adviser";

/// What stands before a surname.
const TITLES: [&str; 8] = ["dr", "doctor", "mr", "mrs", "ms", "miss", "prof", "professor"];

/// Written large and nobody's name.
const NOBODY: &str = " i i'm i'll i've i'd january february march april may june july august september october november \
    december monday tuesday wednesday thursday friday saturday sunday trust nhs team service services department council \
    authority community paediatrics paediatric children's speech language occupational physiotherapy therapy ehc ehcp \
    send salt slt ot camhs christmas easter kind regards thanks ";

/// A line that ends in one of these goes on in the next.
const GOES_ON: &str = " a an and as because but by for from if in is my no not of on or our that the their this think to \
    until when whether with your ";

/// A line at least so long may have been wrapped by a program.
const WRAPPED: usize = 50;

/// One sentence.
#[derive(Debug)]
pub(super) struct Statement {
    /// Words in lower case, each behind a space; a comma, colon or dash is a word of its own.
    pub words: String,
    /// Whether it is a question.
    pub asks: bool,
    /// The places of words that may be the name of somebody else.
    others: Vec<usize>,
}

impl Statement {
    /// Without the commas.
    pub fn plain(&self) -> String {
        self.words.replace(" ,", "")
    }

    /// Whether somebody else may be named among the first so many bytes of its words.
    pub fn names_others_before(&self, end: usize) -> bool {
        let count = self.words.get(..end).map_or(0, |before| before.split_whitespace().count());
        self.others.iter().any(|&place| place < count)
    }

    /// The same for all of it.
    pub fn names_others(&self) -> bool {
        !self.others.is_empty()
    }

    /// Whether the adviser is named.
    pub fn names_adviser(&self) -> bool {
        self.words.split(' ').any(|word| word == ADVISER)
    }
}

/// The statements between greeting and closing formula. `adviser` is their name as a letter writes it: "Dr Ann Lee".
pub(super) fn statements(own: &str, adviser: &str) -> Vec<Statement> {
    let name = Name::of(adviser);
    let mut found = Vec::new();
    let mut words: Vec<Word> = Vec::new();
    for token in tokens(&joined(&own_lines(own))) {
        match token {
            Token::Word(word) => words.push(word),
            Token::Stop { asks } => found.extend(statement(std::mem::take(&mut words), asks, &name)),
        }
    }
    found.extend(statement(words, false, &name));
    found
}

/// The lines as one text; a line that nothing wrapped ends its statement.
fn joined(lines: &[String]) -> String {
    let mut text = String::new();
    for (at, line) in lines.iter().enumerate() {
        text.push_str(line);
        let last = line.rsplit(' ').next().unwrap_or_default().to_lowercase();
        let goes_on = line.ends_with(',')
            || line.chars().count() >= WRAPPED
            || GOES_ON.contains(&format!(" {last} "))
            || lines.get(at + 1).is_some_and(|next| next.starts_with(char::is_lowercase));
        text.push_str(if goes_on { " " } else { " . " });
    }
    text
}

struct Word {
    text: String,
    large: bool,
}

enum Token {
    Word(Word),
    Stop { asks: bool },
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut word = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter.is_alphanumeric() || letter == '\'' {
            word.push(letter);
            continue;
        }
        let large = word.starts_with(char::is_uppercase);
        let text = std::mem::take(&mut word).to_lowercase();
        let abbreviates = TITLES.contains(&text.as_str()) || text.chars().count() == 1 && large;
        if text.chars().any(char::is_alphanumeric) {
            tokens.push(Token::Word(Word { text, large }));
        }
        let ends_word = letters.peek().is_none_or(|next| !next.is_alphanumeric());
        match letter {
            '.' if abbreviates || !ends_word => {}
            '.' | '!' | ';' => tokens.push(Token::Stop { asks: false }),
            '?' => tokens.push(Token::Stop { asks: true }),
            ',' | ':' | '(' | ')' | '–' | '—' => tokens.push(comma()),
            '-' if ends_word => tokens.push(comma()),
            _ => {}
        }
    }
    if !word.is_empty() {
        let large = word.starts_with(char::is_uppercase);
        tokens.push(Token::Word(Word { text: word.to_lowercase(), large }));
    }
    tokens
}

fn comma() -> Token {
    Token::Word(Word { text: ",".to_owned(), large: false })
}

fn statement(words: Vec<Word>, asks: bool, name: &Name) -> Option<Statement> {
    let (mut text, mut others, mut at, mut count) = (String::new(), Vec::new(), 0, 0);
    while let Some(word) = words.get(at) {
        let named = words.get(at..).map_or(0, |rest| name.length_in(rest));
        // Whoever begins a sentence small writes names small as well: any of its words may be one.
        let is_careless = count == 0 && word.text.starts_with(char::is_alphabetic) && !word.large;
        let is_name = word.large && count > 0 && !NOBODY.contains(&format!(" {} ", word.text));
        if is_careless || named == 0 && is_name && !TITLES.contains(&word.text.as_str()) {
            others.push(count);
        }
        text.push(' ');
        text.push_str(if named == 0 { &word.text } else { ADVISER });
        at += named.max(1);
        count += 1;
    }
    let says = text.contains(char::is_alphanumeric);
    says.then_some(Statement { words: text, asks, others })
}

/// The parts of the adviser's name.
struct Name {
    first: Option<String>,
    surname: Option<String>,
}

impl Name {
    fn of(adviser: &str) -> Self {
        let lower = adviser.to_lowercase();
        let parts = lower.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '-');
        let mut parts: Vec<String> =
            parts.filter(|p| !p.is_empty() && !TITLES.contains(p)).map(str::to_owned).collect();
        let surname = parts.pop();
        Self { first: parts.into_iter().next().filter(|first| first.chars().count() > 2), surname }
    }

    /// How many words at the beginning name the adviser; a surname alone may be a child's first name.
    fn length_in(&self, words: &[Word]) -> usize {
        let word = |at: usize| words.get(at).map_or("", |w| w.text.as_str());
        let is_first = |at: usize| self.first.as_deref() == Some(word(at));
        let is_surname = |at: usize| self.surname.as_deref() == Some(word(at));
        if TITLES.contains(&word(0)) {
            let between = usize::from(is_first(1) || word(1).chars().count() == 1);
            return if is_surname(1 + between) { 2 + between } else { 0 };
        }
        if is_first(0) && is_surname(1) {
            return 2;
        }
        let in_calendar = NOBODY.contains(&format!(" {} ", word(0)));
        let is_large = |at: usize| words.get(at).is_some_and(|w| w.large);
        // "Ann Smith" is somebody else.
        usize::from(is_first(0) && is_large(0) && !is_large(1) && !in_calendar)
    }
}

/// A pattern over statements: `<name>` stands for a part that several of them share.
pub(super) fn pattern(text: &str, parts: &[(&str, &str)]) -> Option<Regex> {
    let mut text = text.to_owned();
    for (name, part) in parts {
        text = text.replace(name, part);
    }
    Regex::new(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_read_as_statements_with_the_adviser_s_name_made_one_word() {
        for (own, expected) in [
            ("Hi Cora,\nDr. A. Lee is ill, sorry.\nThanks\nMo", &[" @adviser is ill , sorry"][..]),
            ("Mrs Lee left. Ann too; Lee did", &[" @adviser left", " @adviser too", " lee did"]),
            ("Ann Lee's letter - Dr Khan has it", &[" ann lee's letter , dr khan has it"]),
            ("First line\nSecond line\nand more", &[" first line", " second line and more"]),
            ("I do not think that\nDr Lee knows", &[" i do not think that @adviser knows"]),
            ("Long-term? At 9.30", &[" long term", " at 9 30"]),
            ("...", &[]),
        ] {
            let found: Vec<String> = statements(own, "Dr Ann Lee").into_iter().map(|s| s.words).collect();
            assert_eq!(found, expected, "{own}");
        }
    }

    #[test]
    fn the_name_of_somebody_else_is_told_from_a_word_written_large() {
        for (own, others) in [
            ("I asked Jo on Monday", true),
            ("I asked the Trust in May", false),
            ("I asked Dr Lee", false),
            ("I asked Dr Khan", true),
            ("Yesterday I'll", false),
        ] {
            let found = statements(own, "Dr Lee");
            assert_eq!(found.iter().any(Statement::names_others), others, "{own}");
        }
    }
}
