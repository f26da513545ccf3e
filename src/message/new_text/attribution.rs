//! Lines that introduce a quotation: "On … wrote:", "-----Original Message-----", "Begin forwarded message:".
//! Must not decide what is cut.

use super::line::{Line, head};
use regex::Regex;
use std::sync::LazyLock;

/// An introduction breaks over no more lines than this.
const MAX_LINES: usize = 8;
/// The header of Notes takes no more.
const MAX_BLOCK: usize = 40;
/// And is no longer than this, in bytes.
const MAX_BYTES: usize = 500;

/// How sure it is that a line introduces a quotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Certainty {
    /// By its form alone.
    Certain,
    /// Only when quoted lines follow: prose can look like it.
    WhenQuotesFollow,
}

/// Lines from the first one looked at that together introduce a quotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Introduction {
    /// How many lines.
    pub lines: usize,
    /// How sure.
    pub certainty: Certainty,
}

/// "wrote" in the languages of mail programs, as the last word or before the date.
const WROTE: &str = concat!(
    r"wrote|writes|said|schrieb|schrieben|geschrieben|a [ée]crit|escribi[óo]|va escriure|ha scritto|scrisse|escreveu|",
    r"schreef|geschreven|skrev|skreiv|kirjoitti|napisa[łl](?:\(a\)|a)?|pisze|napsala?(?:\(a\))?|nap[íi]sala?(?:\(a\))?|",
    r"[íi]rta|a scris|(?:je )?(?:na)?pisa(?:o|la|l)(?:/la|\(la\)|/a)?|написав?(?:ла|л)?(?:\(а\))?|пише(?:т)?|",
    r"έγραψε|yazdı|yazmış|rašė|rakstīja|kirjutas|đã viết|menulis|ysgrifennodd|scríobh|idatzi du|escribiu|",
    r"כתב|כתבה|كتب",
);

/// The same in scripts that put no space between words.
const WROTE_UNSPACED: &str = r"写道|寫道|のメール|が書きました|作成|작성|写到";

/// `^On |Le |Am …`: how such a line opens, before the date.
const OPENERS: &str = concat!(
    r"on|at|le|am|op|el|il|em|den|dnia|w dniu|dne|dňa|v|på|pe|la|в|у|στις|tarihinde|em|a|pada|ar|ngày|vào|kl|tarih|",
    r"quoting|in reply to",
);

static WROTE_END: LazyLock<Option<Regex>> =
    LazyLock::new(|| regex(&format!(r"(?i)(?:(?:^|[^\p{{L}}])(?:{WROTE})|(?:{WROTE_UNSPACED}))[^\p{{L}}\p{{N}}]*$")));
static WROTE_ALONE: LazyLock<Option<Regex>> = LazyLock::new(|| regex(&format!(r"(?i)^\s*(?:{WROTE})\s*[:：]\s*$")));
static WROTE_INSIDE: LazyLock<Option<Regex>> =
    LazyLock::new(|| regex(&format!(r"(?i)(?:^|[^\p{{L}}])(?:{WROTE})(?:[^\p{{L}}].*)?[:：]\s*[*_-]*$")));
