//! The place of an image that must stay visible when it is cut.

/// How finely a place is kept: ten-thousandths of the width or height.
const PARTS: u16 = 10_000;

/// A place in an image, from its left upper corner. Kept in ten-thousandths, so that it can be compared and
/// written in an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FocalPoint {
    x: u16,
    y: u16,
}

/// The place is outside the image.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("the focal point {x}, {y} is outside the image; both are from 0 to 1")]
pub struct FocalPointError {
    x: f64,
    y: f64,
}

impl FocalPoint {
    /// The middle.
    pub const CENTRE: Self = Self { x: PARTS / 2, y: PARTS / 2 };

    /// A place by its shares of width and height, both from 0 to 1.
    pub fn new(x: f64, y: f64) -> Result<Self, FocalPointError> {
        let within = |it: f64| (0.0..=1.0).contains(&it);
        if !within(x) || !within(y) {
            return Err(FocalPointError { x, y });
        }
        let parts = |it: f64| (it * f64::from(PARTS)).round() as u16;
        Ok(Self { x: parts(x), y: parts(y) })
    }

    /// A place by ten-thousandths of width and height.
    pub fn from_parts(x: u16, y: u16) -> Option<Self> {
        (x <= PARTS && y <= PARTS).then_some(Self { x, y })
    }

    /// The ten-thousandths of width and height.
    pub fn parts(self) -> (u16, u16) {
        (self.x, self.y)
    }

    /// The share of the width, from 0 to 1.
    pub fn x(self) -> f64 {
        f64::from(self.x) / f64::from(PARTS)
    }

    /// The share of the height, from 0 to 1.
    pub fn y(self) -> f64 {
        f64::from(self.y) / f64::from(PARTS)
    }
}

impl Default for FocalPoint {
    fn default() -> Self {
        Self::CENTRE
    }
}

#[cfg(test)]
mod tests {
    use super::FocalPoint;

    #[test]
    fn a_place_outside_the_image_is_refused() {
        for (x, y) in [(-0.1, 0.5), (0.5, 1.1), (f64::NAN, 0.5), (0.5, f64::INFINITY)] {
            assert!(FocalPoint::new(x, y).is_err(), "{x}, {y}");
        }
        assert_eq!(FocalPoint::from_parts(10_001, 0), None);
    }

    #[test]
    fn a_place_is_kept_to_the_ten_thousandth() {
        let place = FocalPoint::new(0.333_33, 1.0).unwrap();
        assert_eq!((place.x(), place.y()), (0.3333, 1.0));
        assert_eq!(FocalPoint::from_parts(3_333, 10_000), Some(place));
    }
}
