//! A core module as any compiler makes it: numbers in, a number out, and no component metadata.

/// The sum, wrapping around at 32 bits.
#[unsafe(no_mangle)]
pub extern "C" fn add(left: i32, right: i32) -> i32 {
    left.wrapping_add(right)
}

/// The sum, wrapping around at 64 bits.
#[unsafe(no_mangle)]
pub extern "C" fn add_long(left: i64, right: i64) -> i64 {
    left.wrapping_add(right)
}

/// The number halfway between two.
#[unsafe(no_mangle)]
pub extern "C" fn mean(left: f64, right: f64) -> f64 {
    f64::midpoint(left, right)
}

/// Half of a number, in single precision.
#[unsafe(no_mangle)]
pub extern "C" fn half(number: f32) -> f32 {
    number / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_wrap_around_instead_of_trapping() {
        assert_eq!(add(i32::MAX, 1), i32::MIN);
        assert_eq!(add_long(i64::MAX, 1), i64::MIN);
    }

    #[test]
    fn a_mean_lies_halfway() {
        assert!((mean(1.0, 2.5) - 1.75).abs() < f64::EPSILON);
        assert!((half(3.0) - 1.5).abs() < f32::EPSILON);
    }
}
