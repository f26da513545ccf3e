//! HTML as mail programs write it, one form each: what is the sender's and what they answer.

use super::super::new_text;

/// What each of them shows above the original.
const OWN: &str = "Jo is fine at home.\n\nHe needs a quiet room.\n\nRegards\nAnn";

/// Program and body; {D} and {W} stand for the words of the sender in the two ways of writing, {Q} for the original.
const BODIES: &[(&str, &str)] = &[
    (
        "ol-win",
        "<html><head><style>p{margin:0}</style></head><body lang=EN-GB><div class=WordSection1>{W}<p class=\"MsoNormal\"><o:p>&nbsp;</o:p></p><div><div style=\"border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm\"><p class=\"MsoNormal\"><b><span lang=\"EN-US\">From:</span></b><span lang=\"EN-US\"> Sam Hill &lt;sam@council.example&gt;<br><b>Sent:</b> 02 November 2026 09:15<br><b>To:</b> Ann Lee<br><b>Subject:</b> Advice<o:p></o:p></span></p></div></div>{Q}</div></body></html>",
    ),
    (
        "ol-win2",
        "<html><body><div class=WordSection1>{W}<div style=\"border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0in 0in 0in\"><p class=\"MsoNormal\"><b>From:</b> Sam Hill [mailto:sam@council.example]<br><b>Sent:</b> 02 November 2026 09:15<br><b>To:</b> Ann Lee<br><b>Subject:</b> Advice</p></div>{Q}</div></body></html>",
    ),
    (
        "owa",
        "<html><body dir=\"ltr\"><div class=\"elementToProof\" style=\"font-family: Aptos\">Jo is fine at home.</div><div class=\"elementToProof\"><br></div><div class=\"elementToProof\">He needs a quiet room.</div><div class=\"elementToProof\"><br></div><div class=\"elementToProof\">Regards</div><div class=\"elementToProof\">Ann</div><div id=\"appendonsend\"></div><hr style=\"display:inline-block;width:98%\" tabindex=\"-1\"><div id=\"divRplyFwdMsg\" dir=\"ltr\"><font face=\"Calibri\"><b>From:</b> Sam Hill &lt;sam@council.example&gt;<br><b>Sent:</b> 02 November 2026 09:15<br><b>To:</b> Ann Lee<br><b>Subject:</b> Advice</font><div>&nbsp;</div></div><div>{Q}</div></body></html>",
    ),
    (
        "ol-ios",
        "<html><body><div dir=\"ltr\">Jo is fine at home.</div><div dir=\"ltr\"><br></div><div dir=\"ltr\">He needs a quiet room.</div><div dir=\"ltr\"><br></div><div dir=\"ltr\">Regards</div><div dir=\"ltr\">Ann</div><div id=\"ms-outlook-mobile-signature\"><div><br></div>Get <a href=\"https://aka.ms/o0ukef\">Outlook for iOS</a></div><div id=\"mail-editor-reference-message-container\"><div><hr style=\"display:inline-block;width:98%\"><div id=\"divRplyFwdMsg\"><b>From:</b> Sam Hill<br><b>Sent:</b> Monday, November 2, 2026 9:15:00 AM<br><b>Subject:</b> Advice</div>{Q}</div></div></body></html>",
    ),
    (
        "gmail",
        "<div dir=\"ltr\">{D}</div><br><div class=\"gmail_quote gmail_quote_container\"><div dir=\"ltr\" class=\"gmail_attr\">On Mon, 2 Nov 2026 at 09:15, Sam Hill &lt;<a href=\"mailto:sam@council.example\">sam@council.example</a>&gt; wrote:<br></div><blockquote class=\"gmail_quote\" style=\"margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex\">{Q}</blockquote></div>",
    ),
    (
        "gmail-mob",
        "<div dir=\"auto\">{D}</div><br><div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">On Mon, 2 Nov 2026, 09:15 Sam Hill, &lt;<a>sam@council.example</a>&gt; wrote:<br></div><blockquote class=\"gmail_quote\">{Q}</blockquote></div>",
    ),
    (
        "apple",
        "<html><body>{D}<div><br><blockquote type=\"cite\"><div>On 2 Nov 2026, at 09:15, Sam Hill &lt;sam@council.example&gt; wrote:</div><br class=\"Apple-interchange-newline\"><div>{Q}</div></blockquote></div><br></body></html>",
    ),
    (
        "iphone",
        "<html><body dir=\"auto\">{D}<br id=\"lineBreakAtBeginningOfSignature\"><div dir=\"ltr\">Sent from my iPhone</div><div dir=\"ltr\"><br><blockquote type=\"cite\">On 2 Nov 2026, at 09:15, Sam Hill &lt;sam@council.example&gt; wrote:<br><br></blockquote></div><blockquote type=\"cite\"><div dir=\"ltr\">﻿{Q}</div></blockquote></body></html>",
    ),
    (
        "notes",
        "<font size=2 face=\"sans-serif\">Jo is fine at home.</font><br><br><font size=2>He needs a quiet room.</font><br><br><font size=2>Regards</font><br><font size=2>Ann</font><br><br><br><font size=1 color=#5f5f5f face=\"sans-serif\">From: &nbsp; &nbsp; &nbsp; &nbsp;</font><font size=1>Sam Hill &lt;sam@council.example&gt;</font><br><font size=1>To: &nbsp; &nbsp; &nbsp; &nbsp;</font><font size=1>ann@school.example</font><br><font size=1>Date: &nbsp; &nbsp; &nbsp; &nbsp;</font><font size=1>02/11/2026 09:15</font><br><font size=1>Subject: &nbsp; &nbsp; &nbsp; &nbsp;</font><font size=1>Advice</font><hr noshade><br><br>{Q}",
    ),
    (
        "notes-table",
        "<font>Jo is fine at home.</font><br><br>He needs a quiet room.<br><br>Regards<br>Ann<br><br><table width=100%><tr valign=top><td width=40%><b>Sam Hill &lt;sam@council.example&gt;</b><p>02/11/2026 09:15<td width=59%><table><tr><td>To<td>ann@school.example<tr><td>cc<td><tr><td>Subject<td>Advice</table></table><br><br>{Q}",
    ),
    (
        "gwise",
        "<html><body style=\"margin:4px\">Jo is fine at home.<div>&nbsp;</div><div>He needs a quiet room.</div><div>&nbsp;</div><div>Regards</div><div>Ann<br><br>&gt;&gt;&gt; Sam Hill &lt;sam@council.example&gt; 02/11/2026 09:15 &gt;&gt;&gt;<br></div><table class=\"gwreply\"><tr><td>{Q}</td></tr></table></body></html>",
    ),
    (
        "gwise14",
        "<html><body>{D}<div class=\"GroupWiseMessageBody\"><br><br>On 02/11/2026 09:15, \"Sam Hill\" &lt;sam@council.example&gt; wrote:<blockquote>{Q}</blockquote></div></body></html>",
    ),
    (
        "samsung",
        "<html><body>{D}<div><br></div><div id=\"composer_signature\"><div style=\"font-size:85%\">Sent from my Galaxy</div></div><div><br></div><div style=\"font-size:100%\"><!-- originalMessage --><div>-------- Original message --------</div><div>From: Sam Hill &lt;sam@council.example&gt; </div><div>Date: 02/11/2026  09:15  (GMT+00:00) </div><div>To: ann@school.example </div><div>Subject: Advice </div><div><br></div></div>{Q}</body></html>",
    ),
    (
        "yahoo",
        "<div class=\"ydp yahoo-style-wrap\">{D}<div><br></div></div><div id=\"ydp1yahoo_quoted_1\" class=\"ydp1yahoo_quoted\"><div><div>On Monday, 2 November 2026 at 09:15:33 GMT, Sam Hill &lt;sam@council.example&gt; wrote:</div><div><br></div><div>{Q}</div></div></div>",
    ),
    (
        "yahoo-and",
        "{D}<br><br><div id=\"ymail_android_signature\"><a href=\"x\">Yahoo Mail: Search, organise, conquer</a></div> <br> <blockquote style=\"margin: 0 0 20px 0;\"> <div> <div>On Mon, 2 Nov 2026 at 9:15, Sam Hill</div><div>&lt;sam@council.example&gt; wrote:</div> </div> <div>{Q}</div></blockquote>",
    ),
    (
        "tb",
        "<p>Jo is fine at home.</p><p>He needs a quiet room.</p><p>Regards<br>Ann</p><div class=\"moz-cite-prefix\">On 02/11/2026 09:15, Sam Hill wrote:<br></div><blockquote type=\"cite\" cite=\"mid:1@x\">{Q}</blockquote><div class=\"moz-signature\">-- <br>x</div>",
    ),
    (
        "bannerhtml",
        "<table border=1><tr><td style=\"background:#ffeb9c\">CAUTION: This email originated from outside of the organisation. Do not click links or open attachments unless you recognise the sender.</td></tr></table><br>{D}",
    ),
    (
        "bannerms",
        "<table><tr><td></td><td>You don't often get email from ann@school.example. <a href=\"x\">Learn why this is important</a></td><td></td></tr></table><div>{D}</div>",
    ),
];

const D: &str = "<div>Jo is fine at home.</div><div><br></div><div>He needs a quiet room.</div><div><br></div><div>Regards</div><div>Ann</div>";
const W: &str = "<p class=\"MsoNormal\">Jo is fine at home.<o:p></o:p></p><p class=\"MsoNormal\">He needs a quiet room.<o:p></o:p></p><p class=\"MsoNormal\">Regards<br>Ann<o:p></o:p></p>";
const Q: &str = "<p>Please send your advice by Friday.</p><p>Sam Hill</p>";

#[test]
fn the_words_of_the_sender_are_found_in_the_html_of_every_program() {
    for (program, body) in BODIES {
        let html = body.replace("{D}", D).replace("{W}", W).replace("{Q}", Q);
        let got = new_text(None, Some(&html));
        assert_eq!(got.text, OWN, "{program}");
        assert_eq!(got.own, OWN, "{program}");
    }
}
