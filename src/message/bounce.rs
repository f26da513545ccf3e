//! Failure and delay notices: RFC 3464 in all its forms, and text-only ones.
