//! Reads arbitrary bytes as a witness and classifies its wires.
#![no_main]

use libfuzzer_sys::fuzz_target;
use quietproof_prover::error::Code;
use quietproof_prover::formats::container::words;
use quietproof_prover::formats::wtns::read_wtns;
use quietproof_prover::wires::Wires;

fuzz_target!(|bytes: &[u8]| {
    let witness = match read_wtns(bytes) {
        Ok(witness) => witness,
        Err(error) => return assert_eq!(error.code, Code::BadWitness),
    };
    match Wires::new(witness, witness.len() / 32) {
        Ok(wires) => {
            for (wire, value) in witness.as_chunks().0.iter().enumerate() {
                assert_eq!(wires.canonical(wire), words(value));
            }
        }
        Err(error) => assert_eq!(error.code, Code::BadWitness),
    }
});
