//! What mail programs, gateways and phones put around the words of a sender, one form each.

use super::super::new_text;

/// The words of the sender; all that may be left, and never less.
const OWN: &str = "Jo is fine at home.\n\nHe needs a quiet room.\n\nRegards\nAnn";

/// The mail that is answered.
const EARLIER: &str = "Please send your advice by Friday.\nSam Hill";

/// Lines above a quotation, with or without signs of quotation.
const WROTE: &[&str] = &[
    "On Mon, 2 Nov 2026 at 09:15, Sam Hill <sam@council.example> wrote:",
    "On 02/11/2026 09:15, Sam Hill wrote:",
    "On 2 Nov 2026, at 9:15 am, SEND Team via Council <followups+abc@council.example> wrote:",
    "On Monday, 2 November 2026, 09:15:33 GMT, Sam Hill <sam@council.example> wrote:",
    "On Monday, November 2, 2026, Sam Hill <sam@council.example> wrote:",
    "On Mon, Nov 2, 2026 at 9:15 AM Sam Hill via Council SEND\n<followups+abcdefabcdef@council.example> wrote:",
    "On Mon, Nov 2, 2026 at 9:15 AM, Sam Hill\n<\n\nsam@council.example>\n\nwrote:",
    "Le lun. 2 nov. 2026 à 09:15, Sam Hill <sam@council.example> a écrit :",
    "Le 2 nov. 2026 à 09:15, Sam Hill <sam@council.example> a écrit :",
    "Le 02/11/2026 à 09:15, Sam Hill a écrit :",
    "Am 02.11.2026 um 09:15 schrieb Sam Hill:",
    "Am Mo., 2. Nov. 2026 um 09:15 Uhr schrieb Sam Hill <sam@council.example>:",
    "El lun, 2 nov 2026 a las 9:15, Sam Hill (<sam@council.example>) escribió:",
    "El 02/11/2026 a las 9:15, Sam Hill escribió:",
    "Il giorno lun 2 nov 2026 alle ore 09:15 Sam Hill <sam@council.example> ha scritto:",
    "Il 02/11/2026 09:15, Sam Hill ha scritto:",
    "Op ma 2 nov. 2026 om 09:15 schreef Sam Hill <sam@council.example>:",
    "Op 2-11-2026 om 09:15 schreef Sam Hill:",
    "Em seg., 2 de nov. de 2026 às 09:15, Sam Hill <sam@council.example> escreveu:",
    "W dniu 02.11.2026 o 09:15, Sam Hill pisze:",
    "pon., 2 lis 2026 o 09:15 Sam Hill <sam@council.example> napisał(a):",
    "Den mån 2 nov. 2026 kl 09:15 skrev Sam Hill <sam@council.example>:",
    "Den 02-11-2026 kl. 09:15 skrev Sam Hill:",
    "man. 2. nov. 2026 kl. 09:15 skrev Sam Hill <sam@council.example>:",
    "ma 2. marrask. 2026 klo 9.15 Sam Hill (sam@council.example) kirjoitti:",
    "пн, 2 нояб. 2026 г. в 09:15, Sam Hill <sam@council.example>:",
    "po 2. 11. 2026 v 9:15 odesílatel Sam Hill <sam@council.example> napsal:",
    "Sam Hill <sam@council.example>, 2 Kas 2026 Pzt, 09:15 tarihinde şunu yazdı:",
    "Στις Δευ 2 Νοε 2026 στις 9:15 π.μ., ο/η Sam Hill <sam@council.example> έγραψε:",
    "În lun., 2 nov. 2026 la 09:15, Sam Hill <sam@council.example> a scris:",
    "Sam Hill <sam@council.example> ezt írta (időpont: 2026. nov. 2., H, 9:15):",
    "Ar Llun, 2 Tach 2026 am 09:15, ysgrifennodd Sam Hill <sam@council.example>:",
    "Sam Hill <sam@council.example> 于2026年11月2日周一 09:15写道：",
    "2026年11月2日(月) 9:15 Sam Hill <sam@council.example>:",
    "2026년 11월 2일 (월) 오전 9:15, Sam Hill <sam@council.example>님이 작성:",
    "في الاثنين، 2 نوفمبر 2026 في 9:15 ص تمت كتابة ما يلي بواسطة Sam Hill <sam@council.example>:",
    "Vào Th 2, 2 thg 11, 2026 vào lúc 09:15 Sam Hill <sam@council.example> đã viết:",
    "пн, 2 лист. 2026 р. о 09:15 Sam Hill <sam@council.example> пише:",
    "На пн, 2.11.2026 г. в 9:15 Sam Hill <sam@council.example> написа:",
    "pon, 2. stu 2026. u 09:15 Sam Hill <sam@council.example> napisao je:",
    "V V pon., 2. nov. 2026 ob 09:15 je oseba Sam Hill <sam@council.example> napisala:",
    "------- Original Message -------\nOn Monday, November 2nd, 2026 at 9:15, Sam Hill <sam@council.example> wrote:\n",
    "Sent with Proton Mail secure email.\n\nOn Monday, November 2nd, 2026 at 9:15, Sam Hill <sam@council.example> wrote:\n",
    "---- On Mon, 02 Nov 2026 09:15:00 +0000 Sam Hill <sam@council.example> wrote ---",
];

