//! Fields that stand in lines below words that announce them, in forms that no sign parts: a name, its
//! type and whether it must be sent, and the description behind these in the same line, or below a
//! heading of its own. They are put into the one form that is read further on: the name, set off, with
//! the rest in brackets, and the description as a text below.

mod line;

use super::super::block::{Block, BlockKind, Text, Unread};
use super::paragraphs::is_field;
use super::{announces_fields, is_status, names_side};
use line::{Told, name_alone, of_columns, of_line, of_type, seems_field};

pattern! {
    /// The name of a version, such as `v1` and `2.x`, and no other sign of a name behind it.
    static VERSION = r"(?i)^`?v?\d+(?:\.(?:\d+|x))*`?(?:[^\w.\[-]|$)";
}

/// How many texts below a name are looked at for what they say of it.
const BELOW: usize = 8;

/// Puts such lines into the form that is read.
pub(super) fn gather(blocks: Vec<Block>) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::with_capacity(blocks.len());
    // The level of the heading whose words announce fields: those below it may name one.
    let mut open: Option<u8> = None;
    let mut last_level = 0;
    let mut at = 0;
    while let Some(block) = blocks.get(at) {
        let below = blocks.get(at + 1..).unwrap_or_default();
        at += 1;
        match &block.kind {
            BlockKind::Heading { level, text } => {
                if open.is_some_and(|own| own < *level)
                    && let Some((fields, taken)) = of_heading(block, text, below)
                {
                    if names_version(text) {
                        let unread = BlockKind::Unread(Unread::Field(text.plain.clone()));
                        out.extend([block.clone(), Block::new(block.line, unread)]);
                    } else {
                        out.extend(fields);
                        at += taken;
                    }
                    continue;
                }
                last_level = *level;
                open = opens(&text.plain).then_some(*level);
            }
            BlockKind::Target { .. } => open = None,
            BlockKind::Paragraph(text) if is_label(text) => {
                let is_open = announces_fields(&text.plain) || names_side(&text.plain);
                // Its own headings stand below that of the section.
                open = is_open.then_some(last_level);
            }
            BlockKind::Paragraph(text) if opens_below(text, below) => open = Some(last_level),
            BlockKind::Paragraph(text) if open.is_some() => {
                let is_read = is_field(block, below.iter().take(BELOW));
                let is_whole = || of_line(text).is_some_and(|own| own.is_described());
                let may_be = !is_read || is_whole();
                if let Some((fields, taken)) = of_text(block, text, below).filter(|_| may_be) {
                    out.extend(fields);
                    at += taken;
                    continue;
                }
                if !is_read && seems_field(text) {
                    let words: String = text.plain.chars().take(80).collect();
                    let unread = BlockKind::Unread(Unread::Field(words));
                    out.push(Block::new(block.line, unread));
                }
            }
            BlockKind::Code { text, .. } if open.is_some() => {
                if let Some(fields) = of_columns(text) {
                    out.extend(fields.into_iter().flat_map(|own| written(block.line, own)));
                    continue;
                }
            }
            _ => {}
        }
        out.push(block.clone());
    }
    out
}

/// Whether a text that ends with a colon announces the fields of the paragraphs right below it, of
/// which the first is one.
pub(super) fn opens_below<'b>(text: &Text, below: impl IntoIterator<Item = &'b Block>) -> bool {
    let plain = text.plain.trim_end();
    if !plain.ends_with([':', '：']) || plain.chars().count() > super::LONGEST_SENTENCE {
        return false;
    }
    let Some(Block {
        kind: BlockKind::Paragraph(first),
        ..
    }) = below.into_iter().next()
    else {
        return false;
    };
    let is_field = first.marked > 0 && first.marked < first.plain.trim_end().len();
    is_field
        && (of_line(first).is_some() || named(first))
        && (announces_fields(plain) || names_side(plain))
}

/// Whether a text is a field in the form that is read: the name, set off, with the rest in brackets.
fn named(text: &Text) -> bool {
    let own = [Block::new(0, BlockKind::Paragraph(text.clone()))];
    super::head::head(&own).is_some_and(|head| head.is_typed)
}

/// Whether a heading announces fields.
fn opens(heading: &str) -> bool {
    announces_fields(heading) || is_status(heading) || names_side(heading)
}

/// Whether a paragraph is set off as a whole, as labels are.
fn is_label(text: &Text) -> bool {
    let plain = text.plain.trim_end();
    let is_set_off = text.marked > 0 && text.marked + 1 >= plain.len();
    is_set_off && text.codes.is_empty() && (plain.contains(' ') || plain.ends_with([':', '：']))
}

/// A field in the form that is read.
fn written(line: usize, told: Told) -> Vec<Block> {
    let Told { name, said, rest } = told;
    let head = Text {
        plain: format!("{name} ({said})"),
        marked: name.len(),
        ..Text::default()
    };
    let mut blocks = vec![Block::new(line, BlockKind::Paragraph(head))];
    if !rest.plain.trim().is_empty() {
        blocks.push(Block::new(line, BlockKind::Paragraph(rest)));
    }
    blocks
}

/// The fields of a paragraph, and how many blocks below it say something of them.
fn of_text(block: &Block, text: &Text, below: &[Block]) -> Option<(Vec<Block>, usize)> {
    let lines: Vec<Text> = text.plain.lines().map(|own| text_of(text, own)).collect();
    // Several, each on a line of its own.
    if lines.len() > 1 {
        let several: Option<Vec<Told>> = lines.iter().map(of_line).collect();
        if let Some(several) = several.filter(|all| all.iter().all(Told::is_described)) {
            let fields = several.into_iter();
            return Some((fields.flat_map(|own| written(block.line, own)).collect(), 0));
        }
    }
    if let Some(told) = of_line(text) {
        return Some((written(block.line, told), 0));
    }
    with_type_below(block, text, below)
}

