//! Small numbers that leave the circle of those they are about: a count of one to four is withheld, and so is whatever
//! would let somebody work it out by subtracting what is shown (`domain.md` 4.5). Zeros say nothing of anybody and are
//! shown.
//!
//! A table is shown with its sums. The sums stand in the grid as a last row and a last column with the opposite sign,
//! so that every row and every column of the grid adds up to nothing. A withheld number is safe when it is the corner
//! of a rectangle of withheld numbers: adding to one corner and taking from its neighbours keeps every sum, and as
//! long as every corner stays above nothing (whoever knows this rule knows that zeros are shown) all of one to four
//! remain possible. Where no rectangle helps, everything is withheld.

/// From here on a number is large enough to be shared.
pub const SMALLEST_SHOWN: u64 = 5;

/// A count as its reader may see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// As it is.
    Exact(u64),
    /// Fewer than five, or withheld so that such a number cannot be worked out.
    Withheld,
}

impl Shown {
    /// The number, when it may be seen.
    pub fn exact(self) -> Option<u64> {
        match self {
            Self::Exact(n) => Some(n),
            Self::Withheld => None,
        }
    }
}

/// A table as it may be seen: its counts and their sums.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// One row a service; in each its counts, last their sum.
    pub rows: Vec<Vec<Shown>>,
    /// The sums of the columns, last the sum of all.
    pub sums: Vec<Shown>,
}

/// Everything as it is: what the authority itself sees.
pub fn show_all(counts: &[Vec<u64>]) -> Seen {
    Grid::new(counts).seen()
}

/// The table with its small numbers withheld.
pub fn hide_small(counts: &[Vec<u64>]) -> Seen {
    let mut grid = Grid::new(counts);
    let small: Vec<Place> = grid.places().filter(|&p| (1..SMALLEST_SHOWN).contains(&grid.value(p))).collect();
    small.iter().for_each(|&p| grid.hide(p));
    for &place in &small {
        match grid.cheapest_rectangle(place) {
            Some(corners) => corners.into_iter().for_each(|p| grid.hide(p)),
            None => grid.places().for_each(|p| grid.hide(p)),
        }
    }
    grid.seen()
}

/// What a reader may see of a table: [`show_all`] or [`hide_small`].
pub type Show = fn(&[Vec<u64>]) -> Seen;

/// Parts and their total, as they may be seen.
pub fn seen_parts(show: Show, parts: impl IntoIterator<Item = u64>) -> (Vec<Shown>, Shown) {
    let seen = show(&parts.into_iter().map(|n| vec![n]).collect::<Vec<_>>());
    let first = |row: &Vec<Shown>| row.first().copied().unwrap_or(Shown::Withheld);
    (seen.rows.iter().map(first).collect(), first(&seen.sums))
}

/// Row and column.
type Place = (usize, usize);

/// Counts with their sums, row by row, and which of them are withheld.
struct Grid {
    rows: usize,
    columns: usize,
    values: Vec<u64>,
    hidden: Vec<bool>,
}

impl Grid {
    fn new(counts: &[Vec<u64>]) -> Self {
        let width = counts.first().map_or(0, Vec::len);
        let mut values = Vec::new();
        let mut sums = vec![0; width + 1];
        for row in counts {
            let with_sum: Vec<u64> = row.iter().copied().chain([row.iter().sum()]).collect();
            sums.iter_mut().zip(&with_sum).for_each(|(sum, n)| *sum += n);
            values.extend(with_sum);
        }
        values.extend(sums);
        let hidden = vec![false; values.len()];
        Self { rows: counts.len() + 1, columns: width + 1, values, hidden }
    }

    fn places(&self) -> impl Iterator<Item = Place> + use<> {
        let columns = self.columns;
        (0..self.rows).flat_map(move |r| (0..columns).map(move |c| (r, c)))
    }

    fn index(&self, (row, column): Place) -> usize {
        row * self.columns + column
    }

    fn value(&self, place: Place) -> u64 {
        self.values.get(self.index(place)).copied().unwrap_or(0)
    }

    fn is_hidden(&self, place: Place) -> bool {
        self.hidden.get(self.index(place)).copied().unwrap_or(false)
    }

