//! Just enough of the edit-log format to frame, check and find the last transaction.
//! Pure: files come in through [`ReadAt`].

mod checkpoint;
mod edits_reader;
mod frame;
mod header;
mod op;
mod opcode_name;
mod position;
mod read_at;
mod records;
mod scan;
mod split;
mod verify;
mod window;

pub use checkpoint::{Checkpoint, scan_from};
pub use edits_reader::{EditsFlaw, EditsReader};
pub use header::{HEADER_BYTES, Header, encode_header, read_header};
pub use op::{MAX_OP_BYTES, MIN_OP_BYTES, OP_INVALID, encode_op};
pub use opcode_name::opcode_name;
pub use position::Position;
pub use read_at::ReadAt;
pub use records::{Damage, HeaderFault, Record, Records};
pub use scan::{Scan, ScanError, scan};
pub use split::{MalformedRecords, OpFrame, Split, count, split};
pub use verify::{Extent, SegmentFlaw, verify};
