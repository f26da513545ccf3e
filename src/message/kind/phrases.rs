//! What machines say, as tables: compared with text that `text::fold` has made lower case and without accents.
//!
//! A phrase that people use too ("thank you for your email") stands in a table of its own, for it needs a second
//! sign. Subject tables are anchored at the start: "Re: Automatic reply: …" is a person's answer to a machine.

use regex::Regex;
use std::sync::LazyLock;

/// Alternatives that mean one thing.
pub struct Table(LazyLock<Option<Regex>>);

impl Table {
    /// The first place where one of the alternatives stands, as written there, shortened.
    pub fn first_in(&self, text: &str) -> Option<String> {
        let found = self.0.as_ref()?.find(text)?;
        Some(shown(found.as_str()))
    }

    /// Every place within the first `words` words.
    pub fn all_in(&self, text: &str, words: usize) -> Vec<String> {
        let Some(pattern) = self.0.as_ref() else { return Vec::new() };
        pattern.find_iter(opening(text, words)).map(|found| shown(found.as_str())).collect()
    }

    /// The text without every place where one stands.
    pub fn left_out_of(&self, text: &str) -> String {
        self.0.as_ref().map_or_else(|| text.to_owned(), |pattern| pattern.replace_all(text, " ").into_owned())
    }

    /// Whether one of them stands within the first `words` words.
    pub fn opens(&self, text: &str, words: usize) -> Option<String> {
        self.first_in(opening(text, words))
    }

    /// Whether the table is a valid pattern: a bad one would match nothing without a word.
    #[cfg(test)]
    pub fn compiles(&self) -> bool {
        self.0.is_some()
    }
}

/// The first words of a folded text.
fn opening(text: &str, words: usize) -> &str {
    let end = text.match_indices(' ').nth(words.saturating_sub(1)).map_or(text.len(), |(place, _)| place);
    text.split_at_checked(end).map_or(text, |(opening, _)| opening)
}

fn shown(found: &str) -> String {
    found.trim().chars().take(60).collect()
}

/// Builds a table; with `^` before the list every alternative has to open the text, behind a tag in brackets at most.
macro_rules! table {
    (^ $($pattern:literal),+ $(,)?) => {
        Table(LazyLock::new(|| Regex::new(concat!("^(?:\\[[^\\]]{0,60}\\] ?)?(?:", $($pattern, "|",)+ "\u{0}\u{0})")).ok()))
    };
    ($($pattern:literal),+ $(,)?) => {
        Table(LazyLock::new(|| Regex::new(concat!("(?:", $($pattern, "|",)+ "\u{0}\u{0})")).ok()))
    };
}

/// Subjects that only auto-responders write. Exchange translates "Automatic reply" into the user's language.
pub static AUTOMATIC_SUBJECT: Table = table![^
    r"auto(?:matic|mated|mat)?[ -]?(?:reply|response|responder|answer|notification)\b",
    r"auto(?:reply|respon[sd]e?r?|re)?\s?:",
    r"\[?auto(?:matic)?[- ]?(?:reply|response)\]?",
    r"automatis(?:che|ch|k|kt|ka)\w* (?:antwort|antwoord|svar|atbilde|abwesenheit\w*|empfang\w*|eingang\w*)",
    r"(?:\[|\()auto(?:matic|mated)?[- ]?(?:reply|response|responder|generated)?(?:\]|\))",
    r"automatic out of (?:the )?office", r"away message", r"vacation\b.{0,10}:",
    r"autosvar", r"autorespuesta", r"autorisposta", r"autom\. antwort",
    r"reponse automatique", r"respuesta automatica", r"risposta automatica", r"resposta automatica",
    r"automaattinen (?:poissaolo|vastaus)\w*", r"automaatvastus", r"automatine? ?\w* atsakymas", r"automatinis atsakymas",
    r"automatyczna odpowiedz", r"odpowiedz automatyczna", r"automaticka odpoved", r"automatikus valasz",
    r"raspuns automat", r"samodejni odgovor", r"automatski odgovor", r"otomatik yanit", r"ymateb awtomatig",
    r"автоматическии ответ", r"автоответ", r"автоматична в", r"αυτοματη απαντηση", r"自動応答", r"自动答复", r"自動回覆", r"자동",
    r"(?:arpus|prombutnes?) biroja\b", r"prombutne",
    r"תשובה אוטומטית", r"رد تلقايي", r"автоматичен отговор", r"tra loi tu đong", r"erantzun automatikoa", r"freagra uathoibrioch", r"automatikusan", r"自動返信", r"自动回复", r"자동 ?(?:회신|응답)",
    r"absent(?:\(?e\)?)? du bureau",
    r"abwesenheits?\w*", r"abwesend\b", r"abwesenheit:", r"ausser haus", r".{1,60} ist ausser haus",
    r"out of (?:the )?office(?: auto[- ]?reply| reply| message| notification| response)\s?(?::|$)",
    r"out of (?:the )?office\s?:",
    r"ooo\s?:", r"oof\s?:",
    r".{1,60} is (?:currently )?(?:out of (?:the )?office|away from (?:the|his|her|their) office|on leave|on annual leave)\b",
    r"away from (?:my|the) (?:mail|e-?mail|office|desk)",
    r"vacation (?:reply|response|message|notice|auto)", r"on vacation:", r"holiday (?:reply|response|message)\s?:",
    r"absence (?:du bureau|notification|notice)", r"message d'absence", r"avis d'absence", r"absent du bureau", r"\(absence\)",
    r"notification d'absence",
    r"fuera de (?:la )?oficina", r"fuori (?:sede|ufficio)", r"afwezig\w*", r"niet aanwezig", r"fravaer\w*", r"franvaro\w*",
    r"ikke til ?stede", r"ikke pa kontoret", r"poza biurem", r"nieobecnosc", r"mimo kancelar", r"hazon kivul", r"allan o'r swyddfa",
    r"poissaolo\w*", r"ausente", r"ausencia", r"assenza", r"hors du bureau", r"不在", r"休暇",
];

