//! How a case comes into the register, and what is recorded about it.

use super::NEW_CASE;
use crate::office::*;

#[tokio::test]
async fn a_new_case_is_read_back_with_its_weeks_and_each_parents_address_and_opened_by_yes() {
    let mut office = Office::open("Mon 02 Nov 2026 10:00").await;
    office.orders(NEW_CASE).await;
    assert!(office.case_if_any(CASE).await.is_none(), "nothing is done before YES");
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

    To have it carried out, answer:

    - YES

    Without that answer it is not.
    ");
    office.confirms_with(COORDINATOR, "YES").await;
    let case = office.case(CASE).await;
    assert_eq!(case.initials.as_deref(), Some("RF"));
    assert!(case.register.contacts.iter().all(|c| c.verified.is_some()), "YES verifies the contacts");
    insta::assert_snapshot!(office.last(COORDINATOR, "receipt").text, @"
    EHC-2026-0412 is registered. Week 20 ends on Monday 22 March 2027; please
    plan for Friday 19 March 2027.
    ");
}

#[tokio::test]
async fn a_date_of_birth_that_makes_the_young_person_the_addressee_is_said_when_it_is_typed() {
    let mut office = Office::open("Mon 02 Nov 2026 10:00").await;
    office.orders(&NEW_CASE.replace("3 May 2018", "3 May 2010")).await;
    office.told(
        COORDINATOR,
        "read_back",
        "By the date of birth they are over compulsory school age since Saturday 27 June 2026: letters about the plan are theirs",
    );
}

#[tokio::test]
async fn the_same_command_twice_reads_back_twice_and_opens_once() {
    let mut office = Office::open("Mon 02 Nov 2026 10:00").await;
    office.orders_and_confirms(NEW_CASE).await;
    office.confirms_with(COORDINATOR, "YES").await;
    office.told(COORDINATOR, "receipt", "there is none here that still waits");
    office.until("Mon 02 Nov 2026 12:00").await;
    office.orders(NEW_CASE).await;
    office.told(COORDINATOR, "receipt", "is registered already");
}

#[tokio::test]
async fn a_yes_after_two_weeks_comes_too_late() {
    let mut office = Office::open("Mon 02 Nov 2026 10:00").await;
    office.orders(NEW_CASE).await;
    office.until("Wed 18 Nov 2026 10:00").await;
    office.confirms_with(COORDINATOR, "YES").await;
    office.told(COORDINATOR, "receipt", "has lapsed");
    assert!(office.case_if_any(CASE).await.is_none());
}

#[tokio::test]
async fn a_providers_route_hears_of_a_new_case_without_a_childs_name_and_not_of_an_old_one() {
    for (requested, notices) in [("2 Nov 2026", 1), ("1 Sep 2026", 0)] {
        let mut rules = rules(policy());
        rules.directory.services[0].route = Some(address("route@nhs.example"));
        let mut office = Office::with_rules("Mon 02 Nov 2026 10:00", rules).await;
        office.orders_and_confirms(&NEW_CASE.replace("2 Nov 2026", requested)).await;
        assert_eq!(office.count("route@nhs.example", "early_notice"), notices, "{requested}");
        if notices == 1 {
            let notice = office.last("route@nhs.example", "early_notice");
            insta::assert_snapshot!(format!("{}\n\n{}", notice.subject, notice.text), @"
            Early notice: an assessment has been requested (EHC-2026-0412)

            To whom it may concern,

            On Monday 2 November 2026 Example County Council received a request for an
            education, health and care needs assessment. The authority decides by Monday
            14 December 2026 whether it assesses. If it does, advice may be asked of
            your service; whoever is asked has six weeks from that day.

            Our reference: EHC-2026-0412, your ref CP-77

            Nothing is asked of you today. This notice names no child; if you need to
            know who it is, please ring Cora Lane.

            Cora Lane, 01632 960001
            SEND team, Example County Council
            ");
        }
    }
}
