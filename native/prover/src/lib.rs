//! A Groth16 prover over BN254 for small circuits: one key, many proofs, mostly binary witnesses, many workers.
//!
//! A module uses only modules above it in this list (`tests/layers.rs` checks that).
//!
//! - [`error`]: what can go wrong, with codes
//! - [`durable`]: crash-safe file writes, and memory mapping
//! - [`parallel`]: one thread per proof, or all threads for one proof
//! - [`points`]: the memory format of curve points, also used in the key cache
//! - [`engine`]: the hot arithmetic (batch addition of points, Fourier transforms), portable and AVX-512 IFMA
//! - [`formats`]: the iden3 files `.zkey`, `.wtns` and `.r1cs`
//! - [`wires`]: a witness, with its wires classified by size
//! - [`msm`]: multi-exponentiation on top of batch addition
//! - [`matrix`]: the circuit's A and B matrices as compact rows
//! - [`key`]: the proving key in the prover's layout, and its cache on disk
//! - [`proof`]: proofs and their coordinates
//! - [`verify`]: verification of single proofs and batches
//! - [`prove`]: making a proof
//! - [`prover`]: the public interface: load a key, prove, verify
//! - [`setup`]: development keys
//! - [`ceremony`]: contributions to ceremony keys

pub mod ceremony;
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
