package lakeformation

import (
	"cmp"
	"slices"
	"strings"
)

// Permission is the name of a Lake Formation permission, as the API spells it.
type Permission string

// All is every permission, those to come among them. A grant enumerates what it allows
// (rule 2.6) but for FullTableAccess.
const All Permission = "ALL"

// The permissions that LakeMesh grants otherwise.
const (
	Describe           Permission = "DESCRIBE"
	Select             Permission = "SELECT"
	Insert             Permission = "INSERT"
	Delete             Permission = "DELETE"
	Alter              Permission = "ALTER"
	Drop               Permission = "DROP"
	CreateTable        Permission = "CREATE_TABLE"
	DataLocationAccess Permission = "DATA_LOCATION_ACCESS"
	Associate          Permission = "ASSOCIATE"
)

// Permissions returns every permission in the fixed order in which grants list them.
func Permissions() []Permission {
	return []Permission{
		Describe, Select, Insert, Delete, Alter, Drop, CreateTable,
		DataLocationAccess, Associate,
	}
}

// SortPermissions returns the distinct permissions in their fixed order;
// unknown ones come last, by name.
func SortPermissions(in []Permission) []Permission {
	if len(in) < 2 {
		return slices.Clone(in)
	}
	order := Permissions()
	rank := func(p Permission) int {
		if i := slices.Index(order, p); i >= 0 {
			return i
		}
		return len(order)
	}
	out := slices.Clone(in)
	slices.SortFunc(out, func(a, b Permission) int {
		return cmp.Or(rank(a)-rank(b), strings.Compare(string(a), string(b)))
	})
	return slices.Compact(out)
}

// PermissionsFor returns the permissions that Lake Formation accepts on a kind
// of resource ("Lake Formation permissions reference").
func PermissionsFor(r Resource) []Permission {
	switch r.Kind {
	case KindCatalog:
		return nil
	case KindDatabase:
		return []Permission{Describe, Alter, Drop, CreateTable}
	case KindTable:
		return []Permission{Describe, Select, Insert, Delete, Alter, Drop}
	case KindColumns, KindDataCells:
		return []Permission{Select}
	case KindLocation:
		return []Permission{DataLocationAccess}
	case KindTag:
		return []Permission{Describe, Alter, Drop, Associate}
	case KindTagPolicy:
		if r.PolicyType == Databases {
			return []Permission{Describe, Alter, Drop, CreateTable}
		}
		return []Permission{Describe, Select, Insert, Delete, Alter, Drop}
	}
	return nil
}
