//! The engine for processors with AVX-512 IFMA: eight elements at a time, in limbs of 52 bits.
//!
//! Kernels (functions that loop over points or scalars) enable
//! `avx512f,avx512ifma,avx512vl,avx512dq,avx512bw`; everything they call is `#[inline(always)]`, so that it is compiled
//! with the features of the kernel.

pub mod lanes;
pub mod modulus;
pub mod vector;

/// Token of the engine: who has one runs on a processor with the features.
#[derive(Clone, Copy, Debug)]
pub struct Ifma(());

impl Ifma {
    /// The token, where the processor (and the operating system) has what it needs.
    pub fn detect() -> Option<Self> {
        let found = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512ifma")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512bw");
        found.then_some(Self(()))
    }
}
