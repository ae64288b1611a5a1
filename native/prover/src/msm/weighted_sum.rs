//! The last step of the bucket method.

use ark_ff::{AdditiveGroup, Zero};

use super::sum_by_key::sum_by_key;
use crate::engine::{Addend, Engine, EnginePoint};
use crate::points::Point;

/// For each group of `size` consecutive buckets, Σ (j + 1)·Bⱼ over its buckets j = 0…size − 1.
///
/// The textbook's running sums take two dependent additions per bucket. With j = u·columns + v, the result is
/// `columns · Σ u·Rᵤ + Σ (v + 1)·Cᵥ`, where Rᵤ are the sums of rows and Cᵥ those of columns: as many additions, but in
/// batches, with running sums over only about 2·√size points.
pub fn weighted_sums<E: Engine, P: EnginePoint>(
    engine: E,
    buckets: &[P],
    size: usize,
) -> Vec<P::Curve> {
    let log_columns = size.next_power_of_two().ilog2().div_ceil(2);
    let columns = 1usize << log_columns;
    let rows = size.div_ceil(columns);
    let lines = rows + columns;
    let mut addends = Vec::with_capacity(2 * buckets.len());
    for (index, bucket) in buckets.iter().enumerate() {
        if bucket.is_infinity() {
            continue;
        }
        let (group, j) = (index / size, index % size);
        let line = |k: usize| (group * lines + k) as u32;
        addends.push(Addend::new(line(j / columns), index, false));
        addends.push(Addend::new(line(rows + j % columns), index, false));
    }
    let sums = sum_by_key(engine, buckets.len() / size * lines, &addends, buckets);
    let total = |group: &[P]| {
        let (by_row, by_column) = group.split_at(rows);
        let mut sum = running_sum(engine, &by_row[1..]);
        for _ in 0..log_columns {
            sum.double_in_place();
        }
        sum + running_sum(engine, by_column)
    };
    sums.chunks(lines).map(total).collect()
}

/// Σ (j + 1)·Pⱼ.
fn running_sum<E: Engine, P: Point>(engine: E, points: &[P]) -> P::Curve {
    let mut suffix = P::Curve::zero();
    let mut sum = P::Curve::zero();
    for point in points.iter().rev() {
        if !point.is_infinity() {
            suffix += engine.unpack(point);
        }
        sum += suffix;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Portable;
    use crate::msm::tests::multiples;
    use crate::points::G1;

    #[test]
    fn weighs_buckets_by_position() {
        for size in [1, 2, 3, 4, 7, 16, 33] {
            let mut buckets: Vec<G1> = multiples(Portable, 2 * size);
            buckets[size / 2] = G1::INFINITY;
            let sums = weighted_sums(Portable, &buckets, size);
            for (group, sum) in buckets.chunks(size).zip(sums) {
                let mut expected = <G1 as Point>::Curve::zero();
                for (j, bucket) in group.iter().enumerate() {
                    for _ in 0..=j {
                        expected += Portable.unpack(bucket);
                    }
                }
                assert_eq!(sum, expected, "size {size}");
            }
        }
    }
}
