//! Four-word arithmetic compared with arkworks, at the limits of its bounds.

mod common;

use ark_bn254::Fq;
use ark_ff::{BigInt, BigInteger, Field, PrimeField};
use common::Random;
use quietproof_prover::engine::portable::field::{Arithmetic, MODULUS, Plain};

type Words = [u64; 4];

/// Values below p, and the same plus p.
fn samples() -> Vec<Words> {
    let mut random = Random(5);
    let mut values = vec![
        [0; 4],
        [1, 0, 0, 0],
        [u64::MAX, 0, 0, 0],
        [0, 0, 0, MODULUS[3]],
    ];
    values.push([MODULUS[0] - 1, MODULUS[1], MODULUS[2], MODULUS[3]]);
    values.extend((0..20).map(|_| random.field::<Fq>().0.0));
    let mut above = values.clone();
    for value in &mut above {
        let mut sum = BigInt(*value);
        assert!(!sum.add_with_carry(&Fq::MODULUS));
        *value = sum.0;
    }
    [values, above].concat()
}

fn element(words: &Words) -> Fq {
    Fq::new_unchecked(BigInt(Plain.canonical(words)))
}

fn check(got: Words, want: Fq) {
    let mut bound = Fq::MODULUS;
    bound.mul2();
    assert!(BigInt(got) < bound, "below 2p");
    assert_eq!(Plain.canonical(&got), want.0.0);
}

/// The canonical form of a sum, which is below 4p.
fn check_canonical(ops: impl Arithmetic, a: &Words, b: &Words) {
    let sum = ops.sub_add(a, &[0; 4], b);
    assert_eq!(ops.canonical(&sum), (element(a) + element(b)).0.0);
}

fn check_arithmetic(ops: impl Arithmetic) {
    for a in &samples() {
        for b in &samples() {
            check(ops.mul(a, b), element(a) * element(b));
            check(ops.add(a, b), element(a) + element(b));
            check(ops.sub(a, b), element(a) - element(b));
            check_canonical(ops, a, b);
        }
        check(ops.invert(a), element(a).inverse().unwrap_or_default());
    }
}

#[test]
fn plain() {
    check_arithmetic(Plain);
}

#[test]
#[cfg(target_arch = "x86_64")]
fn adx() {
    match quietproof_prover::engine::portable::field::Adx::detect() {
        Some(adx) => check_arithmetic(adx),
        None => eprintln!("skipped: this processor has no BMI2 and ADX"),
    }
}
