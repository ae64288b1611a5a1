//! What an engine offers to the code above it.

use ark_bn254::G1Projective;
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::AdditiveGroup;

use super::addend::Addend;
use crate::points::{G1, G2, Point, Words};

/// Points that share an inversion: enough to make it cheap, few enough for what a batch keeps of them to stay in the
/// second-level cache (measured with IFMA: an addition takes 34 ns at 2,048, 36 at 1,024).
pub const BLOCK: usize = 2048;

/// One implementation of the hot loops. Values are tokens without content.
pub trait Engine: Copy + Send + Sync + 'static {
    /// As shown to people and recorded in the key cache.
    const NAME: &'static str;
    /// Points' coordinates are kept times 2^RADIX_BITS (their Montgomery form).
    const RADIX_BITS: u32;
    /// Its Fourier transforms.
    type Domain: Domain;

    /// `acc[i] += rhs[i]` with one inversion for all; fastest from about a thousand points on.
    /// Equal, opposite and infinite points are handled.
    ///
    /// # Panics
    /// When the lengths differ.
    fn add_g1(self, acc: &mut [G1], rhs: &[G1]);

    /// As [`Engine::add_g1`], in G2.
    fn add_g2(self, acc: &mut [G2], rhs: &[G2]);

    /// `sums[key] += points[index]` for every addend, no key twice: as [`Engine::add_g1`], with the points where they
    /// are.
    ///
    /// # Panics
    /// When an addend's sum or point does not exist. Of two addends with the same key one gets lost.
    fn accumulate_g1(self, sums: &mut [G1], addends: &[Addend], points: &[G1]) {
        gather_and_scatter(self, sums, addends, points);
    }

    /// As [`Engine::accumulate_g1`], in G2.
    fn accumulate_g2(self, sums: &mut [G2], addends: &[Addend], points: &[G2]) {
        gather_and_scatter(self, sums, addends, points);
    }

    /// `points[i] *= 2^times`. Needed once for each key, not for proofs.
    fn double_g1(self, points: &mut [G1], times: u32) {
        let doubled: Vec<_> = points
            .iter()
            .map(|point| {
                let mut point = self.unpack(point).into_group();
                for _ in 0..times {
                    point.double_in_place();
                }
                point
            })
            .collect();
        for (point, affine) in points
            .iter_mut()
            .zip(G1Projective::normalize_batch(&doubled))
        {
            *point = self.pack(&affine);
        }
    }

    /// Prepares transforms of `2^log_size` scalars.
    fn domain(self, log_size: u32) -> Self::Domain;

    /// A point from arkworks, packed in the engine's Montgomery form.
    fn pack<P: Point>(self, point: &P::Affine) -> P {
        P::pack(point, Self::RADIX_BITS)
    }

    /// A packed point for arkworks.
    fn unpack<P: Point>(self, point: &P) -> P::Affine {
        point.unpack(Self::RADIX_BITS)
    }
}

/// A point that engines add: chooses the engine's function for its group.
pub trait EnginePoint: Point {
    /// `acc[i] += rhs[i]`, see [`Engine::add_g1`].
    fn add_batch<E: Engine>(engine: E, acc: &mut [Self], rhs: &[Self]);

    /// `sums[key] += points[index]` for every addend, see [`Engine::accumulate_g1`].
    fn accumulate<E: Engine>(engine: E, sums: &mut [Self], addends: &[Addend], points: &[Self]);
}

impl EnginePoint for G1 {
    #[inline]
    fn add_batch<E: Engine>(engine: E, acc: &mut [Self], rhs: &[Self]) {
        engine.add_g1(acc, rhs);
    }

    #[inline]
    fn accumulate<E: Engine>(engine: E, sums: &mut [Self], addends: &[Addend], points: &[Self]) {
        engine.accumulate_g1(sums, addends, points);
    }
}

impl EnginePoint for G2 {
    #[inline]
    fn add_batch<E: Engine>(engine: E, acc: &mut [Self], rhs: &[Self]) {
        engine.add_g2(acc, rhs);
    }

    #[inline]
    fn accumulate<E: Engine>(engine: E, sums: &mut [Self], addends: &[Addend], points: &[Self]) {
        engine.accumulate_g2(sums, addends, points);
    }
}

/// [`Engine::accumulate_g1`] by [`Engine::add_g1`], or the same in G2.
pub(super) fn gather_and_scatter<E: Engine, P: EnginePoint>(
    engine: E,
    sums: &mut [P],
    addends: &[Addend],
    points: &[P],
) {
    let mut left: Vec<P> = addends.iter().map(|a| sums[a.key as usize]).collect();
    let right: Vec<P> = addends.iter().map(|a| a.point(points)).collect();
    P::add_batch(engine, &mut left, &right);
    for (addend, sum) in addends.iter().zip(left) {
        sums[addend.key as usize] = sum;
    }
}

/// The roots of unity of order `2^log_size`, with everything precomputed for the one thing the prover asks of them.
///
/// Scalars are plain (not in Montgomery form), canonical, four little-endian words.
pub trait Domain: Send + Sync {
    /// From evaluations of polynomials a, b (and c, unless it is folded into the key) at ω^j, in natural order of j,
    /// computes `a·b − c` at the odd coset `ω₂ₙ·ω^j`, where ω₂ₙ is the primitive 2n-th root of unity: the scalars of
    /// the key's H query. Results take the place of a, in the order that [`Domain::coset_order`] tells.
    ///
    /// # Panics
    /// When a length is not `2^log_size`.
    fn quotient(&self, a: &mut [Words], b: &mut [Words], c: Option<&mut [Words]>);

    /// Which j stands at each position of a result of [`Domain::quotient`]: the key's H points are put in this order
    /// once, so that no proof has to reorder anything.
    fn coset_order(&self) -> Vec<u32>;
}
