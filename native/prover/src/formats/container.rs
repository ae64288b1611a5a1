//! The container format of `.r1cs`, `.wtns`, `.zkey` and `.ptau` files: a four-letter magic, a version, a section count,
//! then for each section its id (u32), length (u64) and contents, all little-endian. Source: iden3/r1csfile
//! `doc/r1cs_bin_format.md`.

use std::fmt::Display;

use super::ELEMENT_BYTES;
use crate::error::{Code, Error, Result};
use crate::points::Words;

/// No iden3 format has more (ptau: 15). The limit keeps a corrupt count from costing time or memory.
const MAX_SECTIONS: u32 = 64;

/// One of the formats: how its files begin, and the code of its errors.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// The first four bytes.
    pub magic: &'static str,
    /// The only supported version.
    pub version: u32,
    /// The code of all errors in this format.
    pub code: Code,
}

impl Format {
    /// Proving keys.
    pub const ZKEY: Self = Self {
        magic: "zkey",
        version: 1,
        code: Code::BadKey,
    };
    /// Witnesses.
    pub const WTNS: Self = Self {
        magic: "wtns",
        version: 2,
        code: Code::BadWitness,
    };
    /// Constraint systems.
    pub const R1CS: Self = Self {
        magic: "r1cs",
        version: 1,
        code: Code::BadCircuit,
    };
    /// Phase-1 files.
    pub const PTAU: Self = Self {
        magic: "ptau",
        version: 1,
        code: Code::BadPhase1,
    };

    /// An error in a file of this format.
    pub fn refuse(self, what: impl Display) -> Error {
        Error::new(self.code, format!(".{}: {what}", self.magic))
    }
}

/// The sections of a file, as views.
pub struct Sections<'a> {
    format: Format,
    found: Vec<(u32, &'a [u8])>,
}

impl<'a> Sections<'a> {
    /// Splits a file into sections. Repeated sections and trailing bytes are errors.
    ///
    /// # Errors
    /// The format's code.
    pub fn read(bytes: &'a [u8], format: Format) -> Result<Self> {
        let mut reader = Reader::new(bytes, format, "file");
        if reader.take(4)? != format.magic.as_bytes() {
            return Err(format.refuse("the file does not begin as one"));
        }
        let version = reader.u32()?;
        if version != format.version {
            return Err(format.refuse(format_args!("version {version} is unknown")));
        }
        let count = reader.u32()?;
        if count > MAX_SECTIONS {
            return Err(format.refuse(format_args!("{count} sections make no sense")));
        }
        let mut sections = Self {
            format,
            found: Vec::new(),
        };
        for _ in 0..count {
            let id = reader.u32()?;
            let length = reader.u64()?;
            if sections.find(id).is_some() {
                return Err(format.refuse(format_args!("section {id} occurs twice")));
            }
            sections.found.push((id, reader.take(length)?));
        }
        reader.end()?;
        Ok(sections)
    }

    /// The contents of a section, if present.
    pub fn find(&self, id: u32) -> Option<&'a [u8]> {
        self.found
            .iter()
            .find(|section| section.0 == id)
            .map(|section| section.1)
    }

    /// A reader for a section that must be present.
    ///
    /// # Errors
    /// The format's code.
    pub fn require(&self, id: u32, name: &'static str) -> Result<Reader<'a>> {
        let bytes = self.find(id).ok_or_else(|| {
            self.format
                .refuse(format_args!("section {id} ({name}) is missing"))
        })?;
        Ok(Reader::new(bytes, self.format, name))
    }
}

/// Reads a section from beginning to end; reading past the end is an error.
#[derive(Clone)]
pub struct Reader<'a> {
    rest: &'a [u8],
    format: Format,
    name: &'static str,
}

impl<'a> Reader<'a> {
    fn new(rest: &'a [u8], format: Format, name: &'static str) -> Self {
        Self { rest, format, name }
    }

    /// Bytes not yet read.
    pub fn remaining(&self) -> usize {
        self.rest.len()
    }

