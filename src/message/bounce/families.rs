//! One invented notice for each way in which common servers write: the rule, not the case.

use super::{Permanence, read};
use crate::message::parse::parse;

/// A notice as a mail system sends it.
fn from_system(subject: &str, body: &str) -> String {
    format!(
        "From: Mail Delivery Subsystem <MAILER-DAEMON@mx.example>\nTo: followups+abc@council.example\nSubject: {subject}\n\n{body}"
    )
}

fn check_raw(raw: &str, expected: &[&str], permanence: Permanence) {
    let reading = read(&parse(raw.as_bytes())).unwrap_or_else(|| panic!("no notice: {raw}"));
    let found: Vec<&str> = reading.bounce.recipients.iter().map(|one| one.address.as_str()).collect();
    assert_eq!(found, expected, "{raw}\n{:?}", reading.evidence);
    assert_eq!(reading.permanence, permanence, "{raw}");
}

fn failed(body: &str, expected: &[&str]) {
    check_raw(&from_system("Returned mail", body), expected, Permanence::Failed);
}

fn delayed(body: &str, expected: &[&str]) {
    check_raw(&from_system("Mail status", body), expected, Permanence::Delayed);
}

const ANN: &str = "ann@school.example";

#[test]
fn lists_of_failed_recipients_in_many_dresses() {
    for body in [
        "This message was created automatically by a mail hunter\n\n  >>> ann@school.example <<<\n\n550 5.1.1 <ann@school.example>... User Unknown\n",
        "   ----- The following addresses had delivery problems -----\nann@school.example\n\n   ----- Non-delivered information -----\nThe number of messages in recipient's mailbox exceeded the local limit.\n",
        "--- The following addresses had delivery problems ---\n\n<ann@school.example>   (User unknown ann@school.example)\n",
        "Your message\n\n  Subject: Advice\n\nwas not delivered to:\n\n  ann@school.example\n\nbecause:\n\n  User ann (ann@school.example) not listed in Directory\n",
        "Your message\n  To:      office@school.example\n  Subject: Advice\n  Sent:    Mon, 5 Oct 2026\n\ndid not reach the following recipient(s):\n\nann@school.example on Mon, 5 Oct 2026 16:51:51 -0500\n    The recipient name is not recognized\n    The MTS-ID of the original message is: c=gb;a= ;p=org\n    MSEXCH:IMS:ORG:SITE:HOST 0 (000C05A6) Unknown Recipient\n",
        "Delivery has failed to these recipients or groups:\n\nAnn Lee<mailto:ann@school.example>\nThe e-mail address you entered couldn't be found.\n\nDiagnostic information for administrators:\n\nGenerating server: mx1.org.example\n\nann@school.example\n#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##rfc822;ann@school.example\n\nOriginal message headers:\n\nReceived: from a by b\n",
        "Informations de diagnostic pour les administrateurs :\n\nÉchec de la remise pour ces destinataires :\n\nann@school.example\nRemote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound'\n",
        "The following text was generated during the delivery attempt:\n\nA message that you sent could not be delivered.\n\n------ ann@school.example ------\n\n550 no such user\n",
        "Your message:\n   From:    followups@council.example\n   Subject: Advice\nCould not be delivered because of\n\n550 5.1.1 User unknown\n\nThe following recipients were affected:\n    ann@school.example\n",
        "------- Failure Reasons  --------\n\nUser not listed in public Name & Address Book\nann@school.example\n\n------- Returned Message --------\n",
        "    Hi!\n\n    This is the MAILER-DAEMON, please DO NOT REPLY to this e-mail.\n\n    An error has occurred while attempting to deliver a message for\n    the following list of recipients:\n\nann@school.example: 550 5.2.2 <ann@school.example>... Mailbox Full\n\n    Below is a copy of the original message:\n\nFrom: x@council.example\n",
        "---The following addresses had delivery errors---\n\nann@school.example [User unknown]\n",
        "      Unable to deliver message\n\nFailed addresses follow:\n  * ann@school.example\n  ==============\n",
        "Hi. This is the mail program at mx.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n<ann@school.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <x@council.example>\n",
        "Ihre Nachricht konnte nicht zugestellt werden an:\n\n  ann@school.example\n  Postfach voll\n",
        "Su mensaje no se pudo entregar a los siguientes destinatarios:\n\n  ann@school.example\n",
        "A sua mensagem não pôde ser entregue aos seguintes destinatários:\n  ann@school.example\n",
        "以下のアドレスに配信できませんでした。\n\n  ann@school.example\n",
        "I'm sorry to have to inform you that your message could not\nbe delivered to one or more recipients.\n\nFor further assistance, please send mail to <postmaster@mx.example>\n\n<ann@school.example>: host mail.school.example[192.0.2.9] said: 550 5.1.1\n    <ann@school.example>: Recipient address rejected (in reply to RCPT TO\n    command)\n",
        "The attached message had PERMANENT fatal delivery errors!\n\nThe following addresses did NOT receive a copy of your message:\n\n> ann@school.example\n\n--- Session Transcript ---\n MAIL FROM:<x@council.example>\n 250 ok\n RCPT TO:<ann@school.example>\n 550 no\n",
        "The message that you sent was undeliverable to the following:\n\tann@school.example (user not found)\n",
        "Here is your list of failed recipients:\n<ann@school.example>\n\nHere is your returned mail:\nhello\n",
        "A message from <x@council.example> to:\n-> <ann@school.example>\n\nwas considered unsolicited bulk e-mail (UBE).\nDelivery of the email was stopped!\n",
        " - These recipients of your message have been processed by the mail server:\nann@school.example; Failed; 4.4.7 (delivery time expired)\n",
        "Your message did not reach the following recipient(s):\n\nc=GB;a= ;p=ORG;o=SITE;dda:SMTP=ann@school.example; on Mon, 5 Oct 2026\n    The recipient name is not recognized\n",
        "The email below could not be delivered to the following user:\n\n<ann@school.example>\n\nOld message:\n<other@council.example>\n",
    ] {
        failed(body, &[ANN]);
    }
}

