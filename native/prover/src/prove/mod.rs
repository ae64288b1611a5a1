//! Making a proof.

#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;
mod together;

use std::borrow::Cow;

use ark_bn254::{Fr, G1Affine, G1Projective, G2Affine};
use ark_ec::CurveGroup;
use ark_ff::{BigInt, PrimeField};
use bytemuck::Pod;
use zeroize::Zeroize;

use crate::engine::{Domain, Engine};
use crate::error::{Code, Error, Result};
use crate::key::layout::{Layout, Part};
use crate::key::verification_points;
use crate::matrix::{Matrix, Parts};
use crate::msm::fixed_base::FixedBase;
use crate::msm::sparse::Recoded;
use crate::parallel::{join, threads};
use crate::points::{G1, G2, Words};
use crate::proof::Proof;
use crate::verify::VerifyingKey;
use crate::wires::Wires;

/// Called between phases; returns whether to stop.
pub type Cancel<'a> = &'a (dyn Fn() -> bool + Sync);

/// The two random scalars that make a proof zero-knowledge. Overwritten when dropped.
pub struct Blinding {
    r: Fr,
    s: Fr,
}

impl Blinding {
    /// New random scalars from the operating system.
    ///
    /// # Errors
    /// `System` when there is no randomness.
    pub fn random() -> Result<Self> {
        Ok(Self {
            r: random_scalar()?,
            s: random_scalar()?,
        })
    }

    /// Fixed scalars, for tests: anyone who knows them can recover the witness from the proof.
    #[cfg(any(test, feature = "deterministic"))]
    pub fn fixed(r: Fr, s: Fr) -> Self {
        Self { r, s }
    }
}

impl Drop for Blinding {
    fn drop(&mut self) {
        self.r.zeroize();
        self.s.zeroize();
    }
}

/// 512 random bits, reduced: uniform up to 2^-258.
pub(crate) fn random_scalar() -> Result<Fr> {
    let mut bytes = [0; 64];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::new(Code::System, format!("no randomness: {error}")))?;
    let scalar = Fr::from_le_bytes_mod_order(&bytes);
    bytes.zeroize();
    Ok(scalar)
}

/// A key, ready for proving with one engine.
pub struct LoadedKey<E: Engine> {
    engine: E,
    domain: E::Domain,
    layout: Layout,
    verifying_key: VerifyingKey,
    alpha1: G1Affine,
    beta1: G1Affine,
    delta1: G1Affine,
    beta2: G2Affine,
    delta2: G2Affine,
}

/// The witness's share of the three points.
struct Sums {
    a: G1Projective,
    b1: G1Projective,
    b2: ark_bn254::G2Projective,
    c: G1Projective,
}

impl<E: Engine> LoadedKey<E> {
    /// From a layout made for this engine.
    ///
    /// # Errors
    /// `BadKey` when its matrices are inconsistent.
    pub fn new(engine: E, domain: E::Domain, layout: Layout) -> Result<Self> {
        let points = verification_points(&layout);
        let key = Self {
            engine,
            domain,
            verifying_key: VerifyingKey::new(&points),
            alpha1: points.alpha1,
            beta1: points.beta1,
            delta1: points.delta1,
            beta2: points.beta2,
            delta2: points.delta2,
            layout,
        };
        for first in [Part::ARows, Part::BRows] {
            key.matrix(first).check()?;
        }
        Ok(key)
    }

