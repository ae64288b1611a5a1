//! The folded C query of a key whose secrets nobody knows, see [`crate::formats::fold`]: the same points that the maker of
//! a development key computes from its secrets, from the key's own points.

use std::fs::File;
use std::path::Path;

use ark_bn254::Fr;
use ark_ff::{AdditiveGroup, BigInt, Field, PrimeField};

use super::group_transform::from_odd_coset;
use super::matrix_sums::MatrixSums;
use super::multiply_each::{SplitScalar, TOGETHER, multiply_each};
use super::prepare::write_points;
use super::random_combination::{combine, random_scalars};
use super::scalar_transform::to_odd_coset;
use crate::durable::{map_file, write_durably};
use crate::engine::{Engine, EngineChoice, WithEngine};
use crate::error::{Code, Error, Result};
use crate::formats::container::Format;
use crate::formats::fold::{fold_path, write_fold};
use crate::formats::r1cs::R1cs;
use crate::formats::zkey::{G1Bytes, Zkey};
use crate::formats::zkey_points::g1;
use crate::msm::digits::SCALAR_BITS;
use crate::parallel::with_threads;
use crate::points::{G1, Point, Words};
use crate::prove::Cancel;
use crate::setup::qap::shape;

/// Computes the folded C query of the key in a file, for its circuit, given as a `.r1cs` file, and writes it to
/// `fold_path(zkey)`. The key's points are trusted: proofs with the fold of a bad one do not verify.
///
/// # Errors
/// `BadKey`, also when the circuit has another shape; `BadCircuit`; `Cancelled`; `System`. No incomplete file is left
/// behind.
pub fn fold_key(
    engine: EngineChoice,
    r1cs: &[u8],
    zkey: &Path,
    threads: usize,
    cancel: Cancel<'_>,
) -> Result<()> {
    let unreadable = |error| {
        let message = format!("{} cannot be read: {error}", zkey.display());
        Error::new(Code::System, message)
    };
    let bytes = map_file(&File::open(zkey).map_err(unreadable)?).map_err(unreadable)?;
    let task = FoldTask {
        key: &Zkey::read(&bytes)?,
        circuit: &R1cs::read(r1cs)?,
        cancel,
    };
    let points = with_threads(threads, || engine.with(task))??;
    write_durably(&fold_path(zkey), &write_fold(&bytes, &points))
}

struct FoldTask<'a> {
    key: &'a Zkey<'a>,
    circuit: &'a R1cs,
    cancel: Cancel<'a>,
}

impl WithEngine for FoldTask<'_> {
    type Output = Result<Vec<u8>>;

    fn run<E: Engine>(self, engine: E) -> Result<Vec<u8>> {
        let Self {
            key,
            circuit,
            cancel,
        } = self;
        if shape(circuit)? != key.shape {
            return Err(Format::ZKEY.refuse("it is not of this circuit"));
        }
        let mut basis: Vec<G1> = key.h.iter().map(|point| engine.pack(&g1(point))).collect();
        let [_, _, c] = &circuit.matrices;
        let sums = MatrixSums::new(circuit, cancel);
        let used: Vec<usize> = (0..circuit.n_constraints)
            .filter(|row| sums.uses_row(c, *row))
            .collect();
        if !used.is_empty() {
            from_odd_coset(engine, &mut basis, cancel)?;
            scale(engine, &mut basis, &used);
        }
        let mut folded = vec![G1::INFINITY; circuit.n_wires];
        let first = key.shape.n_public + 1;
        for (folded, point) in folded[first..].iter_mut().zip(key.c) {
            *folded = engine.pack(&g1(point));
        }
        sums.add(engine, c, |row| basis[row], &mut folded)?;
        let mut bytes = vec![0; folded.len() * size_of::<G1Bytes>()];
        write_points(engine, &folded, &mut bytes);
        match self.holds(engine, bytes.as_chunks().0)? {
            true => Ok(bytes),
            false => Err(Format::ZKEY.refuse("its points do not fold")),
        }
    }
}

