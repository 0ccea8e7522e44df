-- The chain of the installation: blocks over all entries, whatever tenant they are of, each with the hash of the block before. A
-- block takes every entry of the transactions that have ended since the last one: writers never wait, and none is missed or taken
-- twice. Signed by keys that live elsewhere, and copied elsewhere, the last block holds the whole past in place.

-- Which installation this is, so that checkpoints kept elsewhere find theirs. A restored copy has the same name: what was lost
-- between is to be seen.
INSERT INTO landlord.settings (name, value) VALUES ('installation', gen_random_uuid()::text);

CREATE INDEX audit_entries_by_xid ON landlord.audit_entries (xid, entry_id);

-- Takes the place of one that nothing was ever written to. The entries of a block are those with
--   entry_id > entries_after, xid >= xid_from, and as far as it is not NULL entry_id <= entries_upto, xid < xid_before.
DROP TABLE landlord.audit_blocks;
CREATE TABLE landlord.audit_blocks (
  -- 1, 2, 3 …
  block bigint CONSTRAINT audit_blocks_key PRIMARY KEY CONSTRAINT block_positive CHECK (block > 0),
  -- The server's system_identifier. In another server transactions are numbered anew: the first block there takes what was left
  -- over by number of entry, and the next begins behind that one.
  incarnation bigint NOT NULL,
  entries_after bigint NOT NULL,
  entries_upto bigint,
  xid_from xid8 NOT NULL,
  xid_before xid8,
  entries bigint NOT NULL,
  -- SHA-256 over entry_id (eight bytes) and hash of each entry, in the order of entry_id.
  entries_hash bytea NOT NULL,
  previous_hash bytea NOT NULL,
  sealed_at timestamptz NOT NULL,
  sealed_by text NOT NULL,
  hash bytea NOT NULL
);

-- What was said of a block by who holds a key: `ed25519 BASE64` signs with Ed25519, any other key is one of SSH and its signature
-- an armoured one of ssh-keygen. The text that is signed is made by the client, see its Checkpoint.
CREATE TABLE landlord.audit_checkpoints (
  block bigint NOT NULL CONSTRAINT audit_checkpoints_block REFERENCES landlord.audit_blocks (block),
  key text COLLATE "C" NOT NULL CONSTRAINT checkpoint_key_form CHECK (key ~ '^[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,2}$' AND length(key) <= 2000),
  signature bytea NOT NULL CONSTRAINT checkpoint_signature_length CHECK (octet_length(signature) BETWEEN 64 AND 8000),
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  recorded_by text NOT NULL DEFAULT session_user,
  CONSTRAINT audit_checkpoints_key PRIMARY KEY (block, key)
);

-- The hash of a block: SHA-256 over the format's name, the hash before it (32 zero bytes for the first) and each part with its
-- length, as for an entry.
CREATE FUNCTION landlord.block_hash(b landlord.audit_blocks) RETURNS bytea
LANGUAGE sql STABLE
RETURN sha256('\x6c616e646c6f726420626c6f636b203100'::bytea || (b).previous_hash
  || landlord.sized(int8send((b).block)) || landlord.sized(int8send((b).incarnation))
  || landlord.sized(int8send((b).entries_after)) || landlord.sized(int8send((b).entries_upto))
  || landlord.sized(int8send((b).xid_from::text::bigint)) || landlord.sized(int8send((b).xid_before::text::bigint))
  || landlord.sized(int8send((b).entries)) || landlord.sized((b).entries_hash)
  || landlord.sized(int8send((extract(epoch FROM (b).sealed_at) * 1000000)::bigint))
  || landlord.sized(convert_to((b).sealed_by, 'UTF8')));

-- The first transaction that has not ended and may write to this database; all before it have, and their entries are to be
-- seen. Those of other databases of the server are left out, or one that idles there would hold everything up.
CREATE FUNCTION landlord.first_open_transaction() RETURNS xid8
LANGUAGE sql VOLATILE
BEGIN ATOMIC
  SELECT coalesce(
    (SELECT x.xid FROM pg_snapshot_xip(s.snapshot) AS x (xid)
      WHERE NOT EXISTS (
        SELECT FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
        WHERE l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND l.granted AND l.transactionid = x.xid::xid
          AND a.datid <> (SELECT d.oid FROM pg_database d WHERE d.datname = current_database()))
      ORDER BY x.xid LIMIT 1),
    pg_snapshot_xmax(s.snapshot))
  FROM (SELECT pg_current_snapshot() AS snapshot OFFSET 0) s;
END;

-- Seals what has ended since the last block and answers the number of the last block, which is the one before where nothing had;
-- NULL where there never was anything. At most some 25 million entries fit into one block.
CREATE FUNCTION landlord.seal_block() RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '30s' AS $$
DECLARE
  last landlord.audit_blocks;
  b landlord.audit_blocks;