/// Subjects that people write too when they are away.
pub static ABSENCE_SUBJECT: Table = table![^
    r"(?:currently|i am|i'm|im|ich bin|je suis) (?:currently )?(?:out of|away|on|off|not|nicht|im|en|absent)\b",
    r"(?:office|school) clos(?:ed|ure)", r"(?:christmas|easter|summer|half[- ]term|bank holiday|holiday) clos(?:ed|ure|ing)",
    r"out of (?:the )?office\b", r"ooo\b", r"(?:i am |i'm )?(?:currently )?(?:away|on (?:annual |maternity |sick )?leave|on holiday|on vacation)\b",
    r"(?:annual|maternity|paternity|sick) leave", r"(?:am |bin )?im urlaub", r"urlaub", r"en conges?", r"conges? ", r"vacances",
    r"op vakantie", r"vakantie", r"vacaciones", r"ferie", r"semester\b", r"atvalinajum\w*", r"отпуск", r"absent", r"afwesig",
    r".{0,120}\((?:out of (?:the )?office|away from the office|auto-?reply|automatic reply|vacation|on leave)\)$",
    r"on leave", r"left the (?:organisation|company|trust|school)", r"no longer (?:at|with|working)",
];

/// Subjects of programs that let nobody in before an answer.
pub static CHALLENGE_SUBJECT: Table = table![
    r"\bverif(?:y|ication)\b",
    r"\b(?:please )?confirm (?:your|that|this)\b",
    r"\bconfirmation (?:required|needed|request)",
    r"\brequires? (?:verification|confirmation|approval)\b",
];

/// What absence notices say in any language that came up.
pub static ABSENT: Table = table![
    r"\bout of (?:the |my |our )?office\b",
    r"\bof the office returning\b",
    r"\bout-of-office\b",
    r"\b(?:i am|i'm|am|is|i will be|i'll be|will be) (?:currently |presently |now |also |again )?(?:away|absent|on (?:an? )?(?:\w+[ -])?(?:leave|holidays?|vacation|secondment|sabbatical|jury service|strike))\b",
    r"\b(?:annual|maternity|paternity|parental|adoption|sick|study|compassionate|long[- ]term) leave\b",
    r"\baway (?:from (?:my|the) (?:desk|office|e-?mails?|computer|inbox)|until|till|on business)\b",
    r"\b(?:i|we) (?:will|shall) (?:be )?(?:return(?:ing)?|be back|back)\b",
    r"\breturning (?:to (?:the office|work) )?(?:on|to)\b",
    r"\b(?:be|am|is) back (?:in the office|at work|on|at my desk)\b",
    r"\b(?:currently|presently|am|is|be) unavailable\b",
    r"\bon my return\b",
    r"\buntil (?:i|my) return\b",
    r"\bin my absence\b",
    r"\bduring my absence\b",
    r"\bwhile i am away\b",
    r"\b(?:limited|no|intermittent|restricted) access to (?:my )?e-?mails?\b",
    r"\bnot (?:be )?(?:checking|reading|monitoring|picking up) (?:my )?e-?mails?\b",
    r"\b(?:no longer|not) (?:work(?:s|ing)?|employed) (?:for|at|with|here|by)\b",
    r"\bhas (?:now )?left (?:the |our )?(?:organisation|organization|company|trust|school|team|service|council|practice)\b",
    r"\bmy (?:normal |usual |current )?working (?:days|hours|pattern)\b",
    r"\bi (?:only )?(?:work|am in the office) (?:part[- ]time|term[- ]time|mondays?|tuesdays?|wednesdays?|thursdays?|fridays?)\b",
    r"\bschool is (?:now )?closed\b",
    r"\boffice is (?:now |currently )?closed\b",
    r"\babwesen\w*",
    r"nicht (?:im (?:haus|buro|hause)|erreichbar|im dienst)",
    r"ausser haus",
    r"im urlaub",
    r"\bwieder (?:im buro|erreichbar|da|zuruck)",
    r"mutterschutz",
    r"elternzeit",
    r"\babsente?\b",
    r"en (?:conges?|vacances|deplacement)\b",
    r"hors du bureau",
    r"de retour le",
    r"fuera de (?:la )?oficina",
    r"de vacaciones",
    r"\bausente\b",
    r"de baja\b",
    r"regreso el",
    r"fuori (?:ufficio|sede)",
    r"\bin ferie\b",
    r"\bassente\b",
    r"rientr(?:o|ero) ",
    r"\bafwezig\b",
    r"niet aanwezig",
    r"op vakantie",
    r"met (?:verlof|vakantie)",
    r"ben ik (?:weer )?terug",
    r"\bfravaer",
    r"\bfranvarande\b",
    r"pa semester",
    r"\bferie\b",
    r"ikke pa (?:kontoret|jobb)",
    r"tilbage (?:den|pa)",
    r"tillbaka (?:den|pa)",
    r"nieobecn",
    r"na urlopie",
    r"poza biurem",
    r"mimo kancelar",
    r"dovolen",
    r"szabadsag",
    r"nem vagyok",
    r"concediu",
    r"lomalla\b",
    r"poissa\b",
    r"\bferias\b",
    r"fora do escritorio",
    r"atvalinajum",
    r"atostog",
    r"puhkus",
    r"отпуск",
    r"отсутств",
    r"allan o'r swyddfa",
    r"ar wyliau",
    r"不在",
    r"休暇",
    r"休假",
    r"휴가",
    r"εκτος γραφειου",
    r"izinde",
];

