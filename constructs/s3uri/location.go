package s3uri

import (
	"regexp"
	"strings"
)

// Scheme begins every URI of a place in S3.
const Scheme = "s3://"

const service = ":s3:::" // follows the partition in an ARN

// Location is a bucket, or the objects of a bucket below a prefix.
type Location struct {
	Bucket string // name of the bucket
	Prefix string // without the slash at its end; "" is the whole bucket
}

// FromURI reads s3://bucket/prefix/, with or without the slash at the end. It reports
// false for a text of another form.
func FromURI(uri string) (Location, bool) {
	path, ok := strings.CutPrefix(uri, Scheme)
	if !ok {
		return Location{}, false
	}
	return fromPath(path), true
}

// FromARN reads arn:aws:s3:::bucket/prefix of any partition. It reports false for a
// text of another form.
func FromARN(arn string) (Location, bool) {
	_, path, ok := strings.Cut(arn, service)
	if !ok {
		return Location{}, false
	}
	return fromPath(path), true
}

// Parse reads a URI, an ARN, or bucket/prefix without the form of either. A reference
// that stands for an ARN or a URI as a whole becomes the bucket.
func Parse(text string) Location {
	if l, ok := FromURI(text); ok {
		return l
	}
	if l, ok := FromARN(text); ok {
		return l
	}
	return fromPath(text)
}

func fromPath(path string) Location {
	path = strings.TrimSuffix(path, "/")
	if slashes := slashes(path); len(slashes) > 0 {
		return Location{path[:slashes[0]], path[slashes[0]+1:]}
	}
	return Location{Bucket: path}
}

// slashes are the indices of the slashes that part folders: those outside of ${…}.
func slashes(path string) []int {
	var out []int
	depth := 0
	for i := range len(path) {
		switch path[i] {
		case '{':
			depth++
		case '}':
			depth--
		case '/':
			if depth == 0 {
				out = append(out, i)
			}
		}
	}
	return out
}

// Path returns bucket/prefix, without a slash at the end.
func (l Location) Path() string { return strings.TrimSuffix(l.Bucket+"/"+l.Prefix, "/") }

// Folder returns what the keys of all its objects begin with: prefix/, "" for a whole
// bucket.
func (l Location) Folder() string {
	if l.Prefix == "" {
		return ""
	}
	return l.Prefix + "/"
}

// URI returns s3://bucket/prefix/, with a slash at the end.
func (l Location) URI() string { return Scheme + l.Path() + "/" }

// ARN returns arn:<partition>:s3:::bucket/prefix, without a slash at the end, as Lake
// Formation registers it.
func (l Location) ARN(partition string) string { return "arn:" + partition + service + l.Path() }

// ListedPrefixes are the values of the condition s3:prefix for whoever may list the
// location and nothing else of its bucket; none for a whole bucket.
func (l Location) ListedPrefixes() []any {
	if l.Prefix == "" {
		return nil
	}
	return []any{l.Prefix, l.Folder() + "*"}
}

// Contains reports whether a location is this one or lies in it.
func (l Location) Contains(other Location) bool {
	return l.Bucket == other.Bucket &&
		(l.Prefix == "" || l.Prefix == other.Prefix || strings.HasPrefix(other.Prefix, l.Folder()))
}

// Overlaps reports whether one of two locations contains the other.
func (l Location) Overlaps(other Location) bool { return l.Contains(other) || other.Contains(l) }

// Parent returns the folder, or the bucket, that the location lies in. It reports
// false for a whole bucket, which lies in nothing.
func (l Location) Parent() (Location, bool) {
	if l.Prefix == "" {
		return Location{}, false
	}
	end := 0
	if at := slashes(l.Prefix); len(at) > 0 {
		end = at[len(at)-1]
	}
	return Location{l.Bucket, l.Prefix[:end]}, true
}

var (
	bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
	arnForm    = regexp.MustCompile(`^arn:aws[a-z-]*:s3:::`)
)

// ValidBucket reports whether the bucket has a name that S3 takes.
func (l Location) ValidBucket() bool { return bucketName.MatchString(l.Bucket) }

// IsFolder reports whether a text is s3://bucket/ or s3://bucket/prefix/, written out:
// with a slash at its end, and without white space and what stands for several names.
func IsFolder(uri string) bool {
	l, ok := FromURI(uri)
	return ok && l.ValidBucket() && strings.HasSuffix(uri, "/") && !strings.ContainsAny(uri, "*? \t\r\n\f")
}

// IsARN reports whether a text is the ARN of a bucket or of a prefix in one, written
// out.
func IsARN(text string) bool {
	l, ok := FromARN(text)
	return ok && l.ValidBucket() && arnForm.MatchString(text)
}
