//! A case that stops without a word to anybody.

use super::Act::{self, Answers, Writes};
use crate::cli::demo::people::{AMIR, Proof, TOM};

const CASE: &str = "EHC-2026-0506";

pub(super) const ACTS: &[(&str, Act)] = &[
    (
        "Mon 21 Sep 2026 14:00",
        Writes {
            from: TOM,
            subject: "New case",
            text: "NEW CASE EHC-2026-0506\nRequested: 21 Sep 2026\nChild: R.F.\nFirst name: Robin\nBorn: 5 May 2018\nParent: Rosa Field <rosa.field@mail.example>",
            proof: Proof::Pass,
        },
    ),
    ("Mon 21 Sep 2026 14:10", Answers { who: TOM, mail: "confirm", case: CASE, text: "YES", file: None }),
    (
        "Thu 15 Oct 2026 09:00",
        Writes {
            from: TOM,
            subject: "Decision and advice",
            text: "DECISION EHC-2026-0506 ASSESS\nOn: 14 Oct 2026\nREQUEST ADVICE EHC-2026-0506\nFrom: Dr Amir Siddiqui\nText: Please give medical advice: needs, provision and outcomes.",
            proof: Proof::Pass,
        },
    ),
    (
        "Tue 10 Nov 2026 09:05",
        Writes {
            from: TOM,
            subject: "Stop",
            text: "STOP SILENT EHC-2026-0506\nReason: The family has asked us to stop and does not want to hear from anybody.",
            proof: Proof::Pass,
        },
    ),
    ("Tue 10 Nov 2026 09:10", Answers { who: TOM, mail: "confirm", case: CASE, text: "YES", file: None }),
    (
        "Mon 16 Nov 2026 16:30",
        Answers {
            who: AMIR,
            mail: "dvice",
            case: CASE,
            text: "Dear Tom,\n\nmy report is attached.\n\nAmir Siddiqui",
            file: Some("Medical advice.pdf"),
        },
    ),
];
