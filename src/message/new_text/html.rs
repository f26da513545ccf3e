//! HTML → lines that remember what was quoted. Must not follow a link, load anything or apply a style sheet.
//!
//! A scanner, linear in the input, reads the tags and keeps of them only line breaks and what mail programs say
//! about quotation; `html2text` then sees a flat text and decodes its entities. So nesting, which `html2text` and
//! its parser handle in quadratic time, never reaches them.

use super::line::{Line, Mark, head, tidy};
use super::markup::{self, Effect, Place, Shape};
use super::tag::{Piece, Pieces, Tag};

/// No HTML body is read beyond this many bytes.
const MAX_BYTES: usize = 1 << 20;
/// Deeper elements have no effect of their own; their text is kept.
const MAX_DEPTH: usize = 300;
/// So many bytes are decoded at once.
const PIECE: usize = 32 << 10;
/// A line break in the flat text.
const BREAK: &str = "<br>";

/// The lines of an HTML body; quoted ones begin with `> `.
pub(in crate::message) fn html_lines(html: &str) -> Vec<Line> {
    let mut flat = Flat::default();
    for piece in Pieces::new(head(html, MAX_BYTES)) {
        match piece {
            Piece::Text(text) => flat.text(text),
            Piece::Start(tag) => flat.start(&tag),
            Piece::End(name) => flat.end(&name),
        }
    }
    decode(&flat.out)
}

/// An open element that has an effect or whose end must be known.
struct Open {
    name: String,
    effect: Effect,
}

/// The text so far, line breaks as `<br>`, entities still encoded, each line led by the sign of its mark.
#[derive(Default)]
struct Flat {
    out: String,
    open: Vec<Open>,
    /// Something stands on the current line.
    line_begun: bool,
    /// The last line written is empty.
    gap: bool,
    /// Behind a divider that everything before the original message ends with.
    foreign: bool,
}

impl Flat {
    fn text(&mut self, text: &str) {
        if self.within(Effect::Hidden) {
            return;
        }
        let preformatted = self.within(Effect::Preformatted);
        if !preformatted {
            return self.words(text);
        }
        for (number, line) in text.split('\n').enumerate() {
            if number > 0 {
                self.break_line();
            }
            self.words(line);
        }
    }

    fn words(&mut self, text: &str) {
        if !self.line_begun {
            if text.trim_matches([' ', '\t', '\r', '\n']).is_empty() {
                return;
            }
            self.begin_line();
        }
        for c in text.chars() {
            match c {
                '<' => self.out.push_str("&lt;"),
                '\n' | '\r' | '\t' => self.out.push(' '),
                c if sign_of(c).is_some() => {}
                c => self.out.push(c),
            }
        }
    }

    fn begin_line(&mut self) {
        self.line_begun = true;
        self.gap = false;
        let mark = self.mark();
        self.out.push(sign(mark));
        if mark == Mark::Quote {
            self.out.push_str("&gt; ");
        }
    }

    fn mark(&self) -> Mark {
        if self.foreign || self.within(Effect::Foreign) {
            return Mark::Foreign;
        }
        if self.within(Effect::Quote) {
            return Mark::Quote;
        }
        if self.within(Effect::Signature) {
            return Mark::Signature;
        }
        if self.within(Effect::Container) { Mark::Introduction } else { Mark::Plain }
    }

    fn within(&self, effect: Effect) -> bool {
        self.open.iter().any(|o| o.effect == effect)
    }

    fn break_line(&mut self) {
        self.gap = !self.line_begun;
        self.line_begun = false;
        self.out.push_str(BREAK);
    }

    fn end_line(&mut self) {
        if self.line_begun {
            self.break_line();
        }
    }

    fn paragraph(&mut self) {
        self.end_line();
        if !self.gap && !self.out.is_empty() {
            self.break_line();
        }
    }

