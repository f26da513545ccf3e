//! Every table of phrases is a pattern that compiles and matches neither nothing nor everything.

use super::*;

#[test]
fn every_table_is_a_valid_pattern() {
    let tables = [
        &AUTOMATIC_SUBJECT,
        &ABSENCE_SUBJECT,
        &ABSENT,
        &ABSENT_OPENING,
        &OTHERS_ABSENT,
        &BACK_ALREADY,
        &PROMISED,
        &SPOKEN_TO,
        &SPOKEN_TO_ANY,
        &REPORT_FIELD,
        &RECEIVED_SUBJECT,
        &RECEIVED,
        &THANKS,
        &DESK,
        &REFERENCE,
        &NUMBERED,
        &DECLARED,
        &PASTED,
        &CHALLENGE,
        &UNSUBSCRIBE,
        &DELIVERY_SUBJECT,
        &DELIVERY_BODY,
        &REFUSED,
        &TOLD,
        &READ_SUBJECT,
        &CHALLENGE_SUBJECT,
        &SECURE,
        &READ,
        &INVITATION_ANSWERED,
    ];
    for (place, table) in tables.iter().enumerate() {
        assert!(table.compiles(), "table {place}");
        assert_eq!(table.first_in(""), None, "table {place} matches nothing at all");
        assert_eq!(table.first_in("xyzzy"), None, "table {place} matches anything");
    }
}
