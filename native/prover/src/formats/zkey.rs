//! Groth16 proving keys, version 1 of the format, as snarkjs 0.7 reads and writes them. Points are affine,
//! coordinates little-endian in Montgomery form (times 2^256), all zeros for the point at infinity.

use ark_bn254::{Fq, Fr};
use ark_ff::PrimeField;

use super::ELEMENT_BYTES;
use super::container::{Format, Reader, Sections, less, words};
use crate::error::Result;
use crate::points::Words;

/// A point of G1 in the file's format: x, y.
pub type G1Bytes = [u8; 2 * ELEMENT_BYTES];
/// A point of G2 in the file's format: x.c0, x.c1, y.c0, y.c1.
pub type G2Bytes = [u8; 4 * ELEMENT_BYTES];
/// Bytes per record of section 4: matrix, constraint, wire (u32 each), value · 2^512 mod r.
pub(super) const COEFFICIENT_BYTES: usize = 12 + ELEMENT_BYTES;

/// Section numbers.
pub mod section {
    /// The proof system.
    pub const PROTOCOL: u32 = 1;
    /// Sizes, and the points that verifiers need.
    pub const HEADER: u32 = 2;
    /// The public query.
    pub const IC: u32 = 3;
    /// The entries of A and B.
    pub const COEFFICIENTS: u32 = 4;
    /// The A query.
    pub const A: u32 = 5;
    /// The B query in G1.
    pub const B1: u32 = 6;
    /// The B query in G2.
    pub const B2: u32 = 7;
    /// The private query.
    pub const C: u32 = 8;
    /// The quotient's query.
    pub const H: u32 = 9;
    /// The digest of the initial key, and its contributions.
    pub const CONTRIBUTIONS: u32 = 10;
}

/// Protocol number of Groth16 in section 1.
pub(super) const GROTH16: u32 = 1;
/// The scalar field has 2^28-th roots of unity, and the odd coset needs one factor of two.
pub const MAX_LOG_DOMAIN: u32 = 27;

/// The numbers that determine the size of every section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Number of wires, including the constant one; below 2^32.
    pub n_wires: usize,
    /// Number of public signals, without the constant wire; less than `n_wires`.
    pub n_public: usize,
    /// Binary logarithm of the evaluation domain.
    pub log_domain: u32,
}

impl Shape {
    /// Size of the evaluation domain, which is also the number of rows.
    pub fn domain_size(&self) -> usize {
        1 << self.log_domain
    }
}

/// A proving key, as views of its file. Counts and ranges have been checked and, by [`Zkey::read`], coordinates, but not
/// that points are on their curve (see [`super::zkey_points`]).
pub struct Zkey<'a> {
    /// The key's sizes.
    pub shape: Shape,
    /// α in G1.
    pub alpha1: &'a G1Bytes,
    /// β in G1.
    pub beta1: &'a G1Bytes,
    /// β in G2.
    pub beta2: &'a G2Bytes,
    /// γ in G2.
    pub gamma2: &'a G2Bytes,
    /// δ in G1.
    pub delta1: &'a G1Bytes,
    /// δ in G2.
    pub delta2: &'a G2Bytes,
    /// The public query, `n_public + 1` points.
    pub ic: &'a [G1Bytes],
    /// A of every wire.
    pub a: &'a [G1Bytes],
    /// B of every wire.
    pub b1: &'a [G1Bytes],
    /// B of every wire, in G2.
    pub b2: &'a [G2Bytes],
    /// The private query: the wires after the public ones.
    pub c: &'a [G1Bytes],
    /// The Lagrange basis of the odd coset, over δ.
    pub h: &'a [G1Bytes],
    coefficients: &'a [[u8; COEFFICIENT_BYTES]],
}

/// Which matrix a coefficient belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// A.
    A = 0,
    /// B.
    B = 1,
}

/// One entry of A or B.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coefficient {
    /// The matrix.
    pub side: Side,
    /// The row, below the domain's size.
    pub row: u32,
    /// The column.
    pub wire: u32,
    /// Value · 2^512 mod r, canonical.
    pub value: Words,
}

impl<'a> Zkey<'a> {
    /// Reads a key, and checks its structure, counts and ranges, and that every coordinate is below the modulus.
    ///
    /// # Errors
    /// `BadKey`.
    pub fn read(bytes: &'a [u8]) -> Result<Self> {
        let key = Self::read_layout(bytes)?;
        key.check_coordinates()?;
        Ok(key)
    }

