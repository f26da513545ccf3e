//! Tables of what servers write, in the languages that mail systems come in. Phrases are folded: lower case, no
//! accents, one space between words. Must not know a single server; a phrase stands here because several write it.

use regex::Regex;

/// Compiles a pattern that is part of the program; a test compiles them all.
pub(super) fn fixed(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|fault| unreachable!("a fixed pattern does not compile: {fault}"))
}

/// True when one of the phrases stands in the folded text.
fn says(folded: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| folded.contains(phrase))
}

/// Names under which mail systems write.
const MAIL_SYSTEMS: &[&str] = &[
    "mailer-daemon",
    "mailerdaemon",
    "mailer_daemon",
    "mailer daemon",
    "mail-daemon",
    "postmaster",
    "mdaemon@",
    "mail delivery",
    "mail.delivery",
    "mail-delivery",
    "maildelivery",
    "delivery subsystem",
    "delivery system",
    "delivery service",
    "delivery notification",
    "mail system",
    "mailsystem",
    "mail administrator",
    "mail admin",
    "mailadmin",
    "mail subsystem",
    "mail router",
    "mail server",
    "mail service",
    "mail_service",
    "mail gateway",
    "smtp gateway",
    "internet mail",
    "system administrator",
    "system attendant",
    "microsoftexchange",
    "microsoft outlook",
    "groupwise",
    "daemon@",
    "bounce@",
    "bounces@",
    "mail transfer",
    "message security",
    "mail automation",
    "mail notification",
    "delivery agent",
    "mail-system",
    "mailadministrator",
    "mailgate",
    "mta@",
    "smtp@",
    "mailer@",
    "undeliverable@",
    "mail-admin",
];

/// Tells whether a From or return path names a mail system.
pub(super) fn is_mail_system(lower: &str) -> bool {
    says(lower, MAIL_SYSTEMS)
}

