//! Access to the points and sums of a batch of additions: side by side in memory, or scattered.
//!
//! No closures here, see [`super::packed`].

use super::packed::references;
use super::vector::Mask;
use crate::engine::Addend;

/// Independent running products, so that multiplications overlap.
pub const CHAINS: usize = 2;
/// Points added per step.
pub const STEP: usize = 8 * CHAINS;
/// The points of one step.
pub type Points<P> = [P; STEP];

/// The addends of one step.
pub type Addends = [Addend; STEP];

/// The points and sums of a batch, accessed eight at a time.
pub trait Operands<P> {
    /// Points to add to.
    fn left(&self, step: usize, chain: usize) -> [&P; 8];

    /// Points to add.
    fn right(&self, step: usize, chain: usize) -> [&P; 8];

    /// Which of the points to add must be negated first.
    fn negative(&self, step: usize, chain: usize) -> Mask;

    /// Stores the sums in place of the points added to.
    fn put(&mut self, step: usize, chain: usize, sums: &[P; 8]);
}

/// Points side by side, with a tail that does not fill a step.
pub struct Contiguous<'a, P> {
    pub acc: &'a mut [Points<P>],
    pub rhs: &'a [Points<P>],
    pub tail: &'a mut Points<P>,
    pub tail_rhs: &'a Points<P>,
}

impl<P: Copy> Operands<P> for Contiguous<'_, P> {
    #[inline(always)]
    fn left(&self, step: usize, chain: usize) -> [&P; 8] {
        match self.acc.get(step) {
            Some(points) => references(eight(points, chain)),
            None => references(eight(self.tail, chain)),
        }
    }

    #[inline(always)]
    fn right(&self, step: usize, chain: usize) -> [&P; 8] {
        match self.rhs.get(step) {
            Some(points) => references(eight(points, chain)),
            None => references(eight(self.tail_rhs, chain)),
        }
    }

    #[inline(always)]
    fn negative(&self, _: usize, _: usize) -> Mask {
        0
    }

    #[inline(always)]
    fn put(&mut self, step: usize, chain: usize, sums: &[P; 8]) {
        let points = match self.acc.get_mut(step) {
            Some(points) => points,
            None => &mut *self.tail,
        };
        points.as_chunks_mut().0[chain] = *sums;
    }
}

/// Sums and points at arbitrary positions.
pub struct Scattered<'a, P> {
    pub sums: &'a mut [P],
    pub addends: &'a [Addends],
    pub points: &'a [P],
}

impl<P> Scattered<'_, P> {
    #[inline(always)]
    fn sum(&self, addend: &Addend) -> &P {
        &self.sums[addend.key as usize]
    }

    #[inline(always)]
    fn point(&self, addend: &Addend) -> &P {
        &self.points[addend.index()]
    }
}

impl<P: Copy> Operands<P> for Scattered<'_, P> {
    #[inline(always)]
    fn left(&self, step: usize, chain: usize) -> [&P; 8] {
        let [a, b, c, d, e, f, g, h] = eight(&self.addends[step], chain);
        [
            self.sum(a),
            self.sum(b),
            self.sum(c),
            self.sum(d),
            self.sum(e),
            self.sum(f),
            self.sum(g),
            self.sum(h),
        ]
    }

    #[inline(always)]
    fn right(&self, step: usize, chain: usize) -> [&P; 8] {
        let [a, b, c, d, e, f, g, h] = eight(&self.addends[step], chain);
        [
            self.point(a),
            self.point(b),
            self.point(c),
            self.point(d),
            self.point(e),
            self.point(f),
            self.point(g),
            self.point(h),
        ]
    }

    #[inline(always)]
    fn negative(&self, step: usize, chain: usize) -> Mask {
        let mut mask = 0;
        for (i, addend) in eight(&self.addends[step], chain).iter().enumerate() {
            mask |= Mask::from(addend.negated()) << i;
        }
        mask
    }

    #[inline(always)]
    fn put(&mut self, step: usize, chain: usize, sums: &[P; 8]) {
        for (addend, sum) in eight(&self.addends[step], chain).iter().zip(sums) {
            self.sums[addend.key as usize] = *sum;
        }
    }
}

/// The points or addends of one chain.
#[inline(always)]
fn eight<T>(step: &[T; STEP], chain: usize) -> &[T; 8] {
    &step.as_chunks().0[chain]
}
