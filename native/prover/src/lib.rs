//! A Groth16 prover over BN254 for small circuits: one key, many proofs, mostly binary witnesses, many workers.
//!
//! A module uses only modules above it in this list (`tests/layers.rs` checks that).
//!
//! - [`error`]: what can go wrong, with codes
//! - [`durable`]: files that are there whole or not at all
//! - [`parallel`]: one thread a proof, or all for one
//! - [`points`]: points as they lie in memory and in the key cache
//! - [`engine`]: the hot arithmetic (batch addition of points, Fourier transforms), portable and AVX-512 IFMA
//! - [`formats`]: the iden3 files `.zkey`, `.wtns` and `.r1cs`
//! - [`wires`]: a witness, its wires sorted by size
//! - [`msm`]: multi-exponentiation on top of batch addition
//! - [`matrix`]: the circuit's A and B, as compact rows
//! - [`key`]: the proving key in the prover's own layout, and its cache on disk
//! - [`proof`]: a proof, and how it is written
//! - [`verify`]: the check every proof passes before it leaves, one or many
//! - [`prove`]: how a proof is made
//! - [`prover`]: loaded keys, as callers see them
//! - [`setup`]: development keys

pub mod durable;
pub mod engine;
pub mod error;
pub mod formats;
pub mod key;
pub mod matrix;
pub mod msm;
pub mod parallel;
pub mod points;
pub mod proof;
pub mod prove;
pub mod prover;
pub mod setup;
pub mod verify;
pub mod wires;
