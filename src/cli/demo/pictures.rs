//! The pictures of a report, put into its page: a browser knows no content ids.

use data_encoding::BASE64;

/// The page with each `cid:` replaced by the picture that the mail holds.
pub fn embedded(html: &str, raw: &[u8]) -> String {
    let Ok(mail) = mailparse::parse_mail(raw) else { return html.to_owned() };
    let mut page = html.to_owned();
    for part in mail.parts() {
        let id = part.headers.iter().find(|h| h.get_key_ref().eq_ignore_ascii_case("Content-ID"));
        let (Some(id), Ok(bytes)) = (id, part.get_body_raw()) else { continue };
        let id = id.get_value();
        let picture = format!("src=\"data:{};base64,{}\"", part.ctype.mimetype, BASE64.encode(&bytes));
        page = page.replace(&format!("src=\"cid:{}\"", id.trim_matches(['<', '>', ' '])), &picture);
    }
    page
}
