//! How much a person wrote: full, thin, asks for time, nothing.
