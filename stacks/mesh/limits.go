package mesh

import "regexp"

// The names that people choose are parts of AWS names, so they are limited to
// what all of those accept. What a name is long in full is checked apart.
var (
	meshName = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	partName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
)

const (
	maxMeshName   = 20
	maxDomainName = 32
)

// reservedNames cannot begin the name of a bucket or of an LF-Tag.
var reservedNames = []string{"aws", "sthree", "amzn-s3-demo"}

// The longest names that the services take.
const (
	maxBucket    = 63
	maxDatabase  = 255
	maxRole      = 64
	maxPolicy    = 128
	maxWorkGroup = 128
	maxStack     = 128
	maxTagValue  = 256
	maxTagValues = 50   // of one key in one call (rule 2.10)
	maxTagKeys   = 1000 // in one account (rule 2.10)
	maxFilter    = 255
	maxCrawler   = 255
	maxDashboard = 255
	maxDatastore = 256 // of HealthLake and HealthImaging
)

// stackName is the kind of a planned name that a stack has.
const stackName = "stack"

// planned is a name that would be given to something.
type planned struct {
	kind  string // what the name is given to
	name  string
	limit int
}
