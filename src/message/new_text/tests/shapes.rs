//! The shapes that mail programs give to an answer.

use super::super::{CutKind, NewText, new_text};

fn plain(body: &str) -> NewText {
    new_text(Some(body), None)
}

fn check(body: &str, expected: &str) {
    assert_eq!(plain(body).text, expected, "{body}");
}

fn check_html(body: &str, expected: &str) {
    assert_eq!(new_text(None, Some(body)).text, expected, "{body}");
}

#[test]
fn nothing_gives_nothing() {
    assert_eq!(new_text(None, None), NewText::default());
    assert_eq!(plain("  \n\n"), NewText::default());
}

#[test]
fn a_quotation_below_the_answer_is_cut() {
    for quotation in [
        "On Mon, 12 Oct 2026 at 09:15, Sam Hill <sam@council.example> wrote:\n\n> Please send your advice.\n>\n> Sam",
        "On Mon, 12 Oct 2026 at 09:15, Sam Hill <sam@council.example> wrote:\n\nPlease send your advice.\n\nSam",
        "On Mon, 12 Oct 2026 at 09:15, Sam Hill of the SEND Team at Example Council\n<sam@council.example>\nwrote:\n> Please",
        "On 12/10/2026 09:15, Sam Hill wrote:\n> Please send your advice.",
        "On 12 Oct 2026, at 09:15, Sam Hill <sam@council.example<mailto:sam@council.example>> wrote:\n\nPlease send it.",
        "On Monday, October 12, 2026, Sam Hill <sam@council.example> wrote:\nPlease send it.",
        "On Monday, 12 October 2026 at 09:15:01 BST, Sam Hill <sam@council.example> wrote: \n\n\nPlease send it.",
        "Sam Hill <sam@council.example> wrote:\n\nPlease send it.",
        "\"Sam Hill\" <sam@council.example> wrote on 12/10/2026 09:15:01:\n\n> Please send it.",
        "From: Sam Hill\nSent: 12 October 2026 09:15\nTo: Ann Low\nSubject: Advice\n\nPlease send it.",
        "From: Sam Hill <sam@council.example> \nSent: 12 October 2026 09:15\nTo: Ann Low <ann@trust.example>; Bea Ash <bea@trust.example>;\n Cy Fox <cy@trust.example>\nCc: SEND\nSubject: Advice\n\nPlease send it.",
        "________________________________\nFrom: Sam Hill <sam@council.example>\nSent: 12 October 2026 09:15\nTo: Ann Low\nSubject: Advice\n\nPlease send it.",
        "________________________________________\nVon: Sam Hill\nGesendet: Montag, 12. Oktober 2026 09:15\nAn: Ann Low\nBetreff: Bericht\n\nBitte senden.",
        "-----Original Message-----\nFrom: Sam Hill\nSent: 12 October 2026 09:15\nTo: Ann Low\nSubject: Advice\n\nPlease send it.",
        "-------- Original message --------\nFrom: Sam Hill <sam@council.example>\nDate: 12/10/2026 09:15 (GMT+00:00)\nTo: Ann Low <ann@trust.example>\nSubject: Advice\n\nPlease send it.",
        "----- Original Message -----\nPlease send it.",
        "-----Ursprüngliche Nachricht-----\nVon: Sam Hill\nPlease send it.",
        "From: Sam Hill <sam@council.example>\nDate: Monday, 12 October 2026 at 09:15\nTo: Ann Low <ann@trust.example>\nSubject: Advice\n\nPlease send it.",
        "Date: Mon, 12 Oct 2026 09:15:00 +0100\nFrom: sam@council.example\nTo: ann@trust.example\nSubject: Advice\n\nPlease send it.",
        "Date: Mon, 12 Oct 2026 09:15:00 +0100\nTo: ann@trust.example\n\nPlease send it.",
        ">>> Sam Hill <sam@council.example> 12/10/2026 09:15 >>>\nPlease send it.",
        ">>> On 12/10/2026 at 09:15, in message <abc@council.example>, Sam Hill <sam@council.example> wrote:\n> Please send it.",
        "-----Sam Hill/Council wrote: -----\nTo: Ann Low\nFrom: Sam Hill\nDate: 12/10/2026 09:15\nSubject: Advice\n\nPlease send it.",
        "---- On Mon, 12 Oct 2026 09:15:00 +0100 Sam Hill wrote ----\n\nPlease send it.",
        "-------- Sam Hill wrote --------\n\n> Please send it.",
        "Sam Hill schreef op 12-10-2026 09:15:\n> Graag.",
        "Le 12/10/2026 à 09:15, Sam Hill a écrit :\n> Merci.",
        "Am 12.10.2026 um 09:15 schrieb Sam Hill:\n> Bitte.",
        "El 12/10/2026 a las 09:15, Sam Hill escribió:\n> Gracias.",
        "Il 12/10/2026 09:15, Sam Hill ha scritto:\n> Grazie.",
        "Em 12/10/2026 09:15, Sam Hill escreveu:\n> Obrigado.",
        "Den 12-10-2026 kl. 09:15 skrev Sam Hill:\n> Tak.",
        "Dnia 12 października 2026 09:15 Sam Hill <sam@council.example> napisał(a):\n> Proszę.",
        "W dniu 12.10.2026 o 09:15, Sam Hill pisze:\n> Proszę.",
        "12.10.2026 09:15, Sam Hill пишет:\n> Спасибо.",
        "2026-10-12 9:15 GMT+01:00 Sam Hill <sam@council.example>:\n\n> Please.",
        "From: Sam Hill <sam@council.example> Sent: 12 October 2026 09:15 To: Ann Low Subject: Advice\n\nPlease send it.",
        "________________________________\nFrom: sam@council.example\n\nPlease send it.",
        "Sam Hill wrote:\n| Please send it.\n|\n| Sam",
        "--- Reply ABOVE THIS LINE to answer ---\n\nPlease send it.",
        "##- Please type your reply above this line -##\n\nPlease send it.",
        "> On 12 Oct 2026, at 09:15, Sam Hill <sam@council.example> wrote:\n> \n> Please send it.",
    ] {
        check(&format!("He is well.\n\nAnn\n\n{quotation}"), "He is well.\n\nAnn");
        check(&format!("He is well.\n{quotation}\n"), "He is well.");
        check(&format!("He is well.\r\n\r\n{}\r\n", quotation.replace('\n', "\r\n")), "He is well.");
    }
}

