//! `followupd score`: totals and colour of a filled self-assessment.