/// Others who are absent or away: schools say what to do when a child is.
pub static OTHERS_ABSENT: Table = table![
    r"\b(?:child|children|pupils?|students?|son|daughter|patient)(?:'s)? (?:is|are|will be|was|has been) (?:\w+ )?(?:absent|away|ill|sick|on \w+)\b",
];

/// No program is back, or takes back what it said.
pub static BACK_ALREADY: Table = table![
    r"(?:^|[.,;:!-] ?(?:but |and |as |so )?)i(?:'m| am) (?:now )?back(?: ?[.,;!]| (?:now|today|already|from \w+ (?:now|today)|(?:at work|in the office|at my desk)(?: (?:now|today)|[.,;!])))",
    r"\b(?:ignore|disregard)\b.{0,20}\b(?:my|that|the) (?:out of (?:the )?office|automatic|auto)",
];

/// What somebody promises to do about a request, as no notice of an absence does.
pub static PROMISED: Table = table![
    r"\b(?:send|sending|forward|finish|complete|write|do|provide|post|share|submit|get) (?:it|them|this|that|the|my|you|her|his|your)\b",
    r"\b(?:advice|report|form)\b",
];

/// A reader who is spoken to by name, as no vacation program can.
pub static SPOKEN_TO: Table = table![
    r"^(?:hi|hello|hiya|dear|hey|good (?:morning|afternoon)|morning|afternoon) (?:mr |mrs |ms |miss |dr |prof )?[a-z'-]{2,20}(?: [a-z'-]{2,20}| and [a-z'-]{2,20})?(?:$| ?[,!-]|\.\.)",
];

/// Whom a notice greets that knows no name.
pub static SPOKEN_TO_ANY: Table = table![
    r"^(?:\w+ ){1,2}(?:all|everyone|everybody|there|both|team|folks|sir|madam|sender|(?:e-?mail )?enquirers?|inquirers?|correspondents?|requesters?|visitors?|senders|colleagues?|friends?|customers?|clients?|parents?|carers?|famil\w+|you|and)\b",
];

/// Absence, said as only a notice says it in its first sentence.
pub static ABSENT_OPENING: Table = table![
    r"\b(?:i am|i'm|i will be|i'll be|is) (?:currently |presently |now )?(?:out of (?:the |my )?office|away|on (?:an? )?(?:\w+[ -])?(?:leave|holiday|vacation))\b",
    r"\bout of (?:the |my )?office (?:until|till|from|on|and|with|today|this|for)\b",
    r"\b(?:i am|i'm|i will be) (?:currently )?unavailable (?:until|from|between)\b",
    r"\bi (?:have |'ve )?(?:now )?left (?:the|my)\b",
    r"\bno longer works? (?:for|at|with)\b",
    r"ich bin (?:derzeit |zur zeit |momentan |vom |bis |ab )?.{0,40}(?:abwesend|im urlaub|nicht (?:im|erreichbar)|ausser haus)",
    r"je suis (?:actuellement )?(?:absente?|en conges?)",
    r"estoy (?:fuera|de vacaciones|ausente)",
    r"sono (?:assente|in ferie|fuori)",
    r"ik ben (?:afwezig|niet|op vakantie|met)",
];

