//! Whether points of the curve that G2 lies on are in G2, many at a time.

use ark_bn254::G2Affine;
use ark_ec::CurveGroup;

use super::random_combination::{combine, random_small};
use crate::engine::Engine;
use crate::error::Result;
use crate::formats::zkey::G2Bytes;
use crate::formats::zkey_points::g2;
use crate::points::G2;
use crate::prove::Cancel;

/// The order of the curve that G2 lies on is r · 10069 · 5864401 · …, so for a point outside G2, at most one of 2^13
/// factors puts a sum into G2, whatever the other summands are. Eleven sums miss it with probability 2^-143.
const SUMS: usize = 11;
const FACTOR_BITS: u32 = 13;

/// Whether points on the curve are all in G2.
///
/// # Errors
/// `Cancelled`; `System` when there is no randomness.
pub fn all_in_g2<E: Engine>(engine: E, points: &[G2Bytes], cancel: Cancel<'_>) -> Result<bool> {
    let inside = |point: &G2Affine| point.is_in_correct_subgroup_assuming_on_curve();
    if points.len() <= SUMS {
        return Ok(points.iter().all(|bytes| inside(&g2(bytes))));
    }
    let read = |bytes: &G2Bytes| engine.pack::<G2>(&g2(bytes));
    for _ in 0..SUMS {
        let factors = random_small(points.len(), FACTOR_BITS)?;
        let sum = combine(engine, points, read, &factors, FACTOR_BITS, cancel)?;
        if !inside(&sum.into_affine()) {
            return Ok(false);
        }
    }
    Ok(true)
}
