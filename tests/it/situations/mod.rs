//! The situations of the domain, told as stories: one test for each, its name is the rule that it holds.

mod clock;
mod copied_in;
mod feedback;
mod machines;
mod misdirected;
mod modes;
mod orders;
mod people;
mod replies;
mod transitions;
mod trust;
