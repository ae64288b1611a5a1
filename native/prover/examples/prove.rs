//! Proves one witness again and again and prints how long each phase takes: `prove <zkey> <wtns> [engine] [proofs] [threads]`.

use std::path::Path;
use std::time::Instant;

use quietproof_prover::formats::wtns::read_wtns;
use quietproof_prover::prover::{EngineChoice, Options, Prover};

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let argument = |i: usize, default: &str| arguments.get(i).cloned().unwrap_or(default.into());
    let engine = match argument(3, "auto").as_str() {
        "portable" => EngineChoice::Portable,
        "ifma" => EngineChoice::Ifma,
        _ => EngineChoice::Auto,
    };
    let cache = Some(format!("{}.{:?}.cache", arguments[1], engine).into());
    let options = Options {
        engine,
        cache,
        ..Options::default()
    };
    let started = Instant::now();
    let prover = Prover::load(Path::new(&arguments[1]), &options).expect("a key");
    println!(
        "{}: loaded in {:?}, {} bytes",
        prover.engine(),
        started.elapsed(),
        prover.key_bytes()
    );
    let witness = std::fs::read(&arguments[2]).expect("a witness file");
    let wires = read_wtns(&witness).expect("a witness");
    let threads = argument(5, "1").parse().expect("a number");
    let mut times: Vec<f64> = (0..argument(4, "10").parse().expect("a number"))
        .map(|_| {
            let started = Instant::now();
            prover.prove(wires, threads, &|| false).expect("a proof");
            started.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!(
        "min {:.2} ms, median {:.2} ms",
        times[0],
        times[times.len() / 2]
    );
}
