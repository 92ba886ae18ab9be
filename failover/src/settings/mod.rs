//! Everything the daemon takes from its configuration.
