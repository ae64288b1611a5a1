//! Multi-exponentiation by full-width scalars over points known beforehand.

use std::borrow::Cow;

use ark_ff::{AdditiveGroup, Zero};
use rayon::prelude::*;

use super::buckets::Buckets;
use super::digits::{SCALAR_BITS, signed_digits, window_count};
use super::weighted_sum::weighted_sums;
use crate::engine::{Addend, BLOCK, Engine};
use crate::points::{G1, Point, Words};

/// How scalars are cut, and which multiples of the points are kept for it.
///
/// Digit w of a scalar weighs 2^(width·w). Multiples `2^(width·groups·column)·P` are kept, so that digit
/// `w = group + groups·column` is taken from its column and its group's sum is weighed by 2^(width·group) at the
/// end. One group keeps everything: no doublings and one set of buckets. As many groups as windows keeps only the
/// points themselves: the textbook's bucket method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Number of points.
    pub points: usize,
    /// Bits of a digit.
    pub width: u32,
    /// Sums kept apart.
    pub groups: u32,
}

impl Shape {
    /// The cheapest shape whose multiples take at most `budget` bytes; the points themselves are always kept.
    pub fn fitting(points: usize, budget: u64) -> Self {
        // Wider digits would save a hundredth of a LeNet proof, and cost every worker 6 MB of buckets.
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

    /// Digits of a scalar.
    pub fn windows(self) -> u32 {
        window_count(SCALAR_BITS, self.width)
    }

    /// Multiples kept of each point.
    pub fn columns(self) -> u32 {
        self.windows().div_ceil(self.groups)
    }

    /// Multiples kept in all.
    #[expect(
        clippy::len_without_is_empty,
        reason = "a table of nothing is never made"
    )]
    pub fn len(self) -> usize {
        self.points * self.columns() as usize
    }

    /// Memory of the table.
    pub fn bytes(self) -> u64 {
        (self.len() * size_of::<G1>()) as u64
    }

    /// One a digit, two a bucket, and doublings between groups, which are slower and one after the other.
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

/// The kept multiples, one column after the other, each in the order of the points.
pub struct FixedBase<'a> {
    shape: Shape,
    multiples: Cow<'a, [G1]>,
}

/// Scalars recoded together: their digits and the table rows they meet stay in the second-level cache.
const CHUNK: usize = 4096;

impl<'a> FixedBase<'a> {
    /// A table made earlier.
    ///
    /// # Panics
    /// When the number of multiples is not the shape's.
    pub fn from_multiples(shape: Shape, multiples: impl Into<Cow<'a, [G1]>>) -> Self {
        let multiples = multiples.into();
        assert_eq!(multiples.len(), shape.len());
        Self { shape, multiples }
    }

    /// The table of these points.
    pub fn new<E: Engine>(engine: E, shape: Shape, points: &[G1]) -> Self {
        let mut multiples = vec![G1::INFINITY; shape.len()];
        multiples[..points.len()].copy_from_slice(points);
        fill_multiples(engine, shape, &mut multiples);
        Self::from_multiples(shape, multiples)
    }

    /// How the table is cut.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// The table itself.
    pub fn multiples(&self) -> &[G1] {
        &self.multiples
    }

    /// Σ kᵢ·Pᵢ over the points `from..from + scalars.len()`; scalars are plain and below 2^254.
    pub fn sum<E: Engine>(
        &self,
        engine: E,
        from: usize,
        scalars: &[Words],
    ) -> <G1 as Point>::Curve {
        let Shape { width, groups, .. } = self.shape;
        let count = groups as usize * self.shape.buckets();
        let mut buckets = Buckets::new(engine, count, &self.multiples);
        let mut digits = vec![0; self.shape.windows() as usize * CHUNK];
        for (chunk, scalars) in scalars.chunks(CHUNK).enumerate() {
            self.recode(scalars, &mut digits);
            self.stream(&digits, from + chunk * CHUNK, scalars.len(), &mut buckets);
        }
        let sums = weighted_sums(engine, &buckets.finish(), self.shape.buckets());
        sums.into_iter().rev().fold(Zero::zero(), |total, sum| {
            (0..width).fold(total, |total, _| total.double()) + sum
        })
    }

    /// Digits by window, `CHUNK` a window; 0 where there is none.
    fn recode(&self, scalars: &[Words], digits: &mut [i32]) {
        digits.fill(0);
        for (i, scalar) in scalars.iter().enumerate() {
            signed_digits(
                scalar,
                self.shape.width,
                self.shape.windows(),
                |window, digit| {
                    digits[window as usize * CHUNK + i] = digit;
                },
            );
        }
    }

    /// Sends `count` points from `first` on to the buckets of their digits.
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
        for (window, digits) in (0..).zip(digits.chunks(CHUNK)) {
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

/// Fills a table whose first column, the points themselves, is there.
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
    fn scalars_that_all_meet_in_the_same_buckets() {
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
    fn the_budget_is_kept_and_used() {
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
