//! Transforms, written plainly (to be replaced by the fast ones).

use ark_bn254::Fr;
use ark_ff::{BigInt, FftField, Field, PrimeField};

use crate::engine::Domain;
use crate::points::Words;

/// Transforms on four-word Montgomery arithmetic.
pub struct PortableDomain {
    log_size: u32,
}

impl PortableDomain {
    pub(super) fn new(log_size: u32) -> Self {
        Self { log_size }
    }

    /// Values at ω^j to values at ω₂ₙ·ω^j, by the plain radix-2 recursion.
    fn to_coset(&self, values: &mut [Words]) {
        let n = 1u64 << self.log_size;
        let root = Fr::get_root_of_unity(n).expect("2-adicity");
        let shift = Fr::get_root_of_unity(2 * n).expect("2-adicity");
        let mut field: Vec<Fr> = values
            .iter()
            .map(|w| Fr::from_bigint(BigInt(*w)).expect("canonical"))
            .collect();
        field = transform(&field, root.inverse().expect("not zero"));
        let mut factor = Fr::from(n).inverse().expect("not zero");
        for value in &mut field {
            *value *= factor;
            factor *= shift;
        }
        field = transform(&field, root);
        for (out, value) in values.iter_mut().zip(field) {
            *out = value.into_bigint().0;
        }
    }
}

fn transform(values: &[Fr], root: Fr) -> Vec<Fr> {
    if values.len() == 1 {
        return values.to_vec();
    }
    let every_other = |from: usize| {
        values
            .iter()
            .skip(from)
            .step_by(2)
            .copied()
            .collect::<Vec<_>>()
    };
    let even = transform(&every_other(0), root * root);
    let odd = transform(&every_other(1), root * root);
    let mut out = vec![Fr::from(0); values.len()];
    let half = values.len() / 2;
    let mut twiddle = Fr::from(1);
    for j in 0..half {
        let t = odd[j] * twiddle;
        out[j] = even[j] + t;
        out[j + half] = even[j] - t;
        twiddle *= root;
    }
    out
}

impl Domain for PortableDomain {
    fn quotient(&self, a: &mut [Words], b: &mut [Words], c: Option<&mut [Words]>) {
        self.to_coset(a);
        self.to_coset(b);
        let field = |w: &Words| Fr::from_bigint(BigInt(*w)).expect("canonical");
        for (a, b) in a.iter_mut().zip(b.iter()) {
            *a = (field(a) * field(b)).into_bigint().0;
        }
        if let Some(c) = c {
            self.to_coset(c);
            for (a, c) in a.iter_mut().zip(c.iter()) {
                *a = (field(a) - field(c)).into_bigint().0;
            }
        }
    }

    fn coset_order(&self) -> Vec<u32> {
        (0..1 << self.log_size).collect()
    }
}
