package access_test

import (
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/stacks/access"
)

func TestFilterMatrix(t *testing.T) {
	m := riverside(t).Evaluate()
	for _, test := range []struct {
		name   string
		option access.MatrixFilter
		want   string
		admins int
	}{
		{"everything", access.MatrixFilter{}, "Cardiology Cardiology Cardiology Cardiology Steward pipeline pipeline pipeline pipeline", 2},
		{"by short name", access.MatrixFilter{Principal: "CardiologyAnalyst"}, "Cardiology Cardiology Cardiology Cardiology", 0},
		{"by part of the name, in any case", access.MatrixFilter{Principal: "lakeadmin"}, "", 1},
		{"by product", access.MatrixFilter{Product: "encounters"}, "Cardiology pipeline", 2},
		{"by domain and product", access.MatrixFilter{Product: "clinical.patients"}, "Cardiology Steward pipeline", 2},
		{"by table", access.MatrixFilter{Table: "patients"}, "Cardiology Steward pipeline", 2},
		{"by database and table", access.MatrixFilter{Table: "riverside_clinical_curated.encounters"}, "Cardiology pipeline", 2},
		{"who sees phi", access.MatrixFilter{Sensitivity: "phi"}, "Steward pipeline", 2},
		{"who sees internal data", access.MatrixFilter{Sensitivity: "internal"}, "Cardiology pipeline", 2},
		{"all at once", access.MatrixFilter{Principal: "pipeline", Product: "patients", Sensitivity: "phi"}, "pipeline", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := m.Filter(test.option)
			if err != nil {
				t.Fatal(err)
			}
			var who []string
			for _, r := range got.Rows {
				for _, word := range []string{"Cardiology", "Steward", "pipeline"} {
					if strings.Contains(r.Principal, word) {
						who = append(who, word)
					}
				}
			}
			if strings.Join(who, " ") != test.want || len(got.Admins) != test.admins {
				t.Errorf("got %v and %d administrators", who, len(got.Admins))
			}
		})
	}
}
