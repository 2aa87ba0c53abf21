//! Documentation pages: text in whatever format -> one block tree.

mod attach;
mod beside;
mod block;
mod blueprint;
mod bracketed;
pub(crate) mod caption;
pub mod cell;
mod code;
mod component;
mod definitions;
mod described;
mod drawn;
mod fence;
mod generated;
mod gitbook;
mod glued;
mod headerless;
mod html;
mod httpie;
mod invisible;
mod liquid;
mod magic;
mod markdown;
mod permalink;
mod pipe;
mod portal;
mod rendered;
mod requiredness;
mod rst;
mod run_on;
mod sheet;
mod shortcode;
mod spanned;
mod tab_title;
mod tabbed;
mod tag;
mod term;
mod text_lines;
mod tidy;
mod torn_list;
mod torn_rows;
mod untyped;
pub mod words;
mod wrapped;

pub use beside::Beside;
pub use block::{
    Block, BlockKind, Cell, Format, Link, Page, Row, Subject, Table, Text, Unread, plain,
};

/// The largest page that is read, in bytes.
pub const LARGEST: usize = 16 * 1024 * 1024;

/// Why a page cannot be read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum PageError {
    /// Nothing but white space.
    #[error("the file is empty")]
    Empty,
    /// Not text in UTF-8.
    #[error("the file is no text (byte {0} is not UTF-8, or is a NUL)")]
    NotText(usize),
    /// Text in another encoding, as of old: GBK, Latin-1.
    #[error("the file is text in another encoding than UTF-8 (byte {0} is none of it)")]
    OtherEncoding(usize),
    /// Text in UTF-16, as its byte order mark says.
    #[error("the file is text in UTF-16")]
    Utf16,
    /// A web archive: HTML and all that belongs to it, in the form of a mail.
    #[error("the file is a web archive (MHTML), and its text is encoded")]
    Archive,
    /// AsciiDoc, whose tables and blocks have marks of their own.
    #[error("the file is AsciiDoc, which is not read")]
    AsciiDoc,
    /// The markup of a wiki, such as MediaWiki, Textile or Jira.
    #[error("the file is in the markup of a wiki, which is not read")]
    Wiki,
    /// Larger than any documentation page.
    #[error("the file has {0} bytes, more than the {LARGEST} that are read")]
    TooLarge(usize),
}

impl PageError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Empty => "save the page's text again",
            Self::NotText(_) => {
                "give the page as Markdown, HTML or plain text; a PDF or an archive cannot be read"
            }
            Self::OtherEncoding(_) => {
                "save it in UTF-8 (`iconv -f GBK -t UTF-8 PAGE`; `-f LATIN1` where it is in a \
                 western European language)"
            }
            Self::Utf16 => "save it in UTF-8 (`iconv -f UTF-16 -t UTF-8 PAGE`)",
            Self::Archive => "save the page as HTML",
            Self::AsciiDoc => "build it to HTML (`asciidoctor page.adoc`) and give that",
            Self::Wiki => {
                "save the page as the wiki shows it (HTML), or convert it \
                 (`pandoc -f mediawiki -t html`, `pandoc -f textile -t html`)"
            }
            Self::TooLarge(_) => "give one page a file",
        }
    }
}

phrases! {
    Editions:

    /// A line with the day, the group `day`, of a page's edition.
    static EDITION;
}

pattern! {
    static RST =
        r"(?m)^\s*(?:\+[-=+]{3,}\+|={3,}(?: +={3,})+|\.\. [a-zA-Z_-]+(?::[a-zA-Z_-]+)?(?:::|:\s*$)|\.\. _[^:]+:)\s*";

    /// A heading of a section in Markdown.
    static ATX = r"^#{2,6} ";

    /// A title in Markdown, below something else.
    static TITLE = r"\n[ \t]*\r?\n# ";

    /// A heading of AsciiDoc, and what no other format has on a line of its own.
    static ASCII_HEADING = r"(?m)^={1,6} \S";
    static ASCII_BLOCK = r"(?m)^(?:\|===|\[(?:source|cols|options|NOTE|TIP|WARNING|horizontal|discrete|float|role|abstract)\b[^\]\n]*\]|\[\[[\w-]+\]\]|:toc:.*|:doctype:.*)[ \t\r]*$";

    /// A heading of Textile and of wikis that have its marks: `h2. URI`.
    static WIKI_HEADING = r"(?m)^h[1-6](?:\([^)\n]*\))?\. +\S";
    /// The beginning of a table in MediaWiki, and of a row.
    static WIKI_TABLE = r"(?m)^\{\|";
    static WIKI_ROW = r"(?m)^\|-";

    /// The first tag of HTML without a head, as tools cut it out of a page.
    static BEGINS_WITH_TAG =
        r"(?i)\A\s*(?:<!--(?:[^-]|-[^-])*-->\s*)*<(?:article|section|main|div|h[1-6]|header|body|p|ul|ol|dl|table)\b[^<>]*>";

    static MARKDOWN = r"(?m)\A\s*(?:# |---\s*$)|^(?:#{2,6} |```[^`\n]*$|\|.*\|\s*$|\s*<table|\{% (?:swagger|api-method) )|^\*\*[^*\n]+\*\*[ \t]*\n(?:-{3,}|={3,})[ \t]*$";
}