#[test]
fn fields_that_name_the_recipient() {
    for body in [
        "Message details:\n  Subject: Advice\n  MAIL FROM: x@council.example\n  RCPT TO: ann@school.example\n  From: x@council.example\n  Size (in bytes): 1024\n\nThe mail could not be delivered.\n",
        "Your mail sent on: Thu, 29 Apr 2010 11:04:47 +0900\n Could not be delivered to: <ann@school.example>\n As their mailbox is full.\n",
        "Unknown user: ann@school.example\n\nRCPT TO generated following response:\n550 no\n\nOriginal message follows.\n",
        "User mailbox exceeds allowed size: ann@school.example\n\nOriginal message follows.\n",
        "Sent <<< RCPT TO:<ann@school.example>\nReceived >>> 550 5.1.1 <ann@school.example>... user unknown\nUnable to deliver message to <ann@school.example>\n",
        "Unable to deliver message to: <ann@school.example>\nDelivery failed for the following reason:\nServer mx[192.0.2.2] failed with: 550 <ann@school.example> No such user here\n",
        "Your message cannot be delivered to the following recipients:\n\n  Recipient address: ann@school.example\n  Reason: Remote SMTP server has rejected address\n  Diagnostic code: smtp;550 5.1.1 <ann@school.example>... User Unknown\n  Remote system: dns;mx.example.jp (TCP|192.0.2.1|47323|192.0.2.2|25)\n",
        "Your message could not be sent.\nThe number of attempts made: 1\nAddressed To: ann@school.example\n\nFailed to send to identified host,\nann@school.example: [192.0.2.5], 550 ann@school.example... No such user\n",
        "Intended recipient: ann@school.example\nThe following mail has been returned because it encountered an error.\n",
        "Undeliverable Address: ann@school.example\n\nOriginal message attached.\n",
        "User's mailbox is full: <ann@school.example>\nUnable to deliver mail.\n",
        "MailServer: Message could not be delivered to some recipients.\nThe following recipient(s) could not be reached:\n\n\tRecipient: [SMTP:ann@school.example]\n\tReason: mailbox unavailable\n",
        "Failed Recipient: ann@school.example\nReason: Remote host said: 550 5.1.1 User unknown\n\n-- The header of the original message follows --\n",
        "Your message to ann@school.example couldn't be delivered.\nann wasn't found at school.example.\n",
        "We had trouble delivering your message. Full details follow:\n\nSubject: 'Advice'\n\n1 error(s):\n\nSMTP Server <mx.example> rejected recipient <ann@school.example>\n",
        "The user <ann@school.example> does not exist.\n",
        "We are unable to deliver the message from <x@elsewhere.example> to <ann@school.example>.\n",
        "Your message to ann@school.example couldn't be delivered.\n\nOriginal Message Details\nSender Address:         x@elsewhere.example\nRecipient Address:      ann@school.example\nSubject: Advice\n",
        "Your message to ann@school.example was blocked by our Spam Firewall. The email you sent has NOT BEEN DELIVERED.\n",
        "The address to which your message was addressed, ann@school.example, did not match.\nNot delivered.\n",
        "-------server message\n550 5.1.1 unknown user <ann@school.example>\n\n-------original message\nReturn-Path: <x@council.example>\n",
        "   ----- Transcript of session follows -----\nWhile talking to smtp.example:\n>>> RCPT To:<ann@school.example>\n<<< 550 <ann@school.example>, User unknown\n550 ann@school.example... User unknown\n\n   ----- Unsent message follows -----\nReceived: by x\n",
    ] {
        failed(body, &[ANN]);
    }
}

