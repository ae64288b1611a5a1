//! Groth16 proofs and their coordinates.

use ark_bn254::{Fq, Fq2, G1Affine, G2Affine};
use ark_ec::AffineRepr;
use ark_ff::{BigInt, PrimeField};

use crate::points::Words;

/// A proof: A and C in G1, B in G2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof {
    /// π_A.
    pub a: G1Affine,
    /// π_B.
    pub b: G2Affine,
    /// π_C.
    pub c: G1Affine,
}

/// Coordinates in the order of snarkjs's JSON: A.x, A.y, B.x.c0, B.x.c1, B.y.c0, B.y.c1, C.x, C.y; plain, canonical.
pub type Coordinates = [Words; 8];

impl Proof {
    /// The proof's coordinates; `None` if a point is at infinity, which happens to an honest proof with probability
    /// about 2^-253.
    pub fn coordinates(&self) -> Option<Coordinates> {
        let ((ax, ay), (bx, by), (cx, cy)) = (self.a.xy()?, self.b.xy()?, self.c.xy()?);
        Some([ax, ay, bx.c0, bx.c1, by.c0, by.c1, cx, cy].map(|v| v.into_bigint().0))
    }

    /// Decodes an untrusted proof: `None` unless all coordinates are canonical and all points are on their curves, in
    /// the subgroup of prime order.
    pub fn from_coordinates(coordinates: &Coordinates) -> Option<Self> {
        let [ax, ay, bx0, bx1, by0, by1, cx, cy] = *coordinates;
        Some(Self {
            a: g1_from_coordinates([ax, ay])?,
            b: g2_from_coordinates([bx0, bx1, by0, by1])?,
            c: g1_from_coordinates([cx, cy])?,
        })
    }
}

/// The point with these coordinates: `None` unless they are canonical and it is on the curve, whose order is prime.
pub fn g1_from_coordinates(coordinates: [Words; 2]) -> Option<G1Affine> {
    let [x, y] = fields(coordinates)?;
    let point = G1Affine::new_unchecked(x, y);
    point.is_on_curve().then_some(point)
}

/// The point with these coordinates: `None` unless they are canonical and it is on the curve, in the subgroup of prime
/// order.
pub fn g2_from_coordinates(coordinates: [Words; 4]) -> Option<G2Affine> {
    let [x0, x1, y0, y1] = fields(coordinates)?;
    let point = G2Affine::new_unchecked(Fq2::new(x0, x1), Fq2::new(y0, y1));
    let sound = point.is_on_curve() && point.is_in_correct_subgroup_assuming_on_curve();
    sound.then_some(point)
}

fn fields<const N: usize>(coordinates: [Words; N]) -> Option<[Fq; N]> {
    let mut fields = [Fq::default(); N];
    for (field, words) in fields.iter_mut().zip(coordinates) {
        *field = Fq::from_bigint(BigInt(words))?;
    }
    Some(fields)
}
