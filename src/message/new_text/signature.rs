//! What follows the sender's words: signature, the line of a phone, disclaimer, list footer. Must not touch a
//! closing formula with a name: who signed is part of the answer.

use super::attribution::{found, is_stroke, regex};
use super::line::{Line, Mark, head};
use super::quotation::Role;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// What stands below `-- ` is a signature up to this many lines; more is text.
const MAX_SIGNATURE_LINES: usize = 15;
/// And up to this many words.
const MAX_SIGNATURE_WORDS: usize = 120;
/// A line of a signature holds no more words than this.
const MAX_LINE_WORDS: usize = 25;
/// A list footer is no longer than this.
const MAX_FOOTER_LINES: usize = 8;

/// The line that a phone or a mail program adds, in the languages of mail programs.
static DEVICE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(concat!(
        r"(?i)^[\s<*_>(\[-]*(?:",
        r"(?:sent|delivered|written|composed|posted) (?:from|via|with|using) (?:an? |the |my )?(?:\S+ ){0,3}?\(?(?:outlook|yahoo|gmail|",
        r"mail for|proton|samsung|galaxy|iphone|ipad|ipod|android|windows|blackberry|nokia|huawei|htc|xperia|lumia|pixel|oneplus|",
        r"aquamail|airmail|spark|k-9|bluemail|typeapp|typemail|nine|edison|mailbird|thunderbird|mobile|phone|smartphone|tablet|",
        r"handheld|wireless|aol|ee|surface|nhsmail|device)\b.{0,60}",
        r"|(?:get|download) outlook for (?:ios|android|mac|windows)\b.{0,60}",
        r"|get (?:bluemail|typeapp|spark) for .{0,60}|yahoo mail: search, organi[sz]e, conquer",
        r"|(?:envoyé|expédié) (?:depuis|de|à partir de|via|avec) .{0,80}",
        r"|télécharger outlook pour .{0,60}|obtener outlook para .{0,60}|outlook für (?:ios|android) .{0,60}",
        r"|(?:gesendet|verschickt) (?:von|mit|über|aus) .{0,80}|von (?:meinem|unterwegs|mobil).{0,60}(?:gesendet|gesandt).{0,20}",
        r"|diese nachricht wurde von meinem .{0,80}",
        r"|enviado (?:desde|do|de|a partir do|via) .{0,80}|enviada (?:desde|do|de) .{0,80}",
        r"|inviato d(?:a|al|alla|all')\s?.{0,80}|verzonden (?:vanaf|van|met|vanuit|via) .{0,80}|verstuurd vanaf .{0,60}",
        r"|send[ty] fra (?:min|mit|outlook|e-post).{0,60}|skickat från .{0,80}|lähetetty .{0,40}(?:puhelime|iphone|ipad|laittee).{0,40}",
        r"|wysłan[eo] z .{0,80}|odeslán?o z .{0,80}|odoslané z .{0,60}|trimis de pe .{0,60}|poslano (?:s|z|sa) .{0,60}",
        r"|отправлено (?:с|из) .{0,80}|надіслано з .{0,80}|στάλθηκε από .{0,80}|iphone.?umdan gönderildi.{0,20}|.{0,30}gönderildi$",
        r"|発?送?信? ?iphone ?から送信|iphoneから送信|从我的 ?.{0,20}发送|從我的 ?.{0,20}傳送|나의 iphone에서 보냄",
        r"|anfonwyd o.{0,60}",
        r")[\s>*_.!<]*(?:<\s*https?://\S*>?)?[\s>]*$",
    ))
});

/// "Sent from …" with a name that nobody can list; only as the last words.
static DEVICE_AT_END: LazyLock<Option<Regex>> =
    LazyLock::new(|| regex(r"(?i)^\W*sent (?:from|via|with|using) (?:\S+ ){0,4}\S+(?:\s?<https?://\S*>?)?\W*$"));
static NOT_A_DEVICE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(r"(?i)\b(?:the|our|his|her|their|on|by|to|clinic|school|hospital|report|post|today|yesterday|\d+)\b")
});
/// A protective marking, alone on the last line.
static MARKING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(r"^\W*(?:(?:Classification|CLASSIFICATION)\s*:\s*)?(?:NHS |UK )?OFFICIAL(?:\W{0,3}SENSITIVE)?\W*$")
});
static EXCUSE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(
        r"(?i)^\W*(?:please )?(?:excuse|forgive|pardon|apologies for)\b.{0,40}\b(?:brevity|typos?|errors|mistakes|spelling|autocorrect)\b.{0,60}$",
    )
});

