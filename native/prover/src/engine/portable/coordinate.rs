//! Coordinates of one point, with the same interface for G1 (base field) and G2 (its quadratic extension).

use super::field::{Arithmetic, MODULUS, ONE, TWICE_MODULUS};
use crate::points::Words;

/// An element of the coordinate field. Unless stated to be canonical, each component is below 2p.
pub trait Coordinate: Copy + PartialEq {
    /// 0.
    const ZERO: Self;
    /// 1.
    const ONE: Self;

    /// `self − rhs` of canonical elements.
    fn minus(&self, rhs: &Self, ops: impl Arithmetic) -> Self;

    /// `self·rhs`.
    fn times(&self, rhs: &Self, ops: impl Arithmetic) -> Self;

    /// `self² − a − b`, canonical, of canonical a and b.
    fn squared_minus(&self, a: &Self, b: &Self, ops: impl Arithmetic) -> Self;

    /// `self·rhs − less`, canonical, of a canonical `less`.
    fn times_minus(&self, rhs: &Self, less: &Self, ops: impl Arithmetic) -> Self;

    /// The inverse of a non-zero element.
    fn inverted(&self, ops: impl Arithmetic) -> Self;
}

impl Coordinate for Words {
    const ZERO: Self = [0; 4];
    const ONE: Self = ONE;

    #[inline(always)]
    fn minus(&self, rhs: &Self, ops: impl Arithmetic) -> Self {
        ops.sub_add(self, rhs, &MODULUS)
    }

    #[inline(always)]
    fn times(&self, rhs: &Self, ops: impl Arithmetic) -> Self {
        ops.mul(self, rhs)
    }

    #[inline(always)]
    fn squared_minus(&self, a: &Self, b: &Self, ops: impl Arithmetic) -> Self {
        let less_a = ops.sub_add(&ops.mul(self, self), a, &MODULUS);
        ops.canonical(&ops.sub_add(&less_a, b, &MODULUS))
    }

    #[inline(always)]
    fn times_minus(&self, rhs: &Self, less: &Self, ops: impl Arithmetic) -> Self {
        ops.canonical(&ops.sub_add(&ops.mul(self, rhs), less, &MODULUS))
    }

    fn inverted(&self, ops: impl Arithmetic) -> Self {
        ops.invert(self)
    }
}

/// c0 + c1·u with u² = −1.
impl Coordinate for [Words; 2] {
    const ZERO: Self = [[0; 4]; 2];
    const ONE: Self = [ONE, [0; 4]];

    #[inline(always)]
    fn minus(&self, rhs: &Self, ops: impl Arithmetic) -> Self {
        [self[0].minus(&rhs[0], ops), self[1].minus(&rhs[1], ops)]
    }

    #[inline(always)]
    fn times(&self, rhs: &Self, ops: impl Arithmetic) -> Self {
        // Karatsuba: three multiplications.
        let low = ops.mul(&self[0], &rhs[0]);
        let high = ops.mul(&self[1], &rhs[1]);
        let left = ops.add(&self[0], &self[1]);
        let middle = ops.mul(&left, &ops.add(&rhs[0], &rhs[1]));
        [
            ops.sub(&low, &high),
            ops.sub(&ops.sub(&middle, &low), &high),
        ]
    }

    #[inline(always)]
    fn squared_minus(&self, a: &Self, b: &Self, ops: impl Arithmetic) -> Self {
        let [c0, c1] = self;
        let half = ops.mul(c0, c1);
        let square = ops.mul(&ops.add(c0, c1), &ops.sub(c0, c1));
        let squares = [square, ops.add(&half, &half)];
        let less = |i: usize| {
            let less_a = ops.sub_add(&squares[i], &a[i], &MODULUS);
            ops.canonical(&ops.sub_add(&less_a, &b[i], &MODULUS))
        };
        [less(0), less(1)]
    }

    #[inline(always)]
    fn times_minus(&self, rhs: &Self, less: &Self, ops: impl Arithmetic) -> Self {
        let product = self.times(rhs, ops);
        let difference = |i: usize| ops.canonical(&ops.sub_add(&product[i], &less[i], &MODULUS));
        [difference(0), difference(1)]
    }

    fn inverted(&self, ops: impl Arithmetic) -> Self {
        // 1/(c0 + c1·u) = (c0 − c1·u)/(c0² + c1²).
        let [c0, c1] = self;
        let norm = ops.add(&ops.mul(c0, c0), &ops.mul(c1, c1));
        let inverse = ops.invert(&norm);
        let minus_c1 = ops.sub_add(&[0; 4], c1, &TWICE_MODULUS);
        [ops.mul(c0, &inverse), ops.mul(&minus_c1, &inverse)]
    }
}