    fn hide(&mut self, place: Place) {
        let index = self.index(place);
        if let Some(hidden) = self.hidden.get_mut(index) {
            *hidden = true;
        }
    }

    /// How many sums a place is: none, one, or the sum of all.
    fn sums_in(&self, (row, column): Place) -> u64 {
        u64::from(row + 1 == self.rows) + u64::from(column + 1 == self.columns)
    }

    /// The other three corners that protect a small number at the least loss; sums are given up last.
    fn cheapest_rectangle(&self, small: Place) -> Option<[Place; 3]> {
        let (row, column) = small;
        self.places()
            .filter(|&(r, c)| r != row && c != column)
            .map(|(r, c)| [(row, c), (r, column), (r, c)])
            .filter(|corners| self.protects(small, corners))
            .min_by_key(|corners| corners.iter().map(|&p| self.loss(p)).sum::<u64>())
    }

    fn loss(&self, place: Place) -> u64 {
        if self.is_hidden(place) {
            return 0;
        }
        let weight = match self.sums_in(place) {
            0 => 1,
            1 => 1_000_000,
            _ => 100_000_000,
        };
        self.value(place).saturating_add(1).saturating_mul(weight)
    }

    /// Whether the small number could be each of one to four, with the corners moving along.
    fn protects(&self, small: Place, [beside, below, across]: &[Place; 3]) -> bool {
        let value = self.value(small);
        let (up, down) = ((SMALLEST_SHOWN - 1).saturating_sub(value), value.saturating_sub(1));
        let needed = |corner: Place, falls_with_it: bool| {
            // A sum has the opposite sign, and so it moves the other way.
            let turned = (self.sums_in(corner) + self.sums_in(small)) % 2 == 1;
            if falls_with_it == turned { up } else { down }
        };
        self.value(*beside) > needed(*beside, false)
            && self.value(*below) > needed(*below, false)
            && self.value(*across) > needed(*across, true)
    }

