//! The proof that the processor has what the kernels need.

/// Token of the engine: who has one runs on a processor with the features.
#[derive(Clone, Copy, Debug)]
pub struct Ifma(pub(super) ());

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
