-- The whole case: more kinds and stages of follow-ups, letters about a case as a whole, held letters, confirmations,
-- contacts. A CHECK cannot be changed in place by one text for both databases, so the tables that carry one are made
-- anew, with those that point at them.

ALTER TABLE case_file ADD COLUMN opened_on TEXT;
ALTER TABLE case_file ADD COLUMN requested_on TEXT;
ALTER TABLE case_file ADD COLUMN over BIGINT NOT NULL DEFAULT 0;
ALTER TABLE case_file ADD COLUMN wake_at BIGINT;
CREATE INDEX case_file_by_wake ON case_file (wake_at);
CREATE INDEX case_file_by_coordinator ON case_file (coordinator, over);

-- Follow-ups with their parties and threads.
CREATE TABLE follow_up_2 (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES case_file (id),
    kind TEXT NOT NULL CHECK (kind IN ('advice_request', 'clarification', 'draft_check', 'review_contribution', 'parent_answer', 'assessment_return', 'action')),
    origin TEXT NOT NULL CHECK (origin IN ('copied_in', 'sent', 'elsewhere')),
    stage TEXT NOT NULL CHECK (stage IN ('awaiting_roles', 'prepared', 'open', 'replied_thin', 'received', 'query', 'declined', 'closed', 'cancelled', 'held')),
    outcome TEXT CHECK (outcome IN ('accepted', 'used_as_submitted', 'not_sought', 'dispute_upheld', 'confirmed', 'feedback_none', 'feedback_parent', 'feedback_other', 'no_response')),
    coordinator TEXT NOT NULL,
    adviser TEXT,
    service TEXT,
    why TEXT,
    agreed BIGINT NOT NULL CHECK (agreed IN (0, 1)),
    round BIGINT NOT NULL,
    level BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    asked_on TEXT,
    original_due TEXT,
    due_on TEXT,
    first_received_at BIGINT,
    received_at BIGINT,
    ended_at BIGINT,
    wake_at BIGINT
);
INSERT INTO follow_up_2 (id, case_id, kind, origin, stage, coordinator, adviser, service, agreed, round, level, opened_at, due_on, first_received_at, received_at, ended_at, wake_at)
    SELECT id, case_id, kind, origin, stage, coordinator, adviser, service, 0, round, level, opened_at, due_on, received_at, received_at, ended_at, wake_at FROM follow_up;

CREATE TABLE party_2 (
    follow_up TEXT NOT NULL REFERENCES follow_up_2 (id),
    address TEXT NOT NULL,
    PRIMARY KEY (follow_up, address)
);
INSERT INTO party_2 (follow_up, address) SELECT follow_up, address FROM party;

CREATE TABLE thread_2 (
    message_id TEXT NOT NULL,
    follow_up TEXT NOT NULL REFERENCES follow_up_2 (id),
    place BIGINT NOT NULL,
    PRIMARY KEY (message_id, follow_up)
);
INSERT INTO thread_2 (message_id, follow_up, place) SELECT message_id, follow_up, place FROM thread;

DROP TABLE thread;
DROP TABLE party;
DROP TABLE follow_up;
ALTER TABLE follow_up_2 RENAME TO follow_up;
ALTER TABLE party_2 RENAME TO party;
ALTER TABLE thread_2 RENAME TO thread;
CREATE INDEX follow_up_by_wake ON follow_up (wake_at);
CREATE INDEX follow_up_by_adviser ON follow_up (adviser, stage);
CREATE INDEX follow_up_by_coordinator ON follow_up (coordinator, stage);
CREATE INDEX follow_up_by_case ON follow_up (case_id);
CREATE INDEX follow_up_by_kind ON follow_up (kind, stage, due_on);
CREATE INDEX party_by_address ON party (address);
CREATE INDEX thread_by_follow_up ON thread (follow_up, place);

