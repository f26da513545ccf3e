//! A mail from outside that goes on to staff: attached whole, or named with a pointer when it could do harm or is too
//! large for a relay.

use super::Office;
use super::desk::Desk;
use super::intake::{Opened, first_words};
use crate::message::Message;
use crate::message::new_text::new_text;
use crate::message::parse::parse;
use crate::store::MessageRow;
use anyhow::Result;
use std::sync::Arc;

/// Larger mails stay where they are until the relay's own limit is known.
const LARGEST: i64 = 10 * 1024 * 1024;

/// Endings of files that run, hold macros, or hold such files (`mail.md` 5).
const RUNNABLE_NAMES: &[&str] = &[
    "ade",
    "adp",
    "appx",
    "appxbundle",
    "apk",
    "bat",
    "chm",
    "cmd",
    "com",
    "cpl",
    "dll",
    "dmg",
    "docm",
    "dotm",
    "exe",
    "hta",
    "img",
    "inf",
    "ins",
    "iso",
    "jar",
    "jnlp",
    "js",
    "jse",
    "lib",
    "library-ms",
    "lnk",
    "mde",
    "msc",
    "msi",
    "msix",
    "msp",
    "mst",
    "one",
    "pif",
    "potm",
    "ppam",
    "ppsm",
    "pptm",
    "ps1",
    "ps1xml",
    "ps2",
    "psc1",
    "psd1",
    "psm1",
    "py",
    "pyz",
    "reg",
    "scf",
    "scr",
    "sct",
    "search-ms",
    "settingcontent-ms",
    "sh",
    "sldm",
    "svg",
    "sys",
    "url",
    "vb",
    "vbe",
    "vbs",
    "vhd",
    "vhdx",
    "vxd",
    "website",
    "ws",
    "wsc",
    "wsf",
    "wsh",
    "xbap",
    "xlam",
    "xll",
    "xlsb",
    "xlsm",
    "xltm",
];

/// The same by media type, for files without an honest name.
const RUNNABLE_TYPES: &[&str] = &[
    "application/x-msdownload",
    "application/x-msdos-program",
    "application/x-dosexec",
    "application/vnd.microsoft.portable-executable",
    "application/x-ms-installer",
    "application/x-msi",
    "application/java-archive",
    "application/x-java-archive",
    "application/javascript",
    "text/javascript",
    "application/x-sh",
    "application/x-bat",
    "application/hta",
    "application/x-ms-shortcut",
    "application/x-iso9660-image",
];

/// So deep are mails within mails looked into.
const ENCLOSED_DEPTH: usize = 2;

/// Endings as they stand in media types of Office files with macros.
const MACRO_TYPE: &str = "macroenabled";

/// What of a stored mail goes on with a letter to staff.
#[derive(Debug, Clone, Default)]
pub(super) struct Enclosed {
    /// Its bytes, when they may go on.
    pub original: Option<Arc<Vec<u8>>>,
    /// Why they do not, and where they are.
    pub withheld: String,
    /// What its sender wrote, the beginning.
    pub wrote: String,
}

/// What of a stored mail may go on; the mail at work is not opened twice.
pub(super) async fn enclose(desk: &mut Desk, id: &str) -> Result<Enclosed> {
    if let Some(Opened { row, raw, reading: Some(reading) }) = desk.at_hand.as_ref().filter(|o| o.row.id == id) {
        return Ok(enclosed(row, raw, &reading.message, &reading.new_text.own, &desk.office));
    }
    let Some(row) = desk.tx.message(id).await? else { return Ok(Enclosed::default()) };
    let Some(raw) = desk.tx.raw(id).await? else { return Ok(Enclosed::default()) };
    let message = parse(&raw);
    let own = new_text(message.text.as_deref(), message.html.as_deref()).own;
    Ok(enclosed(&row, &Arc::new(raw), &message, &own, &desk.office))
}

fn enclosed(row: &MessageRow, raw: &Arc<Vec<u8>>, message: &Message, own: &str, office: &Office) -> Enclosed {
    let wrote = first_words(own);
    let without =
        |why: &str| Enclosed { original: None, withheld: pointer(why, message, row, office), wrote: wrote.clone() };
    if !row.whole || row.size > LARGEST {
        return without("It is too large to be attached here.");
    }
    let runnable = runnable(message, ENCLOSED_DEPTH);
    if runnable.is_empty() {
        return Enclosed { original: Some(raw.clone()), withheld: String::new(), wrote };
    }
    without(&format!("It is not attached here, because it carries what could run: {}.", runnable.join(", ")))
}

fn pointer(why: &str, message: &Message, row: &MessageRow, office: &Office) -> String {
    let received = row.received_at.with_timezone(&office.policy.zone).format("%-d %B %Y, %H:%M");
    let from = message.author().map_or("an unknown sender", |a| a.address.as_str());
    format!(
        "{why} It stands in the folder for handled mail of the service's mailbox: from {from}, received on {received}."
    )
}

/// Names of everything in a mail that can run; a part without a name is called by its media type.
fn runnable(message: &Message, depth: usize) -> Vec<String> {
    let parts = message.parts.iter().map(|p| (p.name.as_deref(), p.content_type.as_str()));
    let attachments = message.attachments.iter().map(|a| (a.name.as_deref(), a.content_type.as_str()));
    let mut found: Vec<String> = Vec::new();
    for (name, content_type) in parts.chain(attachments) {
        let shown = name.unwrap_or(content_type).to_owned();
        if can_run(name.unwrap_or_default(), content_type) && !found.contains(&shown) {
            found.push(shown);
        }
    }
    for enclosed in message.parts.iter().filter(|p| p.content_type == "message/rfc822") {
        match depth {
            0 => found.push("a mail within a mail within a mail".to_owned()),
            _ => found.extend(runnable(&parse(&enclosed.body), depth - 1)),
        }
    }
    found
}

/// Trailing dots and spaces hide an ending from us and not from Windows.
fn can_run(name: &str, content_type: &str) -> bool {
    let name = name.trim_end_matches(['.', ' ']).to_lowercase();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.trim());
    let content_type = content_type.to_lowercase();
    ending.is_some_and(|e| RUNNABLE_NAMES.contains(&e))
        || RUNNABLE_TYPES.contains(&content_type.as_str())
        || content_type.contains(MACRO_TYPE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_run_is_known_by_its_ending_or_its_type() {
        let table = [
            ("advice.pdf", "application/pdf", false),
            ("advice.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", false),
            ("ADVICE.DOCM", "application/octet-stream", true),
            ("advice.pdf.exe", "application/pdf", true),
            ("advice.js. ", "text/plain", true),
            ("advice", "application/x-msdownload", true),
            ("advice.doc", "application/vnd.ms-word.document.macroEnabled.12", true),
            ("disk.iso", "application/octet-stream", true),
            ("", "text/plain", false),
            ("scan.jpeg", "image/jpeg", false),
        ];
        for (name, content_type, expected) in table {
            assert_eq!(can_run(name, content_type), expected, "{name} {content_type}");
        }
    }
}
