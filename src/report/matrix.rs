//! The kill matrix of a selftest as one self-contained HTML page: no script, no network, escaped by
//! the template engine.

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, context};

use crate::harness::Matrix;

const PAGE: &str = include_str!("matrix.html");

/// The page.
pub fn matrix_page(matrix: &Matrix) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_template("matrix.html", PAGE)?;
    let missed: Vec<String> = matrix.missed().map(|kill| kill.id.clone()).collect();
    let applicable = matrix.faults.len() - matrix.inapplicable().count();
    environment.get_template("matrix.html")?.render(context! {
        sound => matrix.is_sound(),
        caught => applicable - missed.len(),
        applicable,
        silent => matrix.variations.len() - matrix.alarms().count(),
        missed,
        matrix => Serde(matrix.clone()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::{Kill, Tried};
    use crate::mock::FaultKind;

    #[test]
    fn the_page_says_what_is_missed_and_escapes_it() {
        let kill = |id: &str, caught: bool| Kill {
            id: id.to_owned(),
            kind: Tried::Fault(FaultKind::Answer),
            fact: "x::Y::auth".parse().ok(),
            relations: &[],
            what: "<script>alert(1)</script>".to_owned(),
            caught,
            inapplicable: None,
            trials: vec!["x::Y::answers".to_owned()],
            found: Vec::new(),
            elapsed_ms: 1,
        };
        let page = matrix_page(&Matrix {
            faults: vec![kill("a", true), kill("b", false)],
            variations: Vec::new(),
            idle: vec!["x::Y::accepts".to_owned()],
            trials: 2,
        })
        .unwrap();
        assert!(page.contains("1 of 2 faults caught"), "{page}");
        assert!(page.contains("&lt;script&gt;"), "{page}");
        assert!(!page.contains("<script"), "{page}");
        assert!(page.contains("x::Y::accepts"), "{page}");
    }
}
