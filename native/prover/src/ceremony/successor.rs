//! Whether a key continues another by contributions.

use ark_bn254::{Bn254, G1Projective, G2Affine};
use ark_ec::pairing::Pairing;
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::Zero;

use super::point_faults::{Fault, off_curve};
use super::random_combination::{combine, random_scalars};
use crate::engine::{Engine, EngineChoice, WithEngine};
use crate::error::Result;
use crate::formats::container::Format;
use crate::formats::zkey::{G1Bytes, G2Bytes, Zkey};
use crate::formats::zkey_points::{g1, g2};
use crate::parallel::with_threads;
use crate::points::G1;
use crate::prove::Cancel;

/// Bits of a random factor.
const FACTOR_BITS: u32 = 128;

/// The first of "C" and "H" whose points are not those of `before` divided by the factor between the two δ in G2.
///
/// Compares one combination of all points with random factors of 128 bits. If a point is another than it should be, the
/// equation holds for at most one value of its factor, whatever the others are: with probability 2^-128. That needs the
/// points to be on the curve, which the caller checks ([`super::point_faults`]).
///
/// # Errors
/// `BadKey` when a file has another layout or another shape than the other, or a δ is not in its group; `Cancelled`;
/// `System` when there is no randomness.
pub fn find_undivided(
    before: &[u8],
    after: &[u8],
    threads: usize,
    cancel: Cancel<'_>,
) -> Result<Option<&'static str>> {
    let (before, after) = (Zkey::read_layout(before)?, Zkey::read_layout(after)?);
    if before.shape != after.shape {
        return Err(Format::ZKEY.refuse("the keys have different shapes"));
    }
    let find = Find {
        before,
        after,
        cancel,
    };
    with_threads(threads, || EngineChoice::Auto.with(find))?
}

struct Find<'a> {
    before: Zkey<'a>,
    after: Zkey<'a>,
    cancel: Cancel<'a>,
}

impl WithEngine for Find<'_> {
    type Output = Result<Option<&'static str>>;

    fn run<E: Engine>(self, engine: E) -> Self::Output {
        let Self {
            before,
            after,
            cancel,
        } = self;
        let deltas = [delta(before.delta2)?, delta(after.delta2)?];
        for (part, one, other) in [("C", before.c, after.c), ("H", before.h, after.h)] {
            // Other readers may take a coordinate modulo p; this one refuses it.
            if [one, other]
                .iter()
                .any(|points| off_curve(points, |_| true) == Some(Fault::Coordinate))
            {
                return Ok(Some(part));
            }
            let factors = random_scalars(one.len())?;
            let read = |bytes: &G1Bytes| engine.pack::<G1>(&g1(bytes));
            let sum =
                |points: &[G1Bytes]| combine(engine, points, read, &factors, FACTOR_BITS, cancel);
            if !same_product(sum(one)?, deltas[0], sum(other)?, deltas[1]) {
                return Ok(Some(part));
            }
        }
        Ok(None)
    }
}

/// A δ, checked to be in its group.
///
/// # Errors
/// `BadKey`.
pub fn delta(bytes: &G2Bytes) -> Result<G2Affine> {
    let point = g2(bytes);
    let inside = point.is_on_curve() && point.is_in_correct_subgroup_assuming_on_curve();
    match inside && !point.is_zero() {
        true => Ok(point),
        false => Err(Format::ZKEY.refuse("delta2 is not in its group")),
    }
}

/// Whether e(a, b) = e(c, d).
pub fn same_product(a: G1Projective, b: G2Affine, c: G1Projective, d: G2Affine) -> bool {
    Bn254::multi_pairing([a.into_affine(), (-c).into_affine()], [b, d]).is_zero()
}

#[cfg(test)]
mod tests {
    use ark_bn254::{Fr, G2Projective};
    use ark_ff::Field;

    use super::super::multiply::Digits;
    use super::super::shared_scalar::SharedScalar;
    use super::*;
    use crate::engine::Portable;
    use crate::error::Code;
    use crate::formats::container::Sections;
    use crate::formats::zkey::section;
    use crate::formats::zkey_draft::HeaderField;
    use crate::formats::zkey_points::g2_bytes;
    use crate::setup::sample_key::sample_key as key;

    /// Changes a section of a key.
    fn with(mut key: Vec<u8>, id: u32, change: impl FnOnce(&mut [u8])) -> Vec<u8> {
        let found = Sections::read(&key, Format::ZKEY)
            .unwrap()
            .find(id)
            .unwrap();
        let start = found.as_ptr().addr() - key.as_ptr().addr();
        let range = start..start + found.len();
        change(&mut key[range]);
        key
    }

    fn contributed(key: Vec<u8>, factor: Fr) -> Vec<u8> {
        let divide = SharedScalar::of(&factor.inverse().unwrap());
        let mut key = with(key, section::HEADER, |header| {
            let delta = HeaderField::DELTA2.in_header(header);
            let old = g2((&*delta).try_into().unwrap());
            let new = Digits::of(&factor).times::<G2Projective>(old);
            delta.copy_from_slice(&g2_bytes(&new));
        });
        for id in [section::C, section::H] {
            key = with(key, id, |points| {
                let points = points.as_chunks_mut().0;
                divide.multiply(Portable, points, &|| false).unwrap();
            });
        }
        key
    }

    fn undivided(before: &[u8], after: &[u8]) -> Option<&'static str> {
        find_undivided(before, after, 2, &|| false).unwrap()
    }

    #[test]
    fn accepts_what_was_divided_and_nothing_else() {
        let before = key();
        let after = contributed(before.clone(), Fr::from(123_456_789));
        assert_eq!(undivided(&before, &before), None);
        assert_eq!(undivided(&before, &after), None);
        assert_eq!(undivided(&after, &before), None);
        for (id, part) in [(section::C, "C"), (section::H, "H")] {
            let swapped = with(after.clone(), id, |points| points[..192].rotate_left(64));
            let large = with(after.clone(), id, |points| points[64..96].fill(0xff));
            let other = with(after.clone(), id, |points| {
                points[..64].copy_from_slice(&crate::formats::zkey_points::g1_bytes(
                    &ark_bn254::G1Affine::generator(),
                ));
            });
            for changed in [swapped, large, other] {
                assert_eq!(undivided(&before, &changed), Some(part));
                assert_eq!(undivided(&changed, &before), Some(part));
            }
        }
        let other = contributed(before.clone(), Fr::from(7));
        let mixed = with(other, section::HEADER, |header| {
            let delta = HeaderField::DELTA2.in_header(header);
            delta.copy_from_slice(Zkey::read(&after).unwrap().delta2);
        });
        assert_eq!(undivided(&before, &mixed), Some("C"));
    }

    #[test]
    fn refuses_a_delta_outside_its_group_and_stops_when_told_to() {
        let before = key();
        let off = with(before.clone(), section::HEADER, |header| {
            HeaderField::DELTA2.in_header(header)[0] ^= 1;
        });
        let refused = find_undivided(&before, &off, 1, &|| false).unwrap_err();
        assert_eq!(refused.code, Code::BadKey);
        let stopped = find_undivided(&before, &before, 1, &|| true).unwrap_err();
        assert_eq!(stopped.code, Code::Cancelled);
    }
}
