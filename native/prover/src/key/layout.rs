//! One buffer that holds everything a proof needs, in the form that the hot loops use. As a file, it is mapped and used
//! without decoding.
//!
//! It begins with a header (digests, sizes, table of parts), followed by the parts, each aligned to 64 bytes (a cache
//! line, and a point of G1). Numbers are little-endian, like all supported processors.

use std::ops::Range;

use bytemuck::{Pod, Zeroable};
use memmap2::Mmap;
use sha2::{Digest, Sha256};

use crate::error::{Code, Error, Result};
use crate::msm::fixed_base::Shape;

/// Changes with every change of the format.
const MAGIC: [u8; 8] = *b"qpkey\0\0\x01";

/// A SHA-256 digest.
pub type Sha256Digest = [u8; 32];

/// The parts of the buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// α1, β1, δ1 (64 bytes each), β2, γ2, δ2 (128 each), then the IC points: bytes as in the `.zkey`.
    Verification,
    /// Wires of the A query (u32). All queries omit points at infinity.
    AWires,
    /// Their points (G1).
    APoints,
    /// Wires of the B queries (u32).
    BWires,
    /// Their points in G1.
    B1Points,
    /// Their points in G2.
    B2Points,
    /// Wires of the C query (u32).
    CWires,
    /// Their points (G1).
    CPoints,
    /// The stored multiples of the H query (G1), see [`Shape`].
    HMultiples,
    /// Matrix A, see [`crate::matrix::Parts`]: row starts (u32).
    ARows,
    /// Its integer terms.
    ATerms,
    /// Its other terms.
    AWideTerms,
    /// Their values.
    AWideValues,
    /// Matrix B: row starts (u32).
    BRows,
    /// Its integer terms.
    BTerms,
    /// Its other terms.
    BWideTerms,
    /// Their values.
    BWideValues,
}

impl Part {
    /// All of them, in order.
    pub const ALL: [Self; PART_COUNT] = [
        Self::Verification,
        Self::AWires,
        Self::APoints,
        Self::BWires,
        Self::B1Points,
        Self::B2Points,
        Self::CWires,
        Self::CPoints,
        Self::HMultiples,
        Self::ARows,
        Self::ATerms,
        Self::AWideTerms,
        Self::AWideValues,
        Self::BRows,
        Self::BTerms,
        Self::BWideTerms,
        Self::BWideValues,
    ];

    /// The parts of a matrix, given the part with its row starts.
    pub fn of_matrix(self) -> [Self; 4] {
        let first = self as usize;
        std::array::from_fn(|i| Self::ALL[first + i])
    }
}

/// Number of parts.
pub const PART_COUNT: usize = Part::BWideValues as usize + 1;

/// The header of the buffer.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C, align(64))]
pub struct Header {
    magic: [u8; 8],
    /// Binary logarithm of the Montgomery radix of all points, which depends on the engine.
    pub radix_bits: u32,
    /// 1 when the C polynomial is folded into the C query.
    pub folded: u32,
    /// SHA-256 of the `.zkey` from which this was made.
    pub source: Sha256Digest,
    /// SHA-256 of everything after the header, and of the header with this field zero.
    content: Sha256Digest,
    /// Number of wires, including the constant one.
    pub n_wires: u64,
    /// Number of public signals, without the constant wire.
    pub n_public: u64,
    /// Binary logarithm of the domain.
    pub log_domain: u32,
    /// Bits per digit of the H query's scalars.
    pub width: u32,
    /// Number of separate sums of the H query.
    pub groups: u32,
    reserved: u32,
    /// Start and length of every part, in bytes from the start of the buffer.
    parts: [[u64; 2]; PART_COUNT],
}

impl Default for Header {
    /// A header without parts.
    fn default() -> Self {
        let mut header = Self::zeroed();
        header.magic = MAGIC;
        header
    }
}

impl Header {
    fn parts_are_within(&self, length: usize) -> bool {
        self.parts.iter().all(|&[start, bytes]| {
            start % 64 == 0
                && start
                    .checked_add(bytes)
                    .is_some_and(|end| end <= length as u64)
        })
    }

    /// SHA-256 of the buffer, as [`Layout::seal`] computed it.
    pub fn content(&self) -> Sha256Digest {
        self.content
    }

