//! Names of days and months in the languages of staff mail, folded (lower case, no accents).

use chrono::Weekday;

/// Month names and their short forms; a dot may follow.
const MONTHS: [(&str, &[&str]); 12] = [
    ("1", &["january", "jan", "januar", "janvier", "januari", "enero", "gennaio", "janeiro", "stycznia", "ionawr"]),
    ("2", &["february", "feb", "februar", "fevrier", "fevr", "februari", "febrero", "febbraio", "fevereiro"]),
    ("3", &["march", "mar", "marz", "maerz", "mars", "maart", "mrt", "marzo", "marco"]),
    ("4", &["april", "apr", "avril", "avr", "abril", "abr", "aprile"]),
    ("5", &["may", "mai", "mei", "maj", "mayo", "maggio", "mag", "maio"]),
    ("6", &["june", "jun", "juni", "juin", "junio", "giugno", "giu", "junho"]),
    ("7", &["july", "jul", "juli", "juillet", "juil", "julio", "luglio", "lug", "julho"]),
    ("8", &["august", "aug", "aout", "augustus", "augusti", "agosto", "ago"]),
    ("9", &["september", "sept", "sep", "septembre", "septiembre", "settembre", "set", "setembro"]),
    ("10", &["october", "oct", "oktober", "okt", "octobre", "octubre", "ottobre", "ott", "outubro"]),
    ("11", &["november", "nov", "novembre", "noviembre", "novembro"]),
    ("12", &["december", "dec", "dezember", "dez", "decembre", "diciembre", "dic", "dicembre", "dezembro"]),
];

const WEEKDAYS: [(Weekday, &[&str]); 7] = [
    (Weekday::Mon, &["monday", "mon", "montag", "lundi", "maandag", "lunes", "lunedi"]),
    (Weekday::Tue, &["tuesday", "tue", "tues", "dienstag", "mardi", "dinsdag", "martes", "martedi"]),
    (Weekday::Wed, &["wednesday", "wed", "weds", "mittwoch", "mercredi", "woensdag", "miercoles", "mercoledi"]),
    (Weekday::Thu, &["thursday", "thu", "thur", "thurs", "donnerstag", "jeudi", "donderdag", "jueves", "giovedi"]),
    (Weekday::Fri, &["friday", "fri", "freitag", "vendredi", "vrijdag", "viernes", "venerdi"]),
    (Weekday::Sat, &["saturday", "sat", "samstag", "samedi", "zaterdag", "sabado", "sabato"]),
    (Weekday::Sun, &["sunday", "sun", "sonntag", "dimanche", "zondag", "domingo", "domenica"]),
];

/// The number of a month by its folded name.
pub fn month(name: &str) -> Option<u32> {
    let name = name.trim_end_matches('.');
    MONTHS.iter().find(|(_, names)| names.contains(&name)).and_then(|(number, _)| number.parse().ok())
}

/// A weekday by its folded name.
pub fn weekday(name: &str) -> Option<Weekday> {
    let name = name.trim_end_matches('.');
    WEEKDAYS.iter().find(|(_, names)| names.contains(&name)).map(|(day, _)| *day)
}

/// All month names as alternatives of a pattern.
pub fn month_pattern() -> String {
    pattern(MONTHS.iter().flat_map(|(_, names)| names.iter()))
}

/// All weekday names as alternatives of a pattern.
pub fn weekday_pattern() -> String {
    pattern(WEEKDAYS.iter().flat_map(|(_, names)| names.iter()))
}

/// Longest first, so that "sept" is not read as "sep" and a stray "t".
fn pattern<'a>(names: impl Iterator<Item = &'a &'a str>) -> String {
    let mut names: Vec<&str> = names.copied().collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    names.join("|")
}
