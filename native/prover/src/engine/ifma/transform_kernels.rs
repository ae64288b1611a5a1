//! The loops of the transforms over vectors of eight elements, which [`super::transform`] calls.
//!
//! Bounds, in multiples of r: values begin below 1, every layer adds less than 2, and they must stay below [`LIMIT`].
//! Carries are not propagated between layers: each layer adds up to 2^53 to a limb, 54 layers up to 2^59.

use super::lanes::{LIMIT, Lanes, Sum};
use super::modulus::Scalar;
use super::token::Ifma;
use super::transform_factor::{Factor, SingleFactor, reduce};
use super::vector::{columns_of, write_columns};
use crate::points::Words;

/// Eight scalars during a transform.
pub type Value = Sum<Scalar>;

/// Number of layers down, and as many up, after which values are still below [`LIMIT`], as is the value that [`finish`]
/// computes from their product: 77·77/84 + 5 + 2.
pub const LAYERS_WITHOUT_REDUCTION: u32 = 19;
const _: () = {
    let bound = 1 + 4 * LAYERS_WITHOUT_REDUCTION;
    assert!(bound * bound / LIMIT + 5 + 2 < LIMIT);
};

/// (a + t, a − t), for t below 2.
#[inline(always)]
pub fn butterfly(a: &mut Value, b: &mut Value, t: Lanes<Scalar>) {
    *b = (*a - t.sum()).add_multiple::<2>();
    *a = *a + t.sum();
}

/// Loads scalars in natural order: element 8·i + j goes to lane j of vector i.
#[target_feature(enable = "avx512f,avx512ifma,avx512vl,avx512dq,avx512bw")]
pub fn pack(cpu: Ifma, words: &[Words], values: &mut [Value]) {
    for (rows, value) in words.as_chunks::<8>().0.iter().zip(values) {
        *value = Lanes::from_words(columns_of(cpu, rows.each_ref())).sum();
    }
}

/// One layer down: splits a block by its root. `FIRST`: the root is 1.
#[target_feature(enable = "avx512f,avx512ifma,avx512vl,avx512dq,avx512bw")]
pub fn split<const FIRST: bool>(cpu: Ifma, values: &mut [Value], root: &SingleFactor) {
    let z = Factor::splat(cpu, root);
    let (left, right) = values.split_at_mut(values.len() / 2);
    for (a, b) in left.iter_mut().zip(right) {
        let t = if FIRST { reduce(*b) } else { z.times(*b) };
        butterfly(a, b, t);
    }
}

/// Two layers down in one pass: splits a block by `root`, its halves by `left_root` and `right_root`. `FIRST`: `root`
/// and `left_root` are 1.
#[target_feature(enable = "avx512f,avx512ifma,avx512vl,avx512dq,avx512bw")]
pub fn split_twice<const FIRST: bool>(
    cpu: Ifma,
    values: &mut [Value],
    root: &SingleFactor,
    [left_root, right_root]: [&SingleFactor; 2],
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

/// Two layers up in one pass: merges quarters by the `inner` roots, and the resulting halves by the `outer` ones.
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

/// The factors by which [`finish`] corrects its result.
pub struct Scale {
    /// n/2²⁶⁰, for c.
    pub c: SingleFactor,
    /// 2²⁶⁰/n², for the result.
    pub result: SingleFactor,
}

/// (a·b − c)/n², canonical and in words, where the transforms have left a, b and c multiplied by n. The Montgomery
/// product of a and b is their product over 2²⁶⁰, so c is brought to the same scale, and one more factor corrects the
/// result.
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
