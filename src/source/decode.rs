//! Bytes of a text file to text: UTF-8, UTF-16 or Windows-1252.

use super::ReadError;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How much of a file is looked at to tell text from other bytes.
const SAMPLE: usize = 64 << 10;

/// Decodes text, with or without a byte order mark; line ends are kept as they are.
///
/// # Errors
/// `binary` if the bytes are no text.
pub(super) fn decode(bytes: &[u8]) -> Result<String, ReadError> {
    let encoding = encoding(bytes).ok_or_else(binary)?;
    let (text, _) = encoding.decode_with_bom_removal(bytes);
    if is_text(&text) { Ok(text.into_owned()) } else { Err(binary()) }
}

fn binary() -> ReadError {
    ReadError::new("binary", "neither PDF nor text (UTF-8, UTF-16 or Windows-1252)")
}

fn encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Some(encoding);
    }
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let zeros = memchr::memchr_iter(0, sample).count();
    if zeros * 10 > sample.len() {
        return utf16(sample);
    }
    Some(if is_utf8(bytes) { UTF_8 } else { WINDOWS_1252 })
}

/// Whether bytes are UTF-8, but for a damaged place here and there.
fn is_utf8(bytes: &[u8]) -> bool {
    if std::str::from_utf8(bytes).is_ok() {
        return true;
    }
    let (mut valid, mut damaged) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        valid += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        damaged += usize::from(!chunk.invalid().is_empty());
    }
    damaged == 0 || damaged * 20 <= valid
}

/// UTF-16 without mark: of mostly Latin text every other byte is zero.
fn utf16(sample: &[u8]) -> Option<&'static Encoding> {
    let zeros = |offset: usize| sample.iter().skip(offset).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let pairs = sample.len() / 2;
    if odd * 10 > pairs * 7 && even * 20 < pairs {
        Some(UTF_16LE)
    } else if even * 10 > pairs * 7 && odd * 20 < pairs {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Whether decoded characters are those of text: hardly any control or replacement characters.
fn is_text(text: &str) -> bool {
    let sample = &text[..text.floor_char_boundary(SAMPLE)];
    let bytes = sample.as_bytes();
    let plain = |byte: &u8| matches!(byte, b' '..=b'~' | b'\t'..=b'\r');
    // Without a way out of a chunk it is looked through at once.
    if bytes.chunks(64).all(|chunk| chunk.iter().fold(true, |all, byte| all & plain(byte))) {
        return true;
    }
    let control = |b: &&u8| b.is_ascii_control() && !matches!(b, b'\t'..=b'\r');
    // The control characters beyond ASCII are two bytes in UTF-8.
    let further = |pair: &&[u8]| pair[0] == 0xc2 && pair[1] < 0xa0;
    let controls = bytes.iter().filter(control).count() + bytes.windows(2).filter(further).count();
    let odd = controls + sample.matches('\u{fffd}').count();
    odd * 100 <= sample.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, mark: bool) -> Vec<u8> {
        let mark = mark.then_some(0xfeff);
        mark.into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn every_encoding_of_letters() {
        let text = "Flexion 45\u{b0}\r\n\u{201c}as tolerated\u{201d}\n";
        let windows = b"Flexion 45\xb0\r\n\x93as tolerated\x94\n";
        let with_mark = [b"\xef\xbb\xbf", text.as_bytes()].concat();
        for bytes in
            [&windows[..], text.as_bytes(), &with_mark, &utf16(text, true), &utf16(text, false)]
        {
            assert_eq!(decode(bytes).as_deref(), Ok(text));
        }
    }

    #[test]
    fn a_damaged_place_does_not_spoil_the_rest() {
        let text = "45\u{b0} \u{201c}ok\u{201d} ".repeat(200);
        let damaged = [text.as_bytes(), b"\xff and \x00 more"].concat();
        assert!(decode(&damaged).is_ok_and(|read| read.starts_with(&text)));
    }

    #[test]
    fn other_bytes_are_refused() {
        let noise: Vec<u8> =
            (0..20_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        assert_eq!(decode(&noise).map_err(|e| e.code), Err("binary"));
        let without_zeros: Vec<u8> = noise.into_iter().filter(|b| *b != 0).collect();
        assert_eq!(decode(&without_zeros).map_err(|e| e.code), Err("binary"));
    }
}
