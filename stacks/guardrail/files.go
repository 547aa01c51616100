package guardrail

import (
	"strings"

	"github.com/lakemesh/lakemesh/constructs/s3uri"
	"github.com/lakemesh/lakemesh/stacks/access"
)

// files says what a way past Lake Formation reaches, in full.
func files(b access.Bypass) string {
	place := b.Location
	if bucket := s3uri.Parse(b.Location); bucket.Bucket != "" {
		place = bucket.URI()
	}
	if len(b.Tables) == 0 {
		return "files in " + place
	}
	return "files of " + strings.Join(b.Tables, ", ") + " in " + place
}
