//! Files that are there whole or not at all, also after a power cut; and their mapping into memory.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::Path;

use memmap2::Mmap;

use crate::error::{Code, Error, Result};

/// Writes a temporary file in the same folder, synced, and renames it over the target. Its name,
/// `.<name>.<8 hex digits>.tmp`, is the one that the rest of the project clears away after a crash.
///
/// # Errors
/// `System`; nothing is left behind.
pub fn write_durably(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut random = [0; 4];
    getrandom::fill(&mut random)
        .map_err(|error| Error::new(Code::System, format!("no randomness: {error}")))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let temporary = path.with_file_name(format!(".{name}.{:08x}.tmp", u32::from_ne_bytes(random)));
    let written = write_synced(&temporary, bytes)
        .and_then(|()| fs::rename(&temporary, path))
        .and_then(|()| sync_folder(path));
    written.map_err(|error| {
        let _ = fs::remove_file(&temporary);
        Error::new(
            Code::System,
            format!("{} cannot be written: {error}", path.display()),
        )
    })
}

fn write_synced(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// A rename is durable once the folder is; Windows cannot open folders and needs no such step.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    if cfg!(windows) {
        return Ok(());
    }
    let parent = path.parent().filter(|parent| *parent != Path::new(""));
    File::open(parent.unwrap_or(Path::new(".")))?.sync_all()
}
/// Maps a file for reading.
///
/// # Errors
/// The operating system's.
pub fn map_file(file: &File) -> std::io::Result<Mmap> {
    // SAFETY: the mapping is read only. Were the file changed or cut short by somebody while it is mapped, its bytes
    // would change under us, or reading would end the process: our own writers never change a file in place (they
    // rename), and what is read from a mapping is checked before it is trusted and never used as an address.
    unsafe { Mmap::map(file) }
}
