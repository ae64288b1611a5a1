//! Inverses compared with arkworks.

mod common;

use ark_bn254::Fq;
use ark_ff::{Field, PrimeField, Zero};
use common::Random;
use quietproof_prover::engine::inverse::invert;

fn check(value: Fq) {
    let want = value.inverse().unwrap_or_default();
    assert_eq!(
        invert(&value.into_bigint().0),
        want.into_bigint().0,
        "{value}"
    );
}

#[test]
fn inverses() {
    check(Fq::zero());
    let mut random = Random(3);
    for small in 1..3000u64 {
        check(Fq::from(small));
        check(-Fq::from(small));
        check(random.field());
    }
    for exponent in 0..600 {
        let power = Fq::from(2u64).pow([exponent]);
        for offset in [-1i64, 0, 1] {
            check(power + Fq::from(offset));
            check(-power + Fq::from(offset));
        }
    }
}
