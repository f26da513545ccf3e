//! Absences and acknowledgements: answers that a program gives in somebody's name.

use super::{Finding, phrases, text::Words};
use crate::message::{Kind, Message, ReturnPath, is_answer};

/// Points that make a short note a machine's.
const ENOUGH: u32 = 2;
/// Points that make a substantial text a machine's: no header reaches them without words or subject that fit.
const ENOUGH_FOR_SUBSTANTIAL: u32 = 4;
/// Words of a substantial text in which a notice has said what it is; ticket systems put theirs at the foot.
const OPENING_WORDS: usize = 45;

/// Words in which the answer of a shared mailbox sounds like one.
const DESK_WORDS: usize = 70;

/// Words in which a challenge says what it wants.
const CHALLENGE_WORDS: usize = 150;

/// How much a header proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Mass mail, lists and some gateways set it on people's mail too: never enough.
    Hint,
    /// Machines ask for no answer: enough with words that fit.
    Weak,
    /// A program says that it answered; some ticket systems stamp it on people's replies.
    Strong,
}

impl Weight {
    fn points(self) -> u32 {
        match self {
            Self::Hint => 0,
            Self::Weak => 1,
            Self::Strong => 2,
        }
    }
}

/// One header that speaks for a machine.
#[derive(Debug)]
pub struct Sign {
    /// What it proves.
    pub weight: Weight,
    /// Which kind it speaks for, when it tells.
    pub kind: Option<Kind>,
    /// The header, short.
    pub text: String,
}

/// Reads absences, acknowledgements and challenges.
pub fn read(message: &Message, words: &Words) -> Option<Finding> {
    if let Some(finding) = challenge(message, words) {
        return Some(finding);
    }
    let signs = signs(message);
    let spoken = Spoken::of(words, &words.new_text);
    // "Ann has sent you a secure message" is a person's answer in an envelope.
    let is_envelope = phrases::SECURE.first_in(&words.new_text).is_some();
    if words.attached || is_envelope || !is_machine(message, &signs, &spoken, words) {
        return None;
    }
    let kind = kind_of(&signs, &spoken);
    let evidence = signs.into_iter().map(|sign| sign.text).chain(spoken.into_texts()).collect();
    Some(Finding::new(kind, evidence))
}

/// Whether header, subject and text together reach the points. Text alone never does, unless it says of itself
/// that a program wrote it: people write "I am on leave until Monday" too.
fn is_machine(message: &Message, signs: &[Sign], spoken: &Spoken, words: &Words) -> bool {
    let outside = header_points(signs) + spoken.subject_points() + u32::from(is_rule_of_exchange(message, signs));
    let unmarked = header_points(signs) == 0;
    if unmarked && is_personal(spoken, words) || is_passed_on(message, signs, spoken, words) {
        return false;
    }
    let enough = if words.is_substantial() { ENOUGH_FOR_SUBSTANTIAL } else { ENOUGH };
    let needed = spoken.needed_without_header(|| is_only_absence(message, words));
    let says_enough = !unmarked || spoken.said_points() >= needed;
    if outside > 0 && says_enough && outside + spoken.text_points() >= enough {
        return true;
    }
    let above = Spoken::of(words, &words.above_closing);
    above.is_desk(message, words) || (above.declared.is_some() && outside + above.text_points() >= enough)
}

/// A short note that answers nobody, each sentence of it about an absence, and none about what the writer will do:
/// "back on Monday and will send it then" is a person's answer.
fn is_only_absence(message: &Message, words: &Words) -> bool {
    let is_absent = |one: &&String| {
        let told = [&phrases::ABSENT, &phrases::ABSENT_OPENING].iter().any(|table| table.first_in(one).is_some());
        told && phrases::PROMISED.first_in(one).is_none()
    };
    let is_note = !words.is_substantial() && message.in_reply_to.is_empty() && !is_answer(&message.subject);
    is_note && told_sentences(words).all(|one| is_absent(&one))
}

/// Without any header: somebody is back, or tells a reader by name that they will be away. Desks know the name too.
fn is_personal(spoken: &Spoken, words: &Words) -> bool {
    let is_desks = !spoken.received.is_empty() || !spoken.desk.is_empty() || spoken.declared.is_some();
    let greeting = words.first_line.as_str();
    let to_somebody =
        phrases::SPOKEN_TO.first_in(greeting).is_some() && phrases::SPOKEN_TO_ANY.first_in(greeting).is_none();
    let told = spoken.subject.is_none() && !is_desks && to_somebody;
    told || phrases::BACK_ALREADY.first_in(&words.new_text).is_some()
}

