//! Batch addition of affine points with one inversion for a whole block (Montgomery's trick).
//!
//! The forward pass multiplies up the differences of abscissas and keeps the products before each. The backward pass
//! peels the inverse of the whole off in the opposite order, and finishes each addition: five multiplications and a
//! square in all, an inversion per [`BLOCK`] points aside.

use super::coordinate::Coordinate;
#[cfg(target_arch = "x86_64")]
use super::field::Adx;
use super::field::{Arithmetic, Plain, RADIX_BITS};
use crate::engine::BLOCK;
use crate::engine::special::{Special, add_special};
use crate::points::{G1, G2, Words};

/// Independent running products, taken in turn: while one multiplication waits for its operands, others go on.
const CHAINS: usize = 4;

/// A packed point made of two coordinates.
pub trait Packed: Special {
    /// What coordinates are.
    type Coordinate: Coordinate;

    /// Abscissa and ordinate.
    fn coordinates(&self) -> (&Self::Coordinate, &Self::Coordinate);

    /// The point with these canonical coordinates.
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

/// `acc[i] += rhs[i]`, with the fastest arithmetic that the processor has.
pub fn add<P: Packed>(acc: &mut [P], rhs: &[P]) {
    #[cfg(target_arch = "x86_64")]
    if let Some(adx) = Adx::detect() {
        return add_by(adx, acc, rhs);
    }
    add_by(Plain, acc, rhs);
}

/// `acc[i] += rhs[i]`, with this arithmetic.
pub fn add_by<P: Packed>(by: impl Arithmetic, acc: &mut [P], rhs: &[P]) {
    assert_eq!(acc.len(), rhs.len(), "as many points on both sides");
    let blocks = acc.len().div_ceil(BLOCK).max(1);
    let size = acc.len().div_ceil(blocks).max(1);
    let mut before = Vec::with_capacity(size);
    for (acc, rhs) in acc.chunks_mut(size).zip(rhs.chunks(size)) {
        add_block(by, acc, rhs, &mut before);
    }
}

/// Adds with one inversion; `before` is memory to work in.
fn add_block<P: Packed>(
    by: impl Arithmetic,
    acc: &mut [P],
    rhs: &[P],
    before: &mut Vec<P::Coordinate>,
) {
    before.clear();
    let mut running = [P::Coordinate::ONE; CHAINS];
    for (i, (a, b)) in acc.iter().zip(rhs).enumerate() {
        let running = &mut running[i % CHAINS];
        before.push(*running);
        if let Some(dx) = abscissa_difference(by, a, b) {
            *running = running.times(&dx, by);
        }
    }
    let mut inverse = inverses(by, running);
    for (i, (a, b)) in acc.iter_mut().zip(rhs).enumerate().rev() {
        let inverse = &mut inverse[i % CHAINS];
        *a = match abscissa_difference(by, a, b) {
            Some(dx) => {
                let inverse_of_dx = inverse.times(&before[i], by);
                *inverse = inverse.times(&dx, by);
                sum(by, a, b, &inverse_of_dx)
            }
            None => add_special(a, b, RADIX_BITS),
        };
    }
}

/// The difference of abscissas; none where the two points do not make a line, or might not.
#[inline(always)]
fn abscissa_difference<P: Packed>(by: impl Arithmetic, a: &P, b: &P) -> Option<P::Coordinate> {
    let (x1, x2) = (a.coordinates().0, b.coordinates().0);
    // Infinity has abscissa 0; a finite point that has it too may as well be added singly.
    let special = (x1 == x2) | (*x1 == P::Coordinate::ZERO) | (*x2 == P::Coordinate::ZERO);
    (!special).then(|| x2.minus(x1, by))
}

/// The sum of two points, given the inverse of the difference of their abscissas.
#[inline(always)]
fn sum<P: Packed>(by: impl Arithmetic, a: &P, b: &P, inverse_of_dx: &P::Coordinate) -> P {
    let ((x1, y1), (x2, y2)) = (a.coordinates(), b.coordinates());
    let slope = y2.minus(y1, by).times(inverse_of_dx, by);
    let x = slope.squared_minus(x1, x2, by);
    let y = slope.times_minus(&x1.minus(&x, by), y1, by);
    P::new(x, y)
}

/// The inverses of the running products, from the inverse of the product of all.
fn inverses<C: Coordinate>(by: impl Arithmetic, running: [C; CHAINS]) -> [C; CHAINS] {
    let mut product = C::ONE;
    let before = running.map(|r| {
        let before = product;
        product = product.times(&r, by);
        before
    });
    let mut inverse = product.inverted(by);
    let mut out = before;
    for c in (0..CHAINS).rev() {
        out[c] = inverse.times(&before[c], by);
        inverse = inverse.times(&running[c], by);
    }
    out
}
