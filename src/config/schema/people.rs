//! Keys of the directory: tables of which there may be several.

use super::{ADDRESSES, Key, TEXTS, is, off, required};
use crate::config::form::Form::{Address, Choice, Domain, List, Text};

pub(super) const KEYS: &[Key] = &[
    required("coordinator[].name", Text, r#""Ann Lee""#, "As letters write it."),
    required(
        "coordinator[].address",
        Address,
        r#""ann.lee@council.example""#,
        "Where mail for them goes, and where their commands come from.",
    ),
    off("coordinator[].phone", Text, r#""01632 960123""#, "Printed in letters."),
    off("coordinator[].line_manager", Address, r#""send.manager@council.example""#, "Their own line manager."),
    off("coordinator[].team", Text, r#""North""#, "For reports and deputies."),
    required("send_manager[].name", Text, r#""Sam Okoro""#, "As letters write it."),
    required(
        "send_manager[].address",
        Address,
        r#""send.manager@council.example""#,
        "Where mail for them goes, and where their commands come from.",
    ),
    required("service[].name", Text, r#""Community Paediatrics""#, "As letters and reports write it."),
    is("service[].domains", List(&Domain), "[]", "Mail domains of its staff; letters may go there."),
    is(
        "service[].legal",
        Choice(&["section31", "regulation6"]),
        r#""section31""#,
        "Which duty binds it. section31: health and others asked under section 31.\nregulation6: schools, the authority's own psychologists and social care.",
    ),
    off("service[].route", Address, r#""ehcp@trust.example""#, "The single route address, where it has one."),
    off(
        "service[].fallback_manager",
        Address,
        r#""paediatrics.lead@trust.example""#,
        "Line manager for advisers without one.",
    ),
    off(
        "service[].second_level",
        Address,
        r#""dco@icb.example""#,
        "Where the second escalation goes (DCO, head of service).",
    ),
    required("service[].adviser[].name", Text, r#""Dr Priya Shah""#, "As letters write it."),
    required("service[].adviser[].address", Address, r#""p.shah@trust.example""#, "Where mail for them goes."),
    is(
        "service[].adviser[].managers",
        ADDRESSES,
        "[]",
        "Their line managers. Default: the service's fallback manager.",
    ),
    required("service[].manager[].name", Text, r#""Jo Marsh""#, "As letters write it."),
    required("service[].manager[].address", Address, r#""j.marsh@trust.example""#, "Where mail for them goes."),
    off("provider[].name", Text, r#""Example NHS Trust""#, "As reports write it. Default: its services."),
    required(
        "provider[].services",
        TEXTS,
        r#"["Community Paediatrics"]"#,
        "The services that it answers for, as listed above.",
    ),
    required("provider[].respondents", ADDRESSES, r#"["ehcp.lead@trust.example"]"#, "Who fills the self-assessment."),
    off(
        "provider[].lead",
        Address,
        r#""ehcp.lead@trust.example""#,
        "Whose answer wins. Default: the first respondent.",
    ),
    required(
        "one_sender[].address",
        Address,
        r#""noreply@one.example""#,
        "The address from which ONE sends; it may open follow-ups and nothing else.",
    ),
    is(
        "one_sender[].proof",
        Choice(&["authentication_results", "exchange_online"]),
        r#""authentication_results""#,
        "How its mail is proved.",
    ),
    is(
        "one_sender[].coordinator_from",
        Choice(&["reply_to", "cc", "body"]),
        r#""reply_to""#,
        "Where the co-ordinator stands in it.",
    ),
];
