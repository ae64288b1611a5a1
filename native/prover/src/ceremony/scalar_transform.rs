//! Fourier transforms of scalars, for work that is done once: the engines' are made for proofs.

use ark_bn254::Fr;
use ark_ff::Field;

use crate::setup::qap::root;

/// Replaces the values of a polynomial at the n-th roots of unity by its coefficients.
///
/// # Panics
/// When their number is not a power of two up to 2^28.
pub fn inverse_transform(values: &mut [Fr]) {
    let n = values.len();
    assert!(n.is_power_of_two());
    let bits = n.ilog2();
    for i in 0..n {
        let j = match bits {
            0 => 0,
            _ => i.reverse_bits() >> (usize::BITS - bits),
        };
        if i < j {
            values.swap(i, j);
        }
    }
    for layer in 0..bits {
        let half = 1 << layer;
        let step = root(2 * half as u64).inverse().expect("not zero");
        let roots: Vec<Fr> = std::iter::successors(Some(Fr::ONE), |root| Some(*root * step))
            .take(half)
            .collect();
        for block in values.chunks_exact_mut(2 * half) {
            let (low, high) = block.split_at_mut(half);
            for ((low, high), root) in low.iter_mut().zip(high).zip(&roots) {
                let product = *high * root;
                *high = *low - product;
                *low += product;
            }
        }
    }
    let scale = Fr::from(n as u64).inverse().expect("not zero");
    values.iter_mut().for_each(|value| *value *= scale);
}

/// Replaces the values of a polynomial at the n-th roots of unity ω^j by those at the points ζ·ω^j between them, where
/// ζ² = ω.
///
/// # Panics
/// When their number is not a power of two up to 2^27.
pub fn to_odd_coset(values: &mut [Fr]) {
    let n = values.len() as u64;
    inverse_transform(values);
    let zeta = root(2 * n);
    let mut factor = Fr::from(n);
    for value in values.iter_mut() {
        *value *= factor;
        factor *= zeta;
    }
    // Up to the order and a factor of n, included above, the inverse is the transform itself.
    inverse_transform(values);
    values[1..].reverse();
}

#[cfg(test)]
mod tests {
    use ark_ff::{AdditiveGroup, UniformRand};

    use super::*;
    use crate::msm::tests::rng;

    #[test]
    fn coefficients_evaluate_to_the_values() {
        let mut rng = rng();
        for bits in 0..6 {
            let n = 1u64 << bits;
            let values: Vec<Fr> = (0..n).map(|_| Fr::rand(&mut rng)).collect();
            let mut coefficients = values.clone();
            inverse_transform(&mut coefficients);
            for (j, value) in (0..).zip(&values) {
                let point = root(n).pow([j]);
                let horner = |sum: Fr, coefficient: &Fr| sum * point + coefficient;
                assert_eq!(coefficients.iter().rev().fold(Fr::ZERO, horner), *value);
            }
        }
    }

    #[test]
    fn values_between_the_roots_are_of_the_same_polynomial() {
        let mut rng = rng();
        for n in [1u64, 2, 16] {
            let values: Vec<Fr> = (0..n).map(|_| Fr::rand(&mut rng)).collect();
            let mut coefficients = values.clone();
            inverse_transform(&mut coefficients);
            let mut between = values;
            to_odd_coset(&mut between);
            for (j, value) in (0..).zip(&between) {
                let point = root(2 * n).pow([2 * j + 1]);
                let horner = |sum: Fr, coefficient: &Fr| sum * point + coefficient;
                assert_eq!(coefficients.iter().rev().fold(Fr::ZERO, horner), *value);
            }
        }
    }
}
