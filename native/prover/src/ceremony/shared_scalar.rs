//! Many points of G1 times one secret scalar, a block at a time: all points of a block take the same steps, so that
//! every doubling and addition shares one inversion with the whole block.
//!
//! The curve has an endomorphism φ(x, y) = (βx, y) = λ·(x, y). With k = k₁ + λ·k₂ and |kᵢ| below 2^128 (Gallant,
//! Lambert, Vanstone), k·P = k₁·P + k₂·φ(P) takes half the doublings.
//!
//! Which steps are taken depends on the scalar: neither time nor memory accesses are independent of it. The scalar, its
//! halves and their digits are overwritten after use, and so are the sums; the scratch memory of single additions is
//! not.

use ark_bn254::{Fq, Fr, g1::Config};
use ark_ec::scalar_mul::glv::GLVConfig;
use ark_ff::{BigInt, PrimeField};
use bytemuck::cast_slice_mut;
use rayon::prelude::*;
use zeroize::Zeroize;

use super::multiply::{Digits, MULTIPLES};
use crate::engine::Engine;
use crate::error::{Code, Error, Result};
use crate::formats::zkey::G1Bytes;
use crate::formats::zkey_points::{g1, g1_bytes};
use crate::parallel::threads;
use crate::points::{G1, Point, Words};
use crate::prove::Cancel;

/// Points that share an inversion: with their multiples, they fit the L2 cache.
const BATCH: usize = 1024;

/// The lattice of (a, b) with a + λ·b = 0 has the basis (N11, −N12), (N12, N22).
const N12: Words = [0x89d3_2568_94d2_13e3, 0, 0, 0];
const N22: Words = [0x0be4_e154_1221_250b, 0x6f4d_8248_eeb8_59fd, 0, 0];
/// N22 · 2^256 / r and N12 · 2^256 / r, rounded.
const RATIOS: [Words; 2] = [
    [0x5398_fd03_00ff_6565, 0x4cce_f014_a773_d2d2, 2, 0],
    [0xd91d_232e_c7e0_b3d7, 2, 0, 0],
];

/// A scalar as two short ones, in signed digits. Overwritten when dropped.
pub struct SharedScalar {
    halves: [Half; 2],
}

struct Half {
    negative: bool,
    digits: Digits,
}

impl SharedScalar {
    /// Splits a scalar.
    pub fn of(scalar: &Fr) -> Self {
        let mut halves = split(scalar);
        let shared = Self {
            halves: halves.map(|(negative, magnitude)| Half {
                negative,
                digits: Digits::of(&magnitude),
            }),
        };
        halves.iter_mut().for_each(|half| half.1.zeroize());
        shared
    }

    /// Replaces every point, in the `.zkey` format, by scalar · point, with as many threads as the pool has. The points
    /// must be on the curve.
    ///
    /// # Errors
    /// `Cancelled`.
    pub fn multiply<E: Engine>(
        &self,
        engine: E,
        records: &mut [G1Bytes],
        cancel: Cancel<'_>,
    ) -> Result<()> {
        let batch = |records: &mut [G1Bytes]| {
            if cancel() {
                return Err(Error::new(Code::Cancelled, "cancelled"));
            }
            let mut points: Vec<G1> = records.iter().map(|r| engine.pack(&g1(r))).collect();
            self.multiply_batch(engine, &mut points);
            for (record, point) in records.iter_mut().zip(&points) {
                *record = g1_bytes(&engine.unpack(point));
            }
            Ok(())
        };
        match threads() {
            1 => records.chunks_mut(BATCH).try_for_each(batch),
            _ => records.par_chunks_mut(BATCH).try_for_each(batch),
        }
    }

    fn multiply_batch<E: Engine>(&self, engine: E, points: &mut [G1]) {
        let multiples = odd_multiples(engine, points);
        let images = multiples.each_ref().map(|row| images(row));
        let tables = [&multiples, &images];
        let sums = points;
        sums.fill(G1::INFINITY);
        let mut started = false;
        let mut pending = 0;
        let mut negated = Vec::with_capacity(sums.len());
        let length = self.halves.iter().map(|half| half.digits.len()).max();
        for at in (0..length.unwrap_or(0)).rev() {
            pending += u32::from(started);
            for (half, table) in self.halves.iter().zip(tables) {
                let digit = half.digits.at(at);
                if digit == 0 {
                    continue;
                }
                let row = &table[digit.unsigned_abs() as usize / 2];
                let addends = if (digit < 0) != half.negative {
                    negated.clear();
                    negated.extend(row.iter().map(|point| point.negated_if(true)));
                    &negated
                } else {
                    row
                };
                if started {
                    engine.double_g1(sums, pending);
                    engine.add_g1(sums, addends);
                } else {
                    sums.copy_from_slice(addends);
                }
                started = true;
                pending = 0;
            }
        }
        engine.double_g1(sums, pending);
        cast_slice_mut::<G1, u64>(&mut negated).zeroize();
    }
}

/// P, 3P, 5P, … for every point.
fn odd_multiples<E: Engine>(engine: E, points: &[G1]) -> [Vec<G1>; MULTIPLES] {
    let mut twice = points.to_vec();
    engine.double_g1(&mut twice, 1);
    let mut last = points.to_vec();
    std::array::from_fn(|i| {
        if i > 0 {
            engine.add_g1(&mut last, &twice);
        }
        last.clone()
    })
}

