//! The circuit's A and B matrices as compact rows, optimised for small integers: coefficients are mostly ±1, powers of
//! two and 8-bit weights, and most wires are bits.
//!
//! Small coefficients are stored and summed as integers, without field multiplications. The few others (Poseidon's
//! constants) are added afterwards, row by row. All parts are plain old data, so that they can be mapped from a file.

mod build;
mod evaluate;

use std::borrow::Cow;

use ark_bn254::Fr;
use ark_ff::PrimeField;
use bytemuck::{Pod, Zeroable};

use crate::error::{Code, Error, Result};
use crate::formats::container::less;
use crate::points::Words;

/// An integer coefficient and its wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct Term {
    /// The column.
    pub wire: u32,
    /// Not zero.
    pub coefficient: i32,
}

/// A coefficient too large for [`Term`], with its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct WideTerm {
    /// The row.
    pub row: u32,
    /// The column.
    pub wire: u32,
    /// Index into the distinct values.
    pub value: u32,
}

/// The data of a matrix, which has one row for each point of the domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts<'a> {
    /// The terms of row j are `row_start[j] .. row_start[j + 1]`.
    pub row_start: Cow<'a, [u32]>,
    /// Integer coefficients, row by row.
    pub terms: Cow<'a, [Term]>,
    /// The other coefficients, by ascending row.
    pub wide_terms: Cow<'a, [WideTerm]>,
    /// Their distinct values, canonical, in Montgomery form with radix 2^256.
    pub wide_values: Cow<'a, [Words]>,
}

/// One of the matrices A and B.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix<'a> {
    parts: Parts<'a>,
    n_wires: usize,
}

impl<'a> Matrix<'a> {
    /// Takes parts from a cache, which [`Matrix::check`] must accept before use.
    pub fn from_parts(parts: Parts<'a>, n_wires: usize) -> Self {
        Self { parts, n_wires }
    }

    /// Checks that the parts are consistent and every wire exists.
    ///
    /// # Errors
    /// `BadKey`.
    pub fn check(&self) -> Result<()> {
        let Parts {
            row_start,
            terms,
            wide_terms,
            wide_values,
        } = &self.parts;
        let sound = row_start.first() == Some(&0)
            && row_start.is_sorted()
            && row_start
                .last()
                .is_some_and(|end| *end as usize == terms.len())
            && terms.iter().all(|term| (term.wire as usize) < self.n_wires)
            && wide_terms.is_sorted_by_key(|term| term.row)
            && wide_terms.iter().all(|term| {
                (term.row as usize) < row_start.len() - 1
                    && (term.wire as usize) < self.n_wires
                    && (term.value as usize) < wide_values.len()
            })
            && wide_values.iter().all(|value| less(value, &Fr::MODULUS.0));
        match sound {
            true => Ok(()),
            false => Err(Error::new(
                Code::BadKey,
                "the rows of a matrix do not fit together",
            )),
        }
    }

    /// The parts, to store in a cache.
    pub fn parts(&self) -> &Parts<'a> {
        &self.parts
    }

    /// Number of rows, including empty ones.
    pub fn n_rows(&self) -> usize {
        self.parts.row_start.len() - 1
    }
}
