//! The lengths that operators may set for the projections.

/// Working days that each step of a plan takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Durations {
    /// Reading the advice.
    pub review: u32,
    /// Deciding and writing.
    pub write: u32,
    /// The manager's quality assurance.
    pub quality: u32,
    /// Amending a plan draft.
    pub amend: u32,
    /// Finalising.
    pub finalise: u32,
}

/// Whether schools are consulted after the parents' days or in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consultation {
    /// After them.
    Sequential,
    /// In them.
    Parallel,
}

/// Weeks after the request at which the law wants something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weeks {
    /// Decision.
    pub decision: u32,
    /// No-plan notice.
    pub no_plan: u32,
    /// Final plan.
    pub final_plan: u32,
}

/// `[timescales]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timescales {
    /// The law's weeks.
    pub weeks: Weeks,
    /// Expected durations.
    pub durations: Durations,
    /// Shortest durations.
    pub shortest: Durations,
    /// Working days in which overdue advice is assumed to come.
    pub overdue: u32,
    /// Calendar days for parents, the day of service included.
    pub parents: u32,
    /// Calendar days for a school.
    pub consultation: u32,
    /// Working days before week 20 from which a case is at risk.
    pub buffer: u32,
    /// Working days added to the date that parents are told.
    pub told_margin: u32,
}
