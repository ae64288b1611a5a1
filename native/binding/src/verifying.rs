//! Verification: off the event loop under a proving key, on the calling thread under a verification key.

use std::sync::Arc;

use napi::{Env, Task};
use napi_derive::napi;
use quietproof_prover::error::{Code, Error};
use quietproof_prover::proof::Proof;
use quietproof_prover::prover::Prover;
use quietproof_prover::verify::VerifyingKey;
use quietproof_prover::wires::Wires;

use crate::failure::{Failure, Thrown, guarded};
use crate::json::{StatedProof, VerificationKey};

/// Verifying proofs.
pub struct VerifyTask {
    prover: Arc<Prover>,
    /// `None` if one cannot be decoded, or has the wrong number of signals.
    proofs: Option<Vec<(Proof, Vec<u8>)>>,
}

impl VerifyTask {
    /// Decodes the proofs.
    pub fn new(prover: Arc<Prover>, proofs: &[StatedProof]) -> Self {
        let count = prover.public_count();
        let read = |stated: &StatedProof| {
            let signals = stated
                .signals()
                .filter(|_| stated.public_signals.len() == count)?;
            Some((stated.proof()?, signals))
        };
        Self {
            prover,
            proofs: proofs.iter().map(read).collect(),
        }
    }

    fn all_hold(&self) -> Result<bool, Error> {
        match self.proofs.as_deref() {
            None => Ok(false),
            Some([(proof, signals)]) => self.prover.verify(proof, signals),
            Some(proofs) => self
                .prover
                .verify_many(proofs.iter().map(|(proof, signals)| (*proof, &signals[..]))),
        }
    }
}

impl Task for VerifyTask {
    type Output = Result<bool, Failure>;
    type JsValue = bool;

    fn compute(&mut self) -> napi::Result<Self::Output> {
        Ok(guarded(|| self.all_hold()))
    }

    fn resolve(&mut self, env: Env, hold: Self::Output) -> napi::Result<bool> {
        hold.map_err(|failure| failure.into_rejection(env))
    }
}

/// A verification key without its proving key.
#[napi(js_name = "NativeVerifyingKey")]
pub struct CheckingKey {
    key: VerifyingKey,
}

/// Prepares a verification key on the calling thread. Its points must be in their groups; which keys allow forgeries is
/// the caller's to know.
#[napi]
pub fn verifying_key_sync(key: VerificationKey) -> Result<CheckingKey, Thrown> {
    let prepared = guarded(|| {
        let refused = || Error::new(Code::BadKey, "A point of the key is not in its group");
        Ok(VerifyingKey::from_points(
            &key.points().ok_or_else(refused)?,
        ))
    })?;
    Ok(CheckingKey { key: prepared })
}

#[napi]
impl CheckingKey {
    /// Which proofs hold, on the calling thread. One that cannot be decoded, whose points are not in their groups or
    /// that has another number of signals does not.
    #[napi]
    pub fn holding_sync(&self, proofs: Vec<StatedProof>) -> Result<Vec<bool>, Thrown> {
        Ok(guarded(|| self.holding(&proofs))?)
    }

    fn holding(&self, proofs: &[StatedProof]) -> Result<Vec<bool>, Error> {
        let mut holding = vec![false; proofs.len()];
        let (places, decoded): (Vec<usize>, Vec<_>) = proofs
            .iter()
            .enumerate()
            .filter_map(|(place, stated)| Some((place, self.decode(stated)?)))
            .unzip();
        for (place, holds) in places.into_iter().zip(self.key.holding(&decoded)?) {
            holding[place] = holds;
        }
        Ok(holding)
    }

    fn decode(&self, stated: &StatedProof) -> Option<(Proof, Wires)> {
        let count = self.key.public_count();
        let signals = stated
            .signals()
            .filter(|_| stated.public_signals.len() == count)?;
        Some((stated.proof()?, Wires::new(&signals, 1 + count).ok()?))
    }
}
