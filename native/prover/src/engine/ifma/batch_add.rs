//! Batch addition of affine points, eight at a time: one inversion for a whole block (Montgomery's trick).
//!
//! The forward pass multiplies the differences of x-coordinates, with one running product per lane, and stores each
//! partial product. The backward pass goes in the opposite order, derives each difference's inverse from the inverse of
//! the total product, and finishes the addition: five multiplications and a square per addition, plus one inversion per
//! [`BLOCK`] points.

use super::coordinate::Coordinate;
use super::modulus::RADIX_BITS;
use super::operands::{Addends, CHAINS, Contiguous, Operands, Points, STEP, Scattered};
use super::packed::{Packed, store, x_coordinates, y_coordinates};
use super::token::Ifma;
use super::vector::{Mask, Vector};
use crate::engine::interface::gather_and_scatter;
use crate::engine::special::add_special;
use crate::engine::{Addend, BLOCK};
use crate::points::{G1, G2};

/// See [`crate::engine::Engine::add_g1`].
pub fn add_g1(cpu: Ifma, acc: &mut [G1], rhs: &[G1]) {
    // SAFETY: the token proves that the processor has the features.
    unsafe { add_g1_kernel(cpu, acc, rhs) }
}

/// See [`crate::engine::Engine::add_g2`].
pub fn add_g2(cpu: Ifma, acc: &mut [G2], rhs: &[G2]) {
    // SAFETY: the token proves that the processor has the features.
    unsafe { add_g2_kernel(cpu, acc, rhs) }
}

/// See [`crate::engine::Engine::accumulate_g1`].
pub fn accumulate_g1(cpu: Ifma, sums: &mut [G1], addends: &[Addend], points: &[G1]) {
    let (steps, rest) = addends.as_chunks();
    for addends in steps.chunks(BLOCK / STEP) {
        // SAFETY: the token proves that the processor has the features.
        unsafe { accumulate_g1_kernel(cpu, sums, addends, points) };
    }
    gather_and_scatter(cpu, sums, rest, points);
}

/// See [`crate::engine::Engine::accumulate_g2`].
pub fn accumulate_g2(cpu: Ifma, sums: &mut [G2], addends: &[Addend], points: &[G2]) {
    let (steps, rest) = addends.as_chunks();
    for addends in steps.chunks(BLOCK / STEP) {
        // SAFETY: the token proves that the processor has the features.
        unsafe { accumulate_g2_kernel(cpu, sums, addends, points) };
    }
    gather_and_scatter(cpu, sums, rest, points);
}

#[target_feature(enable = "avx512f,avx512ifma,avx512vl,avx512dq,avx512bw")]
fn add_g1_kernel(cpu: Ifma, acc: &mut [G1], rhs: &[G1]) {
    add(cpu, acc, rhs);
}

#[target_feature(enable = "avx512f,avx512ifma,avx512vl,avx512dq,avx512bw")]
fn add_g2_kernel(cpu: Ifma, acc: &mut [G2], rhs: &[G2]) {
    add(cpu, acc, rhs);
}

#[target_feature(enable = "avx512f,avx512ifma,avx512vl,avx512dq,avx512bw")]
fn accumulate_g1_kernel(cpu: Ifma, sums: &mut [G1], addends: &[Addends], points: &[G1]) {
    accumulate(cpu, sums, addends, points);
}

#[target_feature(enable = "avx512f,avx512ifma,avx512vl,avx512dq,avx512bw")]
fn accumulate_g2_kernel(cpu: Ifma, sums: &mut [G2], addends: &[Addends], points: &[G2]) {
    accumulate(cpu, sums, addends, points);
}

#[inline(always)]
fn accumulate<P: Packed>(cpu: Ifma, sums: &mut [P], addends: &[Addends], points: &[P]) {
    let mut states = Vec::with_capacity(addends.len());
    let mut operands = Scattered {
        sums,
        addends,
        points,
    };
    add_block(cpu, addends.len(), &mut operands, &mut states);
}

#[inline(always)]
fn add<P: Packed>(cpu: Ifma, acc: &mut [P], rhs: &[P]) {
    assert_eq!(acc.len(), rhs.len(), "as many points on both sides");
    let (acc_steps, acc_rest) = acc.as_chunks_mut::<STEP>();
    let (rhs_steps, rhs_rest) = rhs.as_chunks::<STEP>();
    // Points that do not fill a step are added with the last block, in a step padded with points at infinity.
    let mut tail = padded(acc_rest);
    let tail_rhs = padded(rhs_rest);
    let count = acc_steps.len();
    let blocks = count.div_ceil(BLOCK / STEP).max(1);
    let size = count.div_ceil(blocks);
    let mut states = Vec::with_capacity(size + 1);
    for block in 0..blocks {
        let range = block * size..((block + 1) * size).min(count);
        let tails = usize::from(block + 1 == blocks && !acc_rest.is_empty());
        let mut operands = Contiguous {
            acc: &mut acc_steps[range.clone()],
            rhs: &rhs_steps[range.clone()],
            tail: &mut tail,
            tail_rhs: &tail_rhs,
        };
        add_block(cpu, range.len() + tails, &mut operands, &mut states);
    }
    acc_rest.copy_from_slice(&tail[..acc_rest.len()]);
}

