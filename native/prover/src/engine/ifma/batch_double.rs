//! Repeated doubling of affine points, eight at a time, to fill the table of a key's multiples.
//!
//! As in batch addition, one inversion serves a whole block, here of the y-coordinates: the slope of the tangent is
//! 3x²/2y. The curve has no point of order two, so y is zero only at infinity, which stays infinity.

use super::batch_add::inverse_of_lanes;
use super::coordinate::Coordinate;
use super::lanes::Lanes;
use super::modulus::Base;
use super::packed::{load, store};
use super::token::Ifma;
use crate::engine::BLOCK;
use crate::points::{G1, Point};

/// See [`crate::engine::Engine::double_g1`].
pub fn double_g1(cpu: Ifma, points: &mut [G1], times: u32) {
    for block in points.chunks_mut(BLOCK) {
        let (eights, rest) = block.as_chunks_mut::<8>();
        let mut tail = [G1::INFINITY; 8];
        tail[..rest.len()].copy_from_slice(rest);
        let mut before = Vec::with_capacity(eights.len() + 1);
        for _ in 0..times {
            // SAFETY: the token proves that the processor has the features.
            unsafe { double_block(cpu, eights, &mut tail, &mut before) };
        }
        rest.copy_from_slice(&tail[..rest.len()]);
    }
}

#[target_feature(enable = "avx512f,avx512ifma,avx512vl,avx512dq,avx512bw")]
fn double_block(
    cpu: Ifma,
    eights: &mut [[G1; 8]],
    tail: &mut [G1; 8],
    before: &mut Vec<Lanes<Base>>,
) {
    let mut running = Lanes::<Base>::one(cpu);
    for points in eights.iter().chain([&*tail]) {
        before.push(running);
        let (_, y) = load(cpu, points);
        running = running.times(twice(y));
    }
    let mut inverse = inverse_of_lanes(running);
    for points in eights.iter_mut().chain([tail]).rev() {
        let before = before.pop().expect("one for every eight");
        inverse = double(cpu, points, inverse, before);
    }
}

/// Doubles eight points and returns the inverse of the product of all earlier 2y.
#[inline(always)]
fn double(
    cpu: Ifma,
    points: &mut [G1; 8],
    inverse: Lanes<Base>,
    before: Lanes<Base>,
) -> Lanes<Base> {
    let (x, y) = load(cpu, points);
    let three_x = (x.sum() + x.sum() + x.sum()).carry();
    let slope = inverse.times(before).times(three_x.times(x));
    let doubled_x = slope.squared_minus(x.plus(x));
    let doubled_y = slope.times_minus(x.minus(doubled_x), y);
    let infinite = y.zeros();
    let zero = Lanes::splat(cpu, [0; 5]);
    store(
        points,
        doubled_x.replace(infinite, zero),
        doubled_y.replace(infinite, zero),
    );
    inverse.times(twice(y))
}

/// 2y, or 1 where y is zero.
#[inline(always)]
fn twice(y: Lanes<Base>) -> Lanes<Base> {
    y.plus(y).carry().ones_at(y.zeros())
}
