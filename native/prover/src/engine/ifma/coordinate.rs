//! Coordinates of eight points, with the same interface for G1 (base field) and G2 (its quadratic extension).

use super::lanes::{Lanes, Product, Sum};
use super::modulus::{Base, Modulus, limbs};
use super::token::Ifma;
use super::vector::{Mask, Vector, columns_of, write_columns};
use crate::engine::inverse::invert;
use crate::points::Words;

/// Eight elements of the coordinate field. Bounds apply to each component and are in multiples of p.
pub trait Coordinate: Copy {
    /// One element in memory.
    type Stored: Copy;

    /// A sum of two canonical elements, without carry propagation.
    type Sum: Copy;

    /// Loads canonical elements.
    fn load(cpu: Ifma, rows: [&Self::Stored; 8]) -> Self;

    /// Stores canonical elements.
    fn store(self, rows: [&mut Self::Stored; 8]);

    /// Ones.
    fn one(cpu: Ifma) -> Self;

    /// Lanes that are zero; elements must be canonical.
    fn zeros(self) -> Mask;

    /// Lanes that are equal; elements must be canonical.
    fn equal(self, rhs: Self) -> Mask;

    /// 1 in the mask's lanes, `self` elsewhere.
    fn ones_at(self, mask: Mask) -> Self;

    /// Canonical elements, negated in the mask's lanes: at most 1.
    fn negated_at(self, mask: Mask) -> Self;

    /// `self − rhs` of elements that are canonical or p: at most 2.
    fn minus(self, rhs: Self) -> Self;

    /// `self + rhs` of canonical elements, for [`Coordinate::squared_minus`].
    fn plus(self, rhs: Self) -> Self::Sum;

    /// `self·rhs`: below 4 if the product of the bounds is at most 32.
    fn times(self, rhs: Self) -> Self;

    /// `self·rhs − less`, canonical, for a canonical `less`.
    fn times_minus(self, rhs: Self, less: Self) -> Self;

    /// `self² − less`, canonical, for `self` below 4.
    fn squared_minus(self, less: Self::Sum) -> Self;

    /// The inverse of a non-zero element that is the same in every lane: below 4.
    fn inverted(self) -> Self;

    /// Applies a permutation of lanes.
    fn permuted(self, permutation: impl Fn(Vector) -> Vector) -> Self;
}

impl Coordinate for Lanes<Base> {
    type Stored = Words;
    type Sum = Sum<Base>;

    #[inline(always)]
    fn load(cpu: Ifma, rows: [&Words; 8]) -> Self {
        Self::from_words(columns_of(cpu, rows))
    }

    #[inline(always)]
    fn store(self, rows: [&mut Words; 8]) {
        write_columns(self.to_words(), rows);
    }

    #[inline(always)]
    fn one(cpu: Ifma) -> Self {
        Self::splat(cpu, Base::ONE)
    }

    #[inline(always)]
    fn zeros(self) -> Mask {
        self.sum().zero_limbs()
    }

    #[inline(always)]
    fn equal(self, rhs: Self) -> Mask {
        (self.sum() - rhs.sum()).zero_limbs()
    }

    #[inline(always)]
    fn ones_at(self, mask: Mask) -> Self {
        self.replace(mask, Self::one(self.cpu()))
    }

    #[inline(always)]
    fn negated_at(self, mask: Mask) -> Self {
        self.replace(mask, Self::splat(self.cpu(), [0; 5]).minus(self))
    }

    #[inline(always)]
    fn minus(self, rhs: Self) -> Self {
        (self.sum() - rhs.sum()).add_multiple::<1>().carry()
    }

    #[inline(always)]
    fn plus(self, rhs: Self) -> Sum<Base> {
        self.sum() + rhs.sum()
    }

    #[inline(always)]
    fn times(self, rhs: Self) -> Self {
        self * rhs
    }

    #[inline(always)]
    fn times_minus(self, rhs: Self, less: Self) -> Self {
        (self.product(rhs).reduce() - less.sum())
            .add_multiple::<1>()
            .canonical()
    }

    #[inline(always)]
    fn squared_minus(self, less: Sum<Base>) -> Self {
        (self.square_product().reduce() - less)
            .add_multiple::<2>()
            .canonical()
    }

    fn inverted(self) -> Self {
        let words = self.sum().canonical().to_words();
        let inverse = limbs(invert(&words.map(|w| w.words()[0])));
        Self::splat(self.cpu(), inverse) * Self::splat(self.cpu(), Base::TO_INVERSE)
    }

    #[inline(always)]
    fn permuted(self, permutation: impl Fn(Vector) -> Vector) -> Self {
        self.permute(permutation)
    }
}

/// c0 + c1·u with u² = −1.
#[derive(Clone, Copy)]
pub struct Pair {
    c0: Lanes<Base>,
    c1: Lanes<Base>,
}

