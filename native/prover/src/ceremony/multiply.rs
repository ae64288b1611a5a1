//! Points times a secret scalar.

use ark_bn254::Fr;
use ark_ec::CurveGroup;
use ark_ff::{BigInt, BigInteger, PrimeField};
use zeroize::Zeroizing;

/// Digits are odd and below 2^(WIDTH − 1).
const WIDTH: usize = 4;
/// The multiples 1·P, 3·P, … of a point.
pub const MULTIPLES: usize = 1 << (WIDTH - 2);

/// A scalar has 254 bits, and the last digit may carry.
const MAX_DIGITS: usize = 255;

/// A scalar as signed digits (width-4 non-adjacent form), lowest first. Overwritten when dropped.
pub struct Digits(Zeroizing<Vec<i64>>);

impl Digits {
    /// The digits of a scalar.
    pub fn of(scalar: &Fr) -> Self {
        let mut plain = scalar.into_bigint();
        // Allocated once, since a growing vector leaves copies behind.
        let mut digits = Zeroizing::new(Vec::with_capacity(MAX_DIGITS));
        while !plain.is_zero() {
            let low = (plain.0[0] & ((1 << WIDTH) - 1)) as i64;
            let digit = match low {
                even if even % 2 == 0 => 0,
                small if small < 1 << (WIDTH - 1) => small,
                large => large - (1 << WIDTH),
            };
            let magnitude = BigInt::from(digit.unsigned_abs());
            match digit < 0 {
                true => plain.add_with_carry(&magnitude),
                false => plain.sub_with_borrow(&magnitude),
            };
            digits.push(digit);
            plain.div2();
        }
        Self(digits)
    }

    /// Number of digits.
    #[expect(clippy::len_without_is_empty, reason = "nobody asks")]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The digit of weight 2^at.
    pub fn at(&self, at: usize) -> i64 {
        self.0.get(at).copied().unwrap_or(0)
    }

    /// Scalar · point, for a single point; see [`super::shared_scalar`] for many.
    pub fn times<C: CurveGroup>(&self, point: C::Affine) -> C::Affine {
        let mut multiple: C = point.into();
        let twice = multiple.double();
        let multiples: [C; MULTIPLES] = std::array::from_fn(|i| {
            if i > 0 {
                multiple += twice;
            }
            multiple
        });
        let mut sum = C::zero();
        for digit in self.0.iter().rev() {
            sum.double_in_place();
            let multiple = || multiples[digit.unsigned_abs() as usize / 2];
            match digit.signum() {
                1 => sum += multiple(),
                -1 => sum -= multiple(),
                _ => {}
            }
        }
        sum.into_affine()
    }
}

#[cfg(test)]
mod tests {
    use ark_bn254::{G1Affine, G1Projective, G2Affine, G2Projective};
    use ark_ff::UniformRand;

    use super::*;
    use crate::msm::tests::rng;

    #[test]
    fn multiplies_as_the_definition_says() {
        let mut rng = rng();
        let scalars = [1, 2, 31].map(Fr::from).into_iter();
        for scalar in scalars.chain([-Fr::from(1), Fr::rand(&mut rng)]) {
            let digits = Digits::of(&scalar);
            assert!(digits.len() <= MAX_DIGITS);
            for point in [G1Affine::identity(), G1Affine::rand(&mut rng)] {
                let product = digits.times::<G1Projective>(point);
                assert_eq!(product, (point * scalar).into_affine());
            }
            let point = G2Affine::rand(&mut rng);
            let product = digits.times::<G2Projective>(point);
            assert_eq!(product, (point * scalar).into_affine());
        }
    }
}