    fn start(&mut self, tag: &Tag) {
        let shape = markup::shape(&tag.name);
        match shape {
            Shape::Break => return self.break_line(),
            Shape::Rule => {
                self.end_line();
                self.out.push(sign(Mark::Rule));
                self.out.push_str("_<br>");
                self.gap = false;
            }
            Shape::Cell => self.words(if self.line_begun { " " } else { "" }),
            Shape::Item => {
                self.end_line();
                self.words("- ");
                return;
            }
            Shape::Paragraph => self.paragraph(),
            Shape::Block => self.end_line(),
            Shape::Inline => {}
        }
        if shape != Shape::Inline && self.open.last().is_some_and(|o| o.name == "p") {
            self.open.pop();
        }
        if markup::divides(tag) && self.place() == Place::Outside {
            self.foreign = true;
        }
        if markup::is_void(&tag.name) {
            return;
        }
        self.push(tag);
    }

    fn push(&mut self, tag: &Tag) {
        let effect = markup::effect(tag, self.place());
        if tag.name == "p" && effect == Effect::Nothing || self.open.len() >= MAX_DEPTH {
            return;
        }
        if effect == Effect::Quote {
            self.end_line();
            self.containers_are_past();
        }
        self.open.push(Open { name: tag.name.clone(), effect });
    }

    fn place(&self) -> Place {
        let holds = |o: &Open| matches!(o.effect, Effect::Container | Effect::Quoted | Effect::Quote);
        if self.open.iter().any(holds) { Place::Container } else { Place::Outside }
    }

    /// What follows a quotation in its container is an answer, no introduction.
    fn containers_are_past(&mut self) {
        for open in self.open.iter_mut().filter(|o| o.effect == Effect::Container) {
            open.effect = Effect::Quoted;
        }
    }

    fn end(&mut self, name: &str) {
        match markup::shape(name) {
            Shape::Paragraph => self.paragraph(),
            Shape::Block | Shape::Item => self.end_line(),
            Shape::Break | Shape::Rule | Shape::Cell | Shape::Inline => {}
        }
        if let Some(at) = self.open.iter().rposition(|o| o.name == name) {
            self.open.truncate(at);
        }
    }
}

/// Noncharacters that lead a line and name its mark (they cannot stand in real text; from the input they are dropped).
const SIGNS: [(char, Mark); 6] = [
    ('\u{FDD0}', Mark::Plain),
    ('\u{FDD1}', Mark::Quote),
    ('\u{FDD2}', Mark::Introduction),
    ('\u{FDD3}', Mark::Signature),
    ('\u{FDD4}', Mark::Foreign),
    ('\u{FDD5}', Mark::Rule),
];

fn sign(mark: Mark) -> char {
    SIGNS.iter().find(|(_, m)| *m == mark).map_or('\u{FDD0}', |(c, _)| *c)
}

fn sign_of(c: char) -> Option<Mark> {
    SIGNS.iter().find(|(s, _)| *s == c).map(|(_, m)| *m)
}

/// Entities decoded, white space folded, signs turned into marks; piece by piece, for `html2text` takes kilobytes of
/// memory for each line.
fn decode(flat: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut rest = flat;
    while let Some((piece, behind)) = first_piece(rest) {
        decode_piece(piece, &mut lines);
        rest = behind;
    }
    decode_piece(rest, &mut lines);
    lines
}

/// Splits behind so many bytes where a line begins; `None` when nothing is to be split any more.
fn first_piece(flat: &str) -> Option<(&str, &str)> {
    let begins =
        |at: usize| flat.get(at + BREAK.len()..).is_some_and(|line| line.starts_with(|c| sign_of(c).is_some()));
    let skipped = head(flat, PIECE).len();
    let later = flat.get(skipped..)?;
    let at = later.match_indices(BREAK).map(|(at, _)| skipped + at).find(|at| begins(*at))?;
    Some((flat.get(..at)?, flat.get(at + BREAK.len()..)?))
}

fn decode_piece(piece: &str, lines: &mut Vec<Line>) {
    let words = piece.trim_end_matches(BREAK);
    let empty = (piece.len() - words.len()) / BREAK.len();
    let width = words.len().saturating_add(80);
    let config = html2text::config::with_decorator(html2text::render::TrivialDecorator::new());
    let text = config.string_from_read(words.as_bytes(), width).unwrap_or_else(|_| words.replace(BREAK, "\n"));
    lines.extend(text.strip_suffix('\n').unwrap_or(&text).split('\n').map(read_line));
    lines.extend((0..empty).map(|_| read_line("")));
}