/// What says that something was not delivered, now or for ever.
const FAILED: &[&str] = &[
    "not be delivered",
    "n't be delivered",
    "not be sent",
    "not deliver",
    "n't deliver",
    "not be reached",
    "n't be reached",
    "not delivered",
    "n't delivered",
    "not been delivered",
    "not able to deliver",
    "n't able to deliver",
    "not been received",
    "undeliver",
    "unable to deliver",
    "unable to send",
    "unable to relay",
    "unable to reach",
    "non-delivery",
    "nondelivery",
    "nondeliverable",
    "failed to deliver",
    "failed to reach",
    "failed permanently",
    "following recipients failed",
    "failed recipient",
    "failed address",
    "failure notice",
    "failure notification",
    "address failed",
    "addresses failed",
    "address(es) failed",
    "delivery failed",
    "delivery has failed",
    "delivery to these recipients",
    "delivery failure",
    "delivery error",
    "delivery problem",
    "delivery fail",
    "mail failed",
    "mail failure",
    "mail error",
    "mail system error",
    "error during delivery",
    "errors during delivery",
    "error sending",
    "errors sending",
    "returned mail",
    "mail returned",
    "message returned",
    "returned to sender",
    "returning to sender",
    "returned to you",
    "returning message to sender",
    "return to sender",
    "fatal error",
    "delivery errors",
    "permanent error",
    "not reach",
    "n't reach",
    "not receive",
    "was rejected",
    "been rejected",
    "automatically rejected",
    "rejected mail",
    "message rejected",
    "was refused",
    "been blocked",
    "was blocked",
    "was aborted",
    "was not accepted",
    "not accepted",
    "not accepting",
    "no longer accept",
    "error-for:",
    "could not send",
    "could not be sent",
    "not processed",
    "not be processed",
    "user unknown",
    "unknown user",
    "unknown local user",
    "unknown recipient",
    "recipient unknown",
    "unknown address",
    "unknown host",
    "no such user",
    "no such recipient",
    "no such mailbox",
    "no such address",
    "no mailbox",
    "not a valid",
    "invalid recipient",
    "invalid address",
    "invalid mailbox",
    "invalid final delivery",
    "user not found",
    "user not known",
    "not found",
    "not listed in",
    "not a known",
    "no valid recipients",
    "bad address",
    "mailbox unavailable",
    "is unavailable",
    "address rejected",
    "is disabled",
    "been disabled",
    "been suspended",
    "is inactive",
    "not active",
    "does not exist",
    "doesn't exist",
    "no longer exist",
    "may not exist",
    "doesn't have a",
    "does not have a",
    "mailbox full",
    "mailbox is full",
    "full mailbox",
    "over quota",
    "quota exceeded",
    "exceeded the quota",
    "exceeded quota",
    "has restricted",
    "delivery status notification (failure)",
    "nicht zugestellt",
    "nicht ubermittelt",
    "nicht ausgeliefert",
    "nicht zustellbar",
    "unzustellbar",
    "zustellung fehlgeschlagen",
    "konnte nicht",
    "n'a pas pu etre",
    "n'ont pas pu etre",
    "n'a pas ete remis",
    "echec de",
    "non remis",
    "non distribu",
    "impossible de remettre",
    "se pudo entregar",
    "podido entregar",
    "no pudo ser entregado",
    "podido ser entregado",
    "no entregado",
    "no se entrego",
    "error en la entrega",
    "error de entrega",
    "nao pode ser",
    "nao pode ser entregue",
    "nao foi possivel",
    "nao foi entregue",
    "falha na entrega",
    "falha de entrega",
    "impossibile recapitare",
    "possibile recapitare",
    "mancato recapito",
    "non recapitabil",
    "stato recapitato",
    "non consegnat",
    "niet worden bezorgd",
    "niet worden afgeleverd",
    "niet bezorgd",
    "niet afgeleverd",
    "onbestelbaar",
    "kunde inte levereras",
    "kunde inte skickas",
    "kunne ikke leveres",
    "ei voitu toimittaa",
    "nie mogła zostac",
    "nie została dostarczona",
    "niedostarczon",
    "nelze dorucit",
    "nedoruciteln",
    "teslim edilemedi",
    "не может быть доставлено",
    "не доставлен",
    "не было доставлено",
    "невозможно доставить",
    "配信できません",
    "送信できません",
    "配送できません",
    "届けできません",
    "届けることができません",
    "配信に失敗",
    "送信に失敗",
    "配信不能",
    "配信エラー",
    "送信エラー",
    "エラーメール",
    "届きませんでした",
    "無法傳遞",
    "無法投遞",
    "无法投递",
    "无法送达",
    "投递失败",
    "退信",
    "failed mail",
    "failed because",
    "been returned",
    "encountered an error",
    "error has occurred",
    "error occurred",
    "processing error",
    "trouble delivering",
    "problem with the e-mail address",
    "problem with the email address",
    "problem delivering",
    "rejected recipient",
    "recipients were affected",
    "not delivering",
    "quota violation",
    "exceeds allowed size",
    "over its limit",
    "is full",
    "has moved",
    "failure reasons",
    "bounced",
    "not exist",
    "not recognized",
    "not recognised",
    "not local",
    "delivery to the following",
    "delevery to the following",
    "message could not",
    "mail could not",
    "zuruckgewiesen",
    "nicht erreich",
    "fehlgeschlagen",
    "rechazado",
    "devuelto",
    "devolvida",
    "rejete",
    "respinto",
    "宛先不明",
    "存在しません",
    "受信拒否",
    "; failed",
    "considered unsolicited",
    "email was stopped",
    "mail was stopped",
    "message was stopped",
    "has been stopped",
    "was quarantined",
    "banned",
    "non-fatal errors",
    "nieznany",
    "nie istnieje",
    "wanted to reach",
    "could not find",
];

