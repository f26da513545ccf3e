//! A child whose plan is late: two parents who live apart are told, each alone, and told again when the date moves.

use super::Act::{self, Answers, Judges, Writes};
use crate::cli::demo::people::{MARCUS, PAUL, Proof, TOM};

const CASE: &str = "EHC-2026-0504";

pub(super) const ACTS: &[(&str, Act)] = &[
    (
        "Mon 7 Sep 2026 09:10",
        Writes {
            from: TOM,
            subject: "New case",
            text: "NEW CASE EHC-2026-0504\nRequested: 1 Jun 2026\nChild: K.H.\nFirst name: Kenji\nBorn: 9 Sep 2017\nParent: Paul Hart <paul.hart@mail.example>\nParent: Mina Sato <mina.sato@post.example>",
            proof: Proof::Pass,
        },
    ),
    ("Mon 7 Sep 2026 09:25", Answers { who: TOM, mail: "confirm", case: CASE, text: "YES", file: None }),
    (
        "Tue 8 Sep 2026 10:00",
        Writes {
            from: TOM,
            subject: "Decision and advice",
            text: "DECISION EHC-2026-0504 ASSESS\nOn: 10 Jul 2026\nADVICE ASKED EHC-2026-0504\nFrom: Marcus Bell\nOn: 3 Aug 2026",
            proof: Proof::Pass,
        },
    ),
    (
        "Wed 7 Oct 2026 19:40",
        Answers {
            who: PAUL,
            mail: "Update from",
            case: CASE,
            text: "This is not good enough. Kenji has been waiting since June and nobody tells us anything. Who is dealing with this?\n\nPaul Hart",
            file: None,
        },
    ),
    ("Thu 8 Oct 2026 15:30", Answers { who: TOM, mail: "A family has written", case: CASE, text: "CLOSE", file: None }),
    (
        "Thu 12 Nov 2026 13:10",
        Answers {
            who: MARCUS,
            mail: "Overdue:",
            case: CASE,
            text: "Dear Tom,\n\nmy advice is attached. I am sorry for the delay; I had been on long-term sick leave and nobody had taken it over.\n\nMarcus Bell",
            file: Some("Social care advice.pdf"),
        },
    ),
    ("Fri 13 Nov 2026 09:00", Judges { who: TOM, mail: "Today:", lines: &[(CASE, "ACCEPT")] }),
    (
        "Fri 13 Nov 2026 09:15",
        Writes {
            from: TOM,
            subject: "Why it was late",
            text: "NARRATIVE EHC-2026-0504\nTheme: capacity\nText: The social worker was away for months and the work was not given to anybody else.",
            proof: Proof::Pass,
        },
    ),
    (
        "Fri 27 Nov 2026 14:00",
        Writes {
            from: TOM,
            subject: "Draft",
            text: "DRAFT ISSUED EHC-2026-0504\nOn: 27 Nov 2026\nWhere: share.wexmoor.example/plans/0504",
            proof: Proof::Pass,
        },
    ),
    (
        "Tue 12 Jan 2027 15:00",
        Writes {
            from: TOM,
            subject: "Final plan",
            text: "FINAL ISSUED EHC-2026-0504\nOn: 12 Jan 2027",
            proof: Proof::Pass,
        },
    ),
];
