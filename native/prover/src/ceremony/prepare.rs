//! The first key of a phase 2 (snarkjs: `zkey new`): the circuit's queries over the bases of a phase-1 file, with δ = 1.
//! Everybody gets the same bytes, so that anyone can repeat it.

use std::fs::File;
use std::path::Path;

use ark_bn254::{G1Affine, G2Affine};
use ark_ec::AffineRepr;
use blake2::{Blake2b512, Digest};

use super::beyond_powers::difference;
use super::matrix_sums::MatrixSums;
use super::phase1_points::Phase1Points;
use super::transcript::hash_point;
use crate::durable::map_file;
use crate::engine::{BLOCK, Engine, EngineChoice, EnginePoint, WithEngine};
use crate::error::{Code, Error, Result};
use crate::formats::container::Format;
use crate::formats::ptau::Ptau;
use crate::formats::r1cs::R1cs;
use crate::formats::zkey::Shape;
use crate::formats::zkey_draft::{HeaderField, Query, ZkeyDraft};
use crate::formats::zkey_points::{g1, g1_bytes, g2, g2_bytes};
use crate::parallel::with_threads;
use crate::points::{G1, G2, Point};
use crate::prove::Cancel;
use crate::setup::generator::ZkeyPoint;
use crate::setup::qap::shape;
use crate::setup::{coefficient_count, write_coefficients};

/// Powers of τ that snarkjs hashes together.
const HASHED_TOGETHER: usize = 1 << 14;

/// The initial key for a circuit, given as a `.r1cs` file, byte for byte as snarkjs makes it. Only the points that the
/// circuit uses are read, and checked to be on their curve; see [`super::check_phase1`] for whether they belong together.
///
/// # Errors
/// `BadCircuit`; `BadPhase1`; `InconsistentPhase1` for a point off its curve; `Cancelled`; `System` when the file cannot
/// be read or the engine is not supported.
pub fn prepare(
    engine: EngineChoice,
    r1cs: &[u8],
    ptau: &Path,
    threads: usize,
    cancel: Cancel<'_>,
) -> Result<Vec<u8>> {
    let circuit = R1cs::read(r1cs)?;
    let shape = shape(&circuit)?;
    let file = map_phase1(ptau)?;
    let ptau = Ptau::read(&file, shape.log_domain)?;
    let task = Preparation {
        circuit: &circuit,
        shape,
        ptau: &ptau,
        cancel,
    };
    with_threads(threads, || engine.with(task))?
}

/// Maps a phase-1 file.
///
/// # Errors
/// `System`.
pub(super) fn map_phase1(path: &Path) -> Result<memmap2::Mmap> {
    let unreadable = |error| {
        let message = format!("{} cannot be read: {error}", path.display());
        Error::new(Code::System, message)
    };
    map_file(&File::open(path).map_err(unreadable)?).map_err(unreadable)
}

struct Preparation<'a> {
    circuit: &'a R1cs,
    shape: Shape,
    ptau: &'a Ptau<'a>,
    cancel: Cancel<'a>,
}

impl WithEngine for Preparation<'_> {
    type Output = Result<Vec<u8>>;

    fn run<E: Engine>(self, engine: E) -> Result<Vec<u8>> {
        let points = Phase1Points::checked(self.ptau, self.shape.log_domain, self.cancel)?;
        let mut draft = ZkeyDraft::new(&self.shape, coefficient_count(self.circuit));
        write_coefficients(&mut draft, self.circuit);
        self.write_header(&mut draft);
        self.write_queries(engine, &points, &mut draft)?;
        let odd = points.doubled.iter().skip(1).step_by(2);
        for (out, point) in draft.query(Query::H).as_chunks_mut().0.iter_mut().zip(odd) {
            *out = *point;
        }
        let digest = self.digest(engine, &mut draft)?;
        Ok(draft.finish(|_| digest))
    }
}

