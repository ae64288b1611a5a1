//! Constraint systems as written by circom. Strict: canonical coefficients, no repeated wire in a linear combination,
//! no custom gates, no trailing bytes.

use std::collections::HashMap;
use std::ops::Range;

use ark_bn254::Fr;
use ark_ff::PrimeField;

use super::ELEMENT_BYTES;
use super::container::{Format, Reader, Sections, less};
use crate::error::Result;
use crate::points::Words;

const HEADER: u32 = 1;
const CONSTRAINTS: u32 = 2;
const LABELS: u32 = 3;
/// Sections for PLONK's custom gates. circom writes both, with a count of 0 if there are none.
const CUSTOM_GATES: [u32; 2] = [4, 5];
/// Bytes per term: wire, coefficient.
const TERM_BYTES: u64 = 4 + ELEMENT_BYTES as u64;

/// A matrix by rows (constraints): the terms of row i are `row_start[i] .. row_start[i + 1]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SparseMatrix {
    /// One entry more than there are rows.
    pub row_start: Vec<u32>,
    /// The term's wire.
    pub wire: Vec<u32>,
    /// Index into the constraint system's `coefficients`.
    pub coefficient: Vec<u32>,
}

/// A rank-1 constraint system over BN254's scalar field: (A·w)(B·w) = (C·w) for every row.
/// Wires: the constant 1, outputs, public inputs, private inputs, intermediate wires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct R1cs {
    /// Number of wires, including the constant.
    pub n_wires: usize,
    /// Number of outputs and public inputs; less than `n_wires`.
    pub n_public: usize,
    /// Number of rows.
    pub n_constraints: usize,
    /// The matrices A, B and C.
    pub matrices: [SparseMatrix; 3],
    /// The distinct coefficients, plain and canonical.
    pub coefficients: Vec<Words>,
}

impl SparseMatrix {
    /// The indices of a row's terms.
    ///
    /// # Panics
    /// When there is no such row.
    #[inline]
    pub fn row(&self, row: usize) -> Range<usize> {
        self.row_start[row] as usize..self.row_start[row + 1] as usize
    }
}

struct Header {
    n_wires: usize,
    n_public: usize,
    n_labels: u64,
    n_constraints: usize,
}

impl R1cs {
    /// Reads a constraint system.
    ///
    /// # Errors
    /// `BadCircuit`.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        let sections = Sections::read(bytes, Format::R1CS)?;
        for gates in CUSTOM_GATES.iter().filter_map(|id| sections.find(*id)) {
            if gates.iter().any(|byte| *byte != 0) {
                return Err(Format::R1CS.refuse("it uses custom gates"));
            }
        }
        let header = read_header(sections.require(HEADER, "header")?)?;
        check_labels(sections.require(LABELS, "wire labels")?, &header)?;
        let (matrices, coefficients) =
            read_constraints(sections.require(CONSTRAINTS, "constraints")?, &header)?;
        Ok(Self {
            n_wires: header.n_wires,
            n_public: header.n_public,
            n_constraints: header.n_constraints,
            matrices,
            coefficients,
        })
    }
}

fn read_header(mut reader: Reader<'_>) -> Result<Header> {
    reader.modulus(Fr::MODULUS.0)?;
    let n_wires = reader.u32()?;
    let [n_outputs, n_public_inputs, n_private_inputs] =
        [reader.u32()?, reader.u32()?, reader.u32()?].map(u64::from);
    let n_labels = reader.u64()?;
    let n_constraints = reader.u32()?;
    reader.end()?;
    if n_outputs + n_public_inputs + n_private_inputs >= u64::from(n_wires) {
        return Err(reader.refuse(format_args!(
            "{n_wires} wires cannot hold its inputs and outputs"
        )));
    }
    Ok(Header {
        n_wires: n_wires as usize,
        n_public: (n_outputs + n_public_inputs) as usize,
        n_labels,
        n_constraints: n_constraints as usize,
    })
}

/// Also shows that the file is long enough for its number of wires.
fn check_labels(reader: Reader<'_>, header: &Header) -> Result<()> {
    let labels = reader.clone().records::<8>(header.n_wires)?;
    let known = header.n_labels.max(1);
    match labels
        .iter()
        .position(|label| u64::from_le_bytes(*label) >= known)
    {
        None => Ok(()),
        Some(wire) => Err(reader.refuse(format_args!("the label of wire {wire} does not exist"))),
    }
}

fn read_constraints(
    mut reader: Reader<'_>,
    header: &Header,
) -> Result<([SparseMatrix; 3], Vec<Words>)> {
    let counts = count_terms(reader.clone(), header.n_constraints)?;
    let mut matrices = counts.map(|terms| SparseMatrix {
        row_start: Vec::with_capacity(header.n_constraints + 1),
        wire: Vec::with_capacity(terms as usize),
        coefficient: Vec::with_capacity(terms as usize),
    });
    matrices
        .iter_mut()
        .for_each(|matrix| matrix.row_start.push(0));
    let mut values = Interned::default();
    // The last linear combination that used each wire, to detect repeated wires.
    let mut last_use = vec![0u64; header.n_wires];
    let mut combination = 0;
    for _ in 0..header.n_constraints {
        for matrix in &mut matrices {
            combination += 1;
            read_combination(&mut reader, matrix, &mut values, &mut last_use, combination)?;
            matrix.row_start.push(matrix.wire.len() as u32); // count_terms: below 2^32
        }
    }
    Ok((matrices, values.list))
}

