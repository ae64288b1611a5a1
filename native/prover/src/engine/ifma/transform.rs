//! Transforms in eight lanes, depth first.
//!
//! Eight consecutive elements form one vector. Blocks are split and merged (see [`crate::engine::roots`]) two layers at
//! a time, down to leaves of 64 elements; all but the top two or three passes work in the L2 cache.

use std::sync::Mutex;

use ark_bn254::Fr;
use ark_ff::Field;

use super::lanes::Lanes;
use super::token::Ifma;
use super::transform_factor::{Factor, SingleFactor};
use super::transform_kernels::{self as kernels, LAYERS_WITHOUT_REDUCTION, Scale, Value};
use super::transform_leaf::{LeafRoots, leaf};
use crate::engine::Domain;
use crate::engine::portable::PortableDomain;
use crate::engine::roots::{merge_roots, split_roots};
use crate::parallel::{join_if, threads};
use crate::points::Words;

/// Vectors per leaf.
const LEAF: usize = 8;

/// Blocks of at least this many vectors (0.3 ms of work) are split between threads.
const PARALLEL_FROM: usize = 1 << 10;

/// Transforms in eight lanes; the portable ones for fewer than 64 elements.
pub enum IfmaDomain {
    /// Fewer elements than the kernels support.
    Small(PortableDomain),
    /// 64 elements and more.
    Large(Box<Vectors>),
}

/// Roots, factors and buffers of a domain: 125·n bytes, 16.4 MB for 2^17 elements, and 40·n bytes, 5.2 MB, for each
/// polynomial being transformed.
pub struct Vectors {
    cpu: Ifma,
    log_size: u32,
    /// Roots that split blocks of 16 or more elements.
    split: Vec<SingleFactor>,
    /// Roots that split blocks, eight per vector.
    split_lanes: Vec<Factor>,
    /// Roots that merge halves of 1, 2 and 4 elements.
    merge_lanes: [Factor; 7],
    /// Roots that merge halves of 1, 2, 4, … vectors; the list for h vectors begins at h − 1.
    merge: Vec<Factor>,
    scale: Scale,
    /// Unused buffers, kept because touching new memory would cost as much as a transform.
    buffers: Mutex<Vec<Vec<Value>>>,
}

impl IfmaDomain {
    /// The domain of `2^log_size` elements.
    ///
    /// # Panics
    /// When `log_size` is more than 27.
    pub(super) fn new(cpu: Ifma, log_size: u32) -> Self {
        if 1 << log_size < 8 * LEAF {
            Self::Small(PortableDomain::new(log_size))
        } else {
            Self::Large(Box::new(Vectors::new(cpu, log_size)))
        }
    }
}

impl Domain for IfmaDomain {
    fn quotient(&self, a: &mut [Words], b: &mut [Words], c: Option<&mut [Words]>) {
        match self {
            Self::Small(domain) => domain.quotient(a, b, c),
            Self::Large(vectors) => vectors.quotient(a, b, c.as_deref()),
        }
    }

    fn coset_order(&self) -> Vec<u32> {
        match self {
            Self::Small(domain) => domain.coset_order(),
            Self::Large(vectors) => (0..1 << vectors.log_size).collect(),
        }
    }
}

impl Vectors {
    fn new(cpu: Ifma, log_size: u32) -> Self {
        let ratios = |roots: Vec<Fr>| roots.into_iter().map(SingleFactor::new).collect::<Vec<_>>();
        let factors = |ratios: &[SingleFactor]| {
            let eights = ratios.as_chunks::<8>().0.iter();
            eights.map(|eight| Factor::new(cpu, eight)).collect()
        };
        let mut split = ratios(split_roots(log_size));
        let split_lanes = factors(&split);
        split.truncate(1 << (log_size - 4));
        split.shrink_to_fit();
        let merge = ratios(merge_roots(log_size));
        let n = Fr::from(1u64 << log_size);
        let radix = Fr::from(2).pow([260]);
        let inverse = |value: Fr| value.inverse().expect("a power of two is not zero");
        Self {
            cpu,
            log_size,
            split,
            split_lanes,
            merge_lanes: std::array::from_fn(|i| Factor::splat(cpu, &merge[i])),
            merge: factors(&merge[7..]),
            scale: Scale {
                c: SingleFactor::new(n * inverse(radix)),
                result: SingleFactor::new(radix * inverse(n * n)),
            },
            buffers: Mutex::default(),
        }
    }

    fn quotient(&self, a: &mut [Words], b: &[Words], c: Option<&[Words]>) {
        let n = 1 << self.log_size;
        let lengths = [Some(a.len()), Some(b.len()), c.map(<[_]>::len)];
        assert!(lengths.iter().flatten().all(|length| *length == n));
        let parallel = threads() > 1;
        let to_coset = |words: &[Words]| {
            let mut values = self.take_buffer();
            // SAFETY: `self.cpu` proves that the processor has the kernels' instructions.
            unsafe { kernels::pack(self.cpu, words, &mut values) };
            self.to_coset(&mut values, 0, parallel);
            values
        };
        let (on_a, (on_b, on_c)) = join_if(
            parallel,
            || to_coset(a),
            || join_if(parallel, || to_coset(b), || c.map(to_coset)),
        );
        self.finish(a, &on_a, &on_b, on_c.as_deref(), parallel);
        let mut buffers = self.buffers.lock().expect("no panic while it was held");
        buffers.extend([Some(on_a), Some(on_b), on_c].into_iter().flatten());
    }