/// Lines above an original without signs of quotation.
const ORIGINAL: &[&str] = &[
    ">>> Sam Hill <sam@council.example> 02/11/2026 09:15 >>>",
    "-----Sam Hill <sam@council.example> wrote: -----",
    "From:   Sam Hill <sam@council.example>\nTo:     ann@school.example\nDate:   02/11/2026 09:15\nSubject:        Advice",
    "Sam Hill <sam@council.example>\n02/11/2026 09:15\n\nTo\nann@school.example\ncc\n\nSubject\nAdvice",
    "From: Sam Hill <sam@council.example>\nSent: 02 November 2026 09:15\nTo: Ann Lee <ann@school.example>\nSubject: Advice",
    "-----Original Message-----\nFrom: Sam Hill\nSent: 02 November 2026 09:15\nTo: Ann Lee\nSubject: Advice",
    "________________________________\nFrom: Sam Hill <sam@council.example>\nSent: Monday, November 2, 2026 9:15:00 AM\nTo: Ann Lee <ann@school.example>\nSubject: Advice",
    "-----Ursprüngliche Nachricht-----\nVon: Sam Hill\nGesendet: Montag, 2. November 2026 09:15\nAn: Ann Lee\nBetreff: Advice",
    "De : Sam Hill <sam@council.example>\nEnvoyé : lundi 2 novembre 2026 09:15\nÀ : Ann Lee\nObjet : Advice",
    "Van: Sam Hill <sam@council.example>\nVerzonden: maandag 2 november 2026 09:15\nAan: Ann Lee\nOnderwerp: Advice",
    "Da: Sam Hill <sam@council.example>\nInviato: lunedì 2 novembre 2026 09:15\nA: Ann Lee\nOggetto: Advice",
    "De: Sam Hill <sam@council.example>\nEnviado: lunes, 2 de noviembre de 2026 9:15\nPara: Ann Lee\nAsunto: Advice",
    "From: Sam Hill\nSent: 2 November 2026 09:15\nTo: Ann Lee\nCc: Bo\nSubject: Advice\nImportance: High",
    "*From:* Sam Hill [mailto:sam@council.example]\n*Sent:* 02 November 2026 09:15\n*To:* Ann Lee\n*Subject:* Advice",
    "-------- Original message --------\nFrom: Sam Hill <sam@council.example>\nDate: 02/11/2026 09:15 (GMT+00:00)\nTo: ann@school.example\nSubject: Advice",
    "---- Sam Hill wrote ----",
    "    On Monday, 2 November 2026, 09:15, Sam Hill <sam@council.example> wrote:\n \n ",
    "From: Sam Hill\nSent: Monday, November 2, 2026 09:15 AM\nTo: Ann Lee\nSubject: Advice",
    "----- Original Message -----\nFrom: Sam Hill <sam@council.example>\nTo: Ann\nSent: Mon Nov 02 09:15:00 2026\nSubject: Advice",
    "----- Original Message ----- \nFrom: \"Sam Hill\" <sam@council.example>\nTo: <ann@school.example>\nSent: Monday, November 02, 2026 9:15 AM\nSubject: Advice",
    "-----Original Message-----\nFrom: Sam Hill <sam@council.example>\nTo: ann <ann@school.example>\nSent: Mon, 2 Nov 2026 9:15\nSubject: Advice",
    "Date: Mon, 2 Nov 2026 09:15:00 +0000\nSubject: Advice\nFrom: sam@council.example\nTo: ann@school.example",
];

