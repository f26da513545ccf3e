//! Some relays (Microsoft 365 among them) replace our Message-ID. The id that really went out is learned from the
//! `250` answer where it stands in it and from the own copy; it then proves as much as our own.

use super::desk::Desk;
use crate::core::id::FollowUpId;
use crate::message::parse::parse;
use crate::store::MessageState;
use anyhow::Result;

impl Desk {
    /// The letter that a Message-ID names: one of ours by its signature, or an alias that a relay gave it.
    pub async fn letter_named(&mut self, message_id: &str) -> Result<Option<String>> {
        match self.office.stationery.key.read_message_id(message_id) {
            Some(letter) => Ok(Some(letter)),
            None => self.tx.letter_of_alias(message_id).await,
        }
    }

    /// Notes that a letter went out under this Message-ID, and looks again at what could not be placed for want of it.
    pub async fn learn_alias(&mut self, message_id: &str, letter: &str) -> Result<()> {
        if self.office.stationery.key.read_message_id(message_id).is_some() {
            return Ok(());
        }
        let Some(sent) = self.tx.letter(letter).await? else { return Ok(()) };
        let about = sent.follow_up.as_deref().and_then(FollowUpId::parse);
        let known = self.tx.thread(message_id).await?;
        let is_anothers = known.iter().any(|id| about.as_ref() != Some(id));
        if is_anothers || !self.tx.learn_alias(message_id, letter).await? {
            return Ok(());
        }
        if let Some(id) = &about {
            self.tx.learn_thread(message_id, id).await?;
        }
        self.place_again(message_id).await
    }

    async fn place_again(&mut self, message_id: &str) -> Result<()> {
        for waiting in self.tx.messages_in(MessageState::Triage).await? {
            let Some(raw) = self.tx.raw(&waiting.id).await? else { continue };
            let message = parse(&raw);
            if message.in_reply_to.iter().chain(&message.references).any(|id| id == message_id) {
                self.tx.look_again(&waiting.id).await?;
            }
        }
        Ok(())
    }
}

/// The Message-ID in a relay's answer: `250 2.0.0 OK <id@host> [Hostname=…]`, as Exchange Online writes it.
pub(super) fn message_id_in(answer: &str) -> Option<&str> {
    let (_, behind) = answer.split_once('<')?;
    let (id, _) = behind.split_once('>')?;
    let plausible = id.contains('@') && !id.contains(char::is_whitespace) && id.len() <= 250;
    plausible.then_some(id)
}

#[cfg(test)]
mod tests {
    use super::message_id_in;

    #[test]
    fn the_id_that_exchange_online_gives_is_read_and_nothing_else() {
        let table = [
            ("250 2.0.0 OK <AB1PR01@prod.outlook.example> [Hostname=x]", Some("AB1PR01@prod.outlook.example")),
            ("250 2.0.0 Ok: queued as 4F5A2", None),
            ("250 ok <not an id>", None),
            ("250 ok <", None),
        ];
        for (answer, expected) in table {
            assert_eq!(message_id_in(answer), expected, "{answer}");
        }
    }
}
