//! Eight field elements side by side, in five limbs of 52 bits, Montgomery form with radix 2^260.
//!
//! Values are reduced modulo p but not below p: 2^260 is 84·p, and that headroom saves most reductions. Each type
//! documents its limbs, each operation its operands. Bounds are in multiples of p, and [`LIMIT`] is the most that five
//! limbs hold. A canonical value is below 1·p.
//!
//! | type | limbs | made by |
//! |---|---|---|
//! | [`Lanes`] | below 2^52 each, ready for multiplication | loading, [`Sum::carry`] |
//! | [`Sum`] | signed, within ±2^62; the value is not negative | additions, [`Product::reduce`] |
//! | [`Product`] | ten, signed, within ±2^62; the value is not negative | multiplications and their sums |

use std::marker::PhantomData;
use std::ops::{Add, Mul, Sub};

use super::modulus::{LIMB_BITS, LIMB_MASK, Limbs, Modulus};
use super::token::Ifma;
use super::vector::{Mask, Vector};

/// Values of any type but [`Product`] stay below this multiple of p, so that they fit five limbs.
pub const LIMIT: u32 = 84;

/// Eight elements whose limbs are below 2^52.
#[derive(Clone, Copy)]
pub struct Lanes<M> {
    limbs: [Vector; 5],
    modulus: PhantomData<M>,
}

/// Eight elements whose carries have not been propagated.
#[derive(Clone, Copy)]
pub struct Sum<M> {
    limbs: [Vector; 5],
    modulus: PhantomData<M>,
}

/// Eight products before reduction.
#[derive(Clone, Copy)]
pub struct Product<M> {
    columns: [Vector; 10],
    modulus: PhantomData<M>,
}

impl<M: Modulus> Lanes<M> {
    /// The same element in each lane.
    #[inline(always)]
    pub fn splat(cpu: Ifma, limbs: Limbs) -> Self {
        Self::from_limbs([
            Vector::splat(cpu, limbs[0]),
            Vector::splat(cpu, limbs[1]),
            Vector::splat(cpu, limbs[2]),
            Vector::splat(cpu, limbs[3]),
            Vector::splat(cpu, limbs[4]),
        ])
    }

    /// From limbs, each below 2^52.
    #[inline(always)]
    pub const fn from_limbs(limbs: [Vector; 5]) -> Self {
        Self {
            limbs,
            modulus: PhantomData,
        }
    }

    /// From four vectors of words, lowest first, of any value (2^256 is 5·p).
    #[inline(always)]
    pub fn from_words(w: [Vector; 4]) -> Self {
        let mask = Vector::splat(w[0].cpu(), LIMB_MASK);
        Self::from_limbs([
            w[0] & mask,
            (w[0].shr::<52>() | w[1].shl::<12>()) & mask,
            (w[1].shr::<40>() | w[2].shl::<24>()) & mask,
            (w[2].shr::<28>() | w[3].shl::<36>()) & mask,
            w[3].shr::<16>(),
        ])
    }

    /// To four vectors of words, lowest first, for values below 2^256.
    #[inline(always)]
    pub fn to_words(self) -> [Vector; 4] {
        let l = self.limbs;
        [
            l[0] | l[1].shl::<52>(),
            l[1].shr::<12>() | l[2].shl::<40>(),
            l[2].shr::<24>() | l[3].shl::<28>(),
            l[3].shr::<36>() | l[4].shl::<16>(),
        ]
    }

    /// The limbs, lowest first.
    #[inline(always)]
    pub fn limbs(self) -> [Vector; 5] {
        self.limbs
    }

    /// The proof that this processor has the instructions.
    #[inline(always)]
    pub fn cpu(self) -> Ifma {
        self.limbs[0].cpu()
    }

    /// `other` in the mask's lanes, `self` elsewhere.
    #[inline(always)]
    pub fn replace(mut self, mask: Mask, other: Self) -> Self {
        for i in 0..5 {
            self.limbs[i] = self.limbs[i].replace(mask, other.limbs[i]);
        }
        self
    }

    /// Applies the same permutation of lanes to each limb.
    #[inline(always)]
    pub fn permute(self, permutation: impl Fn(Vector) -> Vector) -> Self {
        let l = self.limbs;
        Self::from_limbs([
            permutation(l[0]),
            permutation(l[1]),
            permutation(l[2]),
            permutation(l[3]),
            permutation(l[4]),
        ])
    }

