//! The points of a phase-1 file that a circuit uses.

use rayon::prelude::*;

use crate::error::{Code, Error, Result};
use crate::formats::ptau::Ptau;
use crate::formats::zkey::{G1Bytes, G2Bytes, is_canonical};
use crate::formats::zkey_points::{g1, g2};
use crate::parallel::threads;
use crate::prove::Cancel;

/// Points checked between two looks at the permit.
const CHECKED_TOGETHER: usize = 4096;

/// Views of a file's points for one size of the domain. All are on their curve, in G2 perhaps outside of the group.
pub struct Phase1Points<'a> {
    /// The file.
    pub ptau: &'a Ptau<'a>,
    /// Powers of τ: all that the file has below 2^(log_domain + 1).
    pub powers: &'a [G1Bytes],
    /// τ in G2.
    pub tau2: &'a G2Bytes,
    /// The Lagrange basis of the doubled domain.
    pub doubled: &'a [G1Bytes],
    /// The Lagrange basis of the domain.
    pub basis: &'a [G1Bytes],
    /// The same in G2.
    pub basis2: &'a [G2Bytes],
    /// The basis times α.
    pub basis_alpha: &'a [G1Bytes],
    /// The basis times β.
    pub basis_beta: &'a [G1Bytes],
}

impl<'a> Phase1Points<'a> {
    /// Checks that every point is on its curve.
    ///
    /// # Errors
    /// `InconsistentPhase1`; `Cancelled`.
    pub fn checked(ptau: &'a Ptau<'a>, log_domain: u32, cancel: Cancel<'_>) -> Result<Self> {
        let powers = ptau.tau1.len().min(2 << log_domain);
        let points = Self {
            ptau,
            powers: &ptau.tau1[..powers],
            tau2: &ptau.tau2[1],
            doubled: ptau.lagrange.of(log_domain + 1),
            basis: ptau.lagrange.of(log_domain),
            basis2: ptau.lagrange2.of(log_domain),
            basis_alpha: ptau.lagrange_alpha.of(log_domain),
            basis_beta: ptau.lagrange_beta.of(log_domain),
        };
        let on_curve1 = |point: &G1Bytes| is_canonical(point) && g1(point).is_on_curve();
        let on_curve2 = |point: &G2Bytes| is_canonical(point) && g2(point).is_on_curve();
        for (name, listed) in [
            ("power of tau", points.powers),
            ("point of the doubled Lagrange basis", points.doubled),
            ("point of the Lagrange basis", points.basis),
            (
                "point of the Lagrange basis times alpha",
                points.basis_alpha,
            ),
            ("point of the Lagrange basis times beta", points.basis_beta),
            ("alpha", std::slice::from_ref(ptau.alpha1)),
            ("beta", std::slice::from_ref(ptau.beta1)),
        ] {
            check_all(listed, name, on_curve1, cancel)?;
        }
        for (name, listed) in [
            ("point of the Lagrange basis in G2", points.basis2),
            ("tau in G2", std::slice::from_ref(points.tau2)),
            ("beta in G2", std::slice::from_ref(ptau.beta2)),
        ] {
            check_all(listed, name, on_curve2, cancel)?;
        }
        Ok(points)
    }
}

fn check_all<T: Sync>(
    points: &[T],
    name: &str,
    holds: impl Fn(&T) -> bool + Sync,
    cancel: Cancel<'_>,
) -> Result<()> {
    let check = |points: &[T]| {
        if cancel() {
            return Err(Error::new(Code::Cancelled, "cancelled"));
        }
        match points.iter().all(&holds) {
            true => Ok(()),
            false => Err(inconsistent(format!("A {name} is not on the curve"))),
        }
    };
    match threads() {
        1 => points.chunks(CHECKED_TOGETHER).try_for_each(check),
        _ => points.par_chunks(CHECKED_TOGETHER).try_for_each(check),
    }
}

/// An error: the points do not belong together.
pub(super) fn inconsistent(what: impl Into<String>) -> Error {
    Error::new(Code::InconsistentPhase1, what)
}
