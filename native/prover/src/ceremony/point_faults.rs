//! Whether the points of a key are in their groups.

use ark_bn254::{G1Affine, G2Affine};
use rayon::prelude::*;

use super::subgroup::all_in_g2;
use crate::engine::{Engine, EngineChoice, WithEngine};
use crate::error::Result;
use crate::formats::zkey::{Zkey, is_canonical};
use crate::formats::zkey_points::{g1, g2};
use crate::parallel::{threads, with_threads};
use crate::prove::Cancel;

/// Why points of a key cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A coordinate is not below the modulus.
    Coordinate,
    /// The point with this index is neither on the curve nor at infinity.
    Curve(usize),
    /// A point is on the curve, but outside of the group of order r.
    Group,
}

/// The first fault of a key's points, in the order alpha1, beta1, delta1, IC, A, B1, C, H, beta2, gamma2, delta2, B2, with
/// the name of its part.
///
/// # Errors
/// `BadKey` when the file has another layout; `Cancelled`; `System` when there is no randomness.
pub fn find_faulty_point(
    zkey: &[u8],
    threads: usize,
    cancel: Cancel<'_>,
) -> Result<Option<(&'static str, Fault)>> {
    let key = Zkey::read_layout(zkey)?;
    with_threads(threads, || EngineChoice::Auto.with(Find { key, cancel }))?
}

struct Find<'a> {
    key: Zkey<'a>,
    cancel: Cancel<'a>,
}

impl WithEngine for Find<'_> {
    type Output = Result<Option<(&'static str, Fault)>>;

    fn run<E: Engine>(self, engine: E) -> Self::Output {
        let Self { key, cancel } = self;
        let one = std::slice::from_ref;
        for (part, points) in [
            ("alpha1", one(key.alpha1)),
            ("beta1", one(key.beta1)),
            ("delta1", one(key.delta1)),
            ("IC", key.ic),
            ("A", key.a),
            ("B1", key.b1),
            ("C", key.c),
            ("H", key.h),
        ] {
            if let Some(fault) = off_curve(points, |bytes| G1Affine::is_on_curve(&g1(bytes))) {
                return Ok(Some((part, fault)));
            }
        }
        for (part, points) in [
            ("beta2", std::slice::from_ref(key.beta2)),
            ("gamma2", std::slice::from_ref(key.gamma2)),
            ("delta2", std::slice::from_ref(key.delta2)),
            ("B2", key.b2),
        ] {
            if let Some(fault) = off_curve(points, |bytes| G2Affine::is_on_curve(&g2(bytes))) {
                return Ok(Some((part, fault)));
            }
            if !all_in_g2(engine, points, cancel)? {
                return Ok(Some((part, Fault::Group)));
            }
        }
        Ok(None)
    }
}

/// The first point that is not canonical or, if all are, not on the curve. Infinity is accepted.
pub fn off_curve<const N: usize>(
    points: &[[u8; N]],
    on_curve: impl Fn(&[u8; N]) -> bool + Sync,
) -> Option<Fault> {
    if !points.iter().all(|point| is_canonical(point)) {
        return Some(Fault::Coordinate);
    }
    let off = |point: &[u8; N]| !on_curve(point);
    let index = match threads() {
        1 => points.iter().position(off),
        _ => points.par_iter().position_first(off),
    };
    index.map(Fault::Curve)
}

#[cfg(test)]
mod tests {
    use ark_bn254::{Fq, Fq2};
    use ark_ff::{Field, Zero};

    use super::*;
    use crate::engine::Portable;
    use crate::formats::zkey::{G1Bytes, G2Bytes};
    use crate::formats::zkey_points::{g1_bytes, g2_bytes};
    use crate::setup::sample_key::sample_key as key;

    fn outside_g2() -> G2Bytes {
        let on_curve = |x: u64| {
            let x = Fq2::new(Fq::from(x), Fq::zero());
            let b = <ark_bn254::g2::Config as ark_ec::short_weierstrass::SWCurveConfig>::COEFF_B;
            let y = (x.square() * x + b).sqrt()?;
            Some(G2Affine::new_unchecked(x, y))
        };
        g2_bytes(&(1..).find_map(on_curve).expect("half of all x have a y"))
    }

    fn fault(key: &[u8]) -> Option<(&'static str, Fault)> {
        let [one, two] = [1, 2].map(|threads| find_faulty_point(key, threads, &|| false).unwrap());
        assert_eq!(one, two);
        one
    }

    /// The key with points replaced, which are views of it.
    fn replaced<const N: usize>(key: &[u8], points: &[(&[u8; N], &[u8; N])]) -> Vec<u8> {
        let mut changed = key.to_vec();
        for (old, new) in points {
            let at = old.as_ptr().addr() - key.as_ptr().addr();
            changed[at..at + N].copy_from_slice(*new);
        }
        changed
    }

    #[test]
    fn names_the_first_fault() {
        let bytes = key();
        let key = Zkey::read(&bytes).unwrap();
        assert_eq!(fault(&bytes), None);
        let infinite = replaced(&bytes, &[(&key.a[3], &[0; 64])]);
        assert_eq!(fault(&infinite), None);
        let off_g1 = g1_bytes(&G1Affine::new_unchecked(Fq::from(5), Fq::from(6)));
        let large: G1Bytes = [0xff; 64];
        for (part, points) in [
            ("IC", key.ic),
            ("A", key.a),
            ("B1", key.b1),
            ("C", key.c),
            ("H", key.h),
        ] {
            let last = points.len() - 1;
            let off = replaced(&bytes, &[(&points[last], &off_g1)]);
            assert_eq!(fault(&off), Some((part, Fault::Curve(last))));
            let large = replaced(&bytes, &[(&points[last], &off_g1), (&points[1], &large)]);
            assert_eq!(fault(&large), Some((part, Fault::Coordinate)));
        }
        let alpha = replaced(&bytes, &[(key.alpha1, &off_g1)]);
        assert_eq!(fault(&alpha), Some(("alpha1", Fault::Curve(0))));
        let outside = outside_g2();
        for (part, point) in [
            ("delta2", key.delta2),
            ("B2", &key.b2[0]),
            ("B2", &key.b2[9]),
        ] {
            let changed = replaced(&bytes, &[(point, &outside)]);
            assert_eq!(fault(&changed), Some((part, Fault::Group)));
        }
        let mut off_g2 = outside;
        off_g2[64] ^= 1;
        let changed = replaced(&bytes, &[(&key.b2[4], &off_g2)]);
        assert_eq!(fault(&changed), Some(("B2", Fault::Curve(4))));
    }

    #[test]
    fn two_points_outside_g2_do_not_hide_each_other() {
        let outside = outside_g2();
        let mut points = vec![g2_bytes(&ark_ec::AffineRepr::generator()); 40];
        assert!(all_in_g2(Portable, &points, &|| false).unwrap());
        points[7] = outside;
        points[31] = g2_bytes(&-g2(&outside));
        for count in [8, 40] {
            assert!(!all_in_g2(Portable, &points[..count], &|| false).unwrap());
        }
    }
}
