//! Files that are written completely or not at all, even across a power failure, and memory mapping.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::Path;

use memmap2::Mmap;

use crate::error::{Code, Error, Result};

/// Writes and syncs a temporary file in the same folder, then renames it over the target. The rest of the project
/// deletes leftover files with this name, `.<name>.<8 hex digits>.tmp`, after a crash.
///
/// # Errors
/// `System`; the temporary file is removed.
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

/// A rename is durable only after the folder has been synced. Windows cannot open folders and does not need this.
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
/// Any error of the operating system.
pub fn map_file(file: &File) -> std::io::Result<Mmap> {
    // SAFETY: the mapping is read-only. If another process modified or truncated the mapped file, its bytes would
    // change under us or reading would kill the process. Our own writers never modify a file in place (they rename),
    // and data from a mapping is never used as an address.
    unsafe { Mmap::map(file) }
}
