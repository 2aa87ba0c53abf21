//! Texts as every part of the program cuts and counts them.

/// The beginning of a text, of so many characters; what is cut off is said by three dots.
pub(crate) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// `1 trial`, `2 trials`.
pub(crate) fn counted(count: impl TryInto<u64>, word: &str) -> String {
    let count = count.try_into().unwrap_or(u64::MAX);
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {word}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(cut("aé", 2), "aé");
        assert_eq!(cut("aéb", 2), "aé...");
        assert_eq!(cut("a", 0), "...");
    }

    #[test]
    fn one_is_told_from_many() {
        assert_eq!(counted(1_usize, "trial"), "1 trial");
        assert_eq!(counted(0_usize, "trial"), "0 trials");
        assert_eq!(counted(-1, "trial"), format!("{} trials", u64::MAX));
    }
}
