//! Many points times one secret scalar.

use ark_bn254::Fr;
use ark_ec::CurveGroup;
use ark_ff::{BigInteger, PrimeField};
use rayon::prelude::*;
use zeroize::{Zeroize, Zeroizing};

use crate::error::{Code, Error, Result};
use crate::parallel::threads;
use crate::prove::Cancel;

/// Digits are odd and below 2^(WIDTH − 1).
const WIDTH: usize = 5;
/// The multiples 1·P, 3·P, … of a point.
const MULTIPLES: usize = 1 << (WIDTH - 2);
/// Points that share an inversion: few enough for their multiples to stay in the L2 cache.
const BATCH: usize = 1024;

/// A scalar as signed digits (width-5 non-adjacent form), lowest first. Overwritten when dropped.
pub struct Digits(Zeroizing<Vec<i64>>);

impl Digits {
    /// The digits of a scalar.
    pub fn of(scalar: &Fr) -> Self {
        let mut plain = scalar.into_bigint();
        let digits = plain.find_wnaf(WIDTH).expect("a valid width");
        plain.0.zeroize();
        Self(Zeroizing::new(digits))
    }

    /// Scalar · point.
    pub fn times<C: CurveGroup>(&self, point: C::Affine) -> C::Affine {
        self.times_batch::<C>(&[point])[0]
    }

    /// Replaces every record by scalar · point, with as many threads as the pool has.
    ///
    /// # Errors
    /// `Cancelled`.
    pub fn times_all<C: CurveGroup, const N: usize>(
        &self,
        records: &mut [[u8; N]],
        read: impl Fn(&[u8; N]) -> C::Affine + Sync,
        write: impl Fn(&C::Affine) -> [u8; N] + Sync,
        cancel: Cancel<'_>,
    ) -> Result<()> {
        let batch = |records: &mut [[u8; N]]| {
            if cancel() {
                return Err(Error::new(Code::Cancelled, "cancelled"));
            }
            let points: Vec<_> = records.iter().map(&read).collect();
            for (record, product) in records.iter_mut().zip(self.times_batch::<C>(&points)) {
                *record = write(&product);
            }
            Ok(())
        };
        match threads() {
            1 => records.chunks_mut(BATCH).try_for_each(batch),
            _ => records.par_chunks_mut(BATCH).try_for_each(batch),
        }
    }

    fn times_batch<C: CurveGroup>(&self, points: &[C::Affine]) -> Vec<C::Affine> {
        let mut multiples = Vec::with_capacity(points.len() * MULTIPLES);
        for point in points {
            let mut multiple: C = (*point).into();
            let twice = multiple.double();
            for _ in 0..MULTIPLES {
                multiples.push(multiple);
                multiple += twice;
            }
        }
        let multiples = C::normalize_batch(&multiples);
        let rows = multiples.chunks_exact(MULTIPLES);
        C::normalize_batch(&rows.map(|row| self.sum::<C>(row)).collect::<Vec<_>>())
    }

    fn sum<C: CurveGroup>(&self, multiples: &[C::Affine]) -> C {
        let mut sum = C::zero();
        for digit in self.0.iter().rev() {
            sum.double_in_place();
            let multiple = || multiples[digit.unsigned_abs() as usize / 2];
            match digit.signum() {
                1 => sum += multiple(),
                -1 => sum -= multiple(),
                _ => {}
            }
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use ark_bn254::{G1Affine, G1Projective, G2Affine, G2Projective};
    use ark_ec::AffineRepr;
    use ark_ff::UniformRand;

    use super::*;
    use crate::formats::zkey_points::{g1, g1_bytes};
    use crate::msm::tests::rng;
    use crate::parallel::with_threads;

    #[test]
    fn multiplies_as_the_definition_says() {
        let mut rng = rng();
        let scalars = [1, 2, 31].map(Fr::from).into_iter();
        for scalar in scalars.chain([-Fr::from(1), Fr::rand(&mut rng)]) {
            let digits = Digits::of(&scalar);
            let mut points = vec![G1Affine::identity(), G1Affine::generator()];
            points.extend((0..1500).map(|_| G1Affine::rand(&mut rng)));
            for threads in [1, 2] {
                let mut records: Vec<_> = points.iter().map(g1_bytes).collect();
                with_threads(threads, || {
                    digits.times_all::<G1Projective, 64>(&mut records, g1, g1_bytes, &|| false)
                })
                .unwrap();
                for (point, record) in points.iter().zip(&records) {
                    assert_eq!((*point * scalar).into_affine(), g1(record));
                }
            }
            let point = G2Affine::rand(&mut rng);
            let product = digits.times::<G2Projective>(point);
            assert_eq!(product, (point * scalar).into_affine());
        }
    }

    #[test]
    fn stops_when_told_to() {
        let mut records = vec![[0; 64]; 3];
        let digits = Digits::of(&Fr::from(3));
        let stopped = digits.times_all::<G1Projective, 64>(&mut records, g1, g1_bytes, &|| true);
        assert_eq!(stopped.unwrap_err().code, Code::Cancelled);
    }
}
