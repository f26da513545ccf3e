-- When a letter came back that the relay had taken: it was not delivered, whatever the relay said.
ALTER TABLE delivery ADD COLUMN returned_at BIGINT;