/// Below a mark that ticket systems stamp on people's answers too: what no desk says is the person's, one sentence in
/// an answer to us.
fn is_passed_on(message: &Message, signs: &[Sign], spoken: &Spoken, words: &Words) -> bool {
    let is_absence = spoken.subject.is_some() || spoken.opening.is_some() || spoken.absent.is_some();
    let is_named = spoken.declared.is_some() || spoken.received_subject.is_some();
    let is_sure = is_absence || is_named || header_points(signs) > 1;
    let allowed = if message.in_reply_to.is_empty() { BESIDE_DESK } else { 0 };
    !is_sure && words_beside_desk(words) > allowed
}

/// The strongest header. A program's mark on a mail that wants no answer back is more than a ticket system's
/// stamp: people's replies come with a return path.
fn header_points(signs: &[Sign]) -> u32 {
    let strongest = signs.iter().map(|sign| sign.weight).max();
    let unanswerable = signs.iter().any(|sign| sign.text == NULL_PATH);
    let both = strongest == Some(Weight::Strong) && unanswerable;
    strongest.map_or(0, Weight::points) + u32::from(both)
}

/// Exchange marks what its rules send in two headers: an absence in a language that stands in no table. What a rule
/// passes on for a person is an answer or a forward.
fn is_rule_of_exchange(message: &Message, signs: &[Sign]) -> bool {
    let has = |name: &str| signs.iter().any(|sign| sign.text.starts_with(name));
    has(RULES_LOOP) && has("X-Auto-Response-Suppress") && !is_answer(&message.subject)
}

const RULES_LOOP: &str = "X-MS-Exchange-Inbox-Rules-Loop";
const NULL_PATH: &str = "null return path";

/// Absence or acknowledgement; vacation programs and plain wishes without a desk's words are absences.
fn kind_of(signs: &[Sign], spoken: &Spoken) -> Kind {
    let absent = spoken.absent.is_some() || spoken.opening.is_some() || spoken.mild_subject.is_some();
    let received = !spoken.received.is_empty() || !spoken.desk.is_empty() || spoken.received_subject.is_some();
    let told = signs.iter().find_map(|sign| sign.kind);
    match (absent, received) {
        (true, _) => Kind::Absence,
        (false, true) => Kind::Acknowledgement,
        (false, false) if told.is_some() => told.unwrap_or(Kind::Absence),
        (false, false) if spoken.subject.is_some() => Kind::Absence,
        (false, false) => Kind::Acknowledgement,
    }
}

/// What subject and new text say.
#[derive(Debug, Default)]
struct Spoken {
    is_substantial: bool,
    subject: Option<String>,
    mild_subject: Option<String>,
    received_subject: Option<String>,
    opening: Option<String>,
    absent: Option<String>,
    received: Vec<String>,
    desk: Vec<String>,
    numbered: Option<String>,
    thanks: Option<String>,
    opens_with_thanks: bool,
    declared: Option<String>,
}

impl Spoken {
    fn of(words: &Words, text: &str) -> Self {
        let looked_at = if words.is_substantial() { OPENING_WORDS } else { usize::MAX };
        let text = &phrases::PASTED.left_out_of(text);
        Self {
            is_substantial: words.is_substantial(),
            subject: phrases::AUTOMATIC_SUBJECT.first_in(&words.subject),
            mild_subject: phrases::ABSENCE_SUBJECT.first_in(&words.subject),
            received_subject: phrases::RECEIVED_SUBJECT.first_in(&words.subject),
            opening: phrases::ABSENT_OPENING.opens(text, looked_at),
            absent: phrases::ABSENT.opens(&phrases::OTHERS_ABSENT.left_out_of(text), looked_at),
            received: phrases::RECEIVED.all_in(text, looked_at),
            desk: phrases::DESK.all_in(text, DESK_WORDS),
            numbered: phrases::NUMBERED.opens(text, looked_at),
            thanks: phrases::THANKS.opens(text, looked_at),
            opens_with_thanks: phrases::THANKS.opens(text, 10).is_some(),
            declared: phrases::DECLARED.opens(text, looked_at),
        }
    }

    /// Three things that only a desk says, or two behind its thanks, and hardly anything else. Who answers us and says
    /// but two may be a person.
    fn is_desk(&self, message: &Message, words: &Words) -> bool {
        let said = match self.desk.len() {
            0 | 1 => false,
            2 => self.opens_with_thanks && message.in_reply_to.is_empty(),
            _ => true,
        };
        let others = words_beside_desk(words);
        said && (others == 0 || (!self.received.is_empty() && others <= BESIDE_DESK))
    }

    fn subject_points(&self) -> u32 {
        let mild = self.mild_subject.is_some() || self.received_subject.is_some();
        if self.subject.is_some() { 2 } else { u32::from(mild) }
    }