/// Subjects of desks and ticket systems.
pub static RECEIVED_SUBJECT: Table = table![^
    r"(?:\[?(?:ticket|case|request|ref(?:erence)?|incident|enquiry)?[ :#-]*#?[a-z]{0,6}-?\d{3,}\]?:? ?-? ?).{0,80}\b(?:received|logged|registered|created|opened|acknowledge\w*)\b",
    r"\[[^\]]{0,40}#?\d{2,}\] ?(?:received|logged|registered|created|new ticket|acknowledg\w*|we(?:'ve| have) received|your (?:request|ticket|enquiry|email))",
    r".{0,160}\b(?:request|enquiry|ticket|e-?mail|case) (?:acknowledge?ment|acknowledged|received|logged)$",
    r"(?:e-?mail |message |auto(?:matic)? )?acknowledge?ment\b", r"(?:confirmation|acknowledgement) of receipt", r"receipt confirm\w*",
    r"we(?:'ve| have) received", r"(?:your|new) (?:e-?mail|message|enquiry|inquiry|request|ticket|case|query|submission)\b.{0,60}\b(?:received|logged|registered|created|opened|acknowledged|submitted)\b",
    r"(?:ticket|case|request|incident|call) (?:received|created|logged|opened|registered)", r"thank(?:s| you) for (?:your (?:e-?mail|message|enquiry|inquiry|query|request|submission)|contacting|e-?mailing|getting in touch)",
    r"message received", r"e-?mail received", r"received:", r"eingangsbestatigung", r"empfangsbestatigung", r"accuse de reception", r"acuse de recibo", r"conferma di (?:ricezione|ricevimento)",
    r"ontvangstbevestiging", r"kvittering", r"mottagningsbekraftelse", r"bekraftelse", r"confirmacao de rece", r"potwierdzenie (?:otrzymania|odbioru)", r"ihre (?:anfrage|nachricht|e-?mail)\b",
];

/// What desks say and people do not.
pub static RECEIVED: Table = table![
    r"\b(?:your (?:new |support |service )?(?:case|call)|(?:your|the|this) (?:new |support |service )?(?:e-?mail|message|enquiry|inquiry|request|query|ticket|incident|correspondence|submission))s?(?: #?[a-z]{0,6}-?\d{3,}| to [^.]{0,60})? (?:has|have|was|is) (?:now )?(?:been )?(?:safely |successfully |automatically )?(?:received|logged|registered|created|opened|raised|forwarded to (?:the|our)|passed to (?:the|our)|placed in)\b",
    r"\b(?:your|the|this) (?:new |support |service )?(?:e-?mail|message|enquiry|inquiry|request|query|ticket|incident|case|call)(?: #?[a-z]{0,6}-?\d{3,})? (?:has|have|was|is) (?:now )?(?:been )?(?:automatically )?assigned (?:to (?:an?|our|the|one of (?:our|the)) (?:[\w-]+ ){0,3}(?:team|agent|queue|group|desk|adviser|advisor|officer|member|colleague)s?\b|(?:(?:the|an?) )?(?:ticket|case|reference|incident|number|id|ref)\b)",
    r"\ban? (?:new |support )?(?:ticket|incident) (?:#?[a-z]{0,6}-?\d{3,} )?has (?:now )?been (?:logged|registered|created|opened|raised)\b",
    r"\bwe(?: have|'ve)? (?:now |safely |successfully )?received your\b",
    r"\byour (?:e-?mail|message|request) will be answered by\b|\bwe got your (?:request|message|e-?mail)\b",
    r"\bthis (?:e-?mail|message) (?:is to confirm|confirms|is confirmation|acknowledges)\b",
    r"\b(?:confirm(?:s|ation)?|acknowledge[sd]?)(?: safe)? (?:of )?receipt of your\b",
    r"\backnowledge receipt\b",
    r"\b(?:we|our team|the team|i)(?: will| shall)? (?:aim|endeavour|endeavor|try|hope|strive) to (?:respond|reply|answer|get back|acknowledge)\b",
    r"\b(?:we|a member of (?:the|our) team|someone|one of (?:the|our) team|an? (?:support )?(?:adviser|advisor|agent|officer|colleague|representative))\b.{0,30} (?:will|shall) (?:be )?(?:respond|reply|contact you|get back to you|in touch|review)",
    r"\b(?:respon(?:d|se)|repl(?:y|ied)|answer\w*)\b.{0,40} within (?:\w+ )?(?:\(?\d+\)? |one |two |three |five |ten |fifteen |twenty )?(?:working |business )?(?:days?|hours?)\b",
    r"\bthis (?:mailbox|inbox|e-?mail address|account|email account) is (?:(?:intended |used )?for |monitored|not |un|only |no longer )",
    r"\b(?:e-?mails?|enquir(?:y|ies)|messages?|requests?|referrals?)\b.{0,30}\b(?:dealt with|actioned|processed|answered|reviewed|triaged) (?:with)?in (?:\(?\d{1,2}\)?|\w+) (?:working |business |school )?(?:days|hours)\b|\bactioned in date order\b",
    r"\bmailbox is (?:not |no longer |un)",
    r"\bthis (?:e-?mail address|mailbox) (?:has changed|will (?:soon )?(?:be )?clos)",
    r"\bmy (?:e-?mail|email) address has changed\b",
    r"\bplease (?:note|update).{0,30} new e-?mail address\b",
    r"vielen dank fur (?:ihre|ihr|deine) (?:nachricht|anfrage|e-?mail|mail|schreiben)",
    r"wir haben (?:ihre|ihr) .{0,40}(?:erhalten|empfangen)",
    r"wird (?:schnellstmoglich|so schnell wie moglich|umgehend|in kurze) bearbeite?t?",
    r"accuse de reception",
    r"avons bien (?:recu|enregistre)",
    r"nous (?:vous repondrons|reviendrons)",
    r"hemos recibido",
    r"acusamos recibo",
    r"abbiamo ricevuto",
    r"wij hebben uw",
    r"hebben uw .{0,30}ontvangen",
    r"vi har (?:mottatt|modtaget|mottagit|tagit emot)",
    r"potwierdzamy (?:otrzymanie|odbior)",
    r"recebemos (?:o |a )?(?:seu|sua)",
    r"ваше (?:письмо|сообщение|обращение) .{0,20}получен",
];