#[test]
fn servers_that_go_on_trying() {
    for body in [
        "A message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours on the queue on mx.example.\n\nThe message identifier is:     1abc-0001-AB\n\nThe address to which the message has not yet been delivered is:\n\n  ann@school.example\n    Delay reason: mailbox is full\n\nNo action is required on your part. Delivery attempts will continue for some\ntime, and this warning may be repeated at intervals. Eventually the mail\ndelivery software will give up, and when that happens, the message will be\nreturned to you.\n",
        "####\n# THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE. #\n####\n\nYour message could not be delivered for more than 4 hour(s).\nIt will be retried until it is 5 day(s) old.\n\n<ann@school.example>: connect to mx[192.0.2.1]:25: Connection timed out\n",
        "    ** THIS IS A WARNING MESSAGE ONLY **\n\n   ----- The following addresses had transient non-fatal errors -----\n<ann@school.example>\n\n   ----- Transcript of session follows -----\n<ann@school.example>... Deferred: Connection timed out\nWarning: message still undelivered after 4 hours\nWill keep trying until message is 5 days old\n",
        "Delivery to the following recipient has been delayed:\n\n     ann@school.example\n\nMessage will be retried for 2 more day(s)\n",
        "A message is delayed for more than 4 hours for the following\n    list of recipients:\n\nann@school.example: 421 try later\n",
        "Ihre Nachricht an ann@school.example wurde noch nicht zugestellt; es wird weiterhin versucht.\n",
        "Your message to the following recipients has been delayed:\n<ann@school.example>\nThe server will continue trying for 3 days.\n",
    ] {
        delayed(body, &[ANN]);
    }
}

#[test]
fn giving_up_is_a_failure_whatever_the_code() {
    for body in [
        "<ann@school.example>:\n421 4.4.1 timed out.\nI'm not going to try again; this message has been in the queue too long.\nI wasn't able to deliver it.\n",
        "Your message could not be delivered for 5 days and has been removed from the queue:\n<ann@school.example>\n",
        "Delivery to the following recipient failed permanently:\n\n     ann@school.example\n\nTechnical details of temporary failure:\nThe recipient server did not accept our requests to connect.\n",
    ] {
        failed(body, &[ANN]);
    }
}

#[test]
fn several_recipients_are_all_found() {
    failed(
        "Your message could not be delivered.\n\n<ann@school.example>: host mx[192.0.2.9] said: 550 no\n    (in reply to RCPT TO command)\n\n<bo@nhs.example>: host mx[192.0.2.9] said: 550 no\n    (in reply to RCPT TO command)\n",
        &[ANN, "bo@nhs.example"],
    );
    failed(
        "<ann@school.example>:\n550 unknown\n\n<bo@nhs.example>:\n550 unknown\n\nCould not be delivered.\n",
        &[ANN, "bo@nhs.example"],
    );
    failed(
        "Unknown user: ann@school.example\n\n550 no\n\nUnknown user: bo@nhs.example\n\n550 no\n",
        &[ANN, "bo@nhs.example"],
    );
}

const REPORT: &str = "From: postmaster@mx.example\nTo: followups+abc@council.example\nSubject: Undeliverable: Advice\nMIME-Version: 1.0\nContent-Type: multipart/report; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee below.\n\n--b\nContent-Type: STATUS\n\nReporting-MTA: dns; mx.example\n\nFIELDS\n\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <l1.sig@council.example>\nX-Followupd-Id: FU-TEST\nTo: ann@school.example\nSubject: Advice\n\nHello\n--b--\n";

#[test]
fn a_report_tells_recipients_and_which_message() {
    let fields = "Final-Recipient: rfc822; ann@school.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 user unknown\n\nFinal-Recipient: rfc822; bo@nhs.example\nAction: relayed\nStatus: 2.0.0\n\nFinal-Recipient: rfc822; cy@nhs.example\nAction: delayed\nStatus: 4.4.1";
    for status in ["message/delivery-status", "text/plain"] {
        let raw = REPORT.replace("STATUS", status).replace("FIELDS", fields);
        check_raw(&raw, &[ANN], Permanence::Failed);
        let bounce = read(&parse(raw.as_bytes())).unwrap().bounce;
        assert_eq!(bounce.original_message_ids, ["l1.sig@council.example"]);
        assert_eq!(bounce.original_ids, ["FU-TEST"]);
        assert_eq!(bounce.reason.as_deref(), Some("The address does not exist."));
    }
}

