//! A small circuit and its files, for tests and fuzzing.

use ark_bn254::Fr;
use ark_ff::{Field, PrimeField, Zero};

use super::container::Format;
use crate::points::Words;

/// A linear combination of wires.
pub type Combination = Vec<(u32, Fr)>;

/// A constraint system with one assignment.
#[derive(Clone)]
pub struct Circuit {
    /// Number of wires, including the constant.
    pub n_wires: usize,
    /// Number of public wires, which follow the constant.
    pub n_public: usize,
    /// A, B and C of every constraint.
    pub rows: Vec<[Combination; 3]>,
    /// The assignment.
    pub wires: Vec<Fr>,
}

/// y = (x² − 7) · s with public y and s and private x of `BITS` bits, and z = x·2^200 with its inverse: bits, small
/// numbers of both signs and full-width ones, in wires and coefficients.
pub fn circuit() -> Circuit {
    const BITS: u64 = 6;
    let [y, s_wire, x_wire, square, z, inverse, bit_0] = [1, 2, 3, 4, 5, 6, 7u32];
    let number = |value: i64| Fr::from(value);
    let wide = number(2).pow([200]);
    let (x, s) = (number(45), number(-3));
    let mut wires = vec![number(1), (x * x - number(7)) * s, s, x, x * x];
    wires.extend([x * wide, (x * wide).inverse().expect("not zero")]);
    wires.extend((0..BITS).map(|bit| number(45 >> bit & 1)));
    let one = |wire| vec![(wire, number(1))];
    let mut rows: Vec<[Combination; 3]> = (0..BITS as u32)
        .map(|bit| {
            [
                one(bit_0 + bit),
                vec![(bit_0 + bit, number(1)), (0, number(-1))],
                vec![],
            ]
        })
        .collect();
    let sum = (0..BITS).map(|bit| (bit_0 + bit as u32, number(1 << bit)));
    rows.push([sum.chain([(x_wire, number(-1))]).collect(), one(0), vec![]]);
    rows.push([one(x_wire), one(x_wire), one(square)]);
    rows.push([
        vec![(square, number(-1)), (0, number(7))],
        one(s_wire),
        vec![(y, number(-1))],
    ]);
    rows.push([vec![(x_wire, wide)], one(0), one(z)]);
    rows.push([one(z), one(inverse), one(0)]);
    Circuit {
        n_wires: wires.len(),
        n_public: 2,
        rows,
        wires,
    }
}

impl Circuit {
    /// The circuit as circom would write it.
    pub fn r1cs(&self) -> Vec<u8> {
        let mut header = modulus();
        for count in [self.n_wires, 1, self.n_public - 1, 1] {
            header.extend((count as u32).to_le_bytes());
        }
        header.extend((self.n_wires as u64).to_le_bytes());
        header.extend((self.rows.len() as u32).to_le_bytes());
        let mut constraints = Vec::new();
        for combination in self.rows.iter().flatten() {
            constraints.extend((combination.len() as u32).to_le_bytes());
            for (wire, value) in combination {
                constraints.extend(wire.to_le_bytes());
                constraints.extend(bytes(value.into_bigint().0));
            }
        }
        let labels = (0..self.n_wires as u64)
            .flat_map(u64::to_le_bytes)
            .collect();
        container(Format::R1CS, &[(1, header), (2, constraints), (3, labels)])
    }

    /// The assignment, 32 bytes per wire.
    pub fn witness(&self) -> Vec<u8> {
        let wires = self.wires.iter();
        wires.flat_map(|wire| bytes(wire.into_bigint().0)).collect()
    }

    /// The assignment as snarkjs would write it.
    pub fn wtns(&self) -> Vec<u8> {
        let wires: Vec<_> = self.wires.iter().map(|v| v.into_bigint().0).collect();
        wtns(&wires)
    }

    /// The value of a linear combination under the assignment.
    pub fn value(&self, combination: &Combination) -> Fr {
        combination.iter().fold(Fr::zero(), |sum, (wire, value)| {
            sum + self.wires[*wire as usize] * value
        })
    }
}

/// A witness file.
pub(crate) fn wtns(wires: &[Words]) -> Vec<u8> {
    let mut header = modulus();
    header.extend((wires.len() as u32).to_le_bytes());
    let wires = wires.iter().flat_map(|wire| bytes(*wire)).collect();
    container(Format::WTNS, &[(1, header), (2, wires)])
}

/// Replaces each byte by a few other values, and each four bytes, aligned or not, by numbers likely to break counts.
pub fn every_mutation(file: &[u8], mut check: impl FnMut(&[u8])) {
    let mut changed = file.to_vec();
    for at in 0..file.len() {
        for byte in [0, 1, 0x7f, 0x80, 0xff, !file[at], file[at].wrapping_add(1)] {
            changed[at] = byte;
            check(&changed);
        }
        changed[at] = file[at];
        for number in [u32::MAX, 1 << 31, u32::MAX / 36 + 1] {
            if let Some(four) = changed.get_mut(at..at + 4) {
                four.copy_from_slice(&number.to_le_bytes());
                check(&changed);
                changed[at..at + 4].copy_from_slice(&file[at..at + 4]);
            }
        }
    }
}

fn container(format: Format, sections: &[(u32, Vec<u8>)]) -> Vec<u8> {
    let mut file = format.magic.as_bytes().to_vec();
    file.extend(format.version.to_le_bytes());
    file.extend((sections.len() as u32).to_le_bytes());
    for (id, contents) in sections {
        file.extend(id.to_le_bytes());
        file.extend((contents.len() as u64).to_le_bytes());
        file.extend(contents);
    }
    file
}

fn modulus() -> Vec<u8> {
    let mut out = 32u32.to_le_bytes().to_vec();
    out.extend(bytes(Fr::MODULUS.0));
    out
}

fn bytes(words: Words) -> [u8; 32] {
    bytemuck::cast(words.map(u64::to_le))
}
