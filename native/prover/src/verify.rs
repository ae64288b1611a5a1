//! Verification of single proofs, which every new proof must pass, and of batches.

use ark_bn254::{Bn254, Fr, G1Affine, G1Projective, G2Affine};
use ark_ec::pairing::{Pairing, PairingOutput};
use ark_ec::{CurveGroup, VariableBaseMSM};
use ark_ff::{BigInt, One, PrimeField, Zero};

use crate::engine::{Engine, Portable};
use crate::error::{Code, Error, Result};
use crate::formats::zkey_points::HeaderPoints;
use crate::msm::sparse::Recoded;
use crate::points::G1;
use crate::proof::Proof;
use crate::wires::{Wire, Wires};

type G2Prepared = <Bn254 as Pairing>::G2Prepared;

/// Proofs that are combined again when a larger batch fails. Fewer cost more for the many that hold, more for each that
/// does not.
const SMALL_BATCH: usize = 16;

/// The points of a verification key.
#[derive(Clone, Debug)]
pub struct KeyPoints {
    /// α.
    pub alpha: G1Affine,
    /// β.
    pub beta: G2Affine,
    /// γ.
    pub gamma: G2Affine,
    /// δ.
    pub delta: G2Affine,
    /// One for the constant 1 and for each public signal.
    pub ic: Vec<G1Affine>,
}

/// A verification key, with everything precomputed that does not depend on the proof.
pub struct VerifyingKey {
    alpha_beta: PairingOutput<Bn254>,
    gamma2: G2Prepared,
    delta2: G2Prepared,
    ic: Vec<G1>,
    signals: Vec<u32>,
}

impl VerifyingKey {
    /// Prepares the key of a proving key. The caller must have checked its points.
    pub fn new(points: &HeaderPoints) -> Self {
        Self::from_points(&KeyPoints {
            alpha: points.alpha1,
            beta: points.beta2,
            gamma: points.gamma2,
            delta: points.delta2,
            ic: points.ic.clone(),
        })
    }

    /// Prepares a key. The caller must have checked that its points are in their groups; there is at least one in `ic`.
    pub fn from_points(points: &KeyPoints) -> Self {
        Self {
            alpha_beta: Bn254::pairing(points.alpha, points.beta),
            gamma2: points.gamma.into(),
            delta2: points.delta.into(),
            ic: points.ic.iter().map(|point| Portable.pack(point)).collect(),
            signals: (0..points.ic.len() as u32).collect(),
        }
    }

    /// Number of public signals.
    pub fn public_count(&self) -> usize {
        self.ic.len() - 1
    }

    /// Whether `e(A, B) = e(α, β) · e(Σ signalᵢ·ICᵢ, γ) · e(C, δ)`.
    ///
    /// `signals` are the constant 1 and the public signals, or a whole witness, which begins with them.
    pub fn verify(&self, proof: &Proof, signals: &Wires) -> bool {
        let statement = self.statement(signals);
        let pairs_in_g1 = [proof.a, (-statement).into_affine(), -proof.c];
        let pairs_in_g2 = [
            G2Prepared::from(proof.b),
            self.gamma2.clone(),
            self.delta2.clone(),
        ];
        Bn254::multi_pairing(pairs_in_g1, pairs_in_g2) == self.alpha_beta
    }

    /// Which proofs hold. If the batch as a whole fails, smaller batches are tried, and each proof of one that fails is
    /// checked by itself. The proofs must be in their groups, as [`Proof::from_coordinates`] leaves them.
    ///
    /// # Errors
    /// [`Code::System`] when the operating system gives no randomness.
    pub fn holding(&self, batch: &[(Proof, Wires)]) -> Result<Vec<bool>> {
        if batch.len() > SMALL_BATCH && self.verify_many(batch)? {
            return Ok(vec![true; batch.len()]);
        }
        let mut holding = Vec::with_capacity(batch.len());
        for part in batch.chunks(SMALL_BATCH) {
            if part.len() > 1 && self.verify_many(part)? {
                holding.resize(holding.len() + part.len(), true);
            } else {
                holding.extend(
                    part.iter()
                        .map(|(proof, public)| self.verify(proof, public)),
                );
            }
        }
        Ok(holding)
    }

