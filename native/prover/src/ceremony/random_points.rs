//! Field elements and points drawn from a stream of words, as phase-2 transcripts define it (SPEC.md, section 21):
//! nobody knows a relation between such a point and the generator.

use ark_bn254::{Fq, Fq2, Fr, G1Affine, G2Affine, G2Projective, g1, g2};
use ark_ec::short_weierstrass::SWCurveConfig;
use ark_ec::{AffineRepr, CurveConfig, CurveGroup};
use ark_ff::{AdditiveGroup, BigInt, Field, PrimeField, Zero};

use super::random_words::RandomWords;

/// Elements and points that follow from a key.
pub struct RandomPoints(RandomWords);

impl RandomPoints {
    /// The draws of a key.
    pub fn new(key: &[u8; 32]) -> Self {
        Self(RandomWords::new(key))
    }

    /// A scalar.
    pub fn scalar(&mut self) -> Fr {
        Fr::new_unchecked(self.below(Fr::MODULUS))
    }

    /// A point of G1, whose cofactor is 1.
    pub fn g1(&mut self) -> G1Affine {
        loop {
            let (x, greater) = (self.coordinate(), self.bit());
            let square = x.square() * x + g1::Config::COEFF_B;
            if let Some(y) = square.sqrt() {
                let y = if is_greater(y) == greater { y } else { -y };
                return G1Affine::new_unchecked(x, y);
            }
        }
    }

    /// A point of the subgroup of order r in G2.
    pub fn g2(&mut self) -> G2Affine {
        loop {
            let x = Fq2::new(self.coordinate(), self.coordinate());
            let greater = self.bit();
            let square = x.square() * x + g2::Config::COEFF_B;
            if let Some(y) = square.sqrt() {
                let sign = is_greater(if y.c1.is_zero() { y.c0 } else { y.c1 });
                let y = if sign == greater { y } else { -y };
                return times_cofactor(&G2Affine::new_unchecked(x, y));
            }
        }
    }

    /// Elements are drawn in Montgomery form.
    fn coordinate(&mut self) -> Fq {
        Fq::new_unchecked(self.below(Fq::MODULUS))
    }

    /// Four numbers of 64 bits, the lowest first, in each the higher word first; the lower 254 bits of them.
    fn below(&mut self, modulus: BigInt<4>) -> BigInt<4> {
        loop {
            let mut value = [0; 4].map(|_: u64| {
                let high = u64::from(self.0.word());
                high << 32 | u64::from(self.0.word())
            });
            value[3] &= u64::MAX >> 2;
            if BigInt(value) < modulus {
                return BigInt(value);
            }
        }
    }

    fn bit(&mut self) -> bool {
        self.0.word() & 1 == 1
    }
}

/// A point of G2 that follows from a hash, of which the first 32 bytes are used.
pub fn hash_to_g2(hash: &[u8; 64]) -> G2Affine {
    RandomPoints::new(hash.first_chunk().expect("long enough")).g2()
}

fn is_greater(value: Fq) -> bool {
    value.into_bigint() > Fq::MODULUS_MINUS_ONE_DIV_TWO
}

/// Bit by bit, since faster multiplications assume a point of the subgroup.
fn times_cofactor(point: &G2Affine) -> G2Affine {
    let mut sum = G2Projective::zero();
    for word in g2::Config::COFACTOR.iter().rev() {
        for bit in (0..64).rev() {
            sum.double_in_place();
            if word >> bit & 1 == 1 {
                sum += point;
            }
        }
    }
    debug_assert!(!point.is_zero());
    sum.into_affine()
}
