-- Which KEK a process opened its keys with, by the id that the keystore has of it, too. What another one wraps it could not
-- open, so no key is changed meanwhile.
ALTER TABLE node ADD COLUMN kek text;
