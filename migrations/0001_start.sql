-- Columns are BIGINT (epoch milliseconds, counts, 0/1), TEXT and BYTEA only, so that one text serves SQLite and PostgreSQL.

CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- Mail as it came. Raw bytes stand apart, so that retention can remove them and the record of them stays.
CREATE TABLE message (
    id TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    received_at BIGINT NOT NULL,
    size BIGINT NOT NULL,
    whole BIGINT NOT NULL CHECK (whole IN (0, 1)),
    state TEXT NOT NULL CHECK (state IN ('stored', 'placed', 'triage', 'filed', 'failed', 'ignored')),
    kind TEXT,
    from_address TEXT,
    header_id TEXT,
    text_hash TEXT,
    case_id TEXT,
    follow_up TEXT,
    candidates TEXT,
    story TEXT
);
CREATE INDEX message_by_header_id ON message (header_id);
CREATE INDEX message_by_state ON message (state, received_at);
CREATE INDEX message_by_follow_up ON message (follow_up);

CREATE TABLE message_raw (
    message TEXT PRIMARY KEY REFERENCES message (id),
    raw BYTEA NOT NULL
);

-- Where each mail stood on the server; the same bytes may stand in several places.
CREATE TABLE mailbox_place (
    folder TEXT NOT NULL,
    uid_validity BIGINT NOT NULL,
    uid BIGINT NOT NULL,
    message TEXT NOT NULL REFERENCES message (id),
    moved_to TEXT,
    PRIMARY KEY (folder, uid_validity, uid)
);
CREATE INDEX mailbox_place_unmoved ON mailbox_place (moved_to, folder);
CREATE INDEX mailbox_place_by_message ON mailbox_place (message);

CREATE TABLE mailbox_cursor (
    folder TEXT PRIMARY KEY,
    uid_validity BIGINT NOT NULL,
    uid BIGINT NOT NULL
);

-- The case is one document; what has to be searched and counted stands beside it, written in the same transaction.
CREATE TABLE case_file (
    id TEXT PRIMARY KEY,
    reference TEXT,
    coordinator TEXT NOT NULL,
    version BIGINT NOT NULL,
    body TEXT NOT NULL
);

CREATE TABLE follow_up (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES case_file (id),
    kind TEXT NOT NULL CHECK (kind IN ('clarification')),
    origin TEXT NOT NULL CHECK (origin IN ('copied_in', 'sent')),
    stage TEXT NOT NULL CHECK (stage IN ('awaiting_roles', 'prepared', 'open', 'replied_thin', 'received', 'closed', 'cancelled', 'held')),
    coordinator TEXT NOT NULL,
    adviser TEXT,
    service TEXT,
    round BIGINT NOT NULL,
    level BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    due_on TEXT,
    received_at BIGINT,
    ended_at BIGINT,
    wake_at BIGINT
);
CREATE INDEX follow_up_by_wake ON follow_up (wake_at);
CREATE INDEX follow_up_by_adviser ON follow_up (adviser, stage);
CREATE INDEX follow_up_by_coordinator ON follow_up (coordinator, stage);
CREATE INDEX follow_up_by_case ON follow_up (case_id);

-- Whoever may speak for a follow-up: adviser and managers.
CREATE TABLE party (
    follow_up TEXT NOT NULL REFERENCES follow_up (id),
    address TEXT NOT NULL,
    PRIMARY KEY (follow_up, address)
);
CREATE INDEX party_by_address ON party (address);

-- Every Message-ID known to belong to a follow-up's thread: ours, aliases that a relay gave them, others' copies.
CREATE TABLE thread (
    message_id TEXT NOT NULL,
    follow_up TEXT NOT NULL REFERENCES follow_up (id),
    place BIGINT NOT NULL,
    PRIMARY KEY (message_id, follow_up)
);
CREATE INDEX thread_by_follow_up ON thread (follow_up, place);

CREATE TABLE letter (
    id TEXT PRIMARY KEY,
    unique_key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    case_id TEXT,
    follow_up TEXT,
    message_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    only_while TEXT NOT NULL CHECK (only_while IN ('always', 'awaiting_answer', 'open')),
    envelope_from TEXT NOT NULL,
    decided_at BIGINT NOT NULL,
    earliest BIGINT NOT NULL,
    urgent BIGINT NOT NULL CHECK (urgent IN (0, 1)),
    copy_seen_at BIGINT,
    place BIGINT NOT NULL,
    bytes BYTEA NOT NULL
);
CREATE INDEX letter_by_place ON letter (place);
CREATE INDEX letter_by_follow_up ON letter (follow_up, decided_at);

CREATE TABLE delivery (
    letter TEXT NOT NULL REFERENCES letter (id),
    recipient TEXT NOT NULL,
    part TEXT NOT NULL CHECK (part IN ('to', 'cc', 'copy')),
    state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'dot', 'accepted', 'deferred', 'rejected', 'uncertain', 'withdrawn')),
    attempts BIGINT NOT NULL,
    next_at BIGINT,
    refused_since BIGINT,
    settled_at BIGINT,
    answer TEXT,
    PRIMARY KEY (letter, recipient)
);
CREATE INDEX delivery_by_next ON delivery (next_at);

-- What an answer to a numbered line of a letter is about.
CREATE TABLE line (
    letter TEXT NOT NULL REFERENCES letter (id),
    number BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (letter, number)
);

-- People whom staff have confirmed by mail; the TOML wins over them.
CREATE TABLE person (
    address TEXT PRIMARY KEY,
    role TEXT NOT NULL CHECK (role IN ('adviser', 'line_manager')),
    manager TEXT,
    confirmed_by TEXT NOT NULL,
    confirmed_at BIGINT NOT NULL
);

CREATE TABLE absence (
    address TEXT PRIMARY KEY,
    until TEXT,
    contact TEXT,
    noted_at BIGINT NOT NULL,
    message TEXT NOT NULL
);

-- A command that waits until the registered address has answered with the one-time token (sender_check "confirm").
CREATE TABLE unproved (
    letter TEXT PRIMARY KEY REFERENCES letter (id),
    message TEXT NOT NULL REFERENCES message (id),
    address TEXT NOT NULL,
    settled_at BIGINT
);

CREATE TABLE job_run (
    job TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    done_at BIGINT NOT NULL,
    PRIMARY KEY (job, due_at)
);

-- Append-only. The chain runs over salted hashes; the texts stand in a table of their own that can be erased, so the
-- chain survives an erasure.
CREATE TABLE journal (
    seq BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    case_id TEXT,
    follow_up TEXT,
    text_hash TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX journal_by_case ON journal (case_id, seq);
CREATE INDEX journal_by_follow_up ON journal (follow_up, seq);

CREATE TABLE journal_text (
    seq BIGINT PRIMARY KEY REFERENCES journal (seq),
    salt TEXT NOT NULL,
    event TEXT NOT NULL,
    because TEXT NOT NULL,
    effects TEXT NOT NULL,
    config TEXT NOT NULL
);
