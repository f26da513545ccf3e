//! What an attachment is worth: content, something that a person has to unlock, or decoration. Opens nothing: looks
//! at names, types, sizes and the few bytes that say "encrypted".

use crate::message::{Attachment, Message, Part};

/// What a file is worth, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum File {
    /// Logo, card, invitation, signature: no answer.
    Decoration,
    /// Encrypted, or protected by a password.
    Locked,
    /// Content that can be read.
    Content,
}

/// Smaller pictures are logos even when nothing says so.
const SMALL_PICTURE: usize = 10_000;
/// Smaller TNEF parts hold only the formatting of Outlook, no file.
const SMALL_TNEF: usize = 8_000;
/// Exchange and Apple Mail put such a stub of the text behind an attachment.
const SMALL_STUB: usize = 2_000;

/// The best of them.
pub(super) fn best(attachments: &[Attachment], message: &Message) -> File {
    let files = attachments.iter().map(|a| worth(a, part_of(a, message)));
    files
        .chain(message.parts.iter().filter(|p| is_encrypted_type(p)).map(|_| File::Locked))
        .max()
        .unwrap_or(File::Decoration)
}

fn part_of<'a>(attachment: &Attachment, message: &'a Message) -> Option<&'a Part> {
    let same = |p: &&Part| {
        p.name == attachment.name && p.content_type == attachment.content_type && p.size == attachment.bytes
    };
    message.parts.iter().find(same)
}

fn worth(attachment: &Attachment, part: Option<&Part>) -> File {
    let name = attachment.name.as_deref().unwrap_or_default().to_lowercase();
    if attachment.inline || is_decoration(&name, &attachment.content_type, attachment.bytes) {
        return File::Decoration;
    }
    let locked = is_locked_name(&name, &attachment.content_type) || part.is_some_and(|p| is_locked(&p.body));
    if locked { File::Locked } else { File::Content }
}

fn is_decoration(name: &str, content_type: &str, bytes: usize) -> bool {
    match content_type {
        "text/vcard" | "text/x-vcard" | "text/directory" | "text/calendar" | "application/ics" => return true,
        "application/pkcs7-signature" | "application/x-pkcs7-signature" | "application/pgp-signature" => return true,
        "application/pgp-keys" | "message/delivery-status" | "text/rfc822-headers" => return true,
        "application/ms-tnef" | "application/vnd.ms-tnef" => return bytes < SMALL_TNEF,
        _ => {}
    }
    let ends = |list: &[&str]| list.iter().any(|end| name.ends_with(end));
    let picture = content_type.starts_with("image/") || ends(&[".png", ".gif", ".jpg", ".jpeg", ".bmp"]);
    ends(&[".vcf", ".ics", ".p7s", ".sig"])
        || name == "signature.asc"
        || name == "winmail.dat" && bytes < SMALL_TNEF
        || picture && bytes < SMALL_PICTURE
        || name.starts_with("att0") && ends(&[".txt", ".htm", ".html"]) && bytes < SMALL_STUB
        || bytes == 0
}

/// Names and types of encrypted messages: Microsoft, S/MIME (RFC 8551), PGP, the pages of secure mail portals.
fn is_locked_name(name: &str, content_type: &str) -> bool {
    let page = name.ends_with(".html") || name.ends_with(".htm");
    let portal = ["secure", "encrypt", "message_v", "message.htm", "protected", "egress", "zdm"];
    name.ends_with(".rpmsg")
        || [".p7m", ".pgp", ".gpg", ".asc"].iter().any(|end| name.ends_with(end))
        || matches!(content_type, "application/pkcs7-mime" | "application/x-pkcs7-mime" | "application/pgp-encrypted")
        || content_type == "application/x-microsoft-rpmsg-message"
        || page && portal.iter().any(|word| name.contains(word))
}

/// Parts of an encrypted mail count although nobody "attached" them.
fn is_encrypted_type(part: &Part) -> bool {
    match part.content_type.as_str() {
        "application/pgp-encrypted" | "application/x-microsoft-rpmsg-message" => true,
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => {
            !part.parameters.iter().any(|(n, v)| n == "smime-type" && v.eq_ignore_ascii_case("certs-only"))
        }
        _ => part.name.as_deref().is_some_and(|n| n.to_lowercase().ends_with(".rpmsg")),
    }
}

/// A ZIP with an encrypted entry, or an Office file that a password protects (it becomes an OLE file that holds the
/// stream "EncryptedPackage").
fn is_locked(body: &[u8]) -> bool {
    if body.starts_with(b"PK\x03\x04") {
        return zip_is_encrypted(body);
    }
    let marker: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    body.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) && body.windows(marker.len()).any(|w| w == marker)
}

/// Bit 0 of the general purpose flag of any entry (APPNOTE 4.4.4).
fn zip_is_encrypted(body: &[u8]) -> bool {
    let local = body.windows(8).filter(|w| w.starts_with(b"PK\x03\x04")).filter_map(|w| w.get(6));
    let central = body.windows(10).filter(|w| w.starts_with(b"PK\x01\x02")).filter_map(|w| w.get(8));
    local.chain(central).any(|flags| flags & 1 == 1)
}