    /// Reads a key, and checks everything but the coordinates of its points.
    ///
    /// # Errors
    /// `BadKey`.
    pub fn read_layout(bytes: &'a [u8]) -> Result<Self> {
        let sections = Sections::read(bytes, Format::ZKEY)?;
        let mut protocol = sections.require(section::PROTOCOL, "protocol")?;
        if protocol.u32()? != GROTH16 {
            return Err(protocol.refuse("the key is not a Groth16 key"));
        }
        protocol.end()?;
        let mut header = sections.require(section::HEADER, "header")?;
        let shape = read_shape(&mut header)?;
        let key = Self {
            shape,
            alpha1: header.array()?,
            beta1: header.array()?,
            beta2: header.array()?,
            gamma2: header.array()?,
            delta1: header.array()?,
            delta2: header.array()?,
            ic: points(&sections, section::IC, "public query", shape.n_public + 1)?,
            a: points(&sections, section::A, "A query", shape.n_wires)?,
            b1: points(&sections, section::B1, "B1 query", shape.n_wires)?,
            b2: points(&sections, section::B2, "B2 query", shape.n_wires)?,
            c: points(
                &sections,
                section::C,
                "C query",
                shape.n_wires - shape.n_public - 1,
            )?,
            h: points(&sections, section::H, "H query", shape.domain_size())?,
            coefficients: read_coefficients(&sections, &shape)?,
        };
        header.end()?;
        Ok(key)
    }

    /// The entries of A and B, in the file's order. A position may occur more than once; its values add up.
    pub fn coefficients(&self) -> impl ExactSizeIterator<Item = Coefficient> + Clone + use<'a> {
        self.coefficients.iter().map(decode)
    }

    fn check_coordinates(&self) -> Result<()> {
        let g1 = [self.alpha1, self.beta1, self.delta1].map(<[u8; 64]>::as_slice);
        let g2 = [self.beta2, self.gamma2, self.delta2].map(<[u8; 128]>::as_slice);
        if !g1.iter().chain(&g2).all(|point| is_canonical(point)) {
            return Err(Format::ZKEY.refuse("header: a coordinate is not below the modulus"));
        }
        check_query("public query", self.ic)?;
        check_query("A query", self.a)?;
        check_query("B1 query", self.b1)?;
        check_query("B2 query", self.b2)?;
        check_query("C query", self.c)?;
        check_query("H query", self.h)
    }
}

fn read_shape(header: &mut Reader<'_>) -> Result<Shape> {
    header.modulus(Fq::MODULUS.0)?;
    header.modulus(Fr::MODULUS.0)?;
    let [n_wires, n_public, domain] = [header.u32()?, header.u32()?, header.u32()?];
    if n_public >= n_wires {
        return Err(header.refuse("there are more public signals than wires"));
    }
    if !domain.is_power_of_two() || domain.ilog2() > MAX_LOG_DOMAIN {
        return Err(header.refuse(format_args!("a domain of {domain} is impossible")));
    }
    Ok(Shape {
        n_wires: n_wires as usize,
        n_public: n_public as usize,
        log_domain: domain.ilog2(),
    })
}

fn points<'a, const N: usize>(
    sections: &Sections<'a>,
    id: u32,
    name: &'static str,
    count: usize,
) -> Result<&'a [[u8; N]]> {
    sections.require(id, name)?.records::<N>(count)
}

fn check_query<const N: usize>(name: &str, points: &[[u8; N]]) -> Result<()> {
    match points.iter().position(|point| !is_canonical(point)) {
        None => Ok(()),
        Some(i) => {
            let what = format_args!("{name}: point {i}: a coordinate is not below the modulus");
            Err(Format::ZKEY.refuse(what))
        }
    }
}

/// Whether every coordinate of a point in the file's format is below the modulus.
pub fn is_canonical(coordinates: &[u8]) -> bool {
    let (coordinates, _) = coordinates.as_chunks();
    coordinates
        .iter()
        .all(|coordinate| less(&words(coordinate), &Fq::MODULUS.0))
}

fn read_coefficients<'a>(
    sections: &Sections<'a>,
    shape: &Shape,
) -> Result<&'a [[u8; COEFFICIENT_BYTES]]> {
    let mut section = sections.require(section::COEFFICIENTS, "coefficients")?;
    let count = section.u32()? as usize;
    let records = section.clone().records(count)?;
    let in_range = |record: &[u8; COEFFICIENT_BYTES]| {
        let Coefficient {
            row, wire, value, ..
        } = decode(record);
        matrix_number(record) <= 1
            && (row as usize) < shape.domain_size()
            && (wire as usize) < shape.n_wires
            && less(&value, &Fr::MODULUS.0)
    };
    match records.iter().position(|record| !in_range(record)) {
        None => Ok(records),
        Some(i) => Err(section.refuse(format_args!("record {i} is out of range"))),
    }
}

fn matrix_number(record: &[u8; COEFFICIENT_BYTES]) -> u32 {
    u32_at(record, 0)
}

