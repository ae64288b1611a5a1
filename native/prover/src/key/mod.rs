//! The proving key in the prover's layout, and its cache on disk.
//!
//! - [`layout`]: the buffer, its parts, and typed views of them
//! - [`convert`]: conversion from a `.zkey`
//! - [`cache`]: the buffer as a file beside the key, memory-mapped by every process that uses the key

pub mod cache;
pub mod convert;
pub mod layout;

use self::layout::{Layout, Part};
use crate::formats::zkey::{G1Bytes, G2Bytes};
use crate::formats::zkey_points::{HeaderPoints, g1, g2};

/// The points needed for verification and blinding. They were checked when the layout was created.
pub fn verification_points(layout: &Layout) -> HeaderPoints {
    let bytes: &[u8] = layout.part(Part::Verification);
    let (in_g1, rest) = bytes.split_at(3 * size_of::<G1Bytes>());
    let (in_g2, ic) = rest.split_at(3 * size_of::<G2Bytes>());
    let [alpha1, beta1, delta1] = points(in_g1, g1);
    let [beta2, gamma2, delta2] = points(in_g2, g2);
    let ic = ic.as_chunks().0.iter().map(g1).collect();
    HeaderPoints {
        alpha1,
        beta1,
        delta1,
        beta2,
        gamma2,
        delta2,
        ic,
    }
}

fn points<P, const BYTES: usize, const N: usize>(
    bytes: &[u8],
    decode: fn(&[u8; BYTES]) -> P,
) -> [P; N] {
    let (points, _) = bytes.as_chunks();
    std::array::from_fn(|i| decode(&points[i]))
}