static OPENER: LazyLock<Option<Regex>> = LazyLock::new(|| regex(&format!(r"(?i)^[-*_—\s]*(?:{OPENERS})[\s,]+.*\d")));
static FIRST_PERSON: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(r"(?i)(?:^|\W)(?:i|we|she|he|they|ich|wir|je|j'ai|nous|ik|wij|jag|jeg|vi)\W+(?:\p{L}+\W+)?\p{L}+\W*$")
});
static ADDRESS: LazyLock<Option<Regex>> =
    LazyLock::new(|| regex(r#"[<(\["]\s*(?:mailto:\s*)?[^\s<>@]+@[^\s<>@]+|(?:^|\s)mailto:|^\S+@\S+\s|<\s*mailto:"#));
static TIME: LazyLock<Option<Regex>> =
    LazyLock::new(|| regex(r"(?i)\b\d{1,2}[:.h]\d{2}\b|\b\d{1,2}\s?(?:am|pm)\b|\d{1,2}\s*[时時시]"));
static DAY: LazyLock<Option<Regex>> =
    LazyLock::new(|| regex(r"\b(?:19|20)\d{2}\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\d{4}\s*[年년]"));
/// "On 12 October 2026 at 10:00 Dr Low wrote:" in a report; mail programs put a comma behind the time.
static ENGLISH_PROSE: LazyLock<Option<Regex>> =
    LazyLock::new(|| regex(r"(?i)^\W*(?:on|at)\s[^,]*(?:,[^,:]*)*:\d{2}[^,]*$"));
/// "Sam Hill wrote:", names only.
static NAME_WROTE: LazyLock<Option<Regex>> =
    LazyLock::new(|| regex(&format!(r"^\W*(?:\p{{Lu}}[\p{{L}}.'’-]*\W+){{1,5}}(?i:{WROTE})\W*$")));
static DATE_FIRST: LazyLock<Option<Regex>> = LazyLock::new(|| regex(r"^\W*(?:\p{L}+\.?,?\s+)?\d{1,4}[\s./年년-]"));
static DASHED: LazyLock<Option<Regex>> =
    LazyLock::new(|| regex(&format!(r"(?i)^[\s*]*-{{2,}}\s*\S.*[^\p{{L}}](?:{WROTE})\s*[:：]?\s*-{{2,}}[\s*]*$")));

static ORIGINAL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let words = concat!(
        r"original (?:message|e-?mail|appointment)|reply message|urspr(?:ü|ue)ngliche (?:nachricht|e-?mail)|",
        r"original-?nachricht|message d'origine|message original|message initial|mensaje original|mensagem original|",
        r"messaggio originale|oorspronkelijk(?:e)? bericht|origineel bericht|oprindelig (?:meddelelse|besked)|",
        r"opprinnelig melding|ursprungligt meddelande|originalmeddelande|alkuperäinen viesti|wiadomość oryginalna|",
        r"oryginalna wiadomość|původní (?:zpráva|e-mail)|pôvodná správa|eredeti üzenet|mesaj original|",
        r"(?:исходное|оригинальное) сообщение|πρωτότυπο μήνυμα|özgün ileti|orijinal mesaj|izvorna poruka|",
        r"原始邮件|原始郵件|元のメッセージ|원본 메시지|neges wreiddiol|thư gốc",
    );
    regex(&format!(r"(?i)^[\s*_>|]*[-_—=]{{2,}}[\s*]*(?:{words})[\s*]*(?:[-_—=]+[\s*]*)?$"))
});

static FORWARD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let words = concat!(
        r"forwarded (?:message|by|email)|(?:begin )?forwarded message|weitergeleitete nachricht|message transféré|",
        r"message réexpédié|mensaje reenviado|messaggio inoltrato|mensagem encaminhada|mensagem reencaminhada|",
        r"doorgestuurd bericht|videresendt (?:meddelelse|besked|melding)|vidarebefordrat (?:meddelande|brev)|",
        r"välitetty viesti|edelleen lähetetty viesti|wiadomość przekazana|przekazana wiadomość|přeposlaná zpráva|",
        r"továbbított üzenet|mesaj redirecționat|пересылаемое сообщение|пересланное сообщение|προωθημένο μήνυμα|",
        r"iletilmiş ileti|転送されたメッセージ|转发的邮件|전달된 메시지|neges a anfonwyd ymlaen",
    );
    regex(&format!(r"(?i)^[\s*_]*[-_—=]{{2,}}[\s*]*(?:{words})\b[^\n]{{0,120}}$"))
});

