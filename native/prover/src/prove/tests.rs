use ark_bn254::Fr;
use ark_ff::{Field, UniformRand};
use ark_std::rand::Rng;
use ark_std::rand::rngs::StdRng;
use sha2::{Digest, Sha256};

use super::*;
use crate::engine::Portable;
use crate::formats::fold::read_fold;
use crate::formats::samples::{self, Circuit, Combination};
use crate::formats::zkey::Zkey;
use crate::formats::zkey_points::g1;
use crate::key::convert::{Conversion, convert};
use crate::msm::tests::rng;
use crate::setup::DevelopmentKey;

/// Budgets for one column, some columns, and all columns.
const BUDGETS: [u64; 3] = [0, 50_000, 1 << 20];

fn make_key(circuit: &Circuit) -> DevelopmentKey {
    DevelopmentKey::make(Portable, &circuit.r1cs(), 1, &|| false).expect("a key")
}

fn key_of(circuit: &Circuit) -> Vec<u8> {
    make_key(circuit).zkey
}

fn load<E: Engine>(
    engine: E,
    zkey: &Zkey<'_>,
    budget: u64,
    folded: Option<&[G1Affine]>,
) -> LoadedKey<E> {
    let domain = engine.domain(zkey.shape.log_domain);
    let conversion = Conversion {
        zkey,
        source: [0; 32],
        budget,
        folded,
    };
    let layout = convert(engine, &domain, &conversion).expect("a key");
    LoadedKey::new(engine, domain, layout).expect("a key")
}

/// A circuit whose wires are products of random combinations of earlier wires: bits, small values of both signs and
/// full-width ones, so that every path of the multi-exponentiations is taken.
fn random_circuit(rng: &mut StdRng, rows: usize) -> Circuit {
    let mut wires = vec![Fr::from(1)];
    wires.extend((0..rows).map(|_| random_value(rng)));
    let inputs = wires.len();
    let mut circuit = Circuit {
        n_wires: 0,
        n_public: rows / 3,
        rows: Vec::new(),
        wires,
    };
    for row in 0..rows {
        let [a, b] = [(); 2].map(|()| random_combination(rng, inputs + row));
        let product = circuit.value(&a) * circuit.value(&b);
        circuit.wires.push(product);
        circuit
            .rows
            .push([a, b, vec![((inputs + row) as u32, Fr::from(1))]]);
    }
    circuit.n_wires = circuit.wires.len();
    circuit
}

fn random_value(rng: &mut StdRng) -> Fr {
    match rng.gen_range(0..8) {
        0..=2 => Fr::from(rng.gen_range(0..2u64)),
        3 => -Fr::from(1),
        4 => Fr::from(rng.gen_range(0..1u64 << 20)),
        5 => -Fr::from(rng.gen_range(0..1u64 << 55)),
        6 => Fr::from(2).pow([rng.gen_range(0..254)]),
        _ => Fr::rand(rng),
    }
}

fn random_combination(rng: &mut StdRng, wires: usize) -> Combination {
    let terms = rng.gen_range(0..4);
    let mut combination: Combination = Vec::new();
    for _ in 0..terms {
        let wire = rng.gen_range(0..wires as u32);
        if combination.iter().all(|(other, _)| *other != wire) {
            combination.push((wire, random_value(rng)));
        }
    }
    combination.retain(|(_, value)| *value != Fr::from(0));
    combination
}

