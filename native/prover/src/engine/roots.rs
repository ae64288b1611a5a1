//! Roots of unity in the order in which both engines' transforms use them.
//!
//! A transform to the coset walks the binary tree of the polynomials that divide xⁿ − 1. On the way down ("split"), the
//! values at ω^j, read as coefficients of a polynomial, are evaluated at the powers of ω⁻¹: modulo x^2h − z², a block
//! (a, b) becomes a + z·b modulo x^h − z, and a − z·b modulo x^h + z. This is the inverse transform, times n: position
//! i of the leaves holds coefficient rev(i), where rev reverses the bits of an index. On the way up ("merge"), the two
//! halves of a block, the even and the odd coefficients of a polynomial evaluated at the odd powers of a 2h-th root,
//! give its values at the odd powers of the 4h-th root w: e(w²) ± w·o(w²). At the top these are ω₂ₙ·ω^j in natural
//! order of j. So nothing is ever reordered, and the shift to the coset is free, being part of the roots.

use ark_bn254::Fr;
use ark_ff::{FftField, Field};

/// The largest domain has 2^27 elements: its coset needs the 2^28-th root of unity, and no higher order exists.
pub const MAX_LOG_SIZE: u32 = Fr::TWO_ADICITY - 1;

/// `split[k]` is the z that splits block k (counted from the left, at every depth): ψ^rev(k) for k < n/2, with
/// ψ = ω⁻¹ and rev reversing log n − 1 bits.
///
/// # Panics
/// When the domain exceeds [`MAX_LOG_SIZE`].
pub fn split_roots(log_size: u32) -> Vec<Fr> {
    let mut step = root(log_size).inverse().expect("a root is not zero");
    let mut steps = Vec::new();
    for _ in 1..log_size {
        steps.push(step);
        step.square_in_place();
    }
    let mut roots = vec![Fr::ONE; usize::from(log_size > 0)];
    while let Some(step) = steps.pop() {
        roots.extend_from_within(..);
        let half = roots.len() / 2;
        roots[half..].iter_mut().for_each(|root| *root *= step);
    }
    roots
}

/// The w that merge blocks, as concatenated lists for halves of h = 1, 2, 4, … n/2 elements: the odd powers
/// w_j = ω₄ₕ^(1 + 2j), j < h. The list for h begins at h − 1.
///
/// # Panics
/// When the domain exceeds [`MAX_LOG_SIZE`].
pub fn merge_roots(log_size: u32) -> Vec<Fr> {
    let mut roots = Vec::with_capacity((1 << log_size) - 1);
    for log_half in 0..log_size {
        let mut power = root(log_half + 2);
        let step = power.square();
        for _ in 0..1 << log_half {
            roots.push(power);
            power *= step;
        }
    }
    roots
}

/// A root of unity of order 2^log_order, equal to the square of the one of twice the order.
pub fn root(log_order: u32) -> Fr {
    assert!(
        log_order <= MAX_LOG_SIZE + 1,
        "a domain has at most 2^{MAX_LOG_SIZE} elements"
    );
    Fr::get_root_of_unity(1 << log_order).expect("the order divides 2^28")
}
