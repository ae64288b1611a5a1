//! Conversion of a key's points to and from arkworks. Both use Montgomery form with radix 2^256.

use ark_bn254::{Fq, Fq2, G1Affine, G2Affine};
use ark_ec::AffineRepr;
use ark_ff::BigInt;

use super::ELEMENT_BYTES;
use super::container::{Format, words};
use super::zkey::{G1Bytes, G2Bytes, Zkey};
use crate::error::Result;

/// Decodes a point of G1, without checking that it is on the curve.
pub fn g1(bytes: &G1Bytes) -> G1Affine {
    match coordinates(bytes) {
        None => G1Affine::identity(),
        Some([x, y]) => G1Affine::new_unchecked(x, y),
    }
}

/// Decodes a point of G2, without checking that it is on the curve.
pub fn g2(bytes: &G2Bytes) -> G2Affine {
    match coordinates(bytes) {
        None => G2Affine::identity(),
        Some([x0, x1, y0, y1]) => G2Affine::new_unchecked(Fq2::new(x0, x1), Fq2::new(y0, y1)),
    }
}

/// Encodes a point of G1.
pub fn g1_bytes(point: &G1Affine) -> G1Bytes {
    let mut out = [0; 64];
    if let Some((x, y)) = point.xy() {
        write_coordinates(&mut out, &[x, y]);
    }
    out
}

/// Encodes a point of G2.
pub fn g2_bytes(point: &G2Affine) -> G2Bytes {
    let mut out = [0; 128];
    if let Some((x, y)) = point.xy() {
        write_coordinates(&mut out, &[x.c0, x.c1, y.c0, y.c1]);
    }
    out
}

/// The points a verifier needs, and the three G1 points used for blinding. All are on their curve and in the subgroup
/// of order r.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderPoints {
    /// α in G1.
    pub alpha1: G1Affine,
    /// β in G1.
    pub beta1: G1Affine,
    /// δ in G1.
    pub delta1: G1Affine,
    /// β in G2.
    pub beta2: G2Affine,
    /// γ in G2.
    pub gamma2: G2Affine,
    /// δ in G2.
    pub delta2: G2Affine,
    /// The public query, `n_public + 1` points.
    pub ic: Vec<G1Affine>,
}

impl Zkey<'_> {
    /// Decodes and checks the header's points and the public query.
    ///
    /// # Errors
    /// `BadKey` when a point is not in its group, or a header point is infinite.
    pub fn header_points(&self) -> Result<HeaderPoints> {
        Ok(HeaderPoints {
            alpha1: finite(checked_g1(self.alpha1, "alpha1")?, "alpha1")?,
            beta1: finite(checked_g1(self.beta1, "beta1")?, "beta1")?,
            delta1: finite(checked_g1(self.delta1, "delta1")?, "delta1")?,
            beta2: finite(checked_g2(self.beta2, "beta2")?, "beta2")?,
            gamma2: finite(checked_g2(self.gamma2, "gamma2")?, "gamma2")?,
            delta2: finite(checked_g2(self.delta2, "delta2")?, "delta2")?,
            ic: self
                .ic
                .iter()
                .map(|point| checked_g1(point, "a point of the public query"))
                .collect::<Result<_>>()?,
        })
    }
}

/// G1 is the whole curve: its cofactor is 1.
fn checked_g1(bytes: &G1Bytes, name: &str) -> Result<G1Affine> {
    let point = g1(bytes);
    match point.is_on_curve() {
        true => Ok(point),
        false => Err(Format::ZKEY.refuse(format_args!("{name} is not on the curve"))),
    }
}

fn checked_g2(bytes: &G2Bytes, name: &str) -> Result<G2Affine> {
    let point = g2(bytes);
    match point.is_on_curve() && point.is_in_correct_subgroup_assuming_on_curve() {
        true => Ok(point),
        false => Err(Format::ZKEY.refuse(format_args!("{name} is not in its group"))),
    }
}

fn finite<P: AffineRepr>(point: P, name: &str) -> Result<P> {
    match point.is_zero() {
        false => Ok(point),
        true => Err(Format::ZKEY.refuse(format_args!("{name} is the point at infinity"))),
    }
}

/// `None` for all zeros. [`Zkey::read`] has checked that a key's coordinates are canonical; other bytes may give points
/// off the curve, but do no other harm.
fn coordinates<const N: usize, const M: usize>(bytes: &[u8; M]) -> Option<[Fq; N]> {
    let (chunks, _) = bytes.as_chunks::<ELEMENT_BYTES>();
    let coordinates = std::array::from_fn(|i| words(&chunks[i]));
    match coordinates.as_flattened().iter().all(|word| *word == 0) {
        true => None,
        false => Some(coordinates.map(|words| Fq::new_unchecked(BigInt(words)))),
    }
}

fn write_coordinates(out: &mut [u8], coordinates: &[Fq]) {
    let words = coordinates.iter().flat_map(|coordinate| coordinate.0.0);
    for (out, word) in out.as_chunks_mut().0.iter_mut().zip(words) {
        *out = word.to_le_bytes();
    }
}
