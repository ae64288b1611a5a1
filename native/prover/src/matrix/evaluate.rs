//! A·w and B·w.

use ark_bn254::Fr;
use ark_ff::{AdditiveGroup, BigInt};

use super::{Matrix, Term};
use crate::points::Words;
use crate::wires::{SMALL_LIMIT, Wire, Wires, canonical};

impl Matrix<'_> {
    /// Writes the value of each row j, plain and canonical, to `out[j]`.
    ///
    /// # Panics
    /// When the length of `out` is not the number of rows, or the number of wires not that of columns.
    pub fn evaluate(&self, wires: &Wires, out: &mut [Words]) {
        assert_eq!(out.len(), self.n_rows());
        self.evaluate_rows(0, wires, out);
    }

    /// Like [`Matrix::evaluate`], for rows `first .. first + out.len()`, so that threads can share the work.
    ///
    /// # Panics
    /// When there are no such rows, or the number of wires is not that of columns.
    pub fn evaluate_rows(&self, first: usize, wires: &Wires, out: &mut [Words]) {
        assert_eq!(wires.len(), self.n_wires);
        let starts = &self.parts.row_start[first..=first + out.len()];
        let mut start = starts[0];
        for (out, end) in out.iter_mut().zip(&starts[1..]) {
            let row = &self.parts.terms[start as usize..*end as usize];
            *out = integer_row(row, wires).unwrap_or_else(|| field_row(row, wires));
            start = *end;
        }
        self.add_wide_terms(first, wires, out);
    }

    fn add_wide_terms(&self, first: usize, wires: &Wires, out: &mut [Words]) {
        let terms = &self.parts.wide_terms;
        let from = terms.partition_point(|term| (term.row as usize) < first);
        let to = terms.partition_point(|term| (term.row as usize) < first + out.len());
        for term in &terms[from..to] {
            let coefficient = montgomery(&self.parts.wide_values[term.value as usize]);
            let value = match wires.get(term.wire as usize) {
                Wire::Small(0) => continue,
                // The product of a Montgomery form and a plain value is plain.
                Wire::Small(value) => coefficient * montgomery(&canonical(value.into())),
                Wire::Full(value) => coefficient * montgomery(value),
            };
            let sum = &mut out[term.row as usize - first];
            *sum = (montgomery(sum) + value).0.0;
        }
    }
}

/// The row's value if all its wires are small.
///
/// Coefficients are at most 2^31, compact wires at most 2^63 (those that are not small are indices), and a row has
/// fewer than 2^32 terms, so the sum stays below 2^126.
#[inline]
fn integer_row(row: &[Term], wires: &Wires) -> Option<Words> {
    let compact = wires.compact();
    let mut sum = 0i128;
    let mut lowest = 0;
    for term in row {
        let value = compact[term.wire as usize];
        lowest = lowest.min(value);
        sum += i128::from(value) * i128::from(term.coefficient);
    }
    (lowest > -SMALL_LIMIT).then(|| canonical(sum))
}

/// The row's value if some of its wires are full-width.
#[cold]
fn field_row(row: &[Term], wires: &Wires) -> Words {
    let mut integers = 0i128;
    let mut sum = Fr::ZERO;
    for term in row {
        match wires.get(term.wire as usize) {
            Wire::Small(value) => integers += i128::from(value) * i128::from(term.coefficient),
            Wire::Full(value) => match term.coefficient {
                1 => sum += montgomery(value),
                -1 => sum -= montgomery(value),
                other => sum += montgomery(value) * Fr::from(other),
            },
        }
    }
    (sum + montgomery(&canonical(integers))).0.0
}

/// Reinterprets words as an element's Montgomery form. Addition works in any form.
#[inline]
fn montgomery(words: &Words) -> Fr {
    Fr::new_unchecked(BigInt(*words))
}

#[cfg(test)]
mod tests {
    use ark_ff::{Field, PrimeField};

    use super::*;
    use crate::formats::zkey::{Shape, Side, Zkey};
    use crate::formats::zkey_draft::ZkeyDraft;

    const N_WIRES: u32 = 60;
    const N_ROWS: u32 = 64;

