//! PURE: a decided [`Letter`](crate::core::letter::Letter) → its final bytes. Wording stands in `templates/`, one
//! file a sort; text and HTML are made from the same words.

pub mod assessment;
pub mod chart;
pub mod compose;
pub mod guard;
mod markup;
mod numbered;
pub mod report;
pub mod stationery;

pub use compose::{Composed, Surroundings};
pub use stationery::Stationery;
