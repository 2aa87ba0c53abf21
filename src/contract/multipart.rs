//! The parts of `multipart/form-data` (RFC 7578), written and read.

/// What stands between the parts. It is always the same, so that a request is a function of its
/// values.
pub(super) const BOUNDARY: &str = "docproof-3f9c61a7e05b4d28";

/// A part of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The name of the field.
    pub name: String,
    /// The name of the file, where it is one.
    pub file: Option<String>,
    /// The media type, where one is told.
    pub media: Option<String>,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// Parts as a body.
pub(super) fn write(parts: &[Part]) -> Vec<u8> {
    let mut body = Vec::new();
    for part in parts {
        let mut head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{}\"",
            escaped(&part.name)
        );
        if let Some(file) = &part.file {
            head.push_str(&format!("; filename=\"{}\"", escaped(file)));
        }
        head.push_str("\r\n");
        if let Some(media) = &part.media {
            head.push_str(&format!("Content-Type: {media}\r\n"));
        }
        head.push_str("\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(&part.bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    body
}

/// The parts of a body; none where they cannot be told.
pub fn read(body: &[u8], content_type: &str) -> Option<Vec<Part>> {
    let boundary = parameter(content_type, "boundary")?;
    if boundary.is_empty() {
        return None;
    }
    let mark = format!("--{boundary}").into_bytes();
    let next = [b"\r\n".as_slice(), &mark].concat();
    // What stands in front of the first mark is no part.
    let start = if body.starts_with(&mark) {
        mark.len()
    } else {
        find(body, &next)? + next.len()
    };
    let mut rest = body.get(start..)?;
    let mut parts = Vec::new();
    while !rest.starts_with(b"--") {
        rest = rest.strip_prefix(b"\r\n")?;
        // A part without headers begins with the empty line.
        let (head, after) = if let Some(after) = rest.strip_prefix(b"\r\n") {
            (&[][..], after)
        } else {
            let at = find(rest, b"\r\n\r\n")?;
            (rest.get(..at)?, rest.get(at + 4..)?)
        };
        // An empty part may end where its head does.
        let (bytes, after) = if let Some(after) = after.strip_prefix(mark.as_slice()) {
            (&[][..], after)
        } else {
            let end = find(after, &next)?;
            (after.get(..end)?, after.get(end + next.len()..)?)
        };
        parts.push(of_head(head, bytes)?);
        rest = after;
    }
    Some(parts)
}

/// A part by its head.
fn of_head(head: &[u8], bytes: &[u8]) -> Option<Part> {
    let head = std::str::from_utf8(head).ok()?;
    let header = |wanted: &str| {
        head.split("\r\n").find_map(|line| {
            let (name, value) = line.split_once(':')?;
            let is_it = name.trim().eq_ignore_ascii_case(wanted);
            is_it.then(|| value.trim())
        })
    };
    let disposition = header("content-disposition")?;
    Some(Part {
        name: unescaped(&parameter(disposition, "name")?),
        file: parameter(disposition, "filename").map(|name| unescaped(&name)),
        media: header("content-type").map(str::to_owned),
        bytes: bytes.to_vec(),
    })
}

/// A parameter of a header's value.
fn parameter(value: &str, wanted: &str) -> Option<String> {
    let (_, mut rest) = value.split_once(';')?;
    loop {
        let (name, after) = rest.split_once('=')?;
        let name = name.trim();
        let (text, left) = match after.trim_start().strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => after.split_at(after.find(';').unwrap_or(after.len())),
        };
        if name.eq_ignore_ascii_case(wanted) {
            return Some(text.trim().to_owned());
        }
        (_, rest) = left.split_once(';')?;
    }
}

/// Where bytes stand in others.
fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}

/// A name within quotation marks, as browsers write it.
fn escaped(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A name as it was before it was written within quotation marks.
fn unescaped(name: &str) -> String {
    name.replace("%22", "\"")
        .replace("%0D", "\r")
        .replace("%0A", "\n")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn parts_are_written_as_a_standard_says() {
        let part = |name: &str, file: Option<&str>, bytes: &[u8]| Part {
            name: name.to_owned(),
            file: file.map(str::to_owned),
            media: file.map(|_| "image/png".to_owned()),
            bytes: bytes.to_vec(),
        };
        let parts = [
            part("a\"b", None, b"x\r\ny"),
            part("file", Some("a.png"), &[0, 255, b'\r', b'\n', b'-', b'-']),
            part("none", None, b""),
        ];
        let written = write(&parts);
        let own = "Content-Disposition: form-data; name=";
        let head = format!(
            "--{BOUNDARY}\r\n{own}\"a%22b\"\r\n\r\nx\r\ny\r\n--{BOUNDARY}\r\n{own}\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n"
        );
        let end = format!("\r\n--{BOUNDARY}\r\n{own}\"none\"\r\n\r\n\r\n--{BOUNDARY}--\r\n");
        let expected = [
            head.as_bytes(),
            &[0, 255, b'\r', b'\n', b'-', b'-'],
            end.as_bytes(),
        ];
        assert_eq!(written, expected.concat());
        let kind = format!("multipart/form-data; boundary=\"{BOUNDARY}\"; charset=utf-8");
        assert_eq!(read(&written, &kind).unwrap(), parts);
    }

    #[rstest]
    #[case::no_boundary("--x\r\n\r\n\r\n--x--", "multipart/form-data")]
    #[case::no_end(
        "--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1",
        "m; boundary=x"
    )]
    #[case::no_name("--x\r\n\r\n1\r\n--x--", "m; boundary=x")]
    #[case::no_part("hello", "m; boundary=x")]
    fn what_has_no_parts_is_not_read(#[case] body: &str, #[case] kind: &str) {
        assert_eq!(read(body.as_bytes(), kind), None);
    }
}
