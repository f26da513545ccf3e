-- In shadow mode a letter goes to one address; here stands for whom it was meant, as a JSON list of addresses.
ALTER TABLE letter ADD COLUMN meant_for TEXT;
