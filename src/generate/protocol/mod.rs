//! Cases about HTTP itself rather than a documented field: credentials, methods, paths, malformed
//! bodies, sizes, unknown resources.

mod bodies;
mod credentials;
mod path_values;
mod paths;
mod unknown;

pub use self::bodies::{UNACCEPTABLE, malformed, oversized};
pub use self::credentials::{NO_CREDENTIAL, auth, open};
pub use self::path_values::path_values;
pub use self::paths::{
    UNDOCUMENTED_METHODS, UNDOCUMENTED_PART, method, path_of_nobody, undocumented_path,
};
pub use self::unknown::{id_of_nobody, unknown_resources};
