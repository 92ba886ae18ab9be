use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

/// One event, one line: names, addresses and URLs come from the network, and must not be able
/// to forge lines of the log or to talk to a terminal.
#[derive(Debug)]
pub struct OneLine<W> {
    to: W,
    /// Whether colours are wanted.
    escape_sequences: bool,
}

impl<W> OneLine<W> {
    /// Writes to `to`, with the escape sequences of colours or without any.
    pub fn new(to: W, escape_sequences: bool) -> Self {
        Self { to, escape_sequences }
    }

    fn escaped<'a>(&self, event: &'a str) -> Cow<'a, str> {
        let passes = |c: char| !c.is_control() || (self.escape_sequences && c == '\u{1b}');
        if event.chars().all(passes) {
            return event.into();
        }
        let mut line = String::with_capacity(event.len() + 8);
        for c in event.chars() {
            if passes(c) {
                line.push(c);
            } else {
                let _ = write!(line, "{}", c.escape_default());
            }
        }
        line.into()
    }
}

impl<W: Write> Write for OneLine<W> {
    /// Takes a whole event, which is what the formatter writes at a time.
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        let (body, end) = text.strip_suffix('\n').map_or((&*text, ""), |body| (body, "\n"));
        self.to.write_all(format!("{}{end}", self.escaped(body)).as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(event: &str, escape_sequences: bool) -> String {
        let mut out = Vec::new();
        OneLine::new(&mut out, escape_sequences).write_all(event.as_bytes()).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn an_event_cannot_forge_a_line() {
        assert_eq!(written("journal=a\nERROR b\r\n", false), "journal=a\\nERROR b\\r\n");
        assert_eq!(written("INFO plain ünï\n", false), "INFO plain ünï\n");
    }

    #[test]
    fn colours_pass_only_where_they_are_wanted() {
        assert_eq!(written("\u{1b}[31m\u{7}\n", true), "\u{1b}[31m\\u{7}\n");
        assert_eq!(written("\u{1b}[31m\n", false), "\\u{1b}[31m\n");
    }
}
