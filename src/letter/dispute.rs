//! Finds the portion of a request that is in dispute.
//!
//! A request that utilization review modified is printed as three sentences: what was asked, what
//! was authorised, and what remained to decide. Only the last is in dispute.

use super::model::UrAction;

/// What leads in the portion in dispute, in lower case.
const LEAD_INS: [&str; 3] = [
    "portion of the original request",
    "remaining portion of the request",
    ". the original request,",
];

/// What shows that a part was authorised, in lower case.
const MODIFIED: [&str; 4] = [
    "authorized by the claims administrator",
    "claims administrator authorized",
    "remaining imr eligible portion",
    "leaving the original request imr eligible",
];

/// Remarks within a request that say so in short, in lower case; what is asked for stays as it is printed.
const REMARKS: [&str; 6] = [
    "(modified to ",
    "(modified by ",
    "modified by ur ",
    "modified by the claims administrator",
    "modified by utilization review",
    "partially certified",
];

/// Whether a title speaks of a modified request.
pub(super) fn is_modified(title: &str) -> bool {
    let lower = title.to_ascii_lowercase();
    MODIFIED.iter().any(|words| lower.contains(words))
}

/// Whether a title is the last of a modified request's sentences without those before it.
pub(super) fn ends_request(title: &str) -> bool {
    title.to_ascii_lowercase().starts_with("the original request,")
}

/// Whether a title starts with the request as it was made, as the first of the sentences does.
pub(super) fn states_request(title: &str) -> bool {
    title.to_ascii_lowercase().contains("was the original request")
}

/// Returns the portion in dispute and what utilization review had done.
pub(super) fn read(title: &str) -> (&str, UrAction) {
    let lower = title.to_ascii_lowercase();
    if !is_modified(title) {
        let remarked = REMARKS.iter().any(|words| lower.contains(words)) || counts_granted(&lower);
        return (title, if remarked { UrAction::Modified } else { UrAction::Denied });
    }
    let start = LEAD_INS.iter().filter_map(|lead| Some(lower.rfind(lead)? + lead.len())).max();
    let portion = start.map_or(title, |start| &title[start..]);
    let portion = portion.trim_start_matches([',', ':', ' ']).trim_end();
    let portion = ["is", "are"]
        .iter()
        .find_map(|verb| portion.strip_suffix(verb)?.strip_suffix(' '))
        .unwrap_or(portion);
    let portion = portion.trim_end_matches([',', ' ']);
    (if portion.is_empty() { title } else { portion }, UrAction::Modified)
}

/// Whether brackets say how many were granted, and nothing else: "(6 authorized)".
fn counts_granted(lower: &str) -> bool {
    lower.split('(').skip(1).any(|bracket| {
        let inside = bracket.split(')').next().unwrap_or_default();
        let words: Vec<&str> = inside.split_whitespace().collect();
        let [number, "authorized" | "certified" | "approved"] = words[..] else { return false };
        number.parse::<u32>().is_ok_and(|number| number > 0)
    })
}

/// Who a sentence about guidelines speaks of, in lower case.
const CLAIMS_SIDE: &str = "the claims administrator";
const REVIEWER_SIDE: [&str; 5] = [
    "the physician reviewer",
    "the expert reviewer",
    "the professional reviewer",
    "the independent medical reviewer",
    "the reviewer",
];

/// Splits sentences on what was relied on into those of the claims administrator and of the
/// reviewer.
pub(super) fn sides(text: &str) -> (Option<String>, Option<String>) {
    let lower = text.to_ascii_lowercase();
    let claims = lower.find(CLAIMS_SIDE);
    let after = claims.unwrap_or(0);
    // The heading above names the reviewer too: only what follows the claims side counts.
    let reviewer =
        REVIEWER_SIDE.iter().filter_map(|words| Some(after + lower[after..].find(words)?)).min();
    let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let end = reviewer.unwrap_or(text.len());
    (
        claims.and_then(|start| some(&text[start..end.max(start)])),
        reviewer.and_then(|start| some(&text[start..])),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_say_what_was_done() {
        for (title, action) in [
            ("Aspirin 50mg #90 (modified to #60)", UrAction::Modified),
            ("Pilates, 8 visits, modified by UR to 4", UrAction::Modified),
            ("Modified barium swallow", UrAction::Denied),
        ] {
            assert_eq!(read(title), (title, action));
        }
    }

    #[test]
    fn what_remains_is_in_dispute() {
        let title = "Pilates 10 visits was the original request. Pilates 4 visits was authorized by \
                     the Claims Administrator on review. The remaining IMR eligible portion of the original \
                     request, Pilates 6 visits is";
        assert_eq!(read(title), ("Pilates 6 visits", UrAction::Modified));
    }

    #[test]
    fn a_request_authorised_in_another_form_is_in_dispute_whole() {
        let title = "Cane was the original request. The Claims Administrator authorized a rental, \
                     leaving the original request IMR eligible. The original request, Cane is";
        assert_eq!(read(title), ("Cane", UrAction::Modified));
    }

    #[test]
    fn other_titles_are_in_dispute_whole() {
        assert_eq!(read("What this is"), ("What this is", UrAction::Denied));
    }
}