fn u32_at(record: &[u8; COEFFICIENT_BYTES], at: usize) -> u32 {
    u32::from_le_bytes([record[at], record[at + 1], record[at + 2], record[at + 3]])
}

fn decode(record: &[u8; COEFFICIENT_BYTES]) -> Coefficient {
    let value = record
        .last_chunk::<ELEMENT_BYTES>()
        .expect("the record ends with it");
    Coefficient {
        side: match matrix_number(record) {
            0 => Side::A,
            _ => Side::B,
        },
        row: u32_at(record, 4),
        wire: u32_at(record, 8),
        value: words(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;
    use crate::formats::samples::every_mutation;
    use crate::formats::zkey_draft::{HeaderField, Query, ZkeyDraft};

    const SHAPE: Shape = Shape {
        n_wires: 5,
        n_public: 2,
        log_domain: 2,
    };
    const ENTRIES: [(u32, u32, u32, Words); 2] = [(1, 3, 4, [5, 6, 7, 8]), (0, 0, 0, [9, 0, 0, 1])];

    fn key() -> Vec<u8> {
        key_with(SHAPE, &ENTRIES, |_| {})
    }

    fn key_with(
        shape: Shape,
        entries: &[(u32, u32, u32, Words)],
        change: impl FnOnce(&mut ZkeyDraft),
    ) -> Vec<u8> {
        let mut draft = ZkeyDraft::new(&shape, entries.len() as u32);
        draft.write_coefficients(entries.iter().copied());
        draft.header(HeaderField::DELTA2).fill(1);
        draft.query(Query::B2)[4 * 128..].fill(2);
        draft.query(Query::H)[3 * 64..].fill(3);
        change(&mut draft);
        draft.finish(|_| [0; 64])
    }

    fn error(bytes: &[u8]) -> String {
        let error = Zkey::read(bytes).err().expect("refused");
        assert_eq!(error.code, Code::BadKey);
        error.message
    }

    #[test]
    fn reads_what_the_file_contains() {
        let file = key();
        let key = Zkey::read(&file).unwrap();
        assert_eq!(key.shape, SHAPE);
        assert_eq!(key.delta2, &[1; 128]);
        assert_eq!(key.gamma2, &[0; 128]);
        assert_eq!((key.ic.len(), key.c.len(), key.a.len()), (3, 2, 5));
        assert_eq!(key.b2[4], [2; 128]);
        assert_eq!(key.h[3], [3; 64]);
        let found: Vec<_> = key
            .coefficients()
            .map(|entry| (entry.side as u32, entry.row, entry.wire, entry.value))
            .collect();
        assert_eq!(found, ENTRIES);
    }

    #[test]
    fn refuses_what_is_out_of_range() {
        let with_entry = |entry| error(&key_with(SHAPE, &[entry], |_| {}));
        for entry in [
            (2, 0, 0, [0; 4]),
            (0, 4, 0, [0; 4]),
            (0, 0, 5, [0; 4]),
            (0, 0, 0, Fr::MODULUS.0),
        ] {
            assert!(with_entry(entry).contains("record 0"));
        }
        let shape = |n_public, log_domain| Shape {
            n_wires: 3,
            n_public,
            log_domain,
        };
        let mut no_wires = key();
        no_wires[28 + 12 + 76..][..4].copy_from_slice(&5u32.to_le_bytes());
        assert!(error(&no_wires).contains("more public"));
        let mut odd = key();
        odd[28 + 12 + 80..][..4].copy_from_slice(&6u32.to_le_bytes());
        assert!(error(&odd).contains("domain of 6"));
        assert!(Zkey::read(&key_with_shape(shape(2, 0))).is_ok());
    }

    fn key_with_shape(shape: Shape) -> Vec<u8> {
        ZkeyDraft::new(&shape, 0).finish(|_| [0; 64])
    }

    #[test]
    fn refuses_coordinates_that_are_not_canonical() {
        let in_query = key_with(SHAPE, &ENTRIES, |draft| {
            draft.query(Query::C)[64..].fill(0xff)
        });
        assert!(error(&in_query).contains("C query: point 1"));
        let in_header = key_with(SHAPE, &ENTRIES, |draft| {
            draft.header(HeaderField::BETA1)[32..].fill(0xff);
        });
        assert!(error(&in_header).contains("header"));
    }

    #[test]
    fn refuses_every_truncation() {
        let file = key();
        for length in 0..file.len() {
            error(&file[..length]);
        }
    }

    #[test]
    fn never_panics_on_changed_bytes() {
        every_mutation(&key(), |changed| {
            if let Ok(key) = Zkey::read(changed) {
                let _ = key.header_points();
                assert!(key.coefficients().len() <= 2);
            }
        });
    }
}
