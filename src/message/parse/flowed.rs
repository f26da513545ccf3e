//! `format=flowed` (RFC 3676): paragraphs that the sender's program wrapped are joined again.

/// Joins soft line breaks. Quoted lines join only with lines of the same depth; the signature line never.
///
/// `delsp`: the space before a soft break belongs to the break (RFC 3676 4.1, used for scripts without spaces).
pub fn unflow(text: &str, delsp: DelSp) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for line in text.lines() {
        let depth = line.bytes().take_while(|&b| b == b'>').count();
        let content = line.get(depth..).unwrap_or_default();
        let content = content.strip_prefix(' ').unwrap_or(content);
        let signature = content == "-- ";
        if signature || open != Some(depth) {
            if open.is_some() {
                end_line(&mut out);
            }
            out.extend(std::iter::repeat_n('>', depth));
            if depth > 0 {
                out.push(' ');
            }
        }
        let soft = content.ends_with(' ') && !signature;
        let kept = if soft && delsp == DelSp::Yes { content.strip_suffix(' ').unwrap_or(content) } else { content };
        out.push_str(kept);
        open = soft.then_some(depth);
        if !soft {
            out.push('\n');
        }
    }
    out
}

fn end_line(out: &mut String) {
    if !out.ends_with('\n') {
        out.push('\n');
    }
}

/// The `DelSp` parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DelSp {
    /// The space before a soft break is dropped.
    Yes,
    /// It stays.
    No,
}
