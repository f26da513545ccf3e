//! The reports: counted twice, read back from their files, sent once.

mod counted;
mod files;
mod naive;
mod seeded;
mod sent;
