//! What the elements of mail programs mean: quotation, its container, dividers, signatures. Must not hold text.

use super::tag::Tag;

/// How an element breaks the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Inline,
    Cell,
    Block,
    Paragraph,
    Item,
    Break,
    Rule,
}

/// What an element does to the text within.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// Nothing.
    Nothing,
    /// A quotation.
    Quote,
    /// Holds an introduction and then the quotation.
    Container,
    /// Such a container, behind its first quotation.
    Quoted,
    /// Holds the original message.
    Foreign,
    /// Signature.
    Signature,
    /// Not shown.
    Hidden,
    /// White space counts.
    Preformatted,
}

/// Where an element stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In the container of a quotation, or in a quotation.
    Container,
    /// Elsewhere.
    Outside,
}

/// How the element of this name breaks the text.
pub(super) fn shape(name: &str) -> Shape {
    match name {
        "br" => Shape::Break,
        "hr" => Shape::Rule,
        "td" | "th" => Shape::Cell,
        "li" | "dt" => Shape::Item,
        "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "table" | "ul" | "ol" | "blockquote" | "pre" => {
            Shape::Paragraph
        }
        "div" | "tr" | "body" | "html" | "head" | "center" | "section" | "article" | "header" | "footer"
        | "address" | "dl" | "dd" | "fieldset" | "form" | "main" | "nav" | "aside" => Shape::Block,
        _ => Shape::Inline,
    }
}

/// Elements without an end tag.
pub(super) fn is_void(name: &str) -> bool {
    matches!(name, "br" | "hr" | "img" | "meta" | "link" | "input" | "col" | "area" | "base" | "wbr" | "source" | "o:p")
}

/// Ids of elements that stand before the original message: Outlook (web, mobile, Hotmail), and others like it.
const DIVIDER_IDS: [&str; 7] = [
    "divrplyfwdmsg",
    "appendonsend",
    "stopspelling",
    "mail-editor-reference-message-container",
    "ms-outlook-mobile-body-separator-line",
    "reply_divider",
    "originalmessagedivider",
];

/// Whether everything from here on is the original message.
pub(super) fn divides(tag: &Tag) -> bool {
    let id = unprefixed(tag.value("id"));
    if DIVIDER_IDS.contains(&id) {
        return true;
    }
    // Outlook for Windows: a div with a line above and nothing else, "border:none;border-top:solid #E1E1E1 1.0pt;
    // padding:3.0pt 0cm 0cm 0cm".
    let style: String = tag.value("style").chars().filter(|c| !c.is_whitespace()).collect();
    tag.name == "div" && style.contains("border:none;border-top:solid") && style.contains("padding:3.0pt0")
}

/// Classes and ids of elements that hold "On … wrote:" and the quotation.
const CONTAINERS: [&str; 13] = [
    "gmail_quote",
    "gmail_quote_container",
    "gmail_attr",
    "gmail_extra_quote",
    "moz-cite-prefix",
    "moz-email-headers-table",
    "protonmail_quote",
    "tutanota_quote",
    "zmail_extra",
    "aolmail_quote",
    "mailru-blockquote",
    "replyintro",
    "reply-intro",
];

/// Classes and ids of elements that hold the original message without quoting it.
const FOREIGN: [&str; 5] = ["olk_src_body_section", "yahoo_quoted", "yqt", "bloop_original_html", "replybody"];

const SIGNATURES: [&str; 6] = [
    "gmail_signature",
    "moz-signature",
    "protonmail_signature_block",
    "ms-outlook-mobile-signature",
    "applemailsignature",
    "bloop_sign",
];

/// What the element does; a Gmail quotation outside its container is text that the sender indented.
pub(super) fn effect(tag: &Tag, place: Place) -> Effect {
    let style: String = tag.value("style").chars().filter(|c| !c.is_whitespace()).collect();
    if style.contains("display:none") || style.contains("mso-hide:all") {
        return Effect::Hidden;
    }
    if tag.name == "blockquote" {
        return quotation(tag, &style, place);
    }
    if tag.name == "pre" && !named(tag, &SIGNATURES) {
        return Effect::Preformatted;
    }
    if named(tag, &CONTAINERS) {
        return Effect::Container;
    }
    if named(tag, &FOREIGN) {
        return Effect::Foreign;
    }
    if named(tag, &SIGNATURES) { Effect::Signature } else { Effect::Nothing }
}

fn quotation(tag: &Tag, style: &str, place: Place) -> Effect {
    let indented = style.contains("border:none") || style.contains("margin-left:40px") || style.contains("00040px");
    let gmail_indent = tag.value("class").contains("gmail_quote") && place == Place::Outside;
    let cited = tag.value("type") == "cite";
    if !cited && (indented || gmail_indent) { Effect::Nothing } else { Effect::Quote }
}

fn named(tag: &Tag, names: &[&str]) -> bool {
    let id = unprefixed(tag.value("id"));
    names.contains(&id) || tag.value("class").split_whitespace().any(|class| names.contains(&unprefixed(class)))
}

/// Outlook on the web puts "x_" before the names in mail that it quotes or sends on.
fn unprefixed(name: &str) -> &str {
    name.trim_start_matches("x_")
}
