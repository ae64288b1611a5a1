//! The interface of an engine.

use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::AdditiveGroup;

use super::addend::Addend;
use crate::points::{G1, G2, Point, Words};

/// Points that share an inversion: enough to make it cheap, few enough for the batch's state to stay in the L2 cache
/// (measured with IFMA: an addition takes 34 ns at 2,048, 36 at 1,024).
pub const BLOCK: usize = 2048;

/// One implementation of the hot loops. Values are zero-sized tokens.
pub trait Engine: Copy + Send + Sync + 'static {
    /// Name, as shown to users.
    const NAME: &'static str;
    /// Coordinates of points are stored times 2^RADIX_BITS (Montgomery form).
    const RADIX_BITS: u32;
    /// The engine's Fourier transforms.
    type Domain: Domain;

    /// `acc[i] += rhs[i]` with a shared inversion; fastest from about a thousand points on.
    /// Equal, opposite and infinite points are handled.
    ///
    /// # Panics
    /// When the lengths differ.
    fn add_g1(self, acc: &mut [G1], rhs: &[G1]);

    /// Like [`Engine::add_g1`], in G2.
    fn add_g2(self, acc: &mut [G2], rhs: &[G2]);

    /// `sums[key] += points[index]` for every addend; like [`Engine::add_g1`], without copying points. Keys must be
    /// distinct: of two addends with the same key, one is lost.
    ///
    /// # Panics
    /// When an addend's key or index is out of range.
    fn accumulate_g1(self, sums: &mut [G1], addends: &[Addend], points: &[G1]) {
        gather_and_scatter(self, sums, addends, points);
    }

    /// Like [`Engine::accumulate_g1`], in G2.
    fn accumulate_g2(self, sums: &mut [G2], addends: &[Addend], points: &[G2]) {
        gather_and_scatter(self, sums, addends, points);
    }

    /// `points[i] *= 2^times`, with a shared inversion per doubling; points at infinity stay there.
    fn double_g1(self, points: &mut [G1], times: u32);

    /// Prepares transforms of `2^log_size` scalars.
    fn domain(self, log_size: u32) -> Self::Domain;

    /// Converts a point from arkworks, into the engine's Montgomery form.
    fn pack<P: Point>(self, point: &P::Affine) -> P {
        P::pack(point, Self::RADIX_BITS)
    }

    /// Converts a packed point to arkworks.
    fn unpack<P: Point>(self, point: &P) -> P::Affine {
        point.unpack(Self::RADIX_BITS)
    }
}

/// A point that engines can add: selects the engine's function for the group.
pub trait EnginePoint: Point {
    /// `acc[i] += rhs[i]`, see [`Engine::add_g1`].
    fn add_batch<E: Engine>(engine: E, acc: &mut [Self], rhs: &[Self]);

    /// `sums[key] += points[index]` for every addend, see [`Engine::accumulate_g1`].
    fn accumulate<E: Engine>(engine: E, sums: &mut [Self], addends: &[Addend], points: &[Self]);

    /// `points[i] *= 2^times`, see [`Engine::double_g1`].
    fn double_batch<E: Engine>(engine: E, points: &mut [Self], times: u32);
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

    fn double_batch<E: Engine>(engine: E, points: &mut [Self], times: u32) {
        engine.double_g1(points, times);
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

    fn double_batch<E: Engine>(engine: E, points: &mut [Self], times: u32) {
        double_one_by_one(engine, points, times);
    }
}

/// Doubling by arkworks. Only the return to affine points is shared.
fn double_one_by_one<E: Engine, P: Point>(engine: E, points: &mut [P], times: u32) {
    let doubled = |point: &P| {
        let mut point = engine.unpack(point).into_group();
        for _ in 0..times {
            point.double_in_place();
        }
        point
    };
    let doubled: Vec<_> = points.iter().map(doubled).collect();
    for (point, affine) in points.iter_mut().zip(P::Curve::normalize_batch(&doubled)) {
        *point = engine.pack(&affine);
    }
}

/// [`Engine::accumulate_g1`] on top of [`Engine::add_g1`], or the same in G2.
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

/// The roots of unity of order `2^log_size`, with everything precomputed that [`Domain::quotient`] needs.
///
/// Scalars are plain (not in Montgomery form), canonical, four little-endian words.
pub trait Domain: Send + Sync {
    /// Given evaluations of polynomials a, b (and c, unless it is folded into the key) at ω^j, in natural order of j,
    /// computes `a·b − c` on the odd coset `ω₂ₙ·ω^j`, where ω₂ₙ is the primitive 2n-th root of unity: the scalars of
    /// the key's H query. Overwrites a with the result, in the order given by [`Domain::coset_order`].
    ///
    /// # Panics
    /// When a length is not `2^log_size`.
    fn quotient(&self, a: &mut [Words], b: &mut [Words], c: Option<&mut [Words]>);

    /// The j at each position of a result of [`Domain::quotient`]. The key's H points are stored in this order, so that
    /// proofs need not reorder anything.
    fn coset_order(&self) -> Vec<u32>;
}
