//! Small numbers that leave a provider: hidden, and with them as many others as it takes that no subtraction brings
//! them back (`domain.md` 4.5).
//!
//! A table is taken with its totals. Every row and every column, the one of the totals too, is an equation; a hidden
//! cell can be reckoned exactly unless it lies on a closed walk of hidden cells, along which ones can be moved round
//! without any shown number changing. Zeros say nothing of anybody and are shown.

/// From here on a number is large enough to be shared.
pub const SMALLEST_SHOWN: u32 = 5;

/// A table of counts, without its totals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// Rows of equal length.
    pub rows: Vec<Vec<u32>>,
}

/// The same table with totals in a last column and a last row; `None` is hidden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// Rows of equal length, the totals last.
    pub rows: Vec<Vec<Option<u32>>>,
}

/// Where a cell stands.
type Place = (usize, usize);

/// Hides small numbers and what would give them away. Where nothing else helps, everything is hidden.
pub fn suppressed(table: &Counted) -> Shared {
    let full = with_totals(table);
    let mut hidden: Vec<Vec<bool>> =
        full.iter().map(|row| row.iter().map(|count| is_small(*count)).collect()).collect();
    let small: Vec<Place> = places(&full).filter(|place| at(&hidden, *place)).collect();
    for place in small {
        if is_covered(place, &full, &hidden) {
            continue;
        }
        match cheapest_cover(place, &full, &hidden) {
            Some(corners) => corners.into_iter().for_each(|corner| set(&mut hidden, corner)),
            None => return nothing(&full),
        }
    }
    let rows = full.iter().zip(&hidden);
    Shared { rows: rows.map(|(counts, hidden)| shown(counts, hidden)).collect() }
}

/// Hides small parts of a total that is shown, with as many larger ones as it takes. `None`: nothing of it can be
/// shared, the total included.
pub fn suppressed_parts(parts: &[u32]) -> Option<Vec<Option<u32>>> {
    if is_small(parts.iter().sum()) {
        return None;
    }
    let mut hidden: Vec<bool> = parts.iter().map(|part| is_small(*part)).collect();
    // Hidden parts of which all have to be ones are hidden in vain.
    let in_vain = |hidden: &[bool]| {
        let those = || parts.iter().zip(hidden).filter(|(_, hidden)| **hidden).map(|(part, _)| *part);
        let count = those().count();
        count == 1 || (count > 1 && those().all(|part| part == 1))
    };
    while in_vain(&hidden) {
        let open = parts.iter().enumerate().zip(&hidden).filter(|((_, part), hidden)| !**hidden && **part > 0);
        let (next, _) = open.map(|(found, _)| found).min_by_key(|(_, part)| **part)?;
        if let Some(cell) = hidden.get_mut(next) {
            *cell = true;
        }
    }
    Some(shown(parts, &hidden))
}

fn is_small(count: u32) -> bool {
    (1..SMALLEST_SHOWN).contains(&count)
}

fn with_totals(table: &Counted) -> Vec<Vec<u32>> {
    let width = table.rows.iter().map(Vec::len).max().unwrap_or_default();
    let column = |column: usize| table.rows.iter().filter_map(|row| row.get(column)).sum::<u32>();
    let mut full: Vec<Vec<u32>> = table
        .rows
        .iter()
        .map(|row| {
            let padded = row.iter().copied().chain(std::iter::repeat_n(0, width - row.len()));
            padded.chain([row.iter().sum()]).collect()
        })
        .collect();
    let totals: Vec<u32> = (0..width).map(column).collect();
    let grand = totals.iter().sum();
    full.push(totals.into_iter().chain([grand]).collect());
    full
}

fn places(full: &[Vec<u32>]) -> impl Iterator<Item = Place> + '_ {
    full.iter().enumerate().flat_map(|(row, cells)| (0..cells.len()).map(move |column| (row, column)))
}

fn at(hidden: &[Vec<bool>], (row, column): Place) -> bool {
    hidden.get(row).and_then(|cells| cells.get(column)).copied().unwrap_or(false)
}

fn set(hidden: &mut [Vec<bool>], (row, column): Place) {
    if let Some(cell) = hidden.get_mut(row).and_then(|cells| cells.get_mut(column)) {
        *cell = true;
    }
}

fn count(full: &[Vec<u32>], (row, column): Place) -> u32 {
    full.get(row).and_then(|cells| cells.get(column)).copied().unwrap_or(0)
}

/// The four corners of a rectangle with `place`, in walking order.
fn rectangles(place: Place, full: &[Vec<u32>]) -> impl Iterator<Item = [Place; 4]> + '_ {
    let (row, column) = place;
    let width = full.first().map_or(0, Vec::len);
    let others = (0..full.len()).filter(move |other| *other != row);
    others.flat_map(move |r| {
        let columns = (0..width).filter(move |other| *other != column);
        columns.map(move |c| [(row, column), (row, c), (r, c), (r, column)])
    })
}

fn is_covered(place: Place, full: &[Vec<u32>], hidden: &[Vec<bool>]) -> bool {
    rectangles(place, full).any(|corners| corners.iter().all(|corner| at(hidden, *corner)) && can_move(corners, full))
}