-- Letters with whatever points at them.
CREATE TABLE letter_2 (
    id TEXT PRIMARY KEY,
    unique_key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    case_id TEXT,
    follow_up TEXT,
    message_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    only_while TEXT NOT NULL CHECK (only_while IN ('always', 'awaiting_answer', 'open', 'case_open')),
    envelope_from TEXT NOT NULL,
    decided_at BIGINT NOT NULL,
    earliest BIGINT NOT NULL,
    urgent BIGINT NOT NULL CHECK (urgent IN (0, 1)),
    copy_seen_at BIGINT,
    place BIGINT NOT NULL,
    bytes BYTEA NOT NULL
);
INSERT INTO letter_2 (id, unique_key, kind, case_id, follow_up, message_id, subject, only_while, envelope_from, decided_at, earliest, urgent, copy_seen_at, place, bytes)
    SELECT id, unique_key, kind, case_id, follow_up, message_id, subject, only_while, envelope_from, decided_at, earliest, urgent, copy_seen_at, place, bytes FROM letter;

-- 'held': a breaker has tripped, and a SEND manager releases or discards it.
CREATE TABLE delivery_2 (
    letter TEXT NOT NULL REFERENCES letter_2 (id),
    recipient TEXT NOT NULL,
    part TEXT NOT NULL CHECK (part IN ('to', 'cc', 'copy')),
    state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'dot', 'accepted', 'deferred', 'rejected', 'uncertain', 'withdrawn', 'held')),
    attempts BIGINT NOT NULL,
    next_at BIGINT,
    refused_since BIGINT,
    settled_at BIGINT,
    answer TEXT,
    PRIMARY KEY (letter, recipient)
);
INSERT INTO delivery_2 (letter, recipient, part, state, attempts, next_at, refused_since, settled_at, answer)
    SELECT letter, recipient, part, state, attempts, next_at, refused_since, settled_at, answer FROM delivery;

CREATE TABLE alias_2 (
    message_id TEXT PRIMARY KEY,
    letter TEXT NOT NULL REFERENCES letter_2 (id)
);
INSERT INTO alias_2 (message_id, letter) SELECT message_id, letter FROM alias;

CREATE TABLE line_2 (
    letter TEXT NOT NULL REFERENCES letter_2 (id),
    number BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (letter, number)
);
INSERT INTO line_2 (letter, number, body) SELECT letter, number, body FROM line;

CREATE TABLE unproved_2 (
    letter TEXT PRIMARY KEY REFERENCES letter_2 (id),
    message TEXT NOT NULL REFERENCES message (id),
    address TEXT NOT NULL,
    settled_at BIGINT
);
INSERT INTO unproved_2 (letter, message, address, settled_at) SELECT letter, message, address, settled_at FROM unproved;

DROP TABLE unproved;
DROP TABLE line;
DROP TABLE alias;
DROP TABLE delivery;
DROP TABLE letter;
ALTER TABLE letter_2 RENAME TO letter;
ALTER TABLE delivery_2 RENAME TO delivery;
ALTER TABLE alias_2 RENAME TO alias;
ALTER TABLE line_2 RENAME TO line;
ALTER TABLE unproved_2 RENAME TO unproved;
CREATE INDEX letter_by_place ON letter (place);
CREATE INDEX letter_by_follow_up ON letter (follow_up, decided_at);
CREATE INDEX letter_by_case ON letter (case_id, kind, decided_at);
CREATE INDEX delivery_by_next ON delivery (next_at);
CREATE INDEX delivery_by_state ON delivery (state);

-- A command that was read back, or put before a second person: carried out when YES answers the letter.
CREATE TABLE confirmation (
    letter TEXT PRIMARY KEY REFERENCES letter (id),
    message TEXT NOT NULL REFERENCES message (id),
    command BIGINT NOT NULL,
    author TEXT NOT NULL,
    needs TEXT NOT NULL CHECK (needs IN ('same', 'second')),
    asked_at BIGINT NOT NULL,
    settled_at BIGINT
);
CREATE INDEX confirmation_by_message ON confirmation (message, command);

-- Addresses of contacts, so that a parent's mail finds its case.
CREATE TABLE contact (
    address TEXT NOT NULL,
    case_id TEXT NOT NULL REFERENCES case_file (id),
    PRIMARY KEY (address, case_id)
);
CREATE INDEX contact_by_case ON contact (case_id);
