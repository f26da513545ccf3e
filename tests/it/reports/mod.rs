//! The reports: counted twice, read back from their files, sent once.

mod counted;
mod files;
mod naive;
mod readers;
mod seeded;
mod sent;
mod told;
