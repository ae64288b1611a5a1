//! Sums of points that share a key.

use crate::engine::{Addend, BLOCK, Engine, EnginePoint};

/// The sum of each key's addends; infinity for a key without any.
///
/// Sorts addends by key; then each round adds neighbours of the same key in pairs, for all keys together, until one
/// point per key is left. The additions of a round are independent of each other, whatever the keys.
///
/// # Panics
/// When a key is not below `keys`, or an index is out of range of `points`.
pub fn sum_by_key<E: Engine, P: EnginePoint>(
    engine: E,
    keys: usize,
    addends: &[Addend],
    points: &[P],
) -> Vec<P> {
    let (sorted, mut counts) = in_order_of_keys(keys, addends);
    let mut sums = Vec::new();
    let mut block = Vec::with_capacity(BLOCK);
    round(
        engine,
        &mut counts,
        |at| sorted[at],
        points,
        &mut sums,
        &mut block,
    );
    let mut before = Vec::new();
    while counts.iter().any(|&count| count > 1) {
        std::mem::swap(&mut before, &mut sums);
        let here = |at| Addend::new(0, at, false);
        round(engine, &mut counts, here, &before, &mut sums, &mut block);
    }
    let mut next = sums.into_iter();
    let mut one = || next.next().expect("one sum per key");
    counts
        .iter()
        .map(|&count| if count == 0 { P::INFINITY } else { one() })
        .collect()
}

/// Counting sort: the addends ordered by key, and their number for each key.
fn in_order_of_keys(keys: usize, addends: &[Addend]) -> (Vec<Addend>, Vec<u32>) {
    let mut counts = vec![0u32; keys];
    for addend in addends {
        counts[addend.key as usize] += 1;
    }
    let mut starts = Vec::with_capacity(keys);
    let mut total = 0;
    for &count in &counts {
        starts.push(total);
        total += count;
    }
    let mut sorted = vec![Addend::new(0, 0, false); addends.len()];
    for addend in addends {
        let at = &mut starts[addend.key as usize];
        sorted[*at as usize] = *addend;
        *at += 1;
    }
    (sorted, counts)
}

/// Adds each key's points in pairs, writes the results (and a point left over) to `sums`, and updates the counts.
/// `source` locates the points of the round, ordered by key; `block` is scratch memory for pending additions.
fn round<E: Engine, P: EnginePoint>(
    engine: E,
    counts: &mut [u32],
    source: impl Fn(usize) -> Addend,
    points: &[P],
    sums: &mut Vec<P>,
    block: &mut Vec<Addend>,
) {
    let kept = counts.iter().map(|count| count.div_ceil(2) as usize).sum();
    sums.clear();
    sums.reserve(kept);
    let mut from = 0;
    for count in counts {
        for _ in 0..*count / 2 {
            block.push(source(from + 1).with_key(sums.len() as u32));
            sums.push(source(from).point(points));
            from += 2;
            if block.len() == BLOCK {
                P::accumulate(engine, sums, block, points);
                block.clear();
            }
        }
        if *count % 2 == 1 {
            sums.push(source(from).point(points));
            from += 1;
        }
        *count = count.div_ceil(2);
    }
    P::accumulate(engine, sums, block, points);
    block.clear();
}

#[cfg(test)]
mod tests {
    use ark_ec::CurveGroup;

    use super::*;
    use crate::engine::Portable;
    use crate::msm::tests::{multiples, sum_of};
    use crate::points::{G1, Point};

    #[test]
    fn sums_each_key_and_leaves_empty_ones_at_infinity() {
        let points: Vec<G1> = multiples(Portable, 40);
        let addends: Vec<Addend> = (0..40)
            .map(|i| Addend::new([0, 2, 2, 5][i % 4], i, i % 3 == 0))
            .collect();
        let sums = sum_by_key(Portable, 7, &addends, &points);
        for key in 0..7 {
            let expected = sum_of(
                addends
                    .iter()
                    .filter(|a| a.key == key)
                    .map(|a| a.point(&points)),
            );
            assert_eq!(
                Portable.unpack(&sums[key as usize]),
                expected.into_affine(),
                "key {key}"
            );
        }
    }

    #[test]
    fn sums_more_than_one_block_of_equal_and_opposite_points() {
        let points: Vec<G1> = multiples(Portable, 3);
        let addends: Vec<Addend> = (0..3 * BLOCK)
            .map(|i| Addend::new(0, i % 2, i % 5 == 0))
            .collect();
        let sums = sum_by_key(Portable, 1, &addends, &points);
        let expected = sum_of(addends.iter().map(|a| a.point(&points)));
        assert_eq!(Portable.unpack(&sums[0]), expected.into_affine());
    }

    #[test]
    fn nothing_sums_to_infinity() {
        assert_eq!(
            sum_by_key::<_, G1>(Portable, 2, &[], &[]),
            [G1::INFINITY; 2]
        );
    }
}
