//! Who is really speaking: Authentication-Results (RFC 8601) and its relatives.
