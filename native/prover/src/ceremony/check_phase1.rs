//! Whether the points of a phase-1 file that a circuit uses belong together: powers of a single τ, the Lagrange bases
//! derived from them, and both times α and β. Its contributions are not checked.
//!
//! Each check compares one random combination of all points, with coefficients of 128 bits, so a wrong point goes
//! unnoticed with probability about 2^-128. That holds for points of the group, so G2's are first shown to be of it.

use std::path::Path;

use ark_bn254::{Bn254, Fr, G1Affine, G1Projective, G2Affine, G2Projective};
use ark_ec::AffineRepr;
use ark_ec::pairing::Pairing;
use ark_ff::{PrimeField, Zero};

use super::phase1_points::{Phase1Points, inconsistent};
use super::prepare::map_phase1;
use super::random_combination::{combine, random_scalars};
use super::scalar_transform::inverse_transform;
use super::subgroup::all_in_g2;
use crate::engine::{Engine, EngineChoice, WithEngine};
use crate::error::Result;
use crate::formats::ptau::Ptau;
use crate::formats::zkey::{G1Bytes, G2Bytes};
use crate::formats::zkey_points::{g1, g2};
use crate::msm::digits::SCALAR_BITS;
use crate::parallel::with_threads;
use crate::points::{G1, G2, Words};
use crate::prove::Cancel;

/// Checks the points that a circuit with 2^log_domain rows uses.
///
/// # Errors
/// `BadPhase1`; `InconsistentPhase1`; `Cancelled`; `System` when the file cannot be read, there is no randomness or the
/// engine is not supported.
pub fn check_phase1(
    engine: EngineChoice,
    ptau: &Path,
    log_domain: u32,
    threads: usize,
    cancel: Cancel<'_>,
) -> Result<()> {
    let file = map_phase1(ptau)?;
    let ptau = Ptau::read(&file, log_domain)?;
    let task = CheckTask {
        ptau: &ptau,
        log_domain,
        cancel,
    };
    with_threads(threads, || engine.with(task))?
}

struct CheckTask<'a> {
    ptau: &'a Ptau<'a>,
    log_domain: u32,
    cancel: Cancel<'a>,
}

impl WithEngine for CheckTask<'_> {
    type Output = Result<()>;

    fn run<E: Engine>(self, engine: E) -> Result<()> {
        let points = Phase1Points::checked(self.ptau, self.log_domain, self.cancel)?;
        let check = Check {
            engine,
            points,
            cancel: self.cancel,
        };
        check.powers()?;
        check.doubled_basis()?;
        check.basis()
    }
}

struct Check<'a, E> {
    engine: E,
    points: Phase1Points<'a>,
    cancel: Cancel<'a>,
}

/// A random polynomial: 128 bits of randomness for its value at each root of unity, and its coefficients.
struct RandomPolynomial {
    values: Vec<Words>,
    coefficients: Vec<Words>,
}

impl RandomPolynomial {
    fn new(n: usize) -> Result<Self> {
        let values = random_scalars(n)?;
        let mut coefficients: Vec<Fr> = values
            .iter()
            .map(|value| Fr::new(ark_ff::BigInt(*value)))
            .collect();
        inverse_transform(&mut coefficients);
        let plain = |value: &Fr| value.into_bigint().0;
        Ok(Self {
            values,
            coefficients: coefficients.iter().map(plain).collect(),
        })
    }
}

