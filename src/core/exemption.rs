//! Grounds of exemption by regulation (`domain.md` 1.4): which ground excuses which limit. Records and suggests,
//! never moves a date.

use super::register::Phase;

/// Why a limit could not be met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// The school was closed for four weeks or more when its advice was asked for.
    SchoolClosed,
    /// The early-years provider was.
    EarlyYearsClosed,
    /// Exceptional personal circumstances of child, parent or young person.
    Circumstances,
    /// Child, parent or young person away from the area for four weeks or more.
    Absence,
    /// The child or young person did not keep an appointment for an examination or test.
    MissedAppointment,
}

/// A ground with its words in the regulations and what staff write for it.
struct Row {
    ground: Ground,
    words: &'static str,
    /// Any of these in what was written means it.
    said: &'static [&'static str],
    /// Letter of the paragraph by phase: 5(4), 8(2), 10(4) and, by reference to it, 13(3).
    paragraph: fn(Phase) -> Option<&'static str>,
}

const ROWS: [Row; 5] = [
    Row {
        ground: Ground::EarlyYearsClosed,
        words: "the early-years provider was closed for at least four weeks",
        said: &["early years", "nursery"],
        paragraph: |phase| not_for_advice(phase, "(b)"),
    },
    Row {
        ground: Ground::SchoolClosed,
        words: "the school was closed for at least four weeks",
        said: &["school", "closed", "closure"],
        paragraph: |phase| not_for_advice(phase, "(a)"),
    },
    Row {
        ground: Ground::MissedAppointment,
        words: "the child or young person did not keep an appointment for an examination or test",
        said: &["appointment", "not brought", "dna", "did not attend"],
        paragraph: |phase| (phase == Phase::Advice).then_some("(c)"),
    },
    Row {
        ground: Ground::Circumstances,
        words: "exceptional personal circumstances of the child, parent or young person",
        said: &["circumstance", "exceptional"],
        paragraph: |phase| Some(if phase == Phase::Advice { "(a)" } else { "(c)" }),
    },
    Row {
        ground: Ground::Absence,
        words: "the child, parent or young person was away from the area for at least four weeks",
        said: &["absen", "away", "abroad", "left the area"],
        paragraph: |phase| Some(if phase == Phase::Advice { "(b)" } else { "(d)" }),
    },
];

/// What people take for a ground and is none (IPSEA, LGSCO): resources are no excuse.
const NO_GROUNDS: [&str; 8] =
    ["staff", "capacity", "waiting list", "not known", "sickness", "vacanc", "workload", "resource"];

fn not_for_advice(phase: Phase, letter: &'static str) -> Option<&'static str> {
    (phase != Phase::Advice).then_some(letter)
}

impl Phase {
    /// The regulation that excuses the limit.
    pub fn regulation(self) -> &'static str {
        match self {
            Self::Week6 => "5(4)",
            Self::Advice => "8(2)",
            Self::Week16 => "10(4)",
            Self::Week20 => "13(3)",
        }
    }

    /// The limit in words.
    pub fn limit(self) -> &'static str {
        match self {
            Self::Week6 => "the decision by week 6",
            Self::Advice => "the six weeks for advice",
            Self::Week16 => "the notice by week 16",
            Self::Week20 => "the final plan by week 20",
        }
    }

    /// Reads "6", "week 16", "advice", "20 weeks", and ONE's phase codes 1, 2a, 2b, 3.
    pub fn read(written: &str) -> Option<Self> {
        let key: String = written.to_lowercase().chars().filter(|c| c.is_ascii_alphanumeric()).collect();
        match key.trim_start_matches("phase").trim_start_matches("week").trim_end_matches("weeks") {
            "1" | "6" => Some(Self::Week6),
            "2a" | "advice" => Some(Self::Advice),
            "2b" | "16" => Some(Self::Week16),
            "3" | "20" => Some(Self::Week20),
            _ => None,
        }
    }
}

