//! Batch addition and doubling compared with arkworks, for both engines and groups: special cases in every lane, many lengths.

mod common;

use ark_bn254::Fr;
use ark_ec::{AffineRepr, CurveGroup, PrimeGroup};
use common::Random;
use quietproof_prover::engine::portable::batch_add::add_with;
use quietproof_prover::engine::portable::batch_double::double_with;
use quietproof_prover::engine::portable::field::Plain;
use quietproof_prover::engine::{Addend, Engine, EnginePoint, Portable};
use quietproof_prover::points::{G1, G2, Point};

/// Number of kinds of pairs that [`pair`] makes.
const KINDS: u64 = 6;

/// A pool of random points, packed and in arkworks' type.
struct Pool<P: Point> {
    points: Vec<(P, P::Affine)>,
}

impl<P: Point> Pool<P> {
    fn new<E: Engine>(engine: E, random: &mut Random) -> Self {
        let generator = P::Curve::generator();
        let points = (0..64)
            .map(|_| (generator * random.field::<Fr>()).into_affine())
            .map(|point| (engine.pack(&point), point))
            .collect();
        Self { points }
    }

    fn draw(&self, random: &mut Random) -> (P, P::Affine) {
        self.points[random.word() as usize % self.points.len()]
    }
}

/// A pair of the given kind (0 for arbitrary points), with its sum by arkworks.
fn pair<P: Point>(pool: &Pool<P>, kind: u64, random: &mut Random) -> (P, P, P::Affine) {
    let (p, p_ark) = pool.draw(random);
    let (q, q_ark) = pool.draw(random);
    let sum = |a: P::Affine, b: P::Affine| (P::Curve::from(a) + b).into_affine();
    match kind {
        1 => (p, p, sum(p_ark, p_ark)),
        2 => (p, p.negated_if(true), P::Affine::zero()),
        3 => (P::INFINITY, q, q_ark),
        4 => (p, P::INFINITY, p_ark),
        5 => (P::INFINITY, P::INFINITY, P::Affine::zero()),
        _ => (p, q, sum(p_ark, q_ark)),
    }
}

fn check<P: EnginePoint, E: Engine>(engine: E, pairs: &[(P, P, P::Affine)]) {
    let mut acc: Vec<P> = pairs.iter().map(|pair| pair.0).collect();
    let rhs: Vec<P> = pairs.iter().map(|pair| pair.1).collect();
    P::add_batch(engine, &mut acc, &rhs);
    for (i, (sum, pair)) in acc.iter().zip(pairs).enumerate() {
        let want: P = engine.pack(&pair.2);
        assert_eq!(
            *sum,
            want,
            "{} at {i} of {}: {pair:?}",
            E::NAME,
            pairs.len()
        );
    }
}

fn check_group<P: EnginePoint, E: Engine>(engine: E) {
    let mut random = Random(4);
    let pool = Pool::<P>::new(engine, &mut random);
    let mut run = |len: usize, kind: &dyn Fn(usize, &mut Random) -> u64| {
        let pairs: Vec<_> = (0..len)
            .map(|i| {
                let kind = kind(i, &mut random);
                pair(&pool, kind, &mut random)
            })
            .collect();
        check(engine, &pairs);
    };
    for len in 0..=40 {
        run(len, &|_, _| 0);
        run(len, &|_, random| random.word() % KINDS);
        for kind in 1..KINDS {
            run(len, &|_, _| kind);
        }
    }
    // One special pair among others, in every lane of two steps.
    for kind in 1..KINDS {
        for lane in 0..32 {
            run(37, &|i, _| if i == lane { kind } else { 0 });
        }
    }
    for len in [1023, 1024, 1025, 2000, 2049, 5000] {
        run(len, &|_, random| random.word() % 40);
        run(len, &|_, _| 0);
    }
}

fn check_doubling<E: Engine>(engine: E) {
    let mut random = Random(5);
    let pool = Pool::<G1>::new(engine, &mut random);
    for (len, times) in [(0, 1), (1, 3), (9, 0), (40, 1), (2049, 2)] {
        let infinite = |i| i % 7 == 3;
        let drawn: Vec<_> = (0..len).map(|_| pool.draw(&mut random)).collect();
        let mut points: Vec<G1> = (drawn.iter().enumerate())
            .map(|(i, (point, _))| if infinite(i) { G1::INFINITY } else { *point })
            .collect();
        engine.double_g1(&mut points, times);
        for (i, (point, (_, ark))) in points.iter().zip(&drawn).enumerate() {
            let multiple = (*ark * Fr::from(1u64 << times)).into_affine();
            let want = if infinite(i) {
                G1::INFINITY
            } else {
                engine.pack(&multiple)
            };
            assert_eq!(*point, want, "{} at {i} of {len}", E::NAME);
        }
    }
}

