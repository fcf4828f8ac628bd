//! Tests of the whole program: one binary, so that the library is linked once.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests fail by panicking")]

mod architecture;
mod broken_off;
mod cite;
mod commands;
mod contrast;
mod counts;
mod export;
mod gold;
mod hostile;
mod incremental;
mod integrity;
mod moves;
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