    /// The same values, for addition and subtraction.
    #[inline(always)]
    pub fn sum(self) -> Sum<M> {
        Sum::new(self.limbs)
    }

    /// Unreduced product of any two values.
    #[inline(always)]
    pub fn product(self, rhs: Self) -> Product<M> {
        let (a, b) = (self.limbs, rhs.limbs);
        let mut columns = [Vector::splat(a[0].cpu(), 0); 10];
        for i in 0..5 {
            for j in 0..5 {
                columns[i + j] = columns[i + j].madd_low(a[i], b[j]);
                columns[i + j + 1] = columns[i + j + 1].madd_high(a[i], b[j]);
            }
        }
        Product::new(columns)
    }

    /// Unreduced square of any value: products of different limbs are computed once and doubled.
    #[inline(always)]
    pub fn square_product(self) -> Product<M> {
        let a = self.limbs;
        let mut columns = [Vector::splat(a[0].cpu(), 0); 10];
        for i in 0..5 {
            for j in i + 1..5 {
                columns[i + j] = columns[i + j].madd_low(a[i], a[j]);
                columns[i + j + 1] = columns[i + j + 1].madd_high(a[i], a[j]);
            }
        }
        for column in &mut columns[1..9] {
            *column = *column + *column;
        }
        for i in 0..5 {
            columns[2 * i] = columns[2 * i].madd_low(a[i], a[i]);
            columns[2 * i + 1] = columns[2 * i + 1].madd_high(a[i], a[i]);
        }
        Product::new(columns)
    }

    /// Montgomery square, bounded like a product.
    #[inline(always)]
    pub fn square(self) -> Self {
        self.square_product().reduce().carry()
    }
}

/// Montgomery product a·b/2^260, below a·b/84 + 3, which must not exceed [`LIMIT`] (80 times 84 is within it).
impl<M: Modulus> Mul for Lanes<M> {
    type Output = Self;

    #[inline(always)]
    fn mul(self, rhs: Self) -> Self {
        self.product(rhs).reduce().carry()
    }
}

/// Defines `+` and `-` by limb, without carries. Bounds add up; a difference may be negative until a multiple of p is
/// added.
macro_rules! limbwise {
    ($($type:ident, $limbs:ident, $trait:ident :: $name:ident, $operator:tt;)*) => {$(
        impl<M> $trait for $type<M> {
            type Output = Self;

            #[inline(always)]
            fn $name(mut self, rhs: Self) -> Self {
                for i in 0..self.$limbs.len() {
                    self.$limbs[i] = self.$limbs[i] $operator rhs.$limbs[i];
                }
                self
            }
        }
    )*};
}

limbwise! {
    Sum, limbs, Add::add, +;
    Sum, limbs, Sub::sub, -;
    Product, columns, Add::add, +;
    Product, columns, Sub::sub, -;
}

impl<M: Modulus> Sum<M> {
    #[inline(always)]
    const fn new(limbs: [Vector; 5]) -> Self {
        Self {
            limbs,
            modulus: PhantomData,
        }
    }

    /// Adds K·p, to make a difference non-negative.
    #[inline(always)]
    pub fn add_multiple<const K: usize>(mut self) -> Self {
        for i in 0..5 {
            let limb = Vector::splat(self.limbs[i].cpu(), M::LIMBS[i] * K as u64);
            self.limbs[i] = self.limbs[i] + limb;
        }
        self
    }

    /// Lanes whose limbs are all zero: the zeros of a canonical value, the equal lanes of the difference of two.
    #[inline(always)]
    pub fn zero_limbs(self) -> Mask {
        let l = self.limbs;
        let any = (l[0] | l[1]) | (l[2] | l[3]) | l[4];
        !any.test(any)
    }

    /// Propagates carries, so that the value can be multiplied; for values from 0 to [`LIMIT`].
    #[inline(always)]
    pub fn carry(self) -> Lanes<M> {
        let mut limbs = self.limbs;
        let mask = Vector::splat(limbs[0].cpu(), LIMB_MASK);
        for i in 0..4 {
            limbs[i + 1] = limbs[i + 1] + limbs[i].sar::<LIMB_BITS>();
            limbs[i] = limbs[i] & mask;
        }
        Lanes::from_limbs(limbs)
    }