/// How a disclaimer opens, at the beginning of a line.
static DISCLAIMER_OPENS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(concat!(
        r"(?i)^\W*(?:(?:important|legal|confidentiality|e-?mail)?\s*(?:notice|disclaimer|warning|statement)\b",
        r"|(?:this|the) (?:e-?mail|message|communication|transmission|electronic mail)\b",
        r"|(?:the )?(?:information|contents?)\b.{0,30}\b(?:in|of|with|transmitted) (?:this|the) (?:e-?mail|message|communication|transmission)",
        r"|(?:privileged|confidential)\b.{0,30}\binformation\b.{0,40}\b(?:e-?mail|message)",
        r"|if you (?:are not|have received|received)\b|unless (?:expressly|otherwise)\b",
        r"|(?:all )?e-?mails? (?:sent|to and from|may be|are)\b|any (?:views|opinions|unauthori[sz]ed)\b",
        r"|please (?:consider|think about) the environment\b|nhsmail is\b|for more information and to find out how you can switch\b",
        r"|disclaimer\b|confidentiality\b|warning:|mae'r (?:e-?bost|neges)\b|diese e-?mail\b|ce (?:message|courriel)\b|este (?:mensaje|correo)\b|questo messaggio\b)",
    ))
});

/// What only disclaimers say.
const DISCLAIMER_SAYS: [&str; 22] = [
    "'r derbynnydd",
    "privileged",
    "intended recipient",
    "designated recipient",
    "named recipient",
    "intended only",
    "intended solely",
    "solely for",
    "addressee",
    "in error",
    "by mistake",
    "notify the sender",
    "inform the sender",
    "advise the sender",
    "unauthorised",
    "unauthorized",
    "freedom of information",
    "not necessarily represent",
    "not necessarily reflect",
    "environment before printing",
    "nhsmail",
    "accredited email services",
];

/// What they say too; by itself it says nothing, for children's papers are confidential.
const DISCLAIMER_ADDS: [&str; 13] = [
    "public disclosure",
    "gyfrinachol",
    "confidential",
    "delete",
    "prohibited",
    "virus",
    "monitor",
    "liab",
    "any attachments",
    "do not necessarily",
    "disclose",
    "copy or use",
    "protectively marked",
];

/// A line that is one by itself, and that nobody writes of a child.
static DISCLAIMER_LINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(concat!(
        r"(?i)^\W*(?:please )?(?:consider|think (?:of|about)) the environment before printing\b.{0,80}$",
        r"|^\W*(?:please )?(?:do not|don.t|only) print this (?:e-?mail|message)\b.{0,60}$",
        r"|^\W*this (?:e-?mail|message) (?:has been|was) (?:scanned|checked|swept|virus[- ]checked)\b.{0,40}\b(?:virus\w*|malware|mimecast|symantec|e-?mail security|spam)\b.{0,80}$",
        r"|^\W*virus-free\b.{0,60}$",
        r"|^.{0,160}\bregistered (?:in (?:england|scotland|wales)|office|company|charity)\b.{1,160}\b(?:registered office|registered (?:in|charity|company)|company (?:number|no|reg)|charity (?:number|no))\b",
    ))
});

static FOOTER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(
        r"(?i)mailing list|unsubscribe|listinfo|listserv|manage (?:your )?(?:preferences|subscription)|groups\.google",
    )
});

/// Marks what is below the sender's words in every stretch of them.
pub(super) fn mark(lines: &[Line], roles: &mut [Role]) {
    for range in stretches(roles) {
        mark_delimited(lines, roles, range.clone());
        mark_footer(lines, roles, range.clone());
        mark_disclaimers(lines, roles, range.clone());
        mark_devices(lines, roles, range);
    }
    unmark_long(lines, roles);
}

/// The stretches of own and empty lines.
fn stretches(roles: &[Role]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, role) in roles.iter().enumerate() {
        if !matches!(role, Role::Own | Role::Blank) {
            continue;
        }
        match found.last_mut() {
            Some(range) if range.end == at => range.end = at + 1,
            Some(_) | None => found.push(at..at + 1),
        }
    }
    found
}

