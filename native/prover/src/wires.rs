//! A witness, with its wires classified by size once: most are bits or small integers of either sign, and all later
//! steps depend on which.

use ark_bn254::Fr;
use ark_ff::{BigInteger, PrimeField};
use zeroize::Zeroize;

use crate::error::{Code, Error, Result};
use crate::formats::ELEMENT_BYTES;
use crate::formats::container::{less, words};
use crate::points::Words;

/// Small wires are below this in absolute value. It covers all integers that float64 represents exactly.
pub const SMALL_LIMIT: i64 = 1 << 53;

/// One wire's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire<'a> {
    /// An integer below [`SMALL_LIMIT`] in absolute value; a negative one stands for r − |v|.
    Small(i64),
    /// Any other value, plain and canonical.
    Full(&'a Words),
}

/// All wires of a witness. Secret: overwritten when dropped.
pub struct Wires {
    /// Small values themselves; `i64::MIN + k`, which is far from all small values, for the k-th other wire.
    compact: Vec<i64>,
    full: Vec<Words>,
}

impl Wires {
    /// Reads a witness, 32 little-endian bytes per wire.
    ///
    /// # Errors
    /// `BadWitness` unless there are `n_wires` wires, all below r, and wire 0 is 1.
    pub fn new(witness: &[u8], n_wires: usize) -> Result<Self> {
        let (values, excess) = witness.as_chunks::<ELEMENT_BYTES>();
        if values.len() != n_wires || !excess.is_empty() {
            return Err(bad(format!(
                "a witness of {} bytes does not have {n_wires} wires",
                witness.len()
            )));
        }
        if values.first().map(words) != Some([1, 0, 0, 0]) {
            return Err(bad("wire 0 is not the constant 1"));
        }
        let mut wires = Self {
            compact: Vec::with_capacity(n_wires),
            full: Vec::new(),
        };
        wires.keep_small(values)?;
        wires.keep_full(values);
        Ok(wires)
    }

    fn keep_small(&mut self, values: &[[u8; ELEMENT_BYTES]]) -> Result<()> {
        let mut n_full = 0;
        for value in values.iter().map(words) {
            let compact = match value {
                [low, 0, 0, 0] if low < SMALL_LIMIT as u64 => low as i64,
                value => match classify_large(&value) {
                    Large::SmallNegative(value) => value,
                    Large::Full => {
                        n_full += 1;
                        i64::MIN + n_full - 1
                    }
                    Large::NotCanonical => {
                        let wire = self.compact.len();
                        return Err(bad(format!("wire {wire} is not below the field order")));
                    }
                },
            };
            self.compact.push(compact);
        }
        Ok(())
    }

    /// Allocates once, since a growing vector leaves copies of secrets behind.
    fn keep_full(&mut self, values: &[[u8; ELEMENT_BYTES]]) {
        let is_full = |(compact, _): &(&i64, _)| **compact <= -SMALL_LIMIT;
        let count = self.compact.iter().filter(|v| **v <= -SMALL_LIMIT).count();
        self.full.reserve_exact(count);
        let full = self.compact.iter().zip(values).filter(is_full);
        self.full.extend(full.map(|(_, value)| words(value)));
    }

    /// Number of wires, including the constant.
    #[expect(clippy::len_without_is_empty, reason = "wire 0 is always there")]
    pub fn len(&self) -> usize {
        self.compact.len()
    }