    /// Whether all proofs hold, checked by one equation with random factors from 1 to 2^128, drawn here: a batch with a
    /// false proof passes with probability 2^-128 at most. Costs one Miller loop per proof.
    ///
    /// That is so because every proof's equation is in a group of prime order r > 2^253, for which the points of the proof
    /// must be in the groups of order r: for any other factors, one factor at most makes a false proof's error vanish.
    ///
    /// # Errors
    /// [`Code::System`] when the operating system gives no randomness.
    pub fn verify_many(&self, batch: &[(Proof, Wires)]) -> Result<bool> {
        let factors = batch
            .iter()
            .map(|_| random_factor())
            .collect::<Result<Vec<Fr>>>()?;
        let mut signals = vec![Fr::zero(); self.ic.len()];
        let mut pairs_in_g1 = Vec::with_capacity(batch.len() + 2);
        let mut pairs_in_g2 = Vec::with_capacity(batch.len() + 2);
        for ((proof, public), factor) in batch.iter().zip(&factors) {
            for (sum, wire) in signals.iter_mut().zip(0..) {
                *sum += *factor * field(public.get(wire));
            }
            pairs_in_g1.push((proof.a * factor).into_affine());
            pairs_in_g2.push(G2Prepared::from(proof.b));
        }
        // Everything linear in the proofs is summed before it is combined with the key's points.
        let ic: Vec<G1Affine> = self.ic.iter().map(|point| Portable.unpack(point)).collect();
        let c_points: Vec<G1Affine> = batch.iter().map(|(proof, _)| proof.c).collect();
        let statement = G1Projective::msm(&ic, &signals).expect("as many signals as points");
        let c = G1Projective::msm(&c_points, &factors).expect("as many factors as proofs");
        pairs_in_g1.extend([(-statement).into_affine(), (-c).into_affine()]);
        pairs_in_g2.extend([self.gamma2.clone(), self.delta2.clone()]);
        let sum: Fr = factors.iter().sum();
        Ok(Bn254::multi_pairing(pairs_in_g1, pairs_in_g2) == self.alpha_beta * sum)
    }

    /// Whether `Π e(Aᵢ, Bᵢ) = e(α, β) · e(Σ signalᵢ·ICᵢ, γ) · e(C, δ)`: equations of several proofs whose factors add up to 1,
    /// each A multiplied by its factor, and all that is linear in them summed.
    pub fn verify_sum(
        &self,
        pairs: impl IntoIterator<Item = (G1Affine, G2Affine)>,
        c: G1Affine,
        signals: &Wires,
    ) -> bool {
        let statement = self.statement(signals);
        let (mut in_g1, mut in_g2): (Vec<_>, Vec<G2Prepared>) = pairs
            .into_iter()
            .map(|(a, b)| (a, G2Prepared::from(b)))
            .unzip();
        in_g1.extend([(-statement).into_affine(), -c]);
        in_g2.extend([self.gamma2.clone(), self.delta2.clone()]);
        Bn254::multi_pairing(in_g1, in_g2) == self.alpha_beta
    }

    fn statement(&self, signals: &Wires) -> G1Projective {
        Recoded::new(&self.signals, signals).sum(Portable, &self.ic)
    }
}

pub(crate) fn field(wire: Wire<'_>) -> Fr {
    match wire {
        Wire::Small(value) => Fr::from(value),
        Wire::Full(value) => Fr::from_bigint(BigInt(*value)).expect("canonical"),
    }
}

/// Uniform from 1 to 2^128.
pub(crate) fn random_factor() -> Result<Fr> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::new(Code::System, format!("no randomness: {error}")))?;
    let words: [u64; 2] = bytemuck::cast(bytes);
    let uniform = Fr::from_bigint(BigInt([words[0], words[1], 0, 0])).expect("below the modulus");
    Ok(uniform + Fr::one())
}
