//! Affine points in the format used in memory and in the key cache: packed, one or two cache lines each.
//!
//! Coordinates are canonical (below the modulus) and in Montgomery form with a radix of 2^256 or more, which the
//! caller chooses. All zeros is the point at infinity: (0, 0) is on neither curve.

use ark_bn254::{Fq, Fq2, G1Affine, G1Projective, G2Affine, G2Projective};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{AdditiveGroup, BigInt, BigInteger, PrimeField};
use bytemuck::{Pod, Zeroable};

/// A base-field element: four little-endian words.
pub type Words = [u64; 4];

/// A point of G1, one cache line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C, align(64))]
pub struct G1 {
    /// x-coordinate.
    pub x: Words,
    /// y-coordinate.
    pub y: Words,
}

/// A point of G2, two cache lines; coordinates are c0 + c1·u.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C, align(64))]
pub struct G2 {
    /// x-coordinate.
    pub x: [Words; 2],
    /// y-coordinate.
    pub y: [Words; 2],
}

/// A packed point of either group.
pub trait Point: Pod + Send + Sync + PartialEq + std::fmt::Debug {
    /// The arkworks curve it belongs to.
    type Curve: CurveGroup<Affine = Self::Affine, ScalarField = ark_bn254::Fr>;
    /// Affine points of that curve.
    type Affine: AffineRepr<Group = Self::Curve, ScalarField = ark_bn254::Fr>;

    /// The neutral element.
    const INFINITY: Self;

    /// Whether this is the neutral element.
    fn is_infinity(&self) -> bool;

    /// −P if `negative`, else P. Branch-free, since the signs of digits are unpredictable.
    fn negated_if(&self, negative: bool) -> Self;

    /// Converts from arkworks, into Montgomery form with radix 2^radix_bits.
    fn pack(point: &Self::Affine, radix_bits: u32) -> Self;

    /// Converts to arkworks; the inverse of [`Point::pack`].
    fn unpack(&self, radix_bits: u32) -> Self::Affine;
}

impl Point for G1 {
    type Curve = G1Projective;
    type Affine = G1Affine;

    const INFINITY: Self = Self {
        x: [0; 4],
        y: [0; 4],
    };

    #[inline]
    fn is_infinity(&self) -> bool {
        *self == Self::INFINITY
    }

    #[inline]
    fn negated_if(&self, negative: bool) -> Self {
        Self {
            x: self.x,
            y: negate_if(negative, self.y),
        }
    }

    fn pack(point: &G1Affine, radix_bits: u32) -> Self {
        match point.xy() {
            None => Self::INFINITY,
            Some((x, y)) => Self {
                x: to_words(x, radix_bits),
                y: to_words(y, radix_bits),
            },
        }
    }

    fn unpack(&self, radix_bits: u32) -> G1Affine {
        if self.is_infinity() {
            return G1Affine::identity();
        }
        G1Affine::new_unchecked(to_field(self.x, radix_bits), to_field(self.y, radix_bits))
    }
}

impl Point for G2 {
    type Curve = G2Projective;
    type Affine = G2Affine;

    const INFINITY: Self = Self {
        x: [[0; 4]; 2],
        y: [[0; 4]; 2],
    };

    #[inline]
    fn is_infinity(&self) -> bool {
        *self == Self::INFINITY
    }

    #[inline]
    fn negated_if(&self, negative: bool) -> Self {
        Self {
            x: self.x,
            y: self.y.map(|y| negate_if(negative, y)),
        }
    }

    fn pack(point: &G2Affine, radix_bits: u32) -> Self {
        let pair = |v: Fq2| [to_words(v.c0, radix_bits), to_words(v.c1, radix_bits)];
        match point.xy() {
            None => Self::INFINITY,
            Some((x, y)) => Self {
                x: pair(x),
                y: pair(y),
            },
        }
    }

    fn unpack(&self, radix_bits: u32) -> G2Affine {
        if self.is_infinity() {
            return G2Affine::identity();
        }
        let pair =
            |[c0, c1]: [Words; 2]| Fq2::new(to_field(c0, radix_bits), to_field(c1, radix_bits));
        G2Affine::new_unchecked(pair(self.x), pair(self.y))
    }
}

/// p − value if `negative`, for a canonical value; 0 stays 0. Works in any Montgomery form.
#[inline]
fn negate_if(negative: bool, value: Words) -> Words {
    let mut out = [0; 4];
    let mut borrow = false;
    for i in 0..4 {
        let (difference, first) = Fq::MODULUS.0[i].overflowing_sub(value[i]);
        let (difference, second) = difference.overflowing_sub(u64::from(borrow));
        out[i] = difference;
        borrow = first | second;
    }
    let mask = u64::from(negative & (value != [0; 4])).wrapping_neg();
    for (out, value) in out.iter_mut().zip(value) {
        *out = (*out & mask) | (value & !mask);
    }
    out
}

/// arkworks stores v · 2^256, so the words of `v · 2^(radix_bits − 256)` are those of v with the larger radix.
fn to_words(mut value: Fq, radix_bits: u32) -> Words {
    for _ in 256..radix_bits {
        value.double_in_place();
    }
    value.0.0
}

/// The inverse of [`to_words`].
fn to_field(words: Words, radix_bits: u32) -> Fq {
    let mut value = BigInt(words);
    for _ in 256..radix_bits {
        // Halve modulo p. Adding p cannot overflow, since p has only 254 bits.
        if value.is_odd() {
            value.add_with_carry(&Fq::MODULUS);
        }
        value.div2();
    }
    Fq::new_unchecked(value)
}

#[cfg(test)]
mod tests {
    use ark_ff::UniformRand;

    use super::*;
    use crate::msm::tests::rng;

    #[test]
    fn points_survive_packing_with_either_radix() {
        let rng = &mut rng();
        for radix_bits in [256, 260] {
            for _ in 0..100 {
                let in_g1 = G1Projective::rand(rng).into_affine();
                let in_g2 = G2Projective::rand(rng).into_affine();
                assert_eq!(G1::pack(&in_g1, radix_bits).unpack(radix_bits), in_g1);
                assert_eq!(G2::pack(&in_g2, radix_bits).unpack(radix_bits), in_g2);
                let shift = Fq::from(1u64 << (radix_bits - 256));
                assert_eq!(G1::pack(&in_g1, radix_bits).x, (in_g1.x * shift).0.0);
            }
            assert!(G1::INFINITY.unpack(radix_bits).is_zero());
        }
    }
}