    /// A buffer with arbitrary content.
    fn take_buffer(&self) -> Vec<Value> {
        let kept = self
            .buffers
            .lock()
            .expect("no panic while it was held")
            .pop();
        let zero = || Lanes::splat(self.cpu, [0; 5]).sum();
        kept.unwrap_or_else(|| vec![zero(); 1 << (self.log_size - 3)])
    }

    /// Turns values at ω^j, in natural order of j, into n times those at ω₂ₙ·ω^j. `block` numbers the blocks of one
    /// depth from the left.
    fn to_coset(&self, values: &mut [Value], block: usize, parallel: bool) {
        if let Ok(values) = <&mut [Value; LEAF]>::try_from(&mut *values) {
            return self.leaf_to_coset(values, block);
        }
        self.split(values, block);
        // With an odd number of layers, blocks of two leaves are split only once.
        let parts = if values.len() == 2 * LEAF { 2 } else { 4 };
        let size = values.len() / parts;
        let parallel = parallel && size >= PARALLEL_FROM;
        let (left, right) = values.split_at_mut(values.len() / 2);
        let both = |half: &mut [Value], first: usize| {
            for (i, part) in half.chunks_exact_mut(size).enumerate() {
                self.to_coset(part, first + i, parallel);
            }
        };
        let first = block * parts;
        join_if(
            parallel,
            || both(left, first),
            || both(right, first + parts / 2),
        );
        self.merge(values);
    }

    fn split(&self, values: &mut [Value], block: usize) {
        let root = &self.split[block];
        let roots = [&self.split[2 * block], &self.split[2 * block + 1]];
        let (twice, first) = (values.len() > 2 * LEAF, block == 0);
        // SAFETY: `self.cpu` proves that the processor has the kernels' instructions.
        unsafe {
            match (twice, first) {
                (true, true) => kernels::split_twice::<true>(self.cpu, values, root, roots),
                (true, false) => kernels::split_twice::<false>(self.cpu, values, root, roots),
                (false, true) => kernels::split::<true>(self.cpu, values, root),
                (false, false) => kernels::split::<false>(self.cpu, values, root),
            }
        }
    }

    fn merge(&self, values: &mut [Value]) {
        let half = values.len() / 2;
        let outer = &self.merge[half - 1..2 * half - 1];
        // SAFETY: `self.cpu` proves that the processor has the kernels' instructions.
        unsafe {
            if half == LEAF {
                kernels::merge(values, outer);
            } else {
                kernels::merge_twice(values, &self.merge[half / 2 - 1..half - 1], outer);
            }
        }
    }

    fn leaf_to_coset(&self, values: &mut [Value; LEAF], block: usize) {
        let seven = [0, 0, 1, 0, 1, 2, 3];
        let depth = [0, 1, 1, 2, 2, 2, 2];
        let roots = LeafRoots {
            split: std::array::from_fn(|i| &self.split[(block << depth[i]) + seven[i]]),
            split_lanes: [1, 2, 4].map(|count| &self.split_lanes[count * block..][..count]),
            merge_lanes: &self.merge_lanes,
            merge: self.merge.first_chunk().expect("64 elements have them"),
            reduce: self.log_size > LAYERS_WITHOUT_REDUCTION,
        };
        // SAFETY: `self.cpu` proves that the processor has the kernels' instructions.
        unsafe { leaf(self.cpu, values, &roots) };
    }

    fn finish(
        &self,
        out: &mut [Words],
        a: &[Value],
        b: &[Value],
        c: Option<&[Value]>,
        parallel: bool,
    ) {
        if parallel && a.len() >= 2 * PARALLEL_FROM {
            let half = a.len() / 2;
            let (low, high) = out.split_at_mut(8 * half);
            let c = c.map(|c| c.split_at(half));
            join_if(
                true,
                || self.finish(low, &a[..half], &b[..half], c.map(|c| c.0), true),
                || self.finish(high, &a[half..], &b[half..], c.map(|c| c.1), true),
            );
            return;
        }
        // SAFETY: `self.cpu` proves that the processor has the kernels' instructions.
        unsafe { kernels::finish(self.cpu, out, a, b, c, &self.scale) };
    }
}

/// The buffers contain data derived from the witness.
impl Drop for Vectors {
    fn drop(&mut self) {
        let buffers = self
            .buffers
            .get_mut()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        for buffer in buffers {
            buffer.fill(Lanes::splat(self.cpu, [0; 5]).sum());
            // Keeps the compiler from removing writes that are never read.
            std::hint::black_box(&*buffer);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::engine::transform_tests::{
        matches_plain_reference, quotient_in_natural_order, scalars,
    };
    use crate::engine::{Engine, Ifma, Portable};

    #[test]
    fn quotients_are_those_of_the_plain_transform() {
        match Ifma::detect() {
            Some(engine) => matches_plain_reference(engine),
            None => eprintln!("skipped: this processor has no AVX-512 IFMA"),
        }
    }

    /// 2^20 is the smallest size that needs a reduction halfway.
    #[test]
    fn both_engines_agree() {
        let Some(engine) = Ifma::detect() else {
            return eprintln!("skipped: this processor has no AVX-512 IFMA");
        };
        for log_size in [14, 20] {
            let [a, b, c] = [1, 2, 3].map(|seed| scalars(1 << log_size, seed));
            let c = Some(&c[..]);
            let ours = quotient_in_natural_order(&engine.domain(log_size), &a, &b, c);
            let theirs = quotient_in_natural_order(&Portable.domain(log_size), &a, &b, c);
            assert!(ours == theirs, "size 2^{log_size}");
        }
    }
}
