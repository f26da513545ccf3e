//! What letters of an assessment round carry below their words: the form, the receipt's table, the spreadsheets, the
//! results. Facts come from `core::assessment`; nothing is decided here.

mod form;
mod receipt;
mod result;
mod sheet;

pub use form::form;
pub use receipt::receipt;
pub use result::{Edition, own_result, results};
pub use sheet::{PlanRow, form_workbook, plan_workbook};

/// Media type of a workbook.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

#[cfg(test)]
mod tests;
