package mesh

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

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

// meshItself checks what the mesh says about itself.
func (c *checker) meshItself() {
	if c.d.APIVersion != APIVersion {
		c.addf("apiVersion", quote(c.d.APIVersion), APIVersion, "write apiVersion: "+APIVersion)
	}
	c.meshName()
	c.guardrails()
}

func (c *checker) meshName() {
	name := c.d.Name
	switch {
	case !meshName.MatchString(name):
		c.addf("name", quote(name), "a name of lower-case letters, digits and single hyphens that begins with a letter", "name the mesh, for example riverside")
	case len(name) > maxMeshName:
		c.addf("name", fmt.Sprintf("%q, which has %d characters", name, len(name)), atMost(maxMeshName, "characters"), "shorten it: it begins the name of everything in the mesh")
	case slices.ContainsFunc(reservedNames, func(r string) bool { return name == r || strings.HasPrefix(name, r+"-") }):
		c.addf("name", quote(name), "a name that AWS does not keep for itself", "choose another name")
	}
}