#[test]
fn an_answer_below_the_quotation_is_kept() {
    let quotation =
        "On Mon, 12 Oct 2026 at 09:15, Sam Hill <sam@council.example> wrote:\n> Please send your advice.\n> Sam";
    check(&format!("{quotation}\n\nHe is well.\n\nAnn"), "He is well.\n\nAnn");
    check(&format!("Dear Sam,\n\n{quotation}\n\nHe is well."), "Dear Sam,\n\nHe is well.");
    check("> Is he well?\n\nHe is.", "> Is he well?\n\nHe is.");
}

#[test]
fn answers_between_quoted_lines_keep_their_questions() {
    let body = "Hello\n\nOn Mon, 12 Oct 2026 at 09:15, Sam Hill <sam@council.example> wrote:\n> Is he well?\n\nHe is.\n\n\
                > Does he read?\n\nA little.\n\n> Thank you.\n> Sam";
    let got = plain(body);
    assert_eq!(
        got.text,
        "Hello\n\nOn Mon, 12 Oct 2026 at 09:15, Sam Hill <sam@council.example> wrote:\n> Is he well?\n\nHe is.\n\n\
         > Does he read?\n\nA little."
    );
    assert_eq!(got.own, "Hello\n\nHe is.\n\nA little.");
}

#[test]
fn prose_that_looks_like_a_border_is_kept() {
    for body in [
        "On 12 October 2026 at 10:00 I wrote:\nHe is well.\n\nI still think so.",
        "On 12 October 2026 at 10:00 Dr Low wrote:\nHe is well.\n\nI still think so.",
        "His mother wrote:\n> He cries.\n\nI agree.",
        "On Monday his mother wrote:\nHe is well.",
        "From: the beginning he was quiet.\nTo: this day he is.\n\nThat is all.",
        "Date: 12 October 2026\nTo: SEND team\nFrom: Dr Low\nRe: Jo\n\nHe is well.",
        "Q: Does he read?\nA: A little.\n\nQ: Does he write?\nA: No.",
        "He scored:\n-----\nReading 5\n-----\nWriting 6",
        "Strengths:\n- reads\n- writes\n\n--- \n\nNeeds:\n- sums",
        "He is well.\n\nSent by my colleague on Monday, thanks.",
        "He is well.\n\nSent with my report last week.",
        "He is well.\n--\nA second part: he reads short words, likes numbers, plays with two friends, eats at school, sleeps through the night, and asks for help when he needs it.",
        "He is well.\n_____\nFrom: the beginning he was quiet.",
        "Sent from the clinic on Monday, a copy of the letter.\n\nHe is well.",
        "The report is confidential.\n\nHe is well.",
        "This message from his mother is confidential: do not delete it, his father must not see it.\n\nHe is well.",
        "I wrote to you on 12 October 2026 at 10:00, see sam@council.example\n\nHe is well.",
        "| Area | Level |\n| Reading | 5 |",
        "External advice was sought.\n\nHe is well.",
        "Caution: he runs outside without looking when nobody watches him, so stay close.",
    ] {
        let got = plain(body);
        assert!(got.text.ends_with(body.lines().last().unwrap_or_default()), "{body}\n=>\n{got:#?}");
        assert!(got.text.starts_with(body.lines().next().unwrap_or_default()), "{body}\n=>\n{got:#?}");
    }
}

