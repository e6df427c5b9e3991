-- Tokens and the sealed data behind them. All bytes are as the program wrote them, sealed; nothing here is in clear but
-- what the tokens show.
CREATE TABLE token (
    site        integer  NOT NULL,
    domain      smallint NOT NULL,
    token       bytea    NOT NULL,
    fingerprint bytea,
    data        bytea,
    PRIMARY KEY (site, domain, token)
);
CREATE UNIQUE INDEX token_fingerprint ON token (site, fingerprint);

-- Sites, users, keys: sealed.
CREATE TABLE setting (
    name  text  NOT NULL PRIMARY KEY,
    value bytea NOT NULL
);

-- One row, whose number grows with each change of a setting.
CREATE TABLE revision (
    id     smallint NOT NULL PRIMARY KEY,
    number bigint   NOT NULL
);
INSERT INTO revision (id, number) VALUES (1, 0);

-- Signed requests that were taken.
CREATE TABLE mark (
    second bigint  NOT NULL,
    site   integer NOT NULL,
    digest bytea   NOT NULL,
    PRIMARY KEY (second, site, digest)
);

-- The processes that have the store open, and what each has to heed: each locks its own row for as long as it writes a
-- batch, and whoever raises something raises it in all rows, and so waits for all batches. What a new process begins
-- with is in row 0, which is locked first.
CREATE TABLE node (
    id           bigint      NOT NULL PRIMARY KEY,
    name         text        NOT NULL,
    seen         timestamptz NOT NULL,
    reported     bigint,
    generation   bigint      NOT NULL,
    epoch        bigint      NOT NULL,
    first_second bigint      NOT NULL
);
INSERT INTO node (id, name, seen, reported, generation, epoch, first_second) VALUES (0, '', now(), NULL, 0, 0, 0);

-- Sites in which no row may grow; the epoch of the nodes says when to look here again.
CREATE TABLE closed_site (
    site integer NOT NULL PRIMARY KEY
);

-- What one process at a time does.
CREATE TABLE lease (
    name   text        NOT NULL PRIMARY KEY,
    holder bigint      NOT NULL,
    until  timestamptz NOT NULL
);
