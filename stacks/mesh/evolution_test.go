package mesh_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/stacks/mesh"
)

// Changes that Athena makes are planned from the first deployment on, and those that it
// cannot make are refused before anything is started.
func TestAlter(t *testing.T) {
	const current, deployed, applied = "contracts/labs.odcs.yaml", "contracts/deployed/labs.odcs.yaml", "contracts/applied/labs.odcs.yaml"
	t.Parallel()
	for _, c := range []struct {
		name    string
		files   map[string]string
		want    []string // from>to
		changed bool
	}{
		{"not deployed", map[string]string{current: labsFile + added}, nil, false},
		{"unchanged", map[string]string{current: labsFile, deployed: labsFile}, nil, false},
		{"changed", map[string]string{current: labsFile + added, deployed: labsFile}, []string{">loinc"}, true},
		{"changed and applied", map[string]string{current: labsFile + added, deployed: labsFile, applied: labsFile + added}, []string{">loinc"}, false},
		{"renamed after it was applied", map[string]string{current: labsFile + strings.ReplaceAll(added, "loinc", "more"), deployed: labsFile, applied: labsFile + added}, []string{">loinc", "loinc>more"}, true},
		{"taken back after it was applied", map[string]string{current: labsFile, deployed: labsFile, applied: labsFile + added}, []string{">loinc", "loinc>"}, true},
	} {
		d, err := mesh.LoadFS(lab(c.files), "mesh.yaml")
		if err != nil {
			t.Fatal(c.name, err)
		}
		todo, err := d.Alter("dev")
		if err != nil {
			t.Fatal(c.name, err)
		}
		domain := todo.Plan.Domains[0]
		var got []string
		for _, change := range todo.Changes[domain.Name] {
			got = append(got, change.From+">"+change.To)
			if change.Database == "" || change.Table == "" || !strings.HasPrefix(change.SQL, "ALTER TABLE `"+change.Table+"` ") {
				t.Errorf("%s: %+v", c.name, change)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
		files := d.ChangedContracts()
		if kept := domain.Evolution; kept != nil && !slices.Contains(domain.Files.Zones["curated"], kept.RoleARN) {
			t.Errorf("%s: the bucket does not admit %s: %+v", c.name, kept.RoleARN, domain.Files)
		}
		if len(files) > 0 != c.changed || c.changed && (files[0].Path != current || files[0].Applied != applied) {
			t.Errorf("%s: changed are %v", c.name, files)
		}
		_, kept := c.files[deployed]
		if (domain.Evolution != nil) != kept || kept && (!strings.HasSuffix(domain.Evolution.StateMachineARN, ":stateMachine:"+domain.Evolution.Role) || !slices.Contains(domain.Jobs(), domain.Evolution.RoleARN)) {
			t.Errorf("%s: the workflow is %+v", c.name, domain.Evolution)
		}
	}
	// A type that Iceberg does not widen.
	d, err := mesh.LoadFS(lab(map[string]string{current: strings.Replace(labsFile, "logicalType: string", "logicalType: integer", 1), deployed: labsFile}), "mesh.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Alter("dev"); err == nil || !strings.Contains(err.Error(), "take the change back") {
		t.Errorf("got %v", err)
	}
}
