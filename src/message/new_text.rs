//! What the sender wrote, without quotation, signature, disclaimer and banner.
