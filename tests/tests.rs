//! Tests of the whole program: one binary, so that the library is linked once.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests fail by panicking")]

mod architecture;
mod cite;
mod commands;
mod contrast;
mod counts;
mod export;
mod gold;
mod hostile;
mod incremental;
mod operators;
mod properties;
mod rates;
mod readme;
mod saved;
mod similar;
mod support;
#[path = "../benches/synthetic/mod.rs"]
#[allow(dead_code, reason = "examples and benches use more of it")]
mod synthetic;
mod synthetic_letters;
mod textures;
mod web;
