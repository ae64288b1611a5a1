//! For every wire, the sum of a basis's points times the wire's coefficients in one of the circuit's matrices.
//!
//! A coefficient is a sum of few powers of two with signs, and most rows have small coefficients. So the powers of two
//! times a row's point are computed once for all its coefficients, and everything else is batched additions.

use std::cmp::Reverse;
use std::ops::Range;

use ark_bn254::Fr;
use ark_ff::{BigInt, BigInteger, PrimeField};
use rayon::prelude::*;

use crate::engine::{Addend, BLOCK, Engine, EnginePoint};
use crate::error::{Code, Error, Result};
use crate::formats::r1cs::{R1cs, SparseMatrix};
use crate::msm::sum_by_key::sum_by_key;
use crate::parallel::threads;
use crate::points::Words;
use crate::prove::Cancel;

/// Points of a chunk, with their multiples: few enough for the L2 cache.
const CHUNK_POINTS: usize = 1 << 14;
/// Additions of a chunk, which are listed.
const CHUNK_ADDITIONS: usize = 1 << 17;
/// Chunks whose sums are kept until they are added up, for each thread.
const CHUNKS_PER_THREAD: usize = 4;
/// The wire has no place in the chunk yet.
const NO_SLOT: u32 = u32::MAX;

/// A coefficient in non-adjacent form.
struct Digits {
    set: BigInt<4>,
    negative: BigInt<4>,
}

impl Digits {
    fn of(value: &Words) -> Self {
        let value = BigInt::<4>(*value);
        let mut negated = Fr::MODULUS;
        negated.sub_with_borrow(&value);
        let is_negative = negated < value;
        let small = if is_negative { negated } else { value };
        // Digit i is bit i + 1 of 3·small minus bit i + 1 of small; 3·small has at most 255 bits.
        let mut triple = small;
        triple.add_with_carry(&small);
        triple.add_with_carry(&small);
        let half = |a: [u64; 4], b: [u64; 4]| {
            let mut only_in_a = BigInt(std::array::from_fn(|i| a[i] & !b[i]));
            only_in_a.div2();
            only_in_a
        };
        let (plus, minus) = (half(triple.0, small.0), half(small.0, triple.0));
        Self {
            set: BigInt(std::array::from_fn(|i| plus.0[i] | minus.0[i])),
            negative: if is_negative { plus } else { minus },
        }
    }

    /// Number of digits, up to the highest that is not zero.
    fn levels(&self) -> u32 {
        self.set.num_bits()
    }

    fn count(&self) -> u32 {
        self.set.0.iter().map(|word| word.count_ones()).sum()
    }

    /// Calls `emit(level, negative)` for every digit that is not zero.
    fn for_each(&self, mut emit: impl FnMut(usize, bool)) {
        for (word, (mut set, negative)) in self.set.0.into_iter().zip(self.negative.0).enumerate() {
            while set != 0 {
                let bit = set.trailing_zeros();
                emit(word * 64 + bit as usize, negative >> bit & 1 == 1);
                set &= set - 1;
            }
        }
    }
}

/// Sums over the matrices of a circuit.
pub struct MatrixSums<'a> {
    circuit: &'a R1cs,
    digits: Vec<Digits>,
    cancel: Cancel<'a>,
}

impl<'a> MatrixSums<'a> {
    /// For the matrices of this circuit.
    pub fn new(circuit: &'a R1cs, cancel: Cancel<'a>) -> Self {
        Self {
            circuit,
            digits: circuit.coefficients.iter().map(Digits::of).collect(),
            cancel,
        }
    }

    /// Adds Σ coefficient·basis(row) over the matrix to the sum of every wire.
    ///
    /// # Errors
    /// `Cancelled`.
    pub fn add<E: Engine, P: EnginePoint>(
        &self,
        engine: E,
        matrix: &SparseMatrix,
        basis: impl Fn(usize) -> P + Sync,
        sums: &mut [P],
    ) -> Result<()> {
        let chunks = self.chunks(matrix);
        for group in chunks.chunks(CHUNKS_PER_THREAD * threads()) {
            let new_slots = || vec![NO_SLOT; self.circuit.n_wires];
            let chunk = |slots: &mut Vec<u32>, rows: &Range<usize>| match (self.cancel)() {
                true => Err(Error::new(Code::Cancelled, "cancelled")),
                false => Ok(self.chunk(engine, matrix, &basis, rows.clone(), slots)),
            };
            let parts: Vec<_> = match threads() {
                1 => {
                    let mut slots = new_slots();
                    let parts = group.iter().map(|rows| chunk(&mut slots, rows));
                    parts.collect::<Result<_>>()?
                }
                _ => {
                    let parts = group.par_iter().map_init(new_slots, chunk);
                    parts.collect::<Result<_>>()?
                }
            };
            for (wires, part) in parts {
                add_part(engine, &wires, &part, sums);
            }
        }
        Ok(())
    }

