//! Trying a key with several witnesses at once.

use ark_bn254::{Bn254, Fr, G1Affine, G2Affine, G2Projective};
use ark_ec::pairing::Pairing;
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{BigInt, One, PrimeField, Zero};

use super::{Cancel, LoadedKey, stop_if};
use crate::engine::Engine;
use crate::error::Result;
use crate::key::layout::Part;
use crate::msm::sparse::Recoded;
use crate::parallel::join;
use crate::points::{G1, G2, Words};
use crate::verify::{field, random_factor};
use crate::wires::Wires;

impl<E: Engine> LoadedKey<E> {
    /// Whether proofs of all these witnesses would verify, found by one equation in place of each proof's
    /// e(Aᵢ, Bᵢ) = e(α, β) · e(ICᵢ, γ) · e(Cᵢ, δ), without blinding. C is linear in the wires and in the quotient, so it is
    /// summed over the combined ones once: the larger part of the work of a proof.
    ///
    /// The factors ρᵢ are random and add up to 1, so the combined wires begin with the constant 1 too. Where an equation
    /// fails, its error vanishes from the combination with probability 2^-128 at most: the error of the combination is
    /// the last one's plus Σ ρᵢ·(the i-th one's − the last one's).
    ///
    /// A proof also takes the sum of B in G1, for its blinding. It is the one of G2 exactly if e(B1, g₂) = e(g₁, B2), which
    /// is checked of the combined wires.
    ///
    /// # Errors
    /// `Cancelled`; `System` when there is no randomness.
    pub fn proves_all(&self, witnesses: &[Wires], cancel: Cancel<'_>) -> Result<bool> {
        let Some((last, others)) = witnesses.split_last() else {
            return Ok(true);
        };
        let mut total = Total::new(self);
        let mut rest = Fr::one();
        for wires in others {
            let factor = random_factor()?;
            rest -= factor;
            total.add(wires, factor, cancel)?;
        }
        total.add(last, rest, cancel)?;
        total.holds(cancel)
    }
}

/// Sums over witnesses, each times its factor.
struct Total<'a, E: Engine> {
    key: &'a LoadedKey<E>,
    wires: Vec<Fr>,
    quotient: Vec<Fr>,
    /// (ρᵢ·Aᵢ, Bᵢ)
    pairs: Vec<(G1Affine, G2Affine)>,
    /// Σ ρᵢ·Bᵢ
    b2: G2Projective,
}

impl<'a, E: Engine> Total<'a, E> {
    fn new(key: &'a LoadedKey<E>) -> Self {
        let header = key.layout.header();
        Self {
            key,
            wires: vec![Fr::zero(); header.n_wires as usize],
            quotient: vec![Fr::zero(); 1 << header.log_domain],
            pairs: Vec::new(),
            b2: G2Projective::zero(),
        }
    }

    fn add(&mut self, wires: &Wires, factor: Fr, cancel: Cancel<'_>) -> Result<()> {
        stop_if(cancel)?;
        let key = self.key;
        let recode = |part| Recoded::new(key.layout.part(part), wires);
        let ((a, b), quotient) = join(
            || {
                join(
                    || recode(Part::AWires).sum(key.engine, key.layout.part::<G1>(Part::APoints)),
                    || recode(Part::BWires).sum(key.engine, key.layout.part::<G2>(Part::B2Points)),
                )
            },
            || key.quotient(wires),
        );
        let b = b + key.beta2;
        self.pairs
            .push((((a + key.alpha1) * factor).into_affine(), b.into_affine()));
        self.b2 += b * factor;
        for (sum, wire) in self.wires.iter_mut().zip(0..) {
            *sum += factor * field(wires.get(wire));
        }
        for (sum, value) in self.quotient.iter_mut().zip(&quotient) {
            *sum += factor * reduced(value);
        }
        Ok(())
    }

    fn holds(self, cancel: Cancel<'_>) -> Result<bool> {
        stop_if(cancel)?;
        let key = self.key;
        let bytes: Vec<Words> = self.wires.iter().map(|wire| wire.into_bigint().0).collect();
        let wires = key.wires(bytemuck::cast_slice(&bytes))?;
        let quotient: Vec<Words> = self.quotient.iter().map(|v| v.into_bigint().0).collect();
        let sum_in_g1 = |wires_of, points| {
            let scalars = Recoded::new(key.layout.part(wires_of), &wires);
            scalars.sum(key.engine, key.layout.part::<G1>(points))
        };
        let ((c, b1), h) = join(
            || {
                join(
                    || sum_in_g1(Part::CWires, Part::CPoints),
                    || sum_in_g1(Part::BWires, Part::B1Points),
                )
            },
            || key.sum_multiples(&quotient),
        );
        stop_if(cancel)?;
        let b1 = (b1 + key.beta1).into_affine();
        let same_b = Bn254::multi_pairing(
            [b1, -G1Affine::generator()],
            [G2Affine::generator(), self.b2.into_affine()],
        );
        let c = (c + h).into_affine();
        Ok(same_b.is_zero() && key.verifying_key.verify_sum(self.pairs, c, &wires))
    }
}

/// Values of a quotient are below 2^254, not all below r.
fn reduced(value: &Words) -> Fr {
    Fr::from_bigint(BigInt(*value))
        .unwrap_or_else(|| Fr::from_le_bytes_mod_order(bytemuck::bytes_of(value)))
}
