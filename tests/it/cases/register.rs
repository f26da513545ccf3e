//! How a case comes into the register, and what is recorded about it.

use crate::office::*;

const NEW_CASE: &str = "NEW CASE EHC-2026-0412
Requested: 2 Nov 2026
Child: R.F.
First name: Robin
Born: 3 May 2018
Parent: Ann Fox <ann.fox@home.example>
Parent: Ben Fox, post
Their ref: CP-77";

#[tokio::test]
async fn a_new_case_is_read_back_with_its_weeks_and_each_parents_address_and_opened_by_yes() {
    let mut office = Office::open("Mon 02 Nov 2026 10:00").await;
    office.orders(NEW_CASE).await;
    assert!(office.case(CASE).await.is_none(), "nothing is done before YES");
    insta::assert_snapshot!(office.last(COORDINATOR, "read_back").text, @"
    - Case: EHC-2026-0412
    - Co-ordinator: Cora Lane
    - Child: RF
    - First name, for parents only: Robin
    - Born: Thursday 3 May 2018
    - Their ref: CP-77

    The authority received the request on Monday 2 November 2026.

    - Week 6: Monday 14 December 2026 in law, plan for Friday 11 December 2026
    - Week 16: Monday 22 February 2027 in law, plan for Friday 19 February 2027
    - Week 20: Monday 22 March 2027 in law, plan for Friday 19 March 2027

    Letters about this child will go to these people. YES confirms that each
    address is right and may be written to:

    - Parent Ann Fox <ann.fox@home.example>
    - Parent Ben Fox, by post

    Answer YES and it is carried out. Without an answer it is not.
    ");
    office.confirms_with(COORDINATOR, "YES").await;
    let case = office.case(CASE).await.expect("the case stands");
    assert_eq!(case.initials.as_deref(), Some("RF"));
    assert!(case.register.contacts.iter().all(|c| c.verified.is_some()), "YES verifies the contacts");
    insta::assert_snapshot!(office.last(COORDINATOR, "receipt").text, @"
    EHC-2026-0412 is registered. Week 20 ends on Monday 22 March 2027; please
    plan for Friday 19 March 2027.
    ");
}
