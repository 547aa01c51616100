package crawler

import (
	"encoding/json"

	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
)

// settings is the JSON that Glue takes for what has no property of its own.
// Source: "Customizing crawler behavior".
type settings struct {
	Version  json.Number    `json:"Version"`
	Grouping *grouping      `json:"Grouping,omitempty"`
	Output   *crawlerOutput `json:"CrawlerOutput,omitempty"`
}

// version is that of the format, written as Glue documents it.
const version = "1.0"

type grouping struct {
	Policy string `json:"TableGroupingPolicy,omitempty"`
	Level  int    `json:"TableLevelConfiguration,omitempty"`
}

type crawlerOutput struct {
	Partitions *additions `json:"Partitions,omitempty"`
	Tables     *additions `json:"Tables,omitempty"`
}

type additions struct {
	Behavior  string `json:"AddOrUpdateBehavior,omitempty"`
	Threshold int    `json:"TableThreshold,omitempty"`
}

// configuration is nil when everything stays at Glue's default.
func (p *CrawlerProps) configuration() *string {
	s := settings{Version: version}
	g := grouping{Level: int(cdkx.Value(p.TableLevel, 0))}
	if cdkx.Value(p.CombineSchemas, false) {
		g.Policy = "CombineCompatibleSchemas"
	}
	if g != (grouping{}) {
		s.Grouping = &g
	}
	tables := additions{Threshold: int(cdkx.Value(p.TableThreshold, 0))}
	if cdkx.Value(p.MergeNewColumns, false) {
		tables.Behavior = "MergeNewColumns"
	}
	var o crawlerOutput
	if tables != (additions{}) {
		o.Tables = &tables
	}
	if cdkx.Value(p.InheritFromTable, false) {
		o.Partitions = &additions{Behavior: "InheritFromTable"}
	}
	if o != (crawlerOutput{}) {
		s.Output = &o
	}
	if s == (settings{Version: version}) {
		return nil
	}
	text, err := json.Marshal(s)
	if err != nil {
		panic(err) // numbers and strings always marshal
	}
	return jsii.String(string(text))
}
