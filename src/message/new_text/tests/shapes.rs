//! The shapes that mail programs give to an answer.

use super::super::{NewText, new_text};

fn plain(body: &str) -> NewText {
    new_text(Some(body), None)
}

#[test]
fn nothing_gives_nothing() {
    assert_eq!(new_text(None, None), NewText::default());
    assert_eq!(plain("  \n\n"), NewText::default());
}
