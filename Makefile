# `make verify` is what CI runs first; it changes nothing. `make fix` rewrites.
.PHONY: verify fix test footprint

verify:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --all-features -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --quiet
	cargo test --workspace --exclude system-tests --quiet
	cargo test --package system-tests --lib --bins --quiet

fix:
	cargo fmt --all
	cargo clippy --workspace --all-targets --all-features --fix --allow-dirty --allow-staged

# Everything, real Hadoop included.
test:
	scripts/test

# Memory and start-up time beside Java's, in one run.
footprint:
	scripts/footprint
