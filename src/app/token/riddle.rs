//! What token endpoints say when they refuse, and what an operator can do about it. The codes are those of Microsoft
//! (AADSTS…), the short words those of RFC 6749 5.2, which Google uses too.

struct Riddle {
    /// All of these have to occur; written in lower case.
    says: &'static [&'static str],
    remedy: &'static str,
}

const UNKNOWN: &str = "Check [oauth2]: token_url, client_id, client_secret and scope.";

/// The first row that fits counts.
const RIDDLES: &[Riddle] = &[
    Riddle {
        says: &["aadsts7000222"],
        remedy: "The client secret has expired: make a new one for the application in Entra ID and write it where \
                 oauth2.client_secret points; it is taken up by itself.",
    },
    Riddle {
        says: &["aadsts7000215"],
        remedy: "The client secret is wrong: oauth2.client_secret wants the secret's value, not its id.",
    },
    Riddle {
        says: &["aadsts700016"],
        remedy: "This tenant does not know the application: check oauth2.client_id, and the tenant in oauth2.token_url.",
    },
    Riddle { says: &["aadsts90002"], remedy: "There is no such tenant: check its id in oauth2.token_url." },
    Riddle { says: &["aadsts900023"], remedy: "There is no such tenant: check its id in oauth2.token_url." },
    Riddle {
        says: &["aadsts7000112"],
        remedy: "The application is switched off in this tenant: enable it under Enterprise applications.",
    },
    Riddle {
        says: &["aadsts65001"],
        remedy: "An administrator has to consent to the application's permissions (IMAP.AccessAsApp, SMTP.SendAsApp).",
    },
    Riddle {
        says: &["aadsts1002012"],
        remedy: "For an application of its own oauth2.scope is \"https://outlook.office365.com/.default\".",
    },
    Riddle {
        says: &["invalid_scope"],
        remedy: "Check oauth2.scope: \"https://outlook.office365.com/.default\" for Microsoft 365, \
                 \"https://mail.google.com/\" for Google.",
    },
    Riddle {
        says: &["aadsts70043"],
        remedy: "The consent has ended (conditional access): let the account sign in anew and write the new \
                 oauth2.refresh_token.",
    },
    Riddle {
        says: &["invalid_grant"],
        remedy: "The refresh token has ended or was revoked (a changed password does that too): let the account give \
                 its consent anew and write the new oauth2.refresh_token.",
    },
    Riddle {
        says: &["invalid_client"],
        remedy: "Client id or secret are wrong, or the secret has expired: check oauth2.client_id and \
                 oauth2.client_secret.",
    },
    Riddle {
        says: &["unauthorized_client"],
        remedy: "The application may not use this grant: check its kind, and that its permissions were consented to.",
    },
    Riddle {
        says: &["unsupported_grant_type"],
        remedy: "The endpoint does not give tokens this way: Google wants oauth2.refresh_token.",
    },
];

/// What to do about a refusal.
pub(super) fn remedy(said: &str) -> &'static str {
    let said = said.to_lowercase();
    RIDDLES.iter().find(|riddle| riddle.says.iter().all(|words| said.contains(words))).map_or(UNKNOWN, |r| r.remedy)
}
