use std::fmt::Write as _;

/// Rows with columns that line up, two blanks in front. The last column may be as long as it
/// likes.
pub(super) fn render<const N: usize>(head: [&str; N], rows: &[[String; N]]) -> String {
    let rows: Vec<_> = std::iter::once(head.map(str::to_owned)).chain(rows.to_vec()).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: Vec<_> = (0..N).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for row in &rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        let _ = writeln!(text, "  {}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
    text
}

/// What is not known is a dash.
pub(super) fn shown(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_rows_have_no_blanks_at_their_end() {
        let rows = [["é1".to_owned(), "x".to_owned()], ["long".to_owned(), String::new()]];
        assert_eq!(render(["A", "B"], &rows), "  A     B\n  é1    x\n  long\n");
    }
}
