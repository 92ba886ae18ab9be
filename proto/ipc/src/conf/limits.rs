/// Largest configuration file read, in bytes. Hadoop's own hdfs-default.xml has 0.25 MB.
pub const MAX_FILE_BYTES: u64 = 16 << 20;

/// How deep `xi:include` may nest.
pub const MAX_INCLUDE_DEPTH: usize = 16;

/// How many `xi:include` elements one site file may lead to, in all.
pub const MAX_INCLUDES: usize = 256;

/// Rounds of substitution; a value that still holds a variable after them is an error.
/// Java: `Configuration.MAX_SUBST`. The last round counts: 19 steps pass, 20 do not.
pub const MAX_SUBSTITUTIONS: usize = 20;
