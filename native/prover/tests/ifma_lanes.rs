//! Eight-lane arithmetic compared with arkworks, at the limits of its bounds.
#![cfg(target_arch = "x86_64")]

mod common;

use ark_ff::{BigInt, Field, PrimeField};
use common::Random;
use quietproof_prover::engine::Ifma;
use quietproof_prover::engine::ifma::lanes::{LIMIT, Lanes};
use quietproof_prover::engine::ifma::modulus::{Base, Limbs, Modulus, Scalar};
use quietproof_prover::engine::ifma::vector::{Vector, columns_of, write_columns};

fn with_ifma(test: impl FnOnce(Ifma)) {
    match Ifma::detect() {
        Some(cpu) => test(cpu),
        None => eprintln!("skipped: this processor has no AVX-512 IFMA"),
    }
}

/// A value and its limbs, which may represent the value plus a multiple of p.
#[derive(Clone, Copy, Debug)]
struct Sample<F> {
    value: F,
    limbs: Limbs,
}

/// `value + multiple·p`.
fn sample<M: Modulus>(value: M::Ark, multiple: u32) -> Sample<M::Ark> {
    let words = value.into_bigint().0;
    let mut limbs = quietproof_prover::engine::ifma::modulus::limbs(words);
    for _ in 0..multiple {
        let mut carry = 0;
        for (limb, p) in limbs.iter_mut().zip(M::LIMBS) {
            let sum = *limb + p + carry;
            *limb = sum & ((1 << 52) - 1);
            carry = sum >> 52;
        }
        assert_eq!(carry, 0, "the sample fits five limbs");
    }
    Sample { value, limbs }
}

/// Values 0, 1, p − 1 and others, each plus 0, 1, … up to `below` − 1 times p.
fn samples<M: Modulus>(below: u32, random: &mut Random) -> Vec<Sample<M::Ark>> {
    let top_limb_of_p = BigInt([0, 0, 0, M::WORDS[3] >> 16 << 16]);
    let mut values = vec![
        M::Ark::from(0u64),
        M::Ark::from(1u64),
        -M::Ark::from(1u64),
        M::Ark::from_bigint(top_limb_of_p).expect("below p"),
        M::Ark::from((1u64 << 52) - 1),
    ];
    values.extend((0..6).map(|_| random.field::<M::Ark>()));
    let multiples = [0, 1, 2, 3, 4, 5, 6, 7, 20, 41, 19, 79, 82, 83];
    let wanted = multiples.into_iter().filter(|m| *m < below);
    wanted
        .flat_map(|m| values.iter().map(move |v| sample::<M>(*v, m)))
        .collect()
}

fn lanes<M: Modulus>(cpu: Ifma, samples: [Sample<M::Ark>; 8]) -> Lanes<M> {
    // Values above 2^256 cannot be loaded from words, so all are built from limbs.
    let limb = |i: u32| {
        let words = samples.map(|s| s.limbs[i as usize]);
        Vector::new(cpu, &words)
    };
    Lanes::from_limbs([limb(0), limb(1), limb(2), limb(3), limb(4)])
}

fn canonical_values<M: Modulus>(lanes: Lanes<M>) -> [M::Ark; 8] {
    let words = lanes.to_words().map(Vector::words);
    std::array::from_fn(|lane| {
        let value = BigInt(words.map(|w| w[lane]));
        M::Ark::from_bigint(value).expect("canonical")
    })
}

/// Checks a two-operand operation on all pairs of samples, in every lane and next to different pairs.
fn check_pairs<M: Modulus>(
    below: (u32, u32),
    operation: impl Fn(Lanes<M>, Lanes<M>) -> Lanes<M>,
    expected: impl Fn(M::Ark, M::Ark) -> M::Ark,
) {
    with_ifma(|cpu| {
        let mut random = Random(1);
        let left = samples::<M>(below.0, &mut random);
        let right = samples::<M>(below.1, &mut random);
        for offset in 0..left.len() {
            for start in 0..right.len() {
                let a: [_; 8] = std::array::from_fn(|i| left[(offset + start + i) % left.len()]);
                let b: [_; 8] = std::array::from_fn(|i| right[(start + i) % right.len()]);
                let got = canonical_values(operation(lanes(cpu, a), lanes(cpu, b)));
                let want = std::array::from_fn(|i| expected(a[i].value, b[i].value));
                assert_eq!(got, want, "{a:?} and {b:?}");
            }
        }
    });
}