    /// The shape of the H query's table.
    pub fn h_shape(&self) -> Shape {
        Shape {
            points: 1 << self.log_domain,
            width: self.width,
            groups: self.groups,
        }
    }
}

/// 64 bytes, aligned to 64.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C, align(64))]
pub struct CacheLine([u8; 64]);

/// The buffer's memory.
enum Backing {
    Memory(Vec<CacheLine>),
    Mapped(Mmap),
}

/// The buffer.
pub struct Layout {
    header: Header,
    backing: Backing,
}

impl Layout {
    /// A buffer in memory with room for parts of these lengths in bytes, all zero.
    ///
    /// # Errors
    /// [`Code::System`] when there is not that much memory.
    pub fn allocate(mut header: Header, lengths: [usize; PART_COUNT]) -> Result<Self> {
        let mut at = size_of::<Header>();
        for (part, length) in header.parts.iter_mut().zip(lengths) {
            *part = [at as u64, length as u64];
            at += length.next_multiple_of(64);
        }
        let mut lines = Vec::new();
        lines
            .try_reserve_exact(at / 64)
            .map_err(|_| Error::new(Code::System, format!("no memory for a key of {at} bytes")))?;
        lines.resize(at / 64, CacheLine::zeroed());
        Ok(Self {
            header,
            backing: Backing::Memory(lines),
        })
    }

    /// Wraps a mapped file. `Err` says why it is not an intact buffer made from this `.zkey`.
    ///
    /// A file whose header has the digest `known` is not hashed: the caller hashed it before, and it has not changed since.
    pub fn from_map(
        map: Mmap,
        source: &Sha256Digest,
        known: Option<&Sha256Digest>,
    ) -> std::result::Result<Self, &'static str> {
        let header: Header = match map.get(..size_of::<Header>()) {
            Some(bytes) => bytemuck::pod_read_unaligned(bytes),
            None => return Err("it is shorter than a header"),
        };
        if header.magic != MAGIC {
            return Err("it is of another version");
        }
        if header.source != *source {
            return Err("it was made from another key");
        }
        let is_known = known == Some(&header.content);
        if !is_known && content_digest(&header, &map[size_of::<Header>()..]) != header.content {
            return Err("it is damaged");
        }
        if !header.parts_are_within(map.len()) {
            return Err("its parts do not fit into it");
        }
        Ok(Self {
            header,
            backing: Backing::Mapped(map),
        })
    }

    /// Writes the digest into the header and the header into the buffer, after all parts have been filled.
    pub fn seal(&mut self) {
        self.header.content = [0; 32];
        self.header.content = content_digest(&self.header, &self.bytes()[size_of::<Header>()..]);
        let header = self.header;
        self.bytes_mut()[..size_of::<Header>()].copy_from_slice(bytemuck::bytes_of(&header));
    }

    /// The header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The whole buffer.
    pub fn bytes(&self) -> &[u8] {
        match &self.backing {
            Backing::Memory(lines) => bytemuck::cast_slice(lines),
            Backing::Mapped(map) => map,
        }
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        match &mut self.backing {
            Backing::Memory(lines) => bytemuck::cast_slice_mut(lines),
            Backing::Mapped(_) => panic!("a mapped key is read only"),
        }
    }

    /// A part as a slice of `T`.
    pub fn part<T: Pod>(&self, part: Part) -> &[T] {
        bytemuck::cast_slice(&self.bytes()[self.range(part)])
    }

    /// A part of a buffer in memory, for writing.
    ///
    /// # Panics
    /// When the buffer is a mapped file.
    pub fn part_mut<T: Pod>(&mut self, part: Part) -> &mut [T] {
        let range = self.range(part);
        bytemuck::cast_slice_mut(&mut self.bytes_mut()[range])
    }

    fn range(&self, part: Part) -> Range<usize> {
        let [start, length] = self.header.parts[part as usize];
        start as usize..(start + length) as usize
    }
}

fn content_digest(header: &Header, rest: &[u8]) -> Sha256Digest {
    let blank = Header {
        content: [0; 32],
        ..*header
    };
    Sha256::new()
        .chain_update(bytemuck::bytes_of(&blank))
        .chain_update(rest)
        .finalize()
        .into()
}