BEGIN
  -- One at a time; each statement after this one sees what the one before us did.
  LOCK TABLE landlord.audit_blocks IN SHARE ROW EXCLUSIVE MODE;
  SELECT * INTO last FROM landlord.audit_blocks l ORDER BY l.block DESC LIMIT 1;
  b.block := coalesce(last.block, 0) + 1;
  b.incarnation := (SELECT s.system_identifier FROM pg_control_system() s);
  b.entries_after := coalesce(last.entries_upto, last.entries_after, 0);
  b.xid_from := CASE WHEN last.entries_upto IS NULL THEN coalesce(last.xid_before, '0') ELSE '0' END;
  b.previous_hash := coalesce(last.hash, decode(repeat('00', 32), 'hex'));
  b.sealed_at := greatest(last.sealed_at, clock_timestamp());
  b.sealed_by := session_user;
  IF last.incarnation <> b.incarnation THEN
    -- What others write just now waits for this once.
    LOCK TABLE landlord.audit_entries IN SHARE MODE;
    b.entries_upto := (SELECT coalesce(max(e.entry_id), b.entries_after) FROM landlord.audit_entries e);
  ELSE
    b.xid_before := landlord.first_open_transaction();
  END IF;
  SELECT count(*), sha256(coalesce(string_agg(int8send(e.entry_id) || e.hash, '' ORDER BY e.entry_id), ''))
  INTO b.entries, b.entries_hash
  FROM landlord.audit_entries e
  WHERE e.entry_id > b.entries_after AND e.xid >= b.xid_from
    AND (b.entries_upto IS NULL OR e.entry_id <= b.entries_upto) AND (b.xid_before IS NULL OR e.xid < b.xid_before);
  IF b.entries = 0 AND b.entries_upto IS NULL THEN RETURN last.block; END IF;
  b.hash := landlord.block_hash(b);
  INSERT INTO landlord.audit_blocks SELECT b.*;
  RETURN b.block;
END $$;

-- Keeps a signature of a block; one that is there already stays.
CREATE FUNCTION landlord.record_checkpoint(block bigint, signature bytea, key text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
  INSERT INTO landlord.audit_checkpoints (block, key, signature)
  VALUES (record_checkpoint.block, record_checkpoint.key, record_checkpoint.signature)
  ON CONFLICT ON CONSTRAINT audit_checkpoints_key DO NOTHING;
END;

-- As before, but for the name of the installation, which is not to be set either.
CREATE OR REPLACE FUNCTION landlord.set_setting(request_id uuid, name text, value text, reason text) RETURNS landlord.answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
DECLARE
  done landlord.answer := landlord.begin_request(
    request_id, 'set setting', '00000000-0000-0000-0000-000000000000', reason, jsonb_build_array(name, value));
BEGIN
  IF done.outcome IS NOT NULL THEN RETURN done; END IF;
  IF name IN ('demo', 'installation') THEN
    RAISE EXCEPTION 'This setting is not to be set by hand.'
      USING ERRCODE = '23514', CONSTRAINT = 'setting_name_reserved', COLUMN = 'name', TABLE = 'settings', SCHEMA = 'landlord';
  END IF;
  IF value IS NULL THEN
    DELETE FROM landlord.settings s WHERE s.name = set_setting.name;
  ELSE
    INSERT INTO landlord.settings AS s (name, value) VALUES (set_setting.name, set_setting.value)
    ON CONFLICT ON CONSTRAINT settings_key DO UPDATE SET value = excluded.value, updated_at = now()
    WHERE s.value <> excluded.value;
  END IF;
  RETURN landlord.end_act(request_id, 'set setting', name,
    CASE WHEN FOUND THEN jsonb_build_object('setting', name, 'value', value) END);
END $$;

-- Whoever looks without limits may verify: blocks and checkpoints say nothing of a tenant, but who sees some entries only would
-- find every block broken. The sequence tells whether entries were made after those that are there. Everyone may verify a tenant
-- in reach; record_text tells what the entry of a tenant as it stands would hold.
GRANT SELECT (block, incarnation, entries_after, entries_upto, xid_from, xid_before, entries, entries_hash, previous_hash, sealed_at,
  sealed_by, hash) ON landlord.audit_blocks TO landlord_support, landlord_admin, landlord_auditor;
GRANT SELECT (block, key, signature, recorded_at, recorded_by) ON landlord.audit_checkpoints
TO landlord_support, landlord_admin, landlord_auditor;
GRANT SELECT ON SEQUENCE landlord.audit_entries_entry_id_seq TO landlord_support, landlord_admin, landlord_auditor;
GRANT EXECUTE ON FUNCTION landlord.record_text(uuid, text, text, text, text, text, text[], text[], text, text, bigint, timestamptz,
  timestamptz)
TO landlord_support, landlord_admin, landlord_auditor, landlord_support_limited, landlord_admin_limited, landlord_auditor_limited;

-- For sealing, which is about everyone's entries.
GRANT EXECUTE ON FUNCTION landlord.seal_block(), landlord.record_checkpoint(bigint, bytea, text) TO landlord_auditor;
