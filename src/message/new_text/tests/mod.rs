//! Shapes and mail programs, laws for every input, and real replies.

mod clients;
mod corpus;
mod laws;
mod programs;
mod shapes;
