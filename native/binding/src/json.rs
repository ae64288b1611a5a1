//! Field elements as decimal strings and points as lists of them, from which JavaScript makes snarkjs's JSON.

use ark_bn254::{Fq, Fr, G1Affine, G2Affine};
use ark_ff::{BigInt, PrimeField};
use napi_derive::napi;
use quietproof_prover::formats::zkey_points::HeaderPoints;
use quietproof_prover::points::Words;
use quietproof_prover::proof::{Proof, g1_from_coordinates, g2_from_coordinates};
use quietproof_prover::verify::KeyPoints;

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

    /// Decodes an untrusted key; `None` unless its numbers are canonical and its points are in their groups.
    pub fn points(&self) -> Option<KeyPoints> {
        if self.ic.is_empty() {
            return None;
        }
        Some(KeyPoints {
            alpha: g1_from_coordinates(coordinates(&self.alpha1)?)?,
            beta: g2_from_coordinates(coordinates(&self.beta2.concat())?)?,
            gamma: g2_from_coordinates(coordinates(&self.gamma2.concat())?)?,
            delta: g2_from_coordinates(coordinates(&self.delta2.concat())?)?,
            ic: self
                .ic
                .iter()
                .map(|point| g1_from_coordinates(coordinates(point)?))
                .collect::<Option<_>>()?,
        })
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
        Proof::from_coordinates(&coordinates(&texts)?)
    }

    /// The constant 1 and the public signals, as wires; `None` unless all are canonical.
    pub fn signals(&self) -> Option<Vec<u8>> {
        let one = Some(BigInt::<4>::from(1_u8));
        let signals = self
            .public_signals
            .iter()
            .map(|text| element::<Fr>(text).map(BigInt));
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

/// Exactly `N` coordinates.
fn coordinates<const N: usize>(texts: &[String]) -> Option<[Words; N]> {
    let words: Vec<Words> = texts
        .iter()
        .map(|text| element::<Fq>(text))
        .collect::<Option<_>>()?;
    words.try_into().ok()
}

/// Digits that fit a word.
const DIGITS_AT_ONCE: usize = 19;

/// Parses a decimal number below the field's order, without sign or leading zeros. (arkworks would reduce larger ones.)
fn element<F: PrimeField<BigInt = BigInt<4>>>(text: &str) -> Option<Words> {
    let digits = text.as_bytes();
    if digits.is_empty() || (digits[0] == b'0' && digits.len() > 1) {
        return None;
    }
    let mut value = [0; 4];
    for chunk in digits.chunks(DIGITS_AT_ONCE) {
        let mut number: u64 = 0;
        for digit in chunk {
            number = number * 10 + u64::from(digit.checked_sub(b'0').filter(|digit| *digit < 10)?);
        }
        let mut carry = u128::from(number);
        let factor = u128::from(10_u64.pow(chunk.len() as u32));
        for word in &mut value {
            carry += u128::from(*word) * factor;
            *word = carry as u64;
            carry >>= 64;
        }
        if carry != 0 {
            return None;
        }
    }
    (BigInt(value) < F::MODULUS).then_some(value)
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
    use ark_ff::Field;

    use super::*;

    #[test]
    fn numbers_have_one_form() {
        assert_eq!(element::<Fr>("0"), Some([0; 4]));
        assert_eq!(element::<Fr>("17"), Some([17, 0, 0, 0]));
        let order = Fr::MODULUS.to_string();
        let too_long = format!("{order}0");
        let above = (BigInt::<4>([u64::MAX; 4])).to_string();
        for text in [
            "", "-1", "+1", "01", "00", " 1", "0x1", "1.0", "1:", "1/", &order, &too_long, &above,
        ] {
            assert_eq!(element::<Fr>(text), None, "{text}");
        }
        let mut largest = Fr::MODULUS;
        largest.0[0] -= 1;
        assert_eq!(element::<Fr>(&largest.to_string()), Some(largest.0));
        // Chunks whose digits begin with zeros.
        for power in 0..77 {
            let value = Fq::from(10).pow([power]);
            let (text, words) = (value.to_string(), value.into_bigint().0);
            assert_eq!(element::<Fq>(&text), Some(words), "{text}");
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
