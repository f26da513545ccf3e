//! The decision table against an independent formulation, exhaustively, and the worked examples.

use super::*;
use crate::core::assessment::Criterion;
use crate::core::assessment::answers::{Claim, Item};
use std::collections::BTreeMap;
use std::sync::LazyLock;

static SHIPPED: LazyLock<Criteria> = LazyLock::new(Criteria::shipped);

const M2: Rule = Rule { met: Met::YesOrEmerging, majority: Majority::Strict };

fn tally(yes: usize, emerging: usize, no: usize) -> Tally {
    Tally { yes, emerging, no }
}

/// All ways to answer 16 essential and 7 desirable criteria, by count.
fn patterns() -> Vec<Counts> {
    let splits = |total: usize| -> Vec<Tally> {
        (0..=total).flat_map(|y| (0..=total - y).map(move |m| tally(y, m, total - y - m))).collect()
    };
    let desirable = splits(7);
    splits(16).into_iter().flat_map(|e| desirable.iter().map(move |d| Counts { essential: e, desirable: *d })).collect()
}

/// The rule as the tool words it, in the chosen reading, written the other way round: GREEN and AMBER by what they
/// need, RED is the rest.
fn independent(c: Counts, rule: Rule) -> Colour {
    let (y, m, n) = (
        (c.essential.yes + c.desirable.yes) as f64,
        (c.essential.emerging + c.desirable.emerging) as f64,
        (c.essential.no + c.desirable.no) as f64,
    );
    let all_met = match rule.met {
        Met::YesOrEmerging => c.essential.yes + c.essential.emerging == 16,
        Met::Yes => c.essential.yes == 16,
    };
    let no_is_beaten = y > n || m > n;
    let mostly_yes = match rule.majority {
        Majority::Strict => y > 11.5,
        Majority::Plurality => y > m,
    };
    match (all_met && no_is_beaten, mostly_yes) {
        (true, true) => Colour::Green,
        (true, false) => Colour::Amber,
        (false, _) => Colour::Red,
    }
}

fn rules() -> Vec<Rule> {
    let both = [Majority::Strict, Majority::Plurality];
    [Met::YesOrEmerging, Met::Yes].into_iter().flat_map(|met| both.map(|majority| Rule { met, majority })).collect()
}

#[test]
fn every_pattern_has_the_colour_of_an_independent_formulation_under_every_rule() {
    let patterns = patterns();
    assert_eq!(patterns.len(), 5508);
    for rule in rules() {
        for counts in &patterns {
            assert_eq!(ground(*counts, rule).colour(), independent(*counts, rule), "{counts:?} {rule:?}");
        }
    }
}

