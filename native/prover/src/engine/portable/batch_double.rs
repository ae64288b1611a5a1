//! Doubling of affine points with one inversion for a whole block, as in [`super::batch_add`]: the slope of the tangent
//! is 3x²/2y. The curve has no point of order two, so y is zero only at infinity, which stays infinity.

use super::batch_add::{CHAINS, inverses};
use super::coordinate::Coordinate;
#[cfg(target_arch = "x86_64")]
use super::field::Adx;
use super::field::{Arithmetic, ONE, Plain};
use crate::engine::BLOCK;
use crate::points::{G1, Point, Words};

/// See [`crate::engine::Engine::double_g1`].
pub fn double(points: &mut [G1], times: u32) {
    #[cfg(target_arch = "x86_64")]
    if let Some(adx) = Adx::detect() {
        return double_with(adx, points, times);
    }
    double_with(Plain, points, times);
}

/// Doubles with the given arithmetic.
pub fn double_with(ops: impl Arithmetic, points: &mut [G1], times: u32) {
    let mut before = Vec::with_capacity(BLOCK.min(points.len()));
    for block in points.chunks_mut(BLOCK) {
        for _ in 0..times {
            double_block(ops, block, &mut before);
        }
    }
}

/// Doubles with one inversion. `before` is scratch memory for the running product before each point.
fn double_block(ops: impl Arithmetic, block: &mut [G1], before: &mut Vec<Words>) {
    before.clear();
    let mut running = [ONE; CHAINS];
    for (i, point) in block.iter().enumerate() {
        let running = &mut running[i % CHAINS];
        before.push(*running);
        if !point.is_infinity() {
            *running = ops.mul(running, &ops.add(&point.y, &point.y));
        }
    }
    let mut inverse = inverses(ops, running);
    for (i, point) in block.iter_mut().enumerate().rev() {
        if point.is_infinity() {
            continue;
        }
        let inverse = &mut inverse[i % CHAINS];
        let inverse_of_two_y = ops.mul(inverse, &before[i]);
        *inverse = ops.mul(inverse, &ops.add(&point.y, &point.y));
        *point = doubled(ops, point, &inverse_of_two_y);
    }
}

/// Twice a finite point, given the inverse of 2y.
#[inline(always)]
fn doubled(ops: impl Arithmetic, point: &G1, inverse_of_two_y: &Words) -> G1 {
    let square = ops.mul(&point.x, &point.x);
    let three_squares = ops.add(&ops.add(&square, &square), &square);
    let slope = ops.mul(&three_squares, inverse_of_two_y);
    let x = slope.squared_minus(&point.x, &point.x, ops);
    let y = slope.times_minus(&point.x.minus(&x, ops), &point.y, ops);
    G1 { x, y }
}
