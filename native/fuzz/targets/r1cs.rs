//! Reads arbitrary bytes as a constraint system.
#![no_main]

use libfuzzer_sys::fuzz_target;
use quietproof_prover::error::Code;
use quietproof_prover::formats::r1cs::R1cs;

fuzz_target!(|bytes: &[u8]| {
    match R1cs::read(bytes) {
        Ok(r1cs) => {
            for matrix in &r1cs.matrices {
                assert_eq!(matrix.row_start.len(), r1cs.n_constraints + 1);
                assert!(
                    matrix
                        .wire
                        .iter()
                        .all(|wire| (*wire as usize) < r1cs.n_wires)
                );
            }
        }
        Err(error) => assert_eq!(error.code, Code::BadCircuit),
    }
});
