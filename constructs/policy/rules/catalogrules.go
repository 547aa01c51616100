package rules

func catalogRules() []Rule {
	return []Rule{{
		ID:     "GL01",
		Title:  "One DataCatalogEncryptionSettings per account and region",
		Why:    "Two of them overwrite each other: the catalog is encrypted with another key after every deployment.",
		Fix:    "keep one, in the stack that holds the Lake Formation settings",
		Source: `"AWS::Glue::DataCatalogEncryptionSettings" (rule 6.4)`,
		check:  func(a *app, report reporter) { a.once(typeEncryption, report) },
	}, {
		ID:     "GL02",
		Title:  "Tables of a database start without permissions",
		Why:    "Without an empty list the account's default applies, which may give every new table to IAM_ALLOWED_PRINCIPALS.",
		Fix:    "set DatabaseInput.CreateTableDefaultPermissions to []",
		Source: `"AWS::Glue::Database DatabaseInput" (rule 1.3)`,
		check: each(func(o *object, report reporter) {
			if !o.isLink() {
				requireEmpty(o, "DatabaseInput.CreateTableDefaultPermissions", report)
			}
		}, typeDatabase),
	}}
}
