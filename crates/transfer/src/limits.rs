//! How much of anything a source may hold. Every limit is named in the error that it causes.

/// The largest item of a WXR file or of a Ghost export, in bytes.
pub const ITEM_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// How deep elements of a WXR file may nest.
pub const XML_DEPTH_MAX: usize = 16;
/// How many elements one item of a WXR file may have: every comment and custom field is some of them.
pub const XML_ELEMENTS_MAX: usize = 500_000;
/// The largest file of a Markdown folder that is read as an entry, in bytes.
pub const MARKDOWN_BYTES_MAX: u64 = 8 * 1024 * 1024;
/// The largest front matter, in bytes.
pub const FRONT_MATTER_BYTES_MAX: usize = 256 * 1024;
/// How many values YAML front matter may hold after its aliases are followed.
pub const FRONT_MATTER_NODES_MAX: usize = 20_000;
/// How deep front matter may nest.
pub const FRONT_MATTER_DEPTH_MAX: usize = 32;
/// How deep the folders of a Markdown folder may nest.
pub const FOLDER_DEPTH_MAX: usize = 32;
/// How many files a Markdown folder may have.
pub const FOLDER_FILES_MAX: usize = 500_000;
/// How many files an archive may have.
pub const ARCHIVE_FILES_MAX: u64 = 100_000;
/// How many bytes an archive may unpack to.
pub const ARCHIVE_BYTES_MAX: u64 = 16 * 1024 * 1024 * 1024;
/// How many times larger than the archive its content may be.
pub const ARCHIVE_RATIO_MAX: u64 = 200;
/// Content up to this size is unpacked whatever its ratio: text packs well.
pub const ARCHIVE_RATIO_FREE_BYTES: u64 = 64 * 1024 * 1024;
/// The longest path inside an archive, in bytes.
pub const ARCHIVE_PATH_BYTES_MAX: usize = 1_024;
/// How deep a mobiledoc or Lexical document may nest.
pub const DOCUMENT_DEPTH_MAX: usize = 64;
/// The largest media file that is fetched or copied, in bytes.
pub const MEDIA_BYTES_MAX: u64 = 128 * 1024 * 1024;
/// The largest file of the menus of an export, in bytes.
pub const MENUS_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// The longest line of the redirects of an export, in bytes.
pub const REDIRECT_LINE_BYTES_MAX: u64 = 16 * 1024;
/// How many different authors, terms and attachments of one source are remembered.
pub const REMEMBERED_MAX: usize = 2_000_000;
/// How many bytes of reusable blocks a source may have together.
pub const FRAGMENTS_BYTES_MAX: usize = 32 * 1024 * 1024;
/// The longest text of an entry, in bytes, without the pictures that stand in it.
pub const TEXT_BYTES_MAX: usize = 4 * 1024 * 1024;
/// How many values one row of a Ghost export may have.
pub const ROW_NODES_MAX: usize = 200_000;
