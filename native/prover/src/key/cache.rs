//! The key's layout as a file beside the `.zkey`.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use memmap2::Mmap;

use super::layout::{Layout, Sha256Digest};
use crate::error::{Code, Error, Result};

/// Opens a cache file. `Err` says why there is none to use: it is missing, damaged, or of another key.
pub fn open(path: &Path, source: &Sha256Digest) -> std::result::Result<Layout, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let map = map(&file).map_err(|error| error.to_string())?;
    Layout::from_map(map, source).map_err(str::to_owned)
}

/// Writes the buffer to a temporary file, and gives it its name when it is whole and on disk: readers see all of it
/// or nothing, and whoever has mapped an older one keeps that.
pub fn write(path: &Path, layout: &Layout) -> Result<()> {
    let draft = draft_path(path)?;
    let written = write_through(&draft, layout.bytes()).and_then(|()| fs::rename(&draft, path));
    if written.is_err() {
        // Best effort: the error to report is the first one.
        let _ = fs::remove_file(&draft);
    }
    Ok(written?)
}

fn write_through(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// In the same folder, so that it can be renamed, and of this writer alone. Named like all files of an artifact that
/// are being written, `.<name>.<8 hex digits>.tmp`: what a killed process leaves is swept up with the others.
fn draft_path(path: &Path) -> Result<PathBuf> {
    let mut number = [0; 4];
    getrandom::fill(&mut number)
        .map_err(|error| Error::new(Code::System, format!("no randomness: {error}")))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let draft = format!(".{name}.{:08x}.tmp", u32::from_le_bytes(number));
    Ok(path.with_file_name(draft))
}

/// Maps a file for reading.
pub fn map(file: &File) -> std::io::Result<Mmap> {
    // SAFETY: the mapping is read only. Were the file changed or cut short by somebody while it is mapped, its bytes
    // would change under us, or reading would end the process: our own writers never change a file in place (they
    // rename), and what is read from a mapping is checked before it is trusted and never used as an address.
    unsafe { Mmap::map(file) }
}
