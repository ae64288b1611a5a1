//! Multiples of a group's generator. With signed digits and a table, a multiplication takes one addition per window,
//! and the additions of many multiplications are batched.

use ark_bn254::Fr;
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{AdditiveGroup, PrimeField, Zero};
use rayon::prelude::*;
use zeroize::{Zeroize, Zeroizing};

use crate::engine::{Engine, EnginePoint};
use crate::error::{Code, Error, Result};
use crate::formats::zkey_points::{g1_bytes, g2_bytes};
use crate::msm::digits::{SCALAR_BITS, signed_digits, window_count};
use crate::parallel::threads;
use crate::points::{G1, G2, Point};
use crate::prove::Cancel;

/// Multiplications per batch: few enough for sums and addends to stay in the L2 cache.
const BATCH: usize = 2048;
/// The table for wider windows would not fit into the L3 cache.
const MAX_WIDTH: u32 = 13;

/// A point that can be written to a `.zkey`.
pub trait ZkeyPoint: EnginePoint {
    /// Its length in the file.
    const BYTES: usize;
    /// Encodes a point.
    fn write(point: &Self::Affine, out: &mut [u8]);
}

impl ZkeyPoint for G1 {
    const BYTES: usize = 64;
    fn write(point: &Self::Affine, out: &mut [u8]) {
        out.copy_from_slice(&g1_bytes(point));
    }
}

impl ZkeyPoint for G2 {
    const BYTES: usize = 128;
    fn write(point: &Self::Affine, out: &mut [u8]) {
        out.copy_from_slice(&g2_bytes(point));
    }
}

/// The table of multiples for one group.
pub struct Generator<P> {
    width: u32,
    windows: u32,
    /// j · 2^(width·window) · generator at (j − 1) · windows + window, for j up to 2^(width − 1).
    multiples: Vec<P>,
}

impl<P: ZkeyPoint> Generator<P> {
    /// A table of the best size for the expected number of multiplications.
    pub fn new<E: Engine>(engine: E, expected: usize) -> Self {
        // Each table entry takes one addition to compute.
        let additions = |width: &u32| {
            window_count(SCALAR_BITS, *width) as usize * (expected + (1 << (width - 1)))
        };
        let width = (2..=MAX_WIDTH).min_by_key(additions).expect("not empty");
        let windows = window_count(SCALAR_BITS, width);
        let mut multiples = shifted_generators::<E, P>(engine, width, windows);
        for known in (0..width - 1).map(|bit| 1 << bit) {
            // Entry known + j is the sum of entries known and j, for all j up to known.
            let largest = &multiples[(known - 1) * windows as usize..];
            let mut next = multiples.clone();
            P::add_batch(engine, &mut next, &largest.repeat(known));
            multiples.append(&mut next);
        }
        Self {
            width,
            windows,
            multiples,
        }
    }

    /// Writes scalar · generator for every scalar, in the `.zkey` format. Zero gives the point at infinity.
    ///
    /// # Errors
    /// `Cancelled`.
    ///
    /// # Panics
    /// When `out` does not have the length of exactly as many points.
    pub fn multiply<E: Engine>(
        &self,
        engine: E,
        scalars: &[Fr],
        out: &mut [u8],
        cancel: Cancel<'_>,
    ) -> Result<()> {
        assert_eq!(out.len(), scalars.len() * P::BYTES);
        let batch = |(out, scalars): (&mut [u8], &[Fr])| {
            if cancel() {
                return Err(Error::new(Code::Cancelled, "cancelled"));
            }
            self.multiply_batch(engine, scalars, out);
            Ok(())
        };
        let bytes = BATCH * P::BYTES;
        match threads() {
            1 => out
                .chunks_mut(bytes)
                .zip(scalars.chunks(BATCH))
                .try_for_each(batch),
            _ => out
                .par_chunks_mut(bytes)
                .zip(scalars.par_chunks(BATCH))
                .try_for_each(batch),
        }
    }

