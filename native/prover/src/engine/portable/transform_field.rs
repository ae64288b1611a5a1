//! Scalars during a transform: plain (not in Montgomery form), below 2^256, reduced only as far as needed.
//!
//! Multiplication by known factors uses Shoup's method: given ⌊w·2²⁵⁶/r⌋, the quotient of x·w by r is the upper half
//! of one product, and the remainder needs only lower halves. That is 33 word multiplications instead of 36, without
//! the word-to-word dependency chain of Montgomery's method, and measured to be a fifth faster (16 instead of 20 ns per
//! butterfly on Zen 4). Compiling it for BMI2 and ADX gains nothing, and hand-written assembly (mulx, adcx, adox) takes
//! 15.4 ns, which is not worth its upkeep.
//!
//! Sources: V. Shoup's NTL; D. Harvey, "Faster arithmetic for number-theoretic transforms", 2014, algorithm 2.

use ark_bn254::Fr;
use ark_ff::PrimeField;

use crate::points::Words;

/// The group order r, 1.51·2²⁵³: four words hold up to 5.29 r.
pub const MODULUS: Words = Fr::MODULUS.0;
const TWICE_MODULUS: Words = multiple(2);

/// −1/r modulo 2²⁵⁶.
const NEGATIVE_INVERSE: Words = negative_inverse();

/// `MULTIPLES[i]` is the greatest multiple of r up to i·2²⁵².
const MULTIPLES: [Words; 16] = multiples();

/// A canonical factor w, with Shoup's precomputed quotient.
#[derive(Clone, Copy)]
pub struct Factor {
    value: Words,
    /// ⌊w·2²⁵⁶/r⌋
    ratio: Words,
}

impl Factor {
    pub fn new(value: Fr) -> Self {
        // w·2²⁵⁶ = ratio·r + (w·2²⁵⁶ mod r), where the remainder is arkworks' Montgomery form of w. So the ratio
        // follows from an exact division, which modulo 2²⁵⁶ is a multiplication.
        Self {
            value: value.into_bigint().0,
            ratio: low_product(&value.0.0, &NEGATIVE_INVERSE),
        }
    }

    /// x·w, below (1 + x/2²⁵⁶ + 2⁻⁶⁰)·r: the ratio, its upper product and the shift are each rounded down.
    #[inline(always)]
    pub fn times(&self, x: &Words) -> Words {
        let quotient = high_product(x, &self.ratio);
        let product = low_product(x, &self.value);
        sub(&product, &low_product(&quotient, &MODULUS))
    }
}

/// (a + t, a − t) for t below 2 r; the results are below 1.34 r + t and 3.34 r.
#[inline(always)]
pub fn butterfly(a: &Words, t: &Words) -> (Words, Words) {
    let a = reduce(a);
    (add(&a, t), sub(&add(&a, &TWICE_MODULUS), t))
}

/// x modulo r, below r + 2²⁵² < 1.34 r.
#[inline(always)]
pub fn reduce(x: &Words) -> Words {
    sub(x, &MULTIPLES[(x[3] >> 60) as usize])
}

/// x modulo r, below r, for x < 2 r.
#[inline(always)]
pub fn canonical(x: &Words) -> Words {
    let less = sub(x, &MODULUS);
    // A negative difference wraps around to more than 2²⁵⁵.
    if less[3] >> 63 == 1 { *x } else { less }
}

/// x − y + 2 r, for y < 2 r.
#[inline(always)]
pub fn difference(x: &Words, y: &Words) -> Words {
    sub(&add(x, &TWICE_MODULUS), y)
}

/// The Montgomery product x·y/2²⁵⁶, below x·y/2²⁵⁶ + r; x and y below 2²⁵⁵.
#[inline(always)]
pub fn montgomery_product(x: &Words, y: &Words) -> Words {
    let mut out = [0; 4];
    for digit in y {
        let mut carry = 0;
        out[0] = multiply_add(out[0], x[0], *digit, &mut carry);
        let multiplier = out[0].wrapping_mul(NEGATIVE_INVERSE[0]);
        let mut carry_of_reduction = 0;
        multiply_add(out[0], multiplier, MODULUS[0], &mut carry_of_reduction);
        for j in 1..4 {
            let word = multiply_add(out[j], x[j], *digit, &mut carry);
            out[j - 1] = multiply_add(word, multiplier, MODULUS[j], &mut carry_of_reduction);
        }
        // No carry: the running sum stays below x + 2 r.
        out[3] = carry + carry_of_reduction;
    }
    out
}

/// ⌊x·y/2²⁵⁶⌋ or one less: products that do not reach word 3 are skipped; together they are less than 5·2¹⁹².
#[inline(always)]
fn high_product(x: &Words, y: &Words) -> Words {
    let wide = |i: usize, j: usize| u128::from(x[i]) * u128::from(y[j]);
    let mut out = [0; 4];
    let mut sum = (0..3).map(|i| wide(i, 2 - i) >> 64).sum::<u128>();
    // Column k collects the products of weight 2^64k; their upper halves belong to column k + 1.
    for k in 3..6 {
        let mut next = 0;
        for i in k - 3..4 {
            let product = wide(i, k - i);
            sum += u128::from(product as u64);
            next += product >> 64;
        }
        if k > 3 {
            out[k - 4] = sum as u64;
        }
        sum = next + (sum >> 64);
    }
    let last = sum + wide(3, 3);
    out[2] = last as u64;
    out[3] = (last >> 64) as u64;
    out
}

