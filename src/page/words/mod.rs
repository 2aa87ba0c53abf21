//! What the words of a page mean to its readers: headers, cells of requiredness, names of types.
//! They tell a header from a row by them; `derive` knows by them what a column holds. The words
//! themselves are data, in `vocabulary/`.

mod types;

pub(crate) use crate::vocabulary::{
    CellPart, cell_part, column, header, header_place, is_nothing, is_of_url, labelled_part_words,
    mandatory, part_words, place, section, tells_of_default,
};
pub use crate::vocabulary::{Column, Place};
pub use types::{TypeName, is_formed, parse_type};

/// Whether a type is called by a name of the page's own, and not by a word for one.
pub(crate) fn type_is_of_page(spelled: &str) -> bool {
    match parse_type(spelled) {
        None => true,
        Some(TypeName::Object(name)) => name.is_some(),
        Some(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("Parameter", Some(Column::Name))]
    #[case("是否必选", Some(Column::Mandatory))]
    #[case("Parameter Type", Some(Column::Type))]
    #[case("Obligatorio", Some(Column::Mandatory))]
    #[case("Status Code", Some(Column::Status))]
    #[case("Backup ID", None)]
    fn headers_tell_what_a_column_holds(#[case] header: &str, #[case] expected: Option<Column>) {
        assert_eq!(column(header), expected);
    }

    #[rstest]
    #[case("Parameter", Some(Column::Name))]
    #[case("Query Parameter", Some(Column::Name))]
    #[case("Required?", Some(Column::Mandatory))]
    #[case("Optional", Some(Column::Optional))]
    #[case("是否必传", Some(Column::Mandatory))]
    #[case("Details", Some(Column::Description))]
    #[case("示例值", Some(Column::Example))]
    #[case("Weight", None)]
    fn headers_of_tables_have_further_words(#[case] text: &str, #[case] expected: Option<Column>) {
        assert_eq!(header(text), expected);
    }

    #[rstest]
    #[case("Header", Some(Place::Header))]
    #[case("Query parameter", Some(Place::Query))]
    #[case("Parameter", None)]
    fn the_header_of_names_may_say_the_place(#[case] text: &str, #[case] expected: Option<Place>) {
        assert_eq!(header_place(text), expected);
    }
}
