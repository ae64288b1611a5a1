//! Batch addition, one point after the other (to be replaced by batch inversion).

use ark_ec::CurveGroup;

use super::Portable;
use crate::points::{G1, G2, Point};

pub fn add_g1(acc: &mut [G1], rhs: &[G1]) {
    add(acc, rhs);
}

pub fn add_g2(acc: &mut [G2], rhs: &[G2]) {
    add(acc, rhs);
}

fn add<P: Point>(acc: &mut [P], rhs: &[P]) {
    assert_eq!(acc.len(), rhs.len());
    for (a, b) in acc.iter_mut().zip(rhs) {
        let sum = P::Curve::from(a.to_ark(Portable)) + b.to_ark(Portable);
        *a = P::from_ark(Portable, &sum.into_affine());
    }
}
