//! Paging of lists.

use super::page::Page;

/// Where a page of a list stands, drawn by `partials/paging.html`.
#[derive(Clone, Debug)]
pub struct Pages {
    /// How many rows there are in all.
    pub total: u64,
    /// `1 to 25 of 74`.
    pub text: String,
    /// The page before.
    pub previous: Option<String>,
    /// The page after.
    pub next: Option<String>,
}

impl Pages {
    /// The page to show when `number` was asked for: the last one where there are not so many.
    pub fn reached(number: u32, size: u32, total: u64) -> u32 {
        let last = total.div_ceil(u64::from(size.max(1))).max(1);
        u32::try_from(last).map_or(number, |last| number.min(last))
    }

    /// Page `number`, counted from 1, of `size` rows each; `link` gives the address of another page.
    pub fn new(page: &Page, (number, size): (u32, u32), total: u64, link: impl Fn(u32) -> String) -> Self {
        let first = u64::from(number.saturating_sub(1)) * u64::from(size);
        let last = (first + u64::from(size)).min(total);
        let [from, to, of] = [(first + 1).min(total), last, total].map(|n| n.to_string());
        Self {
            total,
            text: page.t3("page-range", &[("from", &from), ("to", &to), ("total", &of)]),
            previous: (number > 1).then(|| link(number - 1)),
            next: (last < total).then(|| link(number + 1)),
        }
    }
}