impl Pair {
    /// The two components of a product below 32, before reduction, with three multiplications (Karatsuba).
    /// p·2^260 is added to the first, so that it is not negative.
    #[inline(always)]
    fn products(self, rhs: Self) -> (Product<Base>, Product<Base>) {
        let low = self.c0.product(rhs.c0);
        let high = self.c1.product(rhs.c1);
        let left = (self.c0.sum() + self.c1.sum()).carry();
        let right = (rhs.c0.sum() + rhs.c1.sum()).carry();
        let middle = left.product(right) - low - high;
        ((low - high).add_multiple::<1>(), middle)
    }
}

impl Coordinate for Pair {
    type Stored = [Words; 2];
    type Sum = [Sum<Base>; 2];

    #[inline(always)]
    fn load(cpu: Ifma, [a, b, c, d, e, f, g, h]: [&[Words; 2]; 8]) -> Self {
        Self {
            c0: Lanes::load(
                cpu,
                [&a[0], &b[0], &c[0], &d[0], &e[0], &f[0], &g[0], &h[0]],
            ),
            c1: Lanes::load(
                cpu,
                [&a[1], &b[1], &c[1], &d[1], &e[1], &f[1], &g[1], &h[1]],
            ),
        }
    }

    #[inline(always)]
    fn store(self, rows: [&mut [Words; 2]; 8]) {
        let [a, b, c, d, e, f, g, h] = rows;
        let ([a0, a1], [b0, b1], [c0, c1], [d0, d1]) = (a, b, c, d);
        let ([e0, e1], [f0, f1], [g0, g1], [h0, h1]) = (e, f, g, h);
        self.c0.store([a0, b0, c0, d0, e0, f0, g0, h0]);
        self.c1.store([a1, b1, c1, d1, e1, f1, g1, h1]);
    }

    #[inline(always)]
    fn one(cpu: Ifma) -> Self {
        Self {
            c0: Lanes::one(cpu),
            c1: Lanes::splat(cpu, [0; 5]),
        }
    }

    #[inline(always)]
    fn zeros(self) -> Mask {
        self.c0.zeros() & self.c1.zeros()
    }

    #[inline(always)]
    fn equal(self, rhs: Self) -> Mask {
        self.c0.equal(rhs.c0) & self.c1.equal(rhs.c1)
    }

    #[inline(always)]
    fn ones_at(self, mask: Mask) -> Self {
        let zero = Lanes::splat(self.c0.cpu(), [0; 5]);
        Self {
            c0: self.c0.ones_at(mask),
            c1: self.c1.replace(mask, zero),
        }
    }

    #[inline(always)]
    fn negated_at(self, mask: Mask) -> Self {
        Self {
            c0: self.c0.negated_at(mask),
            c1: self.c1.negated_at(mask),
        }
    }

    #[inline(always)]
    fn minus(self, rhs: Self) -> Self {
        Self {
            c0: self.c0.minus(rhs.c0),
            c1: self.c1.minus(rhs.c1),
        }
    }

    #[inline(always)]
    fn plus(self, rhs: Self) -> [Sum<Base>; 2] {
        [self.c0.plus(rhs.c0), self.c1.plus(rhs.c1)]
    }

    #[inline(always)]
    fn times(self, rhs: Self) -> Self {
        // Bounds: 32/84 + 1 + 2.6 and 64/84 + 2.6.
        let (c0, c1) = self.products(rhs);
        Self {
            c0: c0.reduce().carry(),
            c1: c1.reduce().carry(),
        }
    }

    #[inline(always)]
    fn times_minus(self, rhs: Self, less: Self) -> Self {
        let (c0, c1) = self.products(rhs);
        Self {
            c0: (c0.reduce() - less.c0.sum())
                .add_multiple::<1>()
                .canonical(),
            c1: (c1.reduce() - less.c1.sum())
                .add_multiple::<1>()
                .canonical(),
        }
    }

    #[inline(always)]
    fn squared_minus(self, less: [Sum<Base>; 2]) -> Self {
        // (c0 + c1)(c0 − c1) and 2·c0·c1; bounds: 8·8/84 + 2.6 + 2 and 8·4/84 + 2.6 + 2.
        let (c0, c1) = (self.c0.sum(), self.c1.sum());
        let sum = (c0 + c1).carry();
        let difference = (c0 - c1).add_multiple::<4>().carry();
        let twice = (c0 + c0).carry();
        let squares = [sum.product(difference), twice.product(self.c1)];
        Self {
            c0: (squares[0].reduce() - less[0])
                .add_multiple::<2>()
                .canonical(),
            c1: (squares[1].reduce() - less[1])
                .add_multiple::<2>()
                .canonical(),
        }
    }

    fn inverted(self) -> Self {
        // 1/(c0 + c1·u) = (c0 − c1·u)/(c0² + c1²).
        let norm = (self.c0.square_product() + self.c1.square_product()).reduce();
        let inverse = norm.carry().inverted();
        let zero = Lanes::splat(self.c0.cpu(), [0; 5]).sum();
        let minus_c1 = (zero - self.c1.sum()).add_multiple::<4>().carry();
        Self {
            c0: self.c0 * inverse,
            c1: minus_c1 * inverse,
        }
    }

    #[inline(always)]
    fn permuted(self, permutation: impl Fn(Vector) -> Vector) -> Self {
        Self {
            c0: self.c0.permute(&permutation),
            c1: self.c1.permute(&permutation),
        }
    }
}
