//! Multi-exponentiation by a witness: four of five wires are bits, and most others are small.

use ark_ff::{AdditiveGroup, Zero};

use super::digits::{SCALAR_BITS, signed_digits, window_count};
use super::sum_by_key::sum_by_key;
use super::weighted_sum::weighted_sums;
use crate::engine::{Addend, Engine, EnginePoint};
use crate::wires::{Wire, Wires};

/// The addends of Σ wᵢ·Pᵢ. They do not depend on the points, so queries over the same wires (B in G1 and in G2) share
/// them.
///
/// Wires that are 1 or −1 become single additions under key 0. All others are split into signed windows, whose buckets
/// have the keys from 1 on. So a bit costs one addition or none, a small value one per window, and a small negative
/// value (stored as r − v) the same with negated points.
pub struct Recoded {
    addends: Vec<Addend>,
    width: u32,
    windows: u32,
}

impl Recoded {
    /// Recodes the scalars `wires[query[i]]` for each point i of a query.
    pub fn new(query: &[u32], wires: &Wires) -> Self {
        let (width, windows) = choose_width(&Profile::of(query, wires));
        let mut addends = Vec::with_capacity(query.len());
        for (index, &wire) in query.iter().enumerate() {
            let mut push_windows = |value: &[u64; 4], negative: bool| {
                signed_digits(value, width, windows, |window, digit| {
                    let bucket = (window << (width - 1)) + digit.unsigned_abs() - 1;
                    addends.push(Addend::new(1 + bucket, index, (digit < 0) != negative));
                });
            };
            match wires.get(wire as usize) {
                Wire::Small(0) => {}
                Wire::Small(v @ (1 | -1)) => addends.push(Addend::new(0, index, v < 0)),
                Wire::Small(v) => push_windows(&[v.unsigned_abs(), 0, 0, 0], v < 0),
                Wire::Full(value) => push_windows(value, false),
            }
        }
        Self {
            addends,
            width,
            windows,
        }
    }

    /// Σ wᵢ·Pᵢ.
    pub fn sum<E: Engine, P: EnginePoint>(&self, engine: E, points: &[P]) -> P::Curve {
        let buckets = 1 << (self.width - 1);
        let keys = 1 + self.windows as usize * buckets;
        let sums = sum_by_key(engine, keys, &self.addends, points);
        let mut total = P::Curve::zero();
        for window in weighted_sums(engine, &sums[1..], buckets).into_iter().rev() {
            for _ in 0..self.width {
                total.double_in_place();
            }
            total += window;
        }
        total + engine.unpack(&sums[0])
    }
}

/// Number of scalars of each length in bits, except −1, 0 and 1, which need no windows.
struct Profile {
    counts: [u32; SCALAR_BITS as usize + 1],
}

impl Profile {
    fn of(query: &[u32], wires: &Wires) -> Self {
        let mut counts = [0; SCALAR_BITS as usize + 1];
        for &wire in query {
            match wires.get(wire as usize) {
                Wire::Small(-1..=1) => {}
                Wire::Small(v) => counts[(v.unsigned_abs().ilog2() + 1) as usize] += 1,
                Wire::Full(_) => counts[SCALAR_BITS as usize] += 1,
            }
        }
        Self { counts }
    }

    /// Number of additions with windows of this width (one per occupied window, two per bucket), and of windows.
    fn cost(&self, width: u32) -> (u64, u32) {
        let mut windows = 0;
        let mut additions = 0;
        for (bits, &count) in self
            .counts
            .iter()
            .enumerate()
            .filter(|&(_, &count)| count > 0)
        {
            windows = window_count(bits as u32, width);
            additions += u64::from(windows) * u64::from(count);
        }
        (additions + (u64::from(windows) << width), windows)
    }
}

/// The width with the fewest additions, and its number of windows.
fn choose_width(profile: &Profile) -> (u32, u32) {
    let width = (2..=16)
        .min_by_key(|&width| profile.cost(width).0)
        .expect("not empty");
    (width, profile.cost(width).1)
}

#[cfg(test)]
mod tests {
    use ark_bn254::Fr;
    use ark_ff::{BigInt, Field, PrimeField, UniformRand};

    use super::*;
    use crate::engine::Portable;
    use crate::msm::tests::{multiples, rng};
    use crate::points::{G1, G2};

    fn agrees<P: EnginePoint>(values: &[Fr]) {
        let bytes: Vec<u8> = values
            .iter()
            .flat_map(|v| bytemuck::bytes_of(&v.into_bigint().0).to_vec())
            .collect();
        let wires = Wires::new(&bytes, values.len()).expect("a witness");
        // Every other wire, in reverse order.
        let query: Vec<u32> = (0..values.len() as u32).rev().step_by(2).collect();
        let points: Vec<P> = multiples(Portable, query.len());
        let mut expected = P::Curve::zero();
        for (&wire, point) in query.iter().zip(&points) {
            expected += Portable.unpack(point) * values[wire as usize];
        }
        assert_eq!(
            Recoded::new(&query, &wires).sum(Portable, &points),
            expected
        );
    }

    #[test]
    fn handles_every_kind_of_scalar() {
        let mut rng = rng();
        let mut values = vec![Fr::from(1)];
        for i in 0..200u64 {
            values.push(match i % 8 {
                0 => Fr::from(0),
                1 | 2 => Fr::from(1),
                3 => -Fr::from(1),
                4 => Fr::from(i * i * i),
                5 => -Fr::from(i << 30),
                6 => Fr::rand(&mut rng),
                _ => Fr::from(2).pow([i]) - Fr::from(1),
            });
        }
        values.push(-Fr::from(1));
        values.push(Fr::new(BigInt([u64::MAX; 4].map(|w| w >> 3))));
        agrees::<G1>(&values);
        agrees::<G2>(&values);
        agrees::<G1>(&values[..2]);
    }

    #[test]
    fn only_bits_need_no_windows() {
        let values: Vec<Fr> = (0..100).map(|i| Fr::from(u64::from(i % 3 != 1))).collect();
        agrees::<G1>(&values);
        agrees::<G1>(&vec![Fr::from(1); 50]);
    }
}
