//! Writes a phase-1 file with known secrets, for tests and measurements only: `known-tau <power> <out.ptau>`.
//!
//! NEVER use such a file for a key that anyone is to trust: everyone who can read this source can forge proofs under it.

use std::fs::File;
use std::io::{BufWriter, Write};

use ark_bn254::Fr;
use ark_ff::Field;
use quietproof_prover::ceremony::known_tau::write_known_tau;
use quietproof_prover::engine::Portable;
use quietproof_prover::parallel::with_threads;
use quietproof_prover::setup::toxic::Toxic;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [power, path] = &arguments[..] else {
        panic!("usage: known-tau <power> <out.ptau>");
    };
    let power = power.parse().expect("a power");
    let [tau, alpha, beta, delta] = [2, 3, 5, 7].map(|base| Fr::from(base).pow([1009]));
    let secrets = Toxic {
        tau,
        alpha,
        beta,
        delta,
    };
    let mut out = BufWriter::new(File::create(path).expect("a writable file"));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    with_threads(threads, || {
        write_known_tau(Portable, power, &secrets, &mut out).expect("written")
    });
    out.flush().expect("written");
    println!("{path}: power {power}, with KNOWN secrets: for tests only");
}
