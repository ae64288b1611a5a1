//! Verification off the event loop: a single proof by itself, several by one equation.

use std::sync::Arc;

use napi::{Env, Task};
use quietproof_prover::error::Error;
use quietproof_prover::proof::Proof;
use quietproof_prover::prover::Prover;

use crate::failure::{Failure, guarded};
use crate::json::StatedProof;

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
