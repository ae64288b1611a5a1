//! Witnesses, version 2 of the format: section 1 names the field, section 2 holds the wires.

use ark_bn254::Fr;
use ark_ff::PrimeField;

use super::ELEMENT_BYTES;
use super::container::{Format, Sections};
use crate::error::Result;

/// Returns the wires as a view: 32 bytes per wire, little-endian. The values themselves are checked by
/// [`crate::wires::Wires::new`].
///
/// # Errors
/// `BadWitness`.
pub fn read_wtns(bytes: &[u8]) -> Result<&[u8]> {
    let sections = Sections::read(bytes, Format::WTNS)?;
    let mut header = sections.require(1, "header")?;
    header.modulus(Fr::MODULUS.0)?;
    let count = header.u32()? as usize;
    header.end()?;
    let wires = sections.require(2, "wires")?;
    wires
        .records::<ELEMENT_BYTES>(count)
        .map(<[[u8; ELEMENT_BYTES]]>::as_flattened)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;
    use crate::formats::samples;

    #[test]
    fn returns_the_wires() {
        let file = samples::wtns(&[[1, 0, 0, 0], [7, 6, 5, 4]]);
        let wires = read_wtns(&file).unwrap();
        assert_eq!(wires.len(), 64);
        assert_eq!((wires[0], wires[32], wires[56]), (1, 7, 4));
    }

    #[test]
    fn refuses_every_truncation_and_every_changed_header_byte() {
        let file = samples::wtns(&[[1, 0, 0, 0], [7, 6, 5, 4]]);
        let refused = |bytes: &[u8]| read_wtns(bytes).unwrap_err().code == Code::BadWitness;
        assert!((0..file.len()).all(|length| refused(&file[..length])));
        for at in 0..76 {
            let mut changed = file.clone();
            changed[at] ^= 1;
            assert!(refused(&changed), "byte {at}");
        }
    }
}
