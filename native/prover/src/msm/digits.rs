//! Signed digits of scalars.

use crate::points::Words;

/// Bits of the scalar field's modulus.
pub const SCALAR_BITS: u32 = 254;

/// Number of signed windows of `width` bits that hold every value below 2^bits; the last one must not carry.
pub const fn window_count(bits: u32, width: u32) -> u32 {
    (bits + 1).div_ceil(width)
}

/// Calls `emit(window, digit)` for every non-zero digit, with value = Σ digit · 2^(width·window) and
/// |digit| ≤ 2^(width − 1). Signed digits halve the number of buckets, and negating a point is free.
///
/// The value must be below 2^(width·windows − 1), see [`window_count`]; `width` is 1…31.
#[inline]
pub fn signed_digits(value: &Words, width: u32, windows: u32, mut emit: impl FnMut(u32, i32)) {
    let mut carry = 0;
    for window in 0..windows {
        let digit = bits_at(value, window * width, width) + carry;
        carry = u64::from(digit > 1 << (width - 1));
        let digit = digit as i64 - ((carry as i64) << width);
        if digit != 0 {
            emit(window, digit as i32);
        }
    }
    debug_assert_eq!(carry, 0);
}

/// `width` bits starting at bit `from`; bits beyond the value are zero.
#[inline]
fn bits_at(value: &Words, from: u32, width: u32) -> u64 {
    let (word, shift) = ((from / 64) as usize, from % 64);
    if word >= 4 {
        return 0;
    }
    let mut bits = value[word] >> shift;
    if shift + width > 64 && word < 3 {
        bits |= value[word + 1] << (64 - shift);
    }
    bits & ((1 << width) - 1)
}

#[cfg(test)]
mod tests {
    use ark_bn254::Fr;
    use ark_ff::{BigInt, Field, PrimeField};

    use super::*;

    #[test]
    fn digits_add_up_to_the_value() {
        let largest = (-Fr::from(1)).into_bigint().0;
        let values = [
            [0; 4],
            [1, 0, 0, 0],
            [u64::MAX; 4].map(|w| w >> 2),
            largest,
            [0, 0, 0, 1 << 61],
        ];
        for value in values {
            for width in 1..=31 {
                let mut sum = Fr::from(0);
                signed_digits(
                    &value,
                    width,
                    window_count(SCALAR_BITS, width),
                    |window, digit| {
                        assert!(digit.unsigned_abs() <= 1 << (width - 1));
                        let weight = Fr::from(2).pow([u64::from(window * width)]);
                        sum += weight * Fr::from(i64::from(digit));
                    },
                );
                assert_eq!(sum, Fr::from_le_bytes_mod_order(bytemuck::bytes_of(&value)));
            }
        }
        assert_eq!(Fr::from_bigint(BigInt(largest)), Some(-Fr::from(1)));
    }
}
