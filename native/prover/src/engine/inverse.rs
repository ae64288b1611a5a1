//! Inversion modulo the base field's prime, about six times as fast as a word-by-word Euclidean algorithm.
//!
//! Bernstein and Yang, "Fast constant-time gcd computation and modular inversion" (2019), in the variable-time form
//! with 62 division steps at a time: the steps use only the lowest 62 bits and yield a 2×2 matrix, which is then
//! applied to the full numbers. Running time depends on the input.

use ark_bn254::Fq;
use ark_ff::PrimeField;

use crate::points::Words;

/// Bits per limb, and division steps per batch.
const LIMB_BITS: u32 = 62;
const LIMB_MASK: u64 = (1 << LIMB_BITS) - 1;

/// A signed number: four limbs of 62 bits, lowest first, then one that carries the sign.
type Signed = [i64; 5];

const MODULUS: Signed = signed(Fq::MODULUS.0);
/// 1/p modulo 2^62.
const MODULUS_INVERSE: u64 = inverse_of_odd(Fq::MODULUS.0[0]) & LIMB_MASK;

/// The transition matrix of a batch of division steps, times 2^62: (f, g) becomes (u·f + v·g, q·f + r·g).
/// |u| + |v| and |q| + |r| are at most 2^62.
#[derive(Clone, Copy)]
struct Matrix {
    u: i64,
    v: i64,
    q: i64,
    r: i64,
}

/// The y below p with x·y = 1 modulo p, for x below p; 0 for 0.
pub fn invert(x: &Words) -> Words {
    let (mut f, mut g) = (MODULUS, signed(*x));
    // Invariants: d·x = f and e·x = g modulo p, up to powers of two, which `apply_modulo` divides out as well.
    let (mut d, mut e) = ([0; 5], [1, 0, 0, 0, 0]);
    let mut eta = -1;
    let mut len = 5;
    while g[..len].iter().any(|limb| *limb != 0) {
        let steps = division_steps(&mut eta, f[0].cast_unsigned(), g[0].cast_unsigned());
        apply_modulo(steps, &mut d, &mut e);
        apply(steps, &mut f[..len], &mut g[..len]);
        len = shortened(&mut f, &mut g, len);
    }
    // f is now ±1, the greatest common divisor.
    reduced(d, f[len - 1] < 0)
}

/// 62 division steps on the lowest bits of f (odd) and g; `eta` is the paper's −δ.
#[inline(always)]
fn division_steps(eta: &mut i64, mut f: u64, mut g: u64) -> Matrix {
    let (mut u, mut v, mut q, mut r) = (1u64, 0u64, 0u64, 1u64);
    let mut left = LIMB_BITS;
    loop {
        let zeros = (g | u64::MAX << left).trailing_zeros();
        g >>= zeros;
        u <<= zeros;
        v <<= zeros;
        *eta -= i64::from(zeros);
        left -= zeros;
        if left == 0 {
            break;
        }
        // Both are odd. Adding the right multiple of f clears as many low bits of g as there are steps until the next
        // exchange, at most 6 (or 4, where a cheaper formula gives the inverse of f).
        let exchange = *eta < 0;
        if exchange {
            *eta = -*eta;
            (f, g) = (g, f.wrapping_neg());
            (u, q) = (q, u.wrapping_neg());
            (v, r) = (r, v.wrapping_neg());
        }
        let steps = (eta.cast_unsigned() + 1).min(u64::from(left));
        let bits = u64::MAX >> (64 - steps);
        let factor = if exchange {
            let minus_inverse_of_f = f.wrapping_mul(f).wrapping_sub(2);
            f.wrapping_mul(g).wrapping_mul(minus_inverse_of_f) & bits & 63
        } else {
            let inverse_of_f = f.wrapping_add((f.wrapping_add(1) & 4) << 1);
            inverse_of_f.wrapping_neg().wrapping_mul(g) & bits & 15
        };
        g = g.wrapping_add(f.wrapping_mul(factor));
        q = q.wrapping_add(u.wrapping_mul(factor));
        r = r.wrapping_add(v.wrapping_mul(factor));
    }
    let [u, v, q, r] = [u, v, q, r].map(u64::cast_signed);
    Matrix { u, v, q, r }
}

/// Replaces (f, g) by the matrix times (f, g), divided by 2^62, which is exact.
#[inline(always)]
fn apply(m: Matrix, f: &mut [i64], g: &mut [i64]) {
    let (mut f_sum, mut g_sum) = combined(m, f[0], g[0]);
    debug_assert!(low(f_sum) == 0 && low(g_sum) == 0, "a batch clears 62 bits");
    for i in 1..f.len() {
        let (f_term, g_term) = combined(m, f[i], g[i]);
        f_sum = (f_sum >> LIMB_BITS) + f_term;
        g_sum = (g_sum >> LIMB_BITS) + g_term;
        f[i - 1] = low(f_sum).cast_signed();
        g[i - 1] = low(g_sum).cast_signed();
    }
    let last = f.len() - 1;
    f[last] = (f_sum >> LIMB_BITS) as i64;
    g[last] = (g_sum >> LIMB_BITS) as i64;
}

