//! Multiplication by factors known beforehand, eight at a time.
//!
//! Shoup's method, as in the portable engine: the quotient by r is the upper half of x·⌊w·2²⁶⁰/r⌋, the remainder
//! needs only lower halves of products. That is 84 multiply-adds instead of the 100 of a general multiplication, in
//! three independent blocks.

use ark_bn254::Fr;
use ark_ff::PrimeField;

use super::lanes::{Lanes, Sum};
use super::modulus::{LIMB_BITS, LIMB_MASK, Limbs, Modulus, Scalar, limbs};
use super::token::Ifma;
use super::vector::Vector;

/// 2²⁶⁰ − r: adding its multiples modulo 2²⁶⁰ subtracts those of r.
const NEGATED: Limbs = {
    let r = Scalar::LIMBS;
    // The lowest limb of r is not zero.
    [
        LIMB_MASK + 1 - r[0],
        LIMB_MASK - r[1],
        LIMB_MASK - r[2],
        LIMB_MASK - r[3],
        LIMB_MASK - r[4],
    ]
};

/// One factor w, canonical, and ⌊w·2²⁶⁰/r⌋.
#[derive(Clone, Copy)]
pub struct Ratio {
    value: Limbs,
    ratio: Limbs,
}

/// Eight factors, one for each lane.
#[derive(Clone, Copy)]
pub struct Factor {
    value: [Vector; 5],
    ratio: [Vector; 5],
}

impl Ratio {
    pub fn new(value: Fr) -> Self {
        // w·2²⁶⁰ = ratio·r + remainder, the remainder being w·16 in arkworks' Montgomery form. Hence modulo 2²⁶⁰
        // remainder + ratio·r vanishes, limb by limb from the lowest.
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
    pub fn splat(cpu: Ifma, factor: &Ratio) -> Self {
        Self {
            value: splat(cpu, &factor.value),
            ratio: splat(cpu, &factor.ratio),
        }
    }

    /// One factor for each lane.
    pub fn new(cpu: Ifma, factors: &[Ratio; 8]) -> Self {
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

    /// Of sixteen factors, those at even and at odd places.
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

    /// x·w, for x below 2²⁶⁰: below (1 + x/2²⁶⁰)·r and a trifle, so below 2 r, as ratio and quotient are each rounded
    /// down.
    #[inline(always)]
    pub fn times(&self, x: Sum<Scalar>) -> Lanes<Scalar> {
        let x = x.carry().limbs();
        let cpu = x[0].cpu();
        let quotient = high_product(&x, &self.ratio);
        let mut out = [Vector::splat(cpu, 0); 5];
        add_low_product(&mut out, &x, &self.value);
        add_low_product(&mut out, &quotient, &splat(cpu, &NEGATED));
        carry_modulo(out)
    }
}

/// x modulo r, below 2 r, for x below 2²⁶⁰: less the multiple that the highest limb suggests.
#[inline(always)]
pub fn reduce(x: Sum<Scalar>) -> Lanes<Scalar> {
    let x = x.carry().limbs();
    let cpu = x[0].cpu();
    let estimate = Vector::splat(cpu, Scalar::QUOTIENT);
    let quotient = Vector::splat(cpu, 0).madd_high(x[4], estimate);
    let quotient = quotient.shr::<40>();
    let mut out = x;
    for i in 0..5 {
        let negated = Vector::splat(cpu, NEGATED[i]);
        out[i] = out[i].madd_low(quotient, negated);
        if i < 4 {
            out[i + 1] = out[i + 1].madd_high(quotient, negated);
        }
    }
    carry_modulo(out)
}

/// Passes carries on and drops the last.
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

/// ⌊x·y/2²⁶⁰⌋ or one less, in limbs of which only the low 52 bits count: columns below the fifth, which weigh less
/// than 2⁻⁴⁸ together, are left out.
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

/// Adds x·y modulo 2²⁶⁰, without carries.
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

/// The same limbs in all lanes. (A loop, as is all that kernels use: closures given to `map` or `from_fn` are compiled
/// outside of the kernel and so without its instructions.)
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

    /// All pairs of extreme factors and extreme values, the largest that limbs hold included.
    #[test]
    fn products_are_right_and_below_two_moduli() {
        let Some(cpu) = Ifma::detect() else {
            return println!("skipped: this processor has no AVX-512 IFMA");
        };
        let full = [LIMB_MASK; 5];
        let values = [[0; 5], [1, 0, 0, 0, 0], Scalar::LIMBS, NEGATED, full];
        for factor in [Fr::ZERO, Fr::ONE, -Fr::ONE, Fr::from(5).pow([99])] {
            for value in values {
                let x = Lanes::splat(cpu, value).sum();
                let product = Factor::splat(cpu, &Ratio::new(factor)).times(x);
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