    fn text_points(&self) -> u32 {
        let said = self.said_points();
        // People thank for a mail too: thanks count beside words that fit, and alone in a short note.
        let thanks = self.thanks.is_some() && (said > 0 || !self.is_substantial);
        let by_tickets = self.received_subject.is_some() && !self.received.is_empty() && self.numbered.is_some();
        said + u32::from(thanks || by_tickets)
    }

    fn said_points(&self) -> u32 {
        let absent = if self.opening.is_some() { 2 } else { u32::from(self.absent.is_some()) };
        let received = u32::try_from(self.received.len().min(2)).unwrap_or(2);
        let declared = if self.declared.is_some() { 2 } else { 0 };
        absent + received + declared
    }

    /// What the text itself has to say below a subject that people write too: who is away says so at once, a desk has
    /// received something.
    fn needed_without_header(&self, is_only_absence: impl Fn() -> bool) -> u32 {
        match (&self.subject, &self.received_subject) {
            (Some(_), _) => 0,
            (None, Some(_)) => 1,
            (None, None) if self.mild_subject.is_some() && is_only_absence() => 1,
            (None, None) => 2,
        }
    }

    fn into_texts(self) -> impl Iterator<Item = String> {
        let subject = self.subject.or(self.received_subject).or(self.mild_subject);
        let subject = subject.map(|s| format!("subject opens with '{s}'"));
        let body = [self.declared, self.opening.or(self.absent), self.thanks].into_iter().flatten();
        subject.into_iter().chain(body.chain(self.received).chain(self.desk).map(|s| format!("body says '{s}'")))
    }
}

/// How many words the sentences have that no desk says; greetings, names and numbers say nothing.
fn words_beside_desk(words: &Words) -> usize {
    let tables = [&phrases::DESK, &phrases::RECEIVED, &phrases::THANKS, &phrases::DECLARED, &phrases::ABSENT];
    let others = told_sentences(words).filter(|one| tables.iter().all(|table| table.first_in(one).is_none()));
    others.map(|one| one.split(' ').count()).sum()
}

/// Words beside a desk's own that desks have, about their hours and their service.
const BESIDE_DESK: usize = 20;

/// The sentences that say something.
fn told_sentences(words: &Words) -> impl Iterator<Item = &String> {
    words.sentences.iter().filter(|one| one.split(' ').count() > NAME_WORDS && !is_nothing(one))
}

/// Words of a line that is but a name.
const NAME_WORDS: usize = 2;

fn is_nothing(sentence: &str) -> bool {
    let is_greeting = phrases::SPOKEN_TO.first_in(sentence).is_some() && sentence.split(' ').count() <= 4;
    is_greeting || phrases::REFERENCE.first_in(sentence).is_some()
}

/// A challenge without any header: its words are a machine's alone, but a person's attachment never is.
fn challenge(message: &Message, words: &Words) -> Option<Finding> {
    let asked = phrases::CHALLENGE.all_in(&words.new_text, CHALLENGE_WORDS);
    let phrase = asked.first().filter(|_| !words.attached)?;
    let by_subject = phrases::CHALLENGE_SUBJECT.first_in(&words.subject).is_some();
    let links = words.new_text.contains("http://") || words.new_text.contains("https://");
    let machine = signs(message).iter().any(|sign| sign.weight >= Weight::Weak);
    let second = phrases::RECEIVED.first_in(&words.new_text).or_else(|| phrases::DECLARED.first_in(&words.new_text));
    let says_so = second.is_some() || asked.len() > 1;
    if !(says_so && (links || machine || by_subject) || (machine && links)) {
        return None;
    }
    Some(Finding::new(Kind::Acknowledgement, vec![format!("asks for a confirmation: '{phrase}'")]))
}

/// Every header that speaks for a machine, strongest first.
pub fn signs(message: &Message) -> Vec<Sign> {
    let mut signs: Vec<Sign> = HEADERS.iter().filter_map(|rule| rule.read(message)).collect();
    signs.extend(auto_submitted(message));
    signs.extend(vacation_id(message));
    if message.return_path == ReturnPath::Null {
        signs.push(Sign { weight: Weight::Weak, kind: None, text: NULL_PATH.to_owned() });
    }
    if is_no_reply(message) {
        signs.push(Sign {
            weight: Weight::Weak,
            kind: Some(Kind::Acknowledgement),
            text: "From a no-reply address".to_owned(),
        });
    }
    signs.sort_by_key(|sign| std::cmp::Reverse(sign.weight));
    signs
}

