package crawler

// Recrawl says what a crawl after the first one looks at.
type Recrawl string

// The recrawl behaviors that can be chosen. Event mode is chosen by Events.
// Source: "RecrawlPolicy".
const (
	// Everything crawls the whole target again.
	Everything Recrawl = "CRAWL_EVERYTHING"

	// NewFolders crawls only folders that appeared since the last crawl. Changed
	// and deleted objects are logged, never written to the catalog: UpdateBehavior and
	// DeleteBehavior must be LogChange and LogDeletion (rule 6.1).
	NewFolders Recrawl = "CRAWL_NEW_FOLDERS_ONLY"

	eventMode Recrawl = "CRAWL_EVENT_MODE"
)

// UpdateBehavior says what a crawler does with a table whose schema changed.
type UpdateBehavior string

// What can be done with a changed schema. Source: "SchemaChangePolicy".
const (
	// UpdateTable writes the new schema to the catalog.
	UpdateTable UpdateBehavior = "UPDATE_IN_DATABASE"

	// LogChange leaves the catalog as it is and logs the difference.
	LogChange UpdateBehavior = "LOG"
)

// DeleteBehavior says what a crawler does with a table whose objects are gone.
type DeleteBehavior string

// What can be done with a vanished table. Source: "SchemaChangePolicy".
const (
	// LogDeletion leaves the table and logs that its objects are gone.
	LogDeletion DeleteBehavior = "LOG"

	// DeprecateTable marks the table as deprecated.
	DeprecateTable DeleteBehavior = "DEPRECATE_IN_DATABASE"

	// DropTable deletes the table from the catalog, and with it whatever was
	// granted on it. The crawler's role gets DROP for it.
	DropTable DeleteBehavior = "DELETE_FROM_DATABASE"
)
