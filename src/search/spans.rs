//! Places of words in one field of one document, and what stands near what.
//!
//! Pure: positions in, positions out. Everything is sorted by start, then end.

/// From the position of a first word to that of a last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Span {
    /// One word.
    pub(super) fn word(position: u32) -> Self {
        Self { start: position, end: position }
    }

    /// The same so many places further on.
    pub(super) fn shifted(self, by: u32) -> Self {
        Self { start: self.start + by, end: self.end + by }
    }
}

/// Sorts spans and drops doubles.
pub(super) fn sorted(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    spans.dedup();
    spans
}

/// One of each part in order, with at most `slop` other words between them over all.
pub(super) fn sequence(parts: &[Vec<Span>], slop: u32) -> Vec<Span> {
    let Some((first, rest)) = parts.split_first() else { return Vec::new() };
    let mut cursors = vec![0; rest.len()];
    let mut found = Vec::new();
    'starts: for start in first {
        let (mut end, mut between) = (start.end, 0);
        for (part, cursor) in rest.iter().zip(&mut cursors) {
            // The next place after this end is never before the one for an earlier start.
            while part.get(*cursor).is_some_and(|span| span.start <= end) {
                *cursor += 1;
            }
            let Some(next) = part.get(*cursor) else { break 'starts };
            between += next.start - end - 1;
            end = next.end;
        }
        if between <= slop {
            found.push(Span { start: start.start, end });
        }
    }
    found
}

/// One of each side, the later one starting at most `distance` words after the earlier one's end.
pub(super) fn near(left: &[Span], right: &[Span], distance: u32, ordered: bool) -> Vec<Span> {
    let mut found = Vec::new();
    followed(left, right, distance, &mut found);
    if !ordered {
        followed(right, left, distance, &mut found);
    }
    sorted(found)
}

/// As many as no letter has; a hostile one shall not take all memory.
const MOST: usize = 1 << 20;

fn followed(first: &[Span], second: &[Span], distance: u32, found: &mut Vec<Span>) {
    for span in first {
        if found.len() >= MOST {
            return;
        }
        let from = second.partition_point(|next| next.start <= span.end);
        let within = second[from..].iter().take_while(|next| next.start - span.end <= distance);
        found.extend(within.map(|next| Span { start: span.start, end: next.end.max(span.end) }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(positions: &[u32]) -> Vec<Span> {
        positions.iter().copied().map(Span::word).collect()
    }

    fn pairs(spans: &[Span]) -> Vec<(u32, u32)> {
        spans.iter().map(|span| (span.start, span.end)).collect()
    }

    #[test]
    fn words_one_after_the_other() {
        let parts = [words(&[0, 4, 9]), words(&[1, 6]), words(&[2, 8])];
        assert_eq!(pairs(&sequence(&parts, 0)), [(0, 2)]);
        assert_eq!(pairs(&sequence(&parts, 2)), [(0, 2), (4, 8)]);
        assert_eq!(pairs(&sequence(&[words(&[3, 4, 5]), words(&[3, 4, 5])], 0)), [(3, 4), (4, 5)]);
    }

    #[test]
    fn words_near_each_other_in_either_order() {
        let (a, b) = (words(&[5, 20]), words(&[1, 8, 26]));
        assert_eq!(pairs(&near(&a, &b, 4, false)), [(1, 5), (5, 8)]);
        assert_eq!(pairs(&near(&a, &b, 6, true)), [(5, 8), (20, 26)]);
        assert_eq!(pairs(&near(&a, &a, 15, false)), [(5, 20)], "no word is near itself");
    }
}
