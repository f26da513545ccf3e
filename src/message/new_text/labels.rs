//! What mail programs call the fields above an original message, in the languages that reach a British mailbox and
//! more. Data only.

use super::header_block::Field;

/// Labels by field, in lower case, without colon, separated by `|`.
pub(super) const LABELS: [(Field, &str); 7] = [
    (
        Field::From,
        concat!(
            "from|von|de|da|van|från|fra|frå|od|lähettäjä|feladó|от|от кого|від|από|kimden|gönderen|差出人|发件人|",
            "寄件者|寄件人|보낸 사람|보낸사람|expéditeur|remitente|mittente|de la|nuo|no|saatja|từ|oddawca|afzender|oddal|",
            "oddelal|oddaje|oddano|מאת|gan|ó|absender",
        ),
    ),
    (
        Field::Date,
        concat!(
            "sent|date|sent at|date sent|gesendet|gesendet am|datum|envoyé|envoyé le|date d'envoi|enviado|",
            "enviado el|enviada|enviada em|enviado em|enviada a|fecha|data|inviato|data invio|verzonden|",
            "skickat|sendt|dato|wysłano|wysłane|data wysłania|odesláno|odoslané|dátum|küldve|elküldve|",
            "lähetetty|päivämäärä|päiväys|отправлено|дата|дата отправки|надіслано|ημερομηνία|στάλθηκε|",
            "gönderildi|gönderme tarihi|tarih|送信日時|日付|发送时间|日期|寄件日期|보낸 날짜|날짜|trimis|dată|poslano|ngày|đã gửi|",
            "gửi|anfonwyd|dyddiad|išsiųsta|saadetud|kuupäev|poslané|נשלח",
        ),
    ),
    (
        Field::To,
        concat!(
            "to|an|à|a|para|aan|till|til|do|komu|címzett|vastaanottaja|кому|προς|kime|宛先|收件人|받는 사람|받는사람|",
            "pour|către|za|prima|đến|tới|destinataire|destinatario|adresat|at|אל|kam|kellele",
        ),
    ),
    (Field::Cc, "cc|kopie|copie|kopi|kopia|dw|kopio|másolat|копия|копія|κοιν.|bilgi|抄送|副本|参照|참조|bcc|cc.|copia"),
    (
        Field::Subject,
        concat!(
            "subject|betreff|objet|asunto|oggetto|onderwerp|ämne|emne|temat|předmět|predmet|tárgy|aihe|тема|",
            "θέμα|konu|件名|主题|主旨|제목|assunto|subiect|chủ đề|tema|re|pwnc|ábhar|assumpte|teema|נושא|naslov",
        ),
    ),
    (Field::MessageId, "message-id"),
    (
        Field::Other,
        concat!(
            "reply-to|reply to|importance|priority|sensitivity|attachments|attachment|organization|",
            "wichtigkeit|priorität|anlagen|pièces jointes|importancia|importance haute|bijlagen|newsgroups|",
            "antwort an|répondre à|sender|x-mailer|resent-from|vedhæftede filer|bilagor|załączniki|allegati|",
            "anexos|datos adjuntos|classification|categories",
        ),
    ),
];
