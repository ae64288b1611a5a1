//! Multi-exponentiation by full-width scalars over fixed points.

use std::borrow::Cow;

use ark_ff::{AdditiveGroup, Zero};
use rayon::prelude::*;

use super::buckets::Buckets;
use super::digits::{SCALAR_BITS, signed_digits, window_count};
use super::weighted_sum::weighted_sums;
use crate::engine::{Addend, BLOCK, Engine};
use crate::points::{G1, Point, Words};

/// How scalars are split into digits, and which multiples of the points are stored.
///
/// Digit w of a scalar has weight 2^(width·w). The table stores `2^(width·groups·column)·P`, so that digit
/// `w = group + groups·column` uses the multiple in its column, and its group's sum is multiplied by 2^(width·group) at
/// the end. With one group, all multiples are stored: no doublings, and one set of buckets. With as many groups as
/// windows, only the points themselves are stored: the textbook's bucket method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Number of points.
    pub points: usize,
    /// Bits per digit.
    pub width: u32,
    /// Number of separate sums.
    pub groups: u32,
}

impl Shape {
    /// The cheapest shape whose multiples take at most `budget` bytes; the points themselves are always stored.
    pub fn fitting(points: usize, budget: u64) -> Self {
        // Wider digits would save 1 % of a LeNet proof and cost each worker 6 MB of buckets.
        let shapes = (2..=16).flat_map(|width| {
            (1..=window_count(SCALAR_BITS, width)).map(move |groups| Self {
                points,
                width,
                groups,
            })
        });
        shapes
            .filter(|shape| shape.columns() == 1 || shape.bytes() <= budget)
            .min_by_key(|shape| (shape.additions(), shape.bytes()))
            .expect("one column always fits")
    }

    /// Digits per scalar.
    pub fn windows(self) -> u32 {
        window_count(SCALAR_BITS, self.width)
    }

    /// Multiples stored per point.
    pub fn columns(self) -> u32 {
        self.windows().div_ceil(self.groups)
    }

    /// Multiples stored in total.
    #[expect(clippy::len_without_is_empty, reason = "tables are never empty")]
    pub fn len(self) -> usize {
        self.points * self.columns() as usize
    }

    /// Size of the table in bytes.
    pub fn bytes(self) -> u64 {
        (self.len() * size_of::<G1>()) as u64
    }

    /// Cost in batched additions: one per digit, two per bucket, and eight for each doubling between groups, since
    /// doublings are sequential.
    fn additions(self) -> u64 {
        let buckets = 1u64 << (self.width - 1);
        let doublings = u64::from((self.groups - 1) * self.width) * 8;
        self.points as u64 * u64::from(self.windows())
            + 2 * buckets * u64::from(self.groups)
            + doublings
    }

    fn buckets(self) -> usize {
        1 << (self.width - 1)
    }
}

/// The stored multiples, column by column, each in the order of the points.
pub struct FixedBase<'a> {
    shape: Shape,
    multiples: Cow<'a, [G1]>,
}

/// Scalars recoded together, few enough for their digits and table entries to stay in the L2 cache.
const CHUNK_SCALARS: usize = 4096;

impl<'a> FixedBase<'a> {
    /// Wraps an existing table.
    ///
    /// # Panics
    /// When the number of multiples does not match the shape.
    pub fn from_multiples(shape: Shape, multiples: impl Into<Cow<'a, [G1]>>) -> Self {
        let multiples = multiples.into();
        assert_eq!(multiples.len(), shape.len());
        Self { shape, multiples }
    }

    /// Computes the table for these points.
    pub fn new<E: Engine>(engine: E, shape: Shape, points: &[G1]) -> Self {
        let mut multiples = vec![G1::INFINITY; shape.len()];
        multiples[..points.len()].copy_from_slice(points);
        fill_multiples(engine, shape, &mut multiples);
        Self::from_multiples(shape, multiples)
    }

    /// The table's shape.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// The stored multiples.
    pub fn multiples(&self) -> &[G1] {
        &self.multiples
    }

    /// Σ kᵢ·Pᵢ over the points `from..from + scalars.len()`. Scalars are plain and below 2^254.
    pub fn sum<E: Engine>(
        &self,
        engine: E,
        from: usize,
        scalars: &[Words],
    ) -> <G1 as Point>::Curve {
        let Shape { width, groups, .. } = self.shape;
        let count = groups as usize * self.shape.buckets();
        let mut buckets = Buckets::new(engine, count, &self.multiples);
        let mut digits = vec![0; self.shape.windows() as usize * CHUNK_SCALARS];
        for (chunk, scalars) in scalars.chunks(CHUNK_SCALARS).enumerate() {
            self.recode(scalars, &mut digits);
            self.stream(
                &digits,
                from + chunk * CHUNK_SCALARS,
                scalars.len(),
                &mut buckets,
            );
        }
        let sums = weighted_sums(engine, &buckets.finish(), self.shape.buckets());
        sums.into_iter().rev().fold(Zero::zero(), |total, sum| {
            (0..width).fold(total, |total, _| total.double()) + sum
        })
    }