#[test]
fn portable() {
    check_doubling(Portable);
    check_group::<G1, _>(Portable);
    check_group::<G2, _>(Portable);
}

/// The portable engine as on processors without BMI2 and ADX.
#[derive(Clone, Copy)]
struct WithoutAdx;

impl Engine for WithoutAdx {
    const NAME: &'static str = "portable without ADX";
    const RADIX_BITS: u32 = Portable::RADIX_BITS;
    type Domain = <Portable as Engine>::Domain;

    fn add_g1(self, acc: &mut [G1], rhs: &[G1]) {
        add_with(Plain, acc, rhs);
    }

    fn add_g2(self, acc: &mut [G2], rhs: &[G2]) {
        add_with(Plain, acc, rhs);
    }

    fn double_g1(self, points: &mut [G1], times: u32) {
        double_with(Plain, points, times);
    }

    fn domain(self, log_size: u32) -> Self::Domain {
        Portable.domain(log_size)
    }
}

#[test]
fn portable_without_adx() {
    check_doubling(WithoutAdx);
    check_group::<G1, _>(WithoutAdx);
    check_group::<G2, _>(WithoutAdx);
}

#[test]
#[cfg(target_arch = "x86_64")]
fn ifma() {
    match quietproof_prover::engine::Ifma::detect() {
        Some(ifma) => {
            check_doubling(ifma);
            check_group::<G1, _>(ifma);
            check_group::<G2, _>(ifma);
        }
        None => eprintln!("skipped: this processor has no AVX-512 IFMA"),
    }
}

#[test]
#[should_panic(expected = "as many points on both sides")]
fn lengths_differ() {
    Portable.add_g1(&mut [G1::INFINITY; 3], &[G1::INFINITY; 2]);
}

/// Sums in reverse order and points scattered in a table, negated or not, give the same results.
fn accumulates<P: EnginePoint, E: Engine>(engine: E) {
    let mut random = Random(6);
    let pool = Pool::<P>::new(engine, &mut random);
    for count in [0usize, 1, 15, 16, 17, 40, 2100] {
        let pairs: Vec<_> = (0..count)
            .map(|_| {
                let kind = random.word() % KINDS;
                pair(&pool, kind, &mut random)
            })
            .collect();
        let mut sums = vec![P::INFINITY; 2 * count];
        let mut table = vec![P::INFINITY; 3 * count];
        let mut addends = Vec::new();
        for (i, (left, right, _)) in pairs.iter().enumerate() {
            let (key, index, negated) = (2 * (count - 1 - i), 3 * i, random.word() % 2 == 1);
            sums[key] = *left;
            table[index] = right.negated_if(negated);
            addends.push(Addend::new(key as u32, index, negated));
        }
        P::accumulate(engine, &mut sums, &addends, &table);
        for (i, (.., sum)) in pairs.iter().enumerate() {
            let want: P = engine.pack(sum);
            assert_eq!(sums[2 * (count - 1 - i)], want, "{i} of {count}");
        }
        assert!(sums.iter().skip(1).step_by(2).all(P::is_infinity));
    }
}

#[test]
fn portable_accumulation() {
    accumulates::<G1, _>(Portable);
    accumulates::<G2, _>(Portable);
}

#[cfg(target_arch = "x86_64")]
#[test]
fn ifma_accumulation() {
    match quietproof_prover::engine::Ifma::detect() {
        Some(engine) => {
            accumulates::<G1, _>(engine);
            accumulates::<G2, _>(engine);
        }
        None => eprintln!("skipped: this processor has no AVX-512 IFMA"),
    }
}

fn doubles<E: Engine>(engine: E) {
    let mut random = Random(5);
    let pool = Pool::<G1>::new(engine, &mut random);
    for (count, times) in [(0, 1), (1, 0), (7, 1), (8, 2), (21, 17), (2053, 3)] {
        let points: Vec<_> = (0..count)
            .map(|i| match i % 5 {
                3 => (G1::INFINITY, <G1 as Point>::Affine::zero()),
                _ => pool.draw(&mut random),
            })
            .collect();
        let mut doubled: Vec<G1> = points.iter().map(|point| point.0).collect();
        engine.double_g1(&mut doubled, times);
        for (i, (got, (_, point))) in doubled.iter().zip(&points).enumerate() {
            let want = (*point * Fr::from(1u64 << times)).into_affine();
            assert_eq!(*got, engine.pack(&want), "{i} of {count}, {times} times");
        }
    }
}

#[test]
fn portable_doublings() {
    doubles(Portable);
}

#[cfg(target_arch = "x86_64")]
#[test]
fn ifma_doublings() {
    match quietproof_prover::engine::Ifma::detect() {
        Some(engine) => doubles(engine),
        None => eprintln!("skipped: this processor has no AVX-512 IFMA"),
    }
}
