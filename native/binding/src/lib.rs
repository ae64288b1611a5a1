//! Node binding of `quietproof-prover`. `src/prove/native-binding.ts` describes the same exports in TypeScript.
//!
//! Three rules hold for every function:
//!
//! - Nothing unwinds into Node: a panic becomes an error with the code `panic` ([`failure`]).
//! - Work that takes long looks between its phases whether its [`permit`] was revoked, from any thread.
//! - What is called `…Sync`, and a key's `prove`, run on the calling thread. That is meant for worker threads, which do
//!   nothing else: Node's own pool has four threads for a whole process, so that work sent there would stop scaling at
//!   four workers. The rest runs on that pool, off the event loop, and is called now and then.

#![cfg_attr(test, allow(dead_code, reason = "napi exports nothing from a test"))]

mod development_key;
mod failure;
mod json;
mod key;
mod permit;
mod verifying;

use napi_derive::napi;

/// Raised with every change of what is exported; the caller uses no other.
const INTERFACE: u32 = 1;

/// The number of this interface.
#[napi]
pub fn interface_number() -> u32 {
    INTERFACE
}

/// Version of the crate.
#[napi]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// The arithmetic that this processor gets: `portable` or `avx512-ifma`.
#[napi]
pub fn engine() -> &'static str {
    quietproof_prover::prover::EngineChoice::Auto.name()
}
