//! The random stream of phase-2 transcripts: ChaCha20 (RFC 8439) from block 0 with nonce 0, its key read as big-endian
//! words (SPEC.md, section 21).

use zeroize::Zeroize;

/// "expand 32-byte k", as little-endian words.
const CONSTANTS: [u32; 4] = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574];
const BLOCK: usize = 16;
const COUNTER: usize = 12;

/// Columns, then diagonals.
const QUARTERS: [[usize; 4]; 8] = [
    [0, 4, 8, 12],
    [1, 5, 9, 13],
    [2, 6, 10, 14],
    [3, 7, 11, 15],
    [0, 5, 10, 15],
    [1, 6, 11, 12],
    [2, 7, 8, 13],
    [3, 4, 9, 14],
];

/// A stream of words that follows from a key.
pub struct RandomWords {
    state: [u32; BLOCK],
    block: [u32; BLOCK],
    next: usize,
}

impl RandomWords {
    /// The stream of a key.
    pub fn new(key: &[u8; 32]) -> Self {
        let mut state = [0; BLOCK];
        state[..4].copy_from_slice(&CONSTANTS);
        for (word, bytes) in state[4..COUNTER].iter_mut().zip(key.as_chunks().0) {
            *word = u32::from_be_bytes(*bytes);
        }
        Self {
            state,
            block: [0; BLOCK],
            next: BLOCK,
        }
    }

    /// The next word. No caller comes near the 2^32 blocks after which the counter would need a second word.
    pub fn word(&mut self) -> u32 {
        if self.next == BLOCK {
            self.block = permuted(self.state);
            for (word, start) in self.block.iter_mut().zip(self.state) {
                *word = word.wrapping_add(start);
            }
            self.state[COUNTER] = self.state[COUNTER].wrapping_add(1);
            self.next = 0;
        }
        self.next += 1;
        self.block[self.next - 1]
    }
}

impl Drop for RandomWords {
    fn drop(&mut self) {
        self.state.zeroize();
        self.block.zeroize();
    }
}

fn permuted(mut words: [u32; BLOCK]) -> [u32; BLOCK] {
    for _ in 0..10 {
        for [a, b, c, d] in QUARTERS {
            for (sum, add, mix, bits) in [(a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)]
            {
                words[sum] = words[sum].wrapping_add(words[add]);
                words[mix] = (words[mix] ^ words[sum]).rotate_left(bits);
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_chacha20_of_rfc_8439() {
        // Appendix A.1, test vector 1: key, nonce and counter are zero.
        let mut words = RandomWords::new(&[0; 32]);
        let first: Vec<u8> = (0..4).flat_map(|_| words.word().to_le_bytes()).collect();
        let expected = [
            0x76, 0xb8, 0xe0, 0xad, 0xa0, 0xf1, 0x3d, 0x90, 0x40, 0x5d, 0x6a, 0xe5, 0x53, 0x86,
            0xbd, 0x28,
        ];
        assert_eq!(first, expected);
        // Test vector 2: the second block.
        let second: Vec<u32> = (4..17).map(|_| words.word()).collect();
        assert_eq!(second[12].to_le_bytes(), [0x9f, 0x07, 0xe7, 0xbe]);
    }
}
