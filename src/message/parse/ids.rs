//! Message-IDs in Message-ID, In-Reply-To and References.

/// Reads every id of a header value, oldest first, without angle brackets.
///
/// Commas and comments between ids, a fold inside an id and a cut at either end are tolerated; an id without
/// brackets counts when it has an `@`.
pub fn message_ids(text: &str) -> Vec<String> {
    let mut ids = Vec::new();
    let mut rest = text;
    while let Some((before, from)) = rest.split_once('<') {
        bare(before, &mut ids);
        let cut = from.find(['<', '>']).unwrap_or(from.len());
        let (inside, behind) = from.split_at_checked(cut).unwrap_or((from, ""));
        push(inside, &mut ids);
        rest = behind.strip_prefix('>').unwrap_or(behind);
    }
    bare(rest, &mut ids);
    ids
}

/// Text between brackets: a truncated header starts in the middle of an id, `abc@host>`.
fn bare(text: &str, ids: &mut Vec<String>) {
    for piece in text.split([' ', '\t', ',', ';', '>', '"', '(', ')']).filter(|piece| piece.contains('@')) {
        push(piece, ids);
    }
}

fn push(id: &str, ids: &mut Vec<String>) {
    let id: String = id.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    if !id.is_empty() && id.len() <= 998 && !ids.contains(&id) && ids.len() < 1_000 {
        ids.push(id);
    }
}
