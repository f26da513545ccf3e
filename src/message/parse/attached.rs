//! What a person would call attached, and which pictures only decorate the body.

use super::tree::{Leaf, Tree};
use crate::message::{Attachment, Message};

/// Largest picture that passes for a logo by its name alone.
const LOGO_BYTES: usize = 30_000;

/// Fills `attachments`.
pub fn read(message: &mut Message, tree: &Tree) {
    let html = message.html.as_deref().unwrap_or_default();
    message.attachments = tree.leaves.iter().filter(|leaf| is_attached(leaf)).map(|leaf| of(leaf, html)).collect();
}

fn is_attached(leaf: &Leaf) -> bool {
    if leaf.is_body {
        return false;
    }
    let part = &leaf.part;
    let explicit = part.disposition.as_deref() == Some("attachment");
    match leaf.container.as_str() {
        // The machine-readable part and the returned original of a report (RFC 6522).
        "report" => false,
        // Other forms of the same text, unless named: Apple Mail attaches inside the alternative.
        "alternative" => explicit || part.name.is_some(),
        // The resource fork of a file that stands beside it.
        "appledouble" => part.content_type != "application/applefile",
        _ => !is_signature(&part.content_type) && (part.size > 0 || part.name.is_some()),
    }
}

/// Proofs beside the content (RFC 1847), not content.
fn is_signature(content_type: &str) -> bool {
    matches!(
        content_type,
        "application/pkcs7-signature"
            | "application/x-pkcs7-signature"
            | "application/pgp-signature"
            | "application/pgp-keys"
    )
}

fn of(leaf: &Leaf, html: &str) -> Attachment {
    let part = &leaf.part;
    Attachment {
        name: part.name.clone().filter(|name| !name.is_empty()),
        content_type: part.content_type.clone(),
        bytes: part.size,
        inline: is_decoration(leaf, html),
    }
}

fn is_decoration(leaf: &Leaf, html: &str) -> bool {
    let part = &leaf.part;
    let type_ = part.content_type.as_str();
    if matches!(type_, "text/vcard" | "text/x-vcard" | "text/directory") {
        return true;
    }
    let name = part.name.as_deref().unwrap_or_default().to_lowercase();
    let picture = type_.starts_with("image/")
        || (type_ == "application/octet-stream"
            && [".png", ".gif", ".jpg", ".jpeg"].iter().any(|end| name.ends_with(end)));
    if !picture {
        return false;
    }
    let shown = part.content_id.as_deref().is_some_and(|id| !id.is_empty() && html.contains(&format!("cid:{id}")));
    let related = leaf.container == "related" && !leaf.first && part.content_id.is_some();
    let explicit = part.disposition.as_deref() == Some("attachment");
    let small = part.size <= LOGO_BYTES;
    // Outlook's numbers stay on the pictures of a signature also where a gateway has made attachments of them.
    shown || (related && !explicit) || (small && is_numbered(&name)) || (small && !explicit && is_logo_name(&name))
}

/// `image001.png`, as Outlook names pictures in the text; phones write one digit.
fn is_numbered(name: &str) -> bool {
    let digits = name.split('.').next().and_then(|stem| stem.strip_prefix("image"));
    digits.is_some_and(|digits| digits.len() == 3 && digits.bytes().all(|b| b.is_ascii_digit()))
}

/// Names that mail programs and signature editors give: `image001.png`, `logo.gif`.
fn is_logo_name(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    let numbered = stem.strip_prefix("image").is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit()));
    numbered
        || ["logo", "signature", "banner", "facebook", "twitter", "linkedin"].iter().any(|word| stem.contains(word))
}
