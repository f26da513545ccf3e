//! A child whose advice has to be clarified twice before it says what the plan needs.

use super::Act::{self, Answers, Judges, Writes};
use crate::cli::demo::people::{ELIN, Proof, TOM};

const CASE: &str = "EHC-2026-0502";

pub(super) const ACTS: &[(&str, Act)] = &[
    (
        "Mon 14 Sep 2026 09:20",
        Writes {
            from: TOM,
            subject: "New case",
            text: "NEW CASE EHC-2026-0502\nRequested: 14 Sep 2026\nChild: D.P.\nFirst name: Dylan\nBorn: 2 Jun 2016\nParent: Owen Pugh <owen.pugh@mail.example>\nConsult: parallel",
            proof: Proof::Pass,
        },
    ),
    ("Mon 14 Sep 2026 09:30", Answers { who: TOM, mail: "confirm", case: CASE, text: "YES", file: None }),
    (
        "Fri 25 Sep 2026 10:00",
        Writes {
            from: TOM,
            subject: "Decision and advice",
            text: "DECISION EHC-2026-0502 ASSESS\nOn: 24 Sep 2026\nADVICE ASKED EHC-2026-0502\nFrom: Dr Elin Hughes\nOn: 24 Sep 2026",
            proof: Proof::Pass,
        },
    ),
    (
        "Tue 3 Nov 2026 11:30",
        Answers {
            who: ELIN,
            mail: "dvice",
            case: CASE,
            text: "Dear Tom,\n\nmy advice is attached. Access to small group work is recommended.\n\nElin Hughes",
            file: Some("Advice.pdf"),
        },
    ),
    (
        "Wed 4 Nov 2026 08:50",
        Judges {
            who: TOM,
            mail: "Today:",
            lines: &[(
                CASE,
                "INSUFFICIENT Section F needs provision that is specified and quantified. Please say what the small group work is, how large the group may be and who leads it",
            )],
        },
    ),
    (
        "Mon 9 Nov 2026 15:45",
        Answers {
            who: ELIN,
            mail: "URGENT STATUTORY",
            case: CASE,
            text: "Dear Tom,\n\nI have discussed this with the school. The small group work should follow a structured literacy programme and be led by an adult who has been trained in it. The group should not be larger than four children.\n\nElin Hughes",
            file: None,
        },
    ),
    (
        "Tue 10 Nov 2026 08:40",
        Judges {
            who: TOM,
            mail: "Today:",
            lines: &[(
                CASE,
                "INSUFFICIENT the advice still does not say how many sessions a week there are and how long each lasts",
            )],
        },
    ),
    (
        "Fri 13 Nov 2026 10:15",
        Answers {
            who: ELIN,
            mail: "URGENT STATUTORY",
            case: CASE,
            text: "Dear Tom,\n\napologies, that was missing. Four sessions a week of twenty-five minutes each, for at least two terms, then a review by the educational psychologist. The amended advice is attached.\n\nElin Hughes",
            file: Some("Amended psychological advice.pdf"),
        },
    ),
    ("Mon 16 Nov 2026 09:05", Judges { who: TOM, mail: "Today:", lines: &[(CASE, "CLOSE")] }),
    (
        "Fri 27 Nov 2026 16:00",
        Writes {
            from: TOM,
            subject: "Draft",
            text: "DRAFT ISSUED EHC-2026-0502\nOn: 27 Nov 2026\nWhere: share.wexmoor.example/plans/0502",
            proof: Proof::Pass,
        },
    ),
    (
        "Wed 2 Dec 2026 13:40",
        Answers {
            who: ELIN,
            mail: "draft",
            case: CASE,
            text: "Dear Tom,\n\none point of accuracy: section B says that the reading assessment was made in 2024. It was made in March 2026. Otherwise the draft reflects the needs as I see them.\n\nElin Hughes",
            file: None,
        },
    ),
    ("Thu 3 Dec 2026 09:00", Judges { who: TOM, mail: "Today:", lines: &[(CASE, "FEEDBACK OTHER")] }),
    (
        "Mon 7 Dec 2026 11:00",
        Writes {
            from: TOM,
            subject: "Draft again",
            text: "REISSUED EHC-2026-0502\nOn: 7 Dec 2026\nWhere: share.wexmoor.example/plans/0502",
            proof: Proof::Pass,
        },
    ),
    ("Tue 8 Dec 2026 10:10", Answers { who: ELIN, mail: "draft", case: CASE, text: "NO CHANGES", file: None }),
    (
        "Thu 21 Jan 2027 14:00",
        Writes {
            from: TOM,
            subject: "Final plan",
            text: "FINAL ISSUED EHC-2026-0502\nOn: 21 Jan 2027",
            proof: Proof::Pass,
        },
    ),
];
