//! Addends: which point is added to which sum.

use crate::points::Point;

/// The index of a point, whether to negate it, and the key of the sum it is added to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Addend {
    /// Index of the sum.
    pub key: u32,
    /// `index << 1 | negated`.
    source: u32,
}

impl Addend {
    /// An addend for the point at `index`, which must be below 2^31.
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

    /// Index of the point.
    #[inline(always)]
    pub fn index(self) -> usize {
        (self.source >> 1) as usize
    }

    /// Whether the point is negated.
    #[inline(always)]
    pub fn negated(self) -> bool {
        self.source & 1 == 1
    }

    /// The point, negated if so marked.
    #[inline]
    pub fn point<P: Point>(self, points: &[P]) -> P {
        points[self.index()].negated_if(self.negated())
    }
}
