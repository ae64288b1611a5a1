//! A development key of the sample circuit, from known secrets, for tests.

use ark_bn254::Fr;
use ark_ff::Field;

use super::DevelopmentKey;
use super::toxic::Toxic;
use crate::engine::Portable;
use crate::formats::samples;

/// Its .zkey: the same bytes every time.
pub fn sample_key() -> Vec<u8> {
    let [tau, alpha, beta, delta] = [3, 5, 7, 11].map(|base| Fr::from(base).pow([1001]));
    let toxic = Toxic {
        tau,
        alpha,
        beta,
        delta,
    };
    DevelopmentKey::with_toxic(Portable, &samples::circuit().r1cs(), &toxic)
        .unwrap()
        .zkey
}