#[test]
fn the_distribution_over_all_patterns_is_the_specified_one() {
    let mut grounds: BTreeMap<&str, usize> = BTreeMap::new();
    for counts in patterns() {
        let name = match ground(counts, M2) {
            Ground::EssentialNotMet => "red",
            Ground::NoIsGreatest => "red by number",
            Ground::MajorityYes => "green",
            Ground::MajorityEmerging => "amber",
            Ground::NoMajority => "amber without majority",
        };
        *grounds.entry(name).or_default() += 1;
    }
    let expected = [("amber", 264), ("amber without majority", 84), ("green", 264), ("red", 4896)];
    assert_eq!(grounds.into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn amber_cannot_occur_when_met_means_yes() {
    let strict_yes = Rule { met: Met::Yes, majority: Majority::Strict };
    assert!(patterns().iter().all(|c| ground(*c, strict_yes).colour() != Colour::Amber));
    assert!(!amber_can_occur(&SHIPPED, Met::Yes));
    assert!(amber_can_occur(&SHIPPED, Met::YesOrEmerging));
}

#[test]
fn strict_and_plurality_differ_on_twelve_triples() {
    let plurality = Rule { majority: Majority::Plurality, ..M2 };
    let mut triples: Vec<(usize, usize, usize)> = patterns()
        .iter()
        .filter(|c| ground(**c, M2).colour() != ground(**c, plurality).colour())
        .map(|c| (c.all().yes, c.all().emerging, c.all().no))
        .collect();
    triples.sort_unstable();
    triples.dedup();
    assert_eq!(triples.len(), 12, "{triples:?}");
    assert!(triples.contains(&(9, 7, 7)) && triples.contains(&(11, 10, 2)));
}

/// Answers with these counts; what the counts leave over stays blank.
fn answers(essential: Tally, desirable: Tally) -> Answers {
    let claims = [(Importance::Essential, essential), (Importance::Desirable, desirable)].map(|(importance, t)| {
        let ratings = [(Rating::Yes, t.yes), (Rating::Emerging, t.emerging), (Rating::No, t.no)];
        let ratings = ratings.into_iter().flat_map(|(rating, count)| std::iter::repeat_n(rating, count));
        let numbers = SHIPPED.iter().filter(move |c| c.importance == importance).map(|c| c.number);
        let item = |rating| Item { value: Value::Rated(rating), ..Item::default() };
        numbers.zip(ratings).map(|(n, r)| Claim { question: Some(n), item: item(r) }).collect::<Vec<_>>()
    });
    Answers::from_claims(&SHIPPED, claims.concat())
}

fn scored(essential: (usize, usize, usize), desirable: (usize, usize, usize), rule: Rule) -> Score {
    let [e, d] = [essential, desirable].map(|(y, m, n)| tally(y, m, n));
    score(&SHIPPED, &answers(e, d), rule)
}

#[test]
fn the_worked_examples_have_their_colours() {
    let check = |e, d, totals: (usize, usize, usize), rag: &str| {
        let score = scored(e, d, M2);
        assert_eq!((score.yes, score.emerging, score.no), totals, "{e:?} {d:?}");
        assert_eq!(score.rag.name(), rag, "{e:?} {d:?}");
        if let Rag::Final(colour) = score.rag {
            assert_eq!(score.range, [colour, colour], "what is complete leaves nothing open");
        }
    };
    check((16, 0, 0), (7, 0, 0), (23, 0, 0), "GREEN");
    check((16, 0, 0), (0, 0, 7), (16, 0, 7), "GREEN");
    check((12, 4, 0), (0, 7, 0), (12, 11, 0), "GREEN");
    check((11, 5, 0), (0, 7, 0), (11, 12, 0), "AMBER");
    check((0, 16, 0), (7, 0, 0), (7, 16, 0), "AMBER");
    check((15, 0, 1), (7, 0, 0), (22, 0, 1), "RED");
    check((15, 1, 0), (7, 0, 0), (22, 1, 0), "GREEN");
    check((11, 5, 0), (0, 6, 1), (11, 11, 1), "AMBER");
    check((11, 5, 0), (0, 5, 2), (11, 10, 2), "AMBER");
    check((8, 8, 0), (0, 0, 7), (8, 8, 7), "AMBER");
    check((5, 11, 0), (0, 0, 7), (5, 11, 7), "AMBER");
    check((0, 0, 16), (0, 0, 7), (0, 0, 23), "RED");
    check((15, 0, 0), (7, 0, 0), (22, 0, 0), "INCOMPLETE");
    check((16, 0, 0), (6, 0, 0), (22, 0, 0), "INCOMPLETE");
    let plurality = Rule { majority: Majority::Plurality, ..M2 };
    assert_eq!(scored((11, 5, 0), (0, 5, 2), plurality).rag.name(), "GREEN");
    assert_eq!(scored((15, 1, 0), (7, 0, 0), M2).rag_other_met.name(), "RED");
}

#[test]
fn the_range_holds_every_colour_that_the_open_criteria_can_still_give() {
    let open = [(0, 1), (1, 0), (2, 1), (0, 3)];
    for rule in rules() {
        for counts in patterns() {
            for (open_e, open_d) in open {
                let (e, d) = (counts.essential, counts.desirable);
                if e.no < open_e || d.no < open_d {
                    continue;
                }
                // The pattern is one completion of the form in which so many of its No's are still blank.
                let partial = answers(tally(e.yes, e.emerging, e.no - open_e), tally(d.yes, d.emerging, d.no - open_d));
                let [worst, best] = score(&SHIPPED, &partial, rule).range;
                for (as_e, as_d) in [(Rating::No, Rating::Emerging), (Rating::Emerging, Rating::No)] {
                    let mut completed = counts;
                    completed.essential.no -= open_e;
                    completed.desirable.no -= open_d;
                    completed.essential.add(as_e, open_e);
                    completed.desirable.add(as_d, open_d);
                    let colour = ground(completed, rule).colour();
                    assert!(worst <= colour && colour <= best, "{completed:?} {rule:?}");
                }
            }
        }
    }
}

#[test]
fn one_blank_essential_is_decisive_and_a_blank_desirable_may_not_be() {
    use Colour::{Amber, Green, Red};
    assert_eq!(scored((15, 0, 0), (7, 0, 0), M2).range, [Red, Green]);
    assert_eq!(scored((16, 0, 0), (6, 0, 0), M2).range, [Green, Green]);
    assert_eq!(scored((16, 0, 0), (0, 0, 0), M2).range, [Green, Green]);
    assert_eq!(scored((5, 11, 0), (6, 0, 0), M2).range, [Amber, Green]);
    assert_eq!(scored((0, 0, 0), (0, 0, 0), M2).range, [Red, Green]);
}

#[test]
fn an_invalid_answer_wins_over_a_blank_one_and_stands_in_none_of_the_numbers() {
    let mut answers = answers(tally(15, 0, 0), tally(6, 0, 0));
    answers.items.insert(23, Item { value: Value::Unclear("E".into()), ..Item::default() });
    let result = score(&SHIPPED, &answers, M2);
    assert_eq!((result.yes, result.emerging, result.no, result.blank), (21, 0, 0, 1));
    assert_eq!(result.invalid, [Invalid { question: Some(23), text: "E".into() }]);
    assert_eq!((result.rag, result.rag_other_met), (Rag::Invalid, Rag::Invalid));
    assert_eq!(result.range, [Colour::Red, Colour::Green]);
}

#[test]
fn the_reason_is_one_plain_sentence_that_names_what_decides() {
    let check = |e, d, rule, expected: &str| assert_eq!(scored(e, d, rule).because, expected);
    check((16, 0, 0), (7, 0, 0), M2, "All 16 essential criteria are met and 23 of 23 are Yes.");
    check(
        (16, 0, 0),
        (0, 0, 7),
        M2,
        "All 16 essential criteria are met and 16 of 23 are Yes; 7 desirable Nos: 1, 3, 10, 11, 12, 13 and 18.",
    );
    check(
        (15, 0, 1),
        (7, 0, 0),
        M2,
        "Essential criterion 23 is answered No, so not all essential criteria are met although 22 of 23 are Yes.",
    );
    check(
        (13, 1, 2),
        (7, 0, 0),
        Rule { met: Met::Yes, ..M2 },
        "Essential criteria 22 and 23 are answered No; Essential criterion 21 is answered Emerging, so not all \
         essential criteria are met although 20 of 23 are Yes; as \"met\" is set to mean Yes alone, AMBER cannot occur.",
    );
    let none = scored((0, 0, 16), (0, 0, 7), M2).because;
    assert!(none.ends_with("are answered No, so not all essential criteria are met."), "nothing surprises: {none}");
    check((5, 11, 0), (0, 7, 0), M2, "All 16 essential criteria are met and 18 of 23 are Emerging.");
    check(
        (11, 5, 0),
        (0, 6, 1),
        M2,
        "All 16 essential criteria are met, but neither Yes (11) nor Emerging (11) has a majority of 23; \
         1 desirable No: 18.",
    );
    check((15, 0, 0), (7, 0, 0), M2, "Criterion 23 is not answered yet; anything from RED to GREEN is still possible.");
    check((16, 0, 0), (5, 0, 0), M2, "Criteria 13 and 18 are not answered yet; it is GREEN whatever the answer.");
}

#[test]
fn no_as_the_greatest_number_is_red_where_a_set_allows_it() {
    let set = |essential: usize, desirable: usize| {
        let entry = |number, importance| Criterion {
            number,
            importance,
            text: "?".into(),
            double_barrelled: false,
            evidence: None,
        };
        let importances = [vec![Importance::Essential; essential], vec![Importance::Desirable; desirable]].concat();
        Criteria::new((1..).zip(importances).map(|(n, importance)| entry(n, importance)).collect()).unwrap()
    };
    let criteria = set(2, 3);
    let item = |r| Item { value: Value::Rated(r), ..Item::default() };
    let ratings = [Rating::Yes, Rating::Emerging, Rating::No, Rating::No, Rating::No];
    let items = (1..).zip(ratings.map(item)).collect();
    let result = score(&criteria, &Answers { items, strays: vec![] }, M2);
    assert_eq!(
        (result.rag, result.because.as_str()),
        (Rag::Final(Colour::Red), "No rating is more frequent than No (3 of 5).")
    );
    let green = Answers { items: (1..=5).map(|n| (n, item(Rating::Yes))).collect(), strays: vec![] };
    assert_eq!(score(&criteria, &green, M2).because, "All 2 essential criteria are met and 5 of 5 are Yes.");
}
