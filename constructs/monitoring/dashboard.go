package monitoring

import (
	"encoding/json"
	"fmt"
	"slices"
)

// What CloudWatch takes in a dashboard ("CloudWatch service quotas"), and how its widgets
// are laid out here.
const (
	maxWidgets = 500   // of a dashboard
	maxMetrics = 2_500 // of a dashboard, those that only formulas use among them
	maxLines   = 50    // of a graph: CloudWatch draws 500, and nobody reads them

	dashboardColumns = 24
	textHeight       = 3
	graphWidth       = 12
	graphHeight      = 6
	percent          = 100
)

// Metric is a line of a graph.
type Metric struct {
	Namespace  string      // such as AWS/States
	Name       string      // such as ExecutionsFailed
	Dimensions [][2]string // name and value of each, in the order of the graph's text
	Label      string      // what the line is called

	// Promised draws the metric as a percentage of what is promised; 0 draws it as it is.
	Promised int
}

// Graph is metrics that are drawn together. One with more than 50 lines becomes several.
type Graph struct {
	Title   string   // what stands above it
	Stat    string   // such as Sum or Maximum
	Seconds int      // that a point of a line stands for
	Metrics []Metric // its lines
}

// Age is the line of a product's age as a percentage of the minutes that are promised, as
// a Freshness measures it.
func Age(mesh, domain, product string, minutes int) Metric {
	return Metric{
		Namespace: Namespace, Name: AgeMinutes, Dimensions: ageDimensions(mesh, domain, product),
		Label: fmt.Sprintf("%s, promised: %d minutes", product, minutes), Promised: minutes,
	}
}

func ageDimensions(mesh, domain, product string) [][2]string {
	return [][2]string{{"Mesh", mesh}, {"Domain", domain}, {"Product", product}}
}

// DashboardBody is the body of a CloudWatch dashboard of two weeks in a region: text in
// Markdown above, and graphs two in a row. Graphs without metrics are left out. Equal
// arguments give equal bodies.
//
// A dashboard takes 500 widgets and 2,500 metrics. Graphs beyond that are left out, the
// last first, and the text says how many, so put what matters first.
// Sources: "Dashboard Body Structure and Syntax", "CloudWatch service quotas".
func DashboardBody(region, text string, graphs []Graph) string {
	widgets, metrics, omitted, top := []any{nil}, 0, 0, textHeight
	for _, g := range graphs {
		parts := slices.Collect(slices.Chunk(g.Metrics, maxLines))
		for i, lines := range parts {
			if metrics += len(lines); len(widgets) == maxWidgets || metrics > maxMetrics {
				omitted++
				continue
			}
			title := g.Title
			if len(parts) > 1 {
				title = fmt.Sprintf("%s (%d of %d)", g.Title, i+1, len(parts))
			}
			n := len(widgets) - 1
			widgets = append(widgets, widget{
				Type: "metric", X: n % 2 * graphWidth, Y: top + n/2*graphHeight, Width: graphWidth, Height: graphHeight,
				Properties: g.properties(region, title, lines),
			})
		}
	}
	if omitted > 0 {
		text += fmt.Sprintf("\n\n%d graphs more than a dashboard takes are left out.", omitted)
	}
	widgets[0] = widget{Type: "text", Width: dashboardColumns, Height: textHeight, Properties: map[string]any{"markdown": text}}
	body, err := json.Marshal(map[string]any{"start": "-P14D", "periodOverride": "inherit", "widgets": widgets})
	if err != nil {
		panic(err) // texts and numbers
	}
	return string(body)
}

type widget struct {
	Type       string         `json:"type"`
	X          int            `json:"x"`
	Y          int            `json:"y"`
	Width      int            `json:"width"`
	Height     int            `json:"height"`
	Properties map[string]any `json:"properties"`
}

func (g Graph) properties(region, title string, lines []Metric) map[string]any {
	var metrics []any
	promised := false
	for i, m := range lines {
		drawn := []any{m.Namespace, m.Name}
		for _, d := range m.Dimensions {
			drawn = append(drawn, d[0], d[1])
		}
		options := map[string]any{"label": m.Label}
		if m.Promised > 0 {
			promised = true
			id := fmt.Sprintf("m%d", i+1)
			metrics = append(metrics, []any{map[string]any{"expression": fmt.Sprintf("%d*%s/%d", percent, id, m.Promised), "id": fmt.Sprintf("e%d", i+1), "label": m.Label}})
			options = map[string]any{"id": id, "visible": false}
		}
		metrics = append(metrics, append(drawn, options))
	}
	out := map[string]any{
		"title": title, "region": region, "view": "timeSeries", "stacked": false, "stat": g.Stat, "period": g.Seconds, "metrics": metrics,
		"yAxis": map[string]any{"left": map[string]any{"min": 0}},
	}
	if promised {
		out["annotations"] = map[string]any{"horizontal": []any{map[string]any{"label": "promised", "value": percent}}}
	}
	return out
}
