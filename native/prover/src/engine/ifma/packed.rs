//! Packed points, read and written eight at a time.
//!
//! No closures here, nor `each_ref`, which uses one: they would be compiled without the kernel's target features.

use super::coordinate::{Coordinate, Pair};
use super::lanes::Lanes;
use super::modulus::Base;
use super::token::Ifma;
use crate::engine::special::Special;
use crate::points::{G1, G2};

/// A packed point whose coordinates can be loaded eight at a time.
pub trait Packed: Special {
    /// Eight coordinates in registers.
    type Coordinate: Coordinate;

    /// x.
    fn x(&self) -> &Stored<Self>;

    /// y.
    fn y(&self) -> &Stored<Self>;

    /// x and y, for writing.
    fn coordinates_mut(&mut self) -> (&mut Stored<Self>, &mut Stored<Self>);
}

type Stored<P> = <<P as Packed>::Coordinate as Coordinate>::Stored;

impl Packed for G1 {
    type Coordinate = Lanes<Base>;

    #[inline(always)]
    fn x(&self) -> &Stored<Self> {
        &self.x
    }

    #[inline(always)]
    fn y(&self) -> &Stored<Self> {
        &self.y
    }

    #[inline(always)]
    fn coordinates_mut(&mut self) -> (&mut Stored<Self>, &mut Stored<Self>) {
        (&mut self.x, &mut self.y)
    }
}

impl Packed for G2 {
    type Coordinate = Pair;

    #[inline(always)]
    fn x(&self) -> &Stored<Self> {
        &self.x
    }

    #[inline(always)]
    fn y(&self) -> &Stored<Self> {
        &self.y
    }

    #[inline(always)]
    fn coordinates_mut(&mut self) -> (&mut Stored<Self>, &mut Stored<Self>) {
        (&mut self.x, &mut self.y)
    }
}

/// The x-coordinates of eight points.
#[inline(always)]
pub fn x_coordinates<P: Packed>(cpu: Ifma, [a, b, c, d, e, f, g, h]: [&P; 8]) -> P::Coordinate {
    let rows = [a.x(), b.x(), c.x(), d.x(), e.x(), f.x(), g.x(), h.x()];
    P::Coordinate::load(cpu, rows)
}

/// The y-coordinates of eight points.
#[inline(always)]
pub fn y_coordinates<P: Packed>(cpu: Ifma, [a, b, c, d, e, f, g, h]: [&P; 8]) -> P::Coordinate {
    let rows = [a.y(), b.y(), c.y(), d.y(), e.y(), f.y(), g.y(), h.y()];
    P::Coordinate::load(cpu, rows)
}

/// The coordinates of eight points.
#[inline(always)]
pub fn load<P: Packed>(cpu: Ifma, points: &[P; 8]) -> (P::Coordinate, P::Coordinate) {
    (
        x_coordinates(cpu, references(points)),
        y_coordinates(cpu, references(points)),
    )
}

/// Writes the coordinates of eight points.
#[inline(always)]
pub fn store<P: Packed>(points: &mut [P; 8], x: P::Coordinate, y: P::Coordinate) {
    let [a, b, c, d, e, f, g, h] = points;
    let (a, b, c, d) = (
        a.coordinates_mut(),
        b.coordinates_mut(),
        c.coordinates_mut(),
        d.coordinates_mut(),
    );
    let (e, f, g, h) = (
        e.coordinates_mut(),
        f.coordinates_mut(),
        g.coordinates_mut(),
        h.coordinates_mut(),
    );
    x.store([a.0, b.0, c.0, d.0, e.0, f.0, g.0, h.0]);
    y.store([a.1, b.1, c.1, d.1, e.1, f.1, g.1, h.1]);
}

/// A reference to each element.
#[inline(always)]
pub fn references<T>([a, b, c, d, e, f, g, h]: &[T; 8]) -> [&T; 8] {
    [a, b, c, d, e, f, g, h]
}