fn read_line(text: &str) -> Line {
    let mark = text.chars().find_map(sign_of).unwrap_or(Mark::Plain);
    let words: String = text.chars().filter(|c| sign_of(*c).is_none()).collect();
    let text = if mark == Mark::Rule { String::new() } else { tidy(words.trim_start()) };
    Line { text, mark }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, expected: &[(&str, Mark)]) {
        let lines = html_lines(html);
        let got: Vec<(&str, Mark)> =
            lines.iter().filter(|l| !l.text.is_empty()).map(|l| (l.text.as_str(), l.mark)).collect();
        assert_eq!(got, expected, "{html}");
    }

    #[test]
    fn blocks_break_lines_and_inline_elements_do_not() {
        check(
            "<p>Dear <b>Sar</b>ah,</p><div>a<div>b</div></div>",
            &[("Dear Sarah,", Mark::Plain), ("a", Mark::Plain), ("b", Mark::Plain)],
        );
    }

    #[test]
    fn entities_are_decoded_and_bare_signs_kept() {
        check(
            "fish &amp; chips &eacute;t&eacute; 3 < 4 &#8217;s&nbsp;x",
            &[("fish & chips été 3 < 4 ’s x", Mark::Plain)],
        );
    }

    #[test]
    fn what_is_not_shown_is_no_text() {
        check(
            "<style>p{}</style><!-- x --><p style='display:none'>no</p><p>yes</p><script>no()</script>",
            &[("yes", Mark::Plain)],
        );
    }

    #[test]
    fn a_quotation_is_marked_and_its_container_introduces_it() {
        let html = "<div>Mine</div><div class=\"gmail_quote\"><div class=gmail_attr>On Monday A wrote:<br></div>\
                    <blockquote class='gmail_quote'>Theirs</blockquote>After</div>";
        check(
            html,
            &[
                ("Mine", Mark::Plain),
                ("On Monday A wrote:", Mark::Introduction),
                ("> Theirs", Mark::Quote),
                ("After", Mark::Plain),
            ],
        );
    }

    #[test]
    fn indented_own_text_is_no_quotation() {
        check(
            "<blockquote style=\"margin: 0 0 0 40px; border: none; padding: 0px;\">own</blockquote>",
            &[("own", Mark::Plain)],
        );
    }

    #[test]
    fn everything_behind_the_divider_of_outlook_is_foreign() {
        check(
            "<div>Mine</div><hr><div id=\"divRplyFwdMsg\"><b>From:</b> A</div><div>Theirs</div>",
            &[("Mine", Mark::Plain), ("From: A", Mark::Foreign), ("Theirs", Mark::Foreign)],
        );
    }

    #[test]
    fn a_divider_within_a_quotation_ends_with_it() {
        check(
            "<blockquote type=cite><div id=x_divRplyFwdMsg>From: A</div></blockquote><div>Mine</div>",
            &[("> From: A", Mark::Quote), ("Mine", Mark::Plain)],
        );
    }

    #[test]
    fn broken_markup_loses_no_words() {
        check("<div class=\"x>one</div> two <b three", &[("one", Mark::Plain), ("two <b three", Mark::Plain)]);
    }

    /// `html2text` cuts what is too wide for its page; nothing may be lost where a piece ends.
    #[test]
    fn a_long_text_is_decoded_in_pieces_without_a_trace() {
        for gap in ["<br>", "<br><br>", "<br><br><br><br>"] {
            let written: Vec<String> = (0..9_000).map(|n| format!("line &lt;{n}&gt; é")).collect();
            let shown: Vec<String> = html_lines(&written.join(gap)).into_iter().map(|line| line.text).collect();
            let empty = "\n".repeat(gap.len() / BREAK.len());
            assert_eq!(shown.join("\n"), (0..9_000).map(|n| format!("line <{n}> é")).collect::<Vec<_>>().join(&empty));
        }
    }

    #[test]
    fn deep_and_long_markup_is_read_in_linear_time() {
        let deep = format!("{}words{}", "<div><b><i><table>".repeat(40_000), "</div>".repeat(40_000));
        check(&deep, &[("words", Mark::Plain)]);
        for piece in ["<a \"", "<!--", "</b>", "<p>", "<blockquote>x", "&amp;<br>", "<style>", "&#x"] {
            html_lines(&piece.repeat((1 << 18) / piece.len()));
        }
    }
}
