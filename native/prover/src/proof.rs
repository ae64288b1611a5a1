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
        let mut fields = [Fq::default(); 8];
        for (field, words) in fields.iter_mut().zip(coordinates) {
            *field = Fq::from_bigint(BigInt(*words))?;
        }
        let [ax, ay, bx0, bx1, by0, by1, cx, cy] = fields;
        let a = G1Affine::new_unchecked(ax, ay);
        let b = G2Affine::new_unchecked(Fq2::new(bx0, bx1), Fq2::new(by0, by1));
        let c = G1Affine::new_unchecked(cx, cy);
        let sound = a.is_on_curve()
            && b.is_on_curve()
            && c.is_on_curve()
            && b.is_in_correct_subgroup_assuming_on_curve();
        sound.then_some(Self { a, b, c })
    }
}
