//! Field elements as decimal strings and points as lists of them, from which JavaScript makes snarkjs's JSON.

use std::str::FromStr;

use ark_bn254::{Fq, Fr, G1Affine, G2Affine};
use ark_ff::{BigInt, PrimeField};
use napi_derive::napi;
use quietproof_prover::formats::zkey_points::HeaderPoints;
use quietproof_prover::proof::Proof;

/// Bytes per scalar in a witness.
const SCALAR_BYTES: usize = 32;

/// The verification key. Its points were checked when the key was loaded.
#[napi(object)]
pub struct VerificationKey {
    pub alpha1: Vec<String>,
    pub beta2: Vec<Vec<String>>,
    pub gamma2: Vec<Vec<String>>,
    pub delta2: Vec<Vec<String>>,
    pub ic: Vec<Vec<String>>,
}

impl VerificationKey {
    /// From a loaded key's points.
    pub fn new(points: &HeaderPoints) -> Self {
        Self {
            alpha1: g1(&points.alpha1),
            beta2: g2(&points.beta2),
            gamma2: g2(&points.gamma2),
            delta2: g2(&points.delta2),
            ic: points.ic.iter().map(g1).collect(),
        }
    }
}

/// A proof and the public signals it is for.
#[napi(object)]
pub struct StatedProof {
    pub a: Vec<String>,
    pub b: Vec<Vec<String>>,
    pub c: Vec<String>,
    pub public_signals: Vec<String>,
}

impl StatedProof {
    /// A proof for this witness, whose wires 1 to `public_count` are public.
    pub fn new(proof: &Proof, witness: &[u8], public_count: usize) -> Self {
        let (wires, _) = witness.as_chunks();
        Self {
            a: g1(&proof.a),
            b: g2(&proof.b),
            c: g1(&proof.c),
            public_signals: wires[1..=public_count].iter().map(scalar).collect(),
        }
    }

    /// Decodes the proof; `None` unless its numbers are canonical and its points are in their groups.
    pub fn proof(&self) -> Option<Proof> {
        let texts = [&self.a, &self.b.concat(), &self.c]
            .map(Vec::as_slice)
            .concat();
        let coordinates: Vec<_> = texts
            .iter()
            .map(|text| element::<Fq>(text).map(|v| v.into_bigint().0))
            .collect::<Option<_>>()?;
        Proof::from_coordinates(&coordinates.try_into().ok()?)
    }

    /// The constant 1 and the public signals, as wires; `None` unless all are canonical.
    pub fn signals(&self) -> Option<Vec<u8>> {
        let one = Some(BigInt::<4>::from(1_u8));
        let signals = self
            .public_signals
            .iter()
            .map(|text| element::<Fr>(text).map(Fr::into_bigint));
        let words: Vec<_> = std::iter::once(one).chain(signals).collect::<Option<_>>()?;
        Some(
            words
                .iter()
                .flat_map(|words| words.0)
                .flat_map(u64::to_le_bytes)
                .collect(),
        )
    }
}

/// Parses a decimal number below the field's order, without sign or leading zeros. (arkworks would reduce larger ones.)
fn element<F: PrimeField + FromStr>(text: &str) -> Option<F> {
    let value = F::from_str(text).ok()?;
    (value.to_string() == text).then_some(value)
}

fn g1(point: &G1Affine) -> Vec<String> {
    vec![point.x.to_string(), point.y.to_string()]
}

fn g2(point: &G2Affine) -> Vec<Vec<String>> {
    [point.x, point.y]
        .map(|coordinate| vec![coordinate.c0.to_string(), coordinate.c1.to_string()])
        .to_vec()
}

fn scalar(bytes: &[u8; SCALAR_BYTES]) -> String {
    let (words, _) = bytes.as_chunks();
    BigInt::<4>::new(std::array::from_fn(|i| u64::from_le_bytes(words[i]))).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_form() {
        assert_eq!(element::<Fr>("17"), Some(Fr::from(17)));
        let order = Fr::MODULUS.to_string();
        for text in ["", "-1", "+1", "01", " 1", "0x1", "1.0", &order] {
            assert_eq!(element::<Fr>(text), None, "{text}");
        }
    }

    #[test]
    fn scalars_are_plain_decimal_numbers() {
        let mut bytes = [0; SCALAR_BYTES];
        assert_eq!(scalar(&bytes), "0");
        bytes[0] = 255;
        assert_eq!(scalar(&bytes), "255");
        bytes[8] = 1;
        assert_eq!(scalar(&bytes), "18446744073709551871");
    }
}
