-- When advice was recorded as "not known to service": it stays on record after the service has found the child.
ALTER TABLE follow_up ADD COLUMN not_known_on TEXT;
