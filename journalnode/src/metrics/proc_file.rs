use std::fs;

/// The content of a file below `/proc`, empty if it cannot be read.
pub(super) fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

/// The number after `name:`, as in `VmRSS:     1234 kB`; 0 if it is not there.
pub(super) fn field(content: &str, name: &str) -> u64 {
    let value = content.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    let number = value.and_then(|value| value.split_whitespace().next()?.parse().ok());
    number.unwrap_or(0)
}

/// As [`field`], of a number of kB, in bytes.
pub(super) fn field_bytes(content: &str, name: &str) -> u64 {
    field(content, name).saturating_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_by_their_whole_name() {
        let content = "VmRSSx:\t1 kB\nVmRSS:\t  12 kB\nThreads:\t3\n";
        assert_eq!(field_bytes(content, "VmRSS"), 12 << 10);
        assert_eq!(field(content, "Threads"), 3);
        assert_eq!(field(content, "VmSwap"), 0);
    }
}
