//! Multi-exponentiation: Σ kᵢ·Pᵢ, built on one primitive, batch addition.
//!
//! - [`sum_by_key`]: sums of points that share a key, in rounds of pairwise additions
//! - [`weighted_sum`]: Σ (j + 1)·Bⱼ over buckets, from sums by row and by column
//! - [`digits`]: signed digits of scalars
//! - [`sparse`]: scalars that are mostly bits (the A, B and C queries)
//! - [`buckets`]: buckets to which a stream of points is added
//! - [`fixed_base`]: full-width scalars over fixed points (the H query)

pub mod buckets;
pub mod digits;
pub mod fixed_base;
pub mod sparse;
pub mod sum_by_key;
pub mod weighted_sum;

#[cfg(test)]
pub(crate) mod tests {
    use ark_ec::{AffineRepr, CurveGroup};
    use ark_ff::UniformRand;
    use ark_std::rand::{SeedableRng, rngs::StdRng};

    use crate::engine::{Engine, Portable};
    use crate::points::{G1, Point};

    /// A reproducible random generator for tests.
    pub fn rng() -> StdRng {
        StdRng::seed_from_u64(20_261_121)
    }

    /// `count` multiples of a random point.
    pub fn multiples<E: Engine, P: Point>(engine: E, count: usize) -> Vec<P> {
        let step = P::Curve::rand(&mut rng());
        let mut point = step;
        let mut next = || {
            point += step;
            engine.pack(&point.into_affine())
        };
        (0..count).map(|_| next()).collect()
    }

    /// The sum, computed by arkworks.
    pub fn sum_of(points: impl Iterator<Item = G1>) -> <G1 as Point>::Curve {
        points
            .map(|point| Portable.unpack(&point).into_group())
            .sum()
    }
}
