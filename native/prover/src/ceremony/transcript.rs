//! Section 10 of a key: the digest of its initial state, and its contributions (SPEC.md, section 21).

use ark_bn254::Fq;
use ark_ff::{BigInt, PrimeField};
use blake2::{Blake2b512, Digest};

use crate::error::Result;
use crate::formats::ELEMENT_BYTES;
use crate::formats::container::{Reader, words};
use crate::formats::zkey::{G1Bytes, G2Bytes};

/// Tags of a contribution's parameters.
const NAME: u8 = 1;
const ITERATIONS: u8 = 2;
const BEACON: u8 = 3;
/// A key has a handful; the limit keeps a corrupt count from costing time.
const MAX_CONTRIBUTIONS: u32 = 100_000;

/// The points of one contribution, in the file's format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contribution {
    /// δ in G1, after it.
    pub delta_after: G1Bytes,
    /// A random point.
    pub g1_s: G1Bytes,
    /// The secret times `g1_s`.
    pub g1_sx: G1Bytes,
    /// The secret times the point that follows from `transcript`.
    pub g2_spx: G2Bytes,
    /// Digest of everything before it, `g1_s` and `g1_sx`.
    pub transcript: [u8; 64],
}

/// Public randomness that a beacon's secret follows from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beacon {
    /// The bytes.
    pub hash: Vec<u8>,
    /// Binary logarithm of the number of times that they are hashed.
    pub iterations_exponent: u8,
}

/// A running digest of a transcript, and the number of its contributions.
pub struct Transcript {
    hasher: Blake2b512,
    count: u32,
    last_delta: Option<G1Bytes>,
}

impl Transcript {
    /// Reads section 10.
    ///
    /// # Errors
    /// `BadKey`.
    pub fn read(mut section: Reader<'_>) -> Result<Self> {
        let circuit_hash: &[u8; 64] = section.array()?;
        let count = section.u32()?;
        if count >= MAX_CONTRIBUTIONS {
            return Err(section.refuse(format_args!("{count} contributions make no sense")));
        }
        let mut transcript = Self {
            hasher: Blake2b512::new().chain_update(circuit_hash),
            count,
            last_delta: None,
        };
        for _ in 0..count {
            let contribution = Contribution {
                delta_after: *section.array()?,
                g1_s: *section.array()?,
                g1_sx: *section.array()?,
                g2_spx: *section.array()?,
                transcript: *section.array()?,
            };
            section.u32()?;
            let parameters = section.u32()?;
            section.take(u64::from(parameters))?;
            contribution.hash_into(&mut transcript.hasher);
            transcript.last_delta = Some(contribution.delta_after);
        }
        section.end()?;
        Ok(transcript)
    }

    /// Number of contributions.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// δ in G1 after the last contribution, if there is one.
    pub fn last_delta(&self) -> Option<&G1Bytes> {
        self.last_delta.as_ref()
    }

    /// The digest that the next contribution contains.
    pub fn next_hash(&self, g1_s: &G1Bytes, g1_sx: &G1Bytes) -> [u8; 64] {
        let mut hasher = self.hasher.clone();
        hash_point(&mut hasher, g1_s);
        hash_point(&mut hasher, g1_sx);
        hasher.finalize().into()
    }
}

impl Contribution {
    fn hash_into(&self, hasher: &mut Blake2b512) {
        for point in [&self.delta_after, &self.g1_s, &self.g1_sx] {
            hash_point(hasher, point);
        }
        hash_point(hasher, &self.g2_spx);
        hasher.update(self.transcript);
    }

    /// Appends it to section 10, with its name and, for a beacon, what it follows from.
    ///
    /// # Panics
    /// When the name or the beacon is longer than 255 bytes.
    pub fn write(&self, name: &str, beacon: Option<&Beacon>, out: &mut Vec<u8>) {
        for point in [&self.delta_after, &self.g1_s, &self.g1_sx] {
            out.extend(point);
        }
        out.extend(self.g2_spx);
        out.extend(self.transcript);
        let mut parameters = Vec::new();
        let mut tagged = |tag, bytes: &[u8]| {
            parameters.extend([tag, u8::try_from(bytes.len()).expect("short")]);
            parameters.extend(bytes);
        };
        if !name.is_empty() {
            tagged(NAME, name.as_bytes());
        }
        if let Some(beacon) = beacon {
            parameters.extend([ITERATIONS, beacon.iterations_exponent]);
            let length = u8::try_from(beacon.hash.len()).expect("short");
            parameters.extend([BEACON, length]);
            parameters.extend(&beacon.hash);
        }
        out.extend(u32::from(beacon.is_some()).to_le_bytes());
        out.extend((parameters.len() as u32).to_le_bytes());
        out.extend(parameters);
    }
}

/// Transcripts hash coordinates as big-endian numbers, with the u part of each first: the pairs of an x or a y in G2
/// are reversed, since the file has the other part first.
pub(super) fn hash_point(hasher: &mut Blake2b512, point: &[u8]) {
    let (coordinates, _) = point.as_chunks::<ELEMENT_BYTES>();
    for coordinate in coordinates.chunks(coordinates.len() / 2) {
        for element in coordinate.iter().rev() {
            let plain = Fq::new_unchecked(BigInt(words(element))).into_bigint().0;
            for word in plain.iter().rev() {
                hasher.update(word.to_be_bytes());
            }
        }
    }
}
