//! A child whose plan is on time: asked, reminded, accepted, checked, issued.

use super::Act::{self, Answers, Judges, Writes};
use crate::cli::demo::people::{CLAIRE, ELIN, Proof, RUTH};

const CASE: &str = "EHC-2026-0501";

pub(super) const ACTS: &[(&str, Act)] = &[
    (
        "Mon 7 Sep 2026 10:00",
        Writes {
            from: RUTH,
            subject: "New case",
            text: "NEW CASE EHC-2026-0501\nRequested: 7 Sep 2026\nChild: A.R.\nFirst name: Ayla\nBorn: 14 Mar 2019\nParent: Amina Rahman <amina.rahman@mail.example>\nConsult: parallel\nTheir ref: WX 40117",
            proof: Proof::Pass,
        },
    ),
    ("Mon 7 Sep 2026 10:15", Answers { who: RUTH, mail: "confirm", case: CASE, text: "YES", file: None }),
    (
        "Thu 8 Oct 2026 11:00",
        Writes {
            from: RUTH,
            subject: "Decision",
            text: "DECISION EHC-2026-0501 ASSESS\nOn: 8 Oct 2026",
            proof: Proof::Pass,
        },
    ),
    (
        "Fri 9 Oct 2026 09:30",
        Writes {
            from: RUTH,
            subject: "Advice",
            text: "REQUEST ADVICE EHC-2026-0501\nFrom: Claire Donnelly\nText: Please give advice on speech, language and communication: needs, provision and outcomes, and what they mean for learning in class.",
            proof: Proof::Pass,
        },
    ),
    (
        "Fri 9 Oct 2026 09:40",
        Writes {
            from: RUTH,
            subject: "Advice",
            text: "REQUEST ADVICE EHC-2026-0501\nFrom: Dr Elin Hughes\nText: Please give psychological advice: needs, provision and outcomes, and how often and by whom support is to be given.",
            proof: Proof::Pass,
        },
    ),
    (
        "Tue 10 Nov 2026 14:00",
        Answers {
            who: ELIN,
            mail: "dvice",
            case: CASE,
            text: "Dear Ruth,\n\nmy advice is attached. It is written so that the family can read it too.\n\nElin Hughes",
            file: Some("Psychological advice.pdf"),
        },
    ),
    ("Wed 11 Nov 2026 09:00", Judges { who: RUTH, mail: "Today:", lines: &[(CASE, "ACCEPT")] }),
    (
        "Mon 16 Nov 2026 11:00",
        Answers {
            who: CLAIRE,
            mail: "dvice",
            case: CASE,
            text: "Dear Ruth,\n\nplease find my advice attached. Thank you for the reminder.\n\nClaire",
            file: Some("Speech and language advice.pdf"),
        },
    ),
    ("Tue 17 Nov 2026 09:00", Judges { who: RUTH, mail: "Today:", lines: &[(CASE, "ACCEPT")] }),
    (
        "Mon 30 Nov 2026 15:00",
        Writes {
            from: RUTH,
            subject: "Draft",
            text: "DRAFT ISSUED EHC-2026-0501\nOn: 30 Nov 2026\nWhere: share.wexmoor.example/plans/0501",
            proof: Proof::Pass,
        },
    ),
    ("Wed 2 Dec 2026 12:20", Answers { who: CLAIRE, mail: "draft", case: CASE, text: "NO CHANGES", file: None }),
    (
        "Wed 13 Jan 2027 10:30",
        Writes {
            from: RUTH,
            subject: "Final plan",
            text: "FINAL ISSUED EHC-2026-0501\nOn: 13 Jan 2027",
            proof: Proof::Pass,
        },
    ),
];
