//! What relays mean by their refusals. Codes say too little: 535 is "permanent" and concerns no mail at all.
//!
//! A table and nothing else; only words of the server are read, never a mail.

/// A refusal that concerns the account, with what to do about it.
struct Riddle {
    /// All must stand in the answer, which is compared in lower case; `^` stands for its beginning.
    says: &'static [&'static str],
    remedy: &'static str,
}

const UNKNOWN_SIGN_IN: &str =
    "Check user and secret of the outbound account; with OAuth2 also tenant, scope and consent.";

const MAILBOX_SWITCH: &str =
    "SMTP AUTH is switched off for this mailbox: Set-CASMailbox -SmtpClientAuthenticationDisabled $false.";

/// Refusals while signing in; the first row that fits counts.
const SIGN_IN: &[Riddle] = &[
    Riddle {
        says: &["smtpclientauthentication is disabled for the tenant"],
        remedy: "SMTP AUTH is switched off for the tenant: allow it for this one mailbox with Set-CASMailbox \
                 -SmtpClientAuthenticationDisabled $false.",
    },
    Riddle { says: &["smtpclientauthentication is disabled for the mailbox"], remedy: MAILBOX_SWITCH },
    Riddle {
        says: &["5.7.139", "security defaults"],
        remedy: "Security defaults of the tenant forbid passwords: use [oauth2], or exclude this account.",
    },
    Riddle {
        says: &["5.7.139", "basic authentication is disabled"],
        remedy: "The tenant no longer takes passwords: use [oauth2].",
    },
    Riddle {
        says: &["5.7.139", "user credentials were incorrect"],
        remedy: "Check the secret; with OAuth2 grant SMTP.SendAsApp and add the service principal to the mailbox.",
    },
    Riddle { says: &["5.7.139", "smtpclientauth"], remedy: MAILBOX_SWITCH },
    Riddle {
        says: &["5.7.3 authentication unsuccessful"],
        remedy: "The tenant refuses this sign-in: check the secret, SMTP AUTH of the mailbox and, with OAuth2, that \
                 SMTP.SendAsApp is consented and the service principal may use the mailbox.",
    },
    Riddle {
        says: &["\"status\":\"400\""],
        remedy: "The access token is not for this service: check [oauth2] scope and that the user is the mailbox.",
    },
    Riddle {
        says: &["\"status\":\"401\""],
        remedy: "The access token has expired or is refused: check the clock, [oauth2] and the client secret.",
    },
    Riddle {
        says: &["5.7.9", "application-specific"],
        remedy: "Google wants an application password or [oauth2] for this account.",
    },
    Riddle { says: &["too many login attempts"], remedy: "Wait; the relay lets us in again by itself." },
    Riddle { says: &["4.7.0", "temporary"], remedy: "The relay cannot check passwords just now; wait." },
];

/// Refusals of a mail that every other mail would meet too.
const ACCOUNT: &[Riddle] = &[
    Riddle {
        says: &["sendasdenied"],
        remedy: "Grant the account \"Send As\" for outbound.from, or send from its own address; with envelope tokens \
                 set outbound.verp = \"never\".",
    },
    Riddle {
        says: &["5.7.60"],
        remedy: "Grant the account \"Send As\" for outbound.from, or send from its own address; with envelope tokens \
                 set outbound.verp = \"never\".",
    },
    Riddle {
        says: &["5.7.57"],
        remedy: "The relay wants a sign-in: configure the outbound account, or a connector that knows this server.",
    },
    Riddle { says: &["^530"], remedy: "The relay wants a sign-in or TLS first: check outbound.url and the secret." },
    Riddle {
        says: &["5.1.8", "bad outbound sender"],
        remedy: "The tenant has blocked this sender: unblock it under Restricted entities.",
    },
    Riddle {
        says: &["5.1.90"],
        remedy: "The account's daily limit of recipients is used up: lower outbound.per_minute; letters go on tomorrow.",
    },
    Riddle {
        says: &["submission quota exceeded"],
        remedy: "The account's sending quota is used up: lower outbound.per_minute.",
    },
    Riddle {
        says: &["submissionquotaexceeded"],
        remedy: "The account's sending quota is used up: lower outbound.per_minute.",
    },
    Riddle {
        says: &["daily user sending limit exceeded"],
        remedy: "The account's daily limit is used up: letters go on tomorrow.",
    },
    Riddle { says: &["5.7.705"], remedy: "The tenant has sent too much and is held: ask its administrators." },
    Riddle { says: &["5.7.708"], remedy: "The tenant's traffic is not accepted: ask its administrators." },
];

/// A relay that carries mail to some places only says so at the recipient, and in the same words one that does
/// not know us any more. Neither is a reason to give the letter up, the first none to hold all others.
const RELAYING: &[Riddle] = &[
    Riddle { says: &["relay access denied"], remedy: ASK_FOR_RELAYING },
    Riddle { says: &["unable to relay"], remedy: ASK_FOR_RELAYING },
    Riddle { says: &["relaying denied"], remedy: ASK_FOR_RELAYING },
];

const ASK_FOR_RELAYING: &str =
    "The relay does not carry our mail to this address: sign in, or let its operators list this server.";

/// What to do about a refused sign-in.
pub(super) fn sign_in(said: &str) -> &'static str {
    find(SIGN_IN, said).unwrap_or(UNKNOWN_SIGN_IN)
}

/// What to do when a refusal concerns the account; `None` when it concerns the mail.
pub(super) fn account(said: &str) -> Option<&'static str> {
    find(ACCOUNT, said)
}

/// What to do when the relay will not carry a mail any further; `None` when that is not what it says.
pub(super) fn relaying(said: &str) -> Option<&'static str> {
    find(RELAYING, said)
}

fn find(table: &[Riddle], said: &str) -> Option<&'static str> {
    let said = format!("^{}", said.to_lowercase());
    table.iter().find(|riddle| riddle.says.iter().all(|words| said.contains(words))).map(|riddle| riddle.remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_of_a_sign_in_names_its_own_remedy() {
        let check = |said: &str, remedy: &str| assert!(sign_in(said).contains(remedy), "{said}: {}", sign_in(said));
        check(
            "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.",
            "switched off for the tenant",
        );
        check(
            "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox.",
            "switched off for this mailbox",
        );
        check("535 5.7.139 Authentication unsuccessful, basic authentication is disabled.", "use [oauth2]");
        check("535 5.7.3 Authentication unsuccessful [AB1PR01.example]", "SMTP.SendAsApp");
        check("535 {\"status\":\"401\",\"schemes\":\"bearer\"}", "expired");
        check("535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6", "Check user and secret");
    }

    #[test]
    fn a_refusal_that_every_mail_would_meet_is_one_of_the_account() {
        let check = |said: &str, is_account: bool| assert_eq!(account(said).is_some(), is_account, "{said}");
        check("550 5.7.60 SMTP; Client does not have permissions to send as this sender", true);
        check("554 5.2.252 SendAsDenied; robot@council.example not allowed to send as team@council.example", true);
        check("530 5.7.0 Must issue a STARTTLS command first", true);
        check("554 5.7.1 <lee@nhs.example>: Relay access denied", false);
        check("550 5.1.90 Your message can't be sent because you've reached your daily limit", true);
        check("550 5.1.1 <lee@nhs.example>: Recipient address rejected: User unknown", false);
        check("550 5.7.1 Message rejected as spam", false);
        check("552 5.3.4 Message size exceeds fixed limit", false);
        check("450 4.2.0 Greylisted, see ticket 530", false);
        assert!(relaying("550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain").is_some());
    }
}
