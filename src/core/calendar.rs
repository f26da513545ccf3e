//! Working days, windows and the reasons for each day.

/// The working-day calendar.
#[derive(Debug, Clone, Default)]
pub struct Calendar {}
