//! What else goes on: silence, an absence, a bounce, a stranger, a forgery, people whom the service does not know, an
//! answer that went to the co-ordinator alone, and Christmas.

use super::Act::{self, Answers, CopiesIn, Forwards, Judges, Writes};
use crate::cli::demo::people::{
    AMIR, BEN, HEAD, HELEN, JOAN, LEYLA, MARCUS, Proof, RUTH, SARAH, STRANGER, TOM, YVONNE,
};

const TODAY: &str = "Today:";
const OVERDUE: &str = "OVERDUE:";
const FIXED: &str = "URGENT STATUTORY";
const RESPONSIBLE: &str = "You are responsible";

pub(super) const ACTS: &[(&str, Act)] = &[
    // Silence: noon, then the second level, then a late answer.
    (
        "Wed 4 Nov 2026 15:30",
        CopiesIn {
            by: TOM,
            to: &[AMIR, JOAN],
            case: "EHC-2026-0312",
            text: "The medical advice is dated 2024. Please confirm what still holds and describe the current medication and its effect on learning.",
        },
    ),
    (
        "Fri 20 Nov 2026 11:25",
        Answers {
            who: JOAN,
            mail: OVERDUE,
            case: "EHC-2026-0312",
            text: "Dear Tom,\n\nI apologise for the delay. Dr Siddiqui's updated report is attached; it replaces the one of 2024.\n\nJoan Whitlock",
            file: Some("Updated medical advice.pdf"),
        },
    ),
    ("Mon 23 Nov 2026 09:20", Judges { who: TOM, mail: TODAY, lines: &[("EHC-2026-0312", "CLOSE")] }),
    // One on leave with two follow-ups: Exchange says so once.
    (
        "Thu 12 Nov 2026 09:30",
        CopiesIn {
            by: RUTH,
            to: &[BEN, JOAN],
            case: "EHC-2026-0322",
            text: "Please say which equipment is needed in the classroom and who trains the staff to use it.",
        },
    ),
    (
        "Mon 16 Nov 2026 11:00",
        CopiesIn {
            by: TOM,
            to: &[BEN, JOAN],
            case: "EHC-2026-0323",
            text: "The sensory assessment gives scores and no recommendation. What does the child need in school, how often, and from whom?",
        },
    ),
    (
        "Wed 18 Nov 2026 16:30",
        Answers {
            who: JOAN,
            mail: RESPONSIBLE,
            case: "EHC-2026-0322",
            text: "Dear Ruth,\n\nBen is on leave and I have taken this over. The list of equipment and the training plan are attached.\n\nJoan Whitlock",
            file: Some("Equipment and training.pdf"),
        },
    ),
    ("Thu 19 Nov 2026 08:50", Judges { who: RUTH, mail: TODAY, lines: &[("EHC-2026-0322", "CLOSE")] }),
    (
        "Fri 20 Nov 2026 15:00",
        Answers {
            who: JOAN,
            mail: RESPONSIBLE,
            case: "EHC-2026-0323",
            text: "Dear Tom,\n\nThe recommendations are attached, written by Ben's colleague.\n\nJoan Whitlock",
            file: Some("Sensory recommendations.pdf"),
        },
    ),
    ("Mon 23 Nov 2026 09:35", Judges { who: TOM, mail: TODAY, lines: &[("EHC-2026-0323", "CLOSE")] }),
    // Somebody who may be a parent.
    (
        "Mon 23 Nov 2026 20:15",
        Writes {
            from: STRANGER,
            subject: "My daughter's plan",
            text: "Dear SEND team,\n\nthe school gave me this address. Can somebody please tell me when my daughter's plan will be ready? It has been four months now.\n\nJo Kent",
            proof: Proof::Pass,
        },
    ),
    ("Tue 24 Nov 2026 10:00", Judges { who: HELEN, mail: TODAY, lines: &[(STRANGER, "IGNORE")] }),
    // An address that is no more; the manager asks for time and gets it.
    (
        "Tue 24 Nov 2026 09:12",
        CopiesIn {
            by: TOM,
            to: &[LEYLA, JOAN],
            case: "EHC-2026-0330",
            text: "The report says \"regular review\". Please say how often the hearing is reviewed and by which clinic.",
        },
    ),
    (
        "Mon 30 Nov 2026 10:45",
        Answers { who: JOAN, mail: RESPONSIBLE, case: "EHC-2026-0330", text: "NEED TIME", file: None },
    ),
    (
        "Mon 30 Nov 2026 11:20",
        Answers { who: TOM, mail: "More time", case: "EHC-2026-0330", text: "EXTEND By: 3", file: None },
    ),
    (
        "Thu 3 Dec 2026 16:05",
        Answers {
            who: JOAN,
            mail: "New date",
            case: "EHC-2026-0330",
            text: "Dear Tom,\n\nDr Voss has left the trust. Her successor has answered your question in the attached letter.\n\nJoan Whitlock",
            file: Some("Audiology letter.pdf"),
        },
    ),
    ("Fri 4 Dec 2026 09:15", Judges { who: TOM, mail: TODAY, lines: &[("EHC-2026-0330", "CLOSE")] }),
    // Somebody writes in a co-ordinator's name.
    (
        "Thu 26 Nov 2026 22:41",
        Writes { from: TOM, subject: "please close", text: "CLOSE EHC-2026-0330", proof: Proof::Fail },
    ),
    ("Fri 27 Nov 2026 09:15", Judges { who: TOM, mail: TODAY, lines: &[(TOM, "IGNORE")] }),
    // Nobody knows who is the adviser; then the answer comes by phone.
    (
        "Mon 30 Nov 2026 09:00",
        CopiesIn {
            by: TOM,
            to: &[SARAH, HEAD],
            case: "EHC-2026-0335",
            text: "Please describe the support that the school gives now, in hours a week, and what has been tried before.",
        },
    ),
    (
        "Mon 30 Nov 2026 09:25",
        Judges { who: TOM, mail: "Who is the adviser", lines: &[(SARAH, "ADVISER"), (HEAD, "MANAGER")] },
    ),
    ("Mon 7 Dec 2026 09:40", Judges { who: TOM, mail: TODAY, lines: &[("EHC-2026-0335", "RECEIVED 4 Dec by phone")] }),
    ("Wed 9 Dec 2026 08:30", Judges { who: TOM, mail: TODAY, lines: &[("EHC-2026-0335", "CLOSE")] }),
    // The answer went to the co-ordinator alone, who forwards it.
    (
        "Thu 3 Dec 2026 10:30",
        CopiesIn {
            by: TOM,
            to: &[MARCUS, YVONNE],
            case: "EHC-2026-0337",
            text: "Please say whether the family has short breaks, how many hours, and until when they are agreed.",
        },
    ),
    (
        "Tue 8 Dec 2026 15:15",
        Answers {
            who: MARCUS,
            mail: FIXED,
            case: "EHC-2026-0337",
            text: "Hi Tom,\n\nthe family has six hours of short breaks a week, on Saturdays, from a commissioned provider. They are agreed until the end of July 2027 and reviewed in May. Transport is included.\n\nMarcus",
            file: None,
        },
    ),
    ("Thu 10 Dec 2026 09:05", Forwards { who: TOM, mail: "RE: URGENT STATUTORY", case: "EHC-2026-0337" }),
    ("Fri 11 Dec 2026 08:45", Judges { who: TOM, mail: TODAY, lines: &[("EHC-2026-0337", "CLOSE")] }),
    // Silence over Christmas.
    (
        "Mon 21 Dec 2026 12:10",
        CopiesIn {
            by: TOM,
            to: &[MARCUS, YVONNE],
            case: "EHC-2026-0352",
            text: "Please add the outcomes of the last child in need meeting to your advice.",
        },
    ),
    (
        "Fri 8 Jan 2027 10:20",
        Answers {
            who: YVONNE,
            mail: OVERDUE,
            case: "EHC-2026-0352",
            text: "Dear Tom,\n\nMarcus has completed the advice; it is attached. I am sorry that it took so long.\n\nYvonne Clarke",
            file: Some("Completed advice.pdf"),
        },
    ),
    ("Mon 11 Jan 2027 09:05", Judges { who: TOM, mail: TODAY, lines: &[("EHC-2026-0352", "CLOSE")] }),
];