/// What phones and mail programs add below.
const PHONES: &[&str] = &[
    "Sent from my iPhone",
    "Get Outlook for Android",
    "Sent from Outlook for Android<https://x.example>",
    "Sent from my Samsung Galaxy smartphone.",
    "Sent from Samsung tablet.",
    "Sent from Yahoo Mail. Get the app",
    "Sent from AOL Mobile Mail",
    "Sent from Proton Mail for iOS",
    "Sent from my BlackBerry 10 smartphone on the EE network.",
    "Sent from Windows Mail",
    "Sent using Hushmail",
    "Sent from my Huawei phone",
    "Sent from NHSmail",
    "Von meinem Samsung Galaxy Smartphone gesendet.",
    "Envoyé depuis mon smartphone Samsung Galaxy.",
    "Enviado desde Outlook para Android",
    "Inviato dal mio iPhone",
    "Verstuurd vanaf mijn iPhone",
    "Odesláno z iPhonu",
    "Wysłano z telefonu Samsung",
    "Trimis de pe iPhone",
    "iPhoneから送信",
    "Anfonwyd o fy iPhone",
    "Sent from my phone, please excuse typos",
    "Yahoo Mail: Search, organise, conquer",
    "Télécharger Outlook pour iOS",
    "Отправлено с iPhone",
    "Outlook für Android herunterladen",
    "Obtener Outlook para iOS",
    "Download Outlook for iOS",
    "Sent from Gmail Mobile",
    "Sent from my Pixel 8",
    "Sent with Spark",
    "Sent from the all-new AOL app for iOS",
];

/// What gateways write above.
const BANNERS: &[&str] = &[
    "CAUTION: This email originated from outside of the organization. Do not click links or open attachments unless you recognize the sender and know the content is safe.",
    "[EXTERNAL EMAIL]",
    "This message originated from outside of NHSmail. Please do not click links or open attachments unless you recognise the sender and know the content is safe.",
    "*** This message originated from outside the Council ***",
    "WARNING - This email came from outside the Trust.",
    "External Email: Exercise caution",
    "External sender",
    "EXTERNAL SENDER: be cautious of links",
    "You don't often get email from sam@council.example. Learn why this is important<https://aka.ms/x>",
    "Some people who received this message don't often get email from sam@council.example. Learn why this is important<https://aka.ms/x>",
    "[This sender might be impersonating a domain that's associated with your organization. Learn why this could be a risk]",
    "⚠ CAUTION: External sender",
    "[You don't often get email from sam@council.example. Learn why this is important at https://aka.ms/x ]",
    "NHS OFFICIAL-SENSITIVE",
    "OFFICIAL: SENSITIVE",
    "Sensitivity: OFFICIAL",
    "This email has been sent from an external source. Do not open links unless trusted.",
    "ZjQcmQRYFpfptBannerStart\nThis Message Is From an External Sender\nThis message came from outside your organization.\nZjQcmQRYFpfptBannerEnd",
    "This Message is From an Untrusted Sender\nYou have not previously corresponded with this sender.",
    "Think before you click. This email is from an external sender.",
    "Use caution - external email",
    "[ EXTERNAL ] This email was sent from outside the school.",
];

