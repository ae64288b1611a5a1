//! Coordinates of one point, the same to use for G1 (the base field) and for G2 (its quadratic extension).

use super::field::{self, Multiplier, ONE};
use crate::points::Words;

/// An element of the field that coordinates are in; each component is below 2p.
pub trait Coordinate: Copy + PartialEq {
    /// 0.
    const ZERO: Self;
    /// 1.
    const ONE: Self;

    /// `self − rhs`.
    fn minus(&self, rhs: &Self) -> Self;

    /// `self·rhs`.
    fn times(&self, rhs: &Self, by: impl Multiplier) -> Self;

    /// `self²`.
    fn squared(&self, by: impl Multiplier) -> Self;

    /// The inverse of what is not zero.
    fn inverted(&self, by: impl Multiplier) -> Self;

    /// The same, components below p.
    fn canonical(&self) -> Self;
}

impl Coordinate for Words {
    const ZERO: Self = [0; 4];
    const ONE: Self = ONE;

    #[inline(always)]
    fn minus(&self, rhs: &Self) -> Self {
        field::sub(self, rhs)
    }

    #[inline(always)]
    fn times(&self, rhs: &Self, by: impl Multiplier) -> Self {
        by.mul(self, rhs)
    }

    #[inline(always)]
    fn squared(&self, by: impl Multiplier) -> Self {
        by.mul(self, self)
    }

    fn inverted(&self, by: impl Multiplier) -> Self {
        field::invert(by, self)
    }

    #[inline(always)]
    fn canonical(&self) -> Self {
        field::canonical(self)
    }
}

/// c0 + c1·u with u² = −1.
impl Coordinate for [Words; 2] {
    const ZERO: Self = [[0; 4]; 2];
    const ONE: Self = [ONE, [0; 4]];

    #[inline(always)]
    fn minus(&self, rhs: &Self) -> Self {
        [field::sub(&self[0], &rhs[0]), field::sub(&self[1], &rhs[1])]
    }

    #[inline(always)]
    fn times(&self, rhs: &Self, by: impl Multiplier) -> Self {
        let low = by.mul(&self[0], &rhs[0]);
        let high = by.mul(&self[1], &rhs[1]);
        let (left, right) = (field::add(&self[0], &self[1]), field::add(&rhs[0], &rhs[1]));
        let middle = field::sub(&by.mul(&left, &right), &low);
        [field::sub(&low, &high), field::sub(&middle, &high)]
    }

    #[inline(always)]
    fn squared(&self, by: impl Multiplier) -> Self {
        let [c0, c1] = self;
        let half = by.mul(c0, c1);
        let square = by.mul(&field::add(c0, c1), &field::sub(c0, c1));
        [square, field::add(&half, &half)]
    }

    fn inverted(&self, by: impl Multiplier) -> Self {
        // 1/(c0 + c1·u) = (c0 − c1·u)/(c0² + c1²).
        let [c0, c1] = self;
        let norm = field::add(&by.mul(c0, c0), &by.mul(c1, c1));
        let inverse = field::invert(by, &norm);
        let minus_c1 = field::sub(&[0; 4], c1);
        [by.mul(c0, &inverse), by.mul(&minus_c1, &inverse)]
    }

    #[inline(always)]
    fn canonical(&self) -> Self {
        self.map(|component| field::canonical(&component))
    }
}
