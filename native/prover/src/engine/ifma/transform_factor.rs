//! Multiplication by known factors, eight at a time.
//!
//! Shoup's method, as in the portable engine: the quotient by r is the upper half of x·⌊w·2²⁶⁰/r⌋, and the remainder
//! needs only lower halves of products. That is 84 multiply-adds instead of the 100 of a general multiplication, in
//! three independent blocks.

use ark_bn254::Fr;
use ark_ff::PrimeField;

use super::lanes::{Lanes, Sum};
use super::modulus::{LIMB_BITS, LIMB_MASK, Limbs, Modulus, Scalar, limbs};
use super::token::Ifma;
use super::vector::Vector;

/// 2²⁶⁰ − r: adding multiples of it modulo 2²⁶⁰ subtracts multiples of r.
const NEGATIVE_MODULUS: Limbs = {
    let r = Scalar::LIMBS;
    // The first limb is below 2⁵² because the lowest limb of r is not zero.
    [
        LIMB_MASK + 1 - r[0],
        LIMB_MASK - r[1],
        LIMB_MASK - r[2],
        LIMB_MASK - r[3],
        LIMB_MASK - r[4],
    ]
};

/// A canonical factor w, and ⌊w·2²⁶⁰/r⌋.
#[derive(Clone, Copy)]
pub struct SingleFactor {
    value: Limbs,
    ratio: Limbs,
}

/// Eight factors, one per lane.
#[derive(Clone, Copy)]
pub struct Factor {
    value: [Vector; 5],
    ratio: [Vector; 5],
}

impl SingleFactor {
    pub fn new(value: Fr) -> Self {
        // w·2²⁶⁰ = ratio·r + remainder, where the remainder is w·16 in arkworks' Montgomery form. Modulo 2²⁶⁰,
        // remainder + ratio·r is therefore zero, which determines the ratio limb by limb from the lowest.
        let mut remainder = limbs((value * Fr::from(16)).0.0);
        let mut ratio = [0; 5];
        for i in 0..5 {
            ratio[i] = remainder[i].wrapping_mul(Scalar::NEGATIVE_INVERSE) & LIMB_MASK;
            let mut carry = 0;
            for (limb, r) in remainder[i..].iter_mut().zip(Scalar::LIMBS) {
                let sum = u128::from(ratio[i]) * u128::from(r) + u128::from(*limb) + carry;
                *limb = sum as u64 & LIMB_MASK;
                carry = sum >> LIMB_BITS;
            }
        }
        Self {
            value: limbs(value.into_bigint().0),
            ratio,
        }
    }
}

impl Factor {
    /// The same factor in all lanes.
    #[inline(always)]
    pub fn splat(cpu: Ifma, factor: &SingleFactor) -> Self {
        Self {
            value: splat(cpu, &factor.value),
            ratio: splat(cpu, &factor.ratio),
        }
    }

    /// A different factor in each lane.
    pub fn new(cpu: Ifma, factors: &[SingleFactor; 8]) -> Self {
        let mut out = Self::splat(cpu, &factors[0]);
        for i in 0..5 {
            let (mut value, mut ratio) = ([0; 8], [0; 8]);
            for (lane, factor) in factors.iter().enumerate() {
                (value[lane], ratio[lane]) = (factor.value[i], factor.ratio[i]);
            }
            out.value[i] = Vector::new(cpu, &value);
            out.ratio[i] = Vector::new(cpu, &ratio);
        }
        out
    }

    /// Splits sixteen factors into those at even and at odd positions.
    #[inline(always)]
    pub fn deinterleave(first: &Self, second: &Self) -> [Self; 2] {
        let (mut even, mut odd) = (*first, *first);
        for i in 0..5 {
            even.value[i] = first.value[i].even_lanes(second.value[i]);
            odd.value[i] = first.value[i].odd_lanes(second.value[i]);
            even.ratio[i] = first.ratio[i].even_lanes(second.ratio[i]);
            odd.ratio[i] = first.ratio[i].odd_lanes(second.ratio[i]);
        }
        [even, odd]
    }

    /// x·w modulo r, for x below 2²⁶⁰. Since ratio and quotient are rounded down, the result is at most slightly more
    /// than (1 + x/2²⁶⁰)·r, and so below 2 r.
    #[inline(always)]
    pub fn times(&self, x: Sum<Scalar>) -> Lanes<Scalar> {
        let x = x.carry().limbs();
        let cpu = x[0].cpu();
        let quotient = high_product(&x, &self.ratio);
        let mut out = [Vector::splat(cpu, 0); 5];
        add_low_product(&mut out, &x, &self.value);
        add_low_product(&mut out, &quotient, &splat(cpu, &NEGATIVE_MODULUS));
        carry_modulo(out)
    }
}

