//! The reports: counted twice, read back from their files, sent once.

mod counted;
mod files;
mod naive;
mod phone;
mod readers;
mod seeded;
mod sent;
mod told;
