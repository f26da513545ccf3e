//! A child whose advice was asked while the school was closed: an exemption is recorded, the clock does not move, and the family is told by post.

use super::Act::{self, Answers, Judges, Writes};
use crate::cli::demo::people::{ELIN, Proof, RUTH};

const CASE: &str = "EHC-2026-0505";

pub(super) const ACTS: &[(&str, Act)] = &[
    (
        "Tue 8 Sep 2026 09:30",
        Writes {
            from: RUTH,
            subject: "New case",
            text: "NEW CASE EHC-2026-0505\nRequested: 13 Jul 2026\nChild: S.O.\nFirst name: Sami\nBorn: 30 Jan 2015\nParent: Leila Osman post\nSchool closed: 22 Jul 2026 to 2 Sep 2026",
            proof: Proof::Pass,
        },
    ),
    ("Tue 8 Sep 2026 09:45", Answers { who: RUTH, mail: "confirm", case: CASE, text: "YES", file: None }),
    (
        "Tue 8 Sep 2026 10:30",
        Writes {
            from: RUTH,
            subject: "Decision, exemption, advice",
            text: "DECISION EHC-2026-0505 ASSESS\nOn: 20 Aug 2026\nEXEMPTION EHC-2026-0505 school closed\nPhase: 20\nFrom: 22 Jul 2026\nTo: 2 Sep 2026\nText: The head teacher's advice was asked on 21 July; the school was closed for six weeks from 22 July.\n",
            proof: Proof::Pass,
        },
    ),
    (
        "Tue 8 Sep 2026 10:40",
        Writes {
            from: RUTH,
            subject: "Advice",
            text: "REQUEST ADVICE EHC-2026-0505\nFrom: Dr Elin Hughes\nText: Please give psychological advice: needs, provision and outcomes.",
            proof: Proof::Pass,
        },
    ),
    (
        "Mon 19 Oct 2026 12:00",
        Answers {
            who: ELIN,
            mail: "dvice",
            case: CASE,
            text: "Dear Ruth,\n\nmy advice is attached.\n\nElin Hughes",
            file: Some("Psychological advice.pdf"),
        },
    ),
    ("Tue 20 Oct 2026 09:10", Judges { who: RUTH, mail: "Today:", lines: &[(CASE, "ACCEPT")] }),
    (
        "Wed 18 Nov 2026 11:00",
        Writes {
            from: RUTH,
            subject: "Draft",
            text: "DRAFT ISSUED EHC-2026-0505\nOn: 18 Nov 2026\nWhere: share.wexmoor.example/plans/0505",
            proof: Proof::Pass,
        },
    ),
    (
        "Fri 27 Nov 2026 15:30",
        Writes { from: RUTH, subject: "Posted", text: "POSTED EHC-2026-0505\nOn: 27 Nov 2026", proof: Proof::Pass },
    ),
    (
        "Fri 18 Dec 2026 10:00",
        Writes {
            from: RUTH,
            subject: "Final plan",
            text: "FINAL ISSUED EHC-2026-0505\nOn: 18 Dec 2026",
            proof: Proof::Pass,
        },
    ),
];