/// x·y modulo 2²⁵⁶.
#[inline(always)]
const fn low_product(x: &Words, y: &Words) -> Words {
    let mut out = [0; 4];
    let mut i = 0;
    while i < 4 {
        let mut carry = 0;
        let mut j = 0;
        while i + j < 4 {
            out[i + j] = multiply_add(out[i + j], x[j], y[i], &mut carry);
            j += 1;
        }
        i += 1;
    }
    out
}

/// Returns the low word of sum + x·y + carry; the high word becomes the carry.
#[inline(always)]
const fn multiply_add(sum: u64, x: u64, y: u64, carry: &mut u64) -> u64 {
    let wide = sum as u128 + x as u128 * y as u128 + *carry as u128;
    *carry = (wide >> 64) as u64;
    wide as u64
}

/// x + y modulo 2²⁵⁶.
#[inline(always)]
fn add(x: &Words, y: &Words) -> Words {
    let mut out = [0; 4];
    #[cfg(target_arch = "x86_64")]
    {
        // LLVM finds no carry chain in the portable form, which is three times slower: 4 ns more per butterfly.
        let mut carry = 0;
        for i in 0..4 {
            carry = core::arch::x86_64::_addcarry_u64(carry, x[i], y[i], &mut out[i]);
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        let mut carry = 0;
        for i in 0..4 {
            out[i] = multiply_add(x[i], y[i], 1, &mut carry);
        }
    }
    out
}

/// x − y modulo 2²⁵⁶.
#[inline(always)]
fn sub(x: &Words, y: &Words) -> Words {
    let mut out = [0; 4];
    #[cfg(target_arch = "x86_64")]
    {
        let mut borrow = 0;
        for i in 0..4 {
            borrow = core::arch::x86_64::_subborrow_u64(borrow, x[i], y[i], &mut out[i]);
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        // x + (2²⁵⁶ − 1 − y) + 1
        let mut carry = 1;
        for i in 0..4 {
            out[i] = multiply_add(x[i], !y[i], 1, &mut carry);
        }
    }
    out
}

/// k·r
const fn multiple(k: u64) -> Words {
    low_product(&MODULUS, &[k, 0, 0, 0])
}

const fn multiples() -> [Words; 16] {
    let mut out = [[0; 4]; 16];
    let mut i = 1;
    while i < 16 {
        // ⌊i·2²⁵²/r⌋ from the upper halves of both numbers, with the divisor rounded up: exact for all 16 entries.
        let upper = ((MODULUS[3] as u128) << 64) + MODULUS[2] as u128 + 1;
        out[i] = multiple(((i as u128) * (1 << 124) / upper) as u64);
        i += 1;
    }
    out
}

const fn negative_inverse() -> Words {
    // Newton: with x·r = −1 + e, the step x·(2 + x·r) leaves an error of e². The start is correct to one bit, hence
    // eight steps.
    let mut x = [u64::MAX; 4];
    let mut step = 0;
    while step < 8 {
        let mut factor = low_product(&x, &MODULUS);
        let mut carry = 2;
        let mut i = 0;
        while i < 4 {
            factor[i] = multiply_add(factor[i], 0, 0, &mut carry);
            i += 1;
        }
        x = low_product(&x, &factor);
        step += 1;
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;
    use ark_ff::{AdditiveGroup, BigInt, Field};

    const FULL: Words = [u64::MAX; 4];

    /// All pairs of extreme factors and values, including the largest that four words hold.
    #[test]
    fn products_are_right_and_below_two_moduli() {
        let values = [[0; 4], [1, 0, 0, 0], MODULUS, MULTIPLES[15], FULL];
        for factor in [Fr::ZERO, Fr::ONE, -Fr::ONE, Fr::from(5).pow([99])] {
            for x in values {
                let product = Factor::new(factor).times(&x);
                assert_eq!(field(&canonical(&product)), factor * residue(&x));
                assert_eq!(field(&canonical(&reduce(&x))), residue(&x));
            }
        }
    }

    /// At each boundary of the table of multiples, where the estimated quotient changes.
    #[test]
    fn reduction_leaves_less_than_two_moduli() {
        for step in 1..16 {
            let at = [0, 0, 0, step << 60];
            for x in [at, sub(&at, &[1, 0, 0, 0])] {
                assert_eq!(field(&canonical(&reduce(&x))), residue(&x));
            }
        }
    }

    #[test]
    fn montgomery_products_are_those_of_arkworks() {
        let large = [u64::MAX, u64::MAX, u64::MAX, u64::MAX >> 1];
        let radix = residue(&FULL) + Fr::ONE;
        for (x, y) in [(large, [1, 0, 0, 0]), (large, MODULUS), (MODULUS, large)] {
            let product = montgomery_product(&x, &y);
            assert_eq!(residue(&product) * radix, residue(&x) * residue(&y));
        }
    }

    fn residue(x: &Words) -> Fr {
        Fr::from_le_bytes_mod_order(bytemuck::bytes_of(x))
    }

    fn field(x: &Words) -> Fr {
        Fr::from_bigint(BigInt(*x)).expect("canonical")
    }
}
