//! Times the transforms: `cargo run --release -p quietproof-prover --example transform [log_size]`.
//!
//! Prints the median and the minimum of 25 runs, on one thread and on all, in milliseconds.

use std::time::Instant;

#[cfg(target_arch = "x86_64")]
use quietproof_prover::engine::Ifma;
use quietproof_prover::engine::{Domain, Engine, Portable};
use quietproof_prover::points::Words;

const RUNS: usize = 25;

fn main() {
    let argument = std::env::args().nth(1);
    let log_size = argument.map_or(17, |text| text.parse().expect("a logarithm of a size"));
    time_engine(Portable, log_size);
    #[cfg(target_arch = "x86_64")]
    match Ifma::detect() {
        Some(engine) => time_engine(engine, log_size),
        None => println!("no AVX-512 IFMA here"),
    }
}

fn time_engine<E: Engine>(engine: E, log_size: u32) {
    let start = Instant::now();
    let domain = engine.domain(log_size);
    let tables = start.elapsed().as_secs_f64() * 1e3;
    println!("{} 2^{log_size}: tables {tables:.1} ms", E::NAME);
    for (with_c, threads) in [(false, 1), (true, 1), (false, 0)] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let pool = pool.build().expect("a thread pool");
        let times = pool.install(|| time_quotient(&domain, log_size, with_c));
        let transforms = if with_c { 6.0 } else { 4.0 };
        println!(
            "  {} c, {} threads: median {:6.2}, minimum {:6.2}, median per transform {:5.2}",
            if with_c { "with   " } else { "without" },
            pool.current_num_threads(),
            times[RUNS / 2],
            times[0],
            times[RUNS / 2] / transforms,
        );
    }
}

/// Sorted times in milliseconds.
fn time_quotient(domain: &impl Domain, log_size: u32, with_c: bool) -> Vec<f64> {
    let values: Vec<Words> = (0..1u64 << log_size)
        .map(|i| [i.wrapping_mul(0x9e37_79b9_7f4a_7c15), i, !i, i])
        .collect();
    let [mut a, mut b, mut c] = [(); 3].map(|()| values.clone());
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let c = with_c.then_some(&mut c[..]);
            let start = Instant::now();
            domain.quotient(&mut a, &mut b, c);
            let elapsed = start.elapsed().as_secs_f64() * 1e3;
            b.copy_from_slice(&a);
            elapsed
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times
}
