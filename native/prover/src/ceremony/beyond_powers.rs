//! A difference of points where one is no point, as snarkjs's WebAssembly computes it.
//!
//! For circuits that take all of a phase-1 file, from 2^15 rows on, the digest of the first key includes the difference of
//! a power of τ and of what follows the powers in the file: bytes of the next section, read as coordinates. They can be
//! above the modulus, for which ffjavascript's sums and differences, which correct the result once, are not exact. Others
//! compute the same digest only with the same errors. Source: wasmcurves `build_curve_jacobian_a0.js` (addAffine),
//! `build_f1m.js`.

use ark_bn254::Fq;
use ark_ff::{BigInt, BigInteger, Field, PrimeField};

use crate::formats::container::words;
use crate::formats::zkey::G1Bytes;
use crate::formats::zkey_points::g1_bytes;
use crate::points::Words;

/// −1/q modulo 2^64.
const MINUS_INVERSE: u64 = {
    let q = Fq::MODULUS.0[0];
    let mut inverse = 1u64;
    let mut i = 0;
    while i < 6 {
        inverse = inverse.wrapping_mul(2u64.wrapping_sub(q.wrapping_mul(inverse)));
        i += 1;
    }
    inverse.wrapping_neg()
};

/// 256 bits, a coordinate in Montgomery form if below the modulus.
#[derive(Clone, Copy)]
struct Raw(BigInt<4>);

impl Raw {
    /// Subtracts the modulus once, if the value, with this carry, is not below it.
    fn corrected(mut self, carry: bool) -> Self {
        if carry || self.0 >= Fq::MODULUS {
            self.0.sub_with_borrow(&Fq::MODULUS);
        }
        self
    }

    fn plus(self, other: Self) -> Self {
        let mut sum = self.0;
        let carry = sum.add_with_carry(&other.0);
        Self(sum).corrected(carry)
    }

    fn minus(self, other: Self) -> Self {
        let mut difference = self.0;
        if difference.sub_with_borrow(&other.0) {
            difference.add_with_carry(&Fq::MODULUS);
        }
        Self(difference)
    }

    fn times(self, other: Self) -> Self {
        let mut sum = [0u64; 6];
        let add = |sum: &mut [u64; 6], factor: u64, words: &Words| {
            let mut carry = 0u128;
            for (i, out) in sum.iter_mut().enumerate() {
                let word = words.get(i).copied().unwrap_or(0);
                carry += u128::from(*out) + u128::from(factor) * u128::from(word);
                *out = carry as u64;
                carry >>= 64;
            }
        };
        for word in self.0.0 {
            add(&mut sum, word, &other.0.0);
            let factor = sum[0].wrapping_mul(MINUS_INVERSE);
            add(&mut sum, factor, &Fq::MODULUS.0);
            sum.rotate_left(1);
        }
        let [a, b, c, d, carry, _] = sum;
        Self(BigInt([a, b, c, d])).corrected(carry != 0)
    }

    fn reduced(mut self) -> Fq {
        while self.0 >= Fq::MODULUS {
            self.0.sub_with_borrow(&Fq::MODULUS);
        }
        Fq::new_unchecked(self.0)
    }
}

/// a − b.
pub fn difference(a: &G1Bytes, b: &G1Bytes) -> G1Bytes {
    let coordinates = |bytes: &G1Bytes| {
        let (chunks, _) = bytes.as_chunks::<32>();
        [0, 1].map(|i| Raw(BigInt(words(&chunks[i]))))
    };
    let ([x1, y1], [x2, y2]) = (coordinates(a), coordinates(b));
    let y2 = Raw(BigInt::zero()).minus(y2);
    let h = x2.minus(x1);
    let rise = y2.minus(y1);
    let hh = h.times(h);
    let i = hh.plus(hh);
    let i = i.plus(i);
    let j = h.times(i);
    let r = rise.plus(rise);
    let v = x1.times(i);
    let x3 = r.times(r).minus(j).minus(v.plus(v));
    let y1_j = y1.times(j);
    let y3 = v.minus(x3).times(r).minus(y1_j.plus(y1_j));
    let z3 = h.plus(h).reduced();
    let Some(inverse) = z3.inverse() else {
        return [0; 64];
    };
    let square = inverse.square();
    let (x, y) = (x3.reduced() * square, y3.reduced() * square * inverse);
    g1_bytes(&ark_bn254::G1Affine::new_unchecked(x, y))
}

