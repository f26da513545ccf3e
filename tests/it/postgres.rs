//! A fresh PostgreSQL database for each test, on the cluster that `tests/run` has started.

use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};
use std::sync::atomic::{AtomicU32, Ordering};

static NUMBER: AtomicU32 = AtomicU32::new(1);

/// The cluster's address, or `None` outside `tests/run`.
pub fn cluster() -> Option<String> {
    std::env::var("FOLLOWUPD_TEST_POSTGRES").ok().filter(|u| !u.is_empty())
}

/// The address of a new, empty database.
pub fn fresh_database() -> String {
    let url = cluster().expect("FOLLOWUPD_TEST_POSTGRES names the cluster");
    let name = format!("t{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let create = name.clone();
    let admin = url.clone();
    std::thread::spawn(move || {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            sqlx::any::install_default_drivers();
            let mut connection = AnyConnection::connect(&admin).await.expect("the cluster answers");
            connection
                .execute(AssertSqlSafe(format!("CREATE DATABASE {create}")))
                .await
                .expect("a database can be made");
        });
    })
    .join()
    .unwrap();
    let (base, _) = url.rsplit_once('/').expect("the cluster's address names a database");
    format!("{base}/{name}")
}
