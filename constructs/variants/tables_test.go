package variants_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lakemesh/lakemesh/constructs/variants/schema"
)

// layout is what a table of Iceberg is like, whoever makes it.
type layout struct {
	Columns, Partitions, Order []string
	Distribution               string
}

// compareTables holds the tables that Spark made from tables.sql, in a folder each, against those that
// CloudFormation makes from the contract: columns with types and order, partitions, sort order.
func compareTables(t *testing.T, folder string) {
	t.Helper()
	_, template := lakeWith(t, "emr-serverless")
	resources := template.Type("AWS::Glue::Table")
	if len(resources) == 0 {
		t.Fatal("no tables")
	}
	for _, r := range resources {
		var table struct {
			Schema struct {
				Fields []struct {
					ID         float64 `json:"Id"`
					Name, Type string
					Required   bool
				}
			}
			PartitionSpec, WriteOrder struct {
				Fields []struct {
					Name, Transform, Direction, NullOrder string
					SourceID                              float64 `json:"SourceId"`
				}
			}
			Properties map[string]string
		}
		decode(t, r.JSON("OpenTableFormatInput.IcebergInput.IcebergTableInput"), &table)
		want := layout{Distribution: table.Properties["write.distribution-mode"]}
		for _, f := range table.Schema.Fields {
			want.Columns = append(want.Columns, column(t, f.ID, f.Name, f.Type, f.Required))
		}
		for _, f := range table.PartitionSpec.Fields {
			want.Partitions = append(want.Partitions, fmt.Sprint(f.Name, " ", f.SourceID, " ", f.Transform))
		}
		for _, f := range table.WriteOrder.Fields {
			want.Order = append(want.Order, fmt.Sprint(f.SourceID, " ", f.Transform, " ", f.Direction, " ", f.NullOrder))
		}
		name, _ := r.Get("Name").(string)
		if schema.Contract().Table(name) == nil {
			continue
		}
		if diff := cmp.Diff(want, readLayout(t, filepath.Join(folder, name))); diff != "" {
			t.Errorf("%s: the contract and tables.sql differ (-contract +SQL):\n%s", name, diff)
		}
	}
}

// readLayout reads the newest metadata of a table in a folder.
func readLayout(t *testing.T, folder string) layout {
	t.Helper()
	version, err := os.ReadFile(filepath.Join(folder, "metadata", "version-hint.text"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(folder, "metadata", "v"+string(version)+".metadata.json"))
	if err != nil {
		t.Fatal(err)
	}
	var m struct {
		CurrentSchema int `json:"current-schema-id"`
		DefaultSpec   int `json:"default-spec-id"`
		DefaultOrder  int `json:"default-sort-order-id"`
		Schemas       []struct {
			ID     int `json:"schema-id"`
			Fields []struct {
				ID       float64         `json:"id"`
				Name     string          `json:"name"`
				Type     json.RawMessage `json:"type"`
				Required bool            `json:"required"`
			} `json:"fields"`
		} `json:"schemas"`
		Specs []struct {
			ID     int `json:"spec-id"`
			Fields []struct {
				Name      string  `json:"name"`
				Transform string  `json:"transform"`
				SourceID  float64 `json:"source-id"`
			} `json:"fields"`
		} `json:"partition-specs"`
		Orders []struct {
			ID     int `json:"order-id"`
			Fields []struct {
				Transform string  `json:"transform"`
				Direction string  `json:"direction"`
				NullOrder string  `json:"null-order"`
				SourceID  float64 `json:"source-id"`
			} `json:"fields"`
		} `json:"sort-orders"`
		Properties map[string]string `json:"properties"`
	}
	decode(t, string(text), &m)
	out := layout{Distribution: m.Properties["write.distribution-mode"]}
	for _, s := range m.Schemas {
		for _, f := range s.Fields {
			if s.ID == m.CurrentSchema {
				out.Columns = append(out.Columns, column(t, f.ID, f.Name, string(f.Type), f.Required))
			}
		}
	}
	for _, s := range m.Specs {
		for _, f := range s.Fields {
			if s.ID == m.DefaultSpec {
				out.Partitions = append(out.Partitions, fmt.Sprint(f.Name, " ", f.SourceID, " ", f.Transform))
			}
		}
	}
	for _, s := range m.Orders {
		for _, f := range s.Fields {
			if s.ID == m.DefaultOrder {
				out.Order = append(out.Order, fmt.Sprint(f.SourceID, " ", f.Transform, " ", f.Direction, " ", f.NullOrder))
			}
		}
	}
	return out
}

// column is a column in one spelling; a type is a word or an object.
func column(t *testing.T, id float64, name, kind string, required bool) string {
	t.Helper()
	var parsed any = kind
	if kind[0] == '{' || kind[0] == '"' {
		decode(t, kind, &parsed)
	}
	text, err := json.Marshal(parsed)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(id, " ", name, " ", string(text), " ", required)
}

func decode(t *testing.T, text string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
}
