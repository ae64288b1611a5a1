//! Phase-1 files (powers of tau), prepared for phase 2, as snarkjs 0.7 writes them. Points are encoded as in a
//! [`super::zkey`]. The files take gigabytes, so they are read from a mapping, and only what a circuit uses is checked.

use ark_bn254::Fq;
use ark_ff::PrimeField;

use super::container::{Format, Sections};
use super::zkey::{G1Bytes, G2Bytes};
use crate::error::Result;

/// Section numbers.
pub mod section {
    /// The field and the power.
    pub const HEADER: u32 = 1;
    /// Powers of τ in G1: twice as many as the power says, less one.
    pub const TAU_G1: u32 = 2;
    /// Powers of τ in G2.
    pub const TAU_G2: u32 = 3;
    /// Powers of τ, times α.
    pub const ALPHA_TAU_G1: u32 = 4;
    /// Powers of τ, times β.
    pub const BETA_TAU_G1: u32 = 5;
    /// β in G2.
    pub const BETA_G2: u32 = 6;
    /// The contributions.
    pub const CONTRIBUTIONS: u32 = 7;
    /// Lagrange bases of τ, of every size up to the double of the file's.
    pub const LAGRANGE_G1: u32 = 12;
    /// Lagrange bases in G2, up to the file's size.
    pub const LAGRANGE_G2: u32 = 13;
    /// Lagrange bases times α.
    pub const LAGRANGE_ALPHA_G1: u32 = 14;
    /// Lagrange bases times β.
    pub const LAGRANGE_BETA_G1: u32 = 15;
}

/// The scalar field has no larger power of two as a root's order.
const MAX_POWER: u32 = 28;

/// A basis: its points for the 2^k-th roots of unity, one basis after another, from k = 0 on.
#[derive(Clone, Copy)]
pub struct Bases<'a, const N: usize>(&'a [[u8; N]]);

impl<'a, const N: usize> Bases<'a, N> {
    /// The basis of 2^log_size points.
    ///
    /// # Panics
    /// When the file has none of this size.
    pub fn of(self, log_size: u32) -> &'a [[u8; N]] {
        let size = 1 << log_size;
        &self.0[size - 1..][..size]
    }
}

/// A prepared file, as views. Its structure has been checked, but no point.
pub struct Ptau<'a> {
    /// Circuits of up to 2^power rows can use it.
    pub power: u32,
    /// τ^i, for i below 2^(power + 1) − 1.
    pub tau1: &'a [G1Bytes],
    /// τ^i, for i below 2^power.
    pub tau2: &'a [G2Bytes],
    /// α.
    pub alpha1: &'a G1Bytes,
    /// β.
    pub beta1: &'a G1Bytes,
    /// β in G2.
    pub beta2: &'a G2Bytes,
    /// Lagrange bases, up to power + 1.
    pub lagrange: Bases<'a, 64>,
    /// Lagrange bases in G2.
    pub lagrange2: Bases<'a, 128>,
    /// Lagrange bases times α.
    pub lagrange_alpha: Bases<'a, 64>,
    /// Lagrange bases times β.
    pub lagrange_beta: Bases<'a, 64>,
    /// The file from the first power of τ on.
    from_tau1: &'a [u8],
}

