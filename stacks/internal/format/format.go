package format

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Set holds formats by the name that a user gives.
type Set[F any] map[string]F

// Names returns the names of the formats, sorted and joined by commas.
func (s Set[F]) Names() string { return strings.Join(slices.Sorted(maps.Keys(s)), ", ") }

// Parse returns the format of a name. The error of an unknown one lists the names.
func (s Set[F]) Parse(name string) (F, error) {
	format, known := s[name]
	if !known {
		return format, fmt.Errorf("got %q; expected one of %s", name, s.Names())
	}
	return format, nil
}
