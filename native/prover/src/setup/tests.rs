use ark_bn254::{G1Affine, G1Projective, G2Projective};
use ark_ec::CurveGroup;
use ark_ff::{UniformRand, Zero};
use sha2::Sha256;

use super::*;
use crate::engine::{Domain, Portable};
use crate::error::Code;
use crate::formats::fold::read_fold;
use crate::formats::samples::{self, Circuit};
use crate::formats::zkey::Zkey;
use crate::formats::zkey_points::{g1, g2};
use crate::matrix::Matrix;
use crate::msm::tests::rng;
use crate::proof::Proof;
use crate::verify::VerifyingKey;
use crate::wires::Wires;

fn toxic() -> Toxic {
    Toxic {
        tau: Fr::from(3).pow([1001]),
        alpha: Fr::from(5).pow([1002]),
        beta: Fr::from(7).pow([1003]),
        delta: Fr::from(11).pow([1004]),
    }
}

fn key(circuit: &Circuit) -> DevelopmentKey {
    DevelopmentKey::with_toxic(Portable, &circuit.r1cs(), &toxic()).unwrap()
}

fn folded(key: &DevelopmentKey, n_wires: usize) -> Vec<G1Affine> {
    let digest = Sha256::digest(&key.zkey).into();
    let points = read_fold(&key.fold, &digest, n_wires).unwrap();
    points.iter().map(g1).collect()
}

fn sum_g1(wires: &[Fr], points: impl Iterator<Item = G1Affine>) -> G1Projective {
    wires
        .iter()
        .zip(points)
        .map(|(wire, point)| point * wire)
        .sum()
}

/// The scalars of the H query in the order of its points, with or without c.
fn quotient(circuit: &Circuit, key: &Zkey<'_>, with_c: bool) -> Vec<Fr> {
    let wires = Wires::new(&circuit.witness(), circuit.n_wires).unwrap();
    let field = |words: &Words| Fr::from_bigint(BigInt(*words)).unwrap();
    let evaluate = |side| {
        let mut out = vec![[0; 4]; key.shape.domain_size()];
        Matrix::from_zkey(key, side).evaluate(&wires, &mut out);
        out
    };
    let (mut a, mut b) = (evaluate(Side::A), evaluate(Side::B));
    let products = a.iter().zip(&b).map(|(a, b)| field(a) * field(b));
    let mut c: Vec<Words> = products.map(|c| c.into_bigint().0).collect();
    let domain = Portable.domain(key.shape.log_domain);
    domain.quotient(&mut a, &mut b, with_c.then_some(&mut c));
    let mut scalars = vec![Fr::zero(); a.len()];
    for (value, j) in a.iter().zip(domain.coset_order()) {
        scalars[j as usize] = field(value);
    }
    scalars
}

/// Groth16 as in the paper, without optimisations.
fn prove(circuit: &Circuit, key: &Zkey<'_>, private: G1Projective, h: &[Fr]) -> Proof {
    let points = key.header_points().unwrap();
    let (r, s) = (Fr::rand(&mut rng()), Fr::from(99));
    let wires = &circuit.wires;
    let a = sum_g1(wires, key.a.iter().map(g1)) + points.alpha1 + points.delta1 * r;
    let b1 = sum_g1(wires, key.b1.iter().map(g1)) + points.beta1 + points.delta1 * s;
    let b2: G2Projective = wires.iter().zip(key.b2).map(|(w, p)| g2(p) * w).sum();
    let b2 = b2 + points.beta2 + points.delta2 * s;
    let h = sum_g1(h, key.h.iter().map(g1));
    let c = private + h + a * s + b1 * r - points.delta1 * (r * s);
    Proof {
        a: a.into_affine(),
        b: b2.into_affine(),
        c: c.into_affine(),
    }
}

fn verifies(circuit: &Circuit, key: &Zkey<'_>, proof: &Proof) -> bool {
    let signals = &circuit.witness()[..(circuit.n_public + 1) * 32];
    let signals = Wires::new(signals, circuit.n_public + 1).unwrap();
    VerifyingKey::new(&key.header_points().unwrap()).verify(proof, &signals)
}

fn private_query(circuit: &Circuit, key: &Zkey<'_>) -> G1Projective {
    sum_g1(&circuit.wires[circuit.n_public + 1..], key.c.iter().map(g1))
}

#[test]
fn proofs_under_the_key_verify_and_false_ones_do_not() {
    let circuit = samples::circuit();
    let files = key(&circuit);
    let key = Zkey::read(&files.zkey).unwrap();
    let h = quotient(&circuit, &key, true);
    let proof = prove(&circuit, &key, private_query(&circuit, &key), &h);
    assert!(verifies(&circuit, &key, &proof));
    let mut other = circuit.clone();
    other.wires[1] += Fr::from(1);
    assert!(!verifies(&other, &key, &proof));
}

