//! Stories of a case as a whole: how it is registered, corrected, ended, stopped and reviewed.

mod ending;
mod register;
