-- Who took a secret or a fixed token of a service as a delegate: it is good only while they may keep the service. NULL: an operator, who gave it
-- out for the installation. No reference to users: of whoever is gone it stays bound to nobody.
ALTER TABLE client_secrets ADD COLUMN kept_by BLOB;
ALTER TABLE provisioning_tokens ADD COLUMN kept_by BLOB;
