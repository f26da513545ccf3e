//! Out-of-office notices: until when, and who instead.
