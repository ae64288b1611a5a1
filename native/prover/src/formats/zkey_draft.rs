//! A new key file of the right size, complete except for points, coefficients and transcript. Sections are in the order
//! in which snarkjs writes them.

use std::ops::Range;

use ark_bn254::{Fq, Fr};
use ark_ff::PrimeField;

use super::ELEMENT_BYTES;
use super::container::Format;
use super::zkey::{COEFFICIENT_BYTES, GROTH16, Shape, section};
use crate::points::Words;

const G1_BYTES: usize = 2 * ELEMENT_BYTES;
const G2_BYTES: usize = 4 * ELEMENT_BYTES;
/// A digest, and a contribution count of 0.
const TRANSCRIPT_BYTES: usize = 64 + 4;

/// Offset of a header point in section 2, and its length.
#[derive(Clone, Copy, Debug)]
pub struct HeaderField(usize, usize);

impl HeaderField {
    /// α in G1.
    pub const ALPHA1: Self = Self(84, G1_BYTES);
    /// β in G1.
    pub const BETA1: Self = Self(84 + G1_BYTES, G1_BYTES);
    /// β in G2.
    pub const BETA2: Self = Self(84 + 2 * G1_BYTES, G2_BYTES);
    /// γ in G2.
    pub const GAMMA2: Self = Self(84 + 2 * G1_BYTES + G2_BYTES, G2_BYTES);
    /// δ in G1.
    pub const DELTA1: Self = Self(84 + 2 * G1_BYTES + 2 * G2_BYTES, G1_BYTES);
    /// δ in G2.
    pub const DELTA2: Self = Self(84 + 3 * G1_BYTES + 2 * G2_BYTES, G2_BYTES);
}

impl HeaderField {
    /// Its bytes in section 2.
    pub fn in_header(self, header: &mut [u8]) -> &mut [u8] {
        &mut header[self.0..self.0 + self.1]
    }
}

const HEADER_BYTES: usize = 84 + 3 * G1_BYTES + 3 * G2_BYTES;

/// A key under construction.
pub struct ZkeyDraft {
    file: Vec<u8>,
    starts: Vec<(u32, Range<usize>)>,
}

impl ZkeyDraft {
    /// A draft with all points at infinity and all coefficients zero.
    pub fn new(shape: &Shape, n_coefficients: u32) -> Self {
        let n_private = shape.n_wires - shape.n_public - 1;
        let coefficients = 4 + n_coefficients as usize * COEFFICIENT_BYTES;
        let mut draft = Self::allocate(&[
            (section::PROTOCOL, 4),
            (section::HEADER, HEADER_BYTES),
            (section::COEFFICIENTS, coefficients),
            (section::IC, (shape.n_public + 1) * G1_BYTES),
            (section::H, shape.domain_size() * G1_BYTES),
            (section::C, n_private * G1_BYTES),
            (section::A, shape.n_wires * G1_BYTES),
            (section::B1, shape.n_wires * G1_BYTES),
            (section::B2, shape.n_wires * G2_BYTES),
            (section::CONTRIBUTIONS, TRANSCRIPT_BYTES),
        ]);
        draft.section(section::PROTOCOL)[0] = GROTH16 as u8;
        draft.section(section::COEFFICIENTS)[..4].copy_from_slice(&n_coefficients.to_le_bytes());
        let header = draft.section(section::HEADER);
        write_modulus(&mut header[..36], Fq::MODULUS.0);
        write_modulus(&mut header[36..72], Fr::MODULUS.0);
        let sizes = [shape.n_wires, shape.n_public, shape.domain_size()];
        for (out, size) in header[72..84].as_chunks_mut().0.iter_mut().zip(sizes) {
            *out = (size as u32).to_le_bytes();
        }
        draft
    }

    fn allocate(sizes: &[(u32, usize)]) -> Self {
        let total = sizes.iter().map(|(_, bytes)| 12 + bytes).sum::<usize>();
        let mut file = Vec::with_capacity(12 + total);
        file.extend(Format::ZKEY.magic.as_bytes());
        file.extend(Format::ZKEY.version.to_le_bytes());
        file.extend((sizes.len() as u32).to_le_bytes());
        let mut starts = Vec::new();
        for (id, bytes) in sizes {
            file.extend(id.to_le_bytes());
            file.extend((*bytes as u64).to_le_bytes());
            starts.push((*id, file.len()..file.len() + bytes));
            file.resize(file.len() + bytes, 0);
        }
        Self { file, starts }
    }

    fn section(&mut self, id: u32) -> &mut [u8] {
        let found = self.starts.iter().find(|section| section.0 == id);
        let range = found.expect("a section of the draft").1.clone();
        &mut self.file[range]
    }

    /// The bytes of a header point.
    pub fn header(&mut self, field: HeaderField) -> &mut [u8] {
        field.in_header(self.section(section::HEADER))
    }

    /// The bytes of a query's points.
    pub fn query(&mut self, query: Query) -> &mut [u8] {
        self.section(match query {
            Query::Ic => section::IC,
            Query::A => section::A,
            Query::B1 => section::B1,
            Query::B2 => section::B2,
            Query::C => section::C,
            Query::H => section::H,
        })
    }

    /// Writes the entries of A and B: (matrix, row, wire, value · 2^512 mod r).
    ///
    /// # Panics
    /// When their number differs from that given to [`ZkeyDraft::new`].
    pub fn write_coefficients(
        &mut self,
        entries: impl ExactSizeIterator<Item = (u32, u32, u32, Words)>,
    ) {
        let (records, _) = self.section(section::COEFFICIENTS)[4..].as_chunks_mut();
        assert_eq!(records.len(), entries.len());
        for (record, (matrix, row, wire, value)) in records.iter_mut().zip(entries) {
            let record: &mut [u8; COEFFICIENT_BYTES] = record;
            record[..4].copy_from_slice(&matrix.to_le_bytes());
            record[4..8].copy_from_slice(&row.to_le_bytes());
            record[8..12].copy_from_slice(&wire.to_le_bytes());
            for (out, word) in record[12..].as_chunks_mut().0.iter_mut().zip(value) {
                *out = word.to_le_bytes();
            }
        }
    }

    /// Completes the key with a digest of its content so far, and returns the file.
    pub fn finish(mut self, digest: impl FnOnce(&[u8]) -> [u8; 64]) -> Vec<u8> {
        let digest = digest(&self.file);
        self.section(section::CONTRIBUTIONS)[..64].copy_from_slice(&digest);
        self.file
    }
}

/// A query of the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Query {
    /// Public wires.
    Ic,
    /// A.
    A,
    /// B in G1.
    B1,
    /// B in G2.
    B2,
    /// Private wires.
    C,
    /// The quotient.
    H,
}

fn write_modulus(out: &mut [u8], modulus: Words) {
    out[..4].copy_from_slice(&(ELEMENT_BYTES as u32).to_le_bytes());
    for (out, word) in out[4..].as_chunks_mut().0.iter_mut().zip(modulus) {
        *out = word.to_le_bytes();
    }
}