/// What only a desk says, of all mail and not of this one. The answers of many shared mailboxes carry no header,
/// so these words alone have to tell.
pub static DESK: Table = table![
    r"\byour (?:e-?mail|message|enquiry|inquiry|query|request) (?:has (?:now )?been|was) (?:safely |successfully )?(?:received|logged|registered|(?:forwarded|passed)(?: on)? to (?:the|our|a))\b",
    r"\b(?:respond|reply|answer) to (?:all|every|each|any) (?:of )?(?:your )?(?:e-?mails?|enquir\w+|inquir\w+|quer\w+|messages?)",
    r"\b(?:all|most) (?:e-?mails|enquiries|inquiries|queries|messages|requests) (?:are|will be|within|received)\b",
    r"\b(?:member|colleague|someone) (?:of|from) (?:the|our|my) [\w ]{0,30}\b(?:will|shall) (?:respond|contact|reply|be in touch|get back|review)\b",
    r"\b(?:inbox|mailbox|e-?mail address|account) is (?:not |un|only |regularly )?monitored\b|\bunmonitored\b|\bis (?:not|only) (?:monitored|checked|staffed|manned)\b",
    r"\b(?:high|large|unprecedented|exceptional) (?:number|volume|level|demand|amount)s?\b.{0,20}\b(?:enquiries|inquiries|e-?mails|calls|queries|requests|referrals)\b",
    r"\bif (?:you have|this is|it is) an? (?:(?:urgent|immediate) )?(?:safeguarding|emergency|medical|enquiry|query|matter|concern|question)\b",
    r"\bplease (?:allow|expect)\b.{0,30}\b(?:working |business )?(?:days?|hours?)\b",
    r"\bdo not (?:reply|respond) to this (?:e-?mail|message|address)\b",
    r"\byour (?:reference|enquiry|case|ticket|call) (?:number|no\.?|ref(?:erence)?|id) is\b",
    r"\b(?:pass|forward|direct|redirect|rout|refer|allocat|assign|answer|repl|respon|read|review|handl|dealt|deal|actioned|picked|process|triag)\w*\b[^.]{0,40}\b(?:to|by) the (?:relevant|appropriate|correct|right) (?:member|team|person|department|officer|colleague)\b",
    r"\b(?:we|our team|the team) (?:will )?(?:aim|endeavou?r|try) to (?:respond|reply|answer|get back|acknowledge)\b",
    r"\b(?:respond|reply|response|answer)\b.{0,30} within (?:\(?\d+\)?|one|two|three|five|ten|fifteen|twenty) (?:working|business|school) days\b",
];

/// What desks say first and people too.
pub static THANKS: Table = table![
    r"\bdo not reply to this (?:e-?mail|message)\b",
    r"\bthank(?:s| you) (?:very much )?for (?:your|you|contacting|e-?mailing|getting in touch|the e-?mail|writing)\b",
    r"\b(?:reply|respond|get back to you|contact you|be in touch|answer)\b.{0,30} as soon as (?:possible|i can|we can|i am able)",
    r"\bwill be dealt with\b",
    r"\b(?:for|in) (?:urgent|emergenc)",
    r"\bif (?:your (?:e-?mail|enquiry|query|message|request) is|it is|this is) urgent\b",
    r"\bvielen dank\b",
    r"\bmerci (?:de|pour) votre\b",
    r"\bgracias por\b",
    r"\bgrazie per\b",
    r"\bbedankt voor\b",
    r"\btack for\b",
    r"\btak for\b",
    r"\btakk for\b",
    r"\bdziekuj\w+ za\b",
    r"\bobrigad[oa] pel",
];

/// The number of a case somewhere: proves nothing but below the subject and beside the words of a ticket system.
pub static NUMBERED: Table = table![
    r"\b(?:ticket|case|reference|incident|request|enquiry|call) (?:(?:number|no\.?|id|ref(?:erence)?|#)\s?(?:is|:|#|-)?\s?\[?#?[a-z]{0,6}-?\d|\[?#?[a-z]{0,6}-?\d{4,})",
];