    /// Adds the points of the rows that a key has after the constraints: one for the constant and each public signal.
    pub fn add_public_rows<E: Engine, P: EnginePoint>(
        &self,
        engine: E,
        basis: impl Fn(usize) -> P,
        sums: &mut [P],
    ) {
        let wires: Vec<u32> = (0..=self.circuit.n_public as u32).collect();
        let rows = wires
            .iter()
            .map(|wire| self.circuit.n_constraints + *wire as usize);
        let points: Vec<P> = rows.map(basis).collect();
        add_part(engine, &wires, &points, sums);
    }

    /// Whether a row of the matrix has a coefficient other than zero.
    pub fn uses_row(&self, matrix: &SparseMatrix, row: usize) -> bool {
        self.row_cost(matrix, row).0 > 0
    }

    /// The number of powers of two that a row needs, and of additions.
    fn row_cost(&self, matrix: &SparseMatrix, row: usize) -> (u32, u32) {
        matrix.row(row).fold((0, 0), |(levels, additions), t| {
            let digits = &self.digits[matrix.coefficient[t] as usize];
            (levels.max(digits.levels()), additions + digits.count())
        })
    }

    fn chunks(&self, matrix: &SparseMatrix) -> Vec<Range<usize>> {
        let mut chunks = Vec::new();
        let (mut start, mut points, mut additions) = (0, 0, 0);
        for row in 0..self.circuit.n_constraints {
            let (levels, more) = self.row_cost(matrix, row);
            points += levels as usize;
            additions += more as usize;
            if points >= CHUNK_POINTS || additions >= CHUNK_ADDITIONS {
                chunks.push(start..row + 1);
                (start, points, additions) = (row + 1, 0, 0);
            }
        }
        chunks.push(start..self.circuit.n_constraints);
        chunks
    }

    /// The sums of a chunk of rows, with their wires. `slots` has no slots before and after.
    fn chunk<E: Engine, P: EnginePoint>(
        &self,
        engine: E,
        matrix: &SparseMatrix,
        basis: &impl Fn(usize) -> P,
        rows: Range<usize>,
        slots: &mut [u32],
    ) -> (Vec<u32>, Vec<P>) {
        let costs = rows.map(|row| (self.row_cost(matrix, row).0, row));
        let mut used: Vec<_> = costs.filter(|(levels, _)| *levels > 0).collect();
        used.sort_unstable_by_key(|(levels, row)| (Reverse(*levels), *row));
        let (points, starts) = with_doubles(engine, basis, &used);
        let mut wires = Vec::new();
        let mut addends = Vec::new();
        for (rank, (_, row)) in used.iter().enumerate() {
            for t in matrix.row(*row) {
                let wire = matrix.wire[t];
                let slot = &mut slots[wire as usize];
                if *slot == NO_SLOT {
                    *slot = wires.len() as u32;
                    wires.push(wire);
                }
                let digits = &self.digits[matrix.coefficient[t] as usize];
                digits.for_each(|level, negative| {
                    addends.push(Addend::new(*slot, starts[level] + rank, negative));
                });
            }
        }
        for wire in &wires {
            slots[*wire as usize] = NO_SLOT;
        }
        let sums = sum_by_key(engine, wires.len(), &addends, &points);
        (wires, sums)
    }
}

/// 2^level times the point of every row, level after level, and where each level starts. Rows that need most come first.
fn with_doubles<E: Engine, P: EnginePoint>(
    engine: E,
    basis: &impl Fn(usize) -> P,
    rows: &[(u32, usize)],
) -> (Vec<P>, Vec<usize>) {
    let mut points: Vec<P> = rows.iter().map(|(_, row)| basis(*row)).collect();
    let mut starts = vec![0];
    let levels = rows.first().map_or(0, |(levels, _)| *levels);
    for level in 1..levels {
        let count = rows.partition_point(|(levels, _)| *levels > level);
        let (before, start) = (starts[starts.len() - 1], points.len());
        points.extend_from_within(before..before + count);
        P::double_batch(engine, &mut points[start..], 1);
        starts.push(start);
    }
    (points, starts)
}