static APPLE_FORWARD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let words = concat!(
        r"begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-?mail)|début du message (?:réexpédié|transféré)|",
        r"inicio del mensaje reenviado|inizio (?:del )?messaggio inoltrato|início da mensagem (?:re)?encaminhada|",
        r"begin doorgestuurd bericht|start på videresendt besked|start på videresendt melding|",
        r"vidarebefordrat brev|välitetty viesti alkaa|początek przekazywanej wiadomości",
    );
    regex(&format!(r"(?i)^[\s>*]*(?:{words})\s*[:：]\s*$"))
});

static GROUPWISE: LazyLock<Option<Regex>> = LazyLock::new(|| regex(r"^>>>\s+\S.*\d.*>>>\s*$"));

/// The header block of phones that put it on one line.
static ONE_LINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(
        r"^[\s>*]*(?:From|Von|De)\s?:.{1,200}\b(?:Sent|Date|Gesendet|Envoyé)\s?:.{4,80}\b(?:To|An|À)\s?:.{1,300}\b(?:Subject|Betreff|Objet)\s?:",
    )
});

static NOTES_DATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(r"(?i)^\s*\d{1,4}[./-]\d{1,2}[./-]\d{2,4} \d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]m)?(?: [a-z]{2,4})?\s*$")
});

/// What this service and ticket systems ask people to write above.
static OUR_MARKER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(r"(?i)^\W*(?:please )?(?:write|reply|answer|type|respond|add|enter)\b.{0,60}\babove this line\b.{0,40}$")
});

/// Compiles a pattern; the tests hold that every one compiles.
pub(super) fn regex(pattern: &str) -> Option<Regex> {
    Regex::new(pattern).ok()
}

/// Whether the pattern is found in the text.
pub(super) fn found(pattern: &LazyLock<Option<Regex>>, text: &str) -> bool {
    pattern.as_ref().is_some_and(|p| p.is_match(text))
}

/// The introduction that begins on the first of these lines.
pub(super) fn introduction(lines: &[Line]) -> Option<Introduction> {
    let first = lines.first()?;
    if first.text.contains("--") && found(&DASHED, head(&first.text, MAX_BYTES)) {
        return Some(Introduction { lines: 1, certainty: Certainty::Certain });
    }
    if let Some(lines) = block_of_notes(lines).or_else(|| columns_of_notes(lines)) {
        return Some(Introduction { lines, certainty: Certainty::Certain });
    }
    let mut joined = String::new();
    for (number, line) in lines.iter().take(MAX_LINES).enumerate() {
        if number > 0 && !goes_on(&joined, lines.get(number..).unwrap_or(&[])) {
            return None;
        }
        joined.push_str(if joined.is_empty() { "" } else { " " });
        joined.push_str(head(line.text.trim(), MAX_BYTES));
        if joined.len() > MAX_BYTES || number == 0 && !may_begin(&joined) {
            return None;
        }
        if let Some(certainty) = introduces(joined.trim()) {
            return Some(Introduction { lines: number + 1, certainty });
        }
    }
    None
}

/// The header of Notes: author, date and time each alone on a line, and then "To" and "Subject" without a colon.
fn block_of_notes(lines: &[Line]) -> Option<usize> {
    let mut written = lines.iter().take(MAX_BLOCK).enumerate().filter(|(_, line)| !line.is_blank());
    let author = written.next().filter(|(at, line)| *at == 0 && line.text.chars().count() < 120)?;
    let dated = written.next().filter(|(at, line)| *at <= 2 && found(&NOTES_DATE, &line.text));
    if author.1.is_quoted() || dated.is_none() {
        return None;
    }
    let label = |line: &Line, name: &str| line.text.trim_start().split([' ', ':']).next() == Some(name);
    let below: Vec<(usize, &Line)> = written.take(12).collect();
    let to = below.iter().position(|(_, line)| label(line, "To"))?;
    let subject = below.iter().skip(to).position(|(_, line)| label(line, "Subject"))? + to;
    let alone = |line: &Line| line.text.trim().trim_end_matches(':') == "Subject";
    let (at, line) = below.get(subject)?;
    let value = below.get(subject + 1).filter(|_| alone(line)).map(|(at, _)| *at);
    Some(value.unwrap_or(*at) + 1)
}