/// A sentence that is only the number of a case: everybody quotes it.
pub static REFERENCE: Table = table![
    r"^(?:your |our |the )?(?:ticket|case|reference|incident|request|enquiry|call|ref)(?: (?:number|no\.?|id|ref(?:erence)?))?[ :#]*(?:is )?[a-z/#-]{0,8}\d[\w/-]*\W*$",
];

/// A mail system that says so in a notice that somebody pasted.
pub static PASTED: Table = table![
    r"\bthis message was (?:created|generated) automatically by (?:(?:the )?(?:mail|smtp)[\w ]{0,40}\.|[\w ]{1,40}\. .{0,200}\b(?:not|n't) (?:yet )?(?:be|been) delivered\b)",
];

/// A machine that says so itself.
pub static DECLARED: Table = table![
    r"\bthis is an? (?:auto[- ]?(?:matic(?:ally)?|mated)?[- ]?(?:generated |sent )?|computer[- ]generated )(?:e-?mail|message|reply|response|acknowledge?ment|answer|notification|out)\b",
    r"\bthis (?:e-?mail|message|reply|response|mail) (?:is|was|has been) (?:an )?(?:sent |generated |created )?(?:auto[- ]?(?:matic(?:ally)?|mated))\b",
    r"\bthis (?:e-?mail|message|reply|response) (?:is|was|has been) (?:generated|sent) (?:automatically|by an? (?:auto\w*|machine|system))",
    r"\bautomat(?:ed|ic) (?:response|reply|acknowledge?ment) (?:to|from|message)\b",
    r"\bauto-?(?:reply|response|responder)\b",
    r"\bone-time automated message\b",
    r"dies(?:e|ist eine| ist eine|e ist eine)? .{0,20}automatisch (?:generierte?|erstellte?|erzeugte?|versandte?)",
    r"automatisch (?:generiert|erstellt|erzeugt)\w*",
    r"ceci est (?:un message|une reponse) automatique",
    r"(?:message|reponse) (?:genere|envoye)e? automatiquement",
    r"(?:mensaje|respuesta) automatic[oa]",
    r"messaggio (?:generato )?automatic",
    r"automatisch (?:gegenereerd|bericht|antwoord)",
    r"this is the only notification you will receive",
];

/// "Prove that you are a person": only the co-ordinator can answer that.
pub static CHALLENGE: Table = table![
    r"\bsender (?:is )?not (?:pre-?approved|(?:yet )?(?:authori[sz]ed|verified|recogni[sz]ed|approved|whitelisted))\b",
    r"\b(?:allowed|approved|white|guest|safe|trusted|permitted)[ -]?(?:sender )?list\b",
    r"\b(?:confirm|verify|prove|show) that you(?:'re| are) (?:a |an )?(?:human|real|person|not|legitimate|genuine)",
    r"\bverify (?:that )?(?:your (?:e-?mail )?address|yourself|you sent)\b",
    r"\b(?:click|follow|visit|use)\b.{0,40}\blink\b.{0,80}\b(?:deliver(?:ed|y)?|allow|approv|authori[sz]|added|verif|confirm that)",
    r"\b(?:being|been|is) held\b.{0,60}\b(?:until|pending)\b.{0,80}\b(?:confirm|verif|authori[sz]|reply|approv)",
    r"\breply to this (?:e-?mail|message)\b.{0,40}\b(?:confirm|verif|authenticat|deliver|authori[sz])",
    r"\bchallenge[- /]response\b",
    r"\bto complete (?:this|the) verification\b|\bthe verification process\b",
    r"\b(?:list of |my )(?:approved|known|trusted) senders\b",
    r"\bspamarrest\b|\bspam arrest\b",
    r"\bis protected by\b.{0,60}\b(?:click|verif|confirm)",
    r"\bto (?:ensure|complete|allow) (?:the )?delivery of your (?:e-?mail|message)\b",
];

/// Envelopes of encrypted mail: a machine writes them, a person's words are inside.
pub static SECURE: Table = table![
    r"\b(?:sent|shared|received|have|has|is)\b.{0,30}\b(?:secure|secured|encrypted|protected)(?: and encrypted)? (?:e-?mail|message)\b.{0,60}\b(?:from|from:|click|read|open|view|sign in|to you|for you)\b",
    r"\b(?:sent|shared with) you an? (?:new )?(?:secure|secured|encrypted|protected|confidential) (?:e-?mail|message|file|document)",
    r"\bread (?:the|your) (?:secure |encrypted |protected )?message\b",
    r"\bopen (?:the|your|this) (?:secure|encrypted|protected) (?:e-?mail|message)\b",
];