/// What mail systems write below.
const DISCLAIMERS: &[&str] = &[
    "This email and any files transmitted with it are confidential and intended solely for the use of the individual or entity to whom they are addressed. If you have received this email in error please notify the system manager.",
    "The information contained in this email is confidential and may be legally privileged. It is intended for the addressee only. Access to this e-mail by anyone else is unauthorised.",
    "********************************************************************************************************************\n\nThis message may contain confidential information. If you are not the intended recipient please inform the\nsender that you have received the message in error before deleting it.\nPlease do not disclose, copy or distribute information in this e-mail or take any action in relation to its contents. To do so is strictly prohibited and may be unlawful. Thank you for your co-operation.\n\nNHSmail is the secure email, collaboration and directory service available for all NHS staff in England. NHSmail is approved for exchanging patient data and other sensitive information with NHSmail and other accredited email services.\n\nFor more information and to find out how you can switch visit Joining NHSmail – NHSmail Support\n",
    "This transmission is intended for the named addressee(s) only and may contain sensitive or protectively marked material up to OFFICIAL and should be handled accordingly. Unless you are the named addressee (or authorised to receive it for the addressee) you may not copy or use it, or disclose it to anyone else.",
    "Please consider the environment before printing this email.",
    "This e-mail has been scanned for viruses. https://x.example",
    "Greenhill School is a company limited by guarantee. Registered in England No 123456. Registered office: 1 High Street.",
    "CONFIDENTIALITY NOTICE: The contents of this email message and any attachments are intended solely for the addressee(s) and may contain confidential and/or privileged information and may be legally protected from disclosure.",
];

fn check(plain: &str) {
    let got = new_text(Some(plain), None);
    assert_eq!(got.text, OWN, "{plain}");
    assert_eq!(got.own, OWN, "{plain}");
}

#[test]
fn introductions_of_mail_programs_are_cut_with_what_they_introduce() {
    let signed = EARLIER.lines().map(|line| format!("> {line}")).collect::<Vec<_>>().join("\n");
    for line in WROTE {
        check(&format!("{OWN}\n\n{line}\n\n{EARLIER}\n"));
        check(&format!("{OWN}\n\n{line}\n{signed}\n"));
    }
    for block in ORIGINAL {
        check(&format!("{OWN}\n\n{block}\n\n{EARLIER}\n"));
    }
}

#[test]
fn what_phones_gateways_and_mail_systems_add_is_cut() {
    for line in PHONES.iter().chain(DISCLAIMERS) {
        check(&format!("{OWN}\n\n{line}\n"));
        check(&format!("{OWN}\n\n{line}\n\nOn 02/11/2026 09:15, Sam Hill wrote:\n> x\n"));
    }
    for banner in BANNERS {
        check(&format!("{banner}\n\n{OWN}\n"));
    }
}

/// A desk opens its own letter with this line; what stands below it is the letter.
#[test]
fn a_letter_below_the_line_of_a_desk_is_its_writers() {
    check(&format!("##- Please type your reply above this line -##\n\n{OWN}\n"));
    check(&format!("{OWN}\n\n##- Please type your reply above this line -##\n\n{EARLIER}\n"));
}

#[test]
fn words_that_look_like_what_is_cut_stay() {
    for line in [
        "This email was checked by my manager, who agrees.",
        "He goes to a nursery that is a registered charity.",
        "Use caution near the road.",
        "Be careful: the email address of his father is not to be used.",
        "Please consider the environment of the classroom before the move.",
        "She must not disclose it.",
        "To: the panel\nSubject: sums",
    ] {
        let body = format!("{OWN}\n\n{line}");
        assert_eq!(new_text(Some(&body), None).own, body);
        assert_eq!(new_text(Some(&format!("{line}\n\n{OWN}")), None).own, format!("{line}\n\n{OWN}"));
    }
}
