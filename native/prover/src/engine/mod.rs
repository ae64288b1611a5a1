//! The performance-critical arithmetic behind one small interface, [`Engine`].
//!
//! [`Portable`] runs everywhere. [`Ifma`] needs AVX-512 IFMA (52-bit multiply-add, eight lanes), which is detected at
//! run time; a value of the type proves that the processor supports it, so its functions are safe to call.

mod addend;
mod choice;
#[cfg(target_arch = "x86_64")]
pub mod ifma;
mod interface;
pub mod inverse;
pub mod portable;
mod prefetch;
mod roots;
mod special;
#[cfg(test)]
mod transform_tests;

pub use addend::Addend;
pub use choice::{EngineChoice, WithEngine};
#[cfg(target_arch = "x86_64")]
pub use ifma::Ifma;
pub use interface::{BLOCK, Domain, Engine, EnginePoint};
pub use portable::Portable;
pub use prefetch::prefetch;
