//! Fields that code declares in place of an example: an interface, a class, a list of `name: type`.
//! They are not read, and that is told.

pattern! {
    /// The head of a declaration in a programming language.
    static HEAD = r"(?m)^\s*(?:(?:export|public|pub|final|data|declare)\s+)*(?:interface|type|class|struct|message|record)\s+[A-Za-z_][\w<>, ]{0,60}?\s*[={(:]";
    /// A name and what it holds, as YAML and sketches of types have them; names of headers begin
    /// with capitals.
    static MEMBER = r"^\s*(?:-\s+)?[a-z_][\w.]{0,60}\??\s*:(?:\s.*)?$";
}

/// The most lines that are looked at.
const LINES: usize = 200;

/// Whether a block of code declares fields.
pub(super) fn declares(code: &str) -> bool {
    if HEAD.is_match(code) {
        return true;
    }
    let mut members = 0;
    for line in code.lines().take(LINES) {
        let bare = line.trim();
        if bare.is_empty() || bare.starts_with(['#', '/']) {
            continue;
        }
        if !MEMBER.is_match(line) {
            return false;
        }
        members += 1;
    }
    members > 1
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("interface Note {\n  title: string;\n}", true)]
    #[case("export type Note = {\n  title: string\n}", true)]
    #[case("message Note {\n  string title = 1;\n}", true)]
    #[case("title: string   # required\nlevel: integer", true)]
    #[case("title: string", false)]
    #[case("Content-Type: application/json\nX-Trace: a", false)]
    #[case("{\"title\": \"a\"}", false)]
    #[case("<note>\n  <title>a</title>\n</note>", false)]
    #[case("curl https://a.example", false)]
    #[case("name=a&level=2", false)]
    fn code_may_declare_fields(#[case] code: &str, #[case] expected: bool) {
        assert_eq!(declares(code), expected);
    }
}