    fn seen(&self) -> Seen {
        let shown = |p: Place| if self.is_hidden(p) { Shown::Withheld } else { Shown::Exact(self.value(p)) };
        let row = |r: usize| (0..self.columns).map(|c| shown((r, c))).collect();
        let last = self.rows.saturating_sub(1);
        Seen { rows: (0..last).map(row).collect(), sums: row(last) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn exact(cells: &[Shown]) -> Vec<Option<u64>> {
        cells.iter().map(|c| c.exact()).collect()
    }

    #[test]
    fn a_table_without_small_numbers_is_shown_whole() {
        let counts = vec![vec![40, 7, 0], vec![12, 0, 5]];
        assert_eq!(hide_small(&counts), show_all(&counts));
    }

    #[test]
    fn a_small_number_takes_three_others_with_it_and_the_sums_stay() {
        let seen = hide_small(&[vec![37, 3, 0], vec![20, 9, 6], vec![50, 8, 11]]);
        assert_eq!(exact(&seen.rows[0]), [None, None, Some(0), Some(40)]);
        assert_eq!(exact(&seen.rows[1]), [None, None, Some(6), Some(35)]);
        assert_eq!(exact(&seen.rows[2]), [Some(50), Some(8), Some(11), Some(69)]);
        assert_eq!(exact(&seen.sums), [Some(107), Some(20), Some(17), Some(144)]);
    }

    #[test]
    fn one_service_alone_gives_up_the_sum_that_would_tell() {
        let seen = hide_small(&[vec![9, 2]]);
        assert_eq!(seen.rows[0][1], Shown::Withheld);
        assert_eq!(seen.sums[1], Shown::Withheld, "the sum of a column of one is the number itself");
    }

    #[test]
    fn of_one_column_a_second_number_is_withheld() {
        let seen = hide_small(&[vec![3], vec![8], vec![30]]);
        let first: Vec<_> = seen.rows.iter().map(|r| r[0].exact()).collect();
        assert_eq!((first, seen.sums[0].exact()), (vec![None, None, Some(30)], Some(41)));
    }

    #[test]
    fn a_small_part_takes_the_smallest_other_that_protects_it() {
        let check = |parts: &[u64], expected: &[Option<u64>], total: Option<u64>| {
            let (seen, sum) = seen_parts(hide_small, parts.iter().copied());
            assert_eq!((exact(&seen).as_slice(), sum.exact()), (expected, total), "{parts:?}");
        };
        check(&[33, 8], &[Some(33), Some(8)], Some(41));
        check(&[33, 3], &[None, None], Some(36));
        check(&[33, 3, 8], &[Some(33), None, None], Some(44));
        check(&[1, 1, 9, 8], &[None, None, Some(9), None], Some(19));
        check(&[7, 0], &[Some(7), Some(0)], Some(7));
        check(&[2, 1], &[None, None], None);
        check(&[1, 1, 1, 2], &[None, None, None, None], None);
        check(&[0, 0], &[Some(0), Some(0)], Some(0));
        check(&[3], &[None], None);
        check(&[9], &[Some(9)], Some(9));
    }

    /// What an outsider can work out who knows the rule: every table that fits everything shown, with nothing
    /// withheld that is zero.
    fn possible(seen: &Seen, width: usize, most: u64) -> BTreeMap<Place, Vec<u64>> {
        let height = seen.rows.len();
        let mut found: BTreeMap<Place, Vec<u64>> = BTreeMap::new();
        let mut table = vec![0; width * height];
        try_all(seen, width, most, &mut table, 0, &mut found);
        found
    }

    fn try_all(
        seen: &Seen,
        width: usize,
        most: u64,
        table: &mut Vec<u64>,
        at: usize,
        found: &mut BTreeMap<Place, Vec<u64>>,
    ) {
        if at == table.len() {
            let sums: Vec<u64> = (0..width).map(|c| table.iter().skip(c).step_by(width).sum()).collect();
            let fits = |shown: Shown, n: u64| shown.exact().is_none_or(|e| e == n);
            let right =
                sums.iter().zip(&seen.sums).all(|(n, s)| fits(*s, *n)) && fits(seen.sums[width], sums.iter().sum());
            if right {
                for (index, value) in table.iter().enumerate() {
                    let values = found.entry((index / width, index % width)).or_default();
                    if !values.contains(value) {
                        values.push(*value);
                    }
                }
            }
            return;
        }
        let (row, column) = (at / width, at % width);
        let fixed = |sum: Shown, others: u64| {
            sum.exact().map(|e| e.checked_sub(others).filter(|n| *n > 0).into_iter().collect())
        };
        let choices: Vec<u64> = match seen.rows[row][column] {
            Shown::Exact(n) => vec![n],
            Shown::Withheld => {
                let of_row = (column + 1 == width)
                    .then(|| fixed(seen.rows[row][width], table[row * width..at].iter().sum()))
                    .flatten();
                let of_column = (row + 1 == seen.rows.len())
                    .then(|| fixed(seen.sums[column], table.iter().take(at).skip(column).step_by(width).sum()))
                    .flatten();
                of_row.or(of_column).unwrap_or_else(|| (1..=most).collect())
            }
        };
        for choice in choices {
            table[at] = choice;
            let row_ends = column + 1 == width;
            let sum: u64 = table[row * width..=at].iter().sum();
            let fits = seen.rows[row][width].exact().is_none_or(|e| if row_ends { e == sum } else { sum <= e });
            if fits {
                try_all(seen, width, most, table, at + 1, found);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn nobody_outside_can_work_out_a_small_number(counts in proptest::collection::vec(proptest::collection::vec(0u64..10, 2), 1..3)) {
            let seen = hide_small(&counts);
            // Of a table that is withheld whole nothing can be worked out.
            prop_assume!(seen.rows.iter().flatten().chain(&seen.sums).any(|c| c.exact().is_some()));
            let possible = possible(&seen, 2, 24);
            for (r, row) in counts.iter().enumerate() {
                for (c, value) in row.iter().enumerate() {
                    if (1..SMALLEST_SHOWN).contains(value) {
                        prop_assert_eq!(seen.rows[r][c], Shown::Withheld);
                        let values = &possible[&(r, c)];
                        prop_assert!((1..SMALLEST_SHOWN).all(|n| values.contains(&n)), "{:?} narrows {:?} to {:?}", seen, (r, c), values);
                    }
                }
            }
        }
    }
}
