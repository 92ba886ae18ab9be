//! The lock and the breadcrumb of an election, and where they are kept.
