//! Node binding of `quietproof-prover`. `src/prover/native-binding.ts` declares the same exports in TypeScript.
//!
//! Three rules hold for every function:
//!
//! - Nothing unwinds into Node: a panic becomes an error with the code `panic` ([`failure`]).
//! - Long work checks between its phases whether its [`permit`] has been revoked, by any thread.
//! - Functions named `…Sync`, and a key's `prove`, run on the calling thread. They are meant for worker threads, which
//!   do nothing else: Node's thread pool has four threads for a whole process, so work sent there would not scale
//!   beyond four workers. All other functions are called rarely and run on that pool, off the event loop.

#![cfg_attr(test, allow(dead_code, reason = "napi exports nothing from a test"))]

mod ceremony;
mod development_key;
mod failure;
mod json;
mod key;
mod key_checks;
mod permit;
mod phase1;
mod verifying;

use napi_derive::napi;

/// Incremented with every change to the exports; the caller accepts only the number it knows.
const INTERFACE: u32 = 5;

/// The version number of this interface.
#[napi]
pub fn interface_number() -> u32 {
    INTERFACE
}

/// Version of the crate.
#[napi]
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// The engine used on this processor: `portable` or `avx512-ifma`.
#[napi]
pub fn engine() -> &'static str {
    quietproof_prover::prover::EngineChoice::Auto.name()
}