/// The ground that somebody's words mean for a limit: its words with the regulation, or why it excuses nothing.
///
/// # Errors
/// When the words are no ground, or none for that limit; the sentence says which would be.
pub fn ground(written: &str, phase: Option<Phase>) -> Result<(Phase, String), String> {
    let lower = written.to_lowercase();
    let (cited, phase) = match cited(&lower) {
        Some((row, of)) => (Some(row), phase.or(Some(of))),
        None => (None, phase),
    };
    let said = || ROWS.iter().find(|row| row.said.iter().any(|word| lower.contains(word)));
    let Some(row) = cited.or_else(said) else {
        let none = NO_GROUNDS.iter().any(|word| lower.contains(word));
        let why = if none {
            "The regulations know no such ground: staffing, waiting lists and “not known” excuse nothing.".to_owned()
        } else {
            format!("“{written}” is no ground of the regulations.")
        };
        return Err(format!("{why} {}", known(phase)));
    };
    let phase = match phase {
        Some(phase) => phase,
        None if row.ground == Ground::MissedAppointment => Phase::Advice,
        None => return Err("Which limit? Add Phase: 6, advice, 16 or 20 on a line of its own.".to_owned()),
    };
    let Some(letter) = (row.paragraph)(phase) else {
        return Err(format!(
            "Regulation {} does not excuse {} for that ground. {}",
            phase.regulation(),
            phase.limit(),
            known(Some(phase))
        ));
    };
    // Regulation 13(3) names the grounds of 10(4).
    let by_reference = if phase == Phase::Week20 { " with 10(4)" } else { "" };
    Ok((phase, format!("regulation {}{by_reference}{letter}: {}", phase.regulation(), row.words)))
}

/// "10(4)(a)", "reg 8(2)(c)", "13(3) with 10(4)(d)": the ground, and the limit of the first regulation named.
fn cited(lower: &str) -> Option<(&'static Row, Phase)> {
    const PHASES: [Phase; 4] = [Phase::Week6, Phase::Advice, Phase::Week16, Phase::Week20];
    let plain: String = lower.chars().filter(|c| !c.is_whitespace()).collect();
    let named = PHASES.into_iter().filter_map(|phase| Some((plain.find(phase.regulation())?, phase)));
    let (_, phase) = named.min_by_key(|(at, _)| *at)?;
    let row = ROWS.iter().find(|row| {
        let letters = PHASES.into_iter().filter_map(|of| Some((of, (row.paragraph)(of)?)));
        letters.into_iter().any(|(of, letter)| {
            let same_regulation = of == phase || (phase, of) == (Phase::Week20, Phase::Week16);
            same_regulation && plain.contains(&format!("{}{letter}", of.regulation()))
        })
    })?;
    Some((row, phase))
}

fn known(phase: Option<Phase>) -> String {
    let fits = |row: &&Row| phase.is_none_or(|p| (row.paragraph)(p).is_some());
    let words: Vec<&str> = ROWS.iter().filter(fits).map(|row| row.words).collect();
    format!("The grounds are: {}. Write the words or the paragraph, such as 10(4)(a).", words.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ground_excuses_only_the_limits_that_its_regulation_names() {
        let check = |written: &str, phase: &str, expected: Result<&str, &str>| match (
            ground(written, Phase::read(phase)),
            expected,
        ) {
            (Ok((_, words)), Ok(part)) => assert!(words.starts_with(part), "{written}, {phase}: {words}"),
            (Err(why), Err(part)) => assert!(why.contains(part), "{written}, {phase}: {why}"),
            (got, _) => panic!("{written}, {phase}: {got:?}"),
        };
        check("school closed", "20", Ok("regulation 13(3) with 10(4)(a)"));
        check("school closed", "week 6", Ok("regulation 5(4)(a)"));
        check("school closed", "advice", Err("does not excuse"));
        check("nursery closed", "2b", Ok("regulation 10(4)(b)"));
        check("missed appointment", "", Ok("regulation 8(2)(c)"));
        check("missed appointment", "20", Err("does not excuse"));
        check("exceptional circumstances", "2a", Ok("regulation 8(2)(a)"));
        check("exceptional circumstances", "1", Ok("regulation 5(4)(c)"));
        check("family abroad", "Phase 3", Ok("regulation 13(3) with 10(4)(d)"));
        check("family abroad", "", Err("Which limit?"));
        check("10(4)(a)", "", Ok("regulation 10(4)(a): the school"));
        check("reg 8 (2) (c)", "", Ok("regulation 8(2)(c)"));
        check("Regulation 5(4)(d)", "", Ok("regulation 5(4)(d)"));
        check("13(3) with 10(4)(b)", "", Ok("regulation 13(3) with 10(4)(b)"));
        check("13(3)(c)", "", Ok("regulation 13(3) with 10(4)(c)"));
        check("10(4)(a)", "20", Ok("regulation 13(3) with 10(4)(a)"));
        check("10(4)(a)", "advice", Err("does not excuse"));
        check("10(4)(e)", "16", Err("is no ground"));
        check("staff shortage", "advice", Err("excuse nothing"));
        check("the moon", "20", Err("is no ground"));
    }
}