/// φ of every point. Multiplying by a constant in arkworks' Montgomery form keeps the form of the other factor.
fn images(points: &[G1]) -> Vec<G1> {
    let beta = Config::ENDO_COEFFS[0];
    let image = |point: &G1| G1 {
        x: (Fq::new_unchecked(BigInt(point.x)) * beta).0.0,
        y: point.y,
    };
    points.iter().map(image).collect()
}

/// k₁ and k₂ with k = k₁ + λ·k₂, as signs and magnitudes. The equation holds by construction; the ratios' accuracy only
/// decides how short they are.
fn split(scalar: &Fr) -> [(bool, Fr); 2] {
    let element = |words: Words| Fr::from_bigint(BigInt(words)).expect("small");
    let mut plain = scalar.into_bigint().0;
    let mut parts = RATIOS.map(|ratio| element(high_words(&plain, &ratio)));
    let mut second = parts[0] * element(N12) - parts[1] * element(N22);
    let mut first = *scalar - second * Config::LAMBDA;
    let halves = [first, second].map(|half| {
        let negative = half.into_bigint() > Fr::MODULUS_MINUS_ONE_DIV_TWO;
        (negative, if negative { -half } else { half })
    });
    plain.zeroize();
    parts.zeroize();
    first.zeroize();
    second.zeroize();
    halves
}

/// ⌊a·b / 2^256⌋.
fn high_words(a: &Words, b: &Words) -> Words {
    let mut product = [0u64; 8];
    for i in 0..4 {
        let mut carry = 0;
        for j in 0..4 {
            let sum = u128::from(a[i]) * u128::from(b[j]) + u128::from(product[i + j]) + carry;
            product[i + j] = sum as u64;
            carry = sum >> 64;
        }
        product[i + 4] = carry as u64;
    }
    let high = [product[4], product[5], product[6], product[7]];
    product.zeroize();
    high
}

#[cfg(test)]
mod tests {
    use ark_bn254::G1Affine;
    use ark_ec::{AffineRepr, CurveGroup};
    use ark_ff::{Field, UniformRand};

    use super::*;
    use crate::engine::{EngineChoice, Portable, WithEngine};
    use crate::msm::tests::rng;
    use crate::parallel::with_threads;

    fn scalars() -> Vec<Fr> {
        let mut rng = rng();
        let small = [1, 2, 3, 7, 8, 31].map(Fr::from);
        let special = [-Fr::from(1), -Fr::from(8), Config::LAMBDA, -Config::LAMBDA];
        let powers = [64, 127, 128, 253].map(|bit| Fr::from(2).pow([bit]));
        let random = (0..3).map(|_| Fr::rand(&mut rng));
        small
            .into_iter()
            .chain(special)
            .chain(powers)
            .chain(random)
            .collect()
    }

    /// Points, scalars and a number of threads.
    struct Compare<'a>(&'a [G1Affine], &'a [Fr], usize);

    impl WithEngine for Compare<'_> {
        type Output = ();

        fn run<E: Engine>(self, engine: E) {
            let Self(points, scalars, threads) = self;
            for scalar in scalars {
                let shared = SharedScalar::of(scalar);
                let mut records: Vec<_> = points.iter().map(g1_bytes).collect();
                with_threads(threads, || {
                    shared.multiply(engine, &mut records, &|| false).unwrap();
                });
                for (point, record) in points.iter().zip(&records) {
                    assert_eq!((*point * scalar).into_affine(), g1(record), "{scalar}");
                }
            }
        }
    }

    #[test]
    fn multiplies_as_the_definition_says() {
        let mut rng = rng();
        let mut points = vec![G1Affine::identity(), G1Affine::generator()];
        points.extend((0..BATCH + 9).map(|_| G1Affine::rand(&mut rng)));
        points.push(G1Affine::identity());
        let scalars = scalars();
        for scalars in [&scalars, &scalars[..1]] {
            Compare(&points[..21], scalars, 1).run(Portable);
            let auto = EngineChoice::Auto.with(Compare(&points[..21], scalars, 1));
            auto.unwrap();
        }
        let random = &scalars[scalars.len() - 1..];
        Compare(&points, random, 2).run(Portable);
        EngineChoice::Auto
            .with(Compare(&points, random, 2))
            .unwrap();
    }

    #[test]
    fn halves_are_short_and_add_up() {
        let mut rng = rng();
        let random = (0..2000).map(|_| Fr::rand(&mut rng));
        for scalar in scalars().into_iter().chain(random) {
            let signed = split(&scalar).map(|(negative, half)| {
                assert!(half.into_bigint().0[2..] == [0, 0], "{scalar}: {half}");
                if negative { -half } else { half }
            });
            assert_eq!(signed[0] + Config::LAMBDA * signed[1], scalar);
        }
    }

    #[test]
    fn stops_when_told_to() {
        let shared = SharedScalar::of(&Fr::from(3));
        let stopped = shared.multiply(Portable, &mut [[0; 64]; 3], &|| true);
        assert_eq!(stopped.unwrap_err().code, Code::Cancelled);
    }
}
