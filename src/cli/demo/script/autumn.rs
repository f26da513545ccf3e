//! November: the ordinary course, a second round, silence, an absence, a bounce, a stranger and a forgery.

use super::Act::{self, Answers, CopiesIn, Judges, Writes};
use crate::cli::demo::people::{
    AMIR, BEN, CLAIRE, ELIN, HELEN, JOAN, LEYLA, PETER, Proof, RUTH, STRANGER, TOM, YVONNE,
};

const TODAY: &str = "Today:";
const LOGGED: &str = "Logged:";
const OVERDUE: &str = "OVERDUE:";
const FIXED: &str = "URGENT STATUTORY";
const RESPONSIBLE: &str = "You are responsible";

pub(super) const ACTS: &[(&str, Act)] = &[
    // Answered in time and closed.
    (
        "Mon 2 Nov 2026 10:05",
        CopiesIn {
            by: RUTH,
            to: &[CLAIRE, JOAN],
            case: "EHC-2026-0301",
            text: "Your report recommends speech and language therapy. Please say how often it is to be given, for how long each time, and by whom.",
        },
    ),
    (
        "Thu 5 Nov 2026 14:20",
        Answers {
            who: CLAIRE,
            mail: LOGGED,
            case: "EHC-2026-0301",
            text: "Dear Ruth,\n\nDirect therapy is needed once a week for thirty minutes in term time, given by a qualified speech and language therapist. In addition a trained teaching assistant carries out the programme on three other days for fifteen minutes. I review it every term.\n\nClaire",
            file: None,
        },
    ),
    ("Fri 6 Nov 2026 09:10", Judges { who: RUTH, mail: TODAY, lines: &[("EHC-2026-0301", "CLOSE")] }),
    // Answered, insufficient, second round.
    (
        "Tue 3 Nov 2026 11:30",
        CopiesIn {
            by: RUTH,
            to: &[ELIN, PETER],
            case: "EHC-2026-0307",
            text: "Section F needs provision that is specified and quantified. The advice says \"access to small group work\". Please say what, how often, in which group size and led by whom.",
        },
    ),
    (
        "Fri 6 Nov 2026 15:45",
        Answers {
            who: ELIN,
            mail: LOGGED,
            case: "EHC-2026-0307",
            text: "Dear Ruth,\n\nI have discussed this with the school. The small group work should follow a structured literacy programme and be led by an adult who has been trained in it. The group should not be larger than four children.\n\nElin Hughes",
            file: None,
        },
    ),
    (
        "Mon 9 Nov 2026 08:40",
        Judges {
            who: RUTH,
            mail: TODAY,
            lines: &[(
                "EHC-2026-0307",
                "INSUFFICIENT the advice still does not say how many sessions a week there are and how long each lasts",
            )],
        },
    ),
    (
        "Thu 12 Nov 2026 10:15",
        Answers {
            who: ELIN,
            mail: FIXED,
            case: "EHC-2026-0307",
            text: "Dear Ruth,\n\nApologies, that was missing. Four sessions a week of twenty-five minutes each, for at least two terms, then a review by the educational psychologist. The amended advice is attached.\n\nElin Hughes",
            file: Some("Amended psychological advice.pdf"),
        },
    ),
    ("Fri 13 Nov 2026 09:05", Judges { who: RUTH, mail: TODAY, lines: &[("EHC-2026-0307", "CLOSE")] }),
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
    // Sent by command; silence; 08:00; the manager gives it to somebody else.
    (
        "Mon 9 Nov 2026 16:40",
        Writes {
            from: TOM,
            subject: "Clarification",
            text: "CLARIFY EHC-2026-0318\nTo: Marcus Bell\nAgreed with: Helen Marsh\nWhy: incomplete\nText: The advice lists needs and no outcomes. Please give the outcomes that social care works towards, and what support the family receives each week.",
            proof: Proof::Pass,
        },
    ),
    (
        "Tue 17 Nov 2026 10:05",
        Answers { who: YVONNE, mail: OVERDUE, case: "EHC-2026-0318", text: "ASSIGNED TO Priti Shah", file: None },
    ),
    (
        "Thu 19 Nov 2026 13:10",
        Answers {
            who: YVONNE,
            mail: OVERDUE,
            case: "EHC-2026-0318",
            text: "Dear Tom,\n\nPriti Shah has written the missing part; her advice is attached.\n\nYvonne Clarke",
            file: Some("Social care advice.pdf"),
        },
    ),
    ("Fri 20 Nov 2026 09:00", Judges { who: TOM, mail: TODAY, lines: &[("EHC-2026-0318", "CLOSE")] }),
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
];
