use std::path::Path;

use rocksdb::properties::{CUR_SIZE_ALL_MEM_TABLES, ESTIMATE_NUM_KEYS, TOTAL_SST_FILES_SIZE};
use rocksdb::{
    BlockBasedOptions, Cache, DB, DBCompressionType, Direction, Error, ErrorKind, IteratorMode,
    LogLevel, Options, ReadOptions, WriteBatch,
};

use super::{Batch, Change, Pair, Store, StoreError};

/// What is written before it becomes a file, in bytes. Twice that may be in memory.
const WRITE_BUFFER_BYTES: usize = 512 << 10;
const ARENA_BLOCK_BYTES: usize = 64 << 10;
const BLOCK_CACHE_BYTES: usize = 512 << 10;
const FILE_BYTES: u64 = 2 << 20;
const LEVEL_BYTES: u64 = 8 << 20;
const MANIFEST_BYTES: usize = 1 << 20;
const LOG_BYTES: usize = 256 << 10;
const LOG_FILES: usize = 2;
const OPEN_FILES: i32 = 32;
/// One thread to flush and one to compact.
const BACKGROUND_JOBS: i32 = 2;

/// RocksDB, tuned to be small rather than fast: nobody waits for it.
#[derive(Debug)]
pub(super) struct RocksStore(DB);

impl RocksStore {
    pub(super) fn open(directory: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(directory)
            .map_err(|error| StoreError::Failed(format!("{}: {error}", directory.display())))?;
        DB::open(&options(), directory).map(Self).map_err(|error| judge(&error))
    }
}

impl Store for RocksStore {
    fn value(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.get(key).map_err(|error| judge(&error))
    }

    fn range(&self, from: &[u8], to: &[u8], limit: usize) -> Result<Vec<Pair>, StoreError> {
        if from >= to {
            return Ok(Vec::new());
        }
        let mut read = ReadOptions::default();
        read.set_iterate_upper_bound(to);
        let pairs = self.0.iterator_opt(IteratorMode::From(from, Direction::Forward), read);
        let owned = |pair: (Box<[u8]>, Box<[u8]>)| (pair.0.into_vec(), pair.1.into_vec());
        let pairs = pairs.take(limit).map(|pair| pair.map(owned));
        pairs.collect::<Result<_, _>>().map_err(|error| judge(&error))
    }

    fn last(&self, from: &[u8], through: &[u8]) -> Result<Option<Pair>, StoreError> {
        let mut read = ReadOptions::default();
        read.set_iterate_lower_bound(from);
        let mut pairs = self.0.iterator_opt(IteratorMode::From(through, Direction::Reverse), read);
        let last = pairs.next().transpose().map_err(|error| judge(&error))?;
        let last = last.map(|(key, value)| (key.into_vec(), value.into_vec()));
        Ok(last.filter(|(key, _)| from <= key.as_slice() && key.as_slice() <= through))
    }

    /// Without a sync: after a power cut a little is missing, and is read again.
    fn write(&self, batch: Batch) -> Result<(), StoreError> {
        let mut changes = WriteBatch::default();
        for change in batch.into_changes() {
            match change {
                Change::Put(key, value) => changes.put(key, value),
                Change::Remove(key) => changes.delete(key),
                Change::RemoveRange(from, to) => changes.delete_range(from, to),
            }
        }
        self.0.write(changes).map_err(|error| judge(&error))
    }

    fn size_bytes(&self) -> u64 {
        let size = |name| self.0.property_int_value(name).ok().flatten().unwrap_or_default();
        size(TOTAL_SST_FILES_SIZE) + size(CUR_SIZE_ALL_MEM_TABLES)
    }

    fn keys(&self) -> u64 {
        self.0.property_int_value(ESTIMATE_NUM_KEYS).ok().flatten().unwrap_or_default()
    }
}

impl Drop for RocksStore {
    fn drop(&mut self) {
        self.0.cancel_all_background_work(true);
    }
}

fn options() -> Options {
    let mut table = BlockBasedOptions::default();
    table.set_block_cache(&Cache::new_lru_cache(BLOCK_CACHE_BYTES));
    table.set_cache_index_and_filter_blocks(true);
    let mut options = Options::default();
    options.create_if_missing(true);
    options.set_block_based_table_factory(&table);
    options.set_compression_type(DBCompressionType::None);
    options.set_write_buffer_size(WRITE_BUFFER_BYTES);
    options.set_arena_block_size(ARENA_BLOCK_BYTES);
    options.set_target_file_size_base(FILE_BYTES);
    options.set_max_bytes_for_level_base(LEVEL_BYTES);
    options.set_max_background_jobs(BACKGROUND_JOBS);
    options.set_max_subcompactions(1);
    options.set_max_open_files(OPEN_FILES);
    options.set_max_file_opening_threads(1);
    options.set_table_cache_num_shard_bits(1);
    options.set_max_manifest_file_size(MANIFEST_BYTES);
    options.set_manifest_preallocation_size(ARENA_BLOCK_BYTES);
    options.set_stats_dump_period_sec(0);
    options.set_stats_persist_period_sec(0);
    options.set_skip_stats_update_on_db_open(true);
    options.set_allow_concurrent_memtable_write(false);
    options.set_enable_write_thread_adaptive_yield(false);
    options.set_log_level(LogLevel::Warn);
    options.set_max_log_file_size(LOG_BYTES);
    options.set_keep_log_file_num(LOG_FILES);
    options
}

/// What a full disk, a missing permission or another process causes passes; all else that
/// RocksDB complains of is in what it has read.
fn judge(error: &Error) -> StoreError {
    const PASSING: [&str; 8] = [
        "No space left",
        "Permission denied",
        "Read-only file system",
        "Operation not permitted",
        "Too many open files",
        "Cannot allocate memory",
        "quota",
        "lock",
    ];
    let text = error.to_string();
    let kind = error.kind();
    let passes = PASSING.iter().any(|reason| text.contains(reason));
    let of_content = matches!(
        kind,
        ErrorKind::Corruption
            | ErrorKind::InvalidArgument
            | ErrorKind::NotSupported
            | ErrorKind::NotFound
            | ErrorKind::IOError
    );
    if of_content && !passes { StoreError::Broken(text) } else { StoreError::Failed(text) }
}