impl FoldTask<'_> {
    /// Whether the fold adds C's share for every wire, by one random combination of all: without this, an error of the
    /// machine here would spoil every later proof. With c the combination of C's columns, Σ rᵢ·(folded point − C query's
    /// point) is −Σ c(xⱼ)·Hⱼ.
    fn holds<E: Engine>(&self, engine: E, folded: &[G1Bytes]) -> Result<bool> {
        let read = |point: &G1Bytes| engine.pack::<G1>(&g1(point));
        let factors = random_scalars(folded.len())?;
        let first = self.key.shape.n_public + 1;
        let with = combine(engine, folded, read, &factors, 128, self.cancel)?;
        let without = combine(
            engine,
            self.key.c,
            read,
            &factors[first..],
            128,
            self.cancel,
        )?;
        let mut values = vec![Fr::ZERO; self.key.h.len()];
        let [_, _, c] = &self.circuit.matrices;
        let field = |words: &Words| Fr::new(BigInt(*words));
        for (row, value) in values
            .iter_mut()
            .enumerate()
            .take(self.circuit.n_constraints)
        {
            for t in c.row(row) {
                let coefficient = field(&self.circuit.coefficients[c.coefficient[t] as usize]);
                *value += coefficient * field(&factors[c.wire[t] as usize]);
            }
        }
        to_odd_coset(&mut values);
        let values: Vec<Words> = values.iter().map(|value| value.into_bigint().0).collect();
        let moved = combine(engine, self.key.h, read, &values, SCALAR_BITS, self.cancel)?;
        Ok(with - without == -moved)
    }
}

/// Divides the points of these rows by −n, so that the row's one is Lₖ(τ)·(τⁿ − 1)/(2δ).
fn scale<E: Engine>(engine: E, basis: &mut [G1], rows: &[usize]) {
    let factor = -Fr::from(basis.len() as u64);
    let factor = SplitScalar::of(factor.inverse().expect("not zero"));
    for rows in rows.chunks(TOGETHER) {
        let mut points: Vec<G1> = rows.iter().map(|row| basis[*row]).collect();
        multiply_each(engine, &mut points, |_| &factor);
        for (row, point) in rows.iter().zip(points) {
            basis[*row] = point;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Portable;
    use crate::formats::samples;
    use crate::setup::DevelopmentKey;
    use crate::setup::toxic::Toxic;

    fn folded(r1cs: &[u8], zkey: &[u8], cancel: Cancel<'_>) -> Result<Vec<u8>> {
        let task = FoldTask {
            key: &Zkey::read(zkey).unwrap(),
            circuit: &R1cs::read(r1cs).unwrap(),
            cancel,
        };
        Ok(write_fold(zkey, &task.run(Portable)?))
    }

    #[test]
    fn is_the_fold_that_the_secrets_give() {
        let r1cs = samples::circuit().r1cs();
        let toxic = Toxic::random().unwrap();
        let key = DevelopmentKey::with_toxic(Portable, &r1cs, &toxic).unwrap();
        assert!(folded(&r1cs, &key.zkey, &|| false).unwrap() == key.fold);
    }

    #[test]
    fn refuses_another_circuit_and_stops_when_told_to() {
        let mut circuit = samples::circuit();
        let r1cs = circuit.r1cs();
        let toxic = Toxic::random().unwrap();
        let key = DevelopmentKey::with_toxic(Portable, &r1cs, &toxic).unwrap();
        let stopped = folded(&r1cs, &key.zkey, &|| true).unwrap_err();
        assert_eq!(stopped.code, Code::Cancelled);
        circuit.n_public += 1;
        let refused = folded(&circuit.r1cs(), &key.zkey, &|| false).unwrap_err();
        assert_eq!(refused.code, Code::BadKey);
    }
}
