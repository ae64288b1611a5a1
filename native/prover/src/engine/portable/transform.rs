//! Transforms on four-word arithmetic, in place and depth first, so that all but the top layers work in the cache.

use ark_bn254::Fr;
use ark_ff::Field;

use super::transform_field::{
    Factor, butterfly, canonical, difference, montgomery_product, reduce,
};
use crate::engine::Domain;
use crate::engine::roots::{merge_roots, split_roots};
use crate::parallel::{join_if, threads};
use crate::points::Words;

/// Blocks of up to this many elements (16 KiB) are transformed layer by layer, larger ones recursively by halves.
const LEAF: usize = 512;

/// Blocks of at least this many elements (1 ms of work) are split between threads.
const PARALLEL_FROM: usize = 1 << 13;

/// Roots and factors of a domain: 96·n bytes, 12.6 MB for 2^17 elements.
///
/// Between layers values are below 3.34 r (see [`butterfly`]).
pub struct PortableDomain {
    log_size: u32,
    split: Vec<Factor>,
    merge: Vec<Factor>,
    /// n/2²⁵⁶ and 2²⁵⁶/n², see [`PortableDomain::finish`].
    scale_c: Factor,
    scale: Factor,
}

impl PortableDomain {
    /// The domain of `2^log_size` elements.
    ///
    /// # Panics
    /// When `log_size` is more than 27.
    pub(crate) fn new(log_size: u32) -> Self {
        let factors = |roots: Vec<Fr>| roots.into_iter().map(Factor::new).collect();
        let n = Fr::from(1u64 << log_size);
        let radix = Fr::from(2).pow([256]);
        let inverse = |value: Fr| value.inverse().expect("a power of two is not zero");
        Self {
            log_size,
            split: factors(split_roots(log_size)),
            merge: factors(merge_roots(log_size)),
            scale_c: Factor::new(n * inverse(radix)),
            scale: Factor::new(radix * inverse(n * n)),
        }
    }

    /// Turns values at ω^j, in natural order of j, into n times those at ω₂ₙ·ω^j. `block` numbers the blocks of one
    /// depth from the left (see [`crate::engine::roots`]).
    fn to_coset(&self, values: &mut [Words], block: usize, parallel: bool) {
        if values.len() <= LEAF {
            return self.to_coset_by_layers(values, block);
        }
        self.split(values, block);
        let (left, right) = values.split_at_mut(values.len() / 2);
        let parallel = parallel && left.len() >= PARALLEL_FROM;
        join_if(
            parallel,
            || self.to_coset(left, 2 * block, parallel),
            || self.to_coset(right, 2 * block + 1, parallel),
        );
        self.merge(values);
    }

    fn to_coset_by_layers(&self, values: &mut [Words], block: usize) {
        let length = values.len();
        let sizes = (1..=length.ilog2()).map(|log_size| 1 << log_size);
        for size in sizes.clone().rev() {
            let first = block * (length / size);
            for (k, part) in values.chunks_exact_mut(size).enumerate() {
                self.split(part, first + k);
            }
        }
        for size in sizes {
            for part in values.chunks_exact_mut(size) {
                self.merge(part);
            }
        }
    }

    #[inline(always)]
    fn split(&self, values: &mut [Words], block: usize) {
        let (left, right) = values.split_at_mut(values.len() / 2);
        let z = &self.split[block];
        for (a, b) in left.iter_mut().zip(right) {
            // The leftmost block of each depth has z = 1.
            let t = if block == 0 { reduce(b) } else { z.times(b) };
            (*a, *b) = butterfly(a, &t);
        }
    }

    #[inline(always)]
    fn merge(&self, values: &mut [Words]) {
        let half = values.len() / 2;
        let (left, right) = values.split_at_mut(half);
        for ((a, b), w) in left.iter_mut().zip(right).zip(&self.merge[half - 1..]) {
            (*a, *b) = butterfly(a, &w.times(b));
        }
    }

    /// a = (a·b − c)/n², where the transforms have left a, b and c multiplied by n. The Montgomery product of a and b
    /// is their product over 2²⁵⁶, so c is brought to the same scale, and one more factor corrects the result.
    fn finish(&self, a: &mut [Words], b: &[Words], c: Option<&[Words]>) {
        for (i, (a, b)) in a.iter_mut().zip(b).enumerate() {
            let mut product = montgomery_product(&reduce(a), &reduce(b));
            if let Some(c) = c {
                product = difference(&product, &self.scale_c.times(&c[i]));
            }
            *a = canonical(&self.scale.times(&product));
        }
    }
}

impl Domain for PortableDomain {
    fn quotient(&self, a: &mut [Words], b: &mut [Words], mut c: Option<&mut [Words]>) {
        let n = 1 << self.log_size;
        let lengths = [Some(a.len()), Some(b.len()), c.as_ref().map(|c| c.len())];
        assert!(lengths.iter().flatten().all(|length| *length == n));
        let parallel = threads() > 1;
        let to_coset = |values: &mut [Words]| self.to_coset(values, 0, parallel);
        join_if(
            parallel,
            || to_coset(a),
            || {
                let c = c.as_deref_mut();
                join_if(
                    parallel,
                    || to_coset(b),
                    || c.into_iter().for_each(to_coset),
                );
            },
        );
        self.finish(a, b, c.as_deref());
    }

    fn coset_order(&self) -> Vec<u32> {
        (0..1 << self.log_size).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::engine::{Portable, transform_tests};

    #[test]
    fn quotients_are_those_of_the_plain_transform() {
        transform_tests::matches_plain_reference(Portable);
    }
}