    /// Skips zeros, which are common: many wires do not occur in one of the matrices.
    fn multiply_batch<E: Engine>(&self, engine: E, scalars: &[Fr], out: &mut [u8]) {
        let mut wanted = Zeroizing::new(Vec::with_capacity(scalars.len()));
        wanted.extend((0..scalars.len()).filter(|i| !scalars[*i].is_zero()));
        let count = wanted.len();
        let mut digits = Zeroizing::new(vec![0i32; self.windows as usize * count]);
        for (i, scalar) in wanted.iter().map(|i| &scalars[*i]).enumerate() {
            let mut plain = scalar.into_bigint().0;
            signed_digits(&plain, self.width, self.windows, |window, digit| {
                digits[window as usize * count + i] = digit;
            });
            plain.zeroize();
        }
        let mut sums = vec![P::INFINITY; count];
        let mut addends = sums.clone();
        for window in 0..self.windows as usize {
            let digits = &digits[window * count..][..count];
            for (addend, digit) in addends.iter_mut().zip(digits) {
                *addend = self.multiple(window, *digit);
            }
            P::add_batch(engine, &mut sums, &addends);
        }
        for (sum, i) in sums.iter().zip(wanted.iter()) {
            P::write(&engine.unpack(sum), &mut out[i * P::BYTES..][..P::BYTES]);
        }
    }

    #[inline]
    fn multiple(&self, window: usize, digit: i32) -> P {
        if digit == 0 {
            return P::INFINITY;
        }
        let row = digit.unsigned_abs() as usize - 1;
        let point = self.multiples[row * self.windows as usize + window];
        point.negated_if(digit < 0)
    }
}

/// 2^(width·window) · generator for every window.
fn shifted_generators<E: Engine, P: Point>(engine: E, width: u32, windows: u32) -> Vec<P> {
    let mut point = P::Affine::generator().into_group();
    let points: Vec<_> = (0..windows)
        .map(|_| {
            let this = point;
            (0..width).for_each(|_| {
                point.double_in_place();
            });
            this
        })
        .collect();
    P::Curve::normalize_batch(&points)
        .iter()
        .map(|point| engine.pack(point))
        .collect()
}

#[cfg(test)]
mod tests {
    use ark_ff::{Field, UniformRand};

    use super::*;
    use crate::engine::Portable;
    use crate::formats::zkey_points::{g1, g2};
    use crate::msm::tests::rng;

    fn scalars() -> Vec<Fr> {
        let mut rng = rng();
        let special = [0, 1, -1, 2, 64, -64, 65].map(Fr::from);
        let powers = (1..254).step_by(23).map(|bit| -Fr::from(2).pow([bit]));
        let random = (0..40).map(|_| Fr::rand(&mut rng));
        special.into_iter().chain(powers).chain(random).collect()
    }

    #[test]
    fn equals_arkworks_in_both_groups_at_several_widths() {
        let scalars = scalars();
        for expected in [1, 100, 5000] {
            let mut bytes = vec![0; scalars.len() * 64];
            let generator = Generator::<G1>::new(Portable, expected);
            generator
                .multiply(Portable, &scalars, &mut bytes, &|| false)
                .unwrap();
            for (scalar, bytes) in scalars.iter().zip(bytes.as_chunks().0) {
                let expected = ark_bn254::G1Affine::generator() * scalar;
                assert_eq!(g1(bytes), expected.into_affine());
            }
        }
        let mut bytes = vec![0; scalars.len() * 128];
        Generator::<G2>::new(Portable, 300)
            .multiply(Portable, &scalars, &mut bytes, &|| false)
            .unwrap();
        for (scalar, bytes) in scalars.iter().zip(bytes.as_chunks().0) {
            let expected = ark_bn254::G2Affine::generator() * scalar;
            assert_eq!(g2(bytes), expected.into_affine());
        }
    }

    #[test]
    fn stops_when_cancelled() {
        let generator = Generator::<G1>::new(Portable, 1);
        let error = generator.multiply(Portable, &[Fr::from(1)], &mut [0; 64], &|| true);
        assert_eq!(error.unwrap_err().code, Code::Cancelled);
    }
}