/// The edition that a line states (`Updated on 2025-08-05 GMT+08:00`).
fn edition_of_line(line: &str) -> Option<String> {
    EDITION
        .captures(line)
        .and_then(|found| Some(found.name("day")?.as_str().to_owned()))
}

/// Reads a page of which nothing lies beside it from bytes.
pub fn read_bytes(name: &str, bytes: &[u8]) -> Result<Page, PageError> {
    read_bytes_beside(name, bytes, &Beside::default())
}

/// Reads a page from bytes: text in UTF-8, a byte order mark allowed; and the files beside it that
/// its markup names.
pub fn read_bytes_beside(name: &str, bytes: &[u8], beside: &Beside) -> Result<Page, PageError> {
    if bytes.len() > LARGEST {
        return Err(PageError::TooLarge(bytes.len()));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(PageError::Utf16);
    }
    let text =
        std::str::from_utf8(bytes).map_err(|error| not_utf8(bytes, error.valid_up_to() + 1))?;
    if let Some(at) = text.find('\0') {
        return Err(PageError::NotText(at + 1));
    }
    read_beside(name, text, beside)
}

/// Reads a page of which nothing lies beside it.
pub fn read(name: &str, text: &str) -> Result<Page, PageError> {
    read_beside(name, text, &Beside::default())
}

/// Reads a page; its format is recognised from the text.
fn read_beside(name: &str, text: &str, beside: &Beside) -> Result<Page, PageError> {
    if text.trim().is_empty() {
        return Err(PageError::Empty);
    }
    if is_archive(text) {
        return Err(PageError::Archive);
    }
    if is_ascii_doc(text) {
        return Err(PageError::AsciiDoc);
    }
    if is_wiki(text) {
        return Err(PageError::Wiki);
    }
    let redrawn = drawn::redraw(text);
    let text = redrawn.as_deref().unwrap_or(text);
    let unwrapped = wrapped::unwrap(text);
    let text = unwrapped.as_deref().unwrap_or(text);
    let format = recognise(name, text);
    let (metadata, front) = markdown::front_matter(text);
    let blocks = match format {
        Format::Portal => portal::read(text),
        Format::RestructuredText => rst::read(text, beside),
        Format::Pipe => pipe::read(text),
        Format::Markdown => markdown::read(text, front),
        Format::Html => html::read_document(text),
    };
    let mut blocks = attach::attach_captions(blocks);
    if let Some((line, method, path)) =
        component::target(&metadata, text).filter(|_| format == Format::Markdown)
    {
        blocks.insert(0, Block::new(line, BlockKind::Target { method, path }));
        // Such a page has its title there too.
        let title = metadata.iter().find(|(key, _)| key == "title");
        let own = title.map(|(_, title)| BlockKind::Heading {
            level: 1,
            text: Text::of(title),
        });
        blocks.splice(0..0, own.map(|own| Block::new(1, own)));
    }
    tidy::tidy(&mut blocks);
    httpie::translate(&mut blocks);
    sheet::unfold(&mut blocks);
    glued::part(&mut blocks);
    torn_list::join(&mut blocks);
    let mut blocks = definitions::read(blocks);
    generated::read(&mut blocks);
    untyped::read(&mut blocks);
    let stated = metadata
        .iter()
        .find(|(key, _)| key == "edition")
        .map(|(_, value)| value.clone());
    let edition = stated.or_else(|| text.lines().take(200).find_map(edition_of_line));
    Ok(Page {
        name: name.to_owned(),
        format,
        metadata,
        edition,
        blocks,
        beside: beside.taken(),
        unread: tag::unread(text, format),
    })
}