#[test]
fn nothing_but_a_quotation_is_shown_but_is_not_the_senders() {
    for body in [
        "> Please send it.",
        "On 12 Oct 2026, at 09:15, Sam Hill <sam@council.example> wrote:\n> Please send it.",
        "On 12 Oct 2026, at 09:15, Sam Hill <sam@council.example> wrote:\n\nPlease send it.",
        "From: Sam Hill\nSent: 12 October 2026 09:15\nTo: Ann Low\nSubject: Advice\n\nPlease send it.",
        "---------- Forwarded message ---------\nFrom: Sam Hill <sam@council.example>\nDate: 12 Oct 2026 09:15\nSubject: Advice\nTo: Ann\n\nPlease send it.",
    ] {
        let got = plain(body);
        assert_eq!(got.text.trim_start_matches("> "), "Please send it.", "{body}");
        assert_eq!(got.own, "", "{body}");
    }
}

#[test]
fn what_is_sent_on_stays_below_its_header() {
    let forward = "---------- Forwarded message ---------\nFrom: Ann Low <ann@trust.example>\nDate: Mon, 12 Oct 2026 at 09:15\n\
                   Subject: Advice\nTo: Sam\n\nHe is well.";
    let got = plain(&format!("FYI\n\n{forward}"));
    assert_eq!(got.text, format!("FYI\n\n{forward}"));
    assert_eq!(got.own, "FYI");
    assert!(got.forwards);
}

#[test]
fn signatures_and_the_lines_of_phones_are_cut() {
    for tail in [
        "-- \nAnn Low\nSpeech Therapist\n01234 567890",
        "--\nAnn Low",
        "Sent from my iPhone",
        "Sent from Outlook for iOS<https://aka.ms/o0ukef>",
        "Get Outlook for Android<https://aka.ms/AAb9ysg>",
        "Get Outlook for iOS",
        "Sent from Yahoo Mail on Android",
        "Sent from Mail for Windows",
        "Sent from my Galaxy",
        "Sent from Samsung Mobile on O2",
        "Sent via BlackBerry",
        "Sent from TypeMail",
        "Sent from my iPad, please excuse brevity",
        "Sent from my iPhone\nPlease excuse any typos.",
        "Envoyé de mon iPhone",
        "Von meinem iPhone gesendet",
        "Enviado desde mi iPhone",
        "Inviato da iPhone",
        "Verzonden vanaf mijn iPhone",
        "Skickat från min iPhone",
        "Sendt fra min iPhone",
        "Wysłane z iPhone'a",
    ] {
        check(&format!("He is well.\n\n{tail}"), "He is well.");
        check(
            &format!("He is well.\n\n{tail}\n\nOn 12 Oct 2026, at 09:15, Sam Hill <s@c.example> wrote:\n> x"),
            "He is well.",
        );
    }
}

