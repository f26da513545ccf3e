//! Interleaved rounds and their medians. Knows nothing of what is measured.

use std::fmt;
use std::time::{Duration, Instant};

const ROUNDS: usize = 5;

/// One line of the table.
#[derive(Debug, Clone)]
pub struct Row {
    /// What is measured.
    pub name: String,
    /// How many pieces one round handles.
    pub pieces: usize,
    /// Median time of a round.
    pub time: Duration,
    /// Median time of the floor, and what it is.
    pub floor: Option<(Duration, &'static str)>,
    /// What has to be reached.
    pub bar: &'static str,
}

pub fn heading() -> String {
    format!("{:44} {:>11} {:>11} {:>12} {:>7}  {}", "measure", "round", "each", "per second", "ratio", "floor; bar")
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.time.as_secs_f64();
        let pieces = self.pieces as f64;
        let (ratio, floor) = match &self.floor {
            Some((time, what)) => (format!("{:.2}", seconds / time.as_secs_f64()), format!("{what} {time:.1?}")),
            None => ("-".to_owned(), "-".to_owned()),
        };
        let (round, each) = (format!("{:.1?}", self.time), format!("{:.2?}", self.time / self.pieces as u32));
        write!(
            f,
            "{:44} {round:>11} {each:>11} {:>12.0} {ratio:>7}  {floor}; {}",
            self.name,
            pieces / seconds,
            self.bar
        )
    }
}

/// How long something takes.
pub fn timed<T>(what: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let value = what();
    (value, start.elapsed())
}

/// Takes each of `N` times in every round, one after the other, so that a busy moment of the machine hits all alike.
pub fn medians<const N: usize>(mut round: impl FnMut(usize) -> [Duration; N]) -> [Duration; N] {
    let rounds: Vec<[Duration; N]> = (0..ROUNDS).map(&mut round).collect();
    std::array::from_fn(|n| {
        let mut times: Vec<Duration> = rounds.iter().map(|times| times[n]).collect();
        times.sort_unstable();
        times[ROUNDS / 2]
    })
}

/// A plain source of numbers that are the same in each run.
pub fn scattered(seed: u64) -> u64 {
    let mut x = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}