impl Preparation<'_> {
    fn write_header(&self, draft: &mut ZkeyDraft) {
        let (one1, one2) = (
            g1_bytes(&G1Affine::generator()),
            g2_bytes(&G2Affine::generator()),
        );
        let mut write = |field, point: &[u8]| draft.header(field).copy_from_slice(point);
        write(HeaderField::ALPHA1, self.ptau.alpha1);
        write(HeaderField::BETA1, self.ptau.beta1);
        write(HeaderField::BETA2, self.ptau.beta2);
        write(HeaderField::GAMMA2, &one2);
        write(HeaderField::DELTA1, &one1);
        write(HeaderField::DELTA2, &one2);
    }

    fn write_queries<E: Engine>(
        &self,
        engine: E,
        points: &Phase1Points<'_>,
        draft: &mut ZkeyDraft,
    ) -> Result<()> {
        let sums = MatrixSums::new(self.circuit, self.cancel);
        let [a, b, c] = &self.circuit.matrices;
        let none1 = || vec![G1::INFINITY; self.circuit.n_wires];
        let basis = |row: usize| engine.pack::<G1>(&g1(&points.basis[row]));
        let basis2 = |row: usize| engine.pack::<G2>(&g2(&points.basis2[row]));
        let basis_alpha = |row: usize| engine.pack::<G1>(&g1(&points.basis_alpha[row]));
        let basis_beta = |row: usize| engine.pack::<G1>(&g1(&points.basis_beta[row]));

        let mut query = none1();
        sums.add(engine, a, basis, &mut query)?;
        sums.add_public_rows(engine, basis, &mut query);
        write_points(engine, &query, draft.query(Query::A));

        let mut query = none1();
        sums.add(engine, b, basis, &mut query)?;
        write_points(engine, &query, draft.query(Query::B1));

        let mut query = none1();
        sums.add(engine, a, basis_beta, &mut query)?;
        sums.add(engine, b, basis_alpha, &mut query)?;
        sums.add(engine, c, basis, &mut query)?;
        sums.add_public_rows(engine, basis_beta, &mut query);
        let (public, private) = query.split_at(self.circuit.n_public + 1);
        write_points(engine, public, draft.query(Query::Ic));
        write_points(engine, private, draft.query(Query::C));
        drop(query);

        let mut query = vec![G2::INFINITY; self.circuit.n_wires];
        sums.add(engine, b, basis2, &mut query)?;
        write_points(engine, &query, draft.query(Query::B2));
        Ok(())
    }

    /// The digest that every later transcript begins with: of all points, but not of the circuit. H is represented by
    /// τ^(n + i) − τ^i, which are ratios of its points and no points of the key.
    fn digest<E: Engine>(&self, engine: E, draft: &mut ZkeyDraft) -> Result<[u8; 64]> {
        let mut hasher = Blake2b512::new();
        for field in [
            HeaderField::ALPHA1,
            HeaderField::BETA1,
            HeaderField::BETA2,
            HeaderField::GAMMA2,
            HeaderField::DELTA1,
            HeaderField::DELTA2,
        ] {
            hash_point(&mut hasher, draft.header(field));
        }
        hash_query::<64>(&mut hasher, draft.query(Query::Ic));
        self.hash_differences(engine, &mut hasher)?;
        hash_query::<64>(&mut hasher, draft.query(Query::C));
        hash_query::<64>(&mut hasher, draft.query(Query::A));
        hash_query::<64>(&mut hasher, draft.query(Query::B1));
        hash_query::<128>(&mut hasher, draft.query(Query::B2));
        Ok(hasher.finalize().into())
    }

    fn hash_differences<E: Engine>(&self, engine: E, hasher: &mut Blake2b512) -> Result<()> {
        let n = self.shape.domain_size();
        hasher.update(((n - 1) as u32).to_be_bytes());
        // snarkjs hashes whole groups, so if there is more than one, the last one has a difference too many. Where the
        // circuit takes all of the file, that difference is of bytes after the last power of τ.
        let count = match n - 1 > HASHED_TOGETHER {
            true => n,
            false => n - 1,
        };
        let regular = count.min(self.ptau.tau1.len() - n);
        let packed = |i: usize| engine.pack::<G1>(&g1(&self.ptau.tau1[i]));
        for start in (0..regular).step_by(BLOCK) {
            let block = start..regular.min(start + BLOCK);
            let mut differences: Vec<G1> = block.clone().map(|i| packed(n + i)).collect();
            let subtracted: Vec<G1> = block.map(|i| packed(i).negated_if(true)).collect();
            G1::add_batch(engine, &mut differences, &subtracted);
            for point in &differences {
                hash_point(hasher, &g1_bytes(&engine.unpack(point)));
            }
        }
        for i in regular..count {
            let beyond = self.ptau.bytes_at_power(n + i).ok_or_else(|| {
                Format::PTAU.refuse("no section follows the powers of τ, as in snarkjs's files")
            })?;
            hash_point(hasher, &difference(beyond, &self.ptau.tau1[i]));
        }
        Ok(())
    }
}