#[test]
fn who_signed_is_kept() {
    check("He is well.\n\nKind regards,\nAnn Low\nTherapist", "He is well.\n\nKind regards,\nAnn Low\nTherapist");
}

#[test]
fn what_gateways_write_is_cut() {
    for banner in [
        "CAUTION: This email originated from outside of the organisation. Do not click links or open attachments unless you recognise the sender and know the content is safe.",
        "CAUTION: This email originated from outside of the organisation.\nDo not click links or open attachments unless you\nrecognise the sender and know the content is safe.",
        "EXTERNAL EMAIL: Be careful with links.",
        "[EXTERNAL]",
        "*** EXTERNAL EMAIL ***",
        "This message originated from outside your organization",
        "You don't often get email from ann@trust.example. Learn why this is important<https://aka.ms/LearnAboutSenderIdentification>",
        "OFFICIAL-SENSITIVE",
        "Classification: OFFICIAL",
        "WARNING: This message came from an external source. Please take care.",
    ] {
        check(&format!("{banner}\n\nHe is well."), "He is well.");
        check(&format!("{banner}\nHe is well."), "He is well.");
    }
    check("OFFICIAL\n\nHe is well.\n\nOFFICIAL-SENSITIVE", "He is well.");
    for disclaimer in [
        "This email and any attachments are confidential and intended solely for the addressee.",
        "This message may contain confidential information. If you are not the intended recipient please:\ni) inform the sender that you have received the message in error before deleting it; and\nii) do not disclose, copy or distribute information in this e-mail.\nThank you for your co-operation.\n\nNHSmail is the secure email, collaboration and directory service available for all NHS staff in England. NHSmail is approved for exchanging patient data and other sensitive information with NHSmail and other accredited email services.",
        "********************************************************************\nThe information in this email is confidential and privileged. If you are not the intended recipient, please delete it.\n********************************************************************",
        "The information contained in this email may be subject to public disclosure under the Freedom of Information Act 2000.",
        "Mae'r e-bost hwn ac unrhyw atodiadau yn gyfrinachol. / This email and any attachments are confidential and may be privileged.",
        "DISCLAIMER: This e-mail is confidential. If you are not the intended recipient, any use is prohibited.",
    ] {
        check(&format!("He is well.\n\nAnn\n\n{disclaimer}"), "He is well.\n\nAnn");
    }
}

#[test]
fn what_is_cut_is_named() {
    let body = "[EXTERNAL]\n\nHe is well.\n\n-- \nAnn\n\nOn 12 Oct 2026, at 09:15, Sam Hill <s@c.example> wrote:\n> x";
    let kinds: Vec<CutKind> = plain(body).cut.iter().map(|c| c.what).collect();
    assert_eq!(kinds, [CutKind::Banner, CutKind::Signature, CutKind::Quotation]);
}

