//! `followupd inspect`: how a mail would be understood, one JSON object a line.
