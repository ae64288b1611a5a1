//! The loops of the transforms over vectors of eight elements; [`super::transform`] says in which order they run.
//!
//! Bounds, in multiples of r: values begin below 1, every layer adds less than 2, and [`LIMIT`] is where they must
//! stop. Their limbs pass no carries on between layers: each layer adds 2^53 to a limb's size, 54 of them 2^59.

use super::Ifma;
use super::lanes::{LIMIT, Lanes, Sum};
use super::modulus::Scalar;
use super::transform_factor::{Factor, Ratio, reduce};
use super::vector::{Vector, columns_of, write_columns};
use crate::points::Words;

/// Eight scalars in the midst of a transform.
pub type Value = Sum<Scalar>;

/// Layers down and as many up after which values are still below [`LIMIT`], and so is what is made of their product
/// in [`finish`]: 77·77/84 + 5 + 2.
pub const LAYERS_WITHOUT_REDUCTION: u32 = 19;
const _: () = {
    let bound = 1 + 4 * LAYERS_WITHOUT_REDUCTION;
    assert!(bound * bound / LIMIT + 5 + 2 < LIMIT);
};

/// (a + t, a − t), for t below 2.
#[inline(always)]
fn butterfly(a: &mut Value, b: &mut Value, t: Lanes<Scalar>) {
    *b = (*a - t.sum()).add_multiple::<2>();
    *a = *a + t.sum();
}

/// Packs natural order: element 8·i + lane goes to lane of vector i.
#[target_feature(enable = "avx512f,avx512ifma,avx512vl,avx512dq,avx512bw")]
pub fn pack(cpu: Ifma, words: &[Words], values: &mut [Value]) {
    for (rows, value) in words.as_chunks::<8>().0.iter().zip(values) {
        *value = Lanes::from_words(columns_of(cpu, rows.each_ref())).sum();
    }
}

/// One layer down: the block's halves, by its root. `FIRST`: the root is 1.
#[target_feature(enable = "avx512f,avx512ifma,avx512vl,avx512dq,avx512bw")]
pub fn split<const FIRST: bool>(cpu: Ifma, values: &mut [Value], root: &Ratio) {
    let z = Factor::splat(cpu, root);
    let (left, right) = values.split_at_mut(values.len() / 2);
    for (a, b) in left.iter_mut().zip(right) {
        let t = if FIRST { reduce(*b) } else { z.times(*b) };
        butterfly(a, b, t);
    }
}

/// Two layers down in one pass: the block by `root`, its halves by `left_root` and `right_root`. `FIRST`: the first
/// two roots are 1.
#[target_feature(enable = "avx512f,avx512ifma,avx512vl,avx512dq,avx512bw")]
pub fn split_twice<const FIRST: bool>(
    cpu: Ifma,
    values: &mut [Value],
    root: &Ratio,
    [left_root, right_root]: [&Ratio; 2],
) {
    let z = Factor::splat(cpu, root);
    let (z_left, z_right) = (
        Factor::splat(cpu, left_root),
        Factor::splat(cpu, right_root),
    );
    for [a, b, c, d] in quarters(values) {
        let [t, u] = if FIRST {
            [reduce(*c), reduce(*d)]
        } else {
            [z.times(*c), z.times(*d)]
        };
        butterfly(a, c, t);
        butterfly(b, d, u);
        let t = if FIRST { reduce(*b) } else { z_left.times(*b) };
        butterfly(a, b, t);
        let t = z_right.times(*d);
        butterfly(c, d, t);
    }
}

/// One layer up.
#[target_feature(enable = "avx512f,avx512ifma,avx512vl,avx512dq,avx512bw")]
pub fn merge(values: &mut [Value], roots: &[Factor]) {
    let (left, right) = values.split_at_mut(values.len() / 2);
    for ((a, b), w) in left.iter_mut().zip(right).zip(roots) {
        butterfly(a, b, w.times(*b));
    }
}

/// Two layers up in one pass: quarters to halves by the `inner` roots, these by the `outer` ones.
#[target_feature(enable = "avx512f,avx512ifma,avx512vl,avx512dq,avx512bw")]
pub fn merge_twice(values: &mut [Value], inner: &[Factor], outer: &[Factor]) {
    let (outer_left, outer_right) = outer.split_at(values.len() / 4);
    let roots = inner.iter().zip(outer_left.iter().zip(outer_right));
    for ([a, b, c, d], (w, (w_left, w_right))) in quarters(values).zip(roots) {
        let t = w.times(*b);
        butterfly(a, b, t);
        let t = w.times(*d);
        butterfly(c, d, t);
        let t = w_left.times(*c);
        butterfly(a, c, t);
        let t = w_right.times(*d);
        butterfly(b, d, t);
    }
}

#[inline(always)]
fn quarters(values: &mut [Value]) -> impl Iterator<Item = [&mut Value; 4]> {
    let (left, right) = values.split_at_mut(values.len() / 2);
    let (a, b) = left.split_at_mut(left.len() / 2);
    let (c, d) = right.split_at_mut(right.len() / 2);
    let upper = a.iter_mut().zip(b);
    upper
        .zip(c.iter_mut().zip(d))
        .map(|((a, b), (c, d))| [a, b, c, d])
}

/// The roots that [`leaf`] needs. Lists of seven are those of three layers: 1 + 2 + 4.
pub struct LeafRoots<'a> {
    /// Of the three layers down in which a block is whole vectors.
    pub split: [&'a Ratio; 7],
    /// Of the other three, those of eight, sixteen and 32 blocks, in natural order.
    pub split_lanes: [&'a [Factor]; 3],
    /// Of the three layers up in which a block is less than a vector.
    pub merge_lanes: &'a [Factor; 7],
    /// Of the other three.
    pub merge: &'a [Factor; 7],
    /// Whether to reduce half-way.
    pub reduce: bool,
}

/// Six layers down and six up, of 64 elements. Three of them are between vectors; for the other three the 64 elements
/// are transposed, so that what was a block of eight in one vector is one lane of all eight.
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

/// Exchanges lanes and vectors.
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
    // Neighbouring rows trade lanes, so that pairs of lanes belong together; then these are transposed as 4 × 4.
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

/// Factors that [`finish`] corrects by.
pub struct Scale {
    /// n/2²⁶⁰, for c.
    pub c: Ratio,
    /// 2²⁶⁰/n², for the result.
    pub result: Ratio,
}

/// (a·b − c)/n² for a and b times n, c times n, as the transforms leave them, canonical and unpacked. Montgomery's
/// product of a and b is their product over 2²⁶⁰, so c is brought to the same scale, and one more factor corrects all.
#[target_feature(enable = "avx512f,avx512ifma,avx512vl,avx512dq,avx512bw")]
pub fn finish(
    cpu: Ifma,
    out: &mut [Words],
    a: &[Value],
    b: &[Value],
    c: Option<&[Value]>,
    scale: &Scale,
) {
    let scale_c = Factor::splat(cpu, &scale.c);
    let scale = Factor::splat(cpu, &scale.result);
    let rows = out.as_chunks_mut::<8>().0.iter_mut();
    for (i, (rows, (a, b))) in rows.zip(a.iter().zip(b)).enumerate() {
        let mut product = (a.carry() * b.carry()).sum();
        if let Some(c) = c {
            product = (product - scale_c.times(c[i]).sum()).add_multiple::<2>();
        }
        let words = scale.times(product).sum().canonical().to_words();
        write_columns(words, rows.each_mut());
    }
}