#[test]
fn quotations_in_html_are_cut() {
    let own = "<p>He is well.</p><p>Ann</p>";
    for quotation in [
        "<div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">On Mon, 12 Oct 2026 at 09:15, Sam &lt;<a href=\"mailto:s@c.example\">s@c.example</a>&gt; wrote:<br></div><blockquote class=\"gmail_quote\">Please send it.</blockquote></div>",
        "<div class=\"gmail_quote\">On Mon, 12 Oct 2026 at 09:15, Sam wrote:<br>Please send it.</div>",
        "<hr tabindex=-1><div id=\"divRplyFwdMsg\" dir=ltr><b>From:</b> Sam<br><b>Sent:</b> x</div><div>Please send it.</div>",
        "<div id=\"appendonsend\"></div><hr><div><b>From:</b> Sam</div><div>Please send it.</div>",
        "<div id=\"mail-editor-reference-message-container\"><div>From: Sam</div><div>Please send it.</div></div>",
        "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p><b>Oddiwrth:</b> Sam</p></div><p>Please send it.</p>",
        "<div class=\"moz-cite-prefix\">On 12/10/2026 09:15, Sam wrote:<br></div><blockquote type=\"cite\" cite=\"mid:x\"><p>Please send it.</p></blockquote>",
        "<div class=\"yahoo_quoted\"><div>On Monday, 12 October 2026 at 09:15:01 BST, Sam wrote:</div><div>Please send it.</div></div>",
        "<div><br><blockquote type=\"cite\"><div>On 12 Oct 2026, at 09:15, Sam &lt;s@c.example&gt; wrote:</div><br><div>Please send it.</div></blockquote></div>",
        "<br>On 12 Oct 2026, at 09:15, Sam &lt;s@c.example&gt; wrote:<br><br><div>Please send it.</div>",
        "<div class=\"protonmail_quote\">On Monday, October 12th, 2026 at 09:15, Sam wrote:<br><blockquote type=\"cite\">Please send it.</blockquote></div>",
        "<p id=\"reply-intro\">On 2026-10-12 09:15, Sam wrote:</p><blockquote>Please send it.</blockquote>",
        "<span id=\"OLK_SRC_BODY_SECTION\"><div>From: Sam</div><div>Please send it.</div></span>",
        "<hr id=\"stopSpelling\">Date: Mon<br>Please send it.",
        "<div><hr/><div><b>From: sam@council.example</b></div><div>Please send it.</div></div>",
        "<div style=\"padding-top: 5px; border-top-color: rgb(229, 229, 229); border-top-width: 1px; border-top-style: solid;\"><div><b>From:</b>&nbsp;<a>Sam</a><br><b>Sent:</b>&nbsp;Monday, 12 October 2026 09:15<br><b>To:</b>&nbsp;Ann</div></div><div>Please send it.</div>",
        "<br>12.10.2026, 09:15, \"Sam\" &lt;<a href='x'>s@c.example</a>&gt;:<blockquote>Please send it.</blockquote>",
        "<div>-------- Original message --------</div><div>From: Sam</div><div>Please send it.</div>",
        "<p>From: Sam Hill &lt;s@c.example&gt;<br>Sent: 12 October 2026 09:15<br>To: Ann<br>Subject: Advice</p><p>Please send it.</p>",
        "<table><tr><td>From:</td><td>Sam Hill &lt;s@c.example&gt;</td></tr><tr><td>To:</td><td>Ann</td></tr><tr><td>Date:</td><td>12/10/2026 09:15</td></tr></table><p>Please send it.</p>",
    ] {
        check_html(&format!("<html><body>{own}{quotation}</body></html>"), "He is well.\n\nAnn");
    }
}

#[test]
fn answers_in_html_are_kept() {
    check_html(
        "<div class=\"gmail_quote\"><div class=gmail_attr>On Mon, 12 Oct 2026 at 09:15, Sam wrote:</div><blockquote class=gmail_quote>Is he well?</blockquote><div>He is.</div><blockquote class=gmail_quote>Does he read?</blockquote><div>A little.</div></div>",
        "On Mon, 12 Oct 2026 at 09:15, Sam wrote:\n\n> Is he well?\n\nHe is.\n\n> Does he read?\n\nA little.",
    );
    check_html("<blockquote type=cite>Is he well?</blockquote><p>He is.</p>", "He is.");
    check_html(
        "<div>He says:</div><blockquote style='margin:0 0 0 40px;border:none;padding:0'>I am well</blockquote>",
        "He says:\n\nI am well",
    );
    check_html("<ul><li>reads</li><li>writes</li></ul>", "- reads\n- writes");
    check_html(
        "<table><tr><td>Reading</td><td>5</td></tr><tr><td>Sums</td><td>6</td></tr></table>",
        "Reading 5\nSums 6",
    );
}

#[test]
fn the_body_that_says_something_is_read() {
    let html = Some("<p>He is well.</p>");
    assert_eq!(new_text(None, html).text, "He is well.");
    assert_eq!(new_text(Some(" \n"), html).text, "He is well.");
    assert_eq!(
        new_text(Some("This is an HTML message. Please use an HTML capable program."), html).text,
        "He is well."
    );
    assert_eq!(new_text(Some("Your email client does not support HTML."), html).text, "He is well.");
    assert_eq!(new_text(Some("He is well!"), html).text, "He is well!");
}

#[test]
fn characters_that_show_nothing_do_not_matter() {
    check("He\u{a0}is we\u{ad}ll.\u{200b}\u{feff}", "He is well.");
}
