//! Evaluation of the circuit's polynomials at τ, through the Lagrange basis of the domain.

use ark_bn254::Fr;
use ark_ff::{AdditiveGroup, BigInt, FftField, Field, PrimeField, batch_inversion};
use zeroize::Zeroizing;

use super::toxic::Toxic;
use crate::error::Result;
use crate::formats::container::Format;
use crate::formats::r1cs::{R1cs, SparseMatrix};
use crate::formats::zkey::{MAX_LOG_DOMAIN, Shape};

/// Scalars that depend on the secrets.
type Secret = Zeroizing<Vec<Fr>>;

/// The scalars of a key's points: one per wire, or in `h` one per point of the domain.
pub struct Qap {
    /// The key's sizes.
    pub shape: Shape,
    /// A(τ).
    pub a: Secret,
    /// B(τ).
    pub b: Secret,
    /// β·A(τ) + α·B(τ) + C(τ), divided by δ for private wires.
    pub k: Secret,
    /// The Lagrange basis of the odd points of the doubled domain, over δ: the prover supplies A·B − C at these points.
    pub h: Secret,
    /// k for private wires, 0 for others, plus C(τ)·(τⁿ − 1)/(2δ): see [`crate::formats::fold`].
    pub folded: Secret,
}

impl Qap {
    /// Evaluates a circuit; `None` when τ happens to lie in the doubled domain.
    ///
    /// # Errors
    /// `BadCircuit` when it is too large.
    pub fn evaluate(circuit: &R1cs, toxic: &Toxic) -> Result<Option<Self>> {
        let shape = shape(circuit)?;
        let n = shape.domain_size() as u64;
        let doubled_root = root(2 * n);
        let bases = (
            lagrange(&toxic.tau, n, Fr::ONE, root(n), shape.domain_size()),
            lagrange(
                &toxic.tau,
                2 * n,
                doubled_root,
                root(n),
                shape.domain_size(),
            ),
        );
        let (Some(basis), Some(mut h)) = bases else {
            return Ok(None);
        };
        let inverse_delta = toxic.delta.inverse().expect("not zero");
        h.iter_mut().for_each(|value| *value *= inverse_delta);
        let [a, b, c] = &circuit.matrices;
        let column_sums = |matrix| column_sums(circuit, matrix, &basis);
        let (mut a, b, c) = (column_sums(a), column_sums(b), column_sums(c));
        // A row for the constant and each public signal, to keep them independent (snarkjs `zkey_new.js`).
        for (a, basis) in a
            .iter_mut()
            .zip(&basis[circuit.n_constraints..])
            .take(shape.n_public + 1)
        {
            *a += basis;
        }
        let (k, folded) = combine(&shape, toxic, [&a, &b, &c]);
        Ok(Some(Self {
            shape,
            a,
            b,
            k,
            h,
            folded,
        }))
    }
}

/// One row for each constraint, each public signal and the constant; at least two in total.
///
/// # Errors
/// `BadCircuit` when it is too large.
pub fn shape(circuit: &R1cs) -> Result<Shape> {
    let rows = circuit.n_constraints + circuit.n_public + 1;
    let log_domain = rows.next_power_of_two().ilog2().max(1);
    if log_domain > MAX_LOG_DOMAIN {
        let limit = format_args!("{rows} rows are too many: 2^{MAX_LOG_DOMAIN} is the limit");
        return Err(Format::R1CS.refuse(limit));
    }
    Ok(Shape {
        n_wires: circuit.n_wires,
        n_public: circuit.n_public,
        log_domain,
    })
}

/// The primitive root of unity of this order, a power of two up to 2^28.
///
/// # Panics
/// When there is none.
pub fn root(order: u64) -> Fr {
    Fr::get_root_of_unity(order).expect("the size was checked")
}

/// The Lagrange basis of the `order`-th roots of unity at τ, for the points first, first·step, …:
/// Lₓ(τ) = x·(τ^order − 1) / (order·(τ − x)). `None` when τ is one of these roots.
pub fn lagrange(tau: &Fr, order: u64, first: Fr, step: Fr, count: usize) -> Option<Secret> {
    let vanishing = Zeroizing::new(tau.pow([order]) - Fr::ONE);
    if *vanishing == Fr::ZERO {
        return None;
    }
    let points = || std::iter::successors(Some(first), |point| Some(*point * step));
    let mut basis = Zeroizing::new(Vec::with_capacity(count));
    basis.extend(points().take(count).map(|point| *tau - point));
    batch_inversion(&mut basis);
    let factor = Zeroizing::new(*vanishing / Fr::from(order));
    for (value, point) in basis.iter_mut().zip(points()) {
        *value *= *factor * point;
    }
    Some(basis)
}

/// For each wire Σ coefficient·basis[row] over its terms.
fn column_sums(circuit: &R1cs, matrix: &SparseMatrix, basis: &[Fr]) -> Secret {
    let field = |value: &[u64; 4]| Fr::from_bigint(BigInt(*value)).expect("canonical");
    let coefficients: Vec<Fr> = circuit.coefficients.iter().map(field).collect();
    let mut sums = Zeroizing::new(vec![Fr::ZERO; circuit.n_wires]);
    for (row, basis) in basis.iter().enumerate().take(circuit.n_constraints) {
        for t in matrix.row(row) {
            sums[matrix.wire[t] as usize] += coefficients[matrix.coefficient[t] as usize] * basis;
        }
    }
    sums
}

/// k and the folded k.
fn combine(shape: &Shape, toxic: &Toxic, [a, b, c]: [&Secret; 3]) -> (Secret, Secret) {
    let inverse_delta = Zeroizing::new(toxic.delta.inverse().expect("not zero"));
    let vanishing = toxic.tau.pow([shape.domain_size() as u64]) - Fr::ONE;
    let through_h = Zeroizing::new(vanishing * *inverse_delta / Fr::from(2));
    let mut k = Zeroizing::new(Vec::with_capacity(shape.n_wires));
    let mut folded = Zeroizing::new(Vec::with_capacity(shape.n_wires));
    for (wire, ((a, b), c)) in a.iter().zip(&**b).zip(&**c).enumerate() {
        let sum = toxic.beta * a + toxic.alpha * b + c;
        if wire <= shape.n_public {
            k.push(sum);
            folded.push(*c * *through_h);
        } else {
            let divided = sum * *inverse_delta;
            k.push(divided);
            folded.push(divided + *c * *through_h);
        }
    }
    (k, folded)
}
