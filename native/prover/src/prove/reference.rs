//! A textbook Groth16 prover for tests: no windows, no fast transforms, and nothing shared with the prover except the
//! key's reader. Source: eprint 2016/260, section 3.2, with snarkjs' H query (the Lagrange basis of the odd coset).

use ark_bn254::{Fr, G1Projective, G2Projective};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{BigInt, FftField, Field, PrimeField, Zero};

use crate::formats::zkey::{Side, Zkey};
use crate::formats::zkey_points::{g1, g2};
use crate::proof::Proof;

/// The proof for these wires, with blinding r and s.
pub fn prove(zkey: &Zkey<'_>, wires: &[Fr], r: Fr, s: Fr) -> Proof {
    let in_g1 = |points: &[_], wires: &[Fr]| -> G1Projective {
        points
            .iter()
            .zip(wires)
            .map(|(point, wire)| g1(point) * wire)
            .sum()
    };
    let (alpha, beta, delta) = (g1(zkey.alpha1), g1(zkey.beta1), g1(zkey.delta1));
    let a = in_g1(zkey.a, wires) + alpha + delta * r;
    let b1 = in_g1(zkey.b1, wires) + beta + delta * s;
    let b2: G2Projective = zkey
        .b2
        .iter()
        .zip(wires)
        .map(|(point, wire)| g2(point) * wire)
        .sum();
    let b2 = b2 + g2(zkey.beta2) + g2(zkey.delta2) * s;
    let private = &wires[zkey.shape.n_public + 1..];
    let c = in_g1(zkey.c, private) + in_g1(zkey.h, &quotient(zkey, wires));
    let c = c + a * s + b1 * r - delta.into_group() * (r * s);
    Proof {
        a: a.into_affine(),
        b: b2.into_affine(),
        c: c.into_affine(),
    }
}

/// a·b − c on the odd coset.
fn quotient(zkey: &Zkey<'_>, wires: &[Fr]) -> Vec<Fr> {
    let n = zkey.shape.domain_size();
    let shift = Fr::from(2).pow([512]).inverse().expect("not zero");
    let mut rows = [vec![Fr::zero(); n], vec![Fr::zero(); n]];
    for entry in zkey.coefficients() {
        let value = Fr::from_bigint(BigInt(entry.value)).expect("canonical") * shift;
        let row = &mut rows[usize::from(entry.side == Side::B)][entry.row as usize];
        *row += value * wires[entry.wire as usize];
    }
    let [a, b] = rows;
    let c: Vec<Fr> = a.iter().zip(&b).map(|(a, b)| a * b).collect();
    let [a, b, c] = [a, b, c].map(|values| on_odd_coset(&values));
    (0..n).map(|j| a[j] * b[j] - c[j]).collect()
}

/// Turns a polynomial's values at ω^j into those at ω₂ₙ·ω^j, through its coefficients.
fn on_odd_coset(values: &[Fr]) -> Vec<Fr> {
    let n = values.len() as u64;
    let root = Fr::get_root_of_unity(n).expect("2-adicity");
    let odd = Fr::get_root_of_unity(2 * n).expect("2-adicity");
    let sum = |values: &[Fr], x: Fr| {
        values
            .iter()
            .rev()
            .fold(Fr::zero(), |sum, value| sum * x + value)
    };
    let inverse = Fr::from(n).inverse().expect("not zero");
    let coefficients: Vec<Fr> = (0..n)
        .map(|i| sum(values, root.pow([n - i])) * inverse)
        .collect();
    (0..n)
        .map(|j| sum(&coefficients, odd * root.pow([j])))
        .collect()
}
