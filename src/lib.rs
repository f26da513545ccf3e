//! followupd sees to it that nobody's advice for a child's education, health and care plan is forgotten.
//!
//! # What is where
//!
//! Three idempotent steps meet in one store and nowhere else:
//!
//! ```text
//! mailbox ──ingest──▶ ┌───────┐ ◀──fire_due── clock
//!                     │ store │
//! SMTP   ◀─deliver─── └───────┘      engine: load → decide (pure) → compose → commit (one transaction)
//! ```
//!
//! | Module | Holds |
//! |---|---|
//! | [`core`] | PURE: cases, follow-ups, events and [`core::decide`], calendar, commands, directory, self-assessment |
//! | [`message`] | PURE: bytes → what a mail is, who wrote it, what they wrote; weighing of the signals that place it |
//! | [`letters`] | PURE: a decided letter → final bytes; the last look before it leaves |
//! | [`store`] | the only place with SQL, one text for SQLite and PostgreSQL |
//! | [`engine`] | the only caller of `decide`: everything that is one transaction |
//! | [`mailbox`], [`outbox`], [`scheduler`] | mail in, mail out, time; they never import each other |
//! | [`config`] | TOML and environment → validated settings, all faults at once |
//! | [`app`], [`cli`] | composition root and command line |
//! | [`clock`] | the only file that reads time or sleeps |
//!
//! # What always holds
//!
//! - A reply never closes anything: only an order of staff does ([`core::event::Order`]). A check of a plan draft alone,
//!   which nobody has to answer, ends with "no changes" or with its window.
//! - Nothing that becomes false by time passing is stored: "overdue" and the next escalation are derived
//!   ([`core::follow_up::FollowUp::wake`]).
//! - Raw bytes are stored before they are read; outcome, letters and journal are one transaction; a server copy is
//!   moved only afterwards.
//! - Rows that a transaction gathers are written before any statement that could read past them, and what it keeps of
//!   what it has read is noted by whoever writes it ([`store`]). Mails that wait together share a transaction; when one
//!   of them fails, each gets its own.
//! - A letter is rendered once. Its id and Message-ID come from its unique key, so that it cannot exist twice.
//! - Nobody is escalated on a mailbox that was not looked at since the deadline.
//! - Addresses come from the directory or from staff, never from an inbound mail.
//! - A letter to a family goes to one confirmed contact, says no more than [`core::parent_words`] lets it, and leaves
//!   by silence only where nothing is in doubt; whatever a family writes itself is read by a person first.
//!
//! # A reply arrives
//!
//! [`mailbox::ingest::ingest_once`] fetches it by UID and [`engine::Engine::take_in`] stores its bytes with the
//! cursor. [`engine::Engine::handle_waiting`] reads it ([`message::reading::read`]), checks who is speaking
//! ([`message::authenticity`]), looks for signals and weighs them ([`message::matching::place`]), and hands a
//! [`core::event::ReplyEvent`] to [`core::decide::decide`]. The new case, the letter to the co-ordinator, the
//! message's story and the journal entry are committed together; then the server copy moves to `Processed`.
//!
//! # A window closes
//!
//! The follow-up's row holds its wake time. The mailbox loop waits no longer than until then, looks once more, and
//! notes that it has. [`engine::Engine::fire_due`] loads the case and decides [`core::event::Event::Clock`]; the
//! escalation is composed and queued in the same transaction. [`outbox::deliver::Deliverer`] takes it, has
//! [`letters::guard::last_look`] look at it, marks it as being sent, and hands it to the relay; before the final dot it is
//! looked at once more, for minutes may have gone by, and the dot is noted before it is written.
//!
//! # A plan slips
//!
//! On a working-day morning [`engine::Engine::look_at_families`] decides
//! [`core::family::FamilyEvent::Morning`] for every plan that is still to come. [`core::timescale::outlook_of`] works
//! out what is likely and what is possible; [`core::notice::telling`] says whether the family is to be told. The
//! co-ordinator sees the letter first; the case wakes when the time for objections is over, and each confirmed contact
//! gets a letter of their own. They count as told when the relay has taken it, or when it was posted.
//!
//! # A report is due
//!
//! [`engine::Engine::send_reports`] finds the latest due hour that has not run yet (`engine/reports/when`), counts the
//! figures by queries over the rows beside the documents (`store/figures`, gathered in `engine/reports` into
//! [`core::figures`]), lays them out once as a document ([`letters::report`]) from which page, text, spreadsheet, CSV and
//! charts are made, and queues one letter a reader in the transaction that claims the run.
//!
//! # Differences from the layout that was first drawn
//!
//! Tokens stand in [`core::token`], for letters write them and the engine reads them. The Today mail is composed by
//! the engine, for it reads many cases. `STATUS` and `explain` share [`engine::story`].

#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)
)]

pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod core;
pub mod engine;
pub mod letters;
pub mod mailbox;
pub mod message;
pub mod outbox;
pub mod scheduler;
pub mod store;