/// Replaces (d, e) by the matrix times (d, e), divided by 2^62 modulo p. Both stay between −2p and p.
#[inline(always)]
fn apply_modulo(m: Matrix, d: &mut Signed, e: &mut Signed) {
    // Multiples of p to add: one for each negative operand (raising it above −p), and one that makes the sum divisible.
    let (d_sign, e_sign) = (d[4] >> 63, e[4] >> 63);
    let (mut d_sum, mut e_sum) = combined(m, d[0], e[0]);
    let multiple = |sum: i128, base: i64| {
        let to_clear = low(sum)
            .wrapping_mul(MODULUS_INVERSE)
            .wrapping_add(base.cast_unsigned());
        base - (to_clear & LIMB_MASK).cast_signed()
    };
    let d_multiple = multiple(d_sum, (m.u & d_sign) + (m.v & e_sign));
    let e_multiple = multiple(e_sum, (m.q & d_sign) + (m.r & e_sign));
    d_sum += product(MODULUS[0], d_multiple);
    e_sum += product(MODULUS[0], e_multiple);
    debug_assert!(
        low(d_sum) == 0 && low(e_sum) == 0,
        "the multiples of p clear 62 bits"
    );
    for i in 1..5 {
        let (d_term, e_term) = combined(m, d[i], e[i]);
        d_sum = (d_sum >> LIMB_BITS) + d_term + product(MODULUS[i], d_multiple);
        e_sum = (e_sum >> LIMB_BITS) + e_term + product(MODULUS[i], e_multiple);
        d[i - 1] = low(d_sum).cast_signed();
        e[i - 1] = low(e_sum).cast_signed();
    }
    d[4] = (d_sum >> LIMB_BITS) as i64;
    e[4] = (e_sum >> LIMB_BITS) as i64;
}

/// One limb of both rows of the matrix times (a, b).
#[inline(always)]
fn combined(m: Matrix, a: i64, b: i64) -> (i128, i128) {
    (
        product(m.u, a) + product(m.v, b),
        product(m.q, a) + product(m.r, b),
    )
}

#[inline(always)]
fn product(a: i64, b: i64) -> i128 {
    i128::from(a) * i128::from(b)
}

#[inline(always)]
fn low(sum: i128) -> u64 {
    sum as u64 & LIMB_MASK
}

/// Drops the highest limb of both numbers when it holds only their signs, which then move to the next limb.
#[inline(always)]
fn shortened(f: &mut Signed, g: &mut Signed, len: usize) -> usize {
    let (f_high, g_high) = (f[len - 1], g[len - 1]);
    if len == 1 || f_high != f_high >> 63 || g_high != g_high >> 63 {
        return len;
    }
    f[len - 2] |= f_high << LIMB_BITS;
    g[len - 2] |= g_high << LIMB_BITS;
    len - 1
}

/// ±value modulo p, for a value between −2p and p.
fn reduced(mut value: Signed, negate: bool) -> Words {
    if value[4] < 0 {
        value = carried(std::array::from_fn(|i| value[i] + MODULUS[i]));
    }
    if negate {
        value = carried(value.map(|limb| -limb));
    }
    if value[4] < 0 {
        value = carried(std::array::from_fn(|i| value[i] + MODULUS[i]));
    }
    let l = value.map(i64::cast_unsigned);
    [
        l[0] | l[1] << 62,
        l[1] >> 2 | l[2] << 60,
        l[2] >> 4 | l[3] << 58,
        l[3] >> 6 | l[4] << 56,
    ]
}

fn carried(mut value: Signed) -> Signed {
    for i in 0..4 {
        value[i + 1] += value[i] >> LIMB_BITS;
        value[i] = (value[i].cast_unsigned() & LIMB_MASK).cast_signed();
    }
    value
}

const fn signed(w: Words) -> Signed {
    [
        (w[0] & LIMB_MASK).cast_signed(),
        ((w[0] >> 62 | w[1] << 2) & LIMB_MASK).cast_signed(),
        ((w[1] >> 60 | w[2] << 4) & LIMB_MASK).cast_signed(),
        ((w[2] >> 58 | w[3] << 6) & LIMB_MASK).cast_signed(),
        (w[3] >> 56).cast_signed(),
    ]
}

const fn inverse_of_odd(word: u64) -> u64 {
    // Newton: each step doubles the number of correct bits, starting from 3.
    let mut inverse = word;
    let mut correct_bits = 3;
    while correct_bits < u64::BITS {
        inverse = inverse.wrapping_mul(2u64.wrapping_sub(word.wrapping_mul(inverse)));
        correct_bits *= 2;
    }
    inverse
}
