//! Batch addition of affine points with one inversion for a whole block (Montgomery's trick).
//!
//! The forward pass multiplies the differences of x-coordinates and stores each partial product. The backward pass goes
//! in the opposite order, derives each difference's inverse from the inverse of the total product, and finishes the
//! addition: five multiplications and a square per addition, plus one inversion per [`BLOCK`] points.

use super::coordinate::Coordinate;
#[cfg(target_arch = "x86_64")]
use super::field::Adx;
use super::field::{Arithmetic, Plain, RADIX_BITS};
use crate::engine::BLOCK;
use crate::engine::special::{Special, add_special};
use crate::points::{G1, G2, Words};

/// Independent running products, used in turn, so that multiplications overlap.
pub const CHAINS: usize = 4;

/// A packed point made of two coordinates.
pub trait Packed: Special {
    /// Type of a coordinate.
    type Coordinate: Coordinate;

    /// x and y.
    fn coordinates(&self) -> (&Self::Coordinate, &Self::Coordinate);

    /// A point from canonical coordinates.
    fn new(x: Self::Coordinate, y: Self::Coordinate) -> Self;
}

impl Packed for G1 {
    type Coordinate = Words;

    #[inline(always)]
    fn coordinates(&self) -> (&Words, &Words) {
        (&self.x, &self.y)
    }

    #[inline(always)]
    fn new(x: Words, y: Words) -> Self {
        Self { x, y }
    }
}

impl Packed for G2 {
    type Coordinate = [Words; 2];

    #[inline(always)]
    fn coordinates(&self) -> (&[Words; 2], &[Words; 2]) {
        (&self.x, &self.y)
    }

    #[inline(always)]
    fn new(x: [Words; 2], y: [Words; 2]) -> Self {
        Self { x, y }
    }
}

/// `acc[i] += rhs[i]`, with the fastest arithmetic that the processor supports.
pub fn add<P: Packed>(acc: &mut [P], rhs: &[P]) {
    #[cfg(target_arch = "x86_64")]
    if let Some(adx) = Adx::detect() {
        return add_with(adx, acc, rhs);
    }
    add_with(Plain, acc, rhs);
}

/// `acc[i] += rhs[i]`, with the given arithmetic.
pub fn add_with<P: Packed>(ops: impl Arithmetic, acc: &mut [P], rhs: &[P]) {
    assert_eq!(acc.len(), rhs.len(), "as many points on both sides");
    let blocks = acc.len().div_ceil(BLOCK).max(1);
    let size = acc.len().div_ceil(blocks).max(1);
    let mut before = Vec::with_capacity(size);
    for (acc, rhs) in acc.chunks_mut(size).zip(rhs.chunks(size)) {
        add_block(ops, acc, rhs, &mut before);
    }
}

/// Adds with one inversion. `before` is scratch memory for the running product before each point.
fn add_block<P: Packed>(
    ops: impl Arithmetic,
    acc: &mut [P],
    rhs: &[P],
    before: &mut Vec<P::Coordinate>,
) {
    before.clear();
    let mut running = [P::Coordinate::ONE; CHAINS];
    for (i, (a, b)) in acc.iter().zip(rhs).enumerate() {
        let running = &mut running[i % CHAINS];
        before.push(*running);
        if let Some(dx) = x_difference(ops, a, b) {
            *running = running.times(&dx, ops);
        }
    }
    let mut inverse = inverses(ops, running);
    for (i, (a, b)) in acc.iter_mut().zip(rhs).enumerate().rev() {
        let inverse = &mut inverse[i % CHAINS];
        *a = match x_difference(ops, a, b) {
            Some(dx) => {
                let inverse_of_dx = inverse.times(&before[i], ops);
                *inverse = inverse.times(&dx, ops);
                sum(ops, a, b, &inverse_of_dx)
            }
            None => add_special(a, b, RADIX_BITS),
        };
    }
}

/// x2 − x1; `None` where the chord formula does not apply, or might not.
#[inline(always)]
fn x_difference<P: Packed>(ops: impl Arithmetic, a: &P, b: &P) -> Option<P::Coordinate> {
    let (x1, x2) = (a.coordinates().0, b.coordinates().0);
    // Infinity has x = 0. A finite point with x = 0 also takes the slow path, which handles it.
    let special = (x1 == x2) | (*x1 == P::Coordinate::ZERO) | (*x2 == P::Coordinate::ZERO);
    (!special).then(|| x2.minus(x1, ops))
}

/// The sum of two points, given the inverse of x2 − x1.
#[inline(always)]
fn sum<P: Packed>(ops: impl Arithmetic, a: &P, b: &P, inverse_of_dx: &P::Coordinate) -> P {
    let ((x1, y1), (x2, y2)) = (a.coordinates(), b.coordinates());
    let slope = y2.minus(y1, ops).times(inverse_of_dx, ops);
    let x = slope.squared_minus(x1, x2, ops);
    let y = slope.times_minus(&x1.minus(&x, ops), y1, ops);
    P::new(x, y)
}

/// The inverses of the running products, from one inversion of their product.
pub fn inverses<C: Coordinate>(ops: impl Arithmetic, running: [C; CHAINS]) -> [C; CHAINS] {
    let mut product = C::ONE;
    let before = running.map(|r| {
        let before = product;
        product = product.times(&r, ops);
        before
    });
    let mut inverse = product.inverted(ops);
    let mut out = before;
    for c in (0..CHAINS).rev() {
        out[c] = inverse.times(&before[c], ops);
        inverse = inverse.times(&running[c], ops);
    }
    out
}