/// Adds the points to the sums of their wires, which are distinct.
fn add_part<E: Engine, P: EnginePoint>(engine: E, wires: &[u32], points: &[P], sums: &mut [P]) {
    for (wires, points) in wires.chunks(BLOCK).zip(points.chunks(BLOCK)) {
        let to_wire = |(i, wire): (usize, &u32)| Addend::new(*wire, i, false);
        let addends: Vec<_> = wires.iter().enumerate().map(to_wire).collect();
        P::accumulate(engine, sums, &addends, points);
    }
}

#[cfg(test)]
mod tests {
    use ark_ec::CurveGroup;
    use ark_ff::{Field, UniformRand, Zero};

    use super::*;
    use crate::engine::Portable;
    use crate::msm::tests::{multiples, rng};
    use crate::parallel::with_threads;
    use crate::points::{G1, G2, Point};

    /// Rows with coefficients of every size, wires in many rows, an empty row, and more rows than a chunk has.
    fn circuit(rows: usize) -> R1cs {
        let mut rng = rng();
        let mut values: Vec<Fr> = (0..40).map(|_| Fr::rand(&mut rng)).collect();
        values.extend((0..254).step_by(11).map(|bit| Fr::from(2).pow([bit])));
        values.extend([0, 1, -1, 3, -5, 127].map(Fr::from));
        let mut matrix = SparseMatrix {
            row_start: vec![0],
            ..Default::default()
        };
        for row in 0..rows {
            for term in 0..row % 4 {
                matrix.wire.push(((row * 7 + term * 3) % 50) as u32);
                matrix
                    .coefficient
                    .push(((row * 5 + term * 11) % values.len()) as u32);
            }
            matrix.row_start.push(matrix.wire.len() as u32);
        }
        R1cs {
            n_wires: 50,
            n_public: 2,
            n_constraints: rows,
            matrices: [matrix.clone(), matrix.clone(), matrix],
            coefficients: values.iter().map(|value| value.into_bigint().0).collect(),
        }
    }

    fn agrees<P: EnginePoint>(rows: usize) {
        let circuit = circuit(rows);
        let points: Vec<P> = multiples(Portable, rows + 3);
        let matrix = &circuit.matrices[0];
        let mut expected = vec![P::Curve::zero(); circuit.n_wires];
        for (row, point) in points.iter().enumerate().take(rows) {
            for t in matrix.row(row) {
                let value = circuit.coefficients[matrix.coefficient[t] as usize];
                let value = Fr::from_bigint(BigInt(value)).unwrap();
                expected[matrix.wire[t] as usize] += Portable.unpack(point) * value;
            }
        }
        for wire in 0..3 {
            expected[wire] += Portable.unpack(&points[rows + wire]);
        }
        for threads in [1, 2] {
            let mut sums = vec![P::INFINITY; circuit.n_wires];
            with_threads(threads, || {
                let columns = MatrixSums::new(&circuit, &|| false);
                let basis = |row: usize| points[row];
                columns.add(Portable, matrix, basis, &mut sums).unwrap();
                columns.add_public_rows(Portable, basis, &mut sums);
            });
            for (sum, expected) in sums.iter().zip(&expected) {
                assert_eq!(Portable.unpack(sum), expected.into_affine());
            }
        }
    }

    #[test]
    fn sums_are_those_of_the_definition() {
        agrees::<G1>(300);
        agrees::<G2>(40);
    }

    #[test]
    fn digits_are_short_and_add_up() {
        let mut rng = rng();
        let values = (0..200).map(|_| Fr::rand(&mut rng));
        for value in values.chain([0, 1, -1, 2, -2, 7, -7].map(Fr::from)) {
            let digits = Digits::of(&value.into_bigint().0);
            let mut sum = Fr::zero();
            digits.for_each(|level, negative| {
                let power = Fr::from(2).pow([level as u64]);
                sum += if negative { -power } else { power };
            });
            assert_eq!(sum, value);
            assert!(digits.levels() <= 254);
        }
        assert_eq!(Digits::of(&(-Fr::from(7)).into_bigint().0).count(), 2);
    }

    #[test]
    fn stops_when_told_to() {
        let circuit = circuit(5);
        let mut sums = vec![G1::INFINITY; circuit.n_wires];
        let stopped = MatrixSums::new(&circuit, &|| true).add(
            Portable,
            &circuit.matrices[0],
            |_| G1::INFINITY,
            &mut sums,
        );
        assert_eq!(stopped.unwrap_err().code, Code::Cancelled);
    }
}
