//! Development keys: Groth16 keys from local randomness. Whoever makes one can forge proofs under it.
//!
//! - [`toxic`]: the secrets (toxic waste)
//! - [`qap`]: the circuit's polynomials at τ
//! - [`generator`]: batch multiplication of a group's generator

pub mod generator;
pub mod qap;
#[cfg(test)]
pub mod sample_key;
pub mod toxic;

use std::path::Path;

use ark_bn254::{Fr, G2Affine};
use ark_ec::AffineRepr;
use ark_ff::{BigInt, Field, PrimeField};
use blake2::{Blake2b512, Digest};

use self::generator::Generator;
use self::qap::Qap;
use self::toxic::Toxic;
use crate::durable::write_durably;
use crate::engine::{Engine, EngineChoice, WithEngine};
use crate::error::Result;
use crate::formats::fold::{fold_path, write_fold};
use crate::formats::r1cs::R1cs;
use crate::formats::zkey::{G1Bytes, Shape, Side};
use crate::formats::zkey_draft::{HeaderField, Query, ZkeyDraft};
use crate::formats::zkey_points::g2_bytes;
use crate::parallel::with_threads;
use crate::points::{G1, G2, Words};
use crate::prove::Cancel;

/// The two files of a key.
pub struct DevelopmentKey {
    /// The `.zkey`, in snarkjs's format, without contributions.
    pub zkey: Vec<u8>,
    /// Its folded C query, see [`crate::formats::fold`].
    pub fold: Vec<u8>,
}

/// Makes a key for a circuit, and writes it to `out` and its folded C query to `fold_path(out)`.
///
/// # Errors
/// `BadCircuit`; `Cancelled`; `System` when a file cannot be written or there is no randomness. No incomplete file is
/// left behind.
pub fn development_key(
    engine: EngineChoice,
    r1cs: &[u8],
    out: &Path,
    threads: usize,
    cancel: Cancel<'_>,
) -> Result<()> {
    let key = engine.with(MakeTask {
        r1cs,
        threads,
        cancel,
    })??;
    write_durably(out, &key.zkey)?;
    write_durably(&fold_path(out), &key.fold)
}

/// Making a key, for any engine.
struct MakeTask<'a> {
    r1cs: &'a [u8],
    threads: usize,
    cancel: Cancel<'a>,
}

impl WithEngine for MakeTask<'_> {
    type Output = Result<DevelopmentKey>;

    fn run<E: Engine>(self, engine: E) -> Result<DevelopmentKey> {
        DevelopmentKey::make(engine, self.r1cs, self.threads, self.cancel)
    }
}

impl DevelopmentKey {
    /// Makes a key from fresh randomness.
    ///
    /// # Errors
    /// `BadCircuit`; `Cancelled`; `System` when there is no randomness.
    pub fn make<E: Engine>(
        engine: E,
        r1cs: &[u8],
        threads: usize,
        cancel: Cancel<'_>,
    ) -> Result<Self> {
        let circuit = R1cs::read(r1cs)?;
        loop {
            // None if τ is a root of unity, with probability about 2^-226.
            let toxic = Toxic::random()?;
            let made = Self::from_secrets(engine, &circuit, &toxic, threads, cancel)?;
            if let Some(key) = made {
                return Ok(key);
            }
        }
    }

    /// Makes a key from given secrets, for tests: anyone who knows them can forge proofs.
    ///
    /// # Errors
    /// `BadCircuit`, also when τ is a root of unity.
    #[cfg(any(test, feature = "deterministic"))]
    pub fn with_toxic<E: Engine>(engine: E, r1cs: &[u8], toxic: &Toxic) -> Result<Self> {
        use crate::error::{Code, Error};
        let circuit = R1cs::read(r1cs)?;
        Self::from_secrets(engine, &circuit, toxic, 1, &|| false)?
            .ok_or_else(|| Error::new(Code::BadCircuit, "τ is a root of unity"))
    }

    fn from_secrets<E: Engine>(
        engine: E,
        circuit: &R1cs,
        toxic: &Toxic,
        threads: usize,
        cancel: Cancel<'_>,
    ) -> Result<Option<Self>> {
        let Some(qap) = Qap::evaluate(circuit, toxic)? else {
            return Ok(None);
        };
        let mut draft = ZkeyDraft::new(&qap.shape, coefficient_count(circuit));
        write_coefficients(&mut draft, circuit);
        let mut fold = vec![0; circuit.n_wires * size_of::<G1Bytes>()];
        with_threads(threads, || {
            write_in_g2(engine, &qap, toxic, &mut draft, cancel)?;
            write_in_g1(engine, &qap, toxic, &mut draft, &mut fold, cancel)
        })?;
        let zkey = draft.finish(development_digest);
        let fold = write_fold(&zkey, &fold);
        Ok(Some(Self { zkey, fold }))
    }
}

