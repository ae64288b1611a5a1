//! Eight 64-bit words in one register, as safe operations.
//!
//! A [`Vector`] can only be made from an [`Ifma`] token or another vector, so its existence proves that the processor
//! has the instructions. Operations are `#[inline(always)]` without target features: called from a kernel that enables
//! the features (see [`super`]), each becomes one instruction; called from elsewhere, it is correct but slow.

use std::arch::x86_64::*;
use std::ops::{Add, BitAnd, BitOr, Sub};

use super::token::Ifma;
use crate::points::Words;

/// Eight lanes of 64 bits.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Vector(__m512i);

/// One bit per lane, lane 0 lowest.
pub type Mask = u8;

/// Defines methods that compile to one instruction.
macro_rules! instructions {
    ($($(#[$doc:meta])* $name:ident $(<$shift:ident>)? ($($arg:ident),*) -> $out:ty = $intrinsic:expr;)*) => {$(
        $(#[$doc])*
        #[inline(always)]
        pub fn $name $(<const $shift: u32>)? (self $(, $arg: Self)*) -> $out {
            // SAFETY: no memory is touched, and the existence of `self` proves that the processor has the instruction.
            unsafe { $intrinsic(self.0 $(, $arg.0)*) }.wrap()
        }
    )*};
}

/// Defines operators that compile to one instruction.
macro_rules! operators {
    ($($trait:ident :: $name:ident = $intrinsic:expr;)*) => {$(
        impl $trait for Vector {
            type Output = Self;

            #[inline(always)]
            fn $name(self, rhs: Self) -> Self {
                // SAFETY: no memory is touched, and `self` proves that the processor has the instruction.
                Self(unsafe { $intrinsic(self.0, rhs.0) })
            }
        }
    )*};
}

operators! {
    // Modulo 2^64 in each lane.
    Add::add = _mm512_add_epi64;
    Sub::sub = _mm512_sub_epi64;
    BitAnd::bitand = _mm512_and_si512;
    BitOr::bitor = _mm512_or_si512;
}

impl Vector {
    instructions! {
        /// `self` + the low 52 bits of the product of the low 52 bits of a and b.
        madd_low(a, b) -> Self = _mm512_madd52lo_epu64;
        /// `self` + bits 52…103 of the product of the low 52 bits of a and b.
        madd_high(a, b) -> Self = _mm512_madd52hi_epu64;
        /// Lanes in which both operands have a common set bit.
        test(rhs) -> Mask = _mm512_test_epi64_mask;
        /// Lanes in which self is less than rhs, unsigned.
        less(rhs) -> Mask = _mm512_cmplt_epu64_mask;
        /// Even lanes of self and rhs, alternating.
        interleave_low(rhs) -> Self = _mm512_unpacklo_epi64;
        /// Odd lanes of self and rhs, alternating.
        interleave_high(rhs) -> Self = _mm512_unpackhi_epi64;
        /// Lanes 0, 2, 4, 6 of self, then of rhs.
        even_lanes(rhs) -> Self = even_lanes;
        /// Lanes 1, 3, 5, 7 of self, then of rhs.
        odd_lanes(rhs) -> Self = odd_lanes;
        /// Pairs 0 and 2 of self, then of rhs.
        pairs_even(rhs) -> Self = _mm512_shuffle_i64x2::<0b10_00_10_00>;
        /// Pairs 1 and 3 of self, then of rhs.
        pairs_odd(rhs) -> Self = _mm512_shuffle_i64x2::<0b11_01_11_01>;
        /// Pair 0 of self and of rhs, then pair 2 of both.
        zip_even_pairs(rhs) -> Self = zip_even_pairs;
        /// Pair 1 of self and of rhs, then pair 3 of both.
        zip_odd_pairs(rhs) -> Self = zip_odd_pairs;
        /// Neighbouring lanes exchanged: 1 0 3 2 5 4 7 6.
        swap_lanes() -> Self = _mm512_permutex_epi64::<0b10_11_00_01>;
        /// Pairs exchanged within each half: 2 3 0 1 6 7 4 5.
        swap_pairs() -> Self = _mm512_permutex_epi64::<0b01_00_11_10>;
        /// Halves exchanged: 4 5 6 7 0 1 2 3.
        swap_halves() -> Self = swap_halves;
        /// Logical shift right.
        shr<BY>() -> Self = _mm512_srli_epi64::<BY>;
        /// Arithmetic shift right.
        sar<BY>() -> Self = _mm512_srai_epi64::<BY>;
        /// Shift left.
        shl<BY>() -> Self = _mm512_slli_epi64::<BY>;
    }

    /// The proof that this processor has the instructions.
    #[inline(always)]
    pub fn cpu(self) -> Ifma {
        Ifma(())
    }

    /// The same word in each lane.
    #[inline(always)]
    pub fn splat(_: Ifma, word: u64) -> Self {
        // SAFETY: no memory is touched; the token proves that the processor has the instruction.
        Self(unsafe { _mm512_set1_epi64(word.cast_signed()) })
    }

    /// Eight words, lane 0 first.
    #[inline(always)]
    pub fn new(_: Ifma, words: &[u64; 8]) -> Self {
        // SAFETY: the reference covers the 64 bytes read, at any alignment; the token proves the instruction.
        Self(unsafe { _mm512_loadu_si512(words.as_ptr().cast()) })
    }

    /// The eight words, lane 0 first.
    #[inline(always)]
    pub fn words(self) -> [u64; 8] {
        // SAFETY: both are 64 bytes without padding, and every bit pattern is a valid array of words.
        unsafe { std::mem::transmute(self.0) }
    }

    /// `other` in the mask's lanes, `self` elsewhere.
    #[inline(always)]
    pub fn replace(self, mask: Mask, other: Self) -> Self {
        // SAFETY: no memory is touched, and the existence of `self` proves that the processor has the instruction.
        Self(unsafe { _mm512_mask_blend_epi64(mask, self.0, other.0) })
    }

    /// The sum in the mask's lanes, `self` elsewhere.
    #[inline(always)]
    pub fn add_where(self, mask: Mask, rhs: Self) -> Self {
        // SAFETY: no memory is touched, and the existence of `self` proves that the processor has the instruction.
        Self(unsafe { _mm512_mask_add_epi64(self.0, mask, self.0, rhs.0) })
    }

    /// Looks up each lane of `self`, as an index modulo 8, in the table.
    #[inline(always)]
    pub fn look_up(self, table: &[u64; 8]) -> Self {
        let table = Self::new(self.cpu(), table);
        // SAFETY: no memory is touched, and the existence of `self` proves that the processor has the instruction.
        Self(unsafe { _mm512_permutexvar_epi64(self.0, table.0) })
    }

    /// Two four-word rows side by side.
    #[inline(always)]
    fn two_rows(_: Ifma, low: &Words, high: &Words) -> Self {
        // SAFETY: each reference covers the 32 bytes read, at any alignment; the token proves the instructions.
        Self(unsafe {
            let low = _mm256_loadu_si256(low.as_ptr().cast());
            let high = _mm256_loadu_si256(high.as_ptr().cast());
            _mm512_inserti64x4::<1>(_mm512_castsi256_si512(low), high)
        })
    }

    /// Writes the two halves to two four-word rows.
    #[inline(always)]
    fn write_two_rows(self, low: &mut Words, high: &mut Words) {
        // SAFETY: each reference covers the 32 bytes written, at any alignment; `self` proves the instructions.
        unsafe {
            _mm256_storeu_si256(low.as_mut_ptr().cast(), _mm512_castsi512_si256(self.0));
            let upper = _mm512_extracti64x4_epi64::<1>(self.0);
            _mm256_storeu_si256(high.as_mut_ptr().cast(), upper);
        }
    }
}

/// Converts an intrinsic's result to the type that the method returns.
trait Wrap<T> {
    fn wrap(self) -> T;
}

impl Wrap<Vector> for __m512i {
    #[inline(always)]
    fn wrap(self) -> Vector {
        Vector(self)
    }
}

impl Wrap<Self> for Mask {
    #[inline(always)]
    fn wrap(self) -> Self {
        self
    }
}

/// # Safety
/// Needs AVX-512F.
#[inline(always)]
unsafe fn swap_halves(v: __m512i) -> __m512i {
    // SAFETY: no memory is touched; the caller guarantees the instruction.
    unsafe { _mm512_shuffle_i64x2::<0b01_00_11_10>(v, v) }
}

/// # Safety
/// Needs AVX-512F.
#[inline(always)]
unsafe fn zip_even_pairs(a: __m512i, b: __m512i) -> __m512i {
    // SAFETY: no memory is touched; the caller guarantees the instructions.
    unsafe { _mm512_permutex2var_epi64(a, _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13), b) }
}

/// # Safety
/// Needs AVX-512F.
#[inline(always)]
unsafe fn zip_odd_pairs(a: __m512i, b: __m512i) -> __m512i {
    // SAFETY: no memory is touched; the caller guarantees the instructions.
    unsafe { _mm512_permutex2var_epi64(a, _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15), b) }
}

