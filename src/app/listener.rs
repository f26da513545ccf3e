//! `/healthz` and `/metrics` for whoever watches the machine, on loopback only. Reads the store and changes nothing;
//! no name, address or subject is in its answers.

use super::metrics;
use super::room::Room;
use crate::clock;
use crate::config::Settings;
use crate::engine::Engine;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// What the answers are made from.
#[derive(Clone)]
struct Asked {
    engine: Engine,
    settings: watch::Receiver<Arc<Settings>>,
}

/// Listens where the configuration says, also after a reload that says another place.
pub(super) async fn listen(engine: Engine, mut settings: watch::Receiver<Arc<Settings>>) {
    loop {
        let place = settings.borrow_and_update().endpoints.alerts.listen;
        let asked = Asked { engine: engine.clone(), settings: settings.clone() };
        let moved = async {
            while settings.changed().await.is_ok() {
                if settings.borrow_and_update().endpoints.alerts.listen != place {
                    return;
                }
            }
            // The service is ending.
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = serve(asked, place) => {}
            () = moved => {}
        }
    }
}

/// Ends, after a while, when the place cannot be had.
async fn serve(asked: Asked, place: Option<SocketAddr>) {
    let Some(place) = place else { return std::future::pending().await };
    let listener = match TcpListener::bind(place).await {
        Ok(listener) => listener,
        Err(error) => {
            tracing::error!(%place, %error, "Cannot listen for /healthz and /metrics; trying again in a minute");
            return clock::sleep(clock::LONGEST_SLEEP).await;
        }
    };
    tracing::info!(%place, "/healthz and /metrics answer");
    let app =
        Router::new().route("/healthz", get(answer_healthz)).route("/metrics", get(answer_metrics)).with_state(asked);
    if let Err(error) = axum::serve(listener, app).await {
        tracing::error!(%error, "/healthz and /metrics answer no more");
    }
}

async fn answer_healthz(State(asked): State<Asked>) -> impl IntoResponse {
    let (status, body) = match asked.engine.health(clock::now()).await {
        Ok(health) if health.healthy => (StatusCode::OK, serde_json::to_string(&health).unwrap_or_default()),
        Ok(health) => (StatusCode::SERVICE_UNAVAILABLE, serde_json::to_string(&health).unwrap_or_default()),
        Err(error) => {
            tracing::warn!(error = format!("{error:#}"), "Health cannot be told");
            let body = serde_json::json!({ "healthy": false, "troubles": ["the database cannot be read"] });
            (StatusCode::SERVICE_UNAVAILABLE, body.to_string())
        }
    };
    (status, [(header::CONTENT_TYPE, "application/json")], body)
}

async fn answer_metrics(State(asked): State<Asked>) -> impl IntoResponse {
    let room = Room::of(&asked.settings.borrow().endpoints.store);
    match metrics::text(&asked.engine, room.as_ref(), clock::now()).await {
        Ok(text) => (StatusCode::OK, [(header::CONTENT_TYPE, metrics::CONTENT_TYPE)], text),
        Err(error) => {
            let text = format!("{error:#}\n");
            (StatusCode::SERVICE_UNAVAILABLE, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text)
        }
    }
}
