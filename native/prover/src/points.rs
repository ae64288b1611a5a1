//! Points as they lie in memory and in the key cache: affine, packed, one or two cache lines each.
//!
//! Coordinates are canonical (below the modulus) and in Montgomery form with the engine's radix
//! ([`Engine::RADIX_BITS`]); all zeros is the point at infinity, which no point of either curve has as coordinates.

use ark_bn254::{Fq, Fq2, G1Affine, G1Projective, G2Affine, G2Projective};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{AdditiveGroup, BigInt, BigInteger, PrimeField};
use bytemuck::{Pod, Zeroable};

use crate::engine::{Addend, Engine};

/// A base-field element: four little-endian words.
pub type Words = [u64; 4];

/// A point of G1, one cache line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C, align(64))]
pub struct G1 {
    /// Abscissa.
    pub x: Words,
    /// Ordinate.
    pub y: Words,
}

/// A point of G2, two cache lines; coordinates are c0 + c1·u.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C, align(64))]
pub struct G2 {
    /// Abscissa.
    pub x: [Words; 2],
    /// Ordinate.
    pub y: [Words; 2],
}

/// What multi-exponentiation needs of a packed point, the same for G1 and G2.
pub trait Point: Pod + Send + Sync + PartialEq + std::fmt::Debug {
    /// The arkworks curve it belongs to.
    type Curve: CurveGroup<Affine = Self::Affine, ScalarField = ark_bn254::Fr>;
    /// Its affine points.
    type Affine: AffineRepr<Group = Self::Curve, ScalarField = ark_bn254::Fr>;

    /// The neutral element.
    const INFINITY: Self;

    /// Whether this is the neutral element.
    fn is_infinity(&self) -> bool;

    /// The negative of the point, or the point, without a branch: nobody can predict the signs of digits.
    fn negated_if(&self, negative: bool) -> Self;

    /// `sums[key] += points[index]` for every addend, see [`Engine::accumulate_g1`].
    fn accumulate<E: Engine>(engine: E, sums: &mut [Self], addends: &[Addend], points: &[Self]);

    /// `acc[i] += rhs[i]`: any points, equal, opposite and infinite ones included.
    fn add_batch<E: Engine>(engine: E, acc: &mut [Self], rhs: &[Self]);

    /// From arkworks, into the engine's Montgomery form.
    fn from_ark<E: Engine>(engine: E, point: &Self::Affine) -> Self;

    /// To arkworks, from the engine's Montgomery form.
    fn to_ark<E: Engine>(&self, engine: E) -> Self::Affine;
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

    #[inline]
    fn accumulate<E: Engine>(engine: E, sums: &mut [Self], addends: &[Addend], points: &[Self]) {
        engine.accumulate_g1(sums, addends, points);
    }

    #[inline]
    fn add_batch<E: Engine>(engine: E, acc: &mut [Self], rhs: &[Self]) {
        engine.add_g1(acc, rhs);
    }

    fn from_ark<E: Engine>(_: E, point: &G1Affine) -> Self {
        match point.xy() {
            None => Self::INFINITY,
            Some((x, y)) => Self {
                x: pack::<E>(x),
                y: pack::<E>(y),
            },
        }
    }

    fn to_ark<E: Engine>(&self, _: E) -> G1Affine {
        if self.is_infinity() {
            return G1Affine::identity();
        }
        G1Affine::new_unchecked(unpack::<E>(self.x), unpack::<E>(self.y))
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

    #[inline]
    fn accumulate<E: Engine>(engine: E, sums: &mut [Self], addends: &[Addend], points: &[Self]) {
        engine.accumulate_g2(sums, addends, points);
    }

    #[inline]
    fn add_batch<E: Engine>(engine: E, acc: &mut [Self], rhs: &[Self]) {
        engine.add_g2(acc, rhs);
    }

    fn from_ark<E: Engine>(_: E, point: &G2Affine) -> Self {
        let pack2 = |v: Fq2| [pack::<E>(v.c0), pack::<E>(v.c1)];
        match point.xy() {
            None => Self::INFINITY,
            Some((x, y)) => Self {
                x: pack2(x),
                y: pack2(y),
            },
        }
    }

    fn to_ark<E: Engine>(&self, _: E) -> G2Affine {
        if self.is_infinity() {
            return G2Affine::identity();
        }
        let unpack2 = |v: [Words; 2]| Fq2::new(unpack::<E>(v[0]), unpack::<E>(v[1]));
        G2Affine::new_unchecked(unpack2(self.x), unpack2(self.y))
    }
}

/// p − value where negative, for a canonical value; 0 stays 0. The same in every Montgomery form.
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

/// arkworks keeps elements times 2^256; the words of `v · 2^(radix − 256)` are those of v with the engine's radix.
fn pack<E: Engine>(mut value: Fq) -> Words {
    for _ in 256..E::RADIX_BITS {
        value.double_in_place();
    }
    value.0.0
}

fn unpack<E: Engine>(words: Words) -> Fq {
    let mut value = BigInt(words);
    for _ in 256..E::RADIX_BITS {
        // Half of it modulo p, which is odd and leaves room for a carry.
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

    fn keeps_points<E: Engine>(engine: E) {
        let rng = &mut rng();
        for _ in 0..100 {
            let in_g1 = G1Projective::rand(rng).into_affine();
            let in_g2 = G2Projective::rand(rng).into_affine();
            assert_eq!(G1::from_ark(engine, &in_g1).to_ark(engine), in_g1);
            assert_eq!(G2::from_ark(engine, &in_g2).to_ark(engine), in_g2);
            let shift = Fq::from(1u64 << (E::RADIX_BITS - 256));
            assert_eq!(G1::from_ark(engine, &in_g1).x, (in_g1.x * shift).0.0);
        }
        assert!(G1::INFINITY.to_ark(engine).is_zero());
    }

    #[test]
    fn go_to_arkworks_and_back() {
        keeps_points(crate::engine::Portable);
        #[cfg(target_arch = "x86_64")]
        if let Some(engine) = crate::engine::Ifma::detect() {
            keeps_points(engine);
        }
    }
}
