INSERT INTO "keys"."deidentification_key" ("key_id", "secret")
SELECT 'research', sha256(to_utf8(concat(CAST(uuid() AS varchar), CAST(uuid() AS varchar), CAST(uuid() AS varchar))))
WHERE NOT EXISTS (SELECT 1 FROM "keys"."deidentification_key" WHERE "key_id" = 'research')