/// What says that the server goes on trying.
const DELAYED: &[&str] = &[
    "warning message only",
    "this is a warning only",
    "warning only",
    "not need to resend",
    "not yet been delivered",
    "not yet delivered",
    "not been delivered yet",
    "not yet been able",
    "not yet received",
    "still undelivered",
    "still being retried",
    "is being retried",
    "be retried",
    "will be tried again",
    "keep trying",
    "continue trying",
    "continue to try",
    "continue to attempt",
    "continue to be made",
    "attempts will continue",
    "will try again",
    "will retry",
    "will be attempted",
    "further attempts will be",
    "been delayed",
    "is delayed",
    "was delayed",
    "delayed mail",
    "mail delayed",
    "message delayed",
    "delivery delayed",
    "delivery delay",
    "notification (delay)",
    "delayed delivery",
    "been postponed",
    "has been deferred",
    "have been deferred",
    "delivery deferred",
    "advisory-only",
    "is still queued",
    "remains in the queue",
    "still in the queue",
    "delivery warning",
    "verzogert",
    "verzogerung",
    "noch nicht zugestellt",
    "weiterhin versuch",
    "weitere zustellversuche",
    "ete retarde",
    "remise differee",
    "n'a pas encore ete",
    "ha retrasado",
    "entrega retrasada",
    "aun no se ha entregado",
    "seguira intentando",
    "entrega atrasada",
    "foi atrasada",
    "ainda nao foi entregue",
    "continuara tentando",
    "stato ritardat",
    "consegna ritardata",
    "non e ancora stato",
    "vertraagd",
    "nog niet bezorgd",
    "задержк",
    "配信遅延",
    "配信が遅延",
    "再送を試み",
    "まだ配信",
    "已延迟",
    "已延遲",
    "warning: could not send",
    "transient non-fatal",
    "temporary non-fatal",
    "temporarily undeliverable",
    "temporarily unable to deliver",
    "temporarily delayed",
    "temporary delivery failure",
    "not a permanent",
    "will keep on trying",
    "delivery will continue",
    "in einem weiteren versuch",
];

/// What says that the server stopped trying; future forms ("will give up") stand in delay notices and are left out.
const GAVE_UP: &[&str] = &[
    "given up",
    "gave up",
    "not going to try again",
    "not be retried",
    "not try again",
    "not try to redeliver",
    "not be attempted again",
    "no further attempts",
    "no more attempts",
    "no further delivery attempts",
    "permanent error",
    "permanent fatal",
    "permanent failure",
    "permanent delivery failure",
    "failed permanently",
    "been removed from the",
    "removed from queue",
    "was aborted",
    "in the queue too long",
    "queue too long",
    "been queued too long",
    "message expired",
    "has expired",
    "message timed out",
    "retry timeout exceeded",
    "retry time not reached",
    "failing for a long time",
    "notification (failure)",
    "returned undelivered",
    "has been returned",
    "is being returned",
];

/// What only a warning says, whatever else stands beside it.
const ONLY_A_WARNING: &[&str] = &[
    "warning message only",
    "this is a warning only",
    "not need to resend",
    "not a permanent",
    "notification (delay)",
    "not yet been delivered",
    "still being retried",
    "warning: could not send",
];

/// Challenge-response: the mail waits for its sender; only a person can answer.
const CHALLENGE: &[&str] = &[
    "not pre-approved",
    "guest list",
    "allowed list",
    "confirm that you are human",
    "confirm you are human",
    "click on the following link to have your address",
    "requires that you verify",
    "requires verification",
    "challenge/response",
    "challenge-response",
    "to verify that you are a real person",
    "verify your email address so that",
    "please confirm your message",
    "spamarrest",
    "approved senders list",
];

/// Headings over addresses that the mail did reach.
const REACHED: &[&str] = &[
    "successful delivery",
    "successfully delivered",
    "delivered successfully",
    "was successfully",
    "were successfully",
    "has been successfully",
    "was delivered to",
    "were delivered to",
    "has been delivered to",
    "relayed to the following",
    "following recipients received",
    "successful recipients",
    "has been accepted",
    "received a copy of your message",
];

