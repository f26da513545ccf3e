//! December and January: an adviser whom nobody knows, a thin reply, answers that went elsewhere, and windows that
//! run across Christmas and the New Year.

use super::Act::{self, Answers, CopiesIn, Forwards, Judges, Writes};
use crate::cli::demo::people::{CLAIRE, ELIN, HEAD, JOAN, MARCUS, Proof, RUTH, SARAH, TOM, YVONNE};

const TODAY: &str = "Today:";
const LOGGED: &str = "Logged:";
const OVERDUE: &str = "OVERDUE:";
const FIXED: &str = "URGENT STATUTORY";

pub(super) const ACTS: &[(&str, Act)] = &[
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
    // "Will send next week": the escalation waits two working days, not for ever.
    (
        "Tue 1 Dec 2026 14:00",
        CopiesIn {
            by: RUTH,
            to: &[CLAIRE, JOAN],
            case: "EHC-2026-0341",
            text: "Please say what impact the speech difficulties have on learning, and what the school is to provide.",
        },
    ),
    (
        "Mon 7 Dec 2026 16:50",
        Answers {
            who: CLAIRE,
            mail: LOGGED,
            case: "EHC-2026-0341",
            text: "Dear Ruth, will send next week.\n\nClaire",
            file: None,
        },
    ),
    (
        "Fri 11 Dec 2026 12:30",
        Answers {
            who: CLAIRE,
            mail: OVERDUE,
            case: "EHC-2026-0341",
            text: "Dear Ruth, dear Joan,\n\nhere it is. The difficulties affect reading and the understanding of instructions in every lesson. The school provides a communication-friendly classroom, visual timetables, and ten minutes of vocabulary teaching before each topic, every day, by a teaching assistant whom I train each term.\n\nClaire",
            file: None,
        },
    ),
    ("Mon 14 Dec 2026 09:00", Judges { who: RUTH, mail: TODAY, lines: &[("EHC-2026-0341", "CLOSE")] }),
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
    // Sent on the last Friday before Christmas: the window runs into January.
    (
        "Fri 18 Dec 2026 11:20",
        Writes {
            from: RUTH,
            subject: "Clarification",
            text: "CLARIFY EHC-2026-0349\nTo: Dr Elin Hughes\nAgreed with: Helen Marsh\nWhy: unclear\nText: Please explain in plain words what \"precision teaching\" is, how often it happens and who does it.",
            proof: Proof::Pass,
        },
    ),
    (
        "Mon 4 Jan 2027 15:00",
        Answers {
            who: ELIN,
            mail: FIXED,
            case: "EHC-2026-0349",
            text: "Dear Ruth,\n\nprecision teaching means short daily practice of a few words until the child reads them fluently. It takes ten minutes a day, five days a week, one to one, by a trained teaching assistant, and is checked every Friday.\n\nElin Hughes",
            file: None,
        },
    ),
    ("Tue 5 Jan 2027 09:10", Judges { who: RUTH, mail: TODAY, lines: &[("EHC-2026-0349", "CLOSE")] }),
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
