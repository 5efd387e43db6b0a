-- By which a mail that is sent again is told from another one sent from the same form (I52). Not what was written.
ALTER TABLE mailings ADD COLUMN digest BLOB;
