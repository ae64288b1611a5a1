//! Exceptional cases of the addition formula (equal, opposite and infinite points), which batches skip.

use ark_bn254::{Fq, Fq2};
use ark_ff::{BigInt, Field};

use crate::points::{G1, G2, Point, Words};

/// A packed point that can be doubled on its own.
pub trait Special: Point {
    /// Twice a finite point; infinity when y is zero. Coordinates are times 2^radix_bits.
    fn doubled(&self, radix_bits: u32) -> Self;
}

/// `acc + rhs` where one is infinite or both have the same x (on the curve, they are then equal or opposite).
#[cold]
pub fn add_special<P: Special>(acc: &P, rhs: &P, radix_bits: u32) -> P {
    if rhs.is_infinity() {
        *acc
    } else if acc.is_infinity() {
        *rhs
    } else if acc == rhs {
        acc.doubled(radix_bits)
    } else {
        P::INFINITY
    }
}

impl Special for G1 {
    fn doubled(&self, radix_bits: u32) -> Self {
        let element = |w: Words| Fq::new_unchecked(BigInt(w));
        match doubled(element(self.x), element(self.y), radix_bits) {
            None => Self::INFINITY,
            Some((x, y)) => Self { x: x.0.0, y: y.0.0 },
        }
    }
}

impl Special for G2 {
    fn doubled(&self, radix_bits: u32) -> Self {
        let element = |[c0, c1]: [Words; 2]| {
            Fq2::new(Fq::new_unchecked(BigInt(c0)), Fq::new_unchecked(BigInt(c1)))
        };
        match doubled(element(self.x), element(self.y), radix_bits) {
            None => Self::INFINITY,
            Some((x, y)) => Self {
                x: [x.c0.0.0, x.c1.0.0],
                y: [y.c0.0.0, y.c1.0.0],
            },
        }
    }
}

/// Doubles (x/s, y/s) and returns the coordinates times s, where s = 2^(radix_bits − 256) is the factor between the
/// packed coordinates and arkworks' Montgomery form.
fn doubled<F: Field>(x: F, y: F, radix_bits: u32) -> Option<(F, F)> {
    let scale = F::from(1u64 << (radix_bits - 256));
    let slope = (x.square() * F::from(3u64)) * (y.double() * scale).inverse()?;
    let x3 = slope.square() * scale - x.double();
    Some((x3, slope * (x - x3) - y))
}