#[cfg(test)]
mod tests {
    use ark_bn254::{G1Affine, G2Affine};
    use ark_ec::{AffineRepr, CurveGroup};
    use ark_ff::UniformRand;

    use super::*;
    use crate::formats::zkey_points::{g1, g2_bytes};
    use crate::msm::tests::rng;

    /// The power of a file, τ^(n − 1) as stored, and what ffjavascript 0.3.1 hashes, all as hex.
    const VECTORS: [(u32, &str, &str); 3] = [
        (
            15,
            "84cfacab0c2cc73335d4397d07b49b71d0c1e709b19a4059b997bdd98d57520cadf49ddc75d7b349e1a90242fe19237381b601b473fdc1ee988cd55ce4802d24",
            "0b5198fa7dd62c5b673067e5530a168a87c69c0643257b35c2e65d672ca22fb60f59a723b29ebc32cb74af36b5b5816542ad2c11f944bdd7a199330ad059bce6",
        ),
        (
            16,
            "02baeb517dcc7c4bfa3854038035c3def14b949e5f493f63d3f5d543a8ec49044a8bfd31f9cbf99735159c7f3bff8d982d7e85675223665819c2680d5329b82d",
            "0fda2897239d97a2f0ad976cb4d65374b6ef1b818a2687f5d79419e0c49333132791bb8ecbb194f4b51163c6c02611589bf6cf93fbc88e93eb5b6435eadad097",
        ),
        (
            17,
            "82b9ce651e89eece5780bad4fa80489d92ffca09f45bf157fd866fd1bf65952025e3a5ffac354d73f1e70154ed322d273b3674caf5d83354aa085d360875b710",
            "24289d8c83aa811ba05477c1670dacfbce3dd740c314baa1245984ada1e4229b077bfd4f41180811a12070a73b501064774a689e18f320efcfc4bb5114303c84",
        ),
    ];

    /// What follows the powers of τ: the header of the section in G2, and the start of the generator.
    fn beyond(power: u32) -> G1Bytes {
        let mut bytes = 3u32.to_le_bytes().to_vec();
        bytes.extend((128u64 << power).to_le_bytes());
        bytes.extend(&g2_bytes(&G2Affine::generator())[..52]);
        bytes.try_into().unwrap()
    }

    fn from_hex(text: &str) -> G1Bytes {
        std::array::from_fn(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap())
    }

    #[test]
    fn equals_ffjavascript_on_bytes_that_are_no_point() {
        for (power, last, hashed) in VECTORS {
            let found = difference(&beyond(power), &from_hex(last));
            let mut hashed_bytes = Vec::new();
            for element in found.as_chunks::<32>().0 {
                let plain = Fq::new_unchecked(BigInt(words(element))).into_bigint();
                hashed_bytes.extend(plain.0.iter().rev().flat_map(|word| word.to_be_bytes()));
            }
            assert_eq!(hashed_bytes, from_hex(hashed), "power {power}");
        }
    }

    #[test]
    fn is_the_difference_of_points() {
        let mut rng = rng();
        for _ in 0..50 {
            let (a, b) = (G1Affine::rand(&mut rng), G1Affine::rand(&mut rng));
            let found = difference(&g1_bytes(&a), &g1_bytes(&b));
            assert_eq!(g1(&found), (a - b).into_affine());
        }
    }
}
