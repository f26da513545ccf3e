//! What staff write: new text → commands, tolerant in form and strict in meaning.
