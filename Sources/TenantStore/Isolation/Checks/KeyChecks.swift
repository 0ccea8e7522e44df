extension CheckGroup {
  /// Keys are held across all rows, whatever policies say: an error then tells what another tenant has.
  static let keyChecks = [
    Check(
      "unique_oracle", .fail,
      why: "Who inserts a value that another tenant has is refused, and so learns that it is there.",
      locks: Locks.building,
      sql: """
        SELECT t.oid, t.name, 'its unique ' || CASE WHEN c.oid IS NULL THEN 'index ' ELSE 'key ' END || quote_ident(i.relname)
            || ' has no column ' || t.tenant
            || CASE WHEN r.referrers IS NULL THEN '' ELSE ' (first mend what refers to it: ' || r.referrers || ')' END,
          CASE
            WHEN x.indisexclusion OR r.referrers IS NOT NULL THEN NULL
            WHEN c.oid IS NOT NULL THEN ARRAY[format('ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %2$I %s', t.name, c.conname,
              regexp_replace(pg_get_constraintdef(c.oid), '\\(', '(' || t.tenant || ', '))]
            -- The name of the index comes before its table: what is replaced is the first parenthesis after that.
            ELSE ARRAY[format('DROP INDEX %I.%I', n.nspname, i.relname), (
              SELECT substr(d.def, 1, d.place) || regexp_replace(substr(d.def, d.place + 1), '\\(', '(' || t.tenant || ', ')
              FROM (
                SELECT g.def, position(format(' ON %s USING ', t.name) IN g.def) + length(t.name) AS place
                FROM (SELECT replace(pg_get_indexdef(x.indexrelid), ' ON ONLY ', ' ON ') AS def) g
              ) d)] END,
          t.relowner
        FROM platform t
        JOIN pg_catalog.pg_index x ON x.indrelid = t.oid AND (x.indisunique OR x.indisexclusion)
        JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid AND NOT i.relispartition
        JOIN pg_catalog.pg_namespace n ON n.oid = i.relnamespace
        LEFT JOIN pg_catalog.pg_constraint c ON c.conindid = x.indexrelid AND c.conrelid = t.oid AND c.contype IN ('p', 'u', 'x')
        LEFT JOIN (
          SELECT f.conindid, string_agg(quote_ident(f.conname), ', ' ORDER BY f.conname) AS referrers
          FROM pg_catalog.pg_constraint f WHERE f.contype = 'f' AND f.conparentid = 0
          GROUP BY f.conindid
        ) r ON r.conindid = x.indexrelid
        WHERE NOT t.attnum = ANY ((x.indkey::int2[])[0:x.indnkeyatts - 1])
        """),
    Check(
      "foreign_key_oracle", .fail,
      why:
        "A row can then refer to a row of another tenant: the key tells that it is there, and a cascade reaches across.",
      locks: Locks.wholeTable,
      sql: """
        SELECT c.conrelid, format('%I.%I', n.nspname, s.relname),
          'its foreign key ' || quote_ident(c.conname) || ' refers to ' || t.name || ' without the tenant',
          CASE WHEN f.oid IS NOT NULL THEN
            CASE WHEN EXISTS (
              SELECT FROM pg_catalog.pg_index x WHERE x.indrelid = t.oid AND x.indisunique AND x.indpred IS NULL
                AND (SELECT array_agg(k ORDER BY k) FROM unnest((x.indkey::int2[])[0:x.indnkeyatts - 1]) k)
                  = (SELECT array_agg(k ORDER BY k) FROM unnest(t.attnum || c.confkey) k))
              THEN '{}'::text[] ELSE ARRAY[format('ALTER TABLE %s ADD UNIQUE (%s, %s)', t.name, t.tenant, k.theirs)] END
            || format('ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %2$I FOREIGN KEY (%s, %s) REFERENCES %s (%s, %s)%s%s%s%s',
              f.name, c.conname, f.tenant, k.ours, t.name, t.tenant, k.theirs,
              CASE c.confmatchtype WHEN 'f' THEN ' MATCH FULL' ELSE '' END,
              CASE c.confupdtype WHEN 'c' THEN ' ON UPDATE CASCADE' WHEN 'r' THEN ' ON UPDATE RESTRICT' ELSE '' END,
              CASE c.confdeltype WHEN 'c' THEN ' ON DELETE CASCADE' WHEN 'r' THEN ' ON DELETE RESTRICT'
                WHEN 'n' THEN format(' ON DELETE SET NULL (%s)', k.ours)
                WHEN 'd' THEN format(' ON DELETE SET DEFAULT (%s)', k.ours) ELSE '' END,
              CASE WHEN c.condeferred THEN ' DEFERRABLE INITIALLY DEFERRED' WHEN c.condeferrable THEN ' DEFERRABLE' ELSE '' END)
          END, s.relowner
        FROM pg_catalog.pg_constraint c
        JOIN platform t ON t.oid = c.confrelid
        JOIN pg_catalog.pg_class s ON s.oid = c.conrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = s.relnamespace
        LEFT JOIN platform f ON f.oid = c.conrelid
        JOIN LATERAL (
          SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY k.place) AS ours,
            string_agg(quote_ident(b.attname), ', ' ORDER BY k.place) AS theirs,
            coalesce(bool_or(k.ours = f.attnum AND k.theirs = t.attnum), false) AS paired
          FROM unnest(c.conkey, c.confkey) WITH ORDINALITY AS k (ours, theirs, place)
          JOIN pg_catalog.pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.ours
          JOIN pg_catalog.pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = k.theirs
        ) k ON NOT k.paired
        WHERE c.contype = 'f' AND c.conparentid = 0
        """),
  ]
}