#[test]
fn a_report_that_everything_arrived_is_no_bounce() {
    let raw = REPORT
        .replace("STATUS", "message/delivery-status")
        .replace("FIELDS", "Final-Recipient: rfc822; ann@school.example\nAction: delivered\nStatus: 2.0.0");
    assert_eq!(read(&parse(raw.as_bytes())), None);
}

#[test]
fn a_4xx_without_action_is_what_the_words_say() {
    let fields = "Final-Recipient: rfc822; ann@school.example\nStatus: 4.4.7";
    let raw = REPORT.replace("STATUS", "message/delivery-status").replace("FIELDS", fields);
    check_raw(&raw.replace("See below.", "We gave up after 5 days: not delivered."), &[ANN], Permanence::Failed);
    check_raw(&raw.replace("See below.", "We will keep trying."), &[ANN], Permanence::Delayed);
}

#[test]
fn people_absences_receipts_and_challenges_are_no_notices() {
    for raw in [
        "From: Ann <ann@school.example>\nTo: x@council.example\nSubject: Re: Undeliverable: Advice\nIn-Reply-To: <1@council.example>\n\nMy mail to bo@nhs.example could not be delivered, can you try?\n\n> Delivery failed:\n> bo@nhs.example\n",
        "From: Ann <ann@school.example>\nTo: x@council.example\nSubject: FW: Returned mail\n\nPlease see below.\n\n-----Original Message-----\nFrom: MAILER-DAEMON@mx.example\n\nThe following addresses failed:\n  bo@nhs.example\n",
        "From: Ann <ann@school.example>\nTo: x@council.example\nSubject: Fwd: Undelivered Mail Returned to Sender\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nThis came back, what now?\n--b\nContent-Type: message/delivery-status; name=\"details.txt\"\nContent-Disposition: attachment\n\nReporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; bo@nhs.example\nAction: failed\n--b--\n",
        "From: Postmaster Green <postmaster@school.example>\nTo: x@council.example\nSubject: Advice for the plan\n\nI did not receive the form, and the school's own address is full of old mail. Here is my advice.\n",
        "From: Ann <ann@school.example>\nTo: x@council.example\nSubject: Delivery problem\n\nHello, I could not deliver the report to bo@nhs.example. Regards\n",
        "Return-Path: <>\nFrom: Ann <ann@school.example>\nTo: x@council.example\nSubject: Automatic reply: Advice\nAuto-Submitted: auto-replied\n\nI am out of the office. Mail will not be delivered to anybody else; contact bo@school.example\n",
        "From: Ann <ann@school.example>\nTo: x@council.example\nSubject: Not read: Advice\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b\nContent-Type: text/plain\n\nYour message was deleted without being read.\n--b\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822;ann@school.example\nDisposition: automatic-action/MDN-sent-automatically; deleted\n--b--\n",
        "From: noreply@guard.example\nTo: x@council.example\nSubject: Re: Advice\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\nPlease click on the following link to have your address added.\n--b\nContent-Type: message/delivery-status\n\nAction: failed\nFinal-Recipient: rfc822; ann@school.example\nStatus: 4.7.0\n--b--\n",
    ] {
        assert_eq!(read(&parse(raw.as_bytes())), None, "{raw}");
    }
}

#[test]
fn the_returned_mails_recipient_counts_only_when_it_is_the_only_one() {
    let one = "Your mail could not be delivered.\n\n--- Original message ---\nMessage-ID: <1@council.example>\nFrom: x@council.example\nTo: ann@school.example\n\nhello\n";
    failed(one, &[ANN]);
    failed(&one.replace("To: ann", "To: bo@nhs.example, ann"), &[]);
    failed(&one.replace("To: ann", "List-Id: <l.example>\nTo: ann"), &[]);
}

#[test]
fn a_wrapped_notice_is_opened() {
    let inner = from_system("Returned mail", "The following addresses failed:\n  ann@school.example\n");
    let raw = format!(
        "From: postmaster@gate.example\nTo: x@council.example\nSubject: Delivery failure\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nThe message could not be delivered.\n--b\nContent-Type: message/rfc822\n\n{inner}\n--b--\n"
    );
    check_raw(&raw, &[ANN], Permanence::Failed);
}