impl<'a> Ptau<'a> {
    /// Reads a file that is large enough for 2^log_domain rows.
    ///
    /// # Errors
    /// `BadPhase1`, also when it is too small or not prepared.
    pub fn read(bytes: &'a [u8], log_domain: u32) -> Result<Self> {
        let sections = Sections::read(bytes, Format::PTAU)?;
        let mut header = sections.require(section::HEADER, "header")?;
        header.modulus(Fq::MODULUS.0)?;
        let [power, _ceremony_power] = [header.u32()?, header.u32()?];
        header.end()?;
        if !(1..=MAX_POWER).contains(&power) {
            return Err(header.refuse(format_args!("a power of {power} is impossible")));
        }
        if power < log_domain {
            return Err(header.refuse(format_args!(
                "its power is {power}, and the circuit needs {log_domain}"
            )));
        }
        let n = 1 << power;
        let tau1 = sections.require(section::TAU_G1, "powers of τ")?;
        let start = tau1.clone().take_all().as_ptr().addr() - bytes.as_ptr().addr();
        let g1 = |id, name, count| sections.require(id, name)?.records::<64>(count);
        let g2 = |id, name, count| sections.require(id, name)?.records::<128>(count);
        Ok(Self {
            power,
            tau1: tau1.records(2 * n - 1)?,
            tau2: g2(section::TAU_G2, "powers of τ in G2", n)?,
            alpha1: &g1(section::ALPHA_TAU_G1, "powers of τ times α", n)?[0],
            beta1: &g1(section::BETA_TAU_G1, "powers of τ times β", n)?[0],
            beta2: &g2(section::BETA_G2, "β in G2", 1)?[0],
            lagrange: Bases(g1(section::LAGRANGE_G1, "Lagrange bases", 4 * n - 1)?),
            lagrange2: Bases(g2(section::LAGRANGE_G2, "Lagrange bases in G2", 2 * n - 1)?),
            lagrange_alpha: Bases(g1(
                section::LAGRANGE_ALPHA_G1,
                "Lagrange bases times α",
                2 * n - 1,
            )?),
            lagrange_beta: Bases(g1(
                section::LAGRANGE_BETA_G1,
                "Lagrange bases times β",
                2 * n - 1,
            )?),
            from_tau1: &bytes[start..],
        })
    }

    /// The 64 bytes where τ^i would be, also beyond the last one: the digest of an initial key includes such bytes.
    pub fn bytes_at_power(&self, i: usize) -> Option<&'a G1Bytes> {
        self.from_tau1.get(64 * i..)?.first_chunk()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;
    use crate::formats::samples::every_mutation;

    fn file() -> Vec<u8> {
        let power = 1;
        let n = 1usize << power;
        let mut header = 32u32.to_le_bytes().to_vec();
        header.extend(Fq::MODULUS.0.iter().flat_map(|word| word.to_le_bytes()));
        header.extend(
            [power, power]
                .iter()
                .flat_map(|power: &u32| power.to_le_bytes()),
        );
        let mut file = b"ptau\x01\0\0\0\x0a\0\0\0".to_vec();
        for (id, contents) in [
            (section::HEADER, header),
            (section::TAU_G1, vec![1; 64 * (2 * n - 1)]),
            (section::TAU_G2, vec![2; 128 * n]),
            (section::ALPHA_TAU_G1, vec![3; 64 * n]),
            (section::BETA_TAU_G1, vec![4; 64 * n]),
            (section::BETA_G2, vec![5; 128]),
            (section::LAGRANGE_G1, vec![6; 64 * (4 * n - 1)]),
            (section::LAGRANGE_G2, vec![7; 128 * (2 * n - 1)]),
            (section::LAGRANGE_ALPHA_G1, vec![8; 64 * (2 * n - 1)]),
            (section::LAGRANGE_BETA_G1, vec![9; 64 * (2 * n - 1)]),
        ] {
            file.extend(id.to_le_bytes());
            file.extend((contents.len() as u64).to_le_bytes());
            file.extend(contents);
        }
        file
    }

    #[test]
    fn reads_bases_of_every_size_and_bytes_after_the_powers() {
        let file = file();
        let ptau = Ptau::read(&file, 1).unwrap();
        assert_eq!((ptau.power, ptau.tau1.len()), (1, 3));
        assert_eq!(ptau.lagrange.of(2).len(), 4);
        assert_eq!(ptau.lagrange2.of(1), [[7; 128]; 2]);
        assert_eq!(ptau.bytes_at_power(2), Some(&[1; 64]));
        // The next section's id, length and first bytes.
        let after = ptau.bytes_at_power(3).unwrap();
        assert_eq!(after[..14], [3, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 2, 2]);
        assert_eq!(ptau.bytes_at_power(1 << 20), None);
    }

    #[test]
    fn refuses_every_truncation_a_larger_circuit_and_never_panics() {
        let file = file();
        assert_eq!(Ptau::read(&file, 2).err().unwrap().code, Code::BadPhase1);
        for length in 0..file.len() {
            let refused = Ptau::read(&file[..length], 1).err().expect("refused");
            assert_eq!(refused.code, Code::BadPhase1, "length {length}");
        }
        every_mutation(&file[..200], |start| {
            let mut changed = start.to_vec();
            changed.extend(&file[200..]);
            let _ = Ptau::read(&changed, 1);
        });
    }
}
