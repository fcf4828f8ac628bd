//! How many items were decided, and how: the figures of a rate.

use super::difference::Counts;
use super::wilson::proportion;
use crate::vocabulary::Ending;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::ops::AddAssign;

/// Items by how they came out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Items whose outcome is known.
    pub decided: u64,
    /// Of these: wholly overturned.
    pub overturned: u64,
    /// Of those decided: overturned in part; they count as decided, not as overturned.
    pub partly: u64,
    /// Items whose outcome is not known: in no rate.
    pub unknown: u64,
}

impl Tally {
    /// Counts an item.
    pub fn add(&mut self, ending: Option<Ending>) {
        match ending {
            None => self.unknown += 1,
            Some(ending) => {
                self.decided += 1;
                self.overturned += u64::from(ending == Ending::Overturned);
                self.partly += u64::from(ending == Ending::Partly);
            }
        }
    }

    /// Overturned among decided items.
    pub fn counts(self) -> Counts {
        Counts { successes: self.overturned, trials: self.decided }
    }

    /// All items.
    pub fn items(self) -> u64 {
        self.decided + self.unknown
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.decided += other.decided;
        self.overturned += other.overturned;
        self.partly += other.partly;
        self.unknown += other.unknown;
    }
}

/// The figures with the rate and its 95 % Wilson interval, which are absent where nothing was
/// decided.
impl Serialize for Tally {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("decided", &self.decided)?;
        map.serialize_entry("overturned", &self.overturned)?;
        if let Some(rate) = proportion(self.overturned, self.decided) {
            map.serialize_entry("rate", &rounded(rate.rate))?;
            map.serialize_entry("low", &rounded(rate.low))?;
            map.serialize_entry("high", &rounded(rate.high))?;
        }
        for (name, count) in [("partly", self.partly), ("unknown", self.unknown)] {
            if count > 0 {
                map.serialize_entry(name, &count)?;
            }
        }
        map.end()
    }
}

impl JsonSchema for Tally {
    fn schema_name() -> Cow<'static, str> {
        "Tally".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let count = json_schema!({"type": "integer", "minimum": 0});
        let share = json_schema!({"type": "number", "minimum": 0, "maximum": 1});
        json_schema!({
            "type": "object",
            "properties": {
                "decided": count, "overturned": count, "partly": count, "unknown": count,
                "rate": share, "low": share, "high": share,
            },
            "required": ["decided", "overturned"],
        })
    }
}

/// A share to six places.
fn rounded(share: f64) -> f64 {
    (share * 1e6).round() / 1e6
}
