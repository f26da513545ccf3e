mod corpus;
mod laws;
mod shapes;