    /// Deterministic pseudo-random numbers (splitmix64).
    fn noise(state: &mut u64) -> u64 {
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Bits, small integers of both signs, boundary values of both kinds, and full-width values.
    fn value(state: &mut u64) -> Fr {
        let limit = Fr::from(SMALL_LIMIT);
        let full = Fr::from(noise(state)).pow([5]);
        let integer = Fr::from(noise(state) as i32);
        let choices = [Fr::from(0), Fr::from(1), Fr::from(-1), integer, full];
        let borders = [limit, -limit, limit - Fr::from(1), Fr::from(1) - limit];
        let limits = [Fr::from(i32::MIN), Fr::from(i32::MAX), Fr::from(-i32::MAX)];
        let all: Vec<_> = [&choices[..], &borders, &limits].concat();
        all[noise(state) as usize % all.len()]
    }

    type Entry = (Side, u32, u32, Fr);

    fn entries(state: &mut u64) -> Vec<Entry> {
        let mut entry = |_| {
            let side = [Side::A, Side::B][noise(state) as usize % 2];
            // Some rows stay empty, some have many terms, several of them on the same wire.
            let row = (noise(state) % u64::from(N_ROWS)).min(noise(state) % u64::from(N_ROWS));
            let wire = (noise(state) % u64::from(N_WIRES)) as u32;
            (side, row as u32, wire, value(state))
        };
        (0..700).map(&mut entry).collect()
    }

    fn key(entries: &[Entry]) -> Vec<u8> {
        let shape = Shape {
            n_wires: N_WIRES as usize,
            n_public: 1,
            log_domain: N_ROWS.ilog2(),
        };
        let mut draft = ZkeyDraft::new(&shape, entries.len() as u32);
        let shift = Fr::from(2).pow([512]);
        draft.write_coefficients(entries.iter().map(|(side, row, wire, value)| {
            (*side as u32, *row, *wire, (*value * shift).into_bigint().0)
        }));
        draft.finish(|_| [0; 64])
    }

    #[test]
    fn equals_the_sums_in_the_field() {
        for seed in 0..20 {
            let state = &mut { seed };
            let entries = entries(state);
            let mut wires: Vec<_> = (0..N_WIRES).map(|_| value(state)).collect();
            wires[0] = Fr::from(1);
            let witness: Vec<Words> = wires.iter().map(|wire| wire.into_bigint().0).collect();
            let witness = Wires::new(bytemuck::cast_slice(&witness), wires.len()).unwrap();
            let file = key(&entries);
            let key = Zkey::read(&file).unwrap();
            for side in [Side::A, Side::B] {
                let mut expected = vec![Fr::ZERO; N_ROWS as usize];
                for (_, row, wire, value) in entries.iter().filter(|entry| entry.0 == side) {
                    expected[*row as usize] += wires[*wire as usize] * value;
                }
                let expected: Vec<_> = expected.iter().map(|v| v.into_bigint().0).collect();
                let matrix = Matrix::from_zkey(&key, side);
                let mut whole = vec![[7; 4]; N_ROWS as usize];
                matrix.evaluate(&witness, &mut whole);
                assert_eq!(whole, expected);
                let mut part = vec![[7; 4]; 21];
                matrix.evaluate_rows(10, &witness, &mut part);
                assert_eq!(part, expected[10..31]);
            }
        }
    }

    #[test]
    fn the_largest_terms_do_not_overflow() {
        let limit = SMALL_LIMIT - 1;
        let witness: Vec<Words> =
            vec![[1, 0, 0, 0], canonical((-limit).into()), [0, 0, 0, 1 << 61]];
        let wires = Wires::new(bytemuck::cast_slice(&witness), 3).unwrap();
        let row = |wire| {
            vec![
                Term {
                    wire,
                    coefficient: -i32::MAX
                };
                100_000
            ]
        };
        let expected = i128::from(limit) * i128::from(i32::MAX) * 100_000;
        assert_eq!(integer_row(&row(1), &wires), Some(canonical(expected)));
        assert_eq!(integer_row(&row(2), &wires), None);
    }
}
