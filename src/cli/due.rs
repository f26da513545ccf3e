//! `followupd due`: the due date of a window, with the reason for each day.
