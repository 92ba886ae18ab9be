use super::proc_file::read;

/// How many threads are in which state of the kernel's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ThreadStates {
    /// On a processor, or ready for one.
    pub running: u64,
    /// Waiting for a disk.
    pub disk: u64,
    /// Waiting for anything else.
    pub waiting: u64,
    /// Stopped or gone.
    pub ended: u64,
}

impl ThreadStates {
    pub(super) fn now() -> Self {
        let mut states = Self::default();
        for thread in std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten() {
            let stat = read(&thread.path().join("stat").to_string_lossy());
            states.add(state(&stat));
        }
        states
    }

    fn add(&mut self, state: Option<char>) {
        match state {
            Some('R') => self.running += 1,
            Some('D') => self.disk += 1,
            Some('S' | 'I') => self.waiting += 1,
            Some(_) => self.ended += 1,
            None => {}
        }
    }
}

fn state(stat: &str) -> Option<char> {
    stat.rsplit_once(')')?.1.trim_start().chars().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_counted() {
        let mut states = ThreadStates::default();
        for stat in ["1 (x) S 1", "2 (y) z) R 1", "3 (d) D", "4 (z) Z", "garbage"] {
            states.add(state(stat));
        }
        assert_eq!(states, ThreadStates { running: 1, disk: 1, waiting: 1, ended: 1 });
    }
}
