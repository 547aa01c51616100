package contract

import (
	"fmt"
	"hash/fnv"
)

// MaxParts is how many parts a product has at most.
const MaxParts = 64

func partsExpected() string { return fmt.Sprintf("a whole number from 1 to %d", MaxParts) }

// PartOf is the part, from 1, that a table stands in, of a product of so many parts: the
// FNV-1a hash (32 bits) of the table's name modulo the number of parts, and one. No table
// that comes or goes moves another.
func PartOf(table string, parts int) int {
	if parts < 2 {
		return 1
	}
	h := fnv.New32a()
	h.Write([]byte(table))
	return int(h.Sum32()%uint32(parts)) + 1
}
