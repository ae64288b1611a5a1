//! The folded C query, which allows the prover to skip the C polynomial: C is linear in the witness, so its part of the
//! proof can be one point per wire, computed with the key. Stored in our own file beside the `.zkey`:
//!
//! | bytes | |
//! |---|---|
//! | 16 | magic and version |
//! | 8 | number of wires |
//! | 32 | SHA-256 of the `.zkey` it belongs to |
//! | 32 | SHA-256 of the points |
//! | 40 | zero |
//! | 64 per wire | the points, in the `.zkey` format for G1 |
//!
//! The point of wire i is Kᵢ + Cᵢ(τ)·(τⁿ − 1)/(2δ), where Kᵢ is the C query's point, absent for public wires and the
//! constant. The second term replaces the contribution of c through the H query: the quotient's scalars are a·b − c at
//! the roots x of Xⁿ + 1, their bases are the Lagrange basis of the roots of X²ⁿ − 1 over δ, and
//! Σ c(x)·Lₓ(τ) = −(τⁿ − 1)/2 · c(τ) for every c of degree below n.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::ELEMENT_BYTES;
use super::zkey::{G1Bytes, is_canonical};
use crate::error::{Code, Error, Result};

const MAGIC: &[u8; 16] = b"quietproof-fold\x01";
const HEADER_BYTES: usize = 128;

/// Path of a key's folded C query: the key's path with `.fold` appended.
pub fn fold_path(zkey: &Path) -> PathBuf {
    let mut name = zkey.as_os_str().to_owned();
    name.push(".fold");
    name.into()
}

/// The file's content, from the points of all wires.
///
/// # Panics
/// When the length of `points` is not a multiple of a point's.
pub fn write_fold(zkey: &[u8], points: &[u8]) -> Vec<u8> {
    assert!(points.len().is_multiple_of(size_of::<G1Bytes>()));
    let mut file = Vec::with_capacity(HEADER_BYTES + points.len());
    file.extend(MAGIC);
    file.extend(((points.len() / size_of::<G1Bytes>()) as u64).to_le_bytes());
    file.extend(Sha256::digest(zkey));
    file.extend(Sha256::digest(points));
    file.resize(HEADER_BYTES, 0);
    file.extend(points);
    file
}

/// Reads the points, if they belong to this key. Only the maker of the key could check that they are correct; a proof
/// made with wrong ones does not verify.
///
/// # Errors
/// `BadKey` when the file is damaged or belongs to another key.
pub fn read_fold<'a>(
    bytes: &'a [u8],
    zkey_digest: &[u8; 32],
    n_wires: usize,
) -> Result<&'a [G1Bytes]> {
    let refuse = |what: &str| Err(Error::new(Code::BadKey, format!("folded C query: {what}")));
    let Some((header, points)) = bytes.split_first_chunk::<HEADER_BYTES>() else {
        return refuse("the header is cut short");
    };
    let expected = write_fold(&[], &[]);
    if header[..16] != *MAGIC || header[88..] != expected[88..] {
        return refuse("the file does not begin as one");
    }
    if header[24..24 + ELEMENT_BYTES] != *zkey_digest {
        return refuse("it belongs to another key");
    }
    let (points, excess) = points.as_chunks();
    let count = u64::from_le_bytes(*header[16..].first_chunk().expect("128 bytes"));
    if points.len() != n_wires || count != n_wires as u64 || !excess.is_empty() {
        return refuse("it has not one point for every wire");
    }
    if header[56..56 + ELEMENT_BYTES] != *Sha256::digest(points.as_flattened()) {
        return refuse("its points are damaged");
    }
    match points.iter().all(|point| is_canonical(point)) {
        true => Ok(points),
        false => refuse("a coordinate is not below the modulus"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn returns_the_points_for_the_right_key_only() {
        let points = [[1; 64], [2; 64]];
        let file = write_fold(b"key", points.as_flattened());
        let digest = Sha256::digest(b"key").into();
        assert_eq!(read_fold(&file, &digest, 2).unwrap(), points);
        assert!(read_fold(&file, &digest, 3).is_err());
        assert!(read_fold(&file, &Sha256::digest(b"other").into(), 2).is_err());
    }

    #[test]
    fn refuses_every_truncation_and_every_changed_byte() {
        let file = write_fold(b"key", &[1; 128]);
        let digest = Sha256::digest(b"key").into();
        for length in 0..file.len() {
            let error = read_fold(&file[..length], &digest, 2).unwrap_err();
            assert_eq!(error.code, Code::BadKey);
        }
        for at in 0..file.len() {
            let mut changed = file.clone();
            changed[at] ^= 0x10;
            assert!(read_fold(&changed, &digest, 2).is_err(), "byte {at}");
        }
    }
}
