//! Buckets that a stream of points is added to.

use super::sum_by_key::{BLOCK, sum_by_key};
use crate::engine::{Addend, Engine, prefetch};
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
    /// By bucket: the last block it was part of; 0 while it is empty.
    block_of: Vec<u32>,
    block: u32,
    addends: Vec<Addend>,
    waiting: Vec<Addend>,
}

/// So many may wait before they are summed by bucket.
const PATIENCE: usize = 16 * BLOCK;

impl<'a, E: Engine> Buckets<'a, E> {
    /// Empty buckets for addends of these points.
    pub fn new(engine: E, buckets: usize, points: &'a [G1]) -> Self {
        Self {
            engine,
            points,
            sums: vec![G1::INFINITY; buckets],
            block_of: vec![0; buckets],
            block: 1,
            addends: Vec::with_capacity(BLOCK),
            waiting: Vec::new(),
        }
    }

    /// Adds a point to the bucket that is the addend's key, now or a little later.
    #[inline(always)]
    pub fn add(&mut self, addend: Addend) {
        if self.try_add(addend) {
            if self.addends.len() == BLOCK {
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
        self.block_of[bucket] = self.block;
        if last == 0 {
            self.sums[bucket] = addend.point(self.points);
        } else {
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
