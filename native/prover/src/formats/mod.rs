//! The binary files of iden3 (circom and snarkjs), read strictly: they come from outside.
//!
//! - [`container`]: the section table that all of them share
//! - [`zkey`]: proving keys; [`zkey_points`]: their points as arkworks has them; [`zkey_draft`]: new ones
//! - [`mod@wtns`] and [`mod@r1cs`]: witnesses and constraint systems
//! - [`fold`]: a file of ours beside a key, to leave out the C polynomial
//!
//! Readers never panic, and allocate nothing by a count before the bytes that it promises were seen.

pub mod container;
pub mod fold;
pub mod r1cs;
#[cfg(any(test, feature = "samples"))]
pub mod samples;
pub mod wtns;
pub mod zkey;
pub mod zkey_draft;
pub mod zkey_points;

/// Bytes of a field element, little-endian.
pub const ELEMENT_BYTES: usize = 32;
