//! One contribution: δ times a secret, the C and H queries divided by it, and a proof that it was known.

use std::ops::RangeInclusive;

use ark_bn254::{Fr, G1Affine, G1Projective, G2Projective};
use ark_ec::AffineRepr;
use ark_ff::{Field, Zero};
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, Zeroizing};

use super::multiply::Digits;
use super::random_points::{RandomPoints, hash_to_g2};
use super::shared_scalar::SharedScalar;
use super::transcript::{Beacon, Contribution, Transcript};
use crate::engine::{Engine, EngineChoice, WithEngine};
use crate::error::{Code, Error, Result};
use crate::formats::container::{Format, Sections};
use crate::formats::zkey::{G1Bytes, Zkey, section};
use crate::formats::zkey_draft::HeaderField;
use crate::formats::zkey_points::{g1, g1_bytes, g2_bytes};
use crate::parallel::with_threads;
use crate::prove::{Cancel, random_scalar};

/// The bounds of snarkjs; verifiers repeat no more than 2^20.
const ITERATIONS_EXPONENTS: RangeInclusive<u8> = 10..=63;
/// All sections, in the order in which snarkjs writes them after a contribution.
const SECTIONS: [u32; 10] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

/// What a contribution's secret follows from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The operating system's randomness, which is overwritten after use.
    Fresh,
    /// Public randomness: it adds nothing secret, but its maker could not choose the result.
    Beacon(Beacon),
}

/// The secret and the point that its proof is about. The secret is overwritten when dropped.
struct Secret {
    factor: Fr,
    g1_s: G1Affine,
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.factor.zeroize();
    }
}

impl Secret {
    fn draw(origin: &Origin, cancel: Cancel<'_>) -> Result<Self> {
        let mut seed = Zeroizing::new([0; 32]);
        match origin {
            Origin::Fresh => getrandom::fill(&mut *seed)
                .map_err(|error| Error::new(Code::System, format!("no randomness: {error}")))?,
            Origin::Beacon(beacon) => *seed = iterate(beacon, cancel)?,
        }
        let mut random = RandomPoints::new(&seed);
        let from_beacon = random.scalar();
        let g1_s = random.g1();
        let factor = match origin {
            Origin::Fresh => random_scalar()?,
            Origin::Beacon(_) => from_beacon,
        };
        match factor.is_zero() {
            false => Ok(Self { factor, g1_s }),
            true => Err(Error::new(Code::System, "the randomness gives zero")),
        }
    }
}

/// SHA-256 as often as the beacon says.
fn iterate(beacon: &Beacon, cancel: Cancel<'_>) -> Result<[u8; 32]> {
    if !ITERATIONS_EXPONENTS.contains(&beacon.iterations_exponent)
        || beacon.hash.is_empty()
        || beacon.hash.len() > 255
    {
        return Err(Error::new(Code::System, "the beacon is out of bounds"));
    }
    let mut hash: [u8; 32] = Sha256::digest(&beacon.hash).into();
    for count in 1..1u64 << beacon.iterations_exponent {
        if count % (1 << 16) == 0 && cancel() {
            return Err(Error::new(Code::Cancelled, "cancelled"));
        }
        hash = Sha256::digest(hash).into();
    }
    Ok(hash)
}

/// Multiplying all points of a query, with any engine.
struct Divide<'a> {
    by: &'a SharedScalar,
    points: &'a mut [G1Bytes],
    threads: usize,
    cancel: Cancel<'a>,
}

impl WithEngine for Divide<'_> {
    type Output = Result<()>;

    fn run<E: Engine>(self, engine: E) -> Result<()> {
        with_threads(self.threads, || {
            self.by.multiply(engine, self.points, self.cancel)
        })
    }
}

/// Adds a contribution to a key, and returns the new file, as snarkjs writes it. The contributions that the key has are
/// not verified.
///
/// Every point that the secret multiplies is checked to be in its group first: the product of another would reveal a
/// part of the secret.
///
/// # Errors
/// `BadKey`; `Cancelled`; `System` when there is no randomness, or the name or beacon is out of bounds.
pub fn contribute(
    zkey: &[u8],
    name: &str,
    origin: &Origin,
    threads: usize,
    cancel: Cancel<'_>,
) -> Result<Vec<u8>> {
    if name.len() > 255 {
        return Err(Error::new(Code::System, "the name is too long"));
    }
    let key = Zkey::read(zkey)?;
    let header = key.header_points()?;
    for (query, points) in [("C", key.c), ("H", key.h)] {
        if let Some(i) = points.iter().position(|point| !g1(point).is_on_curve()) {
            let what = format_args!("{query} query: point {i} is not on the curve");
            return Err(Format::ZKEY.refuse(what));
        }
    }
    let sections = Sections::read(zkey, Format::ZKEY)?;
    let transcript = Transcript::read(sections.require(section::CONTRIBUTIONS, "contributions")?)?;
    // A development key has another δ and no contributions, and none can make it secure.
    let initial = g1_bytes(&G1Affine::generator());
    if transcript.last_delta().unwrap_or(&initial) != key.delta1 {
        return Err(Format::ZKEY.refuse("the contributions end in another delta"));
    }
    let secret = Secret::draw(origin, cancel)?;
    let times = Digits::of(&secret.factor);
    let delta1 = g1_bytes(&times.times::<G1Projective>(header.delta1));
    let delta2 = g2_bytes(&times.times::<G2Projective>(header.delta2));
    let g1_s = g1_bytes(&secret.g1_s);
    let g1_sx = g1_bytes(&times.times::<G1Projective>(secret.g1_s));
    let hash = transcript.next_hash(&g1_s, &g1_sx);
    let contribution = Contribution {
        delta_after: delta1,
        g1_s,
        g1_sx,
        g2_spx: g2_bytes(&times.times::<G2Projective>(hash_to_g2(&hash))),
        transcript: hash,
    };
    let mut inverse = secret.factor.inverse().expect("not zero");
    let divide = SharedScalar::of(&inverse);
    inverse.zeroize();

    let mut file = Vec::with_capacity(zkey.len() + 1024 + name.len());
    file.extend(Format::ZKEY.magic.as_bytes());
    file.extend(Format::ZKEY.version.to_le_bytes());
    file.extend((SECTIONS.len() as u32).to_le_bytes());
    for id in SECTIONS {
        let contents = sections.require(id, "key")?.take_all();
        file.extend(id.to_le_bytes());
        let length = file.len();
        file.extend((contents.len() as u64).to_le_bytes());
        let start = file.len();
        file.extend(contents);
        let copied = &mut file[start..];
        match id {
            section::HEADER => {
                HeaderField::DELTA1
                    .in_header(copied)
                    .copy_from_slice(&delta1);
                HeaderField::DELTA2
                    .in_header(copied)
                    .copy_from_slice(&delta2);
            }
            section::C | section::H => {
                let (points, _) = copied.as_chunks_mut::<{ size_of::<G1Bytes>() }>();
                EngineChoice::Auto.with(Divide {
                    by: &divide,
                    points,
                    threads,
                    cancel,
                })??;
            }
            section::CONTRIBUTIONS => {
                copied[64..68].copy_from_slice(&(transcript.count() + 1).to_le_bytes());
                let beacon = match origin {
                    Origin::Fresh => None,
                    Origin::Beacon(beacon) => Some(beacon),
                };
                contribution.write(name, beacon, &mut file);
                let grown = (file.len() - start) as u64;
                file[length..start].copy_from_slice(&grown.to_le_bytes());
            }
            _ => {}
        }
    }
    Ok(file)
}