impl<E: Engine> Check<'_, E> {
    fn powers(&self) -> Result<()> {
        let powers = self.points.powers;
        let ptau = self.points.ptau;
        let one2 = g2(&ptau.tau2[0]);
        if g1(&powers[0]) != G1Affine::generator() || one2 != G2Affine::generator() {
            return Err(inconsistent(
                "The powers of tau do not start at the generators",
            ));
        }
        let (tau2, beta2) = (g2(self.points.tau2), g2(ptau.beta2));
        for (name, point) in [("tau", tau2), ("beta", beta2)] {
            if !point.is_in_correct_subgroup_assuming_on_curve() {
                return Err(inconsistent(format!("{name} in G2 is not in its group")));
            }
        }
        let scalars = random_scalars(powers.len() - 1)?;
        let lower = self.combine1(&powers[..scalars.len()], &scalars, 128)?;
        let upper = self.combine1(&powers[1..], &scalars, 128)?;
        if !same_ratio(lower, upper, G2Affine::generator().into(), tau2.into()) {
            return Err(inconsistent(
                "The powers of tau are not powers of a single number",
            ));
        }
        let [one1, beta1] = [G1Affine::generator(), g1(ptau.beta1)].map(G1Projective::from);
        match same_ratio(one1, beta1, one2.into(), beta2.into()) {
            true => Ok(()),
            false => Err(inconsistent("beta differs between the two groups")),
        }
    }

    /// The basis of 2n points, from which a key's H points are taken.
    fn doubled_basis(&self) -> Result<()> {
        let Phase1Points {
            powers, doubled, ..
        } = self.points;
        let RandomPolynomial {
            values,
            coefficients,
        } = RandomPolynomial::new(doubled.len())?;
        let basis = self.combine1(doubled, &values, 128)?;
        let known = &coefficients[..powers.len()];
        let expected = self.combine1(powers, known, SCALAR_BITS)?;
        let fits = match coefficients.get(powers.len()) {
            None => basis == expected,
            // The file lacks the last power. snarkjs takes infinity for it; another tool may compute it.
            Some(last) => {
                basis == expected || {
                    let before =
                        self.combine1(&powers[powers.len() - 1..], &[*last], SCALAR_BITS)?;
                    let one2 = G2Affine::generator().into();
                    same_ratio(before, basis - expected, one2, g2(self.points.tau2).into())
                }
            }
        };
        match fits {
            true => Ok(()),
            false => Err(inconsistent(
                "The Lagrange basis of the doubled domain does not fit the powers of tau",
            )),
        }
    }

    /// The basis of n points in both groups, and its multiples by α and β.
    fn basis(&self) -> Result<()> {
        let points = &self.points;
        let n = points.basis.len();
        let RandomPolynomial {
            values,
            coefficients,
        } = RandomPolynomial::new(n)?;
        let in_g1 = self.combine1(points.basis, &values, 128)?;
        if in_g1 != self.combine1(&points.powers[..n], &coefficients, SCALAR_BITS)? {
            return Err(inconsistent(
                "The Lagrange basis does not fit the powers of tau",
            ));
        }
        if !all_in_g2(self.engine, points.basis2, self.cancel)? {
            return Err(inconsistent(
                "A point of the Lagrange basis in G2 is not in its group",
            ));
        }
        let in_g2 = self.combine2(points.basis2, &values, 128)?;
        let one1 = G1Affine::generator().into();
        let one2 = G2Affine::generator().into();
        if !same_ratio(one1, in_g1, one2, in_g2) {
            return Err(inconsistent("The Lagrange bases in G1 and G2 differ"));
        }
        for (name, factor, listed) in [
            ("alpha", points.ptau.alpha1, points.basis_alpha),
            ("beta", points.ptau.beta1, points.basis_beta),
        ] {
            let times = self.combine1(listed, &values, 128)?;
            if !same_ratio(g1(factor).into(), times, one2, in_g2) {
                let what = format!("The Lagrange basis times {name} does not fit");
                return Err(inconsistent(what));
            }
        }
        Ok(())
    }

    fn combine1(&self, points: &[G1Bytes], scalars: &[Words], bits: u32) -> Result<G1Projective> {
        let read = |point: &G1Bytes| self.engine.pack::<G1>(&g1(point));
        combine(self.engine, points, read, scalars, bits, self.cancel)
    }

    fn combine2(&self, points: &[G2Bytes], scalars: &[Words], bits: u32) -> Result<G2Projective> {
        let read = |point: &G2Bytes| self.engine.pack::<G2>(&g2(point));
        combine(self.engine, points, read, scalars, bits, self.cancel)
    }
}

/// Whether the discrete logarithms satisfy b1 / a1 = b2 / a2. False if a point is at infinity.
fn same_ratio(a1: G1Projective, b1: G1Projective, a2: G2Projective, b2: G2Projective) -> bool {
    if a1.is_zero() || b1.is_zero() || a2.is_zero() || b2.is_zero() {
        return false;
    }
    Bn254::multi_pairing([a1, -b1], [b2, a2]).is_zero()
}

#[cfg(test)]
mod tests {
    use ark_bn254::{Fq2, g2::Config};
    use ark_ec::short_weierstrass::SWCurveConfig;
    use ark_ec::{CurveConfig, CurveGroup};
    use ark_ff::{AdditiveGroup, Field, UniformRand};

    use super::*;
    use crate::ceremony::known_tau::{TemporaryPtau, write_known_tau};
    use crate::engine::Portable;
    use crate::error::Code;
    use crate::formats::ptau::section;
    use crate::formats::zkey_points::{g1_bytes, g2_bytes};
    use crate::msm::tests::rng;
    use crate::setup::qap::root;
    use crate::setup::toxic::Toxic;

    const POWER: u32 = 4;

    fn file() -> (Toxic, Vec<u8>) {
        let (secrets, mut file) = (Toxic::random().unwrap(), Vec::new());
        write_known_tau(Portable, POWER, &secrets, &mut file).unwrap();
        (secrets, file)
    }

    fn check(file: &[u8], log_domain: u32) -> Result<()> {
        let file = TemporaryPtau::new(file);
        check_phase1(EngineChoice::Portable, &file.0, log_domain, 2, &|| false)
    }

    fn is_refused(file: &[u8], log_domain: u32) {
        let refused = check(file, log_domain).unwrap_err();
        assert_eq!(refused.code, Code::InconsistentPhase1, "{refused}");
    }

