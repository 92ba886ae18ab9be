use anyhow::{Context, Result, bail};

/// What a client asked for. The path of an operation is its own: no other one names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperationKind {
    /// `mkdirs path`.
    Mkdir,
    /// `create path`, which must not exist, and close.
    Create,
    /// `mkdirs path.from`, and then `rename path.from path`.
    Rename,
}

/// What the client knows of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It was done.
    Acknowledged,
    /// It failed, or nothing came: it may have been done.
    Unknown,
    /// It was refused since its effect is there already: somebody did it before.
    DoneBefore,
}

/// One line of a client's history: `kind name from_ms to_ms answer [why]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// What was asked for.
    pub kind: OperationKind,
    /// The last part of its path.
    pub name: String,
    /// When it was asked for, in milliseconds since 1970.
    pub from_ms: u64,
    /// When the client knew.
    pub to_ms: u64,
    /// What it knew.
    pub answer: Answer,
}

impl Operation {
    /// The operations of a history. The last line may be half written.
    pub fn history(text: &str) -> Result<Vec<Self>> {
        let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
        whole.lines().map(|line| Self::parse(line).with_context(|| line.to_owned())).collect()
    }

    fn parse(line: &str) -> Result<Self> {
        let mut words = line.split(' ');
        let mut word = || words.next().context("a word is missing");
        let kind = match word()? {
            "mkdir" => OperationKind::Mkdir,
            "create" => OperationKind::Create,
            "rename" => OperationKind::Rename,
            other => bail!("what is {other}?"),
        };
        let name = word()?.to_owned();
        let (from_ms, to_ms) = (word()?.parse()?, word()?.parse()?);
        let answer = match word()? {
            "ok" => Answer::Acknowledged,
            "unknown" => Answer::Unknown,
            "before" => Answer::DoneBefore,
            other => bail!("what is {other}?"),
        };
        Ok(Self { kind, name, from_ms, to_ms, answer })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_line_is_no_operation() {
        let text = "mkdir t0-0000001 5 9 ok\nrename t1-0000002 6 10 unknown java.io\ncreate t0-";
        let history = Operation::history(text).unwrap();
        assert_eq!(history.len(), 2);
        assert_eq!(
            (history[0].kind, history[0].answer),
            (OperationKind::Mkdir, Answer::Acknowledged)
        );
        assert_eq!((history[1].from_ms, history[1].to_ms), (6, 10));
        assert!(Operation::history("mkdir t0-0000001 5 9 perhaps\n").is_err());
    }
}
