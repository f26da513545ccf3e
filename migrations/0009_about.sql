-- Which cases a mail or a letter is about beside the one that it belongs to: commands and their answers, and whatever
-- concerns several children.
CREATE TABLE about (
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    PRIMARY KEY (id, case_id)
);
CREATE INDEX about_by_case ON about (case_id);
