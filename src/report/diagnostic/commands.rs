//! GitHub's workflow commands, which it shows beside the lines of a pull request.

use std::fmt::Write as _;

use crate::contract::Level;

use super::Diagnostic;

/// A command for each thing that is wrong.
pub(in crate::report) fn write<'d>(
    diagnostics: impl IntoIterator<Item = &'d Diagnostic>,
) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        let mut properties = Vec::new();
        if let Some(row) = diagnostic.rows.first() {
            if let Some(file) = &row.file {
                properties.push(("file", file.clone()));
            }
            properties.push(("line", row.line.max(1).to_string()));
        }
        properties.push(("title", diagnostic.kind.title.clone()));
        out.push_str(&command(
            word(diagnostic.level),
            &properties,
            &diagnostic.message,
        ));
    }
    out
}

/// One command.
pub(in crate::report) fn command(
    word: &str,
    properties: &[(&str, String)],
    message: &str,
) -> String {
    let mut out = format!("::{word} ");
    for (index, (name, value)) in properties.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        let _ = write!(out, "{comma}{name}={}", property(value));
    }
    let _ = writeln!(out, "::{}", data(message));
    out
}

fn word(level: Level) -> &'static str {
    match level {
        Level::Must => "error",
        Level::Should => "warning",
        Level::May => "notice",
    }
}

/// The data of a command: nothing in it ends the line, so nothing in it is a command.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_gets_out_of_a_command() {
        assert_eq!(data("100%\r\n::error::x"), "100%25%0D%0A::error::x");
        assert_eq!(data("a,b:c\r\n::error::"), "a,b:c%0D%0A::error::");
        assert_eq!(property("a,b:c\n%"), "a%2Cb%3Ac%0A%25");
        let properties = [("title", "a,b=c::d\n::set-output name=x::y".to_owned())];
        assert_eq!(
            command("error", &properties, "m"),
            "::error title=a%2Cb=c%3A%3Ad%0A%3A%3Aset-output name=x%3A%3Ay::m\n"
        );
    }
}
