//! The key's layout as a file beside the `.zkey`.

use std::fs::File;
use std::path::Path;

use super::layout::{Layout, Sha256Digest};
use crate::durable::{map_file, write_durably};
use crate::error::Result;

/// Opens a cache file. `Err` says why it cannot be used: it is missing, damaged, or belongs to another key.
/// `known` as for [`Layout::from_map`].
pub fn open(
    path: &Path,
    source: &Sha256Digest,
    known: Option<&Sha256Digest>,
) -> std::result::Result<Layout, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let map = map_file(&file).map_err(|error| error.to_string())?;
    Layout::from_map(map, source, known).map_err(str::to_owned)
}

/// Writes the buffer atomically. Processes that have mapped an older file keep that one.
///
/// # Errors
/// `System`.
pub fn write(path: &Path, layout: &Layout) -> Result<()> {
    write_durably(path, layout.bytes())
}