/// x modulo r, below 2 r, for x below 2²⁶⁰: subtracts the multiple estimated from the highest limb.
#[inline(always)]
pub fn reduce(x: Sum<Scalar>) -> Lanes<Scalar> {
    let x = x.carry().limbs();
    let cpu = x[0].cpu();
    let estimate = Vector::splat(cpu, Scalar::QUOTIENT);
    let quotient = Vector::splat(cpu, 0).madd_high(x[4], estimate);
    let quotient = quotient.shr::<40>();
    let mut out = x;
    for i in 0..5 {
        let negated = Vector::splat(cpu, NEGATIVE_MODULUS[i]);
        out[i] = out[i].madd_low(quotient, negated);
        if i < 4 {
            out[i + 1] = out[i + 1].madd_high(quotient, negated);
        }
    }
    carry_modulo(out)
}

/// Propagates carries and drops the last.
#[inline(always)]
fn carry_modulo(mut limbs: [Vector; 5]) -> Lanes<Scalar> {
    let mask = Vector::splat(limbs[0].cpu(), LIMB_MASK);
    for i in 0..4 {
        limbs[i + 1] = limbs[i + 1] + limbs[i].shr::<LIMB_BITS>();
        limbs[i] = limbs[i] & mask;
    }
    limbs[4] = limbs[4] & mask;
    Lanes::from_limbs(limbs)
}

/// ⌊x·y/2²⁶⁰⌋ or one less, in limbs of which only the low 52 bits count. Columns below the fifth, which together weigh
/// less than 2⁻⁴⁸, are skipped.
#[inline(always)]
fn high_product(x: &[Vector; 5], y: &[Vector; 5]) -> [Vector; 5] {
    let mut columns = [Vector::splat(x[0].cpu(), 0); 6];
    for i in 0..5 {
        for j in 0..5 {
            if i + j >= 4 {
                columns[i + j - 4] = columns[i + j - 4].madd_low(x[i], y[j]);
            }
            if i + j >= 3 {
                columns[i + j - 3] = columns[i + j - 3].madd_high(x[i], y[j]);
            }
        }
    }
    for i in 0..5 {
        columns[i + 1] = columns[i + 1] + columns[i].shr::<LIMB_BITS>();
    }
    let [_, a, b, c, d, e] = columns;
    [a, b, c, d, e]
}

/// Adds x·y modulo 2²⁶⁰, without propagating carries.
#[inline(always)]
fn add_low_product(sum: &mut [Vector; 5], x: &[Vector; 5], y: &[Vector; 5]) {
    for i in 0..5 {
        for j in 0..5 - i {
            sum[i + j] = sum[i + j].madd_low(x[i], y[j]);
            if i + j < 4 {
                sum[i + j + 1] = sum[i + j + 1].madd_high(x[i], y[j]);
            }
        }
    }
}

/// The same limbs in all lanes. A loop, since closures passed to `map` or `from_fn` are compiled without the kernel's
/// target features.
#[inline(always)]
fn splat(cpu: Ifma, limbs: &Limbs) -> [Vector; 5] {
    let mut out = [Vector::splat(cpu, 0); 5];
    for i in 0..5 {
        out[i] = Vector::splat(cpu, limbs[i]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use ark_ff::{AdditiveGroup, Field};

    /// All pairs of extreme factors and values, including the largest that five limbs hold.
    #[test]
    fn products_are_right_and_below_two_moduli() {
        let Some(cpu) = Ifma::detect() else {
            return eprintln!("skipped: this processor has no AVX-512 IFMA");
        };
        let full = [LIMB_MASK; 5];
        let values = [
            [0; 5],
            [1, 0, 0, 0, 0],
            Scalar::LIMBS,
            NEGATIVE_MODULUS,
            full,
        ];
        for factor in [Fr::ZERO, Fr::ONE, -Fr::ONE, Fr::from(5).pow([99])] {
            for value in values {
                let x = Lanes::splat(cpu, value).sum();
                let product = Factor::splat(cpu, &SingleFactor::new(factor)).times(x);
                assert_below_two_moduli(product, factor * field(value));
                assert_below_two_moduli(reduce(x), field(value));
            }
        }
    }

    fn assert_below_two_moduli(found: Lanes<Scalar>, expected: Fr) {
        let limbs = found.limbs().map(|limb| limb.words()[7]);
        assert_eq!(field(limbs), expected);
        assert!(limbs[4] <= 2 * Scalar::LIMBS[4] + 1);
        let canonical = found.sum().canonical().limbs().map(|limb| limb.words()[0]);
        assert_eq!(canonical, super::limbs(expected.into_bigint().0));
    }

    fn field(value: Limbs) -> Fr {
        let radix = Fr::from(1u64 << LIMB_BITS);
        let horner = |sum: Fr, limb: &u64| sum * radix + Fr::from(*limb);
        value.iter().rev().fold(Fr::ZERO, horner)
    }
}
