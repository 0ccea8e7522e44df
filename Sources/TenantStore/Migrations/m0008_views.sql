-- Ways to look at the list that everyone here shares: a filter, an order and columns under a name.
--
-- constraint         | what must hold
-- -------------------+-----------------------------------------------------------------------------------------------
-- view_name_form     | 1 to 60 characters without controls, bidi controls or a blank at either end
-- view_filter_form   | at most 1000 characters without controls
-- view_sort_known    | one of the orders of the list
-- view_columns_form  | at most 40, each a name with, if it has one, : and a width
CREATE TABLE landlord.saved_views (
  name text COLLATE "C" CONSTRAINT saved_views_key PRIMARY KEY
    CONSTRAINT view_name_form CHECK (
      length(name) BETWEEN 1 AND 60 AND name !~ '[\u0001-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]|^\s|\s$'),
  filter text COLLATE "C" NOT NULL
    CONSTRAINT view_filter_form CHECK (length(filter) <= 1000 AND filter !~ '[\u0001-\u001F\u007F-\u009F]'),
  sort_column text NOT NULL
    CONSTRAINT view_sort_known CHECK (sort_column IN (
      'siteId', 'tenantName', 'contactEmail', 'businessIndustry', 'state', 'createdAt', 'updatedAt')),
  descending boolean NOT NULL,
  columns text[] NOT NULL
    CONSTRAINT view_columns_form CHECK (
      cardinality(columns) <= 40 AND landlord.lines(columns) ~ '^\n([A-Za-z]{1,40}(:[1-9][0-9]{0,2})?\n)*\n?$'),
  updated_at timestamptz NOT NULL DEFAULT now()
);

-- Saves a view, over one of the same name too.
CREATE FUNCTION landlord.save_view(
  request_id uuid, name text, filter text, sort_column text, descending boolean, columns text[], reason text)
RETURNS landlord.answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
DECLARE
  view CONSTANT jsonb := jsonb_build_object(
    'view', name, 'filter', filter, 'sort', sort_column, 'descending', descending, 'columns', columns);
  done landlord.answer := landlord.begin_request(
    request_id, 'save view', '00000000-0000-0000-0000-000000000000', reason, view);
BEGIN
  IF done.outcome IS NOT NULL THEN RETURN done; END IF;
  INSERT INTO landlord.saved_views AS v (name, filter, sort_column, descending, columns)
  VALUES (save_view.name, save_view.filter, save_view.sort_column, save_view.descending, save_view.columns)
  ON CONFLICT ON CONSTRAINT saved_views_key DO UPDATE
  SET filter = excluded.filter, sort_column = excluded.sort_column, descending = excluded.descending,
    columns = excluded.columns, updated_at = now()
  WHERE (v.filter, v.sort_column, v.descending, v.columns)
    IS DISTINCT FROM (excluded.filter, excluded.sort_column, excluded.descending, excluded.columns);
  RETURN landlord.end_act(request_id, 'save view', name, CASE WHEN FOUND THEN view END);
END $$;

-- Removes a view. An unknown one is gone.
CREATE FUNCTION landlord.remove_view(request_id uuid, name text, reason text) RETURNS landlord.answer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s' AS $$
DECLARE
  done landlord.answer := landlord.begin_request(
    request_id, 'remove view', '00000000-0000-0000-0000-000000000000', reason, to_jsonb(name));
BEGIN
  IF done.outcome IS NOT NULL THEN RETURN done; END IF;
  DELETE FROM landlord.saved_views v WHERE v.name = remove_view.name;
  IF NOT FOUND THEN
    RETURN landlord.end_request(request_id, 'gone', NULL, NULL, '00000000-0000-0000-0000-000000000000');
  END IF;
  RETURN landlord.end_act(request_id, 'remove view', name, jsonb_build_object('view', name, 'removed', true));
END $$;

-- Everyone who may look sees them; who may change tenants may change them.
GRANT SELECT (name, filter, sort_column, descending, columns, updated_at) ON landlord.saved_views
TO landlord_support, landlord_admin, landlord_auditor, landlord_support_limited, landlord_admin_limited, landlord_auditor_limited;
GRANT EXECUTE ON FUNCTION landlord.save_view(uuid, text, text, text, boolean, text[], text),
  landlord.remove_view(uuid, text, text)
TO landlord_admin, landlord_admin_limited;
