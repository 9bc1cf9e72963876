//! What the crate `idna`, and so `url`, knows of Unicode, without tables: letters are made small, as hosts have them, and no
//! character is refused. Its items are those that `idna` 1.1 asks for.
//!
//! Nothing is asked for by an address that was read so. The sanitiser reads addresses to learn their schemes, and keeps what
//! was written; the browser that follows a link has the last word about its name, as ever.
#![no_std]
#![deny(missing_docs)]

/// Those that join letters on the left.
pub const LEFT_OR_DUAL_JOINING_MASK: JoiningTypeMask = JoiningTypeMask(());
/// Those that join letters on the right.
pub const RIGHT_OR_DUAL_JOINING_MASK: JoiningTypeMask = JoiningTypeMask(());

/// What makes a name one that is written from right to left.
pub const RTL_MASK: BidiClassMask = BidiClassMask(0);
/// What a part of such a name may begin with.
pub const FIRST_BC_MASK: BidiClassMask = BidiClassMask(ANY);
/// What a part from left to right may end with.
pub const LAST_LTR_MASK: BidiClassMask = BidiClassMask(ANY);
/// What a part from right to left may end with.
pub const LAST_RTL_MASK: BidiClassMask = BidiClassMask(ANY);
/// What may stand within a part from left to right.
pub const MIDDLE_LTR_MASK: BidiClassMask = BidiClassMask(ANY);
/// What may stand within a part from right to left.
pub const MIDDLE_RTL_MASK: BidiClassMask = BidiClassMask(ANY);

/// The only class there is: letters from left to right.
const ANY: u8 = 1;

/// How a letter joins its neighbours: not at all.
#[derive(Clone, Copy)]
pub struct JoiningType(());

impl JoiningType {
    /// The mask that has this alone.
    pub fn to_mask(self) -> JoiningTypeMask {
        JoiningTypeMask(())
    }

    /// Whether its neighbours join across it.
    pub fn is_transparent(self) -> bool {
        false
    }
}

/// Some joining types.
#[derive(Clone, Copy)]
pub struct JoiningTypeMask(());

impl JoiningTypeMask {
    /// Whether one is in both: a joiner that no letter seems to need is taken for one that is needed.
    pub fn intersects(self, _: JoiningTypeMask) -> bool {
        true
    }
}

/// The direction of a character.
#[derive(Clone, Copy)]
pub struct BidiClass(());

impl BidiClass {
    /// The mask that has this alone.
    pub fn to_mask(self) -> BidiClassMask {
        BidiClassMask(ANY)
    }

    /// Whether it goes from left to right.
    pub fn is_ltr(self) -> bool {
        true
    }

    /// Whether it is a mark that takes no room.
    pub fn is_nonspacing_mark(self) -> bool {
        false
    }

    /// Whether it is a European number.
    pub fn is_european_number(self) -> bool {
        false
    }

    /// Whether it is an Arabic number.
    pub fn is_arabic_number(self) -> bool {
        false
    }
}

/// Some directions.
#[derive(Clone, Copy)]
pub struct BidiClassMask(u8);

impl BidiClassMask {
    /// Whether one is in both.
    pub fn intersects(self, other: BidiClassMask) -> bool {
        self.0 & other.0 != 0
    }
}

/// Stands between `idna` and what is known of Unicode.
#[derive(Default)]
pub struct Adapter(());

impl Adapter {
    /// The only one.
    pub const fn new() -> Self {
        Self(())
    }

    /// Whether a character is a virama, after which joiners may stand.
    pub fn is_virama(&self, _: char) -> bool {
        true
    }

    /// Whether a character is a mark, which no part may begin with.
    pub fn is_mark(&self, _: char) -> bool {
        false
    }

    /// The direction of a character.
    pub fn bidi_class(&self, _: char) -> BidiClass {
        BidiClass(())
    }

    /// How a character joins its neighbours.
    pub fn joining_type(&self, _: char) -> JoiningType {
        JoiningType(())
    }

    /// Characters as they stand in names.
    pub fn map_normalize<'delegate, I: Iterator<Item = char> + 'delegate>(
        &'delegate self,
        characters: I,
    ) -> impl Iterator<Item = char> + 'delegate {
        characters.flat_map(char::to_lowercase)
    }

    /// Characters that stand in a name already.
    pub fn normalize_validate<'delegate, I: Iterator<Item = char> + 'delegate>(
        &'delegate self,
        characters: I,
    ) -> impl Iterator<Item = char> + 'delegate {
        characters
    }
}
