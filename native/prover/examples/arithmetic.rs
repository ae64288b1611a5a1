//! Prints the cost of the engines' arithmetic on this machine, in nanoseconds: median and minimum of several runs.
//!
//! `cargo run --release -p quietproof-prover --example arithmetic`

use std::hint::black_box;
use std::time::Instant;

use ark_bn254::{Fq, Fr};
use ark_ec::{AffineRepr, CurveGroup};
use ark_ff::{Field, PrimeField};
use quietproof_prover::engine::inverse::invert;
use quietproof_prover::engine::portable::field::{Arithmetic, Plain};
use quietproof_prover::engine::{Engine, EnginePoint, Portable};
use quietproof_prover::points::{G1, G2};

/// Number of runs per measurement.
const RUNS: usize = 41;

fn main() {
    scalar();
    additions(Portable);
    #[cfg(target_arch = "x86_64")]
    match quietproof_prover::engine::Ifma::detect() {
        Some(cpu) => {
            lanes::multiplications(cpu);
            additions(cpu);
        }
        None => println!("this processor has no AVX-512 IFMA"),
    }
}

/// Prints the median and minimum time of a run, in nanoseconds divided by `count`.
fn time(label: &str, count: usize, mut run: impl FnMut()) {
    run();
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed().as_secs_f64() * 1e9 / count as f64
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!(
        "{label:<44} {:8.2} ns (minimum {:.2})",
        times[RUNS / 2],
        times[0]
    );
}

fn scalar() {
    let value = Fq::from(3u64).pow([12_345_678_901]);
    let mut x = value.into_bigint().0;
    time("inversion modulo p", 1000, || {
        for _ in 0..1000 {
            x = invert(black_box(&x));
            x[0] ^= 1;
        }
    });
    let mut y = value;
    time("arkworks: inversion", 100, || {
        for _ in 0..100 {
            y = black_box(y).inverse().expect("not zero") + Fq::ONE;
        }
    });
    multiplication("portable", Plain, value.0.0);
    #[cfg(target_arch = "x86_64")]
    if let Some(adx) = quietproof_prover::engine::portable::field::Adx::detect() {
        multiplication("portable, ADX", adx, value.0.0);
    }
    let mut z = [value; 4];
    time("arkworks: multiplication, four chains", 40_000, || {
        for _ in 0..10_000 {
            for z in &mut z {
                *z *= value;
            }
        }
        black_box(z);
    });
}

fn multiplication(name: &str, ops: impl Arithmetic, value: [u64; 4]) {
    let mut chains = [value; 4];
    time(
        &format!("{name}: multiplication, four chains"),
        40_000,
        || {
            for _ in 0..10_000 {
                for chain in &mut chains {
                    *chain = ops.mul(chain, &value);
                }
            }
            black_box(chains);
        },
    );
}

fn additions<E: Engine>(engine: E) {
    for len in [512, 1024, 2048, 4096, 8192] {
        addition::<G1, E>(engine, "G1", len);
    }
    for len in [512, 1024, 4096] {
        addition::<G2, E>(engine, "G2", len);
    }
}

fn addition<P: EnginePoint, E: Engine>(engine: E, group: &str, len: usize) {
    let generator = P::Affine::generator();
    let points = |start: u64, step: u64| -> Vec<P> {
        let step = (generator * Fr::from(step)).into_affine();
        let first = generator * Fr::from(start);
        let points: Vec<_> = std::iter::successors(Some(first), |point| Some(*point + step))
            .take(len)
            .collect();
        P::Curve::normalize_batch(&points)
            .iter()
            .map(|point| engine.pack(point))
            .collect()
    };
    let mut acc = points(1, 3);
    let rhs = points(7 << 40, 5);
    let label = format!("{}: {group} addition, {len} per call", E::NAME);
    // Short runs, so that some are undisturbed on a busy machine.
    let repeat = ((1 << 12) / len).max(1);
    time(&label, repeat * len, || {
        for _ in 0..repeat {
            P::add_batch(engine, &mut acc, &rhs);
        }
    });
}

#[cfg(target_arch = "x86_64")]
mod lanes {
    use super::{black_box, time};
    use quietproof_prover::engine::Ifma;
    use quietproof_prover::engine::ifma::lanes::Lanes;
    use quietproof_prover::engine::ifma::modulus::{Base, Modulus};

    const CHAINS: usize = 4;
    const LENGTH: usize = 10_000;

    pub fn multiplications(cpu: Ifma) {
        let lanes = Lanes::<Base>::splat(cpu, Base::FOLDS[0]);
        let count = 8 * CHAINS * LENGTH;
        // SAFETY: the token proves that the processor has the features.
        time("avx512-ifma: multiplication, per lane", count, || unsafe {
            multiply(lanes)
        });
        // SAFETY: as above.
        time("avx512-ifma: square, per lane", count, || unsafe {
            square(lanes)
        });
    }

    #[target_feature(enable = "avx512f,avx512ifma,avx512vl,avx512dq,avx512bw")]
    fn multiply(lanes: Lanes<Base>) {
        let mut chains = [lanes; CHAINS];
        for _ in 0..LENGTH {
            for chain in &mut chains {
                *chain = *chain * lanes;
            }
        }
        black_box(chains[CHAINS - 1].limbs()[0].words());
    }

    #[target_feature(enable = "avx512f,avx512ifma,avx512vl,avx512dq,avx512bw")]
    fn square(lanes: Lanes<Base>) {
        let mut chains = [lanes; CHAINS];
        for _ in 0..LENGTH {
            for chain in &mut chains {
                *chain = chain.square();
            }
        }
        black_box(chains[CHAINS - 1].limbs()[0].words());
    }
}
