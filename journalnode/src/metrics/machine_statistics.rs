use super::proc_file::{field_bytes, read};

/// What the kernel says of this machine. What cannot be read is 0 or empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MachineStatistics {
    /// Its name, without a domain if it has none.
    pub hostname: String,
    /// The kernel's version.
    pub kernel: String,
    /// Processors this process may use.
    pub processors: usize,
    /// Processes running or waiting to, averaged over a minute.
    pub load_average: f64,
    /// Memory, in bytes.
    pub memory_bytes: u64,
    /// Memory that nothing uses, in bytes.
    pub free_memory_bytes: u64,
    /// Swap, in bytes.
    pub swap_bytes: u64,
    /// Swap that nothing uses, in bytes.
    pub free_swap_bytes: u64,
}

impl MachineStatistics {
    /// As it is now. Reads `/proc`.
    pub fn now() -> Self {
        let memory = read("/proc/meminfo");
        let load = read("/proc/loadavg");
        Self {
            hostname: read("/proc/sys/kernel/hostname").trim().to_owned(),
            kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
            processors: std::thread::available_parallelism().map_or(1, usize::from),
            load_average: load.split(' ').next().and_then(|l| l.parse().ok()).unwrap_or(0.0),
            memory_bytes: field_bytes(&memory, "MemTotal"),
            free_memory_bytes: field_bytes(&memory, "MemFree"),
            swap_bytes: field_bytes(&memory, "SwapTotal"),
            free_swap_bytes: field_bytes(&memory, "SwapFree"),
        }
    }
}
