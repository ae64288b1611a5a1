//! Reads arbitrary bytes as a proving key and evaluates its rows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use quietproof_prover::error::Code;
use quietproof_prover::formats::zkey::{Side, Zkey};
use quietproof_prover::matrix::Matrix;
use quietproof_prover::wires::Wires;

fuzz_target!(|bytes: &[u8]| {
    let key = match Zkey::read(bytes) {
        Ok(key) => key,
        Err(error) => return assert_eq!(error.code, Code::BadKey),
    };
    if let Err(error) = key.header_points() {
        assert_eq!(error.code, Code::BadKey);
    }
    let mut witness = vec![0; key.shape.n_wires * 32];
    witness.iter_mut().step_by(32).for_each(|low| *low = 1);
    let wires = Wires::new(&witness, key.shape.n_wires).expect("all wires are 1");
    let mut rows = vec![[0; 4]; key.shape.domain_size()];
    for side in [Side::A, Side::B] {
        let matrix = Matrix::from_zkey(&key, side);
        matrix.evaluate(&wires, &mut rows);
        assert!(matrix.check().is_ok());
    }
});