    /// The engine's name.
    pub fn engine_name(&self) -> &'static str {
        E::NAME
    }

    /// The key in the prover's layout.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The verification key.
    pub fn verifying_key(&self) -> &VerifyingKey {
        &self.verifying_key
    }

    /// Reads a witness: 32 little-endian bytes per wire.
    ///
    /// # Errors
    /// `BadWitness`.
    pub fn wires(&self, witness: &[u8]) -> Result<Wires> {
        Wires::new(witness, self.layout.header().n_wires as usize)
    }

    /// Makes a proof and verifies it.
    ///
    /// # Errors
    /// `ProofRejected` when the proof does not verify: the witness violates a constraint, or the key or the machine is
    /// faulty; `Cancelled`.
    pub fn prove(&self, wires: &Wires, blinding: &Blinding, cancel: Cancel<'_>) -> Result<Proof> {
        let (sums, h) = join(
            || self.sum_queries(wires, cancel),
            || self.sum_h(wires, cancel),
        );
        let proof = self.assemble(sums?, h?, blinding);
        if !self.verifying_key.verify(&proof, wires) {
            let message =
                "the proof does not verify: the witness breaks a constraint, or the key is damaged";
            return Err(Error::new(Code::ProofRejected, message));
        }
        Ok(proof)
    }

    /// The multi-exponentiations by the witness: A, B in both groups, and C.
    fn sum_queries(&self, wires: &Wires, cancel: Cancel<'_>) -> Result<Sums> {
        let recode = |part| Recoded::new(self.layout.part(part), wires);
        let in_g1 = |scalars: &Recoded, points| {
            stop_if(cancel)?;
            Ok::<_, Error>(scalars.sum(self.engine, self.layout.part::<G1>(points)))
        };
        let in_g2 = |scalars: &Recoded, points| {
            stop_if(cancel)?;
            Ok::<_, Error>(scalars.sum(self.engine, self.layout.part::<G2>(points)))
        };
        let b_scalars = recode(Part::BWires);
        let ((a, c), (b1, b2)) = join(
            || {
                join(
                    || in_g1(&recode(Part::AWires), Part::APoints),
                    || in_g1(&recode(Part::CWires), Part::CPoints),
                )
            },
            || {
                join(
                    || in_g1(&b_scalars, Part::B1Points),
                    || in_g2(&b_scalars, Part::B2Points),
                )
            },
        );
        Ok(Sums {
            a: a?,
            b1: b1?,
            b2: b2?,
            c: c?,
        })
    }

    /// The multi-exponentiation by the quotient polynomial's values on the odd coset.
    fn sum_h(&self, wires: &Wires, cancel: Cancel<'_>) -> Result<G1Projective> {
        stop_if(cancel)?;
        let mut quotient = self.quotient(wires);
        let sum = stop_if(cancel).map(|()| self.sum_multiples(&quotient));
        quotient.zeroize();
        sum
    }

    fn quotient(&self, wires: &Wires) -> Vec<Words> {
        let evaluate = |first| {
            let mut values = vec![[0; 4]; 1 << self.layout.header().log_domain];
            self.matrix(first).evaluate(wires, &mut values);
            values
        };
        let (mut a, mut b) = join(|| evaluate(Part::ARows), || evaluate(Part::BRows));
        if self.layout.header().folded == 1 {
            self.domain.quotient(&mut a, &mut b, None);
        } else {
            let mut c: Vec<Words> = a.iter().zip(&b).map(|(a, b)| product(a, b)).collect();
            self.domain.quotient(&mut a, &mut b, Some(&mut c));
            c.zeroize();
        }
        b.zeroize();
        a
    }

    fn sum_multiples(&self, scalars: &[Words]) -> G1Projective {
        let shape = self.layout.header().h_shape();
        let table = FixedBase::from_multiples(shape, self.layout.part::<G1>(Part::HMultiples));
        let share = scalars.len().div_ceil(threads());
        let sum = |(i, scalars)| table.sum(self.engine, i * share, scalars);
        if threads() == 1 {
            return sum((0, scalars));
        }
        use rayon::prelude::*;
        scalars.par_chunks(share).enumerate().map(sum).sum()
    }

    /// Groth16 (eprint 2016/260, section 3.2): A = α + Σ + rδ, B = β + Σ + sδ, C = Σ + sA + rB − rsδ.
    fn assemble(&self, sums: Sums, h: G1Projective, Blinding { r, s }: &Blinding) -> Proof {
        let a = sums.a + self.alpha1 + self.delta1 * r;
        let b1 = sums.b1 + self.beta1 + self.delta1 * s;
        let b2 = sums.b2 + self.beta2 + self.delta2 * s;
        let c = sums.c + h + a * s + b1 * r - self.delta1 * (*r * s);
        Proof {
            a: a.into_affine(),
            b: b2.into_affine(),
            c: c.into_affine(),
        }
    }

    fn matrix(&self, first: Part) -> Matrix<'_> {
        fn part<T: Pod>(layout: &Layout, part: Part) -> Cow<'_, [T]> {
            Cow::Borrowed(layout.part(part))
        }
        let [rows, terms, wide_terms, wide_values] = first.of_matrix();
        let parts = Parts {
            row_start: part(&self.layout, rows),
            terms: part(&self.layout, terms),
            wide_terms: part(&self.layout, wide_terms),
            wide_values: part(&self.layout, wide_values),
        };
        Matrix::from_parts(parts, self.layout.header().n_wires as usize)
    }
}

fn stop_if(cancel: Cancel<'_>) -> Result<()> {
    match cancel() {
        true => Err(Error::new(Code::Cancelled, "cancelled")),
        false => Ok(()),
    }
}

/// a·b for plain canonical values, most of which are small.
fn product(a: &Words, b: &Words) -> Words {
    if a[1..] == [0; 3] && b[1..] == [0; 3] {
        let product = u128::from(a[0]) * u128::from(b[0]);
        return [product as u64, (product >> 64) as u64, 0, 0];
    }
    let field = |v: &Words| Fr::from_bigint(BigInt(*v)).expect("canonical");
    (field(a) * field(b)).into_bigint().0
}