fn write_in_g1<E: Engine>(
    engine: E,
    qap: &Qap,
    toxic: &Toxic,
    draft: &mut ZkeyDraft,
    fold: &mut [u8],
    cancel: Cancel<'_>,
) -> Result<()> {
    let Shape {
        n_wires, n_public, ..
    } = qap.shape;
    let generator = Generator::<G1>::new(engine, 4 * n_wires + qap.shape.domain_size());
    let multiply =
        |scalars: &[Fr], out: &mut [u8]| generator.multiply(engine, scalars, out, cancel);
    for (field, secret) in [
        (HeaderField::ALPHA1, &toxic.alpha),
        (HeaderField::BETA1, &toxic.beta),
        (HeaderField::DELTA1, &toxic.delta),
    ] {
        multiply(std::slice::from_ref(secret), draft.header(field))?;
    }
    let (public, private) = qap.k.split_at(n_public + 1);
    for (query, scalars) in [
        (Query::A, &qap.a[..]),
        (Query::B1, &qap.b),
        (Query::Ic, public),
        (Query::C, private),
        (Query::H, &qap.h),
    ] {
        multiply(scalars, draft.query(query))?;
    }
    multiply(&qap.folded, fold)
}

fn write_in_g2<E: Engine>(
    engine: E,
    qap: &Qap,
    toxic: &Toxic,
    draft: &mut ZkeyDraft,
    cancel: Cancel<'_>,
) -> Result<()> {
    let generator = Generator::<G2>::new(engine, qap.shape.n_wires);
    for (field, secret) in [
        (HeaderField::BETA2, &toxic.beta),
        (HeaderField::DELTA2, &toxic.delta),
    ] {
        let out = draft.header(field);
        generator.multiply(engine, std::slice::from_ref(secret), out, cancel)?;
    }
    // γ is the generator, as in every snarkjs key.
    let gamma2 = g2_bytes(&G2Affine::generator());
    draft.header(HeaderField::GAMMA2).copy_from_slice(&gamma2);
    generator.multiply(engine, &qap.b, draft.query(Query::B2), cancel)
}

/// Number of records in section 4: A, B, and a row of A for the constant and for each public signal.
pub fn coefficient_count(circuit: &R1cs) -> u32 {
    let [a, b, _] = &circuit.matrices;
    (a.wire.len() + b.wire.len() + circuit.n_public + 1) as u32
}

/// A and B constraint by constraint, then the rows that snarkjs adds after them.
pub fn write_coefficients(draft: &mut ZkeyDraft, circuit: &R1cs) {
    // Section 4 stores coefficients times 2^512, so that a product with a plain wire is in Montgomery form.
    let shift = Fr::from(2).pow([256]);
    let in_file = |value: &Words| {
        let value = Fr::from_bigint(BigInt(*value)).expect("canonical");
        (value * shift).0.0
    };
    let values: Vec<Words> = circuit.coefficients.iter().map(in_file).collect();
    let mut entries = Vec::with_capacity(coefficient_count(circuit) as usize);
    for row in 0..circuit.n_constraints {
        for (side, matrix) in [Side::A, Side::B].into_iter().zip(&circuit.matrices) {
            for t in matrix.row(row) {
                let value = values[matrix.coefficient[t] as usize];
                entries.push((side as u32, row as u32, matrix.wire[t], value));
            }
        }
    }
    let one = in_file(&[1, 0, 0, 0]);
    for wire in 0..=circuit.n_public {
        let row = circuit.n_constraints + wire;
        entries.push((Side::A as u32, row as u32, wire as u32, one));
    }
    draft.write_coefficients(entries.into_iter());
}

/// Takes the place of a ceremony key's digest of its state before the first contribution. The domain tag rules out
/// confusion with one.
fn development_digest(file: &[u8]) -> [u8; 64] {
    Blake2b512::new()
        .chain_update("quietproof/development-key/v1")
        .chain_update(file)
        .finalize()
        .into()
}

#[cfg(test)]
mod tests;
