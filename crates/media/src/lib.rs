//! Images: what they are, how they are made safe, and smaller versions of them.
#![deny(missing_docs)]