/// # Safety
/// Needs AVX-512F.
#[inline(always)]
unsafe fn even_lanes(a: __m512i, b: __m512i) -> __m512i {
    // SAFETY: no memory is touched; the caller guarantees the instructions.
    unsafe { _mm512_permutex2var_epi64(a, _mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14), b) }
}

/// # Safety
/// Needs AVX-512F.
#[inline(always)]
unsafe fn odd_lanes(a: __m512i, b: __m512i) -> __m512i {
    // SAFETY: no memory is touched; the caller guarantees the instructions.
    unsafe { _mm512_permutex2var_epi64(a, _mm512_setr_epi64(1, 3, 5, 7, 9, 11, 13, 15), b) }
}

/// Eight rows of four words, read as four vectors: word j of row i in lane i of vector j.
#[inline(always)]
pub fn columns_of(cpu: Ifma, rows: [&Words; 8]) -> [Vector; 4] {
    // Rows are paired so that the two rounds of shuffles (within pairs, then of pairs) give lanes in natural order.
    let a = Vector::two_rows(cpu, rows[0], rows[2]);
    let b = Vector::two_rows(cpu, rows[1], rows[3]);
    let c = Vector::two_rows(cpu, rows[4], rows[6]);
    let d = Vector::two_rows(cpu, rows[5], rows[7]);
    let (even, odd) = (a.interleave_low(b), a.interleave_high(b));
    let (even_right, odd_right) = (c.interleave_low(d), c.interleave_high(d));
    [
        even.pairs_even(even_right),
        odd.pairs_even(odd_right),
        even.pairs_odd(even_right),
        odd.pairs_odd(odd_right),
    ]
}

/// The inverse of [`columns_of`].
#[inline(always)]
pub fn write_columns(columns: [Vector; 4], rows: [&mut Words; 8]) {
    let [a, b, c, d] = columns;
    let [r0, r1, r2, r3, r4, r5, r6, r7] = rows;
    let (low, high) = (a.interleave_low(b), a.interleave_high(b));
    let (low_right, high_right) = (c.interleave_low(d), c.interleave_high(d));
    // `low` holds words 0, 1 of rows 0, 2, 4, 6, `low_right` their words 2, 3; `high` those of the odd rows.
    low.zip_even_pairs(low_right).write_two_rows(r0, r4);
    low.zip_odd_pairs(low_right).write_two_rows(r2, r6);
    high.zip_even_pairs(high_right).write_two_rows(r1, r5);
    high.zip_odd_pairs(high_right).write_two_rows(r3, r7);
}
