//! Shapes of mail programs, laws for every input, and real replies.

mod corpus;
mod laws;
mod shapes;
