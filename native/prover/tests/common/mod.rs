//! Shared by several tests.

use ark_ff::{BigInt, PrimeField};

/// A small deterministic generator (splitmix64), so that failures are reproducible.
pub struct Random(pub u64);

impl Random {
    /// The next 64 bits.
    pub fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    /// A field element.
    pub fn field<F: PrimeField<BigInt = BigInt<4>>>(&mut self) -> F {
        let words: [u64; 8] = std::array::from_fn(|_| self.word());
        let bytes: Vec<u8> = words.iter().flat_map(|w| w.to_le_bytes()).collect();
        F::from_le_bytes_mod_order(&bytes)
    }
}