/// A part of a text that is a line of it, with the mark that it begins with.
fn text_of(text: &Text, line: &str) -> Text {
    let own = text.part(line);
    let first = own.codes.first().filter(|code| code.start == 0);
    Text {
        marked: first.map_or(0, |code| code.end),
        ..own
    }
}

/// A name that stands alone, or beside a word for whether it must be sent, with its type in the
/// paragraph below.
fn with_type_below(block: &Block, text: &Text, below: &[Block]) -> Option<(Vec<Block>, usize)> {
    let (name, word) = name_alone(text)?;
    let Some(Block {
        kind: BlockKind::Paragraph(under),
        ..
    }) = below.first()
    else {
        return None;
    };
    let (said, rest) = of_type(under)?;
    let said = match word {
        Some(word) => format!("{said}, {word}"),
        None => said,
    };
    let name = name.to_owned();
    Some((written(block.line, Told { name, said, rest }), 1))
}

/// Whether what a heading tells the type of is a version: that is the whole body in one of its forms,
/// and no field.
fn names_version(text: &Text) -> bool {
    VERSION.is_match(text.plain.trim())
}

/// The field that a heading below the words names.
fn of_heading(block: &Block, text: &Text, below: &[Block]) -> Option<(Vec<Block>, usize)> {
    let (mut fields, taken) = match of_line(text).filter(|own| !own.is_described()) {
        Some(told) => (written(block.line, told), 0),
        None => with_type_below(block, text, below)?,
    };
    if let Some(BlockKind::Paragraph(own)) = fields.first_mut().map(|own| &mut own.kind) {
        own.anchors.clone_from(&text.anchors);
    }
    Some((fields, taken))
}

#[cfg(test)]
mod tests {
    use super::super::super::described::sketch;
    use rstest::rstest;

    fn page(text: &str) -> String {
        let text = format!("# T\n\n`POST /a`\n\n### Request body\n\n{text}\n\n### Response 201\n");
        sketch(&super::super::super::read("p.md", &text).unwrap().blocks)
    }

    #[rstest]
    #[case::behind_the_name(
        "`name` string required\nThe name.\n\n`size` integer, default: 25\nThe size."
    )]
    #[case::brackets("**name** (string, required): The name.\n\n**size** (integer): The size.")]
    #[case::broken(
        "**`name`** *string* **required**\\\nThe name.\n\n**`size`** *integer*\\\nThe size."
    )]
    #[case::name_without_a_mark(
        "name `string` *required*  \nThe name.\n\nsize `integer`  \nThe size."
    )]
    #[case::lines("name\nstring\nrequired\nThe name.\n\nsize\ninteger\nThe size.")]
    #[case::type_below(
        "name required\n\nstring <= 128 characters\n\nThe name.\n\nsize\n\ninteger\n\nThe size."
    )]
    #[case::headings(
        "#### name `string` required\n\nThe name.\n\n#### size `integer`\n\nThe size."
    )]
    #[case::headings_alone(
        "#### `name`\n\nstring, required\n\nThe name.\n\n#### `size`\n\ninteger\n\nThe size."
    )]
    #[case::one_paragraph(
        "`name` (*string*, required) – The name.<br>\n`size` (*integer*) – The size."
    )]
    #[case::colons("name: string, required. The name.\n\nsize: integer. The size.")]
    #[case::columns(
        "```\nname   string   required   The name.\nsize   integer  optional   The size.\n```"
    )]
    fn fields_in_lines_become_a_table(#[case] text: &str) {
        let sketch = page(text);
        assert_eq!(sketch.matches(" table: ").count(), 1, "{sketch}");
        for part in ["name", "string", "size", "integer", "The name", "The size"] {
            assert!(sketch.contains(part), "{part} is lost: {sketch}");
        }
    }

    #[test]
    fn a_text_with_a_colon_may_announce_fields_in_lines() {
        let text = "# T\n\n`GET /a`\n\nQuery parameters:\n\n**limit** integer, 1 to 50. The most.\n\n**state** string. The state.\n\nReturns 200 with an object:\n\n**items** array of objects, each with `id` (string) and `state` (`new` or `old`).\n";
        let sketch = sketch(&super::super::super::read("p.md", text).unwrap().blocks);
        assert_eq!(sketch.matches("unplaced table").count(), 1, "{sketch}");
        assert_eq!(sketch.matches("response table").count(), 1, "{sketch}");
        assert_eq!(sketch.matches("inner table").count(), 1, "{sketch}");
    }

    #[rstest]
    #[case::sentence("The body holds a string that names it.")]
    #[case::note("Note: String values are quoted.")]
    #[case::words("Key value pairs are taken.")]
    #[case::code("```\ncurl   https://a.example   -d   x\n```")]
    #[case::sentence_of_a_name("`name` string of letters.")]
    fn other_lines_stay_what_they_are(#[case] text: &str) {
        let sketch = page(text);
        assert!(!sketch.contains(" table: "), "{sketch}");
    }

    #[rstest]
    #[case::line("`name` string of letters.")]
    // The body in one of its forms is no field.
    #[case::versions("#### `v1` - array of objects\n\nOld.\n\n#### `v2` - object\n\nNew.")]
    fn what_seems_to_be_a_field_is_told(#[case] text: &str) {
        let sketch = page(text);
        assert!(sketch.contains("unread Field"), "{sketch}");
        assert!(!sketch.contains(" table: "), "{sketch}");
    }
}
