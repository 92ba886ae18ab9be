#![no_main]

use libfuzzer_sys::fuzz_target;
use system_tests::fuzz::Target;

fuzz_target!(|data: &[u8]| (Target::named("znode").check)(data));
