//! A plain reference for both engines' transforms.

use ark_bn254::Fr;
use ark_ff::{AdditiveGroup, BigInt, FftField, Field, PrimeField};

use super::{Domain, Engine};
use crate::points::Words;

/// Compares [`Domain::quotient`] with the reference for every size up to 2^12, with and without c.
pub fn matches_plain_reference<E: Engine>(engine: E) {
    for log_size in 0..=12 {
        let domain = engine.domain(log_size);
        let [a, b, c] = [1, 2, 3].map(|seed| scalars(1 << log_size, seed));
        for c in [None, Some(&c[..])] {
            let expected = plain_quotient(&a, &b, c);
            let found = quotient_in_natural_order(&domain, &a, &b, c);
            assert!(found == expected, "size 2^{log_size}, c: {}", c.is_some());
        }
    }
    extremes(&engine.domain(7));
    in_a_parallel_pool(&engine.domain(15));
}

/// All 0, all r − 1, and a mix of both.
fn extremes(domain: &impl Domain) {
    let n = domain.coset_order().len();
    let last = (-Fr::ONE).into_bigint().0;
    let zero = [0; 4];
    let mixed: Vec<_> = [zero, last, last, zero, last].repeat(n)[..n].to_vec();
    let choices = [vec![zero; n], vec![last; n], mixed];
    for a in &choices {
        for b in &choices {
            for c in &choices {
                let expected = plain_quotient(a, b, Some(c));
                assert!(quotient_in_natural_order(domain, a, b, Some(c)) == expected);
            }
        }
    }
}

/// The number of threads does not change the result, at a size where they are used.
fn in_a_parallel_pool(domain: &impl Domain) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build();
    let [a, b, c] = [4, 5, 6].map(|seed| scalars(1 << 15, seed));
    let quotient = || quotient_in_natural_order(domain, &a, &b, Some(&c));
    let serial = quotient();
    assert!(pool.expect("three threads").install(quotient) == serial);
}

/// The engine's result at j = 0, 1, 2, …
///
/// # Panics
/// When [`Domain::coset_order`] is not a permutation, or a result is not canonical.
pub fn quotient_in_natural_order(
    domain: &impl Domain,
    a: &[Words],
    b: &[Words],
    c: Option<&[Words]>,
) -> Vec<Fr> {
    let (mut a, mut b, mut c) = (a.to_vec(), b.to_vec(), c.map(<[Words]>::to_vec));
    domain.quotient(&mut a, &mut b, c.as_deref_mut());
    let order = domain.coset_order();
    assert_eq!(order.len(), a.len());
    let mut out = vec![None; a.len()];
    for (j, words) in order.into_iter().zip(&a) {
        let previous = out[j as usize].replace(field(words));
        assert!(previous.is_none(), "{j} occurs twice in the order");
    }
    out.into_iter()
        .map(|value| value.expect("every j once"))
        .collect()
}

/// a·b − c at ω₂ₙ·ω^j from a, b and c at ω^j: interpolate, shift to the coset, evaluate, combine.
fn plain_quotient(a: &[Words], b: &[Words], c: Option<&[Words]>) -> Vec<Fr> {
    let (a, b) = (to_coset(a), to_coset(b));
    let c = c.map_or(vec![Fr::ZERO; a.len()], to_coset);
    (0..a.len()).map(|j| a[j] * b[j] - c[j]).collect()
}

fn to_coset(values: &[Words]) -> Vec<Fr> {
    let n = values.len() as u64;
    let root = |order| Fr::get_root_of_unity(order).expect("a power of two up to 2^28");
    let inverse = |value: Fr| value.inverse().expect("not zero");
    let values: Vec<Fr> = values.iter().map(field).collect();
    let mut coefficients = evaluate(&values, inverse(root(n)));
    for (i, coefficient) in coefficients.iter_mut().enumerate() {
        *coefficient *= inverse(Fr::from(n)) * root(2 * n).pow([i as u64]);
    }
    evaluate(&coefficients, root(n))
}

/// Evaluates a polynomial at 1, root, root², …, by splitting it into even and odd coefficients.
fn evaluate(coefficients: &[Fr], root: Fr) -> Vec<Fr> {
    let n = coefficients.len();
    if n == 1 {
        return coefficients.to_vec();
    }
    let half = |start: usize| -> Vec<Fr> {
        let coefficients = coefficients.iter().skip(start).step_by(2);
        evaluate(&coefficients.copied().collect::<Vec<_>>(), root.square())
    };
    let (even, odd) = (half(0), half(1));
    let at = |j: usize| even[j % (n / 2)] + root.pow([j as u64]) * odd[j % (n / 2)];
    (0..n).map(at).collect()
}

/// Pseudo-random canonical scalars, with 0, 1 and r − 1 among them.
pub fn scalars(count: usize, seed: u64) -> Vec<Words> {
    let generator = Fr::from(5);
    let mut value = Fr::from(seed).inverse().expect("a seed is not zero");
    let step = generator.pow([1_000_003 + seed]);
    let next = |i: usize| {
        value = value * step + generator;
        match i % 11 {
            5 => Fr::ZERO,
            7 => Fr::ONE,
            9 => -Fr::ONE,
            _ => value,
        }
    };
    (0..count).map(next).map(|v| v.into_bigint().0).collect()
}

fn field(words: &Words) -> Fr {
    Fr::from_bigint(BigInt(*words)).expect("canonical")
}