/// Writes points in the file's format.
pub(super) fn write_points<E: Engine, P: ZkeyPoint>(engine: E, points: &[P], out: &mut [u8]) {
    for (point, out) in points.iter().zip(out.chunks_exact_mut(P::BYTES)) {
        P::write(&engine.unpack(point), out);
    }
}

fn hash_query<const N: usize>(hasher: &mut Blake2b512, points: &[u8]) {
    let (points, _) = points.as_chunks::<N>();
    hasher.update((points.len() as u32).to_be_bytes());
    for point in points {
        hash_point(hasher, point);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ceremony::known_tau::{TemporaryPtau, write_known_tau};
    use crate::engine::Portable;
    use crate::formats::samples;
    use crate::setup::DevelopmentKey;
    use crate::setup::toxic::Toxic;

    fn prepared(r1cs: &[u8], ptau: &[u8], stop: bool) -> Result<Vec<u8>> {
        let file = TemporaryPtau::new(ptau);
        prepare(EngineChoice::Portable, r1cs, &file.0, 2, &|| stop)
    }

    /// The secrets of a key without contributions, and a phase-1 file of them.
    fn secrets(power: u32) -> (Toxic, Vec<u8>) {
        let toxic = Toxic {
            delta: ark_bn254::Fr::from(1),
            ..Toxic::random().unwrap()
        };
        let mut ptau = Vec::new();
        write_known_tau(Portable, power, &toxic, &mut ptau).unwrap();
        (toxic, ptau)
    }

    #[test]
    fn is_the_key_that_the_secrets_give() {
        let r1cs = samples::circuit().r1cs();
        // The sample needs 2^4 rows. In a file for no more, the largest basis lacks a power of τ.
        let (toxic, ptau) = secrets(5);
        let expected = DevelopmentKey::with_toxic(Portable, &r1cs, &toxic).unwrap();
        let made = prepared(&r1cs, &ptau, false).unwrap();
        let digest = made.len() - 68;
        assert_eq!(made.len(), expected.zkey.len());
        assert!(made[..digest] == expected.zkey[..digest]);
    }

    #[test]
    fn refuses_small_and_damaged_files_and_stops_when_told_to() {
        let r1cs = samples::circuit().r1cs();
        let (_, small) = secrets(3);
        assert_eq!(
            prepared(&r1cs, &small, false).unwrap_err().code,
            Code::BadPhase1
        );
        let (_, mut ptau) = secrets(4);
        assert_eq!(
            prepared(&r1cs, &ptau, true).unwrap_err().code,
            Code::Cancelled
        );
        let cut = &ptau[..ptau.len() - 1];
        assert_eq!(
            prepared(&r1cs, cut, false).unwrap_err().code,
            Code::BadPhase1
        );
        let last = ptau.len() - 1;
        ptau[last] ^= 1;
        let off_curve = prepared(&r1cs, &ptau, false).unwrap_err();
        assert_eq!(off_curve.code, Code::InconsistentPhase1);
    }
}
