//! How a list of people is read: which way costs least for this reach, these filters and this page. Pure.
//!
//! The numbers are measured microseconds (docs/performance.md); only their proportions matter.

/// Most hits that are counted before a filter is taken to be a common one.
pub(super) const MOST_HITS: i64 = 20_000;

/// So few people are read whatever the filters are: nothing is worth estimating.
pub(super) const FEW: i64 = 2_000;

/// Looking at one entry of a sorted index, and at the row behind it where the filter asks for more than the index holds.
const STEP: f64 = 0.15;
const STEP_ROW: f64 = 1.6;
/// Asking the closure whether an organisation is inside.
const PROBE: f64 = 0.45;
/// Collecting one person organisation by organisation, for a list and for a number.
const GATHERED: f64 = 0.22;
/// Fetching the row of one hit of a filter.
const HIT: f64 = 2.0;
/// Asking one more statement; then finding where the people of one organisation begin, and one of those who are merged.
const MERGE: f64 = 250.0;
const SEEK: f64 = 2.0;
const MERGED: f64 = 1.0;
/// Most organisations that are counted before a list is read; a page is merged from fewer, or from more once a walk has given up.
pub(super) const MOST_PLACES: i64 = 600;
/// For each row of the page so many organisations are asked where their people begin, within bounds; of more organisations, every
/// n-th. Fewer are asked sooner, and tell less well where the page ends.
const ASKED_BY_ROW: i64 = 4;
const ASKED: std::ops::RangeInclusive<i64> = 100..=500;

/// A filter that can lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lead {
    /// The index of texts.
    Texts,
    /// The members of a group.
    Group,
    /// The accounts in a state that few are in.
    Status,
}

/// A way to read a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Along the index of the order, until the page is full or so many entries were looked at.
    Walk(i64),
    /// Organisation by organisation, then sorted.
    Gather,
    /// Organisation by organisation, of each only the first in the order, as far as the page reaches.
    Merge,
    /// From the hits of one filter, then sorted.
    From(Lead),
}

/// What is known before a list is read.
#[derive(Clone, Debug)]
pub(super) struct Sizes {
    /// Everybody.
    pub(super) all: i64,
    /// Those within reach.
    pub(super) reach: i64,
    /// Nobody is out of reach.
    pub(super) everywhere: bool,
    /// The filters that can lead, with how many people they match; [`MOST_HITS`] stands for any more.
    pub(super) hits: Vec<(Lead, i64)>,
    /// The filters ask for more than the index of an order holds.
    pub(super) wide: bool,
    /// The organisations within reach, where they were counted and nothing but the place narrows the list.
    pub(super) places: Option<i64>,
}

impl Sizes {
    /// The part of all people that is thought to match.
    fn matching(&self) -> f64 {
        let part = |count: i64| (float(count) / float(self.all.max(1))).min(1.0);
        self.hits.iter().map(|(_, hits)| part(*hits)).product::<f64>()
    }

    fn step(&self) -> f64 {
        let looked_at = if self.wide { STEP_ROW } else { STEP };
        looked_at + if self.everywhere { 0.0 } else { PROBE * self.matching() }
    }

    fn gather(&self) -> f64 {
        float(self.reach) * if self.wide { STEP_ROW } else { GATHERED }
    }

    /// One in so many organisations is asked where the people of a merged page of `rows` end.
    pub(super) fn stride(places: i64, rows: i64) -> i64 {
        (places / rows.saturating_mul(ASKED_BY_ROW).clamp(*ASKED.start(), *ASKED.end())).max(1)
    }

    fn merge(&self, rows: i64) -> Option<f64> {
        let places = self.places?;
        let seeks = float(places) + float(places / Self::stride(places, rows));
        Some(MERGE + seeks * SEEK + float(rows) * MERGED)
    }

    fn leads(&self) -> impl Iterator<Item = (f64, Way)> + '_ {
        self.hits.iter().map(|(lead, hits)| (float(*hits) * HIT, Way::From(*lead)))
    }

    /// The cheapest way to the page that ends after `rows`, and what to do if a walk was not cheap after all: orders may go
    /// together with places (the numbers of one country stand side by side), which no number here tells.
    pub(super) fn ways(&self, rows: i64) -> (Way, Way) {
        if self.reach <= FEW && !self.everywhere {
            return (Way::Gather, Way::Gather);
        }
        let merge = self.merge(rows).map(|cost| (cost, Way::Merge));
        let others = self.leads().chain(merge).chain([(self.gather(), Way::Gather)]);
        let (cost, other) =
            others.fold((f64::MAX, Way::Gather), |best, next| if next.0 < best.0 { next } else { best });
        let inside = float(self.reach) / float(self.all.max(1));
        let steps = (float(rows) / (inside * self.matching()).max(f64::MIN_POSITIVE)).min(float(self.all));
        if steps * self.step() >= cost {
            return (other, other);
        }
        // Nothing is gained by giving up when the order cannot disappoint.
        let enough = if self.everywhere && self.hits.is_empty() { i64::MAX } else { whole(steps * 3.0) + 1_000 };
        (Way::Walk(enough), other)
    }

    /// The cheapest way to the number of all.
    pub(super) fn to_count(&self) -> Way {
        if self.reach <= FEW && !self.everywhere {
            return Way::Gather;
        }
        let scan = (float(self.all) * self.step(), Way::Walk(i64::MAX));
        let all = self.leads().chain([(self.gather(), Way::Gather), scan]);
        all.fold((f64::MAX, Way::Gather), |best, next| if next.0 < best.0 { next } else { best }).1
    }
}

