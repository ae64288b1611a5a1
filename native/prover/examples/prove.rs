//! Proves a witness repeatedly and prints the time per proof, including its verification:
//!
//! `prove <zkey> <wtns> [engine=auto|portable|ifma] [proofs=10] [threads=1] [budget=<MiB for multiples of H>]`
//!
//! Uses the folded C query if `<zkey>.fold` exists. Nothing is cached.

use std::path::Path;
use std::time::Instant;

use quietproof_prover::formats::wtns::read_wtns;
use quietproof_prover::prover::{EngineChoice, KnownDigests, Options, Prover};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [zkey, wtns, settings @ ..] = &arguments[..] else {
        panic!("usage: prove <zkey> <wtns> [name=value …]");
    };
    let setting = |name: &str, default: &str| {
        let value = settings
            .iter()
            .find_map(|s| s.strip_prefix(name)?.strip_prefix('='));
        value.unwrap_or(default).to_owned()
    };
    let number = |name, default| -> usize { setting(name, default).parse().expect("a number") };
    let options = Options {
        engine: match setting("engine", "auto").as_str() {
            "portable" => EngineChoice::Portable,
            "ifma" => EngineChoice::Ifma,
            _ => EngineChoice::Auto,
        },
        cache: None,
        table_budget: (number("budget", "256") as u64) << 20,
    };
    let started = Instant::now();
    let prover = Prover::load(Path::new(zkey), &options, &KnownDigests::default()).expect("a key");
    let (engine, bytes) = (prover.engine(), prover.key_bytes());
    println!(
        "{engine}: {bytes} bytes, converted in {:.0?}",
        started.elapsed()
    );
    let witness = std::fs::read(wtns).expect("a witness file");
    let wires = read_wtns(&witness).expect("a witness");
    let threads = number("threads", "1");
    let prove = |_| {
        let started = Instant::now();
        prover.prove(wires, threads, &|| false).expect("a proof");
        started.elapsed().as_secs_f64() * 1e3
    };
    let mut times: Vec<f64> = (0..number("proofs", "10")).map(prove).collect();
    times.sort_by(f64::total_cmp);
    println!(
        "minimum {:.2} ms, median {:.2} ms",
        times[0],
        times[times.len() / 2]
    );
}
