//! What sort of mail it is, with the evidence.