    /// The next bytes.
    ///
    /// # Errors
    /// When fewer are left.
    #[inline]
    pub fn take(&mut self, count: u64) -> Result<&'a [u8]> {
        match usize::try_from(count)
            .ok()
            .and_then(|count| self.rest.split_at_checked(count))
        {
            Some((taken, rest)) => {
                self.rest = rest;
                Ok(taken)
            }
            None => Err(self.refuse(format_args!(
                "{count} bytes are wanted and {} left",
                self.rest.len()
            ))),
        }
    }

    /// The next `N` bytes.
    ///
    /// # Errors
    /// When fewer are left.
    #[inline]
    pub fn array<const N: usize>(&mut self) -> Result<&'a [u8; N]> {
        let taken = self.take(N as u64)?;
        Ok(taken
            .first_chunk()
            .expect("take returns as many bytes as requested"))
    }

    /// The next four bytes as a number.
    ///
    /// # Errors
    /// When fewer are left.
    #[inline]
    pub fn u32(&mut self) -> Result<u32> {
        self.array().copied().map(u32::from_le_bytes)
    }

    /// The next eight bytes as a number.
    ///
    /// # Errors
    /// When fewer are left.
    #[inline]
    pub fn u64(&mut self) -> Result<u64> {
        self.array().copied().map(u64::from_le_bytes)
    }

    /// The next 32 bytes as a number.
    ///
    /// # Errors
    /// When fewer are left.
    #[inline]
    pub fn words(&mut self) -> Result<Words> {
        self.array().map(words)
    }

    /// Checks a modulus in a header: its length in bytes, then its value.
    ///
    /// # Errors
    /// When it is not the expected one.
    pub fn modulus(&mut self, expected: Words) -> Result<()> {
        let length = self.u32()?;
        if length as usize != ELEMENT_BYTES || self.words()? != expected {
            return Err(self.refuse("its field is not one of BN254"));
        }
        Ok(())
    }

    /// The remaining bytes.
    pub fn take_all(self) -> &'a [u8] {
        self.rest
    }

    /// The remaining bytes, as records of the same length.
    ///
    /// # Errors
    /// When there are not exactly `count` of them.
    pub fn records<const N: usize>(mut self, count: usize) -> Result<&'a [[u8; N]]> {
        let (records, excess) = self.take(self.rest.len() as u64)?.as_chunks();
        if records.len() != count || !excess.is_empty() {
            let bytes = records.len() * N + excess.len();
            return Err(self.refuse(format_args!("{bytes} bytes are not {count} records of {N}")));
        }
        Ok(records)
    }

    /// Checks that everything has been read.
    ///
    /// # Errors
    /// When bytes are left.
    pub fn end(&self) -> Result<()> {
        match self.rest.len() {
            0 => Ok(()),
            left => Err(self.refuse(format_args!("{left} bytes are left over"))),
        }
    }

    /// An error in this section.
    #[cold]
    pub fn refuse(&self, what: impl Display) -> Error {
        self.format.refuse(format_args!("{}: {what}", self.name))
    }
}

/// 32 little-endian bytes as four words.
#[inline]
pub fn words(bytes: &[u8; ELEMENT_BYTES]) -> Words {
    let (chunks, _) = bytes.as_chunks();
    [0, 1, 2, 3].map(|i| u64::from_le_bytes(chunks[i]))
}

/// Whether a < b.
#[inline]
pub fn less(a: &Words, b: &Words) -> bool {
    a.iter().rev().lt(b.iter().rev())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(sections: &[(u32, &[u8])]) -> Vec<u8> {
        let mut bytes = b"wtns".to_vec();
        bytes.extend(2u32.to_le_bytes());
        bytes.extend((sections.len() as u32).to_le_bytes());
        for (id, contents) in sections {
            bytes.extend(id.to_le_bytes());
            bytes.extend((contents.len() as u64).to_le_bytes());
            bytes.extend(*contents);
        }
        bytes
    }

    fn error(bytes: &[u8]) -> String {
        let error = Sections::read(bytes, Format::WTNS).err().expect("refused");
        assert_eq!(error.code, Code::BadWitness);
        error.message
    }

    #[test]
    fn returns_sections_as_views() {
        let bytes = file(&[(2, b"second"), (7, b"")]);
        let sections = Sections::read(&bytes, Format::WTNS).unwrap();
        assert_eq!(sections.find(2), Some(&b"second"[..]));
        assert_eq!(sections.find(7), Some(&b""[..]));
        assert_eq!(sections.find(1), None);
        assert!(sections.require(1, "header").is_err());
    }

    #[test]
    fn refuses_malformed_files() {
        let good = file(&[(1, b"x")]);
        assert!(error(&file(&[(1, b"x"), (1, b"y")])).contains("twice"));
        assert!(error(&[&good[..], b"z"].concat()).contains("left over"));
        assert!(error(b"zkey\x01\0\0\0\0\0\0\0").contains("begin"));
        assert!(error(b"wtns\x01\0\0\0\0\0\0\0").contains("version 1"));
        assert!(error(b"wtns\x02\0\0\0\xff\xff\xff\xff").contains("make no sense"));
        let mut huge = good.clone();
        huge[16..24].fill(0xff);
        assert!(error(&huge).contains("wanted"));
        for length in 0..good.len() {
            error(&good[..length]);
        }
    }

    #[test]
    fn compares_from_the_highest_word() {
        assert!(less(&[9, 0, 0, 1], &[0, 0, 0, 2]));
        assert!(!less(&[0, 0, 0, 2], &[9, 0, 0, 1]));
        assert!(!less(&[5; 4], &[5; 4]));
    }
}