    /// The canonical representative of a value below 8·p.
    ///
    /// The quotient is estimated from the highest limb, which is nearly always right. If the highest limb of the
    /// remainder is then below that of p, the remainder is below p, however good the estimate was.
    #[inline(always)]
    pub fn canonical(self) -> Lanes<M> {
        let remainder = self.sub_multiple(self.limbs[4]);
        let top = Vector::splat(self.limbs[0].cpu(), M::LIMBS[4]);
        if remainder.limbs[4].less(top) == 0xff {
            return remainder;
        }
        // SAFETY: a vector exists, which proves that the processor has the features.
        unsafe { exactly_canonical(self.carry()) }
    }

    /// Subtracts the multiple of p estimated from the given highest limb. If that is the limb of a value below 8·p
    /// after carrying, the multiple is never too high, and too low by at most one.
    #[inline(always)]
    fn sub_multiple(mut self, highest: Vector) -> Lanes<M> {
        let cpu = highest.cpu();
        let quotient = Vector::splat(cpu, 0)
            .madd_high(highest, Vector::splat(cpu, M::QUOTIENT))
            .shr::<40>();
        for i in 0..5 {
            self.limbs[i] = self.limbs[i] - quotient.look_up(&M::MULTIPLES[i]);
        }
        self.carry()
    }
}

/// The canonical representatives of any values below 8·p: the slow path of [`Sum::canonical`].
#[cold]
#[inline(never)]
#[target_feature(enable = "avx512f,avx512ifma,avx512vl,avx512dq,avx512bw")]
fn exactly_canonical<M: Modulus>(value: Lanes<M>) -> Lanes<M> {
    let below_two = value.sum().sub_multiple(value.limbs[4]);
    let cpu = value.limbs[0].cpu();
    let less_one = (below_two.sum() - Lanes::splat(cpu, M::LIMBS).sum()).carry();
    let negative = less_one.limbs[4].test(Vector::splat(cpu, 1 << 63));
    less_one.replace(negative, below_two)
}

impl<M: Modulus> Product<M> {
    #[inline(always)]
    const fn new(columns: [Vector; 10]) -> Self {
        Self {
            columns,
            modulus: PhantomData,
        }
    }

    /// Adds K·p·2^260, to compensate for subtracting a product of values whose bounds multiply to at most 84·K. The
    /// reduced result is higher by K·p.
    #[inline(always)]
    pub fn add_multiple<const K: usize>(mut self) -> Self {
        for i in 0..5 {
            let limb = Vector::splat(self.columns[0].cpu(), M::LIMBS[i] * K as u64);
            self.columns[5 + i] = self.columns[5 + i] + limb;
        }
        self
    }

    /// The product over 2^260 modulo p, exceeding the exact quotient by less than 3·p.
    ///
    /// The four lowest limbs are multiplied by their weights relative to four limbs higher ([`Modulus::FOLDS`]), which
    /// needs neither quotient digits nor a carry chain; only the fifth limb is cancelled by Montgomery's method.
    #[inline(always)]
    pub fn reduce(self) -> Sum<M> {
        let mut c = self.columns;
        let cpu = c[0].cpu();
        for i in 0..4 {
            c[i + 1] = c[i + 1] + c[i].sar::<LIMB_BITS>();
        }
        for (i, fold) in M::FOLDS.iter().enumerate() {
            for j in 0..5 {
                let factor = Vector::splat(cpu, fold[j]);
                c[4 + j] = c[4 + j].madd_low(c[i], factor);
                c[5 + j] = c[5 + j].madd_high(c[i], factor);
            }
        }
        let zero = Vector::splat(cpu, 0);
        let digit = zero.madd_low(c[4], Vector::splat(cpu, M::NEGATIVE_INVERSE));
        // The low limb plus digit·p is 0 modulo 2^52, so it carries 1 unless both are 0.
        let carries = c[4].test(Vector::splat(cpu, LIMB_MASK));
        c[5] = (c[5] + c[4].sar::<LIMB_BITS>()).add_where(carries, Vector::splat(cpu, 1));
        for j in 0..5 {
            let factor = Vector::splat(cpu, M::LIMBS[j]);
            if j > 0 {
                c[4 + j] = c[4 + j].madd_low(digit, factor);
            }
            c[5 + j] = c[5 + j].madd_high(digit, factor);
        }
        Sum::new([c[5], c[6], c[7], c[8], c[9]])
    }
}
