//! The self-assessment of five health providers: one answers at once, one in parts, one contradicts itself, in one two
//! people differ, and one never answers. Then the plan is settled.

use super::Act::{self, Answers, FillsIn, Writes};
use crate::cli::demo::people::{CAMHS, HOSPITAL, HOSPITAL_NURSE, ICB_LEAD, Proof, THERAPIES, TRUST};

const FORM: &str = "Self-assessment of EHCP processes";
const RECEIVED: &str = "Received: self-assessment";

pub(super) const ACTS: &[(&str, Act)] = &[
    (
        "Mon 9 Nov 2026 09:30",
        Writes {
            from: ICB_LEAD,
            subject: "Self-assessment",
            text: "ROUND START Autumn 2026\n\nNadia",
            proof: Proof::Pass,
        },
    ),
    // All at once, inside the form.
    (
        "Thu 12 Nov 2026 14:00",
        FillsIn {
            who: TRUST,
            rest: "Yes",
            but: &[
                (3, "Emerging", "two of our nine services still take requests by telephone"),
                (
                    7,
                    "Yes",
                    "every insufficient response goes to the head of service within two days, with a log that the quality board reads each month",
                ),
                (13, "No", "the forum stopped in the spring; a new one is planned for January"),
            ],
        },
    ),
    // In parts: three lines first, one of which can mean two things.
    (
        "Fri 13 Nov 2026 10:10",
        Answers {
            who: CAMHS,
            mail: FORM,
            case: "ANSWER 23",
            text: "A start from us:\n\nANSWER 01: Yes\nCOMMENT 01: weekly list from the panel\nANSWER 02: E\nANSWER 09: No\nCOMMENT 09: training begins in the new year",
            file: None,
        },
    ),
    (
        "Tue 24 Nov 2026 16:30",
        FillsIn {
            who: CAMHS,
            rest: "Emerging",
            but: &[
                (1, "", ""),
                (2, "Yes", "one address since June"),
                (9, "", ""),
                (19, "Yes", "drafts come to our duty desk"),
            ],
        },
    ),
    // Two answers to one question.
    (
        "Mon 16 Nov 2026 11:40",
        Answers {
            who: THERAPIES,
            mail: FORM,
            case: "ANSWER 23",
            text: "ANSWER 12: Yes\nCOMMENT 12: all staff by December\nANSWER 12: No\nANSWER 04: Emerging\nCOMMENT 04: counted by hand in one team",
            file: None,
        },
    ),
    // Two people of one hospital differ; the lead settles it.
    (
        "Wed 18 Nov 2026 09:05",
        Answers {
            who: HOSPITAL_NURSE,
            mail: FORM,
            case: "ANSWER 23",
            text: "From the wards:\n\nANSWER 15: No\nCOMMENT 15: the child's voice is asked for, and left out of the letter",
            file: None,
        },
    ),
    ("Thu 19 Nov 2026 13:20", FillsIn { who: HOSPITAL, rest: "Yes", but: &[] }),
    (
        "Fri 20 Nov 2026 09:15",
        Answers {
            who: HOSPITAL,
            mail: RECEIVED,
            case: "Q15",
            text: "AMEND 15: Emerging - asked for, and in every letter from January",
            file: None,
        },
    ),
    // The hospice never answers. The ICB looks, ends the round and has the results.
    (
        "Thu 10 Dec 2026 09:30",
        Writes { from: ICB_LEAD, subject: "Where are we?", text: "ROUND STATUS", proof: Proof::Pass },
    ),
    (
        "Fri 11 Dec 2026 10:00",
        Writes { from: ICB_LEAD, subject: "Results", text: "ROUND CLOSE\nROUND RESULT", proof: Proof::Pass },
    ),
];
