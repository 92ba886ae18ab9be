use std::collections::BTreeSet;

/// The ports that somebody listens on, from `ss -ltn`.
pub(super) fn of_ss(table: &str) -> BTreeSet<u16> {
    let local = |line: &str| line.split_whitespace().nth(3).and_then(port_after_colon);
    table.lines().filter(|line| line.starts_with("LISTEN")).filter_map(local).collect()
}

/// As [`of_ss`], from the lines of `/proc/net/tcp` and `tcp6` that listen.
pub(super) fn of_proc(table: &str) -> BTreeSet<u16> {
    let local = |line: &str| -> Option<u16> {
        let mut words = line.split_whitespace().skip(1);
        let (_, port) = words.next()?.rsplit_once(':')?;
        // 0A is LISTEN.
        words.nth(1).filter(|state| *state == "0A")?;
        u16::from_str_radix(port, 16).ok()
    };
    table.lines().filter_map(local).collect()
}

/// Who listens on `port`, from `ss -ltnp`; `None` unless every listener's owner is visible.
pub(super) fn owners_in_ss(table: &str, port: u16) -> Option<BTreeSet<u32>> {
    let mut owners = BTreeSet::new();
    for line in table.lines().filter(|line| line.starts_with("LISTEN")) {
        let local = line.split_whitespace().nth(3).and_then(port_after_colon);
        if local == Some(port) {
            let pids = pids_of(line);
            if pids.is_empty() {
                return None;
            }
            owners.extend(pids);
        }
    }
    (!owners.is_empty()).then_some(owners)
}

/// The process ids of `lsof -t` or `fuser`.
pub(super) fn owners_in_list(list: &str) -> Option<BTreeSet<u32>> {
    let pids: Result<BTreeSet<u32>, _> = list.split_whitespace().map(str::parse).collect();
    pids.ok().filter(|pids| !pids.is_empty() && !pids.contains(&0))
}

fn port_after_colon(address: &str) -> Option<u16> {
    address.rsplit_once(':')?.1.parse().ok()
}

/// Of `users:(("java",pid=12,fd=5),("java",pid=13,fd=5))`.
fn pids_of(line: &str) -> BTreeSet<u32> {
    let number = |rest: &str| rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok();
    line.split(",pid=").skip(1).filter_map(number).filter(|pid| *pid != 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SS: &str = "\
State  Recv-Q Send-Q Local Address:Port  Peer Address:Port Process
LISTEN 0      128          0.0.0.0:22         0.0.0.0:*     users:((\"sshd\",pid=7,fd=3))
LISTEN 0      128      127.0.0.1%lo:8020      0.0.0.0:*     users:((\"java\",pid=12,fd=5),(\"java\",pid=13,fd=5))
LISTEN 0      50                  *:9870            *:*
LISTEN 0      50             [::1]:8020          [::]:*     users:((\"java\",pid=12,fd=6))
";
    const PROC: &str = "  \
   0: 0100007F:1F54 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 624 1
   1: 020200C0:DC9C 507100CB:01BB 01 00000000:00000000 00:00000000 00000000     0        0 584 1
   2: 00000000000000000000000001000000:0016 00000000000000000000000000000000:0000 0A 00000000:0
";

    #[test]
    fn listening_ports_are_read_and_nothing_else() {
        assert_eq!(of_ss(SS), BTreeSet::from([22, 8020, 9870]));
        assert_eq!(of_proc(PROC), BTreeSet::from([22, 8020]));
        for junk in ["", "LISTEN", "LISTEN a b c d", "a b 0A", ": : :", "bash: ss: not found"] {
            assert!(of_ss(junk).is_empty() && of_proc(junk).is_empty(), "{junk}");
        }
    }

    #[test]
    fn owners_count_only_if_all_are_visible() {
        assert_eq!(owners_in_ss(SS, 8020), Some(BTreeSet::from([12, 13])));
        assert_eq!(owners_in_ss(SS, 9870), None);
        assert_eq!(owners_in_ss(SS, 1), None);
        assert_eq!(owners_in_list("12\n13\n"), Some(BTreeSet::from([12, 13])));
        for junk in ["", "12 x", "-1", "0"] {
            assert_eq!(owners_in_list(junk), None, "{junk}");
        }
    }
}
