use std::io::{self, BufRead, Write};

/// Asks a question until it is answered with y, yes, n or no, in any case. The end of the input
/// is a no: Java would ask for ever.
pub fn confirm(
    question: &str,
    mut input: impl BufRead,
    mut output: impl Write,
) -> io::Result<bool> {
    loop {
        write!(output, "{question} (Y or N) ")?;
        output.flush()?;
        let mut answer = String::new();
        if input.read_line(&mut answer)? == 0 {
            writeln!(output)?;
            return Ok(false);
        }
        match answer.trim().to_ascii_lowercase().as_str() {
            "y" | "yes" => return Ok(true),
            "n" | "no" => return Ok(false),
            _ => writeln!(output, "Please answer yes or no.")?,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(answers: &str) -> (bool, usize) {
        let mut output = Vec::new();
        let yes = confirm("Proceed?", answers.as_bytes(), &mut output).unwrap();
        (yes, String::from_utf8(output).unwrap().matches("Proceed?").count())
    }

    #[test]
    fn fc_045_y_yes_n_and_no_in_any_case_and_nothing_else() {
        for (answers, expected) in [
            ("y\n", (true, 1)),
            ("YES\n", (true, 1)),
            ("n\n", (false, 1)),
            ("No", (false, 1)),
            ("maybe\n\nyep\nY\n", (true, 4)),
        ] {
            assert_eq!(asked(answers), expected, "{answers:?}");
        }
    }

    #[test]
    fn fc_045_the_end_of_the_input_is_a_no() {
        assert_eq!(asked(""), (false, 1));
        assert_eq!(asked("perhaps\n"), (false, 2));
    }
}