/// Whether a text is what browsers save a page and all that belongs to it as: lines of a mail's
/// head, two of which say so.
fn is_archive(text: &str) -> bool {
    let head = text.lines().take_while(|line| !line.trim().is_empty());
    let said = head
        .take(40)
        .filter(|line| {
            let line = line.to_ascii_lowercase();
            line.starts_with("mime-version:") || line.starts_with("content-type: multipart/")
        })
        .count();
    said >= 2
}

/// Whether a text is AsciiDoc: headings that begin with equals signs, beside blocks or tables of its
/// own kind.
fn is_ascii_doc(text: &str) -> bool {
    ASCII_HEADING.is_match(text) && ASCII_BLOCK.is_match(text)
}

/// Whether a text is in the markup of a wiki: two headings of its kind, or a table.
fn is_wiki(text: &str) -> bool {
    WIKI_HEADING.find_iter(text).nth(1).is_some()
        || WIKI_TABLE.is_match(text) && WIKI_ROW.is_match(text)
}

/// Recognises the format from the text itself; where nothing in it decides, by the page's name.
fn recognise(name: &str, text: &str) -> Format {
    let head: String = text
        .chars()
        .take(2_000)
        .collect::<String>()
        .to_ascii_lowercase();
    if head.contains("<html") || head.contains("<!doctype html") || head.contains("<body") {
        return Format::Html;
    }
    let has_marks = has_marks(text);
    if !has_marks && BEGINS_WITH_TAG.is_match(text) {
        let is_markdown = TITLE.is_match(text);
        return if is_markdown {
            Format::Markdown
        } else {
            Format::Html
        };
    }
    if blueprint::is_blueprint(text) {
        return Format::Markdown;
    }
    // Squashed text has a rule whose first column has no leading pipe, or headings without any
    // mark.
    if !has_marks && text.lines().any(pipe::is_rule) {
        return Format::Pipe;
    }
    if (RST.is_match(text) || has_underlined_titles(text)) && !has_marks {
        return Format::RestructuredText;
    }
    if MARKDOWN.is_match(text) {
        return Format::Markdown;
    }
    if is_titled_by_equals(text) {
        let endings = [".rst", ".rest", ".inc"];
        let is_rst = endings.iter().any(|ending| name.ends_with(ending));
        return if is_rst {
            Format::RestructuredText
        } else {
            Format::Markdown
        };
    }
    Format::Portal
}

/// The signs below a title in reStructuredText that Markdown has no title with.
const UNDERLINES: [char; 5] = ['~', '^', '"', '\'', '+'];

/// Whether titles have a line of signs below them, and something beside them is reStructuredText's
/// own: such a sign, or `::` before a block.
fn has_underlined_titles(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().collect();
    let signs: Vec<char> = lines
        .windows(2)
        .filter_map(|pair| {
            let [title, below] = pair else {
                return None;
            };
            let (title, below) = (title.trim_end(), below.trim_end());
            let sign = below.chars().next()?;
            let is_rule = below.chars().all(|own| own == sign) && below.len() >= 3;
            let is_title = title.starts_with(char::is_alphanumeric)
                && title.chars().count() <= below.chars().count();
            (is_rule && is_title && (matches!(sign, '=' | '-') || UNDERLINES.contains(&sign)))
                .then_some(sign)
        })
        .collect();
    let opens_block = |pair: &[&str]| {
        let [line, below] = pair else {
            return false;
        };
        line.trim_end().ends_with("::") && below.trim().is_empty()
    };
    signs.len() >= 2
        && (signs.iter().any(|sign| UNDERLINES.contains(sign)) || lines.windows(2).any(opens_block))
}

/// Whether a line of equals signs stands right below another that is no longer.
fn is_titled_by_equals(text: &str) -> bool {
    let mut above = "";
    for line in text.lines() {
        let is_rule = line.len() >= 3 && line.trim_end().bytes().all(|byte| byte == b'=');
        let title = above.trim_end().chars().count();
        if is_rule && title > 0 && title <= line.trim_end().len() + 2 {
            return true;
        }
        above = line;
    }
    false
}

/// What a file is whose bytes are not UTF-8 from one on: text of another encoding has none of the
/// bytes that no text has.
fn not_utf8(bytes: &[u8], at: usize) -> PageError {
    let is_of_text =
        |byte: &u8| !byte.is_ascii_control() || matches!(byte, b'\t' | b'\n' | b'\r' | 12);
    if bytes.iter().all(is_of_text) {
        PageError::OtherEncoding(at)
    } else {
        PageError::NotText(at)
    }
}

