package monitoring_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/monitoring"
)

// board is a body as CloudWatch reads it.
type board struct {
	Start, PeriodOverride string
	Widgets               []struct {
		Type                string
		X, Y, Width, Height int
		Properties          struct {
			Markdown, Title, Region, Stat string
			Period                        int
			Metrics                       [][]any
		}
	}
}

func read(t *testing.T, body string) board {
	t.Helper()
	var out board
	decoder := json.NewDecoder(strings.NewReader(body))
	if err := decoder.Decode(&out); err != nil {
		t.Fatal(err)
	}
	return out
}

// wide are the graphs of a domain with many products, each with four workflows.
func wide(products int) []monitoring.Graph {
	graphs := []monitoring.Graph{{Title: "Age", Stat: "Maximum", Seconds: 3600}, {Title: "Failed rules", Stat: "Maximum", Seconds: 86400}}
	for _, metric := range []string{"ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsSucceeded"} {
		g := monitoring.Graph{Title: metric, Stat: "Sum", Seconds: 86400}
		for i := range 4 * products {
			name := fmt.Sprintf("a-mesh-of-20-letters-a-domain-with-a-long-name-p%d-refresh", i)
			g.Metrics = append(g.Metrics, monitoring.Metric{Namespace: "AWS/States", Name: metric, Label: name,
				Dimensions: [][2]string{{"StateMachineArn", "arn:aws-us-gov:states:us-gov-west-1:111111111111:stateMachine:" + name}}})
		}
		graphs = append(graphs, g)
	}
	for i := range products {
		name := fmt.Sprintf("p%d", i)
		graphs[0].Metrics = append(graphs[0].Metrics, monitoring.Age("river", "lab", name, 60))
		graphs[1].Metrics = append(graphs[1].Metrics, monitoring.Metric{Namespace: "LakeMesh/Quality", Name: "FailedErrorRules", Dimensions: [][2]string{{"Product", name}}, Label: name})
	}
	return graphs
}

func TestDashboardBody(t *testing.T) {
	cdktest.Same(t, monitoring.DashboardBody("us-east-1", "# lab", []monitoring.Graph{
		{Title: "Nothing", Stat: "Sum", Seconds: 60},
		{Title: "Age", Stat: "Maximum", Seconds: 3600, Metrics: []monitoring.Metric{monitoring.Age("river", "lab", "results", 120)}},
	}), `{"periodOverride":"inherit","start":"-P14D","widgets":[`+
		`{"type":"text","x":0,"y":0,"width":24,"height":3,"properties":{"markdown":"# lab"}},`+
		`{"type":"metric","x":0,"y":3,"width":12,"height":6,"properties":{"annotations":{"horizontal":[{"label":"promised","value":100}]},"metrics":[`+
		`[{"expression":"100*m1/120","id":"e1","label":"results, promised: 120 minutes"}],`+
		`["LakeMesh","AgeMinutes","Mesh","river","Domain","lab","Product","results",{"id":"m1","visible":false}]],`+
		`"period":3600,"region":"us-east-1","stacked":false,"stat":"Maximum","title":"Age","view":"timeSeries","yAxis":{"left":{"min":0}}}}]}`)
}

// A domain of many products stays within what CloudWatch takes, and says what it leaves
// out; no two widgets overlap.
func TestLargeDashboards(t *testing.T) {
	for _, c := range []struct {
		products, most int
		omits          string
	}{{49, 200_000, ""}, {200, 700_000, "6 graphs more"}, {2000, 700_000, "graphs more"}} {
		graphs := wide(c.products)
		body := monitoring.DashboardBody("us-gov-west-1", "# lab", graphs)
		if body != monitoring.DashboardBody("us-gov-west-1", "# lab", graphs) {
			t.Error("two bodies of the same graphs differ")
		}
		got, metrics, taken := read(t, body), 0, map[[2]int]string{}
		for _, w := range got.Widgets {
			lines := 0
			for _, m := range w.Properties.Metrics {
				if _, named := m[0].(string); named {
					lines++
				}
			}
			metrics += lines
			if lines > 50 || w.Type == "metric" && (lines == 0 || w.Properties.Region != "us-gov-west-1" || w.Properties.Period < 60 || w.Properties.Stat == "") {
				t.Errorf("%d lines in %v", lines, w)
			}
			if at := [2]int{w.X, w.Y}; w.X+w.Width > 24 || taken[at] != "" {
				t.Errorf("%s stands on %s", w.Properties.Title, taken[at])
			}
			taken[[2]int{w.X, w.Y}] = w.Properties.Title + w.Type
		}
		if len(got.Widgets) > 500 || metrics > 2500 || len(body) > c.most {
			t.Errorf("%d products: %d widgets, %d metrics, %d bytes", c.products, len(got.Widgets), metrics, len(body))
		}
		if text := got.Widgets[0].Properties.Markdown; !strings.Contains(text, c.omits) || strings.Contains(text, "left out") != (c.omits != "") {
			t.Errorf("%d products: %s", c.products, text)
		}
		if c.omits == "" && got.Widgets[1].Properties.Title != "Age" || c.products == 200 && got.Widgets[4].Properties.Title != "Age (4 of 4)" {
			t.Errorf("%d products: %q", c.products, got.Widgets[4].Properties.Title)
		}
	}
}
