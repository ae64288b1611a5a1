//! The engine that runs everywhere: fields in four 64-bit words, with assembly where the processor has BMI2 and ADX.

pub mod batch_add;
pub mod batch_double;
mod coordinate;
pub mod field;
mod transform;
mod transform_field;

pub use transform::PortableDomain;

use super::Engine;
use crate::points::{G1, G2};

/// The portable engine's token.
#[derive(Clone, Copy, Debug)]
pub struct Portable;

impl Engine for Portable {
    const NAME: &'static str = "portable";
    const RADIX_BITS: u32 = field::RADIX_BITS;
    type Domain = PortableDomain;

    fn add_g1(self, acc: &mut [G1], rhs: &[G1]) {
        batch_add::add(acc, rhs);
    }

    fn add_g2(self, acc: &mut [G2], rhs: &[G2]) {
        batch_add::add(acc, rhs);
    }

    fn double_g1(self, points: &mut [G1], times: u32) {
        batch_double::double(points, times);
    }

    fn domain(self, log_size: u32) -> PortableDomain {
        PortableDomain::new(log_size)
    }
}