/// RFC 3834 5: trimmed, without case, comments and parameters; `no` means a person.
///
/// Ticket systems stamp `auto-generated` on the replies of people that they pass on; those open with "Re:".
fn auto_submitted(message: &Message) -> Option<Sign> {
    let value = message.header("Auto-Submitted")?.to_ascii_lowercase();
    let keyword = value.split([';', '(']).next().unwrap_or_default().trim();
    let passed_on = keyword == "auto-generated" && is_answer(&message.subject);
    let kind = value.contains("vacation").then_some(Kind::Absence);
    let weight = if passed_on { Weight::Weak } else { Weight::Strong };
    keyword.starts_with("auto-").then(|| Sign { weight, kind, text: format!("Auto-Submitted: {keyword}") })
}

/// Sieve and vacation programs name themselves in the Message-ID.
fn vacation_id(message: &Message) -> Option<Sign> {
    let id = message.message_id.as_deref()?.to_ascii_lowercase();
    let found = ["sieve", "vacation", "autoreply", "auto-reply"].iter().find(|word| id.contains(*word))?;
    let kind = Some(Kind::Absence);
    Some(Sign { weight: Weight::Strong, kind, text: format!("Message-ID names '{found}'") })
}

/// Whether the mail comes from an address that takes no answers.
pub fn is_no_reply(message: &Message) -> bool {
    const LOCALS: [&str; 8] =
        ["noreply", "no-reply", "no_reply", "donotreply", "do-not-reply", "do_not_reply", "no.reply", "autoreply"];
    message.from.iter().any(|from| LOCALS.iter().any(|local| from.address.local().starts_with(local)))
}

/// What a header must say.
enum Says {
    /// Anything but nothing, `no`, `none` and `false`.
    Anything,
    /// One of these words, at the start.
    OneOf(&'static [&'static str]),
}

struct Rule {
    name: &'static str,
    says: Says,
    weight: Weight,
    kind: Option<Kind>,
}

impl Rule {
    fn read(&self, message: &Message) -> Option<Sign> {
        let value = message.headers_named(self.name).find(|value| self.fits(&value.trim().to_ascii_lowercase()))?;
        let shown: String = value.trim().chars().take(40).collect();
        Some(Sign { weight: self.weight, kind: self.kind, text: format!("{}: {shown}", self.name) })
    }

    fn fits(&self, value: &str) -> bool {
        match &self.says {
            Says::Anything => !matches!(value, "" | "no" | "none" | "false" | "0"),
            Says::OneOf(words) => words.iter().any(|word| value.starts_with(word)),
        }
    }
}

const fn rule(name: &'static str, says: Says, weight: Weight, kind: Option<Kind>) -> Rule {
    Rule { name, says, weight, kind }
}

static HEADERS: [Rule; 21] = [
    rule("X-Autoreply", Says::Anything, Weight::Strong, Some(Kind::Absence)),
    rule("X-Autorespond", Says::Anything, Weight::Strong, None),
    rule("X-Autoresponder", Says::Anything, Weight::Strong, None),
    rule("X-Auto-Reply", Says::Anything, Weight::Strong, Some(Kind::Absence)),
    rule("X-Autoreply-From", Says::Anything, Weight::Strong, Some(Kind::Absence)),
    rule("X-Autogenerated", Says::OneOf(&["reply", "vacation", "group"]), Weight::Strong, Some(Kind::Absence)),
    rule("X-Apple-Action", Says::OneOf(&["vacation"]), Weight::Strong, Some(Kind::Absence)),
    rule("X-Vacation", Says::Anything, Weight::Strong, Some(Kind::Absence)),
    rule("X-POST-MessageClass", Says::OneOf(&["9"]), Weight::Strong, None),
    rule("X-FC-MachineGenerated", Says::Anything, Weight::Strong, None),
    rule("Precedence", Says::OneOf(&["auto_reply", "auto-reply"]), Weight::Strong, Some(Kind::Absence)),
    rule("Preference", Says::OneOf(&["auto_reply", "auto-reply"]), Weight::Strong, Some(Kind::Absence)),
    rule("Delivered-To", Says::OneOf(&["autoresponder"]), Weight::Strong, None),
    rule(
        "X-Mailer",
        Says::OneOf(&["vacation", "autoresponder", "auto-responder"]),
        Weight::Strong,
        Some(Kind::Absence),
    ),
    rule(RULES_LOOP, Says::Anything, Weight::Weak, Some(Kind::Absence)),
    rule("X-Auto-Response-Suppress", Says::OneOf(&["all", "oof", "autoreply"]), Weight::Weak, None),
    // Its agents' comments carry it too.
    rule("X-ServiceNow-Generated", Says::Anything, Weight::Weak, None),
    // Vacation programs write "junk" since the first of them; lists and desks do not.
    rule("Precedence", Says::OneOf(&["junk"]), Weight::Weak, None),
    rule("Precedence", Says::OneOf(&["bulk", "list"]), Weight::Hint, None),
    rule("List-Id", Says::Anything, Weight::Hint, None),
    rule("Feedback-ID", Says::Anything, Weight::Hint, None),
];