#[test]
fn the_folded_query_gives_the_same_proof_without_c() {
    let circuit = samples::circuit();
    let files = key(&circuit);
    let key = Zkey::read(&files.zkey).unwrap();
    let folded = sum_g1(&circuit.wires, folded(&files, circuit.n_wires).into_iter());
    let plain = private_query(&circuit, &key);
    let (with_c, without_c) = (
        quotient(&circuit, &key, true),
        quotient(&circuit, &key, false),
    );
    assert_ne!(with_c, without_c);
    // Σ wᵢ·Fᵢ = −Σ c(xₖ)·Hₖ
    let c: Vec<Fr> = without_c
        .iter()
        .zip(&with_c)
        .map(|(ab, q)| *ab - q)
        .collect();
    assert_eq!(folded - plain, -sum_g1(&c, key.h.iter().map(g1)));
    assert_eq!(
        prove(&circuit, &key, folded, &without_c),
        prove(&circuit, &key, plain, &with_c),
    );
}

/// `test/setup/development-key.test.ts` expects the same digest of what `src/setup/development-setup.ts` writes for the
/// same circuit and secrets.
#[test]
fn the_key_is_the_one_that_typescript_writes() {
    let circuit = samples::circuit();
    let fixture = include_bytes!("../../tests/fixtures/small-circuit.r1cs.bin");
    assert_eq!(circuit.r1cs(), fixture);
    let digest = |zkey: &[u8]| -> String {
        let bytes: [u8; 32] = Sha256::digest(zkey).into();
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    };
    let expected = "43e7248e53a881335f66beeed8018f9d1fe84115006f60d9b562a937472ec84f";
    let portable = key(&circuit);
    assert_eq!(digest(&portable.zkey), expected);
    #[cfg(target_arch = "x86_64")]
    if let Some(engine) = crate::engine::Ifma::detect() {
        let ifma = DevelopmentKey::with_toxic(engine, &circuit.r1cs(), &toxic()).unwrap();
        assert_eq!(digest(&ifma.zkey), expected);
        assert_eq!(ifma.fold, portable.fold);
    }
}

#[test]
fn keys_of_one_circuit_differ_in_their_points_only() {
    let r1cs = samples::circuit().r1cs();
    let make = || {
        DevelopmentKey::make(Portable, &r1cs, 2, &|| false)
            .unwrap()
            .zkey
    };
    let (first, second) = (make(), make());
    let [first, second] = [&first, &second].map(|zkey| Zkey::read(zkey).unwrap());
    assert!(first.coefficients().eq(second.coefficients()));
    assert_eq!(first.shape, second.shape);
    assert_eq!(first.gamma2, second.gamma2);
    assert_ne!(first.alpha1, second.alpha1);
    assert_ne!(first.delta2, second.delta2);
    assert_ne!(first.h, second.h);
}

#[test]
fn a_root_of_unity_is_rejected_as_secret() {
    let r1cs = samples::circuit().r1cs();
    let circuit = R1cs::read(&r1cs).unwrap();
    for order in [1, 16, 32] {
        let mut toxic = toxic();
        toxic.tau = ark_ff::FftField::get_root_of_unity(order).unwrap();
        assert!(Qap::evaluate(&circuit, &toxic).unwrap().is_none());
    }
}

/// A small real key: every truncation, and several changes of every byte. A sample, for CI, of what `native/fuzz` does.
#[test]
fn no_mutation_of_a_key_panics() {
    let circuit = samples::circuit();
    let file = key(&circuit).zkey;
    for length in 0..file.len() {
        let error = Zkey::read(&file[..length]).err().expect("cut short");
        assert_eq!(error.code, Code::BadKey);
    }
    let mut accepted = 0;
    samples::every_mutation(&file, |changed| match Zkey::read(changed) {
        Err(error) => assert_eq!(error.code, Code::BadKey),
        Ok(key) => {
            accepted += 1;
            for side in [Side::A, Side::B] {
                Matrix::from_zkey(&key, side).check().unwrap();
            }
        }
    });
    assert!(
        accepted > 0,
        "changes of points that stay below the modulus"
    );
}

#[test]
fn files_are_written_completely_or_not_at_all() {
    let folder = std::env::temp_dir().join(format!("quietproof-setup-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (r1cs, out) = (samples::circuit().r1cs(), folder.join("circuit.zkey"));
    let names = || std::fs::read_dir(&folder).unwrap().count();
    let cancelled = development_key(EngineChoice::Portable, &r1cs, &out, 1, &|| true).unwrap_err();
    assert_eq!((cancelled.code, names()), (Code::Cancelled, 0));
    development_key(EngineChoice::Portable, &r1cs, &out, 1, &|| false).unwrap();
    assert_eq!(names(), 2);
    let zkey = std::fs::read(&out).unwrap();
    let fold = std::fs::read(fold_path(&out)).unwrap();
    assert!(read_fold(&fold, &Sha256::digest(&zkey).into(), 13).is_ok());
    let nowhere = folder.join("missing").join("circuit.zkey");
    let error = development_key(EngineChoice::Portable, &r1cs, &nowhere, 1, &|| false).unwrap_err();
    assert_eq!(error.code, Code::System);
    // A folder in the file's place: the rename fails after the temporary file has been written.
    let taken = folder.join("taken");
    std::fs::create_dir(&taken).unwrap();
    std::fs::write(taken.join("file"), "").unwrap();
    let before = names();
    assert!(development_key(EngineChoice::Portable, &r1cs, &taken, 1, &|| false).is_err());
    assert_eq!(names(), before);
    std::fs::remove_dir_all(&folder).unwrap();
}
