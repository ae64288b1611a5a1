//! Verification of single proofs, which every new proof must pass, and of batches.

use ark_bn254::{Bn254, Fr, G1Affine, G1Projective};
use ark_ec::pairing::{Pairing, PairingOutput};
use ark_ec::{CurveGroup, VariableBaseMSM};
use ark_ff::{BigInt, PrimeField, Zero};

use crate::engine::{Engine, Portable};
use crate::error::{Code, Error, Result};
use crate::formats::zkey_points::HeaderPoints;
use crate::msm::sparse::Recoded;
use crate::points::G1;
use crate::proof::Proof;
use crate::wires::{Wire, Wires};

type G2Prepared = <Bn254 as Pairing>::G2Prepared;

/// A verification key, with everything precomputed that does not depend on the proof.
pub struct VerifyingKey {
    alpha_beta: PairingOutput<Bn254>,
    gamma2: G2Prepared,
    delta2: G2Prepared,
    ic: Vec<G1>,
    signals: Vec<u32>,
}

impl VerifyingKey {
    /// Prepares a key. The caller must have checked its points.
    pub fn new(points: &HeaderPoints) -> Self {
        Self {
            alpha_beta: Bn254::pairing(points.alpha1, points.beta2),
            gamma2: points.gamma2.into(),
            delta2: points.delta2.into(),
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

    /// Whether all proofs hold, checked by one equation with random 128-bit factors: a batch with a false proof passes
    /// with probability 2^-128. Costs one Miller loop per proof.
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

    fn statement(&self, signals: &Wires) -> G1Projective {
        Recoded::new(&self.signals, signals).sum(Portable, &self.ic)
    }
}

fn field(wire: Wire<'_>) -> Fr {
    match wire {
        Wire::Small(value) => Fr::from(value),
        Wire::Full(value) => Fr::from_bigint(BigInt(*value)).expect("canonical"),
    }
}

fn random_factor() -> Result<Fr> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::new(Code::System, format!("no randomness: {error}")))?;
    let words: [u64; 2] = bytemuck::cast(bytes);
    Ok(Fr::from_bigint(BigInt([words[0] | 1, words[1], 0, 0])).expect("below the modulus"))
}