    /// Writes digits by window, `CHUNK_SCALARS` per window.
    fn recode(&self, scalars: &[Words], digits: &mut [i32]) {
        digits.fill(0);
        for (i, scalar) in scalars.iter().enumerate() {
            signed_digits(
                scalar,
                self.shape.width,
                self.shape.windows(),
                |window, digit| {
                    digits[window as usize * CHUNK_SCALARS + i] = digit;
                },
            );
        }
    }

    /// Adds `count` points, starting at `first`, to the buckets of their digits.
    fn stream<E: Engine>(
        &self,
        digits: &[i32],
        first: usize,
        count: usize,
        buckets: &mut Buckets<'_, E>,
    ) {
        let Shape {
            points,
            width,
            groups,
        } = self.shape;
        for (window, digits) in (0..).zip(digits.chunks(CHUNK_SCALARS)) {
            let column = (window / groups) as usize * points + first;
            let offset = (window % groups) << (width - 1);
            for (i, &digit) in digits[..count].iter().enumerate() {
                if digit != 0 {
                    let bucket = offset + digit.unsigned_abs() - 1;
                    buckets.add(Addend::new(bucket, column + i, digit < 0));
                }
            }
        }
    }
}

/// Fills a table whose first column, the points themselves, is already in place.
pub fn fill_multiples<E: Engine>(engine: E, shape: Shape, multiples: &mut [G1]) {
    let doublings = shape.width * shape.groups;
    for column in 1..shape.columns() as usize {
        let (before, after) = multiples.split_at_mut(column * shape.points);
        let last = &before[(column - 1) * shape.points..];
        let next = &mut after[..shape.points];
        next.par_chunks_mut(BLOCK)
            .zip(last.par_chunks(BLOCK))
            .for_each(|(next, last)| {
                next.copy_from_slice(last);
                engine.double_g1(next, doublings);
            });
    }
}

#[cfg(test)]
mod tests {
    use ark_bn254::Fr;
    use ark_ff::{PrimeField, UniformRand};

    use super::*;
    use crate::engine::Portable;
    use crate::msm::tests::{multiples, rng};

    fn agrees(shape: Shape, scalars: &[Fr]) {
        let points: Vec<G1> = multiples(Portable, shape.points);
        let words: Vec<Words> = scalars.iter().map(|k| k.into_bigint().0).collect();
        let table = FixedBase::new(Portable, shape, &points);
        let from = points.len() - scalars.len();
        let mut expected = <G1 as Point>::Curve::zero();
        for (point, scalar) in points[from..].iter().zip(scalars) {
            expected += Portable.unpack(point) * scalar;
        }
        assert_eq!(table.sum(Portable, from, &words), expected, "{shape:?}");
    }

    #[test]
    fn random_scalars_in_every_shape() {
        let mut rng = rng();
        let scalars: Vec<Fr> = (0..50).map(|_| Fr::rand(&mut rng)).collect();
        for (width, groups) in [(4, 1), (5, 2), (7, 37), (9, 29), (13, 3)] {
            agrees(
                Shape {
                    points: 60,
                    width,
                    groups,
                },
                &scalars,
            );
        }
    }

    #[test]
    fn scalars_that_share_all_buckets() {
        let scalars = vec![-Fr::from(2); 600];
        agrees(
            Shape {
                points: 600,
                width: 3,
                groups: 1,
            },
            &scalars,
        );
    }

    #[test]
    fn edge_scalars_and_points_at_infinity() {
        let shape = Shape {
            points: 4,
            width: 8,
            groups: 1,
        };
        agrees(
            shape,
            &[Fr::from(0), Fr::from(1), -Fr::from(1), Fr::from(128)],
        );
        let points = vec![G1::INFINITY; 4];
        let table = FixedBase::new(Portable, shape, &points);
        assert!(table.sum(Portable, 0, &[[5, 0, 0, 0]; 4]).is_zero());
    }

    #[test]
    fn the_budget_is_respected_and_used() {
        let n = 1 << 17;
        let whole = Shape::fitting(n, 1 << 30);
        assert_eq!(whole.groups, 1);
        assert_eq!(whole.bytes(), u64::from(whole.windows()) * (64 << 17));
        let half = Shape::fitting(n, 80 << 20);
        assert!(half.bytes() <= 80 << 20 && half.groups > 1);
        assert_eq!(Shape::fitting(n, 0).columns(), 1);
        assert!(Shape::fitting(1 << 12, 1 << 30).width < 16);
    }
}
