//! The types of files that are told apart.

use std::fmt;
use std::str::FromStr;

/// What a file is, by what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MediaType {
    /// A JPEG image.
    Jpeg,
    /// A PNG image.
    Png,
    /// A GIF image.
    Gif,
    /// A WebP image.
    Webp,
    /// An AVIF image.
    Avif,
    /// An image of the HEIF family other than AVIF, as phones make them.
    Heif,
    /// An SVG drawing.
    Svg,
    /// A PDF document.
    Pdf,
    /// An MP4 video.
    Mp4,
    /// A WebM video.
    Webm,
    /// An MP3 sound.
    Mp3,
    /// An Ogg sound or video.
    Ogg,
    /// A WAVE sound.
    Wav,
    /// A FLAC sound.
    Flac,
    /// A Zip archive.
    Zip,
    /// A Word document.
    Docx,
    /// An Excel workbook.
    Xlsx,
    /// A PowerPoint presentation.
    Pptx,
    /// An OpenDocument text.
    Odt,
    /// An OpenDocument spreadsheet.
    Ods,
    /// An EPUB book.
    Epub,
    /// A WOFF2 font.
    Woff2,
    /// Text in UTF-8: also Markdown, CSV and JSON, which nothing but their names tells apart.
    Text,
    /// Text that a browser would take for a page.
    Html,
    /// XML that is not SVG.
    Xml,
    /// Anything else.
    Unknown,
}

/// The text names no type that is told apart.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a media type that is told apart")]
pub struct UnknownMediaType(String);

impl MediaType {
    /// Every type.
    pub const ALL: [Self; 26] = [
        Self::Jpeg,
        Self::Png,
        Self::Gif,
        Self::Webp,
        Self::Avif,
        Self::Heif,
        Self::Svg,
        Self::Pdf,
        Self::Mp4,
        Self::Webm,
        Self::Mp3,
        Self::Ogg,
        Self::Wav,
        Self::Flac,
        Self::Zip,
        Self::Docx,
        Self::Xlsx,
        Self::Pptx,
        Self::Odt,
        Self::Ods,
        Self::Epub,
        Self::Woff2,
        Self::Text,
        Self::Html,
        Self::Xml,
        Self::Unknown,
    ];

    /// The lasting name, `image/jpeg` for instance.
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
            Self::Avif => "image/avif",
            Self::Heif => "image/heif",
            Self::Svg => "image/svg+xml",
            Self::Pdf => "application/pdf",
            Self::Mp4 => "video/mp4",
            Self::Webm => "video/webm",
            Self::Mp3 => "audio/mpeg",
            Self::Ogg => "audio/ogg",
            Self::Wav => "audio/wav",
            Self::Flac => "audio/flac",
            Self::Zip => "application/zip",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => {
                "application/vnd.openxmlformats-officedocument.presentationml.presentation"
            }
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Epub => "application/epub+zip",
            Self::Woff2 => "font/woff2",
            Self::Text => "text/plain",
            Self::Html => "text/html",
            Self::Xml => "application/xml",
            Self::Unknown => "application/octet-stream",
        }
    }

    /// The endings that names of this type may have, the usual one first. Empty: any.
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Jpeg => &["jpg", "jpeg", "jpe", "jfif"],
            Self::Png => &["png", "apng"],
            Self::Gif => &["gif"],
            Self::Webp => &["webp"],
            Self::Avif => &["avif"],
            Self::Heif => &["heic", "heif"],
            Self::Svg => &["svg"],
            Self::Pdf => &["pdf"],
            Self::Mp4 => &["mp4", "m4v", "m4a", "mov"],
            Self::Webm => &["webm", "mkv"],
            Self::Mp3 => &["mp3"],
            Self::Ogg => &["ogg", "oga", "ogv", "opus"],
            Self::Wav => &["wav"],
            Self::Flac => &["flac"],
            Self::Zip => &["zip"],
            Self::Docx => &["docx"],
            Self::Xlsx => &["xlsx"],
            Self::Pptx => &["pptx"],
            Self::Odt => &["odt"],
            Self::Ods => &["ods"],
            Self::Epub => &["epub"],
            Self::Woff2 => &["woff2"],
            Self::Text => &[
                "txt", "md", "markdown", "csv", "tsv", "json", "yaml", "yml", "toml", "log", "srt",
                "vtt", "ics", "vcf",
            ],
            Self::Html => &["html", "htm"],
            Self::Xml => &["xml", "rss", "atom", "gpx", "kml"],
            Self::Unknown => &["bin"],
        }
    }

    /// Whether it is an image that a browser shows.
    pub fn is_image(self) -> bool {
        self.is_raster() || matches!(self, Self::Avif | Self::Heif | Self::Svg)
    }

    /// Whether it is an image of pixels that this system decodes: such get variants.
    pub fn is_raster(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::Gif | Self::Webp)
    }

    /// Whether a browser may show it in place. What it could run, and what nobody knows, is for keeping.
    pub fn is_shown_inline(self) -> bool {
        self.is_image()
            || matches!(
                self,
                Self::Pdf
                    | Self::Mp4
                    | Self::Webm
                    | Self::Mp3
                    | Self::Ogg
                    | Self::Wav
                    | Self::Flac
                    | Self::Text
                    | Self::Woff2
            )
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for MediaType {
    type Err = UnknownMediaType;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|it| it.name() == text);
        found.ok_or_else(|| UnknownMediaType(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::MediaType;

    #[test]
    fn every_type_is_read_back_from_its_name() {
        for media_type in MediaType::ALL {
            assert_eq!(media_type.name().parse(), Ok(media_type));
        }
    }

    #[test]
    fn what_a_browser_could_run_is_for_keeping() {
        for media_type in [MediaType::Html, MediaType::Xml, MediaType::Unknown, MediaType::Zip] {
            assert!(!media_type.is_shown_inline(), "{media_type}");
        }
    }
}
