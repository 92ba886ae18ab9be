# `make verify` is what CI runs first; it changes nothing. `make fix` rewrites.
.PHONY: verify fix test fuzz model mutants sim footprint benches rocksdb

# Links this machine's RocksDB, if there is one: see `make rocksdb`.
CARGO = . scripts/env; cargo

verify:
	cargo fmt --all --check
	$(CARGO) clippy --workspace --all-targets --all-features -- -D warnings
	export RUSTDOCFLAGS="-D warnings"; $(CARGO) doc --workspace --no-deps --quiet
	$(CARGO) test --workspace --exclude system-tests --exclude simulation --quiet
	$(CARGO) test --profile sim --package simulation --quiet
	$(CARGO) test --package system-tests --lib --bins --test fence --test fuzz --quiet

fix:
	cargo fmt --all
	$(CARGO) clippy --workspace --all-targets --all-features --fix --allow-dirty --allow-staged

# Everything, real Hadoop included.
test:
	scripts/test

# A decoder of bytes from outside: make fuzz TARGET=edits SECONDS=600. See `scripts/fuzz list`.
fuzz:
	scripts/fuzz $(TARGET) $(SECONDS)

# The model of the quorum in larger bounds than `make verify` has time for: six minutes.
model:
	$(CARGO) test --package journalnode --lib quorum::model_tests -- \
	  --include-ignored --nocapture --test-threads=1

# Switches on one known bug after the other: a test must fail for each.
mutants:
	scripts/mutants

# Simulations: `make sim SEEDS=10000`, or one seed with its trace: `make sim SEED=7`.
SEEDS ?= 1000
FIRST ?= 0
sim:
	$(CARGO) run --profile sim --package simulation --bin sim -- \
	  $(if $(SEED),--seed $(SEED),--seeds $(SEEDS) --first $(FIRST))

# Memory and start-up time beside Java's, in one run.
footprint:
	scripts/footprint

# The engine, the scanner and the frames alone, without disk and network: five minutes with the build.
benches:
	$(CARGO) bench --package journalnode --package hadoop-ipc \
	  --bench acceptor --bench scanner --bench frames

# RocksDB as an archive outside the target folders: 15 minutes, once per machine.
rocksdb:
	scripts/rocksdb
