//! Buckets that a stream of points is added to.

use super::sum_by_key::sum_by_key;
use crate::engine::{Addend, BLOCK, Engine, prefetch};
use crate::points::{G1, Point};

/// Buckets that points stream into.
///
/// A block of additions goes to distinct buckets, so that none depends on another. An addend whose bucket the block
/// already has waits for a later one; when many wait, as scalars that are not random could bring about, they are
/// summed by bucket first. So no input makes this slow.
pub struct Buckets<'a, E> {
    engine: E,
    points: &'a [G1],
    sums: Vec<G1>,
    /// By bucket: the last block it was part of; [`EMPTY`], or [`HELD`] since its first point, which no block adds.
    block_of: Vec<u32>,
    block: u32,
    addends: Vec<Addend>,
    waiting: Vec<Addend>,
}

const EMPTY: u32 = 0;
const HELD: u32 = 1;

/// So many may wait before they are summed by bucket.
const PATIENCE: usize = 16 * BLOCK;

impl<'a, E: Engine> Buckets<'a, E> {
    /// Empty buckets for addends of these points.
    pub fn new(engine: E, buckets: usize, points: &'a [G1]) -> Self {
        Self {
            engine,
            points,
            sums: vec![G1::INFINITY; buckets],
            block_of: vec![EMPTY; buckets],
            block: HELD + 1,
            addends: Vec::with_capacity(BLOCK),
            waiting: Vec::new(),
        }
    }

    /// Adds a point to the bucket that is the addend's key, now or a little later.
    #[inline(always)]
    pub fn add(&mut self, addend: Addend) {
        if self.try_add(addend) {
            if self.addends.len() >= BLOCK {
                self.flush();
                self.retry();
            }
        } else {
            self.waiting.push(addend);
            if self.waiting.len() == PATIENCE {
                self.sum_waiting();
            }
        }
    }

    /// Puts an addend into the block, unless its bucket is there already.
    #[inline(always)]
    fn try_add(&mut self, addend: Addend) -> bool {
        let bucket = addend.key as usize;
        let last = self.block_of[bucket];
        if last == self.block {
            return false;
        }
        if last == EMPTY {
            self.block_of[bucket] = HELD;
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

    /// The sums.
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
        static LARGEST: Cell<usize> = const { Cell::new(0) };
    }

    /// Notes how much it is given at once.
    #[derive(Clone, Copy)]
    struct Watched;

    impl Engine for Watched {
        const NAME: &'static str = "watched";
        const RADIX_BITS: u32 = Portable::RADIX_BITS;
        type Domain = <Portable as Engine>::Domain;

        fn add_g1(self, acc: &mut [G1], rhs: &[G1]) {
            LARGEST.set(LARGEST.get().max(acc.len()));
            Portable.add_g1(acc, rhs);
        }

        fn add_g2(self, acc: &mut [G2], rhs: &[G2]) {
            Portable.add_g2(acc, rhs);
        }

        fn domain(self, log_size: u32) -> Self::Domain {
            Portable.domain(log_size)
        }
    }

    #[test]
    fn a_block_stays_a_block_when_those_who_waited_fill_it() {
        let points: Vec<G1> = multiples(Portable, 8);
        let addends = |keys: std::ops::Range<usize>| {
            keys.map(|key| Addend::new(key as u32, key % points.len(), false))
        };
        let (old, fresh, other) = (0..BLOCK, BLOCK..2 * BLOCK + 9, 3 * BLOCK..4 * BLOCK);
        let order = [
            &old, &other, &old, &fresh, &fresh, &other, &old, &other, &old,
        ];
        let mut buckets = Buckets::new(Watched, 4 * BLOCK, &points);
        for keys in order {
            addends(keys.clone()).for_each(|addend| buckets.add(addend));
        }
        assert_eq!(LARGEST.get(), BLOCK);
        let all: Vec<Addend> = order
            .into_iter()
            .flat_map(|keys| addends(keys.clone()))
            .collect();
        let expected = sum_by_key(Portable, 4 * BLOCK, &all, &points);
        assert!(buckets.finish() == expected);
    }
}
