//! The self-assessment: criteria, answers, colours.
