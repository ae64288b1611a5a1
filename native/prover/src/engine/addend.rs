//! What is added to what.

use crate::points::Point;

/// One addend: the index of a point, negated or not, and the key of the sum it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Addend {
    /// Which sum: dense numbers.
    pub key: u32,
    /// `index << 1 | negated`.
    source: u32,
}

impl Addend {
    /// An addend from the point at `index`, which stays below 2^31.
    #[inline(always)]
    pub fn new(key: u32, index: usize, negated: bool) -> Self {
        debug_assert!(index < 1 << 31);
        Self {
            key,
            source: (index as u32) << 1 | u32::from(negated),
        }
    }

    /// The same point for another sum.
    #[inline(always)]
    pub fn with_key(self, key: u32) -> Self {
        Self { key, ..self }
    }

    /// Where the point is.
    #[inline(always)]
    pub fn index(self) -> usize {
        (self.source >> 1) as usize
    }

    /// Whether its negative is meant.
    #[inline(always)]
    pub fn negated(self) -> bool {
        self.source & 1 == 1
    }

    /// The point it stands for.
    #[inline]
    pub fn point<P: Point>(self, points: &[P]) -> P {
        points[self.index()].negated_if(self.negated())
    }
}
