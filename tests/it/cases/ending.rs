//! How a case ends, stops and goes on.