/// The same in columns, as Notes 6 and 7 write it: the author on the left over several lines, and "To", "cc" and
/// "Subject" at the right ends of three lines.
fn columns_of_notes(lines: &[Line]) -> Option<usize> {
    let first = lines.first().filter(|line| !line.is_blank() && line.text.starts_with("    "))?;
    let block = || lines.iter().take(MAX_BLOCK / 2).take_while(|line| !line.is_blank());
    let ends = |line: &Line, label: &str| {
        line.text.trim_end().strip_suffix(label).is_some_and(|rest| rest.is_empty() || rest.ends_with(' '))
    };
    let at = |label: &str, from: usize| {
        block().enumerate().skip(from).find(|(_, line)| ends(line, label)).map(|(place, _)| place)
    };
    let to = at("To", 0).filter(|_| !first.is_quoted())?;
    at("Subject", at("cc", to)?)?;
    let dated = block().any(|line| found(&DAY, &line.text) && found(&TIME, &line.text));
    dated.then(|| block().count())
}

/// Whether the next line can belong to an introduction that began in `joined`: a quoted line only closes an address
/// that was broken (`<a@b` and on the next line `> wrote:`), an empty one only stands before such an address.
fn goes_on(joined: &str, next: &[Line]) -> bool {
    let Some(line) = next.first() else { return false };
    let address_open = joined.matches('<').count() > joined.matches('>').count();
    if line.is_blank() {
        let closes = |l: &Line| l.text.trim_start().starts_with('<') || found(&WROTE_ALONE, &l.text);
        return address_open || next.get(1).is_some_and(closes);
    }
    address_open || !line.is_quoted()
}

/// A cheap look, so that most lines of prose are looked at once.
fn may_begin(first: &str) -> bool {
    found(&OPENER, first)
        || found(&DATE_FIRST, first)
        || first.contains('@')
        || first.contains('<')
        || ends_wrote(first)
}

fn ends_wrote(text: &str) -> bool {
    found(&WROTE_END, text) || found(&WROTE_INSIDE, text)
}

fn introduces(text: &str) -> Option<Certainty> {
    let (address, time, day) = (found(&ADDRESS, text), found(&TIME, text), found(&DAY, text));
    let colon = text.ends_with([':', '：']);
    if DATE_FIRST_ADDRESS.iter().all(|holds| holds(text)) {
        return Some(Certainty::Certain);
    }
    if found(&FIRST_PERSON, text) {
        return None;
    }
    if !ends_wrote(text) {
        // A language whose "wrote" stands in no list.
        return match (colon && address, time && day && text.contains('<')) {
            (true, true) => Some(Certainty::Certain),
            (true, false) => Some(Certainty::WhenQuotesFollow),
            (false, _) => None,
        };
    }
    if address && (colon || time || day) {
        return Some(Certainty::Certain);
    }
    let opened = (found(&OPENER, text) || found(&DATE_FIRST, text)) && !found(&ENGLISH_PROSE, text);
    if opened && time && day {
        return Some(Certainty::Certain);
    }
    (day || time || address || found(&NAME_WROTE, text)).then_some(Certainty::WhenQuotesFollow)
}

/// `2026-10-17 11:28 GMT+03:00 Name <a@b.example>:`, without a verb.
const DATE_FIRST_ADDRESS: [fn(&str) -> bool; 4] = [
    |text| found(&DATE_FIRST, text),
    |text| found(&TIME, text),
    |text| text.contains('<') && text.contains('@'),
    |text| text.ends_with(">:") || text.ends_with("> :"),
];