/// Whether a one can be moved round the rectangle in some direction with every hidden cell staying above zero, for
/// whoever knows this rule knows that zeros are shown.
fn can_move(corners: [Place; 4], full: &[Vec<u32>]) -> bool {
    let (last_row, last_column) = (full.len().saturating_sub(1), full.first().map_or(0, Vec::len).saturating_sub(1));
    // A total stands on the other side of its equation.
    let sign = |step: usize, (row, column): Place| {
        let flips = usize::from(row == last_row) + usize::from(column == last_column);
        (step + flips) % 2
    };
    let with_sign =
        |wanted: usize| corners.iter().enumerate().filter(move |(step, corner)| sign(*step, **corner) == wanted);
    let roomy = |wanted: usize| with_sign(wanted).all(|(_, corner)| count(full, *corner) >= 2);
    let alive = corners.iter().all(|corner| count(full, *corner) >= 1);
    alive && (roomy(0) || roomy(1))
}

/// The rectangle that hides least beside what is hidden already.
fn cheapest_cover(place: Place, full: &[Vec<u32>], hidden: &[Vec<bool>]) -> Option<[Place; 4]> {
    let cost = |corners: &[Place; 4]| -> (usize, u32) {
        let fresh = corners.iter().filter(|corner| !at(hidden, **corner));
        fresh.fold((0, 0), |(cells, sum), corner| (cells + 1, sum.saturating_add(count(full, *corner))))
    };
    rectangles(place, full).filter(|corners| can_move(*corners, full)).min_by_key(cost)
}

fn shown(counts: &[u32], hidden: &[bool]) -> Vec<Option<u32>> {
    counts.iter().zip(hidden).map(|(count, hidden)| (!hidden).then_some(*count)).collect()
}

fn nothing(full: &[Vec<u32>]) -> Shared {
    Shared { rows: full.iter().map(|row| vec![None; row.len()]).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn table(rows: &[&[u32]]) -> Counted {
        Counted { rows: rows.iter().map(|row| row.to_vec()).collect() }
    }

    fn words(shared: &Shared) -> Vec<String> {
        let word = |cell: &Option<u32>| cell.map_or_else(|| "*".to_owned(), |count| count.to_string());
        shared.rows.iter().map(|row| row.iter().map(word).collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn large_numbers_and_zeros_are_shown() {
        assert_eq!(words(&suppressed(&table(&[&[33, 8, 0], &[12, 0, 5]]))), ["33 8 0 41", "12 0 5 17", "45 8 5 58"]);
    }

    #[test]
    fn one_small_number_takes_three_others_with_it() {
        let shared = words(&suppressed(&table(&[&[33, 3], &[12, 9], &[40, 20]])));
        assert_eq!(shared, ["* * 36", "* * 21", "40 20 60", "85 32 117"]);
    }

    #[test]
    fn a_small_part_takes_the_smallest_other_with_it() {
        let check = |parts: &[u32], expected: Option<&[Option<u32>]>| {
            assert_eq!(suppressed_parts(parts).as_deref(), expected, "{parts:?}");
        };
        check(&[33, 8], Some(&[Some(33), Some(8)]));
        check(&[33, 3], Some(&[None, None]));
        check(&[33, 3, 8], Some(&[Some(33), None, None]));
        check(&[1, 1, 9, 8], Some(&[None, None, Some(9), None]));
        check(&[7, 0], Some(&[Some(7), Some(0)]));
        check(&[2, 1], None);
        check(&[0, 0], Some(&[Some(0), Some(0)]));
    }

    #[test]
    fn a_table_of_nothing_but_small_numbers_is_hidden_whole() {
        assert_eq!(words(&suppressed(&table(&[&[1]]))), ["* *", "* *"]);
        assert_eq!(words(&suppressed(&table(&[]))), ["0"]);
    }

    /// Every table that a reader who knows the rule cannot rule out: hidden cells are above zero.
    fn possible(full: &[Vec<u32>], shared: &Shared) -> Vec<Vec<Vec<u32>>> {
        let most = full.iter().flatten().copied().max().unwrap_or(0) + 3;
        let (rows, columns) = (full.len() - 1, full[0].len() - 1);
        let mut tables = vec![Vec::<u32>::new()];
        for row in 0..rows {
            for column in 0..columns {
                let choices: Vec<u32> = shared.rows[row][column].map_or_else(|| (1..=most).collect(), |n| vec![n]);
                tables = tables
                    .iter()
                    .flat_map(|t| choices.iter().map(move |n| t.iter().copied().chain([*n]).collect::<Vec<u32>>()))
                    .collect();
            }
        }
        let as_rows = |flat: Vec<u32>| -> Vec<Vec<u32>> { flat.chunks(columns).map(<[u32]>::to_vec).collect() };
        let fits = |inner: &Vec<Vec<u32>>| {
            let totals = with_totals(&Counted { rows: inner.clone() });
            totals.iter().zip(&shared.rows).all(|(counts, shown)| {
                counts.iter().zip(shown).all(|(count, shown)| shown.map_or(*count >= 1, |n| n == *count))
            })
        };
        tables.into_iter().map(as_rows).filter(fits).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn no_small_number_can_be_reckoned_from_what_is_shown(cells in proptest::collection::vec(0u32..9, 4)) {
            let counted = table(&[&cells[..2], &cells[2..]]);
            let full = with_totals(&counted);
            let shared = suppressed(&counted);
            let tables = possible(&full, &shared);
            for (row, column) in places(&full).filter(|place| is_small(count(&full, *place))) {
                prop_assert_eq!(shared.rows[row][column], None);
                let values: std::collections::BTreeSet<u32> =
                    tables.iter().map(|t| with_totals(&Counted { rows: t.clone() })[row][column]).collect();
                prop_assert!(values.len() > 1, "{:?} gives away {},{} of {:?}", shared, row, column, full);
            }
        }
    }
}
