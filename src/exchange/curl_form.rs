//! The options of a curl line that make a form: its fields as a person would write them.

use url::form_urlencoded;

use super::curl::{in_octal, padded, quote};
use crate::contract::{FormPart, MediaType, form_parts};
use crate::generate::Request;

/// The options for a form, and what is piped into curl.
#[derive(Debug, Default)]
pub(super) struct CurlForm {
    /// What stands in front of the line.
    pub(super) before: String,
    /// The options.
    pub(super) options: String,
    /// Whether curl writes the content type by itself, with a boundary of its own.
    pub(super) names_type: bool,
}

/// The form of a request; none where its body is no form, or not one that these options make again.
pub(super) fn form(request: &Request) -> Option<CurlForm> {
    let kind = request.content_type.as_deref()?;
    let bytes = request.body_bytes().filter(|bytes| !bytes.is_empty())?;
    match MediaType::read(kind)? {
        MediaType::Form => pairs(&bytes),
        MediaType::Multipart => parts(&form_parts(&bytes, kind)?),
        MediaType::Json
        | MediaType::JsonAs(_)
        | MediaType::MergePatch
        | MediaType::JsonPatch
        | MediaType::Text
        | MediaType::Other(_) => None,
    }
}

/// `--data-urlencode` for each pair.
fn pairs(bytes: &[u8]) -> Option<CurlForm> {
    let pairs: Vec<(String, String)> = form_urlencoded::parse(bytes).into_owned().collect();
    let mut again = form_urlencoded::Serializer::new(String::new());
    again.extend_pairs(&pairs);
    if again.finish().as_bytes() != bytes || pairs.iter().any(|(name, _)| name.is_empty()) {
        return None;
    }
    let mut form = CurlForm::default();
    for (name, value) in pairs {
        // Curl encodes what follows the sign, and takes the name as it is.
        let name: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
        let field = quote(&format!("{name}={value}"));
        form.options.push_str(&format!(" --data-urlencode {field}"));
    }
    Some(form)
}

/// `-F` for each part; a file is piped into curl, and there is one pipe.
fn parts(parts: &[FormPart]) -> Option<CurlForm> {
    let is_plain = |name: &str| !name.contains(['"', '=', ';', '\\', '\n', '\r']);
    let mut form = CurlForm {
        names_type: true,
        ..CurlForm::default()
    };
    for part in parts {
        if !is_plain(&part.name) {
            return None;
        }
        let Some(file) = part.file.as_ref().filter(|file| is_plain(file)) else {
            let text = std::str::from_utf8(&part.bytes).ok()?;
            let field = quote(&format!("{}={text}", part.name));
            form.options.push_str(&format!(" --form-string {field}"));
            continue;
        };
        if !form.before.is_empty() {
            return None;
        }
        form.before = match padded(&part.bytes) {
            Some(printed) => format!("{printed} | "),
            None => format!("printf '{}' | ", in_octal(&part.bytes)),
        };
        let media = part.media.as_ref();
        let media = media.map_or(String::new(), |media| format!(";type={media}"));
        let field = quote(&format!("{}=@-;filename={file}{media}", part.name));
        form.options.push_str(&format!(" -F {field}"));
    }
    Some(form)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::generate::Body;

    const HEAD: &str = "Content-Disposition: form-data; name=";

    #[rstest]
    #[case::pairs(
        "application/x-www-form-urlencoded",
        "a=1+%26+2&b%5B%5D=%C3%A9",
        Some("curl --data-urlencode 'a=1 & 2' --data-urlencode 'b%5B%5D=é'")
    )]
    #[case::no_pairs("application/x-www-form-urlencoded", "{\"a\":1}", None)]
    #[case::no_form("text/plain", "a=1", None)]
    #[case::parts("multipart/form-data; boundary=x", &format!("--x\r\n{HEAD}a\r\n\r\n@b\r\n--x--\r\n"), Some("curl --form-string 'a=@b'"))]
    #[case::a_file("multipart/form-data; boundary=x", &format!("--x\r\n{HEAD}f; filename=a.csv\r\nContent-Type: text/csv\r\n\r\n1,2\r\n--x--\r\n"), Some("printf '1,2' | curl -F 'f=@-;filename=a.csv;type=text/csv'"))]
    fn a_form_is_shown_as_a_person_would_write_it(
        #[case] kind: &str,
        #[case] body: &str,
        #[case] expected: Option<&str>,
    ) {
        let request = Request {
            body: Body::Raw(body.as_bytes().to_vec()),
            content_type: Some(kind.to_owned()),
            ..Request::bare("POST", "/")
        };
        let shown = form(&request).map(|form| format!("{}curl{}", form.before, form.options));
        assert_eq!(shown.as_deref(), expected);
    }
}
