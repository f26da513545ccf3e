//! Events that a mail service sends as JSON (Amazon SES, by mail of SNS), put as the fields of RFC 3464. Must not
//! decide who failed, and takes no JSON for one that a person wrote something above.

use serde_json::Value;

/// What the event is about, and who.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Event {
    /// The fields of a delivery report that say the same; none for a complaint.
    pub fields: String,
    /// Somebody called the mail unwanted.
    pub is_complaint: bool,
}

/// Where each type keeps its recipients, and the action that it stands for. Amazon gives up before it tells of a
/// `Transient` bounce: the mail is lost too.
const TYPES: [(&str, &str, &str, Option<&str>); 6] = [
    ("bounce", "bounce", "bouncedRecipients", Some("failed")),
    ("deliverydelay", "deliveryDelay", "delayedRecipients", Some("delayed")),
    ("reject", "mail", "destination", Some("failed")),
    ("rendering failure", "mail", "destination", Some("failed")),
    ("delivery", "delivery", "recipients", Some("delivered")),
    ("complaint", "complaint", "complainedRecipients", None),
];

/// Reads a text that opens with such an event.
pub(super) fn read(text: &str) -> Option<Event> {
    let text = text.trim_start();
    if !text.starts_with('{') || !text.contains("otificationType") && !text.contains("ventType") {
        return None;
    }
    let outer = first_value(text)?;
    let inner = outer.get("Message").and_then(Value::as_str).and_then(first_value);
    described(inner.as_ref().unwrap_or(&outer))
}

/// The first JSON value; what follows is the foot of the mail. Old servers break long lines, some with a mark.
fn first_value(text: &str) -> Option<Value> {
    let whole = text.replace("!\n ", "").replace(['\n', '\r'], "");
    serde_json::Deserializer::from_str(&whole).into_iter().next()?.ok()
}

fn described(event: &Value) -> Option<Event> {
    let named = ["notificationType", "eventType"].iter().find_map(|name| event.get(name)?.as_str())?.to_lowercase();
    let (_, object, list, action) = TYPES.iter().find(|(name, ..)| *name == named)?;
    let mail = event.get("mail")?;
    let recipients = event.get(object)?.get(list)?.as_array()?;
    let mut fields = message_id(mail).map_or(String::new(), |id| format!("Original-Message-ID: {id}\n"));
    if let Some(action) = action {
        fields.extend(recipients.iter().filter_map(|one| group(one, action)));
    }
    Some(Event { fields, is_complaint: action.is_none() })
}

/// The id that went out, when the service was told to include the header.
fn message_id(mail: &Value) -> Option<&str> {
    let header = |field: &&Value| field.get("name").and_then(Value::as_str).is_some_and(is_message_id);
    let headers = mail.get("headers").and_then(Value::as_array);
    let written = headers.and_then(|all| all.iter().find(header)?.get("value")?.as_str());
    written.or_else(|| mail.get("commonHeaders")?.get("messageId")?.as_str()).filter(|id| !id.contains('\n'))
}

fn is_message_id(name: &str) -> bool {
    name.eq_ignore_ascii_case("message-id")
}

/// One recipient: an object with codes, or an address alone.
fn group(recipient: &Value, action: &str) -> Option<String> {
    let told = |name: &str| recipient.get(name).and_then(Value::as_str);
    let address = recipient.as_str().or_else(|| told("emailAddress"))?;
    let mut fields = format!("\nFinal-Recipient: rfc822; {}\nAction: {action}\n", on_one_line(address));
    for (name, value) in [("Status", told("status")), ("Diagnostic-Code", told("diagnosticCode"))] {
        fields.extend(value.map(|value| format!("{name}: {}\n", on_one_line(value))));
    }
    Some(fields)
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
        let expected = Some(Event { fields: fields.to_owned(), is_complaint: false });
        assert_eq!(read(BOUNCE), expected);
        assert_eq!(read(&format!("{}\n--\nIf you wish to stop", BOUNCE.replace("unkn", "unkn!\n "))), expected);
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
        assert_eq!(read(&"{\"notificationType\":".repeat(50_000)), None);
    }
}
