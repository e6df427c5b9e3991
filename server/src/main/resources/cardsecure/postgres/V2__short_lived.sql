-- What is kept beside a token for a short time and for one use, sealed under keys that end with it. The deadline is in
-- seconds since 1970.
CREATE TABLE short_lived (
    site     integer  NOT NULL,
    domain   smallint NOT NULL,
    token    bytea    NOT NULL,
    deadline bigint   NOT NULL,
    data     bytea    NOT NULL,
    PRIMARY KEY (site, domain, token)
);
CREATE INDEX short_lived_deadline ON short_lived (deadline);