/// "-----Original Message-----", our own marker, the line of GroupWise: what follows is not the sender's.
pub(super) fn is_original_separator(text: &str) -> bool {
    let text = head(text, MAX_BYTES);
    has_strokes(text) && found(&ORIGINAL, text)
        || is_reply_marker(text)
        || text.starts_with(">>>") && found(&GROUPWISE, text)
        || text.matches([':', '：']).count() > 3 && found(&ONE_LINE, text)
}

/// "##- Please type your reply above this line -##".
pub(super) fn is_reply_marker(text: &str) -> bool {
    let text = head(text, MAX_BYTES);
    text.to_lowercase().contains("above this line") && found(&OUR_MARKER, text)
}

/// "---------- Forwarded message ---------", "Begin forwarded message:": what follows is sent on as content.
pub(in crate::message) fn is_forward_separator(text: &str) -> bool {
    let text = head(text, MAX_BYTES);
    has_strokes(text) && found(&FORWARD, text) || text.trim_end().ends_with([':', '：']) && found(&APPLE_FORWARD, text)
}

/// A cheap look before the patterns that need two strokes at the front.
fn has_strokes(text: &str) -> bool {
    let front = text.trim_start_matches([' ', '*', '>', '|']);
    ["--", "__", "==", "——"].iter().any(|stroke| front.starts_with(stroke))
}

/// A line of five or more strokes.
pub(super) fn is_stroke(text: &str) -> bool {
    let stroke = |c: char| matches!(c, '_' | '-' | '=' | '—' | '–' | '─' | '*');
    let mut strokes = text.chars().filter(|c| !c.is_whitespace());
    strokes.by_ref().take(5).filter(|c| stroke(*c)).count() == 5 && strokes.all(stroke)
}