/// What receipts say that come without their machine-readable part.
pub static READ: Table = table![
    r"^(?:your|the) message\b.{0,400}\bwas (?:read|displayed|opened|deleted(?: without being read)?)(?: on\b| at\b| \(|\.|$)",
    r"^(?:your|the) message\b.{0,400}\bwas opened by ",
    r"^this is a (?:return |read )?receipt for (?:the|your) (?:e-?mail|mail|message)\b",
    r"^this is an? (?:return|read) receipt\b",
    r"^your document: .{0,300}\bwas received by: ",
    r#"^\S.{1,60} (?:opened|deleted) the message ""#,
    r"^ihre nachricht\b.{0,400}\bwurde (?:am .{0,40})?(?:gelesen|ungelesen geloscht)\b",
    r"^votre message\b.{0,400}\ba ete (?:lu|supprime sans)\b",
    r"^(?:el|su) mensaje\b.{0,400}\b(?:fue|ha sido|se) (?:leido|ley|elimin)",
    r"^il messaggio\b.{0,400}\be stato (?:letto|eliminato)\b",
    r"^(?:uw|het) bericht\b.{0,400}\bis .{0,60}(?:gelezen|verwijderd)\b|^(?:uw|het) bericht\b.{0,400}\bis gelezen\b",
    r"^(?:a )?sua mensagem\b.{0,400}\bfoi (?:lida|excluida|eliminada)\b",
    r"^(?:ditt|din|dit) (?:meddelande|melding|besked|meddelelse)\b.{0,400}\b(?:lastes|lest|laest)\b",
    r"^twoja wiadomosc\b.{0,400}\bzostala (?:przeczytana|usunieta)\b",
];

/// Subjects of such receipts, by Outlook in its languages, Notes and GroupWise.
pub static READ_SUBJECT: Table = table![^
    r"(?:not )?read\s?:", r"read receipt\b", r"return receipt\b", r"disposition notification\b",
    r"message status - (?:opened|read|accepted|deleted|emptied|completed)\b",
    r"(?:un)?gelesen\s?:", r"(?:non )?lue?\s?:", r"(?:no )?leido\s?:", r"(?:da )?letto\s?:", r"(?:niet )?gelezen\s?:",
    r"(?:nao )?lid[ao]\s?:", r"last\s?:", r"lest\s?:", r"laest\s?:", r"(?:nie )?przeczytane?\s?:", r"ulaest\s?:", r"olast\s?:", r"ulest\s?:",
];

/// Answers to invitations that come without their calendar part.
pub static INVITATION_ANSWERED: Table = table![
    r"\bhas (?:tentatively )?(?:accepted|declined) (?:this|your|the) (?:meeting |event )?invitation\b",
    r"\byou have been invited to the following event\b",
    r"\bhas (?:replied|responded) .{0,20}to (?:this|your|the) invitation\b",
];

/// Foot lines of mass mail.
pub static UNSUBSCRIBE: Table = table![
    r"\bunsubscribe\b",
    r"view (?:this|it) (?:e-?mail )?in (?:your|a) browser",
    r"\bopt[- ]out\b",
    r"manage your (?:preferences|subscription)",
    r"vom newsletter abmelden"
];

/// Subjects of notices about mail that did not arrive.
pub static DELIVERY_SUBJECT: Table = table![^
    r"undeliver(?:able|ed)\b", r"(?:\[\w+\] )?(?:e-?mail |mail |message )?delivery (?:status|failure|failed|has failed|report|notification|problem|error|system|delayed|delay|is delayed|was delayed|warning|incomplete|notice)",
    r"(?:mail|message|e-?mail) (?:delivery|delayed|not delivered|undeliver\w*|status|system error|rejected|could not be|failed|failure|returned|bounced)", r"(?:permanent|temporary|final)(?: mail)? delivery (?:failure|error|problem)",
    r"returned (?:e-?mail|mail|message|to sender)\b", r"return(?:ed|ing) (?:message )?to sender", r"failure notice", r"fail(?:ed|ure) (?:mail|delivery|e-?mail|notice|notification)", r"non[- ]?deliver(?:y|able|ed)", r"ndn\s?:", r"ndr\s?:",
    r"warning\s?: (?:message|could not|e-?mail|mail|your|.{1,80}user unknown)", r"(?:delayed|undelivered) (?:mail|message|delivery)", r"notice: mail delivery", r"postmaster notify", r"(?:automatically )?rejected mail", r"(?:sorry,? )?your (?:message|e-?mail|mail)\b.{0,80}(?:could not|couldn't|cannot|was not|not been|undeliver|blocked|rejected|delayed)",
    r"user unknown", r"unknown (?:user|recipient)", r"processing error", r"(?:message|mail) blocked", r"could not (?:send|deliver)", r"nondeliverable", r"bounce(?:d)? (?:message|mail|notif)", r"mailbox (?:full|unavailable)", r"mail loop",
    r"unzustellbar", r"(?:nachricht|e-?mail|mail) (?:konnte )?nicht zugestellt", r"zustellung\w* ", r"fehler bei der (?:nachrichten)?zustellung", r"ubermittlung", r"non (?:remis|distribu|livre)", r".{0,120}: non remis\b", r"echec de (?:la )?(?:remise|distribution)", r"notification d'echec", r"utilisateur (?:inconnu|non)",
    r"no se (?:puede|ha podido|pudo) entregar", r"error de entrega", r"mancat[oa] (?:recapito|consegna)", r"impossibile (?:recapitare|consegnare)", r"onbestelbaar", r"niet bezorgd", r"nao (?:entregue|e possivel)", r"falha na entrega", r"kan ikke leveres|ikke levert|uleverbar|olevererbar|kan inte levereras|gick inte att leverera",
    r"nie mozna dostarczyc|niedostarcz", r"nedoruc", r"kezbesithetetlen", r"ваше сообщение не|не доставлен|недоставлен", r"配信不能|配信不可|配信エラー|未配信",
];

