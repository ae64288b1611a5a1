//! The binary file formats of iden3 (circom and snarkjs), with strict readers, since the files are untrusted.
//!
//! - [`container`]: the section table that all formats share
//! - [`zkey`]: proving keys; [`zkey_points`]: their points in arkworks' types; [`zkey_draft`]: writing a key
//! - [`mod@wtns`] and [`mod@r1cs`]: witnesses and constraint systems
//! - [`ptau`]: phase-1 files, prepared for phase 2
//! - [`fold`]: our own file beside a key, which allows the prover to skip the C polynomial
//!
//! Readers never panic, and allocate memory for a count only after checking that the file has the bytes for it.

pub mod container;
pub mod fold;
pub mod ptau;
pub mod r1cs;
#[cfg(any(test, feature = "samples"))]
pub mod samples;
pub mod wtns;
pub mod zkey;
pub mod zkey_draft;
pub mod zkey_points;

/// Bytes per field element, little-endian.
pub const ELEMENT_BYTES: usize = 32;