    /// The value of a wire.
    ///
    /// # Panics
    /// When there is no such wire.
    #[inline]
    pub fn get(&self, wire: usize) -> Wire<'_> {
        self.resolve(self.compact[wire])
    }

    /// All wires in compact form, for fast loops: values above −[`SMALL_LIMIT`] are the wires themselves,
    /// [`Wires::resolve`] looks up all others.
    #[inline]
    pub fn compact(&self) -> &[i64] {
        &self.compact
    }

    /// The value behind an element of [`Wires::compact`].
    #[inline]
    pub fn resolve(&self, compact: i64) -> Wire<'_> {
        if compact > -SMALL_LIMIT {
            return Wire::Small(compact);
        }
        Wire::Full(&self.full[(compact - i64::MIN) as usize])
    }

    /// Number of wires that are not small.
    pub fn full_count(&self) -> usize {
        self.full.len()
    }

    /// The value of a wire as a plain canonical number below r.
    pub fn canonical(&self, wire: usize) -> Words {
        match self.get(wire) {
            Wire::Small(value) => canonical(i128::from(value)),
            Wire::Full(value) => *value,
        }
    }
}

impl Drop for Wires {
    fn drop(&mut self) {
        self.compact.zeroize();
        self.full.zeroize();
    }
}

enum Large {
    SmallNegative(i64),
    Full,
    NotCanonical,
}

#[cold]
fn classify_large(value: &Words) -> Large {
    if !less(value, &Fr::MODULUS.0) {
        return Large::NotCanonical;
    }
    let mut negative = Fr::MODULUS;
    negative.sub_with_borrow(&ark_ff::BigInt(*value));
    match negative.0 {
        [low, 0, 0, 0] if low < SMALL_LIMIT as u64 => Large::SmallNegative(-(low as i64)),
        _ => Large::Full,
    }
}

/// An integer as a plain field value: itself, or r − |value|.
#[inline]
pub fn canonical(value: i128) -> Words {
    let magnitude = value.unsigned_abs();
    let plain = [magnitude as u64, (magnitude >> 64) as u64, 0, 0];
    if value >= 0 {
        return plain;
    }
    let mut out = Fr::MODULUS;
    out.sub_with_borrow(&ark_ff::BigInt(plain));
    out.0
}

fn bad(message: impl Into<String>) -> Error {
    Error::new(Code::BadWitness, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(values: &[Words]) -> Vec<u8> {
        values
            .iter()
            .flatten()
            .flat_map(|word| word.to_le_bytes())
            .collect()
    }

    fn minus(value: u64) -> Words {
        canonical(-i128::from(value))
    }

    #[test]
    fn classifies_and_returns_every_value() {
        let limit = SMALL_LIMIT as u64;
        let values = [
            [1, 0, 0, 0],
            [0; 4],
            [limit - 1, 0, 0, 0],
            [limit, 0, 0, 0],
            minus(1),
            minus(limit - 1),
            minus(limit),
            [0, 1, 0, 0],
        ];
        let wires = Wires::new(&bytes(&values), values.len()).unwrap();
        let small: Vec<_> = (0..values.len())
            .map(|i| match wires.get(i) {
                Wire::Small(value) => Some(value),
                Wire::Full(_) => None,
            })
            .collect();
        let top = SMALL_LIMIT - 1;
        let expected = [
            Some(1),
            Some(0),
            Some(top),
            None,
            Some(-1),
            Some(-top),
            None,
            None,
        ];
        assert_eq!(small, expected);
        assert_eq!(wires.full_count(), 3);
        for (wire, value) in values.iter().enumerate() {
            assert_eq!(wires.canonical(wire), *value);
        }
    }

    #[test]
    fn refuses_invalid_witnesses() {
        let refused = |values: &[Words], n| match Wires::new(&bytes(values), n) {
            Err(error) => (error.code, error.message),
            Ok(_) => panic!("accepted"),
        };
        let one = [1, 0, 0, 0];
        assert!(refused(&[one, Fr::MODULUS.0], 2).1.contains("wire 1"));
        assert!(refused(&[one, [u64::MAX; 4]], 2).1.contains("wire 1"));
        assert!(refused(&[[2, 0, 0, 0]], 1).1.contains("wire 0"));
        assert!(refused(&[one], 2).1.contains("2 wires"));
        assert!(refused(&[], 0).1.contains("wire 0"));
        assert_eq!(
            Wires::new(&[1; 33], 1).err().unwrap().code,
            Code::BadWitness
        );
    }
}