/// What such notices say at their beginning.
pub static DELIVERY_BODY: Table = table![
    r"\b(?:this is the (?:mail|postfix) (?:system|program)|the following (?:address|recipient|message|addresses had|recipients?)\b.{0,80}(?:fail|error|not|undeliver|reject|problem|could)|this is the qmail|hi\. this is the)",
    r"\bthis message was created automatically by (?:the )?(?:mail|smtp)",
    r"\b(?:a |the )?(?:message|mail|e-?mail|delivery)\b.{0,120}\b(?:could not be|couldn't be|cannot be|can't be|can not be|was not|were not|wasn't|has not been|not yet been|could not) (?:delivered|sent|reach|deliver|processed|accepted)",
    r"\bdelivery (?:to the following|has failed|failed|of (?:your|the) (?:message|e-?mail|mail)|attempts?|notification|status notification|temporarily|to these)",
    r"\bdid not reach\b",
    r"\bundeliver(?:able|ed)\b",
    r"\bunable to deliver\b",
    r"\b(?:could|was|were) (?:not|n't) (?:be )?(?:able to )?deliver",
    r"\bunknown (?:user|recipient|address|local part|host)\b",
    r"\b(?:user|recipient|address|mailbox|account)\b.{0,40}\b(?:unknown|not (?:found|exist|known|listed|valid|have an?|recogni[sz]ed)|does(?:n't| not) exist|doesn't have|is full|was not found|unavailable|disabled|over quota|exceeded|no longer)",
    r"\bno such (?:user|recipient|mailbox|address|person)\b",
    r"\bover (?:its |the )?(?:disk )?quota\b|\bquota (?:exceeded|limit)|\bmailbox (?:is )?full\b",
    r"\b(?:permanent|fatal|non-?fatal|temporary|transient)\b.{0,20}\b(?:error|failure|fail)",
    r"\b(?:reason for|diagnostic|transcript of session)\b",
    r"\bthe original message was received at\b",
    r"\b(?:message|mail|e-?mail) (?:has been |was |is )?(?:automatically )?(?:rejected|returned|bounced|refused|blocked|delayed|discarded)\b",
    r"\bnot (?:yet )?(?:been )?delivered\b",
    r"\bi'm sorry to have to inform you\b",
    r"\bi wasn't able to deliver\b",
    r"\breturned (?:mail|message|to sender)\b|\breturning (?:message|to sender)",
    r"\bfailed (?:recipient|address|to deliver|\d+ attempts|after)|\bfailed permanently\b",
    r"\binvalid (?:final delivery )?(?:user|recipient|address)",
    r"\bhost (?:or domain )?(?:name )?(?:unknown|not found)\b|\bmx record\b|\bname server\b",
    r"\bsmtp\b.{0,60}\b(?:error|server|5\d\d)\b",
    r"\b5\d\d[ -]5\.\d\.\d+\b|\b5\.\d\.\d+\b",
    r"\b55\d[ -]\S",
    r"konnte nicht (?:zugestellt|ubermittelt)",
    r"nicht zugestellt",
    r"n'a pas (?:pu )?(?:ete|etre)",
    r"non (?:e stato|remis)",
    r"no se (?:ha podido|pudo|puede) entregar",
    r"niet (?:worden )?(?:bezorgd|afgeleverd)",
    r"не (?:было )?(?:доставлен|может)",
    r"送信(?:できません|に失敗)|配信(?:できません|されません|に失敗)|届(?:きません|けられません)|エラー",
    r"dorucen|odeslan",
];

/// Names of the fields of a report, as they stand in RFC 3464 and in the events of mail services.
pub static REPORT_FIELD: Table =
    table![r"\b(?:final|original)-recipient ?:", r#""(?:notificationtype|eventtype)\\?" ?:"#, r"\bfeedback-type ?:"];

/// What a mail filter says when it refuses a mail.
pub static REFUSED: Table =
    table![r"\b(?:automatically )?(?:rejected|refused|bounced|blocked)\b", r"\bnot (?:accepted|delivered)\b"];

/// What a person says who tells of a notice: a greeting, a name that is spoken to, a question, the first person.
pub static TOLD: Table = table![
    r"^(?:hi[ ,!]|(?:hello|dear|hey|good (?:morning|afternoon)|morning|afternoon|sorry|please see|fyi)\b)",
    r"^\w+(?: \w+)?, ",
    r"\b(?:i|we) (?:got|received|tried|sent|have tried|have sent|wrote|keep getting)\b",
    r"\bmy (?:e-?mail|mail|message|letter)s?\b|\b(?:came|come|comes) back to (?:me|us)\b",
    r"\b(?:do|did|can|could|would) you\b",
    r"forwarded message",
];

#[cfg(test)]
mod tests;
