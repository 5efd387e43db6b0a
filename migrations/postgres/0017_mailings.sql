-- What somebody wrote to many people at once (I52): that it is not sent twice, and how many they sent in a day. Not what they wrote.
CREATE TABLE mailings (
    id          UUID    NOT NULL PRIMARY KEY,
    sender_id   UUID    NOT NULL,
    recipients  BIGINT  NOT NULL,
    sent_at     BIGINT  NOT NULL
);
CREATE INDEX mailings_sender ON mailings (sender_id, sent_at);
CREATE INDEX mailings_sent ON mailings (sent_at);