fn radix_inverse<F: Field>() -> F {
    F::from(2u64).pow([260]).inverse().expect("not zero")
}

/// The canonical form of any value below [`LIMIT`]: Montgomery products with 2^520 and 1 preserve it, below 6·p.
fn reduce<M: Modulus>(value: Lanes<M>) -> Lanes<M> {
    let cpu = value.limbs()[0].cpu();
    let same = Lanes::splat(cpu, M::TO_MONTGOMERY);
    (value * same * Lanes::splat(cpu, [1, 0, 0, 0, 0]))
        .sum()
        .canonical()
}

fn multiplication<M: Modulus>() {
    let unit = radix_inverse::<M::Ark>();
    // 84·p times 5·p and 20·p times 20·p are within what `canonical` takes: a·b/84 + 3 ≤ 8.
    check_pairs::<M>(
        (LIMIT, 5),
        |a, b| (a * b).sum().canonical(),
        |a, b| a * b * unit,
    );
    check_pairs::<M>(
        (20, 20),
        |a, b| (a * b).sum().canonical(),
        |a, b| a * b * unit,
    );
    check_pairs::<M>(
        (LIMIT, LIMIT - 4),
        |a, b| reduce(a * b),
        |a, b| a * b * unit,
    );
    check_pairs::<M>(
        (LIMIT - 4, 1),
        |a, _| reduce(a.square()),
        |a, _| a * a * unit,
    );
}

#[test]
fn products_and_squares() {
    multiplication::<Base>();
    multiplication::<Scalar>();
}

#[test]
fn sums_of_products() {
    let unit = radix_inverse::<ark_bn254::Fq>();
    let with = |a: Lanes<Base>, b: Lanes<Base>| {
        let difference = a.product(b) - b.square_product();
        difference.add_multiple::<1>().reduce().canonical()
    };
    check_pairs::<Base>((8, 8), with, |a, b| (a * b - b * b) * unit);
    let with =
        |a: Lanes<Base>, b: Lanes<Base>| (a.product(b) + b.square_product()).reduce().canonical();
    check_pairs::<Base>((8, 8), with, |a, b| (a * b + b * b) * unit);
}

#[test]
fn sums_and_canonical_forms() {
    fn check<M: Modulus>() {
        let sum = |a: Lanes<M>, b: Lanes<M>| a.sum() + b.sum();
        check_pairs::<M>((4, 4), |a, b| sum(a, b).canonical(), |a, b| a + b);
        check_pairs::<M>((8, 1), |a, _| a.sum().canonical(), |a, _| a);
        check_pairs::<M>(
            (4, 4),
            |a, b| (a.sum() - b.sum()).add_multiple::<4>().canonical(),
            |a, b| a - b,
        );
        check_pairs::<M>(
            (LIMIT - 21, 21),
            |a, b| reduce(sum(a, b).carry()),
            |a, b| a + b,
        );
    }
    check::<Base>();
    check::<Scalar>();
}

#[test]
fn rows_and_masks() {
    with_ifma(|cpu| {
        let mut random = Random(2);
        let rows: [[u64; 4]; 8] = std::array::from_fn(|_| std::array::from_fn(|_| random.word()));
        let columns = columns_of(cpu, rows.each_ref());
        for (j, column) in columns.iter().enumerate() {
            assert_eq!(column.words(), rows.map(|row| row[j]));
        }
        let lanes = Lanes::<Base>::from_words(columns);
        let mut back = [[0; 4]; 8];
        write_columns(lanes.to_words(), back.each_mut());
        assert_eq!(back, rows);
        for lane in 0..8 {
            let mut words = [1 << 51; 8];
            words[lane] = 0;
            for limb in 0..5 {
                let mut limbs = [Vector::splat(cpu, 0); 5];
                limbs[limb] = Vector::new(cpu, &words);
                assert_eq!(
                    Lanes::<Base>::from_limbs(limbs).sum().zero_limbs(),
                    1 << lane
                );
            }
            let replaced = lanes.replace(1 << lane, Lanes::splat(cpu, Base::ONE));
            write_columns(replaced.to_words(), back.each_mut());
            for i in (0..8).filter(|i| *i != lane) {
                assert_eq!(back[i], rows[i]);
            }
            assert_eq!(
                quietproof_prover::engine::ifma::modulus::limbs(back[lane]),
                Base::ONE
            );
        }
    });
}
