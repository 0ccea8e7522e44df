-- The doctor's memory, and its hand. Its checks are the client's: they only read the catalogue, which anyone may.

-- Runs that were kept, so that the next one can say what is new and what was mended. Here and not in a file of the person's,
-- because who looks next is often someone else.
CREATE TABLE landlord.examinations (
  examination_id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT examinations_key PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor text COLLATE "C" NOT NULL DEFAULT session_user,
  -- What tells each finding from the others: check, object, what.
  findings jsonb NOT NULL
    CONSTRAINT examination_findings_form CHECK (
      jsonb_typeof(findings) = 'array' AND NOT jsonb_path_exists(findings, 'strict $[*] ? (!(
        @.check.type() == "string" && @.object.type() == "string" && @.what.type() == "string"))', silent => true))
);

-- Keeps a run, and the twenty-nine before it.
CREATE FUNCTION landlord.keep_examination(request_id uuid, findings jsonb, reason text) RETURNS landlord.answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
DECLARE
  done landlord.answer := landlord.begin_request(
    request_id, 'keep examination', '00000000-0000-0000-0000-000000000000', reason, findings);
  kept bigint;
BEGIN
  IF done.outcome IS NOT NULL THEN RETURN done; END IF;
  INSERT INTO landlord.examinations AS e (findings) VALUES (keep_examination.findings) RETURNING e.examination_id INTO kept;
  DELETE FROM landlord.examinations e WHERE e.examination_id <= (
    SELECT o.examination_id FROM landlord.examinations o ORDER BY o.examination_id DESC OFFSET 30 LIMIT 1);
  RETURN landlord.end_act(request_id, 'keep examination', 'examination',
    jsonb_build_object('examination', kept, 'findings', jsonb_array_length(findings)));
END $$;

-- Runs a mend of the doctor's as the role that may, and writes it down: both or neither. With the caller's rights and on the
-- caller's search path, so it can do nothing that the caller cannot. Gives up where a lock has to be waited for.
CREATE FUNCTION landlord.mend(request_id uuid, finding jsonb, statements text[], runs_as text, reason text) RETURNS landlord.answer
LANGUAGE plpgsql VOLATILE SECURITY INVOKER SET lock_timeout = '2s' AS $$
DECLARE
  done landlord.answer := landlord.record_act(
    request_id, 'protect mend', finding || jsonb_build_object('statements', statements, 'runsAs', runs_as), reason);
  self CONSTANT text := current_setting('role');
  statement text;
BEGIN
  IF done.outcome <> 'saved' OR done.repeated THEN RETURN done; END IF;
  FOREACH statement IN ARRAY statements LOOP
    -- Letting an owner protect its table is the caller's to do, who is an admin.
    PERFORM set_config('role',
      CASE WHEN runs_as IS NULL OR starts_with(statement, 'SELECT landlord.protect_grant(') THEN self ELSE runs_as END, true);
    EXECUTE statement;
  END LOOP;
  PERFORM set_config('role', self, true);
  RETURN done;
END $$;

GRANT SELECT (examination_id, at, actor, findings) ON landlord.examinations
TO landlord_support, landlord_admin, landlord_auditor, landlord_support_limited, landlord_admin_limited, landlord_auditor_limited;
GRANT EXECUTE ON FUNCTION landlord.keep_examination(uuid, jsonb, text), landlord.mend(uuid, jsonb, text[], text, text)
TO landlord_admin;
