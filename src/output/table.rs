//! Numbers, bars and plurals for people.

/// A number with its thousands parted by spaces.
pub(crate) fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

/// A number with its noun.
pub(crate) fn plural(n: u64, noun: &str) -> String {
    let ending = if n == 1 { "" } else { "s" };
    format!("{} {noun}{ending}", number(n))
}

/// A bar of `width` columns at most, in eighths of a column.
pub(crate) fn bar(part: u64, whole: u64, width: usize) -> String {
    const EIGHTHS: [char; 8] =
        [' ', '\u{258f}', '\u{258e}', '\u{258d}', '\u{258c}', '\u{258b}', '\u{258a}', '\u{2589}'];
    if whole == 0 || part == 0 || width == 0 {
        return String::new();
    }
    let eighths = ((u128::from(part) * width as u128 * 8) / u128::from(whole)).max(1) as usize;
    let mut bar = "\u{2588}".repeat(eighths / 8);
    if !eighths.is_multiple_of(8) {
        bar.push(EIGHTHS[eighths % 8]);
    }
    bar
}

/// How long ago a time in seconds since 1970 was.
pub(crate) fn ago(seconds: u64) -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let past = now.map_or(0, |now| now.as_secs().saturating_sub(seconds));
    match past {
        0..=119 => "just now".to_owned(),
        120..=7_199 => format!("{} minutes ago", past / 60),
        7_200..=172_799 => format!("{} hours ago", past / 3_600),
        _ => format!("{} days ago", past / 86_400),
    }
}

/// A text padded or cut to a width.
pub(crate) fn fit(text: &str, width: usize) -> String {
    let length = text.chars().count();
    if length <= width {
        return format!("{text}{}", " ".repeat(width - length));
    }
    let cut: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{cut}\u{2026}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_bars() {
        assert_eq!(number(1_234_567), "1 234 567");
        assert_eq!(plural(1, "item"), "1 item");
        assert_eq!(plural(0, "item"), "0 items");
        assert_eq!(bar(1, 2, 4), "\u{2588}\u{2588}");
        assert_eq!(bar(1, 1_000_000, 4).chars().count(), 1);
        assert_eq!(bar(0, 5, 4), "");
    }
}
