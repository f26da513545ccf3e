//! Events that a mail service sends as JSON (Amazon SES, by mail of SNS), put as the fields of RFC 3464. Must not
//! decide who failed, and takes no JSON for one that a person wrote something above.

use serde::Deserialize;

/// Events have a few thousand bytes; a longer text is none.
const MAX_EVENT: usize = 256 * 1024;

/// What the event is about, and who.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Event {
    /// The fields of a delivery report that say the same; none for a complaint.
    pub fields: String,
    /// Somebody called the mail unwanted.
    pub is_complaint: bool,
    /// What stands below the event in the mail.
    pub below: String,
}

/// The fields that are read of an event, and of the notification that wraps one; all others are passed over.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    #[serde(rename = "Message")]
    wrapped: Option<String>,
    notification_type: Option<String>,
    event_type: Option<String>,
    bounce: Option<List>,
    delivery_delay: Option<List>,
    delivery: Option<List>,
    complaint: Option<List>,
    mail: Option<Mail>,
}

#[derive(Debug, Deserialize)]
struct List {
    #[serde(alias = "bouncedRecipients", alias = "delayedRecipients", alias = "complainedRecipients")]
    recipients: Option<Vec<Recipient>>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Recipient {
    Address(String),
    Told(Told),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    email_address: String,
    status: Option<String>,
    diagnostic_code: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mail {
    destination: Option<Vec<Recipient>>,
    headers: Option<Vec<Header>>,
    common_headers: Option<CommonHeaders>,
}

#[derive(Debug, Deserialize)]
struct Header {
    name: String,
    value: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CommonHeaders {
    message_id: Option<String>,
}

/// Reads a text that opens with such an event.
pub(super) fn read(text: &str) -> Option<Event> {
    let text = text.trim_start();
    let may = text.starts_with('{') && (text.contains("otificationType") || text.contains("ventType"));
    if !may || text.len() > MAX_EVENT {
        return None;
    }
    let (outer, below) = first_value(text)?;
    let inner = outer.wrapped.as_deref().and_then(first_value).map(|(inner, _)| inner);
    described(inner.unwrap_or(outer), below)
}

/// The first JSON value and what follows it. Old servers break long lines, some with a mark.
fn first_value(text: &str) -> Option<(Written, String)> {
    let unmarked = text.replace("!\n ", "");
    let whole = unmarked.replace(['\n', '\r'], "");
    let mut values = serde_json::Deserializer::from_str(&whole).into_iter::<Written>();
    let value = values.next()?.ok()?;
    // The lines below are wanted as they stand: as many bytes from the end as are left.
    let left = whole.len() - values.byte_offset();
    let mut bytes = 0;
    let below = unmarked.char_indices().rev().find(|(_, c)| {
        bytes += if matches!(c, '\n' | '\r') { 0 } else { c.len_utf8() };
        bytes > left
    });
    let below = below.and_then(|(at, last)| unmarked.get(at + last.len_utf8()..)).unwrap_or_default();
    Some((value, below.to_owned()))
}

/// Where each type keeps its recipients, and the action that it stands for. Amazon gives up before it tells of a
/// `Transient` bounce: the mail is lost too.
fn described(event: Written, below: String) -> Option<Event> {
    let named = event.notification_type.or(event.event_type)?.to_lowercase();
    let mail = event.mail?;
    let fields = message_id(&mail).map_or(String::new(), |id| format!("Original-Message-ID: {id}\n"));
    let (recipients, action) = match named.as_str() {
        "bounce" => (event.bounce?.recipients?, Some("failed")),
        "deliverydelay" => (event.delivery_delay?.recipients?, Some("delayed")),
        "reject" | "rendering failure" => (mail.destination?, Some("failed")),
        "delivery" => (event.delivery?.recipients?, Some("delivered")),
        "complaint" => (event.complaint?.recipients?, None),
        _ => return None,
    };
    let groups: String =
        action.map_or(String::new(), |action| recipients.iter().map(|one| group(one, action)).collect());
    Some(Event { fields: fields + &groups, is_complaint: action.is_none(), below })
}

/// The id that went out, when the service was told to include the header.
fn message_id(mail: &Mail) -> Option<&str> {
    let written = mail.headers.iter().flatten().find(|header| header.name.eq_ignore_ascii_case("message-id"));
    let common = || mail.common_headers.as_ref()?.message_id.as_deref();
    written.map(|header| header.value.as_str()).or_else(common).filter(|id| !id.contains('\n'))
}

/// One recipient: an object with codes, or an address alone.
fn group(recipient: &Recipient, action: &str) -> String {
    let (address, status, diagnostic) = match recipient {
        Recipient::Address(address) => (address, None, None),
        Recipient::Told(told) => (&told.email_address, told.status.as_ref(), told.diagnostic_code.as_ref()),
    };
    let mut fields = format!("\nFinal-Recipient: rfc822; {}\nAction: {action}\n", on_one_line(address));
    for (name, value) in [("Status", status), ("Diagnostic-Code", diagnostic)] {
        fields.extend(value.map(|value| format!("{name}: {}\n", on_one_line(value))));
    }
    fields
}

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNCE: &str = r#"{"notificationType":"Bounce","bounce":{"bounceType":"Permanent","bouncedRecipients":[{"emailAddress":"ann@school.example","status":"5.1.1","diagnosticCode":"smtp; 550 5.1.1 unknown"}]},"mail":{"messageId":"1","headers":[{"name":"Message-ID","value":"<l1@council.example>"}]}}"#;

    #[test]
    fn a_bounce_becomes_the_fields_of_a_report() {
        let fields = "Original-Message-ID: <l1@council.example>\n\nFinal-Recipient: rfc822; ann@school.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 unknown\n";
        let expected = Some(Event { fields: fields.to_owned(), is_complaint: false, below: String::new() });
        assert_eq!(read(BOUNCE), expected);
        let foot = "\n--\nIf you wish to stop";
        let footed = expected.clone().map(|event| Event { below: foot.to_owned(), ..event });
        assert_eq!(read(&format!("{}{foot}", BOUNCE.replace("unkn", "unkn!\n "))), footed);
        let wrapped = serde_json::json!({ "Type": "Notification", "Message": BOUNCE, "x": "notificationType" });
        assert_eq!(read(&wrapped.to_string()), expected);
    }

    #[test]
    fn each_type_has_its_action() {
        for (text, expected) in [
            (
                r#"{"eventType":"DeliveryDelay","deliveryDelay":{"delayedRecipients":[{"emailAddress":"a@x.example"}]},"mail":{}}"#,
                "Action: delayed",
            ),
            (
                r#"{"notificationType":"Delivery","delivery":{"recipients":["a@x.example"]},"mail":{}}"#,
                "Action: delivered",
            ),
            (
                r#"{"eventType":"Reject","reject":{"reason":"Bad content"},"mail":{"destination":["a@x.example"]}}"#,
                "Action: failed",
            ),
        ] {
            let event = read(text).unwrap();
            assert!(event.fields.contains(expected) && event.fields.contains("a@x.example"), "{event:?}");
        }
    }

    #[test]
    fn json_that_is_no_event_or_stands_below_words_is_none() {
        for text in ["", "{", "{}", "{\"notificationType\":3}", "{\"notificationType\":\"Bounce\"}"] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read(&format!("Sam, I got this:\n{BOUNCE}")), None);
        assert_eq!(read(&"{\"notificationType\":".repeat(5_000)), None);
        assert_eq!(read(&"{\"notificationType\":".repeat(50_000)), None);
        let long = BOUNCE.replacen('{', &format!("{{\"x\":[{}0],", "0,".repeat(MAX_EVENT / 2)), 1);
        assert_eq!(read(&long), None, "an event has a bound");
    }
}
