//! Rows from a key's coefficients, which come in any order.

use std::borrow::Cow;
use std::collections::HashMap;

use ark_bn254::Fr;
use ark_ff::{BigInt, BigInteger, PrimeField};
use bytemuck::Zeroable;

use super::{Matrix, Parts, Term, WideTerm};
use crate::formats::zkey::{Coefficient, Side, Zkey};
use crate::points::Words;

impl Matrix<'static> {
    /// A or B of a key.
    pub fn from_zkey(key: &Zkey<'_>, side: Side) -> Self {
        let entries = key
            .coefficients()
            .filter(|entry| entry.side == side && entry.value != [0; 4]);
        Self::from_entries(entries, key.shape.domain_size(), key.shape.n_wires)
    }

    /// Entries must be in range and not zero.
    fn from_entries(
        entries: impl Iterator<Item = Coefficient> + Clone,
        n_rows: usize,
        n_wires: usize,
    ) -> Self {
        let mut row_start = vec![0u32; n_rows + 1];
        let mut wide = Wide::default();
        for entry in entries.clone() {
            match small(&entry.value) {
                Some(_) => row_start[entry.row as usize + 1] += 1,
                None => wide.push(&entry),
            }
        }
        for row in 0..n_rows {
            row_start[row + 1] += row_start[row];
        }
        let terms = place_terms(entries, &row_start);
        wide.terms.sort_by_key(|term| term.row);
        let parts = Parts {
            row_start: Cow::Owned(row_start),
            terms: Cow::Owned(terms),
            wide_terms: Cow::Owned(wide.terms),
            wide_values: Cow::Owned(wide.values),
        };
        Self { parts, n_wires }
    }
}

/// Counting sort by row.
fn place_terms(entries: impl Iterator<Item = Coefficient>, row_start: &[u32]) -> Vec<Term> {
    let count = row_start.last().copied().unwrap_or(0) as usize;
    let mut terms = vec![Term::zeroed(); count];
    let mut next = row_start.to_vec();
    for entry in entries {
        if let Some(coefficient) = small(&entry.value) {
            let at = &mut next[entry.row as usize];
            terms[*at as usize] = Term {
                wire: entry.wire,
                coefficient,
            };
            *at += 1;
        }
    }
    terms
}

#[derive(Default)]
struct Wide {
    terms: Vec<WideTerm>,
    values: Vec<Words>,
    index: HashMap<Words, u32>,
}

impl Wide {
    fn push(&mut self, entry: &Coefficient) {
        let value = *self.index.entry(entry.value).or_insert_with(|| {
            self.values.push(to_montgomery(&entry.value));
            self.values.len() as u32 - 1
        });
        self.terms.push(WideTerm {
            row: entry.row,
            wire: entry.wire,
            value,
        });
    }
}

/// From the file's v · 2^512 to v · 2^256: `into_bigint` removes one Montgomery factor of 2^256.
fn to_montgomery(value: &Words) -> Words {
    Fr::new_unchecked(BigInt(*value)).into_bigint().0
}

/// The coefficient, v · 2^512 in the file, as a signed 32-bit integer if it is one.
fn small(value: &Words) -> Option<i32> {
    let plain = Fr::new_unchecked(BigInt(to_montgomery(value))).into_bigint();
    let integer = |value: BigInt<4>| match value.0 {
        [low, 0, 0, 0] => i32::try_from(low).ok(),
        _ => None,
    };
    integer(plain).or_else(|| {
        let mut negative = Fr::MODULUS;
        negative.sub_with_borrow(&plain);
        integer(negative).map(|magnitude| -magnitude)
    })
}

#[cfg(test)]
mod tests {
    use ark_ff::Field;

    use super::*;

    fn in_file(value: Fr) -> Words {
        let shift = Fr::from(2).pow([512]);
        (value * shift).into_bigint().0
    }

    #[test]
    fn finds_the_small_coefficients() {
        let two = Fr::from(2);
        for value in [1, -1, 128, -77, i64::from(i32::MAX), -i64::from(i32::MAX)] {
            let found = small(&in_file(Fr::from(value)));
            assert_eq!(found.map(i64::from), Some(value));
        }
        for value in [
            two.pow([31]),
            -two.pow([31]),
            two.pow([200]),
            two.inverse().unwrap(),
        ] {
            assert_eq!(small(&in_file(value)), None);
            assert_eq!(to_montgomery(&in_file(value)), value.0.0);
        }
    }

    #[test]
    fn sorts_entries_by_row_and_keeps_wide_values_once() {
        let wide = in_file(Fr::from(2).pow([99]));
        let entry = |row, wire, value| Coefficient {
            side: Side::A,
            row,
            wire,
            value,
        };
        let entries = [
            entry(2, 0, wide),
            entry(2, 1, in_file(Fr::from(5))),
            entry(0, 2, wide),
            entry(2, 0, in_file(Fr::from(-6))),
            entry(0, 1, in_file(Fr::from(7))),
        ];
        let matrix = Matrix::from_entries(entries.iter().copied(), 4, 3);
        let parts = matrix.parts();
        let term = |wire, coefficient| Term { wire, coefficient };
        assert_eq!(*parts.row_start, [0, 1, 1, 3, 3]);
        assert_eq!(*parts.terms, [term(1, 7), term(1, 5), term(0, -6)]);
        let wide_rows: Vec<_> = parts.wide_terms.iter().map(|t| (t.row, t.wire)).collect();
        assert_eq!(wide_rows, [(0, 2), (2, 0)]);
        assert_eq!(parts.wide_values.len(), 1);
        assert!(Matrix::from_parts(parts.clone(), 3).check().is_ok());
        assert!(Matrix::from_parts(parts.clone(), 2).check().is_err());
    }
}
