//! The two primes of BN254 and their constants for arithmetic in 52-bit limbs, computed at compile time.

use ark_ff::PrimeField;

use crate::points::Words;

/// Five limbs of 52 bits, lowest first.
pub type Limbs = [u64; 5];

/// Bits per limb.
pub const LIMB_BITS: u32 = 52;
/// The largest limb.
pub const LIMB_MASK: u64 = (1 << LIMB_BITS) - 1;

/// Values are stored times 2^RADIX_BITS: the Montgomery radix of five limbs.
pub const RADIX_BITS: u32 = 5 * LIMB_BITS;

/// A prime p of 254 bits.
pub trait Modulus: Copy + Send + Sync + 'static {
    /// The arkworks field of that order.
    type Ark: PrimeField<BigInt = ark_ff::BigInt<4>>;

    /// p.
    const WORDS: Words = Self::Ark::MODULUS.0;
    /// p in limbs.
    const LIMBS: Limbs = limbs(Self::WORDS);
    /// −1/p modulo 2^52.
    const NEGATIVE_INVERSE: u64 = negative_inverse(Self::WORDS[0]);
    /// 2^(−52·i) mod p for i = 4, 3, 2, 1: the weights of a product's four lowest limbs, relative to four limbs higher.
    /// Their sum is below 2p, which bounds the result of a reduction.
    const FOLDS: [Limbs; 4] = folds(Self::WORDS);
    /// ⌊2^300/p⌋: a value's highest limb times this, over 2^92, is slightly less than the value over p.
    const QUOTIENT: u64 = quotient(Self::WORDS);
    /// Limb i of k·p at `[i][k]`.
    const MULTIPLES: [[u64; 8]; 5] = multiples(Self::LIMBS);
    /// 1 in Montgomery form, 2^260 mod p.
    const ONE: Limbs = limbs(power_of_two(260, Self::WORDS));
    /// 2^520 mod p: the factor that converts plain values to Montgomery form.
    const TO_MONTGOMERY: Limbs = limbs(power_of_two(520, Self::WORDS));
    /// 2^780 mod p: the factor that converts the plain inverse of a Montgomery form to the inverse's Montgomery form.
    const TO_INVERSE: Limbs = limbs(power_of_two(780, Self::WORDS));
}

/// The base field, which holds the coordinates of points.
#[derive(Clone, Copy, Debug)]
pub struct Base;

/// The scalar field.
#[derive(Clone, Copy, Debug)]
pub struct Scalar;

impl Modulus for Base {
    type Ark = ark_bn254::Fq;
}

impl Modulus for Scalar {
    type Ark = ark_bn254::Fr;
}

/// Four words as limbs.
pub const fn limbs(w: Words) -> Limbs {
    [
        w[0] & LIMB_MASK,
        (w[0] >> 52 | w[1] << 12) & LIMB_MASK,
        (w[1] >> 40 | w[2] << 24) & LIMB_MASK,
        (w[2] >> 28 | w[3] << 36) & LIMB_MASK,
        w[3] >> 16,
    ]
}

const fn negative_inverse(p: u64) -> u64 {
    // Newton: each step doubles the number of correct bits, starting from 3.
    let mut inverse = p;
    let mut correct_bits = 3;
    while correct_bits < LIMB_BITS {
        inverse = inverse.wrapping_mul(2u64.wrapping_sub(p.wrapping_mul(inverse)));
        correct_bits *= 2;
    }
    inverse.wrapping_neg() & LIMB_MASK
}

const fn add(a: Words, b: Words) -> Words {
    let mut out = [0; 4];
    let mut carry = 0;
    let mut i = 0;
    while i < 4 {
        let sum = a[i] as u128 + b[i] as u128 + carry;
        out[i] = sum as u64;
        carry = sum >> 64;
        i += 1;
    }
    assert!(carry == 0);
    out
}

/// a − b, or `None` if that is negative.
const fn checked_sub(a: Words, b: Words) -> Option<Words> {
    let mut out = [0; 4];
    let mut borrow = false;
    let mut i = 0;
    while i < 4 {
        let (difference, first) = a[i].overflowing_sub(b[i]);
        let (difference, second) = difference.overflowing_sub(borrow as u64);
        out[i] = difference;
        borrow = first | second;
        i += 1;
    }
    if borrow { None } else { Some(out) }
}

/// 2a mod p and ⌊2a/p⌋.
const fn doubled(a: Words, p: Words) -> (Words, u64) {
    let twice = add(a, a);
    match checked_sub(twice, p) {
        Some(reduced) => (reduced, 1),
        None => (twice, 0),
    }
}

const fn power_of_two(exponent: u32, p: Words) -> Words {
    let mut value = [1, 0, 0, 0];
    let mut i = 0;
    while i < exponent {
        value = doubled(value, p).0;
        i += 1;
    }
    value
}

/// small / 2^times mod p.
const fn halved(small: u64, times: u32, p: Words) -> Words {
    let mut value = [small, 0, 0, 0];
    let mut i = 0;
    while i < times {
        let even = if value[0] & 1 == 1 {
            add(value, p)
        } else {
            value
        };
        value = [
            even[0] >> 1 | even[1] << 63,
            even[1] >> 1 | even[2] << 63,
            even[2] >> 1 | even[3] << 63,
            even[3] >> 1,
        ];
        i += 1;
    }
    value
}

const fn folds(p: Words) -> [Limbs; 4] {
    let f = [
        halved(1, 208, p),
        halved(1, 156, p),
        halved(1, 104, p),
        halved(1, 52, p),
    ];
    let sum = add(add(f[0], f[1]), add(f[2], f[3]));
    assert!(checked_sub(sum, add(p, p)).is_none());
    [limbs(f[0]), limbs(f[1]), limbs(f[2]), limbs(f[3])]
}

const fn quotient(p: Words) -> u64 {
    let (mut remainder, mut quotient) = ([1, 0, 0, 0], 0);
    let mut i = 0;
    while i < 300 {
        let (next, bit) = doubled(remainder, p);
        remainder = next;
        quotient = quotient << 1 | bit;
        i += 1;
    }
    quotient
}

const fn multiples(p: Limbs) -> [[u64; 8]; 5] {
    let mut table = [[0; 8]; 5];
    let mut k = 1;
    while k < 8 {
        let (mut i, mut carry) = (0, 0);
        while i < 5 {
            let limb = table[i][k - 1] + p[i] + carry;
            table[i][k] = limb & LIMB_MASK;
            carry = limb >> LIMB_BITS;
            i += 1;
        }
        assert!(carry == 0);
        k += 1;
    }
    table
}
