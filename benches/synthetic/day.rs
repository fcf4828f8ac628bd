//! Days as numbers, and the forms in which letters print them.

use super::random::Random;

/// Days since 1 January 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Day(pub(crate) u32);

/// How one letter's prose prints dates.
#[derive(Debug, Clone, Copy)]
pub(crate) enum DateForm {
    /// 3/4/15
    Short,
    /// 03/04/2015
    Slashes,
    /// 03-04-2015
    Hyphens,
    /// March 4, 2015
    Written,
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Day {
    /// The first day of a month.
    pub(crate) fn first(year: u32, month: u32) -> Self {
        let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
        let days = year * 365 + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5;
        Self(days - 719_468)
    }

    /// Year, month and day of the month (after Howard Hinnant, "chrono-compatible low-level date algorithms").
    pub(crate) fn civil(self) -> (u32, u32, u32) {
        let shifted = self.0 + 719_468;
        let (era, of_era) = (shifted / 146_097, shifted % 146_097);
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        (era * 400 + year + u32::from(month < 3), month, day)
    }

    /// A day from this one to another.
    pub(crate) fn until(self, end: Self, random: &mut Random) -> Self {
        Self(random.within(self.0, end.0.max(self.0)))
    }

    pub(crate) fn iso(self) -> String {
        let (year, month, day) = self.civil();
        format!("{year:04}-{month:02}-{day:02}")
    }

    /// As headers print it.
    pub(crate) fn printed(self) -> String {
        self.in_form(DateForm::Slashes)
    }

    pub(crate) fn in_form(self, form: DateForm) -> String {
        let (year, month, day) = self.civil();
        match form {
            DateForm::Short => format!("{month}/{day}/{:02}", year % 100),
            DateForm::Slashes => format!("{month:02}/{day:02}/{year}"),
            DateForm::Hyphens => format!("{month:02}-{day:02}-{year}"),
            DateForm::Written => format!("{} {day}, {year}", MONTHS[month as usize - 1]),
        }
    }
}