    /// Offset of a point of G1 or G2 in a section.
    fn offset(file: &[u8], id: u32, point: usize, bytes: usize) -> usize {
        let mut at = 12;
        loop {
            let number = |at: usize| u32::from_le_bytes(*file[at..].first_chunk().unwrap());
            let length = number(at + 4) as usize;
            if number(at) == id {
                return at + 12 + point * bytes;
            }
            at += 12 + length;
        }
    }

    /// Adds E·ω^j to every point of a basis: as if the highest power of τ were another.
    fn with_another_last_power(file: &mut [u8], log_size: u32, shift: &Fr) {
        let size = 1usize << log_size;
        for j in 0..size {
            let at = offset(file, section::LAGRANGE_G1, size - 1 + j, 64);
            let point: &mut G1Bytes = file[at..].first_chunk_mut().unwrap();
            let moved = G1Affine::generator() * (*shift * root(size as u64).pow([j as u64]));
            *point = g1_bytes(&(g1(point) + moved).into_affine());
        }
    }

    #[test]
    fn accepts_files_for_their_power_and_below() {
        let (_, file) = file();
        for log_domain in 1..=POWER {
            check(&file, log_domain).unwrap();
        }
    }

    #[test]
    fn refuses_bases_with_another_last_power() {
        let (secrets, file) = file();
        let mut changed = file.clone();
        with_another_last_power(&mut changed, POWER, &Fr::from(5));
        is_refused(&changed, POWER);
        is_refused(&changed, POWER - 1); // there, it is the doubled basis
        let mut changed = file.clone();
        with_another_last_power(&mut changed, POWER + 1, &Fr::from(5));
        is_refused(&changed, POWER);
        check(&changed, POWER - 1).unwrap();
        // The file lacks that power, but the right one is right.
        let mut completed = file;
        let size = Fr::from(2u64 << POWER);
        let last = secrets.tau.pow([(2 << POWER) - 1]) / size;
        with_another_last_power(&mut completed, POWER + 1, &last);
        check(&completed, POWER).unwrap();
    }

    #[test]
    fn refuses_points_of_small_order_in_g2() {
        // (cofactor / 10069) · r · a random point has an order that divides 10069.
        let mut quotient: Vec<u64> = Config::COFACTOR.to_vec();
        let mut rest = 0u128;
        for word in quotient.iter_mut().rev() {
            let value = rest << 64 | u128::from(*word);
            (*word, rest) = ((value / 10069) as u64, value % 10069);
        }
        assert_eq!(rest, 0);
        let mut rng = rng();
        let small = loop {
            let x = Fq2::rand(&mut rng);
            let Some(y) = (x.square() * x + Config::COEFF_B).sqrt() else {
                continue;
            };
            let times = |point: G2Projective, factor: &[u64]| {
                factor.iter().rev().fold(G2Projective::ZERO, |sum, word| {
                    (0..64).rev().fold(sum, |sum, bit| {
                        let twice = sum.double();
                        if word >> bit & 1 == 1 {
                            twice + point
                        } else {
                            twice
                        }
                    })
                })
            };
            let point = G2Affine::new_unchecked(x, y).into();
            let small = times(times(point, &quotient), &Fr::MODULUS.0);
            if !small.is_zero() {
                break small;
            }
        };
        let (_, mut file) = file();
        let at = offset(&file, section::LAGRANGE_G2, (1 << POWER) - 1 + 3, 128);
        let point: &mut G2Bytes = file[at..].first_chunk_mut().unwrap();
        *point = g2_bytes(&(small + g2(point)).into_affine());
        is_refused(&file, POWER);
        check(&file, POWER - 1).unwrap();
    }

    #[test]
    fn refuses_every_point_that_is_another() {
        let (_, file) = file();
        let n = 1 << POWER;
        for (id, index, bytes) in [
            (section::TAU_G1, 0, 64),
            (section::TAU_G1, 5, 64),
            (section::TAU_G1, 2 * n - 2, 64),
            (section::TAU_G2, 0, 128),
            (section::TAU_G2, 1, 128),
            (section::ALPHA_TAU_G1, 0, 64),
            (section::BETA_TAU_G1, 0, 64),
            (section::BETA_G2, 0, 128),
            (section::LAGRANGE_G1, n - 1, 64),
            (section::LAGRANGE_G1, 4 * n - 2, 64),
            (section::LAGRANGE_G2, 2 * n - 2, 128),
            (section::LAGRANGE_ALPHA_G1, n, 64),
            (section::LAGRANGE_BETA_G1, n + 1, 64),
        ] {
            let at = offset(&file, id, index, bytes);
            // Another point of the same group, or the point at infinity.
            for other in [
                Some(offset(&file, if bytes == 64 { 2 } else { 3 }, 3, bytes)),
                None,
            ] {
                let mut changed = file.clone();
                match other {
                    Some(other) => changed.copy_within(other..other + bytes, at),
                    None => changed[at..at + bytes].fill(0),
                }
                is_refused(&changed, POWER);
            }
        }
    }
}
