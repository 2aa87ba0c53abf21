//! The files beside a page, which its markup may refer to: never one outside the page's folder.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::LARGEST;

/// The folder that a page lies in; none for a page of the network.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    folder: Option<PathBuf>,
    /// What was read, by the names that markup uses.
    taken: Rc<RefCell<BTreeMap<String, String>>>,
}

impl Beside {
    /// What lies beside the page of a file.
    pub fn page(file: &Path) -> Self {
        let folder = match file.parent() {
            Some(folder) if folder.as_os_str().is_empty() => Some(PathBuf::from(".")),
            Some(folder) => Some(folder.to_owned()),
            None => None,
        };
        Self {
            folder: folder.and_then(|folder| folder.canonicalize().ok()),
            ..Self::default()
        }
    }

    /// The text of a file that markup names relative to the page; none where there is no such
    /// file, where it lies outside the folder (links of the file system followed), or where it is
    /// no text of a sensible size.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let folder = self.folder.as_ref()?;
        if name.is_empty() || Path::new(name).is_absolute() {
            return None;
        }
        let file = folder
            .join(name)
            .canonicalize()
            .or_else(|_| folder.join(below(folder, Path::new(name))?).canonicalize())
            .ok()?;
        let about = file.metadata().ok()?;
        let fits = file.starts_with(folder)
            && about.is_file()
            && usize::try_from(about.len()).is_ok_and(|length| length <= LARGEST);
        if !fits {
            return None;
        }
        let text = std::fs::read_to_string(&file).ok()?;
        let name = file.strip_prefix(folder).ok()?.to_str()?;
        self.taken
            .borrow_mut()
            .insert(name.to_owned(), text.clone());
        Some(text)
    }

    /// The files that were read, as paths below the folder, with their texts.
    pub(super) fn taken(&self) -> Vec<(String, String)> {
        let taken = self.taken.take();
        taken.into_iter().collect()
    }
}

/// A file that is named from a folder above the page's, as where the page is part of another: its
/// name begins with the last folders of the page's.
fn below<'n>(folder: &Path, name: &'n Path) -> std::io::Result<&'n Path> {
    name.ancestors()
        .skip(1)
        .filter(|start| !start.as_os_str().is_empty() && folder.ends_with(start))
        .find_map(|start| name.strip_prefix(start).ok())
        .ok_or_else(|| std::io::ErrorKind::NotFound.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::beside("a.yaml", true)]
    #[case::below("./sub/b.yaml", true)]
    #[case::around("sub/../a.yaml", true)]
    #[case::above("../outside.yaml", false)]
    #[case::from_above("pages/sub/b.yaml", true)]
    #[case::from_above_outside("pages/../../outside.yaml", false)]
    #[case::folder("sub", false)]
    #[case::absent("c.yaml", false)]
    #[case::nothing("", false)]
    #[case::absolute("/etc/hostname", false)]
    fn only_files_of_the_folder_are_read(#[case] name: &str, #[case] is_read: bool) {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("pages");
        std::fs::create_dir_all(folder.join("sub")).unwrap();
        for (file, text) in [
            ("outside.yaml", "x"),
            ("pages/a.yaml", "a"),
            ("pages/sub/b.yaml", "b"),
        ] {
            std::fs::write(root.path().join(file), text).unwrap();
        }
        let beside = Beside::page(&folder.join("page.rst"));
        assert_eq!(beside.text(name).is_some(), is_read);
        assert_eq!(Beside::default().text(name), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_out_of_the_folder_is_not_followed() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("pages");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(root.path().join("outside.yaml"), "x").unwrap();
        std::os::unix::fs::symlink("../outside.yaml", folder.join("inside.yaml")).unwrap();
        let beside = Beside::page(&folder.join("page.rst"));
        assert_eq!(beside.text("inside.yaml"), None);
    }
}
