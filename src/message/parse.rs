//! Raw bytes → Message; total, bounded in time and memory.
