//! Run-time detection of AVX-512 IFMA.

/// The engine's token. A value of it proves that the processor has the features.
#[derive(Clone, Copy, Debug)]
pub struct Ifma(pub(super) ());

impl Ifma {
    /// The token, if the processor and the operating system support the features.
    pub fn detect() -> Option<Self> {
        let found = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512ifma")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512bw");
        found.then_some(Self(()))
    }
}