/// Whether a text has headings or fences of Markdown. A lone `# ` further down than the first line
/// below its front matter is a comment in sample code (`# coding: utf-8`), no heading.
fn has_marks(text: &str) -> bool {
    let (_, front) = markdown::front_matter(text);
    let mut lines = text.lines().skip(front);
    let first = lines.find(|line| !line.trim().is_empty());
    text.lines()
        .any(|line| ATX.is_match(line) || fence::mark(line) == Some("```"))
        || first.is_some_and(|line| line.trim_start().starts_with("# "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case(
        "Updated on 2025-08-05 GMT+08:00\n\nA title\n\nURI\n\nGET /x\n",
        Format::Portal
    )]
    #[case(
        "A title\nURI\nGET /x\nParameter |\nType |\n---|---|\na |\nString |\n",
        Format::Pipe
    )]
    #[case(
        "# A title\n\n## URI\n\nGET /x\n\n| Name | Type |\n|---|---|\n| a | String |\n",
        Format::Markdown
    )]
    #[case(
        "Updated on 2024-04-09\n\nA title\n\nURI\n\nGET /x\n\n# coding: utf-8\n",
        Format::Portal
    )]
    #[case("# 标题\n\n<table><tr><th>参数</th></tr></table>\n", Format::Markdown)]
    #[case(
        "[Help](/d)\n\n# T\n\n#### URI\n\n| Name | Type |\n|---|---|\n| a | String |\n",
        Format::Markdown
    )]
    #[case("<h1>A</h1><div><h4>URI</h4><p>GET /x</p></div>", Format::Html)]
    #[case("<div align=center>\n\n# A title\n\n</div>\n", Format::Markdown)]
    #[case(
        "Jobs\n====\n\n.. http:get:: /jobs\n\n   Lists.\n",
        Format::RestructuredText
    )]
    #[case(
        "Jobs\n====\n\nList jobs\n---------\n\n::\n\n   GET /jobs\n",
        Format::RestructuredText
    )]
    #[case(
        "Jobs\n====\n\nUse the ```x``` mark.\n\nList jobs\n~~~~~~~~~\n\nGET /jobs\n",
        Format::RestructuredText
    )]
    #[case("<!DOCTYPE html><html><body><h1>A</h1></body></html>", Format::Html)]
    fn format_is_recognised_from_the_text(#[case] text: &str, #[case] expected: Format) {
        assert_eq!(read("page", text).unwrap().format, expected);
    }

    #[rstest]
    #[case(b"".as_slice(), PageError::Empty)]
    #[case(b" \n\t".as_slice(), PageError::Empty)]
    #[case(b"ab\0c".as_slice(), PageError::NotText(3))]
    #[case(b"\x7fELF\xff".as_slice(), PageError::NotText(5))]
    #[case(b"# Gr\xfc\xdfe\n".as_slice(), PageError::OtherEncoding(5))]
    #[case(b"# \xc8\xce\xce\xf1\n".as_slice(), PageError::OtherEncoding(3))]
    #[case(b"\xff\xfe#\0 \0a\0".as_slice(), PageError::Utf16)]
    #[case(b"\xfe\xff\0#\0 \0a".as_slice(), PageError::Utf16)]
    fn what_is_no_text_is_refused(#[case] bytes: &[u8], #[case] expected: PageError) {
        assert_eq!(read_bytes("page", bytes), Err(expected));
    }

    #[test]
    fn edition_is_read_from_the_text() {
        let page = read("page", "Updated on 2024-04-09 GMT+08:00\n\nA title\n").unwrap();
        assert_eq!(page.edition.as_deref(), Some("2024-04-09"));
    }

    proptest! {
        #[test]
        fn no_text_makes_a_reader_panic(text in any::<String>()) {
            let _ = read("page", &text);
        }

        #[test]
        fn no_mix_of_table_parts_makes_a_reader_panic(
            parts in proptest::collection::vec(prop_oneof![
                Just("Parameter |\n"), Just("---|---|\n"), Just("|"), Just("| a | b |\n"), Just("# T\n"), Just("<table>"), Just("</table>\n"),
                Just("<tr><td rowspan=3>"), Just("Parameter\n"), Just("Type\n"), Just("Description\n"), Just("String\n"), Just("{\n"),
                Just("}\n"), Just("1\n2\n3\n"), Just("\n"), Just("Status code: 200\n"), Just("```\n"), Just("- x\n"), Just("\u{e000}0\u{e000}"),
            ], 0..60),
        ) {
            let _ = read("page", &parts.concat());
        }
    }
}
