//! Bytes of a PDF: its extraction ends in text or an error.
//!
//! The extractor's own overflows, endless loops and thirst for memory are not ours to mend: they are
//! kept as artifacts, which the program must then survive (see README.md).

#![no_main]

use imr_search::source;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Err(error) = source::text(bytes, None) {
        assert!(!error.code.is_empty());
    }
});
