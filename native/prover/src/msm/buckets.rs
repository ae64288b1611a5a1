//! Buckets to which a stream of points is added.

use super::sum_by_key::sum_by_key;
use crate::engine::{Addend, BLOCK, Engine, prefetch};
use crate::points::{G1, Point};

/// Buckets and a block of pending additions.
///
/// The additions of a block go to distinct buckets, so that none depends on another. An addend whose bucket is already
/// in the block waits for a later one. If too many wait, as can happen with scalars that are not random, they are
/// summed by bucket first, so that no input makes this slow.
pub struct Buckets<'a, E> {
    engine: E,
    points: &'a [G1],
    sums: Vec<G1>,
    /// For each bucket the last block it was part of, [`EMPTY`], or [`FIRST_POINT`].
    block_of: Vec<u32>,
    block: u32,
    addends: Vec<Addend>,
    waiting: Vec<Addend>,
}

/// The bucket has no point.
const EMPTY: u32 = 0;
/// The bucket has one point, which was copied into it rather than added by a block.
const FIRST_POINT: u32 = 1;

/// Number of waiting addends at which they are summed by bucket.
const MAX_WAITING: usize = 16 * BLOCK;

impl<'a, E: Engine> Buckets<'a, E> {
    /// Empty buckets, for addends of the given points.
    pub fn new(engine: E, buckets: usize, points: &'a [G1]) -> Self {
        Self {
            engine,
            points,
            sums: vec![G1::INFINITY; buckets],
            block_of: vec![EMPTY; buckets],
            block: FIRST_POINT + 1,
            addends: Vec::with_capacity(BLOCK),
            waiting: Vec::new(),
        }
    }

    /// Adds a point to the bucket given by the addend's key, at once or in a later block.
    #[inline(always)]
    pub fn add(&mut self, addend: Addend) {
        if self.try_add(addend) {
            if self.addends.len() >= BLOCK {
                self.flush();
                self.retry();
            }
        } else {
            self.waiting.push(addend);
            if self.waiting.len() == MAX_WAITING {
                self.sum_waiting();
            }
        }
    }

    /// Puts an addend into the block, unless its bucket is already there.
    #[inline(always)]
    fn try_add(&mut self, addend: Addend) -> bool {
        let bucket = addend.key as usize;
        let last = self.block_of[bucket];
        if last == self.block {
            return false;
        }
        if last == EMPTY {
            self.block_of[bucket] = FIRST_POINT;
            self.sums[bucket] = addend.point(self.points);
        } else {
            self.block_of[bucket] = self.block;
            prefetch(&self.sums[bucket]);
            self.addends.push(addend);
        }
        true
    }

    fn flush(&mut self) {
        self.engine
            .accumulate_g1(&mut self.sums, &self.addends, self.points);
        self.addends.clear();
        self.block += 1;
    }

    fn retry(&mut self) {
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.retain(|&addend| self.addends.len() == BLOCK || !self.try_add(addend));
        self.waiting = waiting;
    }

    fn sum_waiting(&mut self) {
        self.flush();
        let sums = sum_by_key(self.engine, self.sums.len(), &self.waiting, self.points);
        self.waiting.clear();
        let occupied = (0..sums.len()).filter(|&bucket| !sums[bucket].is_infinity());
        let addends: Vec<_> = occupied.map(|b| Addend::new(b as u32, b, false)).collect();
        self.engine.accumulate_g1(&mut self.sums, &addends, &sums);
    }

    /// Adds what is pending, and returns the sums.
    pub fn finish(mut self) -> Vec<G1> {
        self.sum_waiting();
        self.sums
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::engine::Portable;
    use crate::msm::tests::multiples;
    use crate::points::G2;

    thread_local! {
        static LARGEST_BATCH: Cell<usize> = const { Cell::new(0) };
    }

    /// Records the largest batch it is given.
    #[derive(Clone, Copy)]
    struct BatchSizeProbe;

    impl Engine for BatchSizeProbe {
        const NAME: &'static str = "probe";
        const RADIX_BITS: u32 = Portable::RADIX_BITS;
        type Domain = <Portable as Engine>::Domain;

        fn add_g1(self, acc: &mut [G1], rhs: &[G1]) {
            LARGEST_BATCH.set(LARGEST_BATCH.get().max(acc.len()));
            Portable.add_g1(acc, rhs);
        }

        fn add_g2(self, acc: &mut [G2], rhs: &[G2]) {
            Portable.add_g2(acc, rhs);
        }

        fn double_g1(self, points: &mut [G1], times: u32) {
            Portable.double_g1(points, times);
        }

        fn domain(self, log_size: u32) -> Self::Domain {
            Portable.domain(log_size)
        }
    }

    #[test]
    fn blocks_filled_by_waiting_addends_keep_their_size() {
        let points: Vec<G1> = multiples(Portable, 8);
        let addends = |keys: std::ops::Range<usize>| {
            keys.map(|key| Addend::new(key as u32, key % points.len(), false))
        };
        let (old, fresh, other) = (0..BLOCK, BLOCK..2 * BLOCK + 9, 3 * BLOCK..4 * BLOCK);
        let order = [
            &old, &other, &old, &fresh, &fresh, &other, &old, &other, &old,
        ];
        let mut buckets = Buckets::new(BatchSizeProbe, 4 * BLOCK, &points);
        for keys in order {
            addends(keys.clone()).for_each(|addend| buckets.add(addend));
        }
        assert_eq!(LARGEST_BATCH.get(), BLOCK);
        let all: Vec<Addend> = order
            .into_iter()
            .flat_map(|keys| addends(keys.clone()))
            .collect();
        let expected = sum_by_key(Portable, 4 * BLOCK, &all, &points);
        assert!(buckets.finish() == expected);
    }
}
