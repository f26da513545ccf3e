//! What a forwarded mail holds: enclosed messages and inline header blocks, one level deep.
