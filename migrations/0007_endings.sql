-- More ways to end: with the case, and overtaken. A CHECK cannot be changed in place, so the
-- column is written anew.
ALTER TABLE follow_up ADD COLUMN ending TEXT CHECK (ending IN ('accepted', 'used_as_submitted', 'not_sought', 'dispute_upheld', 'confirmed', 'feedback_none', 'feedback_parent', 'feedback_other', 'no_response', 'ended_with_case', 'overtaken'));
UPDATE follow_up SET ending = outcome;
ALTER TABLE follow_up DROP COLUMN outcome;
ALTER TABLE follow_up RENAME COLUMN ending TO outcome;
