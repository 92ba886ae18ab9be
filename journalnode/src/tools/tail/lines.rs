use std::io::{self, Write};
use std::ops::ControlFlow;

use hadoop_proto::inspect::v1::Transaction;

use super::line::json;

/// Where the lines go, and how many more are wanted.
#[derive(Debug)]
pub(super) struct Lines<W> {
    out: W,
    left: Option<u64>,
}

impl<W: Write> Lines<W> {
    pub(super) fn new(out: W, count: Option<u64>) -> Self {
        Self { out, left: count }
    }

    /// Prints them; breaks when there are enough.
    pub(super) fn print(&mut self, transactions: &[Transaction]) -> io::Result<ControlFlow<()>> {
        for transaction in transactions {
            if self.left == Some(0) {
                break;
            }
            writeln!(self.out, "{}", json(transaction))?;
            self.left = self.left.map(|left| left - 1);
        }
        self.out.flush()?;
        Ok(if self.left == Some(0) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_than_wanted_are_printed() {
        let transactions = [Transaction::default(), Transaction::default()];
        let mut out = Vec::new();
        let mut lines = Lines::new(&mut out, Some(3));
        assert!(lines.print(&transactions).unwrap().is_continue());
        assert!(lines.print(&transactions).unwrap().is_break());
        assert_eq!(out.iter().filter(|byte| **byte == b'\n').count(), 3);
        let mut endless = Lines::new(Vec::new(), None);
        assert!(endless.print(&transactions).unwrap().is_continue());
    }
}