#[inline(always)]
fn padded<P: Packed>(rest: &[P]) -> Points<P> {
    let mut points = [P::INFINITY; STEP];
    points[..rest.len()].copy_from_slice(rest);
    points
}

/// What the forward pass keeps of one step for the backward pass.
struct State<C> {
    /// The running products before the step.
    before: [C; CHAINS],
    /// Lanes excluded from the batch.
    special: [Mask; CHAINS],
}

/// Adds with one inversion.
#[inline(always)]
fn add_block<P: Packed, O: Operands<P>>(
    cpu: Ifma,
    steps: usize,
    operands: &mut O,
    states: &mut Vec<State<P::Coordinate>>,
) {
    let mut running = [P::Coordinate::one(cpu); CHAINS];
    for step in 0..steps {
        states.push(forward(cpu, step, operands, &mut running));
    }
    let mut inverse = inverses(running);
    for step in (0..steps).rev() {
        let state = states.pop().expect("one for each step");
        backward(cpu, step, operands, &state, &mut inverse);
    }
}

/// Multiplies the running products by the differences of x-coordinates.
#[inline(always)]
fn forward<P: Packed, O: Operands<P>>(
    cpu: Ifma,
    step: usize,
    operands: &O,
    running: &mut [P::Coordinate; CHAINS],
) -> State<P::Coordinate> {
    let mut state = State {
        before: *running,
        special: [0; CHAINS],
    };
    for (c, running) in running.iter_mut().enumerate() {
        let x1 = x_coordinates(cpu, operands.left(step, c));
        let x2 = x_coordinates(cpu, operands.right(step, c));
        // Infinity has x = 0. A finite point with x = 0 also takes the slow path, which handles it.
        state.special[c] = x1.equal(x2) | x1.zeros() | x2.zeros();
        *running = running.times(x2.minus(x1).ones_at(state.special[c]));
    }
    state
}

/// Finishes the additions of one step.
#[inline(always)]
fn backward<P: Packed, O: Operands<P>>(
    cpu: Ifma,
    step: usize,
    operands: &mut O,
    state: &State<P::Coordinate>,
    inverse: &mut [P::Coordinate; CHAINS],
) {
    let mut slope = *inverse;
    for c in 0..CHAINS {
        slope[c] = inverse[c].times(state.before[c]);
    }
    let (mut x1, mut y1, mut x_sum) = (*inverse, *inverse, [inverse[0].plus(inverse[0]); CHAINS]);
    for c in 0..CHAINS {
        let (left, right) = (operands.left(step, c), operands.right(step, c));
        x1[c] = x_coordinates(cpu, left);
        let x2 = x_coordinates(cpu, right);
        inverse[c] = inverse[c].times(x2.minus(x1[c]).ones_at(state.special[c]));
        x_sum[c] = x1[c].plus(x2);
        y1[c] = y_coordinates(cpu, left);
        let y2 = y_coordinates(cpu, right).negated_at(operands.negative(step, c));
        slope[c] = slope[c].times(y2.minus(y1[c]));
    }
    let mut x = x1;
    for c in 0..CHAINS {
        x[c] = slope[c].squared_minus(x_sum[c]);
    }
    for c in 0..CHAINS {
        let y = slope[c].times_minus(x1[c].minus(x[c]), y1[c]);
        let mut sums = [P::INFINITY; 8];
        store(&mut sums, x[c], y);
        if state.special[c] != 0 {
            let negative = operands.negative(step, c);
            let (left, right) = (operands.left(step, c), operands.right(step, c));
            add_one_by_one(&mut sums, state.special[c], left, right, negative);
        }
        operands.put(step, c, &sums);
    }
}

/// Adds the points in the mask's lanes one by one.
#[cold]
#[inline(never)]
fn add_one_by_one<P: Packed>(
    sums: &mut [P; 8],
    special: Mask,
    left: [&P; 8],
    right: [&P; 8],
    negative: Mask,
) {
    for i in (0..8).filter(|i| special >> i & 1 == 1) {
        let right = match negative >> i & 1 {
            0 => *right[i],
            _ => right[i].negated_if(true),
        };
        sums[i] = add_special(left[i], &right, RADIX_BITS);
    }
}

/// The inverses of the running products, from one inversion of the product of all lanes of all chains.
#[inline(always)]
fn inverses<C: Coordinate>(running: [C; CHAINS]) -> [C; CHAINS] {
    let mut product = running[0];
    let mut before = running;
    for c in 1..CHAINS {
        before[c] = product;
        product = product.times(running[c]);
    }
    let mut inverse = inverse_of_lanes(product);
    let mut out = running;
    for c in (1..CHAINS).rev() {
        out[c] = inverse.times(before[c]);
        inverse = inverse.times(running[c]);
    }
    out[0] = inverse;
    out
}

/// Inverts each lane with one inversion: multiplies pairs, quads and all eight lanes, then works backwards.
#[inline(always)]
pub(super) fn inverse_of_lanes<C: Coordinate>(lanes: C) -> C {
    let neighbours = lanes.permuted(Vector::swap_lanes);
    let twos = lanes.times(neighbours);
    let other_twos = twos.permuted(Vector::swap_pairs);
    let fours = twos.times(other_twos);
    let other_fours = fours.permuted(Vector::swap_halves);
    let all = fours.times(other_fours);
    let inverse = all.inverted().times(other_fours).times(other_twos);
    inverse.times(neighbours)
}