/// What stands before an address to write to, not one that failed.
const CONTACT: &[&str] = &[
    "contact",
    "please reply to",
    "reply to this",
    "reply to the",
    "write to",
    "send mail to",
    "send email to",
    "send e-mail to",
    "send an email to",
    "send an e-mail to",
    "send a message to",
    "sending mail to",
    "mail to the",
    "forward this",
    "assistance",
    "questions",
    "for help",
    "for more information",
    "further information",
    "please refer",
    "complain",
    "notify",
    "report this",
    "postmaster",
    "administrator",
    "support",
    "wenden sie sich",
    "kontakt",
    "contactez",
    "comuniquese",
    "お問い合わせ",
];

/// What stands right before an address that wrote the mail, or before no address at all.
const ORIGIN: &[&str] = &[
    "sender",
    "sent by",
    "sent from",
    "message from",
    "mail from",
    "email from",
    "return-path",
    "message-id",
    "message id",
    "msgid",
    "unsubscribe",
];

/// What no server writes but people on holiday do.
const ABSENT: &[&str] = &[
    "out of office",
    "out of the office",
    "on vacation",
    "on holiday",
    "on annual leave",
    "on leave",
    "annual leave",
    "away from my",
    "abwesend",
    "abwesenheit",
    "absence du bureau",
    "conges",
];

/// Openings of answers and forwards, which people write.
const ANSWERS: &[&str] =
    &["re:", "re :", "aw:", "sv:", "vs:", "antw:", "fw:", "fwd:", "wg:", "tr:", "rv:", "enc:", "res:"];

/// True when the text says that a mail was not delivered, for now or for ever.
pub(super) fn tells_failure(folded: &str) -> bool {
    says(folded, FAILED)
}

/// True when the text says that a server goes on trying.
pub(super) fn tells_delay(folded: &str) -> bool {
    says(folded, DELAYED)
}

/// True when the text says "delayed" and not "gave up".
pub(super) fn still_trying(folded: &str) -> bool {
    tells_delay(folded) && (says(folded, ONLY_A_WARNING) || !says(folded, GAVE_UP))
}

/// True for a challenge-response system.
pub(super) fn is_challenge(folded: &str) -> bool {
    says(folded, CHALLENGE)
}

/// True for a heading over addresses that were reached.
pub(super) fn tells_success(folded: &str) -> bool {
    says(folded, REACHED) && !tells_failure(folded)
}

/// True when the text leads to an address to write to.
pub(super) fn is_contact(folded: &str) -> bool {
    says(folded, CONTACT)
}

/// True when the words right before an address say that it wrote the mail.
pub(super) fn is_origin(folded: &str) -> bool {
    says(folded, ORIGIN)
}

/// True for the words of a person who is away.
pub(super) fn is_absence(folded: &str) -> bool {
    says(folded, ABSENT)
}

/// True when the subject is an answer or a forward.
pub(super) fn is_answer(subject: &str) -> bool {
    let lower = subject.trim_start().to_lowercase();
    ANSWERS.iter().any(|opening| lower.starts_with(opening))
}

#[cfg(test)]
mod tests {
    use super::super::notice::fold;
    use super::*;

    #[test]
    fn phrases_stand_in_their_folded_form() {
        let tables = [
            MAIL_SYSTEMS,
            FAILED,
            DELAYED,
            GAVE_UP,
            ONLY_A_WARNING,
            CHALLENGE,
            REACHED,
            CONTACT,
            ORIGIN,
            ABSENT,
            ANSWERS,
        ];
        for phrase in tables.concat() {
            assert_eq!(fold(phrase), phrase);
        }
    }

    #[test]
    fn trying_on_is_a_delay_and_giving_up_is_not() {
        for (text, delayed) in [
            ("Will keep trying until message is 5 days old", true),
            ("It will be retried until it is 5 days old. Eventually the software will give up.", true),
            ("THIS IS A WARNING MESSAGE ONLY. Gave up for now.", true),
            ("Delivery has been delayed; this is a permanent error, I've given up.", false),
            ("I'm not going to try again; this message has been in the queue too long.", false),
            ("user unknown", false),
        ] {
            assert_eq!(still_trying(&fold(text)), delayed, "{text}");
        }
    }
}
