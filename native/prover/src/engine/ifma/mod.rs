//! The engine for processors with AVX-512 IFMA: eight elements at a time, in 52-bit limbs.
//!
//! Kernels (functions that loop over points or scalars) enable the target features
//! `avx512f,avx512ifma,avx512vl,avx512dq,avx512bw`. Everything they call is `#[inline(always)]`, so that it is compiled
//! with those features.

mod batch_add;
mod batch_double;
mod coordinate;
pub mod lanes;
pub mod modulus;
mod operands;
mod packed;
mod token;
mod transform;
mod transform_factor;
mod transform_kernels;
mod transform_leaf;
pub mod vector;

pub use token::Ifma;
pub use transform::IfmaDomain;

use super::{Addend, Engine};
use crate::points::{G1, G2};

impl Engine for Ifma {
    const NAME: &'static str = "avx512-ifma";
    const RADIX_BITS: u32 = modulus::RADIX_BITS;
    type Domain = IfmaDomain;

    fn add_g1(self, acc: &mut [G1], rhs: &[G1]) {
        batch_add::add_g1(self, acc, rhs);
    }

    fn add_g2(self, acc: &mut [G2], rhs: &[G2]) {
        batch_add::add_g2(self, acc, rhs);
    }

    fn accumulate_g1(self, sums: &mut [G1], addends: &[Addend], points: &[G1]) {
        batch_add::accumulate_g1(self, sums, addends, points);
    }

    fn accumulate_g2(self, sums: &mut [G2], addends: &[Addend], points: &[G2]) {
        batch_add::accumulate_g2(self, sums, addends, points);
    }

    fn double_g1(self, points: &mut [G1], times: u32) {
        batch_double::double_g1(self, points, times);
    }

    fn domain(self, log_size: u32) -> IfmaDomain {
        IfmaDomain::new(self, log_size)
    }
}
