use std::fmt;

/// The index of a node of ours, as `/jmx` tells it. Java's has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexView {
    /// `off`, `opening`, `rebuilding` or `ready`.
    pub state: String,
    /// Finished segments that a rebuild has read.
    pub rebuilt: u64,
    /// Finished segments that it has to read; 0 without a rebuild.
    pub needed: u64,
}

impl fmt::Display for IndexView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.needed {
            0 => f.write_str(&self.state),
            needed => write!(f, "{} {} of {needed}", self.state, self.rebuilt),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rebuild_says_how_far_it_is() {
        let view = |state: &str, rebuilt, needed| {
            IndexView { state: state.to_owned(), rebuilt, needed }.to_string()
        };
        assert_eq!(view("ready", 0, 0), "ready");
        assert_eq!(view("rebuilding", 30, 100_000), "rebuilding 30 of 100000");
    }
}
