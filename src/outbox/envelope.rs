//! The envelope sender of a letter: with the letter's token, so that a bounce names the letter by the address to which it
//! comes, or the plain address of the mailbox. Knows no relay; it is told what one has said.

use super::sender::{Answer, Broken, Cause};
use crate::core::id::Address;
use crate::core::policy::Verp;
use crate::engine::Ready;

/// What came of handing over one letter.
pub(super) type Handed = Result<Vec<(Address, Answer)>, Broken>;

/// The envelope senders of one deliverer.
#[derive(Debug)]
pub(super) struct Senders {
    verp: Verp,
    /// What the relay has shown since the service started.
    token: Token,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Untried,
    Refused,
}

impl Senders {
    /// Nothing is known of the relay yet.
    pub fn new(verp: Verp) -> Self {
        Self { verp, token: Token::Untried }
    }

    /// From now on so; what the relay has shown stays known.
    pub fn set(&mut self, verp: Verp) {
        self.verp = verp;
    }

    /// The sender of a letter.
    pub fn of(&self, letter: &Ready) -> Option<Address> {
        if self.carry_tokens() { Some(letter.bounces_to.clone()) } else { letter.from.clone() }
    }

    fn carry_tokens(&self) -> bool {
        match self.verp {
            Verp::Auto => self.token == Token::Untried,
            Verp::Always => true,
            Verp::Never => false,
        }
    }

    /// Whether the letter is to be handed over again at once, under the plain sender: it has certainly not left, and
    /// the token may be why. Microsoft 365 lets an account send under its own addresses only.
    pub fn is_worth_the_plain_one(&self, handed: &Handed) -> bool {
        self.verp == Verp::Auto && self.carry_tokens() && is_refused(handed)
    }

    /// Notes that the relay takes no token.
    pub fn give_up_tokens(&mut self) {
        self.token = Token::Refused;
    }

    /// The plain sender fared no better, so the token was not why.
    pub fn note_plain(&mut self, handed: &Handed) {
        if is_refused(handed) {
            self.token = Token::Untried;
        }
    }
}

/// Whether the relay has refused all of the letter, or the account, for good.
fn is_refused(handed: &Handed) -> bool {
    match handed {
        Ok(answers) => {
            !answers.is_empty() && answers.iter().all(|(_, answer)| matches!(answer, Answer::Rejected { .. }))
        }
        Err(Broken { cause: Cause::Account(_), .. }) => true,
        Err(_) => false,
    }
}