/// With and without the C polynomial folded into the key, for each budget.
fn agrees_with_the_reference<E: Engine>(engine: E) {
    let mut rng = rng();
    let circuits = [
        samples::circuit(),
        random_circuit(&mut rng, 9),
        random_circuit(&mut rng, 60),
    ];
    for circuit in circuits {
        let files = make_key(&circuit);
        let zkey = Zkey::read(&files.zkey).expect("a key");
        let digest = Sha256::digest(&files.zkey).into();
        let folded = read_fold(&files.fold, &digest, circuit.n_wires).expect("a folded query");
        let folded: Vec<G1Affine> = folded.iter().map(g1).collect();
        for (budget, folded) in BUDGETS
            .into_iter()
            .flat_map(|b| [(b, None), (b, Some(&folded[..]))])
        {
            let key = load(engine, &zkey, budget, folded);
            let (r, s) = (Fr::rand(&mut rng), Fr::rand(&mut rng));
            let wires = key.wires(&circuit.witness()).expect("a witness");
            let proof = key.prove(&wires, &Blinding::fixed(r, s), &|| false);
            assert_eq!(proof, Ok(reference::prove(&zkey, &circuit.wires, r, s)));
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[test]
fn ifma_proofs_are_those_of_the_reference() {
    match crate::engine::Ifma::detect() {
        Some(engine) => agrees_with_the_reference(engine),
        None => eprintln!("skipped: this processor has no AVX-512 IFMA"),
    }
}

#[test]
fn portable_proofs_are_those_of_the_reference() {
    agrees_with_the_reference(Portable);
}

#[test]
fn two_threads_make_the_same_proof() {
    let circuit = random_circuit(&mut rng(), 50);
    let file = key_of(&circuit);
    let key = load(Portable, &Zkey::read(&file).expect("a key"), 1 << 20, None);
    let wires = key.wires(&circuit.witness()).expect("a witness");
    let blinding = Blinding::fixed(Fr::from(3), Fr::from(5));
    let prove = || key.prove(&wires, &blinding, &|| false);
    assert_eq!(crate::parallel::with_threads(2, prove), prove());
}

#[test]
fn a_witness_that_violates_a_constraint_gives_no_proof() {
    let circuit = samples::circuit();
    let file = key_of(&circuit);
    let key = load(Portable, &Zkey::read(&file).expect("a key"), 0, None);
    for wire in 1..circuit.n_wires {
        let mut broken = circuit.clone();
        broken.wires[wire] += Fr::from(1);
        let wires = key.wires(&broken.witness()).expect("a witness");
        let blinding = Blinding::random().expect("randomness");
        let error = key
            .prove(&wires, &blinding, &|| false)
            .expect_err("a broken constraint");
        assert_eq!(error.code, Code::ProofRejected, "wire {wire}");
    }
}

#[test]
fn cancelling_stops_between_phases() {
    let circuit = samples::circuit();
    let file = key_of(&circuit);
    let key = load(Portable, &Zkey::read(&file).expect("a key"), 0, None);
    let wires = key.wires(&circuit.witness()).expect("a witness");
    let blinding = Blinding::random().expect("randomness");
    let error = key
        .prove(&wires, &blinding, &|| true)
        .expect_err("cancelled");
    assert_eq!(error.code, Code::Cancelled);
}

#[test]
fn proofs_of_one_statement_differ() {
    let circuit = samples::circuit();
    let file = key_of(&circuit);
    let key = load(Portable, &Zkey::read(&file).expect("a key"), 0, None);
    let wires = key.wires(&circuit.witness()).expect("a witness");
    let prove = || key.prove(&wires, &Blinding::random().expect("randomness"), &|| false);
    let (one, other) = (prove().expect("a proof"), prove().expect("a proof"));
    assert!(one.a != other.a && one.b != other.b && one.c != other.c);
}

#[test]
fn a_batch_with_a_false_proof_is_rejected() {
    let circuit = samples::circuit();
    let file = key_of(&circuit);
    let key = load(Portable, &Zkey::read(&file).expect("a key"), 0, None);
    let signals = || {
        Wires::new(
            &circuit.witness()[..32 * (1 + circuit.n_public)],
            1 + circuit.n_public,
        )
    };
    let wires = key.wires(&circuit.witness()).expect("a witness");
    let mut batch: Vec<_> = (0..5)
        .map(|_| {
            let blinding = Blinding::random().expect("randomness");
            let proof = key.prove(&wires, &blinding, &|| false).expect("a proof");
            (proof, signals().expect("signals"))
        })
        .collect();
    let verifying_key = key.verifying_key();
    assert_eq!(verifying_key.verify_many(&batch), Ok(true));
    assert_eq!(verifying_key.verify_many(&[]), Ok(true));
    let mut other = circuit.witness()[..32 * (1 + circuit.n_public)].to_vec();
    other[32] ^= 1;
    let signals_of_the_proof = std::mem::replace(
        &mut batch[2].1,
        Wires::new(&other, 1 + circuit.n_public).expect("signals"),
    );
    assert_eq!(
        verifying_key.verify_many(&batch),
        Ok(false),
        "another public signal"
    );
    batch[2].1 = signals_of_the_proof;
    let (first, second) = (batch[0].0.c, batch[1].0.c);
    batch[0].0.c = second;
    assert_eq!(verifying_key.verify_many(&batch), Ok(false));
    // Errors that would cancel without random factors, since the sum is unchanged.
    batch[1].0.c = first;
    assert_eq!(verifying_key.verify_many(&batch), Ok(false));
    let held = verifying_key.holding(&batch).expect("randomness");
    assert_eq!(held, [false, false, true, true, true]);
}

#[test]
fn the_false_proofs_of_a_batch_are_named() {
    let circuit = samples::circuit();
    let file = key_of(&circuit);
    let key = load(Portable, &Zkey::read(&file).expect("a key"), 0, None);
    let count = 1 + circuit.n_public;
    let wires = key.wires(&circuit.witness()).expect("a witness");
    let blinding = Blinding::random().expect("randomness");
    let proof = key.prove(&wires, &blinding, &|| false).expect("a proof");
    let mut false_proof = proof;
    false_proof.c = -proof.c;
    for (size, wrong) in [
        (0, vec![]),
        (1, vec![0]),
        (16, vec![3]),
        (17, vec![16]),
        (50, vec![0, 20, 21]),
    ] {
        let batch: Vec<_> = (0..size)
            .map(|place| {
                let signals = Wires::new(&circuit.witness()[..32 * count], count).expect("signals");
                (
                    if wrong.contains(&place) {
                        false_proof
                    } else {
                        proof
                    },
                    signals,
                )
            })
            .collect();
        let held = key.verifying_key().holding(&batch).expect("randomness");
        let failing: Vec<_> = (0..size).filter(|place| !held[*place]).collect();
        assert_eq!(failing, wrong, "of {size}");
    }
}
