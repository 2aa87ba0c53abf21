//! Files of others: a pipe that nobody writes to and a device without an end are files too.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The most bytes of a file that are held in memory. Each kind of file has a lower bound of its
/// own, which is told in its own words.
const MOST: u64 = 64 << 20;

/// Reads a file that somebody named, as far as there is room for it. It may be a pipe: it was
/// asked for.
pub(crate) fn read_named(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST + 1).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).is_ok_and(|count| count <= MOST) {
        Ok(bytes)
    } else {
        let told = format!("it has more than {} MiB, which are not read", MOST >> 20);
        Err(io::Error::new(io::ErrorKind::FileTooLarge, told))
    }
}

/// Reads a file that was come upon, in a folder say: nobody asked for what is no plain file.
pub(crate) fn read_found(path: &Path) -> io::Result<Vec<u8>> {
    if path.metadata()?.is_file() {
        read_named(path)
    } else {
        Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "it is no plain file",
        ))
    }
}

/// Whether two paths lead to one file, which need not be there.
pub(crate) fn is_same(one: &Path, other: &Path) -> bool {
    match (place(one), place(other)) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}

/// Where a file is, or would be, without links on the way.
pub(crate) fn place(path: &Path) -> Option<std::path::PathBuf> {
    path.canonicalize().ok().or_else(|| {
        let folder = path.parent().filter(|folder| *folder != Path::new(""));
        let folder = folder.unwrap_or(Path::new(".")).canonicalize().ok()?;
        Some(folder.join(path.file_name()?))
    })
}
