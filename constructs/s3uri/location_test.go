package s3uri_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/s3uri"
)

func Example() {
	table, _ := s3uri.FromURI("s3://lake/claims/lines/")
	registered, _ := s3uri.FromARN("arn:aws:s3:::lake/claims")
	fmt.Println(registered.Contains(table), table.ARN("aws-cn"), registered.URI())
	// Output: true arn:aws-cn:s3:::lake/claims/lines s3://lake/claims/
}

func TestForms(t *testing.T) {
	for text, want := range map[string]s3uri.Location{
		"s3://lake":                         {Bucket: "lake"},
		"s3://lake/":                        {Bucket: "lake"},
		"s3://lake/a/b/":                    {Bucket: "lake", Prefix: "a/b"},
		"arn:aws:s3:::lake":                 {Bucket: "lake"},
		"arn:aws-us-gov:s3:::lake/a":        {Bucket: "lake", Prefix: "a"},
		"arn:${AWS::Partition}:s3:::lake/a": {Bucket: "lake", Prefix: "a"},
		"lake/a":                            {Bucket: "lake", Prefix: "a"},
		"${Token[Lake/Raw.Arn.1]}/a":        {Bucket: "${Token[Lake/Raw.Arn.1]}", Prefix: "a"},
		"":                                  {},
	} {
		got := s3uri.Parse(text)
		if got != want {
			t.Errorf("Parse(%q) = %+v, want %+v", text, got, want)
		}
		if again := s3uri.Parse(got.URI()); again != got {
			t.Errorf("the URI %s is %+v, want %+v", got.URI(), again, got)
		}
		if again := s3uri.Parse(got.ARN("aws")); again != got {
			t.Errorf("the ARN %s is %+v, want %+v", got.ARN("aws"), again, got)
		}
	}
	for _, text := range []string{"", "lake", "s3a://lake", "arn:aws:iam::111111111111:role/x"} {
		if _, ok := s3uri.FromURI(text); ok {
			t.Errorf("FromURI takes %q", text)
		}
		if _, ok := s3uri.FromARN(text); ok {
			t.Errorf("FromARN takes %q", text)
		}
	}
}

func TestContainsAndOverlaps(t *testing.T) {
	for _, c := range []struct {
		whole, part        string
		contains, overlaps bool
	}{
		{"lake", "lake", true, true},
		{"lake", "lake/a", true, true},
		{"lake/a", "lake/a/b", true, true},
		{"lake/a/b", "lake/a", false, true},
		{"lake/a", "lake/ab", false, false},
		{"lake", "lake-2", false, false},
		{"lake/a", "other/a", false, false},
	} {
		whole, part := s3uri.Parse(c.whole), s3uri.Parse(c.part)
		if got := whole.Contains(part); got != c.contains {
			t.Errorf("%s contains %s: %t", c.whole, c.part, got)
		}
		if whole.Overlaps(part) != c.overlaps || part.Overlaps(whole) != c.overlaps {
			t.Errorf("%s overlaps %s: not %t both ways", c.whole, c.part, c.overlaps)
		}
	}
}

func TestParentKeepsReferencesWhole(t *testing.T) {
	for text, want := range map[string][]string{
		"lab":                        {"lab"},
		"lab/a/b":                    {"lab/a/b", "lab/a", "lab"},
		"${Stack/Lake/Raw/Resource}": {"${Stack/Lake/Raw/Resource}"},
		"${Stack/Lake/Raw}/claims/x": {"${Stack/Lake/Raw}/claims/x", "${Stack/Lake/Raw}/claims", "${Stack/Lake/Raw}"},
	} {
		var got []string
		for at, ok := s3uri.Parse(text), true; ok; at, ok = at.Parent() {
			got = append(got, at.Path())
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s and what it lies in are %v, want %v", text, got, want)
		}
	}
}

func TestFolderAndListedPrefixes(t *testing.T) {
	bucket, prefix := s3uri.Parse("lake"), s3uri.Parse("lake/a/")
	if bucket.Folder() != "" || prefix.Folder() != "a/" {
		t.Errorf("folders are %q and %q", bucket.Folder(), prefix.Folder())
	}
	if got := fmt.Sprint(bucket.ListedPrefixes(), prefix.ListedPrefixes()); got != "[] [a a/*]" {
		t.Errorf("listed prefixes are %s", got)
	}
}

func TestIsARN(t *testing.T) {
	for text, want := range map[string]bool{
		"arn:aws:s3:::lake":                 true,
		"arn:aws-iso-b:s3:::lake/a/":        true,
		"arn:aws:s3:::Lake":                 false,
		"arn:aws:s3:::l":                    false,
		"arn:${AWS::Partition}:s3:::lake":   false,
		"s3://lake":                         false,
		"arn:aws:iam::111111111111:role/x":  false,
		"x:arn:aws:s3:::lake":               false,
		"arn:aws:s3:::${Token[Bucket.1]}/a": false,
	} {
		if got := s3uri.IsARN(text); got != want {
			t.Errorf("IsARN(%q) = %t", text, got)
		}
	}
}