fn within<'a>(lines: &'a [Line], range: &Range<usize>) -> impl Iterator<Item = (usize, &'a Line)> + use<'a> {
    lines.iter().enumerate().skip(range.start).take(range.len())
}

fn set(roles: &mut [Role], range: Range<usize>, role: Role) {
    for slot in roles.iter_mut().skip(range.start).take(range.len()).filter(|r| **r == Role::Own) {
        *slot = role;
    }
}

/// `-- ` alone on a line (RFC 3676 4.3) and what is below it.
fn mark_delimited(lines: &[Line], roles: &mut [Role], range: Range<usize>) {
    let delimiter = within(lines, &range).filter(|(_, l)| l.text.trim() == "--").map(|(at, _)| at);
    for at in delimiter.take(20) {
        let below = at..range.end;
        if is_small(lines, &below, MAX_SIGNATURE_LINES) {
            return set(roles, below, Role::Signature);
        }
    }
}

/// Few lines, few words, and no line of prose: a sentence below a line is text until it speaks like a disclaimer.
fn is_small(lines: &[Line], range: &Range<usize>, most: usize) -> bool {
    let prose = |line: &Line| line.text.split_whitespace().count() > MAX_LINE_WORDS && !found(&FOOTER, short(line));
    if within(lines, range).any(|(at, line)| prose(line) && !says(lines, &(at..at + 1)).opens()) {
        return false;
    }
    let read = within(lines, range).filter(|(_, l)| !l.is_blank()).take(most + 2);
    let (count, words) = read.fold((0, 0), |(c, w), (_, l)| (c + 1, w + l.text.split_whitespace().count()));
    count <= most + 1 && words <= MAX_SIGNATURE_WORDS
}

/// A line of strokes and below it, to the end, few lines that speak of a mailing list.
fn mark_footer(lines: &[Line], roles: &mut [Role], range: Range<usize>) {
    let strokes = within(lines, &range).filter(|(_, l)| is_stroke(&l.text) || is_short_stroke(&l.text));
    let strokes: Vec<usize> = strokes.map(|(at, _)| at).collect();
    for at in strokes.into_iter().rev().take(3) {
        let below = at..range.end;
        if is_small(lines, &below, MAX_FOOTER_LINES) && within(lines, &below).any(|(_, l)| found(&FOOTER, short(l))) {
            set(roles, below, Role::Disclaimer);
        }
    }
}

fn is_short_stroke(text: &str) -> bool {
    let text = text.trim();
    (2..5).contains(&text.len()) && (text.chars().all(|c| c == '_') || text.chars().all(|c| c == '-'))
}

fn short(line: &Line) -> &str {
    head(line.text.trim(), 1000)
}

/// From the first disclaimer on, every paragraph that speaks like one.
fn mark_disclaimers(lines: &[Line], roles: &mut [Role], range: Range<usize>) {
    let alone = within(lines, &range).filter(|(_, line)| found(&DISCLAIMER_LINE, short(line)));
    let alone: Vec<usize> = alone.map(|(at, _)| at).collect();
    for at in alone {
        set(roles, at..at + 1, Role::Disclaimer);
    }
    let mut begun = false;
    let mut at = range.start;
    while at < range.end {
        let end = paragraph_end(lines, at, range.end);
        let opens = (at..end).find(|i| lines.get(*i).is_some_and(|l| found(&DISCLAIMER_OPENS, short(l))));
        let from = if begun { Some(at) } else { opens };
        if let Some(from) = from.filter(|from| {
            let says = says(lines, &(*from..end));
            if begun { says.goes_on() } else { says.opens() }
        }) {
            let strokes_above =
                lines.iter().take(from).rev().take_while(|l| l.is_blank() || is_stroke(&l.text)).count();
            set(roles, from.saturating_sub(strokes_above).max(range.start)..end, Role::Disclaimer);
            begun = true;
        }
        at = end + 1;
    }
}

fn paragraph_end(lines: &[Line], from: usize, limit: usize) -> usize {
    within(lines, &(from..limit)).find(|(_, l)| l.is_blank()).map_or(limit, |(at, _)| at)
}

/// What lines have of a disclaimer.
struct Says {
    own: usize,
    added: usize,
    strokes: bool,
}

impl Says {
    /// One thing that only disclaimers say, and one more thing.
    fn opens(&self) -> bool {
        self.own > 0 && self.own + self.added > 1
    }

    /// Behind a disclaimer one thing is enough, and so are strokes.
    fn goes_on(&self) -> bool {
        self.own > 0 || self.strokes
    }
}

fn says(lines: &[Line], range: &Range<usize>) -> Says {
    let text: Vec<String> = within(lines, range).take(60).map(|(_, l)| head(&l.text, 4000).to_lowercase()).collect();
    let text = text.join(" ");
    let count = |words: &[&str]| words.iter().filter(|word| text.contains(**word)).count();
    Says { own: count(&DISCLAIMER_SAYS), added: count(&DISCLAIMER_ADDS), strokes: is_stroke(&text) }
}

/// The lines of phones; a name that is not known only as the last words of the stretch.
fn mark_devices(lines: &[Line], roles: &mut [Role], range: Range<usize>) {
    let own: Vec<usize> = range.filter(|at| roles.get(*at) == Some(&Role::Own)).collect();
    let mut at_end = true;
    for at in own.into_iter().rev() {
        let Some(line) = lines.get(at) else { continue };
        let text = short(line);
        let unknown = at_end && found(&DEVICE_AT_END, text) && !found(&NOT_A_DEVICE, text);
        let excuse = at_end && found(&EXCUSE, text);
        if at_end && found(&MARKING, text) {
            set(roles, at..at + 1, Role::Banner);
        } else if found(&DEVICE, text) || unknown || excuse {
            set(roles, at..at + 1, Role::Signature);
        } else if !is_stroke(&line.text) {
            at_end = false;
        }
    }
}

/// People type into the element of the signature too: a long one, without other words, is no signature.
fn unmark_long(lines: &[Line], roles: &mut [Role]) {
    if roles.contains(&Role::Own) {
        return;
    }
    let marked = || lines.iter().filter(|l| l.mark == Mark::Signature);
    let words: usize = marked().map(|l| l.text.split_whitespace().count()).sum();
    if words <= MAX_SIGNATURE_WORDS / 2 {
        return;
    }
    for (line, role) in lines.iter().zip(roles.iter_mut()) {
        if line.mark == Mark::Signature && *role == Role::Signature {
            *role = Role::Own;
        }
    }
}