#[cfg(test)]
mod tests {
    use super::super::line::plain_lines;
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        let all = [
            &WROTE_END,
            &WROTE_ALONE,
            &WROTE_INSIDE,
            &OPENER,
            &FIRST_PERSON,
            &ADDRESS,
            &TIME,
            &DAY,
            &DATE_FIRST,
            &ENGLISH_PROSE,
            &NAME_WROTE,
            &DASHED,
            &ORIGINAL,
            &FORWARD,
            &APPLE_FORWARD,
            &GROUPWISE,
            &OUR_MARKER,
            &ONE_LINE,
            &NOTES_DATE,
        ];
        for (number, pattern) in all.iter().enumerate() {
            assert!(pattern.is_some(), "pattern {number}");
        }
    }

    fn check(text: &str, expected: Option<(usize, Certainty)>) {
        let got = introduction(&plain_lines(text)).map(|i| (i.lines, i.certainty));
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn introductions_of_many_languages_are_known() {
        for text in [
            "On Mon, 12 Oct 2026 at 09:15, SEND Team <send@council.example> wrote:",
            "On 12 Oct 2026, at 09:15, Ann Low wrote:",
            "Am Mo., 12. Okt. 2026 um 09:15 Uhr schrieb Anna Klein <a@b.example>:",
            "Anna Klein <a@b.example> schrieb am Mo., 12. Okt. 2026 um 09:15 Uhr:",
            "Le lun. 12 oct. 2026 à 09:15, Anne Petit <a@b.example> a écrit :",
            "El lun, 12 oct 2026 a las 9:15, Ana (<a@b.example>) escribió:",
            "Il giorno lun 12 ott 2026 alle ore 09:15 Anna <a@b.example> ha scritto:",
            "Em seg., 12 de out. de 2026 às 09:15, Ana <a@b.example> escreveu:",
            "Op ma 12 okt. 2026 om 09:15 schreef Anna <a@b.example>:",
            "Op 12 okt. 2026 om 09:15 heeft Anna <a@b.example> het volgende geschreven:",
            "Den mån 12 okt. 2026 kl 09:15 skrev Anna <a@b.example>:",
            "man. 12. okt. 2026 kl. 09:15 skrev Anna <a@b.example>:",
            "ma 12. lokak. 2026 klo 9.15 Anna (a@b.example) kirjoitti:",
            "pon., 12 paź 2026 o 09:15 Anna <a@b.example> napisał(a):",
            "po 12. 10. 2026 v 9:15 odesílatel Anna <a@b.example> napsal:",
            "Anna <a@b.example> ezt írta (időpont: 2026. okt. 12., H, 9:15):",
            "пн, 12 окт. 2026 г. в 09:15, Анна <a@b.example>:",
            "12.10.2026 09:15, Анна пишет:",
            "Anna <a@b.example> 于2026年10月12日周一 上午9:15写道：",
            "2026年10月12日(月) 9:15 Annaのメール <a@b.example>:",
            "2026. 10. 12. 오전 9:15, Anna <a@b.example>님이 작성:",
            "Ar Ll, 12 Hyd 2026 am 09:15, rhywun anhysbys <a@b.example> qwrtx:",
            "2026-10-12 9:15 GMT+01:00 Anna <a@b.example>:",
            "2026年10月12日(月) 9:15 Anna <a@b.example>:",
            "Anna Low <a@b.example> wrote:",
            "---- On Mon, 12 Oct 2026 09:15:00 +0100 Anna Low wrote ----",
            "-------- Anna Low wrote --------",
        ] {
            check(text, Some((1, Certainty::Certain)));
        }
    }

    #[test]
    fn the_columns_of_notes_are_one_introduction() {
        let block = "             Ann Low\n             <a@b.example>\n                                                 To\n                            sam@c.example\n             12/10/2026 09:15                    cc\n                                            Subject\n                            Advice";
        check(block, Some((7, Certainty::Certain)));
        check(&block.replace("12/10/2026 09:15", "yesterday"), None);
        check("    Bring Jo To\n    school at 9:15 on 12/10/2026 please", None);
    }

    #[test]
    fn introductions_break_over_lines() {
        check("On Mon, 12 Oct 2026 at 09:15, A Very Long Name\n<a@b.example>\nwrote:", Some((3, Certainty::Certain)));
        check("On Mon, 12 Oct 2026 at 09:15, Ann Low <a@b.example\n> wrote:", Some((2, Certainty::Certain)));
        check("On Mon, 12 Oct 2026 at 09:15 Ann Low\n\n<\nmailto:a@b.example\n> wrote:", Some((5, Certainty::Certain)));
    }

    #[test]
    fn prose_is_no_introduction() {
        for text in [
            "On 12 October 2026 at 10:00 I wrote:",
            "His mother wrote:",
            "On 12 October we met his mother.",
            "The school wrote to us on 12 October 2026.",
            "Dr Low (a@b.example) will write.",
            "2026 was a hard year.",
        ] {
            check(text, None);
        }
        check("On 12 October 2026 his mother wrote:", Some((1, Certainty::WhenQuotesFollow)));
        check("On 12 October 2026 at 10:00 Dr Low wrote:", Some((1, Certainty::WhenQuotesFollow)));
        check("Ann Low wrote:", Some((1, Certainty::WhenQuotesFollow)));
        check("* Ann Low <a@b.example>:", Some((1, Certainty::WhenQuotesFollow)));
    }

    #[test]
    fn separators_are_known_and_forwards_told_apart() {
        for text in [
            "-----Original Message-----",
            "*-------- Original Message --------*",
            "----- Ursprüngliche Nachricht -----",
        ] {
            assert!(is_original_separator(text) && !is_forward_separator(text), "{text}");
        }
        for text in [
            "---------- Forwarded message ---------",
            "Begin forwarded message:",
            "----- Forwarded by A Low/Org on 12/10/2026 -----",
        ] {
            assert!(is_forward_separator(text) && !is_original_separator(text), "{text}");
        }
        assert!(is_original_separator("##- Please type your reply above this line -##"));
        assert!(is_original_separator(">>> Ann Low <a@b.example> 12/10/2026 09:15 >>>"));
        assert!(!is_original_separator("The original message never came."));
    }
}
