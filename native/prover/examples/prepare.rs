//! Checks a phase-1 file and prepares a key, and prints the times:
//!
//! `prepare <r1cs> <ptau> [out.zkey] [engine=auto|portable|ifma] [threads=1] [check=1]`

use std::path::Path;
use std::time::Instant;

use quietproof_prover::ceremony::check_phase1::check_phase1;
use quietproof_prover::ceremony::prepare::prepare;
use quietproof_prover::formats::zkey::Zkey;
use quietproof_prover::prover::EngineChoice;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (settings, files): (Vec<_>, Vec<_>) = arguments.iter().partition(|a| a.contains('='));
    let [r1cs, ptau, out @ ..] = &files[..] else {
        panic!("usage: prepare <r1cs> <ptau> [out.zkey] [name=value …]");
    };
    let setting = |name: &str| {
        settings
            .iter()
            .find_map(|s| s.strip_prefix(name)?.strip_prefix('='))
            .map(str::to_owned)
    };
    let engine = match setting("engine").as_deref() {
        Some("portable") => EngineChoice::Portable,
        Some("ifma") => EngineChoice::Ifma,
        _ => EngineChoice::Auto,
    };
    let threads = setting("threads").map_or(1, |value| value.parse().expect("a number"));
    let (r1cs, ptau) = (std::fs::read(r1cs).expect("a circuit"), Path::new(ptau));
    let started = Instant::now();
    let key = prepare(engine, &r1cs, ptau, threads, &|| false).expect("a key");
    println!("prepared in {:.2?}, {} bytes", started.elapsed(), key.len());
    if setting("check").as_deref() != Some("0") {
        let log_domain = Zkey::read(&key).expect("a key").shape.log_domain;
        let started = Instant::now();
        check_phase1(engine, ptau, log_domain, threads, &|| false).expect("consistent");
        println!("phase 1 checked in {:.2?}", started.elapsed());
    }
    if let [out] = out {
        std::fs::write(out, key).expect("written");
    }
}
