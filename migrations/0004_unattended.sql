-- Running unattended: what retention has removed, and who leads among several nodes.

-- When the bytes, and what was known of them, were erased; the hash stays, so that the same mail is not taken in anew.
ALTER TABLE message ADD COLUMN erased_at BIGINT;
ALTER TABLE letter ADD COLUMN erased_at BIGINT;
CREATE INDEX message_by_case ON message (case_id);

-- One row a role. Every change of the holder raises the epoch, and a node whose epoch has passed writes nothing more.
CREATE TABLE lease (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    ends_at BIGINT NOT NULL
);
