//! Conversion of a `.zkey` to the prover's layout.

use bytemuck::cast_slice;

use super::layout::{Header, Layout, PART_COUNT, Part, Sha256Digest};
use crate::engine::{Domain, Engine};
use crate::error::{Code, Error, Result};
use crate::formats::zkey::{Side, Zkey};
use crate::formats::zkey_points::{g1, g2};
use crate::matrix::Matrix;
use crate::msm::fixed_base::{Shape, fill_multiples};
use crate::points::{G1, G2, Point};

/// The input of a conversion.
pub struct Conversion<'a> {
    /// The key.
    pub zkey: &'a Zkey<'a>,
    /// SHA-256 of the key's file.
    pub source: Sha256Digest,
    /// Maximum size of the multiples of the H query, in bytes.
    pub budget: u64,
    /// The points of the folded C query, one for every wire, if the C polynomial is folded into it.
    pub folded: Option<&'a [<G1 as Point>::Affine]>,
}

/// Converts a key for one engine.
///
/// # Errors
/// `BadKey` when B is infinite at different wires in G1 and in G2; `System` when there is not enough memory.
pub fn convert<E: Engine>(
    engine: E,
    domain: &E::Domain,
    conversion: &Conversion<'_>,
) -> Result<Layout> {
    let zkey = conversion.zkey;
    let shape = Shape::fitting(zkey.shape.domain_size(), conversion.budget);
    let mut parts = Parts::default();
    parts.put(Part::Verification, &verification_bytes(zkey));
    put_queries(engine, conversion, &mut parts)?;
    put_matrix(&Matrix::from_zkey(zkey, Side::A), Part::ARows, &mut parts);
    put_matrix(&Matrix::from_zkey(zkey, Side::B), Part::BRows, &mut parts);
    let mut layout = parts.into_layout(header::<E>(conversion, shape), shape)?;
    let multiples = layout.part_mut::<G1>(Part::HMultiples);
    for (multiple, j) in multiples.iter_mut().zip(domain.coset_order()) {
        *multiple = engine.pack(&g1(&zkey.h[j as usize]));
    }
    fill_multiples(engine, shape, multiples);
    layout.seal();
    Ok(layout)
}

fn header<E: Engine>(conversion: &Conversion<'_>, shape: Shape) -> Header {
    let sizes = conversion.zkey.shape;
    let mut header = Header::default();
    header.radix_bits = E::RADIX_BITS;
    header.folded = u32::from(conversion.folded.is_some());
    header.source = conversion.source;
    header.n_wires = sizes.n_wires as u64;
    header.n_public = sizes.n_public as u64;
    header.log_domain = sizes.log_domain;
    header.width = shape.width;
    header.groups = shape.groups;
    header
}

/// The bytes of every part except the multiples, which are computed in place.
#[derive(Default)]
struct Parts([Vec<u8>; PART_COUNT]);

impl Parts {
    fn put(&mut self, part: Part, bytes: &[u8]) {
        self.0[part as usize] = bytes.to_vec();
    }

    fn into_layout(self, header: Header, shape: Shape) -> Result<Layout> {
        let mut lengths = self.0.each_ref().map(Vec::len);
        lengths[Part::HMultiples as usize] = shape.bytes() as usize;
        let mut layout = Layout::allocate(header, lengths)?;
        for (part, bytes) in Part::ALL.into_iter().zip(self.0) {
            if !bytes.is_empty() {
                layout.part_mut::<u8>(part).copy_from_slice(&bytes);
            }
        }
        Ok(layout)
    }
}

fn put_queries<E: Engine>(engine: E, conversion: &Conversion<'_>, parts: &mut Parts) -> Result<()> {
    let zkey = conversion.zkey;
    let a = Query::<G1>::new(engine, 0, zkey.a.iter().map(g1));
    let b1 = Query::<G1>::new(engine, 0, zkey.b1.iter().map(g1));
    let b2 = Query::<G2>::new(engine, 0, zkey.b2.iter().map(g2));
    let c = match conversion.folded {
        Some(points) => Query::<G1>::new(engine, 0, points.iter().copied()),
        None => Query::<G1>::new(engine, zkey.shape.n_public + 1, zkey.c.iter().map(g1)),
    };
    if b1.wires != b2.wires {
        let message = "the B queries in G1 and G2 are infinite at different wires";
        return Err(Error::new(Code::BadKey, message));
    }
    parts.put(Part::AWires, cast_slice(&a.wires));
    parts.put(Part::APoints, cast_slice(&a.points));
    parts.put(Part::BWires, cast_slice(&b1.wires));
    parts.put(Part::B1Points, cast_slice(&b1.points));
    parts.put(Part::B2Points, cast_slice(&b2.points));
    parts.put(Part::CWires, cast_slice(&c.wires));
    parts.put(Part::CPoints, cast_slice(&c.points));
    Ok(())
}

/// A query without its points at infinity, which contribute nothing.
struct Query<P> {
    wires: Vec<u32>,
    points: Vec<P>,
}

impl<P: Point> Query<P> {
    /// From the points of consecutive wires starting at `first`.
    fn new<E: Engine>(engine: E, first: usize, points: impl Iterator<Item = P::Affine>) -> Self {
        let (wires, points) = (first as u32..)
            .zip(points.map(|point| engine.pack::<P>(&point)))
            .filter(|(_, point)| !point.is_infinity())
            .unzip();
        Self { wires, points }
    }
}

fn put_matrix(matrix: &Matrix<'_>, first: Part, parts: &mut Parts) {
    let [rows, terms, wide_terms, wide_values] = first.of_matrix();
    let content = matrix.parts();
    parts.put(rows, cast_slice(&content.row_start));
    parts.put(terms, cast_slice(&content.terms));
    parts.put(wide_terms, cast_slice(&content.wide_terms));
    parts.put(wide_values, cast_slice(&content.wide_values));
}

/// The points needed for verification and blinding, in the file's format.
fn verification_bytes(zkey: &Zkey<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for point in [zkey.alpha1, zkey.beta1, zkey.delta1] {
        bytes.extend_from_slice(point);
    }
    for point in [zkey.beta2, zkey.gamma2, zkey.delta2] {
        bytes.extend_from_slice(point);
    }
    bytes.extend_from_slice(zkey.ic.as_flattened());
    bytes
}
