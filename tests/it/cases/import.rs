//! `IMPORT`: a sheet of the authority's own system, taken over row by row.

use crate::office::*;
use std::collections::BTreeMap;

const CASES: &str = "Person ID,Request received,Initials,Parent,Parent email,Case officer,Final plan issued
EHC-2026-0412,02/11/2026,RF,Ann Fox,ann.fox@home.example,Cora Lane,
EHC-2026-0413,01/09/2026,KL,,,Dev Patel,
EHC-2026-0414,01/06/2026,AB,,,Nobody Known,
not a case,02/11/2026,,,,,
";

fn with_columns() -> followupd::core::policy::Policy {
    let import_columns = BTreeMap::from([("case".to_owned(), "Person ID".to_owned())]);
    followupd::core::policy::Policy { import_columns, ..policy() }
}

async fn sends(office: &mut Office, sheet: &str) {
    let mail =
        Draft::from(COORDINATOR).to(&[SERVICE]).subject("IMPORT").text("IMPORT").attach("export.csv", sheet.as_bytes());
    office.arrives(mail).await;
}

#[tokio::test]
async fn a_sheet_is_read_back_row_by_row_and_each_row_is_done_whole_or_not_at_all() {
    let mut office = Office::open_with("Mon 02 Nov 2026 10:00", with_columns()).await;
    sends(&mut office, CASES).await;
    assert!(office.case_if_any(CASE).await.is_none());
    insta::assert_snapshot!(office.last(COORDINATOR, "read_back").text, @"
    2 rows of 4 would change; 0 are as recorded.

    - Row 2: EHC-2026-0412 is new; RF; requested Monday 2 November 2026; Parent
      Ann Fox <ann.fox@home.example>
    - Row 3: EHC-2026-0413 is new; KL; requested Tuesday 1 September 2026

    These rows cannot be done, whatever you answer:

    - Row 4: No co-ordinator is called 'Nobody Known'. Write the e-mail address.
    - Row 5: “not a case” is no case reference.

    The sheet and the register differ:

    - EHC-2026-0414 is in the sheet and not here

    YES confirms each parent's address above too: letters about the child may go
    there.

    To have it carried out, answer:

    - YES

    Without that answer it is not.
    ");
    office.confirms_with(COORDINATOR, "YES").await;
    insta::assert_snapshot!(office.last(COORDINATOR, "receipt").text, @"
    2 rows imported; 0 are as recorded before.

    Done:

    - Row 2: EHC-2026-0412 is new; RF; requested Monday 2 November 2026; Parent
      Ann Fox <ann.fox@home.example>
    - Row 3: EHC-2026-0413 is new; KL; requested Tuesday 1 September 2026

    The sheet and the register differ:

    - EHC-2026-0414 is in the sheet and not here

    Not done:

    - Row 4: No co-ordinator is called 'Nobody Known'. Write the e-mail address.
    - Row 5: “not a case” is no case reference.

    You wrote:

      | YES
    ");
    assert!(office.case(CASE).await.register.contacts[0].verified.is_some());
    assert_eq!(office.case("EHC-2026-0413").await.coordinator, address(DEPUTY));
    assert!(office.case_if_any("EHC-2026-0414").await.is_none());
}

#[tokio::test]
async fn the_same_sheet_again_changes_nothing_and_tells_what_differs() {
    let mut office = Office::open_with("Mon 02 Nov 2026 10:00", with_columns()).await;
    sends(&mut office, CASES).await;
    office.confirms_with(COORDINATOR, "YES").await;
    office.orders_and_confirms("NEW CASE EHC-2026-0499\nRequested: 1 Nov 2026").await;
    office.until("Mon 09 Nov 2026 10:00").await;
    let later = "Person ID,Request received\nEHC-2026-0412,02/11/2026\nEHC-2026-0413,01/09/2026\n";
    sends(&mut office, later).await;
    insta::assert_snapshot!(office.last(COORDINATOR, "receipt").text, @"
    2 rows of the sheet, and nothing to change: 2 are as recorded.

    The sheet and the register differ:

    - EHC-2026-0499 is here and not in the sheet
    ");
    office.until("Mon 16 Nov 2026 10:00").await;
    office.told(SEND_MANAGER, "weekly_report", "EHC-2026-0499 is here and not in the sheet");
    sends(&mut office, &later.replace("02/11/2026", "03/11/2026")).await;
    office.told(COORDINATOR, "read_back", "Requested: Tuesday 3 November 2026 (was Monday 2 November 2026)");
    office.told(COORDINATOR, "read_back", "EHC-2026-0412: request Tue 3 Nov in the sheet, Mon 2 Nov here");
}

#[tokio::test]
async fn an_address_of_a_parent_is_never_changed_by_a_sheet() {
    let mut office = Office::open_with("Mon 02 Nov 2026 10:00", with_columns()).await;
    sends(&mut office, CASES).await;
    office.confirms_with(COORDINATOR, "YES").await;
    office.until("Mon 09 Nov 2026 10:00").await;
    sends(&mut office, &CASES.replace("ann.fox@home.example", "ann@elsewhere.example")).await;
    office.told(COORDINATOR, "receipt", "CONTACT EHC-2026-0412 changes one, and a second person confirms it");
    assert_eq!(office.case(CASE).await.register.contacts.len(), 1);
}

#[tokio::test]
async fn a_parent_with_the_address_in_the_same_cell_is_read_as_new_case_reads_it() {
    let mut office = Office::open("Mon 02 Nov 2026 10:00").await;
    let sheet = "case,requested,parent,parent 1 email
EHC-2026-0412,02/11/2026,Mo Bee <mo@home.example>,
EHC-2026-0413,02/11/2026,\"Ann Fox, post\",
EHC-2026-0414,02/11/2026,Bo Day <bo@>,
EHC-2026-0415,02/11/2026,Cy Elm <cy@home.example>,cyrus@home.example
";
    sends(&mut office, sheet).await;
    insta::assert_snapshot!(office.last(COORDINATOR, "read_back").text, @"
    2 rows of 4 would change; 0 are as recorded.

    - Row 2: EHC-2026-0412 is new; requested Monday 2 November 2026; Parent Mo
      Bee <mo@home.example>
    - Row 3: EHC-2026-0413 is new; requested Monday 2 November 2026; Parent Ann
      Fox, by post

    These rows cannot be done, whatever you answer:

    - Row 4: Parent: takes a name and an address, Ann Fox <ann@home.example>, or
      a name and the word post; “Bo Day <bo@>” is neither.
    - Row 5: “Cy Elm <cy@home.example>” under parent says how they are reached,
      and cyrus@home.example under parent_address too; one of the two is enough.

    The sheet and the register differ:

    - EHC-2026-0414 is in the sheet and not here
    - EHC-2026-0415 is in the sheet and not here

    YES confirms each parent's address above too: letters about the child may go
    there.

    To have it carried out, answer:

    - YES

    Without that answer it is not.
    ");
    office.confirms_with(COORDINATOR, "YES").await;
    let contact = office.case(CASE).await.register.contacts[0].clone();
    assert_eq!((contact.name.as_str(), contact.address().map(|a| a.as_str())), ("Mo Bee", Some("mo@home.example")));
    sends(&mut office, sheet).await;
    office.told(COORDINATOR, "receipt", "nothing to change: 2 are as recorded");
}

#[tokio::test]
async fn a_workbook_brings_advice_requests_and_people_too_and_twice_is_once() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheets: [&[&[&str]]; 3] = [
        &[&["case", "requested"], &["EHC-2026-0412", "2026-11-02"]],
        &[&["case", "adviser", "asked"], &["EHC-2026-0412", "dr.lee@nhs.example", "2026-11-02"]],
        &[&["adviser", "manager"], &["new.person@nhs.example", "mo.head@nhs.example"]],
    ];
    for rows in sheets {
        let sheet = book.add_worksheet();
        for (row, cells) in (0u32..).zip(rows) {
            for (column, cell) in (0u16..).zip(*cells) {
                sheet.write_string(row, column, *cell).unwrap();
            }
        }
    }
    let bytes = book.save_to_buffer().unwrap();
    let mut office = Office::open("Mon 02 Nov 2026 10:00").await;
    let mail = || Draft::from(COORDINATOR).to(&[SERVICE]).subject("import").text("IMPORT").attach("cases.xlsx", &bytes);
    office.arrives(mail()).await;
    insta::assert_snapshot!(office.last(COORDINATOR, "read_back").text, @"
    3 rows of 3 would change; 0 are as recorded.

    - Row 2: EHC-2026-0412 is new; requested Monday 2 November 2026
    - Sheet 2, row 2: EHC-2026-0412: advice asked of Dr Lee on Monday 2 November
      2026, due by Monday 14 December 2026
    - Sheet 3, row 2: mo.head@nhs.example is the line manager of
      new.person@nhs.example

    To have it carried out, answer:

    - YES

    Without that answer it is not.
    ");
    office.confirms_with(COORDINATOR, "YES").await;
    let follow_ups = office.of_case(CASE).await;
    assert_eq!(follow_ups.len(), 1);
    assert_eq!(follow_ups[0].due_on().map(|d| d.to_string()).as_deref(), Some("2026-12-14"));
    office.until("Mon 02 Nov 2026 12:00").await;
    office.arrives(mail()).await;
    office.told(COORDINATOR, "receipt", "nothing to change");
    assert_eq!(office.of_case(CASE).await.len(), 1);
}

#[tokio::test]
async fn what_is_no_sheet_is_said_so() {
    for (name, bytes, why) in [
        ("plan.pdf", &b"%PDF-1.7"[..], "plan.pdf is a PDF file"),
        ("sheet.csv", b"Colour,Size\nred,3\n", "No sheet has a row of headings that is known"),
    ] {
        let mut office = Office::open("Mon 02 Nov 2026 10:00").await;
        office.arrives(Draft::from(COORDINATOR).to(&[SERVICE]).subject("x").text("IMPORT").attach(name, bytes)).await;
        office.told(COORDINATOR, "receipt", why);
    }
    let mut office = Office::open("Mon 02 Nov 2026 10:00").await;
    office.orders("IMPORT").await;
    office.told(COORDINATOR, "receipt", "IMPORT needs the sheet");
}

#[tokio::test]
async fn a_sheet_that_is_larger_than_what_is_read_is_refused_before_anything_changes() {
    let many_columns: String = (0..70).map(|n| format!("x{n},")).collect();
    let many_rows: String = (0..5_001).map(|n| format!("EHC-2026-{:04},02/11/2026\n", n % 9_000)).collect();
    let wide = format!("Person ID,{many_columns}Request received\nEHC-2026-0412,{many_columns}02/11/2026\n");
    let long = format!("Person ID,Request received\n{many_rows}");
    for sheet in [wide, long] {
        let mut office = Office::open_with("Mon 02 Nov 2026 10:00", with_columns()).await;
        sends(&mut office, &sheet).await;
        office.told(
            COORDINATOR,
            "receipt",
            "export.csv has more rows or columns than are read at once (5,000 rows, 64 columns and 64 sheets), and nothing of it was taken over; please split it",
        );
        assert_eq!(office.count(COORDINATOR, "read_back"), 0);
        assert!(office.case_if_any(CASE).await.is_none());
    }
}

#[tokio::test]
async fn empty_columns_beside_a_sheet_do_not_make_it_large() {
    let empty = ",".repeat(80);
    let sheet = format!("Person ID,Request received{empty}\nEHC-2026-0412,02/11/2026{empty}\n");
    let mut office = Office::open_with("Mon 02 Nov 2026 10:00", with_columns()).await;
    sends(&mut office, &sheet).await;
    office.told(COORDINATOR, "read_back", "EHC-2026-0412 is new");
}
