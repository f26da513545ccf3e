-- What the reports count: the rounds of each follow-up, and of each case what its plan came to.

CREATE TABLE follow_up_round (
    follow_up TEXT NOT NULL REFERENCES follow_up (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    why TEXT,
    asked_on TEXT,
    original_due TEXT,
    due_on TEXT,
    received_on TEXT,
    level BIGINT NOT NULL,
    PRIMARY KEY (follow_up, number)
);
INSERT INTO follow_up_round (follow_up, number, why, asked_on, original_due, due_on, level)
    SELECT id, round, why, asked_on, COALESCE(original_due, due_on), due_on, level FROM follow_up;
CREATE INDEX follow_up_round_by_day ON follow_up_round (asked_on);

-- The local date of the first full answer: the one that counts for the six weeks.
ALTER TABLE follow_up ADD COLUMN received_on TEXT;
ALTER TABLE follow_up ADD COLUMN about TEXT;
ALTER TABLE follow_up ADD COLUMN manager_not_copied BIGINT NOT NULL DEFAULT 0;
ALTER TABLE follow_up ADD COLUMN hold TEXT;
CREATE INDEX follow_up_by_due ON follow_up (kind, original_due);
CREATE INDEX follow_up_by_about ON follow_up (about);

ALTER TABLE case_file ADD COLUMN final_on TEXT;
ALTER TABLE case_file ADD COLUMN week20 BIGINT NOT NULL DEFAULT 0;
ALTER TABLE case_file ADD COLUMN reasons BIGINT NOT NULL DEFAULT 0;
ALTER TABLE case_file ADD COLUMN excepted BIGINT NOT NULL DEFAULT 0;
ALTER TABLE case_file ADD COLUMN reissue_since TEXT;
ALTER TABLE case_file ADD COLUMN told TEXT;
ALTER TABLE case_file ADD COLUMN decided BIGINT NOT NULL DEFAULT 0;
ALTER TABLE case_file ADD COLUMN drafted BIGINT NOT NULL DEFAULT 0;
ALTER TABLE case_file ADD COLUMN notice TEXT;
ALTER TABLE case_file ADD COLUMN notice_on TEXT;
ALTER TABLE case_file ADD COLUMN notice_by_post BIGINT NOT NULL DEFAULT 0;
-- As the last evaluation found it; what is past week 20 is late whatever stands here.
ALTER TABLE case_file ADD COLUMN outlook TEXT;
ALTER TABLE case_file ADD COLUMN expected_on TEXT;
CREATE INDEX case_file_by_final ON case_file (final_on);
CREATE INDEX case_file_by_request ON case_file (over, requested_on);
