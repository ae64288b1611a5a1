//! From one Lagrange basis to another, for points of which nobody knows the polynomial's variable.
//!
//! A key has, in its H query, points Hⱼ that are a polynomial basis at τ for the odd points xⱼ = ζ·ω^j of the doubled
//! domain, where ζ² = ω. Folding needs the same for the domain's points ω^k: Σⱼ Lₖ(xⱼ)·Hⱼ, here times n, where
//! n·Lₖ(xⱼ) = Σᵢ ω^(−ki)·xⱼ^i. The sum splits by the parity of i: with u and v the sums and differences of Hⱼ and
//! H of j + n/2, the even i give the same problem of half the size for u, with ω² and ζ² in place of ω and ζ, the odd ones for
//! xⱼ·v, whose result is multiplied by ω^(−k). All work is done in place, with n/2 products for each of 2·log n layers.

use ark_bn254::Fr;
use ark_ff::Field;
use rayon::prelude::*;

use super::multiply_each::{SplitScalar, TOGETHER, multiply_each};
use crate::engine::Engine;
use crate::error::{Code, Error, Result};
use crate::parallel::threads;
use crate::points::{G1, Point};
use crate::prove::Cancel;
use crate::setup::qap::root;

/// Batches whose results are kept until they are written back, for each thread.
const GROUPS_PER_THREAD: usize = 4;

/// Replaces the points Hⱼ by n·Σⱼ Lₖ(xⱼ)·Hⱼ for every k, where L is the Lagrange basis of the n-th roots of unity.
///
/// # Errors
/// `Cancelled`.
///
/// # Panics
/// When the number of points is not a power of two up to 2^27.
pub fn from_odd_coset<E: Engine>(engine: E, points: &mut [G1], cancel: Cancel<'_>) -> Result<()> {
    assert!(points.len().is_power_of_two());
    let halves = (0..points.len().ilog2()).map(|layer| 1usize << layer);
    for half in halves.clone().rev() {
        let order = 2 * half as u64;
        let factors = geometric(root(2 * order), root(order), half);
        layer(points, half, cancel, |low, high, first| {
            sums_and_differences(engine, low, high);
            multiply_each(engine, high, |i| &factors[(first + i) % half]);
        })?;
    }
    for half in halves {
        let step = root(2 * half as u64).inverse().expect("not zero");
        let factors = geometric(Fr::ONE, step, half);
        layer(points, half, cancel, |low, high, first| {
            // With one factor, it is 1.
            if half > 1 {
                multiply_each(engine, high, |i| &factors[(first + i) % half]);
            }
            sums_and_differences(engine, low, high);
        })?;
    }
    Ok(())
}

fn geometric(first: Fr, step: Fr, count: usize) -> Vec<SplitScalar> {
    let scalars = std::iter::successors(Some(first), |scalar| Some(*scalar * step));
    scalars.take(count).map(SplitScalar::of).collect()
}

fn sums_and_differences<E: Engine>(engine: E, low: &mut [G1], high: &mut [G1]) {
    let mut differences = low.to_vec();
    let negated: Vec<G1> = high.iter().map(|point| point.negated_if(true)).collect();
    engine.add_g1(&mut differences, &negated);
    engine.add_g1(low, high);
    high.copy_from_slice(&differences);
}

/// Calls `work` for the pairs of points that are `half` apart in every block of 2·half, many pairs at a time: with their
/// lower and their upper points, and the number of the first pair.
fn layer(
    points: &mut [G1],
    half: usize,
    cancel: Cancel<'_>,
    work: impl Fn(&mut [G1], &mut [G1], usize) + Sync,
) -> Result<()> {
    let pairs = points.len() / 2;
    let low_of = |pair: usize| pair / half * 2 * half + pair % half;
    let firsts: Vec<usize> = (0..pairs).step_by(TOGETHER).collect();
    for group in firsts.chunks(GROUPS_PER_THREAD * threads()) {
        let read_only = &*points;
        let batch = |first: &usize| {
            if cancel() {
                return Err(Error::new(Code::Cancelled, "cancelled"));
            }
            let pairs = *first..pairs.min(first + TOGETHER);
            let mut low: Vec<G1> = pairs.clone().map(|pair| read_only[low_of(pair)]).collect();
            let mut high: Vec<G1> = pairs.map(|pair| read_only[low_of(pair) + half]).collect();
            work(&mut low, &mut high, *first);
            Ok((low, high))
        };
        let done: Vec<_> = match threads() {
            1 => group.iter().map(batch).collect::<Result<_>>()?,
            _ => group.par_iter().map(batch).collect::<Result<_>>()?,
        };
        for (first, (low, high)) in group.iter().zip(done) {
            for (i, (low, high)) in low.into_iter().zip(high).enumerate() {
                let at = low_of(first + i);
                points[at] = low;
                points[at + half] = high;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use ark_ec::CurveGroup;
    use ark_ff::{AdditiveGroup, Zero};

    use super::*;
    use crate::engine::Portable;
    use crate::msm::tests::multiples;
    use crate::parallel::with_threads;

    #[test]
    fn equals_the_definition() {
        for n in [1u64, 2, 4, 32] {
            let points: Vec<G1> = multiples(Portable, n as usize);
            for threads in [1, 2] {
                let mut moved = points.clone();
                with_threads(threads, || from_odd_coset(Portable, &mut moved, &|| false)).unwrap();
                for (k, moved) in (0..).zip(&moved) {
                    let mut expected = <G1 as Point>::Curve::zero();
                    for (j, point) in (0..).zip(&points) {
                        let ratio = root(2 * n) * root(n).pow([j + n - k]);
                        let powers = std::iter::successors(Some(Fr::ONE), |p| Some(*p * ratio));
                        let factor = powers.take(n as usize).fold(Fr::ZERO, |sum, p| sum + p);
                        expected += Portable.unpack(point) * factor;
                    }
                    assert_eq!(Portable.unpack(moved), expected.into_affine(), "{n}: {k}");
                }
            }
        }
    }

    #[test]
    fn works_on_more_pairs_than_fit_together() {
        // The transform of equal points: n·Σⱼ Lₖ(xⱼ) is n for every k.
        let n = 4 * TOGETHER;
        let point: G1 = multiples(Portable, 1)[0];
        let mut moved = vec![point; n];
        with_threads(2, || from_odd_coset(Portable, &mut moved, &|| false)).unwrap();
        let expected = (Portable.unpack(&point) * Fr::from(n as u64)).into_affine();
        assert!(moved.iter().all(|point| Portable.unpack(point) == expected));
    }
}
