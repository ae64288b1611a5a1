//! Phase-1 files whose secrets are known, for tests and measurements only: whoever knows them can forge proofs under
//! every key made from such a file.

use std::io::Write;

use ark_bn254::{Fq, Fr};
use ark_ff::{Field, PrimeField};

use crate::engine::Engine;
use crate::error::Result;
use crate::formats::ELEMENT_BYTES;
use crate::formats::container::Format;
use crate::formats::ptau::section;
use crate::points::{G1, G2};
use crate::setup::generator::{Generator, ZkeyPoint};
use crate::setup::qap::{lagrange, root};
use crate::setup::toxic::Toxic;

/// Sections of a prepared file.
const SECTIONS: u32 = 11;

/// Writes a file for 2^power rows, prepared for phase 2 as snarkjs does it, without contributions.
///
/// # Errors
/// `System` when it cannot be written.
///
/// # Panics
/// When τ is a root of unity, or the power is above 27.
pub fn write_known_tau<E: Engine>(
    engine: E,
    power: u32,
    secrets: &Toxic,
    out: &mut impl Write,
) -> Result<()> {
    let n = 1usize << power;
    let mut file = Writer {
        engine,
        g1: Generator::new(engine, 12 * n),
        g2: Generator::new(engine, 4 * n),
        out,
    };
    file.out.write_all(Format::PTAU.magic.as_bytes())?;
    file.out.write_all(&Format::PTAU.version.to_le_bytes())?;
    file.out.write_all(&SECTIONS.to_le_bytes())?;
    file.header(power)?;
    let powers = |count| powers(&secrets.tau, count);
    let times = |scalars: Vec<Fr>, factor: &Fr| -> Vec<Fr> {
        scalars.iter().map(|scalar| *scalar * factor).collect()
    };
    file.section1(section::TAU_G1, &powers(2 * n - 1))?;
    file.section2(section::TAU_G2, &powers(n))?;
    file.section1(section::ALPHA_TAU_G1, &times(powers(n), &secrets.alpha))?;
    file.section1(section::BETA_TAU_G1, &times(powers(n), &secrets.beta))?;
    file.section2(section::BETA_G2, &[secrets.beta])?;
    file.bytes(section::CONTRIBUTIONS, &[0; 4])?;
    let bases: Vec<Fr> = (0..=power).flat_map(|k| basis(&secrets.tau, k)).collect();
    let doubled = without_last_power(&secrets.tau, power + 1);
    file.section1(section::LAGRANGE_G1, &[&bases[..], &doubled].concat())?;
    file.section2(section::LAGRANGE_G2, &bases)?;
    file.section1(
        section::LAGRANGE_ALPHA_G1,
        &times(bases.clone(), &secrets.alpha),
    )?;
    file.section1(section::LAGRANGE_BETA_G1, &times(bases, &secrets.beta))
}

fn powers(tau: &Fr, count: usize) -> Vec<Fr> {
    std::iter::successors(Some(Fr::ONE), |power| Some(*power * tau))
        .take(count)
        .collect()
}

fn basis(tau: &Fr, log_size: u32) -> Vec<Fr> {
    let size = 1u64 << log_size;
    lagrange(tau, size, Fr::ONE, root(size), size as usize)
        .expect("no root of unity")
        .to_vec()
}

/// The basis with 0 in place of the last power of τ, which a file does not have: snarkjs prepares the largest basis so.
fn without_last_power(tau: &Fr, log_size: u32) -> Vec<Fr> {
    let size = 1u64 << log_size;
    let last = tau.pow([size - 1]) * Fr::from(size).inverse().expect("not zero");
    let basis = basis(tau, log_size);
    let roots = powers(&root(size), basis.len());
    basis
        .iter()
        .zip(roots)
        .map(|(value, root)| *value - last * root)
        .collect()
}

struct Writer<'a, E, W> {
    engine: E,
    g1: Generator<G1>,
    g2: Generator<G2>,
    out: &'a mut W,
}

impl<E: Engine, W: Write> Writer<'_, E, W> {
    fn header(&mut self, power: u32) -> Result<()> {
        let mut header = (ELEMENT_BYTES as u32).to_le_bytes().to_vec();
        header.extend(Fq::MODULUS.0.iter().flat_map(|word| word.to_le_bytes()));
        header.extend(power.to_le_bytes());
        header.extend(power.to_le_bytes());
        self.bytes(section::HEADER, &header)
    }

    fn section1(&mut self, id: u32, scalars: &[Fr]) -> Result<()> {
        let points = multiples(self.engine, &self.g1, scalars)?;
        self.bytes(id, &points)
    }

    fn section2(&mut self, id: u32, scalars: &[Fr]) -> Result<()> {
        let points = multiples(self.engine, &self.g2, scalars)?;
        self.bytes(id, &points)
    }

    fn bytes(&mut self, id: u32, contents: &[u8]) -> Result<()> {
        self.out.write_all(&id.to_le_bytes())?;
        self.out.write_all(&(contents.len() as u64).to_le_bytes())?;
        Ok(self.out.write_all(contents)?)
    }
}

fn multiples<E: Engine, P: ZkeyPoint>(
    engine: E,
    generator: &Generator<P>,
    scalars: &[Fr],
) -> Result<Vec<u8>> {
    let mut points = vec![0; scalars.len() * P::BYTES];
    generator.multiply(engine, scalars, &mut points, &|| false)?;
    Ok(points)
}

/// A file in the temporary folder, removed when dropped.
#[cfg(test)]
pub(crate) struct TemporaryPtau(pub std::path::PathBuf);

#[cfg(test)]
impl TemporaryPtau {
    /// Writes these bytes.
    pub(crate) fn new(bytes: &[u8]) -> Self {
        use std::sync::atomic::{AtomicU32, Ordering};
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("quietproof-{}-{next}.ptau", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, bytes).expect("written");
        Self(path)
    }
}

#[cfg(test)]
impl Drop for TemporaryPtau {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
