//! A child whose plan is about to slip, and is caught: the parents are not alarmed for nothing.

use super::Act::{self, Answers, Judges, Writes};
use crate::cli::demo::people::{AMIR, Proof, RUTH};

const CASE: &str = "EHC-2026-0503";

pub(super) const ACTS: &[(&str, Act)] = &[
    (
        "Mon 7 Sep 2026 11:30",
        Writes {
            from: RUTH,
            subject: "New case",
            text: "NEW CASE EHC-2026-0503\nRequested: 6 Jul 2026\nChild: F.L.\nFirst name: Freja\nBorn: 21 Nov 2020\nParent: Grace Lindqvist <grace.lindqvist@mail.example>\nConsult: parallel",
            proof: Proof::Pass,
        },
    ),
    ("Mon 7 Sep 2026 11:45", Answers { who: RUTH, mail: "confirm", case: CASE, text: "YES", file: None }),
    (
        "Mon 14 Sep 2026 10:00",
        Writes {
            from: RUTH,
            subject: "Decision and advice",
            text: "DECISION EHC-2026-0503 ASSESS\nOn: 13 Aug 2026\nREQUEST ADVICE EHC-2026-0503\nFrom: Dr Amir Siddiqui\nText: Please give medical advice: needs, provision and outcomes, and the effect of the medication on learning.",
            proof: Proof::Pass,
        },
    ),
    (
        "Wed 4 Nov 2026 11:10",
        Answers {
            who: AMIR,
            mail: "dvice",
            case: CASE,
            text: "Dear Ruth,\n\nI am sorry that this is late. My report is attached.\n\nAmir Siddiqui",
            file: Some("Medical advice.pdf"),
        },
    ),
    ("Thu 5 Nov 2026 08:10", Judges { who: RUTH, mail: "Today:", lines: &[(CASE, "ACCEPT")] }),
    ("Wed 4 Nov 2026 11:50", Answers { who: RUTH, mail: "letter to", case: CASE, text: "DON'T SEND", file: None }),
    (
        "Thu 5 Nov 2026 16:20",
        Writes {
            from: RUTH,
            subject: "Draft",
            text: "DRAFT ISSUED EHC-2026-0503\nOn: 5 Nov 2026\nWhere: share.wexmoor.example/plans/0503",
            proof: Proof::Pass,
        },
    ),
    ("Mon 9 Nov 2026 17:05", Answers { who: AMIR, mail: "draft", case: CASE, text: "NO CHANGES", file: None }),
    (
        "Mon 23 Nov 2026 12:00",
        Writes {
            from: RUTH,
            subject: "Final plan",
            text: "FINAL ISSUED EHC-2026-0503\nOn: 23 Nov 2026",
            proof: Proof::Pass,
        },
    ),
];