#[expect(clippy::cast_precision_loss, reason = "estimates")]
fn float(count: i64) -> f64 {
    count as f64
}

#[expect(clippy::cast_possible_truncation, reason = "saturates, which is meant")]
fn whole(estimate: f64) -> i64 {
    estimate as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(reach: i64, hits: &[(Lead, i64)]) -> Sizes {
        Sizes { all: 1_000_000, reach, everywhere: reach == 1_000_000, hits: hits.to_vec(), wide: false, places: None }
    }

    #[test]
    fn small_subtrees_are_gathered_and_large_ones_walked() {
        for rows in [25, 100] {
            assert_eq!(sizes(100, &[]).ways(rows).0, Way::Gather);
            assert_eq!(sizes(FEW + 1, &[]).ways(rows).0, Way::Gather);
            assert!(matches!(sizes(100_000, &[]).ways(rows), (Way::Walk(_), Way::Gather)));
            assert_eq!(sizes(1_000_000, &[]).ways(rows).0, Way::Walk(i64::MAX));
        }
    }

    /// Where a walk would meet few and gathering would sort many, only the first of each organisation are read.
    #[test]
    fn middling_subtrees_are_merged_and_stay_below_five_milliseconds() {
        for (reach, places) in [(5_000, 2), (10_000, 111), (30_000, 333), (100_000, 1_111), (330_000, 3_700)] {
            for rows in [25, 100] {
                let sizes = Sizes { places: Some(places), ..sizes(reach, &[]) };
                let (first, second) = sizes.ways(rows);
                assert_eq!(second, Way::Merge, "{reach} people at {places} places");
                assert!(first == Way::Merge || reach > 20_000, "{reach} people at {places} places: {first:?}");
                assert!(places > 2_000 || sizes.merge(rows).unwrap() < 5_000.0);
            }
        }
        let crowded = Sizes { places: Some(9_000), ..sizes(10_000, &[]) };
        assert_eq!(crowded.ways(25).1, Way::Gather, "one person at each place: nothing is saved");
    }

    #[test]
    fn what_few_match_leads_and_what_many_match_is_met_on_the_way() {
        let rare = sizes(1_000_000, &[(Lead::Texts, 40)]);
        assert_eq!((rare.ways(25).0, rare.to_count()), (Way::From(Lead::Texts), Way::From(Lead::Texts)));
        assert!(matches!(sizes(1_000_000, &[(Lead::Texts, MOST_HITS)]).ways(25).0, Way::Walk(_)));
        let both = sizes(1_000_000, &[(Lead::Group, 300), (Lead::Texts, 9_000)]);
        assert_eq!(both.ways(25).0, Way::From(Lead::Group));
        assert_eq!(sizes(50, &[(Lead::Texts, 9_000)]).ways(25).0, Way::Gather);
    }

    /// For every reach and number of hits the estimate of the way that is taken stays below twenty milliseconds.
    #[test]
    fn no_combination_is_estimated_to_be_slow() {
        let powers = || (0..=12).map(|n| 1_000_000_i64 >> n);
        for (reach, hits) in powers().flat_map(|reach| powers().map(move |hits| (reach, hits.min(MOST_HITS)))) {
            let sizes = sizes(reach, &[(Lead::Texts, hits)]);
            let cost = match sizes.ways(25).0 {
                Way::Walk(steps) => float(steps) / 3.0 * sizes.step(),
                Way::Gather => sizes.gather(),
                Way::Merge => sizes.merge(25).unwrap(),
                Way::From(_) => float(hits) * HIT,
            };
            assert!(cost < 20_000.0, "{reach} people, {hits} hits: {cost} µs");
        }
    }

    #[test]
    fn an_empty_installation_has_a_way_too() {
        let nobody =
            Sizes { all: 0, reach: 0, everywhere: true, hits: vec![(Lead::Texts, 0)], wide: true, places: None };
        assert_eq!(nobody.ways(25).0, Way::From(Lead::Texts));
    }
}
