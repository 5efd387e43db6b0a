-- How strongly the maker of a token proved who they are: the token carries no role that asks for more (ADR 0018).
ALTER TABLE delegated_tokens ADD COLUMN strength TEXT NOT NULL DEFAULT 'any';

-- How often a passkey has signed, beside the key itself, so that one conditional change refuses a copy (WebAuthn §7.2).
ALTER TABLE passkeys ADD COLUMN counter BIGINT NOT NULL DEFAULT 0;
