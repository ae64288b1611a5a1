//! The innermost layers of a transform, on 64 elements: the only ones that combine lanes of the same vector.

use super::lanes::Lanes;
use super::token::Ifma;
use super::transform_factor::{Factor, SingleFactor, reduce};
use super::transform_kernels::{Value, butterfly};
use super::vector::Vector;

/// The roots that [`leaf`] needs. Lists of seven cover three layers: 1 + 2 + 4.
pub struct LeafRoots<'a> {
    /// For the three layers down in which a block consists of whole vectors.
    pub split: [&'a SingleFactor; 7],
    /// For the other three layers down, with eight, sixteen and 32 blocks, in natural order.
    pub split_lanes: [&'a [Factor]; 3],
    /// For the three layers up in which a block is smaller than a vector.
    pub merge_lanes: &'a [Factor; 7],
    /// For the other three layers up.
    pub merge: &'a [Factor; 7],
    /// Whether to reduce the values halfway.
    pub reduce: bool,
}

/// Six layers down and six up, on 64 elements. Three of each combine whole vectors. For the other three, the elements
/// are transposed, so that the eight elements of a vector become one lane of eight vectors.
#[target_feature(enable = "avx512f,avx512ifma,avx512vl,avx512dq,avx512bw")]
pub fn leaf(cpu: Ifma, values: &mut [Value; 8], roots: &LeafRoots) {
    let [a, b, c, d, e, f, g] = roots.split;
    let (a, b, c) = (
        Factor::splat(cpu, a),
        Factor::splat(cpu, b),
        Factor::splat(cpu, c),
    );
    let (d, e) = (Factor::splat(cpu, d), Factor::splat(cpu, e));
    let (f, g) = (Factor::splat(cpu, f), Factor::splat(cpu, g));
    split_thrice(values, [&a, &b, &c, &d, &e, &f, &g]);
    transpose(values);
    let [one, two, four] = roots.split_lanes;
    let two = Factor::deinterleave(&two[0], &two[1]);
    let [even, odd] = Factor::deinterleave(&four[0], &four[1]);
    let [even_above, odd_above] = Factor::deinterleave(&four[2], &four[3]);
    let [zero, second] = Factor::deinterleave(&even, &even_above);
    let [first, third] = Factor::deinterleave(&odd, &odd_above);
    split_thrice(
        values,
        [&one[0], &two[0], &two[1], &zero, &first, &second, &third],
    );
    if roots.reduce {
        for value in values.iter_mut() {
            *value = reduce(*value).sum();
        }
    }
    merge_thrice(values, roots.merge_lanes);
    transpose(values);
    merge_thrice(values, roots.merge);
}

#[inline(always)]
fn split_thrice(values: &mut [Value; 8], roots: [&Factor; 7]) {
    for layer in 0..3 {
        let half = 4 >> layer;
        for part in 0..1 << layer {
            let z = roots[(1 << layer) - 1 + part];
            for i in 2 * half * part..2 * half * part + half {
                let t = z.times(values[i + half]);
                let (left, right) = values.split_at_mut(i + half);
                butterfly(&mut left[i], &mut right[0], t);
            }
        }
    }
}

#[inline(always)]
fn merge_thrice(values: &mut [Value; 8], roots: &[Factor; 7]) {
    for layer in 0..3 {
        let half = 1 << layer;
        for i in (0..8).filter(|i| i & half == 0) {
            let t = roots[half - 1 + (i & (half - 1))].times(values[i + half]);
            let (left, right) = values.split_at_mut(i + half);
            butterfly(&mut left[i], &mut right[0], t);
        }
    }
}

/// Transposes the 8 × 8 elements.
#[inline(always)]
fn transpose(values: &mut [Value; 8]) {
    let mut limbs = [values[0].carry().limbs(); 8];
    for (limbs, value) in limbs.iter_mut().zip(&*values) {
        *limbs = value.carry().limbs();
    }
    for limb in 0..5 {
        transpose_limb(&mut limbs, limb);
    }
    for (value, limbs) in values.iter_mut().zip(limbs) {
        *value = Lanes::from_limbs(limbs).sum();
    }
}

#[inline(always)]
fn transpose_limb(rows: &mut [[Vector; 5]; 8], limb: usize) {
    // Neighbouring rows exchange lanes, so that pairs of lanes belong together; then the pairs are transposed as 4 × 4.
    let (mut even, mut odd) = ([rows[0][limb]; 4], [rows[0][limb]; 4]);
    for i in 0..4 {
        let (a, b) = (rows[2 * i][limb], rows[2 * i + 1][limb]);
        even[i] = a.interleave_low(b);
        odd[i] = a.interleave_high(b);
    }
    let (even, odd) = (transpose_pairs(even), transpose_pairs(odd));
    for i in 0..4 {
        rows[2 * i][limb] = even[i];
        rows[2 * i + 1][limb] = odd[i];
    }
}

#[inline(always)]
fn transpose_pairs([a, b, c, d]: [Vector; 4]) -> [Vector; 4] {
    let (even, odd) = (a.pairs_even(b), a.pairs_odd(b));
    let (even_below, odd_below) = (c.pairs_even(d), c.pairs_odd(d));
    [
        even.pairs_even(even_below),
        odd.pairs_even(odd_below),
        even.pairs_odd(even_below),
        odd.pairs_odd(odd_below),
    ]
}
