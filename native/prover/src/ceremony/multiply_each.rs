//! Many points of G1, each times its own public scalar. Not constant-time.
//!
//! A scalar is split in two of half the length by the curve's endomorphism φ, whose value costs one multiplication, and
//! both into signed digits. The doublings and additions of a block are batched.

use ark_bn254::{Fr, g1};
use ark_ec::AffineRepr;
use ark_ec::scalar_mul::glv::GLVConfig;
use ark_ff::PrimeField;

use crate::engine::{Addend, Engine};
use crate::msm::digits::signed_digits;
use crate::points::{G1, Point};

/// Bits per digit.
const WIDTH: u32 = 4;
/// The halves are below 2^126.
const WINDOWS: u32 = 32;
/// The multiples 1·P, …, 8·P.
const MULTIPLES: usize = 1 << (WIDTH - 1);
/// Points whose multiples are stored together: few enough for the L2 cache.
pub const TOGETHER: usize = 1024;

/// A scalar's digits, lowest first: of its part without the endomorphism, and of its part with it.
pub struct SplitScalar([[i8; WINDOWS as usize]; 2]);

impl SplitScalar {
    /// Splits a scalar.
    pub fn of(scalar: Fr) -> Self {
        let (one, other) = g1::Config::scalar_decomposition(scalar);
        Self([one, other].map(|(positive, half)| {
            let mut digits = [0; WINDOWS as usize];
            signed_digits(&half.into_bigint().0, WIDTH, WINDOWS, |window, digit| {
                digits[window as usize] = if positive { digit as i8 } else { -digit as i8 };
            });
            digits
        }))
    }
}

/// Replaces points[i] by scalar(i)·points[i].
///
/// # Panics
/// When there are more than [`TOGETHER`] points.
pub fn multiply_each<'a, E: Engine>(
    engine: E,
    points: &mut [G1],
    scalar: impl Fn(usize) -> &'a SplitScalar,
) {
    assert!(points.len() <= TOGETHER);
    let count = points.len();
    let multiples = multiples(engine, points);
    points.fill(G1::INFINITY);
    let mut addends = Vec::with_capacity(count);
    for window in (0..WINDOWS as usize).rev() {
        engine.double_g1(points, WIDTH);
        for half in 0..2 {
            addends.clear();
            for i in 0..count {
                let digit = scalar(i).0[half][window];
                if digit != 0 {
                    let row = half * MULTIPLES + digit.unsigned_abs() as usize - 1;
                    addends.push(Addend::new(i as u32, row * count + i, digit < 0));
                }
            }
            engine.accumulate_g1(points, &addends, &multiples);
        }
    }
}

/// Row after row: 1·P, …, 8·P of all points, then φ of those.
fn multiples<E: Engine>(engine: E, points: &[G1]) -> Vec<G1> {
    let count = points.len();
    let mut multiples = Vec::with_capacity(2 * MULTIPLES * count);
    multiples.extend_from_slice(points);
    for k in 2..=MULTIPLES {
        let before = if k % 2 == 0 { k / 2 } else { k - 1 };
        let start = multiples.len();
        multiples.extend_from_within((before - 1) * count..before * count);
        match k % 2 {
            0 => engine.double_g1(&mut multiples[start..], 1),
            _ => engine.add_g1(&mut multiples[start..], points),
        }
    }
    for i in 0..MULTIPLES * count {
        let mapped = match engine.unpack(&multiples[i]) {
            point if point.is_zero() => point,
            point => g1::Config::endomorphism_affine(&point),
        };
        multiples.push(engine.pack(&mapped));
    }
    multiples
}

#[cfg(test)]
mod tests {
    use ark_ec::CurveGroup;
    use ark_ff::UniformRand;

    use super::*;
    use crate::engine::Portable;
    use crate::msm::tests::{multiples as some_points, rng};

    #[test]
    fn products_are_those_of_arkworks() {
        let mut rng = rng();
        let mut scalars: Vec<Fr> = [0, 1, -1, 2, -8, 9].map(Fr::from).to_vec();
        scalars.push(<g1::Config as GLVConfig>::LAMBDA);
        scalars.extend((0..40).map(|_| Fr::rand(&mut rng)));
        let mut points: Vec<G1> = some_points(Portable, scalars.len());
        points[9] = G1::INFINITY;
        let split: Vec<_> = scalars
            .iter()
            .map(|scalar| SplitScalar::of(*scalar))
            .collect();
        let mut products = points.clone();
        multiply_each(Portable, &mut products, |i| &split[i]);
        for ((point, product), scalar) in points.iter().zip(&products).zip(scalars) {
            let expected = Portable.unpack(point) * scalar;
            assert_eq!(Portable.unpack(product), expected.into_affine());
        }
    }
}
