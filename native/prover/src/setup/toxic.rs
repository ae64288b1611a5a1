//! The secrets of a key: whoever knows them can forge proofs.

use ark_bn254::Fr;
use ark_ff::Zero;
use zeroize::Zeroize;

use crate::error::Result;
use crate::prove::random_scalar;

/// τ, α, β and δ, all non-zero. Overwritten when dropped.
pub struct Toxic {
    /// The point at which the circuit's polynomials are evaluated.
    pub tau: Fr,
    /// α.
    pub alpha: Fr,
    /// β.
    pub beta: Fr,
    /// δ. γ is 1.
    pub delta: Fr,
}

impl Toxic {
    /// New random secrets from the operating system.
    ///
    /// # Errors
    /// `System` when there is no randomness.
    pub fn random() -> Result<Self> {
        Ok(Self {
            tau: non_zero()?,
            alpha: non_zero()?,
            beta: non_zero()?,
            delta: non_zero()?,
        })
    }
}

fn non_zero() -> Result<Fr> {
    loop {
        let scalar = random_scalar()?;
        if !scalar.is_zero() {
            return Ok(scalar);
        }
    }
}

impl Drop for Toxic {
    fn drop(&mut self) {
        self.tau.zeroize();
        self.alpha.zeroize();
        self.beta.zeroize();
        self.delta.zeroize();
    }
}
