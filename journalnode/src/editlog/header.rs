use crate::types::LayoutVersion;

/// How long a header of a layout since -50 is, in bytes: version and flags.
pub const HEADER_BYTES: usize = 8;

/// What a file that was preallocated and never written to begins with.
const NEVER_WRITTEN: i32 = -1;

/// The begin of an edits file (`EditLogFileInputStream.init`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Header {
    /// No header was written, or not all of it: the file has no transactions.
    Corrupt,
    /// Operations follow.
    Intact {
        /// How to read them.
        layout_version: LayoutVersion,
        /// Where the first one is.
        len_bytes: u64,
    },
    /// The file wants features that nobody knows (`LayoutFlags.read`).
    Flags {
        /// Length of the flags, as written.
        len_bytes: i32,
    },
}

/// The header that every layout since -50 has: the version, and flags of length 0.
pub fn encode_header(layout_version: LayoutVersion) -> [u8; HEADER_BYTES] {
    let mut header = [0; HEADER_BYTES];
    header[..4].copy_from_slice(&layout_version.0.to_be_bytes());
    header
}

/// Reads the first bytes of a file, as many of [`HEADER_BYTES`] as it has.
///
/// A version of 0 or more is what a crash leaves where zeros were allocated and nothing was
/// written; no Hadoop ever wrote one.
pub fn read_header(begin: &[u8]) -> Header {
    let Some(version) = int(begin) else { return Header::Corrupt };
    let layout_version = LayoutVersion(version);
    if version == NEVER_WRITTEN || version >= 0 {
        return Header::Corrupt;
    }
    if !layout_version.supports(LayoutVersion::ADD_LAYOUT_FLAGS) {
        return Header::Intact { layout_version, len_bytes: 4 };
    }
    match begin.get(4..).and_then(int) {
        None => Header::Corrupt,
        Some(0) => Header::Intact { layout_version, len_bytes: HEADER_BYTES as u64 },
        Some(len_bytes) => Header::Flags { len_bytes },
    }
}

fn int(bytes: &[u8]) -> Option<i32> {
    bytes.first_chunk().map(|bytes| i32::from_be_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn intact(version: i32, len_bytes: u64) -> Header {
        Header::Intact { layout_version: LayoutVersion(version), len_bytes }
    }

    #[test]
    fn jn_119_layouts_since_56_and_future_ones_have_eight_bytes() {
        for version in [-50, -56, -66, -67, -68, -99, i32::MIN] {
            let header = encode_header(LayoutVersion(version));
            assert_eq!(read_header(&header), intact(version, 8));
        }
        assert_eq!(read_header(&(-49_i32).to_be_bytes()), intact(-49, 4));
    }

    #[test]
    fn jn_120_a_header_that_was_not_written_is_corrupt() {
        let current = encode_header(LayoutVersion::CURRENT);
        for cut in 0..8 {
            assert_eq!(read_header(&current[..cut]), Header::Corrupt);
        }
        assert_eq!(read_header(&[0xFF; 8]), Header::Corrupt);
        assert_eq!(read_header(&[0; 8]), Header::Corrupt);
    }

    #[test]
    fn jn_121_flags_are_told_apart() {
        let mut header = encode_header(LayoutVersion::CURRENT);
        header[7] = 2;
        assert_eq!(read_header(&header), Header::Flags { len_bytes: 2 });
    }
}
