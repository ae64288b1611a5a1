//! Random combinations of many points, which replace checks of each.

use rayon::prelude::*;

use crate::engine::{Addend, Engine, EnginePoint};
use crate::error::{Code, Error, Result};
use crate::msm::digits::{signed_digits, window_count};
use crate::msm::sum_by_key::sum_by_key;
use crate::msm::weighted_sum::weighted_sums;
use crate::parallel::threads;
use crate::points::Words;
use crate::prove::Cancel;
use ark_ff::{AdditiveGroup, Zero};

/// Points summed together: enough to make their buckets cheap.
const CHUNK: usize = 1 << 15;

/// Random scalars of 128 bits, from the operating system.
///
/// # Errors
/// `System` when there is no randomness.
pub fn random_scalars(count: usize) -> Result<Vec<Words>> {
    let mut words = vec![[0u64; 2]; count];
    fill(bytemuck::cast_slice_mut(&mut words))?;
    Ok(words
        .into_iter()
        .map(|[low, high]| [low, high, 0, 0])
        .collect())
}

/// Random scalars of up to 16 bits.
///
/// # Errors
/// `System` when there is no randomness.
pub fn random_small(count: usize, bits: u32) -> Result<Vec<Words>> {
    let mut words = vec![0u16; count];
    fill(bytemuck::cast_slice_mut(&mut words))?;
    let cut = |word: u16| [u64::from(word >> (16 - bits)), 0, 0, 0];
    Ok(words.into_iter().map(cut).collect())
}

fn fill(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes)
        .map_err(|error| Error::new(Code::System, format!("no randomness: {error}")))
}

/// Σ scalar·point, for scalars below 2^bits.
///
/// # Errors
/// `Cancelled`.
///
/// # Panics
/// When there are not as many scalars as points.
pub fn combine<E: Engine, P: EnginePoint, const N: usize>(
    engine: E,
    points: &[[u8; N]],
    read: impl Fn(&[u8; N]) -> P + Sync,
    scalars: &[Words],
    bits: u32,
    cancel: Cancel<'_>,
) -> Result<P::Curve> {
    assert_eq!(points.len(), scalars.len());
    let chunk = |(points, scalars): (&[[u8; N]], &[Words])| match cancel() {
        true => Err(Error::new(Code::Cancelled, "cancelled")),
        false => {
            let points: Vec<P> = points.iter().map(&read).collect();
            Ok(combine_chunk(engine, &points, scalars, bits))
        }
    };
    let sums: Vec<P::Curve> = match threads() {
        1 => {
            let chunks = points.chunks(CHUNK).zip(scalars.chunks(CHUNK));
            chunks.map(chunk).collect::<Result<_>>()?
        }
        _ => {
            let chunks = points.par_chunks(CHUNK).zip(scalars.par_chunks(CHUNK));
            chunks.map(chunk).collect::<Result<_>>()?
        }
    };
    Ok(sums.into_iter().sum())
}

fn combine_chunk<E: Engine, P: EnginePoint>(
    engine: E,
    points: &[P],
    scalars: &[Words],
    bits: u32,
) -> P::Curve {
    // Near the best, where a window has eight times as many points as buckets.
    let width = (points.len().max(1).ilog2()).saturating_sub(2).clamp(2, 13);
    let windows = window_count(bits, width);
    let buckets = 1 << (width - 1);
    let mut addends = Vec::with_capacity(points.len() * windows as usize);
    for (i, scalar) in scalars.iter().enumerate() {
        signed_digits(scalar, width, windows, |window, digit| {
            let key = (window << (width - 1)) + digit.unsigned_abs() - 1;
            addends.push(Addend::new(key, i, digit < 0));
        });
    }
    let sums = sum_by_key(engine, windows as usize * buckets, &addends, points);
    let mut total = P::Curve::zero();
    for window in weighted_sums(engine, &sums, buckets).into_iter().rev() {
        for _ in 0..width {
            total.double_in_place();
        }
        total += window;
    }
    total
}

#[cfg(test)]
mod tests {
    use ark_bn254::Fr;
    use ark_ff::{BigInt, PrimeField, UniformRand};

    use super::*;
    use crate::engine::Portable;
    use crate::formats::zkey::G1Bytes;
    use crate::formats::zkey_points::{g1, g1_bytes};
    use crate::msm::tests::{multiples, rng};
    use crate::parallel::with_threads;
    use crate::points::G1;

    #[test]
    fn combinations_are_those_of_the_definition() {
        for (count, bits) in [(1, 254), (50, 254), (CHUNK + 40, 14)] {
            let points: Vec<G1> = multiples(Portable, count);
            let records: Vec<G1Bytes> = points
                .iter()
                .map(|point| g1_bytes(&Portable.unpack(point)))
                .collect();
            let scalars: Vec<Words> = match bits {
                14 => random_small(count, 14).unwrap(),
                _ => (0..count)
                    .map(|_| Fr::rand(&mut rng()).into_bigint().0)
                    .collect(),
            };
            let mut expected = <G1 as crate::points::Point>::Curve::zero();
            for (point, scalar) in points.iter().zip(&scalars) {
                expected += Portable.unpack(point) * Fr::new(BigInt(*scalar));
            }
            for threads in [1, 2] {
                let read = |point: &G1Bytes| Portable.pack::<G1>(&g1(point));
                let sum = with_threads(threads, || {
                    combine(Portable, &records, read, &scalars, bits, &|| false)
                });
                assert_eq!(sum.unwrap(), expected);
            }
        }
    }
}