/// Counts the terms of A, B and C, and checks all lengths, before anything is allocated for them.
fn count_terms(mut reader: Reader<'_>, n_constraints: usize) -> Result<[u32; 3]> {
    let mut counts = [0u32; 3];
    for _ in 0..n_constraints {
        for count in &mut counts {
            let terms = reader.u32()?;
            reader.take(u64::from(terms) * TERM_BYTES)?;
            *count = count
                .checked_add(terms)
                .ok_or_else(|| reader.refuse("there are more than 2^32 terms"))?;
        }
    }
    reader.end()?;
    Ok(counts)
}

fn read_combination(
    reader: &mut Reader<'_>,
    matrix: &mut SparseMatrix,
    values: &mut Interned,
    last_use: &mut [u64],
    combination: u64,
) -> Result<()> {
    for _ in 0..reader.u32()? {
        let wire = reader.u32()?;
        let value = reader.words()?;
        let last = last_use
            .get_mut(wire as usize)
            .ok_or_else(|| reader.refuse(format_args!("wire {wire} does not exist")))?;
        if std::mem::replace(last, combination) == combination {
            return Err(reader.refuse(format_args!(
                "wire {wire} occurs twice in a linear combination"
            )));
        }
        if !less(&value, &Fr::MODULUS.0) {
            return Err(reader.refuse("a coefficient is not below the field order"));
        }
        matrix.wire.push(wire);
        matrix.coefficient.push(values.index(value));
    }
    Ok(())
}

/// Assigns a small index to each distinct value: a circuit has millions of coefficients, but few distinct ones.
#[derive(Default)]
struct Interned {
    list: Vec<Words>,
    index: HashMap<Words, u32>,
}

impl Interned {
    fn index(&mut self, value: Words) -> u32 {
        *self.index.entry(value).or_insert_with(|| {
            self.list.push(value);
            self.list.len() as u32 - 1
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;
    use crate::formats::samples;
    use crate::wires::Wires;

    #[test]
    fn reads_what_was_written() {
        let circuit = samples::circuit();
        let r1cs = R1cs::read(&circuit.r1cs()).unwrap();
        assert_eq!(r1cs.n_wires, circuit.n_wires);
        assert_eq!(r1cs.n_public, circuit.n_public);
        assert_eq!(r1cs.n_constraints, circuit.rows.len());
        for (row, combinations) in circuit.rows.iter().enumerate() {
            for (matrix, terms) in r1cs.matrices.iter().zip(combinations) {
                let read = matrix.row(row).map(|t| {
                    let value = r1cs.coefficients[matrix.coefficient[t] as usize];
                    (matrix.wire[t], value)
                });
                let written = terms
                    .iter()
                    .map(|(wire, value)| (*wire, value.into_bigint().0));
                assert!(read.eq(written), "row {row}");
            }
        }
    }

    /// Other tests of this crate rely on this.
    #[test]
    fn the_sample_is_satisfied_and_has_wires_of_every_kind() {
        let circuit = samples::circuit();
        for [a, b, c] in &circuit.rows {
            assert_eq!(circuit.value(a) * circuit.value(b), circuit.value(c));
        }
        let wires = Wires::new(&circuit.witness(), circuit.n_wires).unwrap();
        assert_eq!(wires.full_count(), 2);
        assert!(wires.compact().iter().any(|v| (-9999..0).contains(v)));
    }

    #[test]
    fn distinct_values_are_stored_once() {
        let r1cs = R1cs::read(&samples::circuit().r1cs()).unwrap();
        let mut sorted = r1cs.coefficients.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), r1cs.coefficients.len());
    }

    #[test]
    fn refuses_circuits_that_break_a_rule() {
        let one = Fr::from(1);
        let error = |change: &dyn Fn(&mut samples::Circuit)| {
            let mut circuit = samples::circuit();
            change(&mut circuit);
            let error = R1cs::read(&circuit.r1cs()).unwrap_err();
            assert_eq!(error.code, Code::BadCircuit);
            error.message
        };
        assert!(error(&|c| c.rows[0][0] = vec![(1, one), (1, one)]).contains("twice"));
        assert!(error(&|c| c.rows[0][1] = vec![(c.n_wires as u32, one)]).contains("exist"));
        assert!(error(&|c| c.n_public = c.n_wires).contains("cannot hold"));
    }

    #[test]
    fn refuses_every_truncation() {
        let file = samples::circuit().r1cs();
        for length in 0..file.len() {
            let error = R1cs::read(&file[..length]).unwrap_err();
            assert_eq!(error.code, Code::BadCircuit, "length {length}");
        }
    }

    #[test]
    fn never_panics_on_changed_bytes() {
        let file = samples::circuit().r1cs();
        samples::every_mutation(&file, |changed| {
            let _ = R1cs::read(changed);
        });
    }
}
