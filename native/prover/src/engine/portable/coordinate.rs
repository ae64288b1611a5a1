//! Coordinates of one point, the same to use for G1 (the base field) and for G2 (its quadratic extension).

use super::field::{Arithmetic, ONE, P, TWICE_P};
use crate::points::Words;

/// An element of the field that coordinates are in; each component is below 2p, if not canonical.
pub trait Coordinate: Copy + PartialEq {
    /// 0.
    const ZERO: Self;
    /// 1.
    const ONE: Self;

    /// `self − rhs` of canonical elements.
    fn minus(&self, rhs: &Self, by: impl Arithmetic) -> Self;

    /// `self·rhs`.
    fn times(&self, rhs: &Self, by: impl Arithmetic) -> Self;

    /// `self² − a − b`, canonical, of canonical a and b.
    fn squared_minus(&self, a: &Self, b: &Self, by: impl Arithmetic) -> Self;

    /// `self·rhs − less`, canonical, of a canonical `less`.
    fn times_minus(&self, rhs: &Self, less: &Self, by: impl Arithmetic) -> Self;

    /// The inverse of what is not zero.
    fn inverted(&self, by: impl Arithmetic) -> Self;
}

impl Coordinate for Words {
    const ZERO: Self = [0; 4];
    const ONE: Self = ONE;

    #[inline(always)]
    fn minus(&self, rhs: &Self, by: impl Arithmetic) -> Self {
        by.sub_add(self, rhs, &P)
    }

    #[inline(always)]
    fn times(&self, rhs: &Self, by: impl Arithmetic) -> Self {
        by.mul(self, rhs)
    }

    #[inline(always)]
    fn squared_minus(&self, a: &Self, b: &Self, by: impl Arithmetic) -> Self {
        let less_a = by.sub_add(&by.mul(self, self), a, &P);
        by.canonical(&by.sub_add(&less_a, b, &P))
    }

    #[inline(always)]
    fn times_minus(&self, rhs: &Self, less: &Self, by: impl Arithmetic) -> Self {
        by.canonical(&by.sub_add(&by.mul(self, rhs), less, &P))
    }

    fn inverted(&self, by: impl Arithmetic) -> Self {
        by.invert(self)
    }
}

/// c0 + c1·u with u² = −1.
impl Coordinate for [Words; 2] {
    const ZERO: Self = [[0; 4]; 2];
    const ONE: Self = [ONE, [0; 4]];

    #[inline(always)]
    fn minus(&self, rhs: &Self, by: impl Arithmetic) -> Self {
        [self[0].minus(&rhs[0], by), self[1].minus(&rhs[1], by)]
    }

    #[inline(always)]
    fn times(&self, rhs: &Self, by: impl Arithmetic) -> Self {
        // Karatsuba's three multiplications.
        let low = by.mul(&self[0], &rhs[0]);
        let high = by.mul(&self[1], &rhs[1]);
        let left = by.add(&self[0], &self[1]);
        let middle = by.mul(&left, &by.add(&rhs[0], &rhs[1]));
        [by.sub(&low, &high), by.sub(&by.sub(&middle, &low), &high)]
    }

    #[inline(always)]
    fn squared_minus(&self, a: &Self, b: &Self, by: impl Arithmetic) -> Self {
        let [c0, c1] = self;
        let half = by.mul(c0, c1);
        let square = by.mul(&by.add(c0, c1), &by.sub(c0, c1));
        let squares = [square, by.add(&half, &half)];
        let less = |i: usize| {
            let less_a = by.sub_add(&squares[i], &a[i], &P);
            by.canonical(&by.sub_add(&less_a, &b[i], &P))
        };
        [less(0), less(1)]
    }

    #[inline(always)]
    fn times_minus(&self, rhs: &Self, less: &Self, by: impl Arithmetic) -> Self {
        let product = self.times(rhs, by);
        let difference = |i: usize| by.canonical(&by.sub_add(&product[i], &less[i], &P));
        [difference(0), difference(1)]
    }

    fn inverted(&self, by: impl Arithmetic) -> Self {
        // 1/(c0 + c1·u) = (c0 − c1·u)/(c0² + c1²).
        let [c0, c1] = self;
        let norm = by.add(&by.mul(c0, c0), &by.mul(c1, c1));
        let inverse = by.invert(&norm);
        let minus_c1 = by.sub_add(&[0; 4], c1, &TWICE_P);
        [by.mul(c0, &inverse), by.mul(&minus_c1, &inverse)]
    }
}
