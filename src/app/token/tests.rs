//! Tokens against an endpoint that is written here: when it is asked, what it is told, what operators hear.

use super::*;
use crate::config::Secret;
use axum::Router;
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::post;
use reqwest::Url;
use std::collections::BTreeMap;
use std::sync::Mutex as StdMutex;

type Asked = BTreeMap<String, String>;
/// Status, Retry-After, body.
type Answer = (u16, Option<&'static str>, String);

/// A token endpoint that gives the next of its answers and remembers what it was asked.
#[derive(Clone, Default)]
struct Endpoint {
    answers: Arc<StdMutex<Vec<Answer>>>,
    asked: Arc<StdMutex<Vec<Asked>>>,
}

impl Endpoint {
    fn will_say(&self, status: u16, body: &str) {
        self.answers.lock().unwrap().push((status, None, body.to_owned()));
    }

    fn will_want_rest(&self, retry_after: &'static str) {
        self.answers.lock().unwrap().push((429, Some(retry_after), String::new()));
    }

    fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    async fn open(&self) -> String {
        let endpoint = self.clone();
        let answer = move |body: String| {
            let form = Url::parse(&format!("form:?{body}")).unwrap();
            let form: Asked = form.query_pairs().into_owned().collect();
            endpoint.asked.lock().unwrap().push(form);
            let mut answers = endpoint.answers.lock().unwrap();
            let (status, rest, body) = if answers.is_empty() { (500, None, String::new()) } else { answers.remove(0) };
            let mut headers = HeaderMap::new();
            if let Some(rest) = rest {
                headers.insert(header::RETRY_AFTER, rest.parse().unwrap());
            }
            std::future::ready((StatusCode::from_u16(status).unwrap(), headers, body))
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = Router::new().route("/token", post(answer));
        tokio::spawn(async move { axum::serve(listener, app).await });
        format!("http://{address}/token")
    }
}

async fn settings(endpoint: &Endpoint) -> TokenSettings {
    let oauth2 = Oauth2Settings {
        token_url: endpoint.open().await,
        client_id: "followupd".to_owned(),
        client_secret: Some(Secret::Environment("s3cret+of/the app".to_owned().into())),
        refresh_token: None,
        scope: "https://outlook.office365.com/.default".to_owned(),
    };
    TokenSettings { oauth2, proxy: None, ca_file: None }
}

fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + Duration::minutes(minutes)
}

fn given(token: &str) -> String {
    format!(r#"{{"token_type":"Bearer","expires_in":3600,"access_token":"{token}"}}"#)
}

async fn token(tokens: &Tokens, settings: &TokenSettings, minutes: i64) -> String {
    match tokens.token(settings, at(minutes)).await {
        Ok(token) => token.expose_secret().to_owned(),
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn one_token_serves_until_it_is_time_to_prove_the_credential_again() {
    let endpoint = Endpoint::default();
    let (settings, tokens) = (settings(&endpoint).await, Tokens::default());
    endpoint.will_say(200, &given("one"));
    endpoint.will_say(200, &given("two"));
    for (minute, wanted) in [(0, "one"), (9, "one"), (10, "two"), (19, "two")] {
        assert_eq!(token(&tokens.clone(), &settings, minute).await, wanted, "minute {minute}");
    }
    let asked = endpoint.asked();
    assert_eq!(asked.len(), 2);
    let wanted = [
        ("client_id", "followupd"),
        ("client_secret", "s3cret+of/the app"),
        ("grant_type", "client_credentials"),
        ("scope", "https://outlook.office365.com/.default"),
    ];
    assert_eq!(asked[0], wanted.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
}

#[tokio::test]
async fn a_dead_credential_is_told_within_a_quarter_of_an_hour_and_the_old_token_serves_to_its_end() {
    let endpoint = Endpoint::default();
    let (settings, tokens) = (settings(&endpoint).await, Tokens::default());
    endpoint.will_say(200, &given("one"));
    assert_eq!(token(&tokens, &settings, 0).await, "one");
    let dead = r#"{"error":"invalid_client","error_description":"AADSTS7000222: The provided client secret keys for app are expired.\r\nTrace ID: 1"}"#;
    for _ in 0..50 {
        endpoint.will_say(401, dead);
    }
    assert!(tokens.keep_fresh(&settings, at(9)).await.is_ok());
    let error = tokens.keep_fresh(&settings, at(11)).await.unwrap_err().to_string();
    assert!(error.contains("The client secret has expired: make a new one") && !error.contains("Trace"), "{error}");
    assert_eq!(token(&tokens, &settings, 58).await, "one");
    let error = token(&tokens, &settings, 60).await;
    assert!(error.contains("AADSTS7000222"), "{error}");
    endpoint.answers.lock().unwrap().clear();
    endpoint.will_say(200, &given("new"));
    assert_eq!(token(&tokens, &settings, 62).await, "new");
}

#[tokio::test]
async fn an_endpoint_that_asks_for_rest_is_left_alone_as_long_as_it_says() {
    let table = [("120", 2), ("Thu, 01 Jan 1970 00:05:00 GMT", 5), ("999999", 60), ("soon", 1)];
    for (retry_after, minutes) in table {
        let endpoint = Endpoint::default();
        let (settings, tokens) = (settings(&endpoint).await, Tokens::default());
        endpoint.will_want_rest(retry_after);
        endpoint.will_say(200, &given("one"));
        for minute in [0, minutes - 1] {
            let error = token(&tokens, &settings, minute).await;
            assert!(error.contains("asked to be left alone"), "{retry_after}: {error}");
        }
        assert_eq!(endpoint.asked().len(), 1, "{retry_after}");
        assert_eq!(token(&tokens, &settings, minutes).await, "one", "{retry_after}");
    }
}

#[tokio::test]
async fn a_refused_token_is_fetched_anew_once_and_not_over_and_over() {
    let endpoint = Endpoint::default();
    let (settings, tokens) = (settings(&endpoint).await, Tokens::default());
    ["one", "two", "three"].iter().for_each(|name| endpoint.will_say(200, &given(name)));
    assert_eq!(token(&tokens, &settings, 0).await, "one");
    tokens.distrust(at(5)).await;
    assert_eq!(token(&tokens, &settings, 5).await, "two");
    tokens.distrust(at(5)).await;
    assert_eq!(token(&tokens, &settings, 5).await, "two", "it is quite new: the token is not what is wrong");
    tokens.distrust(at(6)).await;
    assert_eq!(token(&tokens, &settings, 6).await, "three");
}

#[tokio::test]
async fn a_new_refresh_token_is_kept_for_the_next_start() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("refresh_token");
    std::fs::write(&file, "first\n").unwrap();
    let endpoint = Endpoint::default();
    let mut settings = settings(&endpoint).await;
    settings.oauth2.refresh_token = Some(Secret::File(file.clone()));
    settings.oauth2.client_secret = None;
    endpoint.will_say(200, r#"{"access_token":"one","expires_in":"600","refresh_token":"second"}"#);
    endpoint.will_say(200, r#"{"access_token":"two","expires_in":600}"#);
    assert_eq!(token(&Tokens::default(), &settings, 0).await, "one");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "second");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(token(&Tokens::default(), &settings, 0).await, "two");
    let presented: Vec<String> = endpoint.asked().iter().map(|form| form["refresh_token"].clone()).collect();
    assert_eq!(presented, ["first", "second"]);
    assert!(endpoint.asked().iter().all(|form| form["grant_type"] == "refresh_token"));
}

#[tokio::test]
async fn a_new_refresh_token_that_cannot_be_written_is_used_while_the_service_runs() {
    let endpoint = Endpoint::default();
    let mut settings = settings(&endpoint).await;
    settings.oauth2.refresh_token = Some(Secret::Environment("first".to_owned().into()));
    let tokens = Tokens::default();
    endpoint.will_say(200, r#"{"access_token":"one","expires_in":600,"refresh_token":"second"}"#);
    endpoint.will_say(200, r#"{"access_token":"two","expires_in":600,"refresh_token":"second"}"#);
    assert_eq!(token(&tokens, &settings, 0).await, "one");
    assert_eq!(token(&tokens, &settings, 9).await, "two");
    let presented: Vec<String> = endpoint.asked().iter().map(|form| form["refresh_token"].clone()).collect();
    assert_eq!(presented, ["first", "second"]);
}

#[tokio::test]
async fn each_refusal_names_its_remedy_and_repeats_no_secret() {
    let check = async |body: &str, remedy: &str| {
        let endpoint = Endpoint::default();
        let settings = settings(&endpoint).await;
        endpoint.will_say(400, body);
        let error = token(&Tokens::default(), &settings, 0).await;
        assert!(error.contains(remedy) && !error.contains("s3cret"), "{body}: {error}");
    };
    let refusal = |what: &str| format!(r#"{{"error":"invalid_client","error_description":"{what}"}}"#);
    check(&refusal("AADSTS7000215: Invalid client secret provided: s3cret+of/the app"), "not its id").await;
    check(&refusal("AADSTS700016: Application was not found in the directory"), "check oauth2.client_id").await;
    check(&refusal("AADSTS90002: Tenant not found"), "no such tenant").await;
    check(r#"{"error":"invalid_grant","error_description":"Token has been expired or revoked."}"#, "consent anew")
        .await;
    check(r#"{"error":"invalid_scope"}"#, "Check oauth2.scope").await;
    check(r#"{"error":"unsupported_grant_type"}"#, "Google wants").await;
    check(r#"{"error":"server_error"}"#, "Check [oauth2]").await;
    check("<html>a login page</html>", "not in JSON").await;
    check("{}", "it answered 400 Bad Request").await;
}
