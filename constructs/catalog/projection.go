package catalog

import (
	"strconv"
	"strings"

	"github.com/lakemesh/lakemesh/constructs/contract"
)

// project adds the parameters of Athena's partition projection. Source: "Set up
// partition projection" in the Athena user guide.
func project(parameters map[string]any, table *contract.Table, location string) {
	if !table.Projected() {
		return
	}
	parameters["projection.enabled"] = "true"
	put(parameters, "storage.location.template", table.PartitionTemplate(location))
	for _, column := range table.PartitionColumns() {
		p := column.Projection
		prefix := "projection." + column.Name + "."
		put(parameters, prefix+"type", string(p.Type))
		put(parameters, prefix+"values", strings.Join(p.Values, ","))
		put(parameters, prefix+"range", p.Range)
		put(parameters, prefix+"format", p.Format)
		put(parameters, prefix+"interval.unit", p.IntervalUnit)
		putNumber(parameters, prefix+"interval", p.Interval)
		putNumber(parameters, prefix+"digits", p.Digits)
	}
}

func putNumber(into map[string]any, key string, value int) {
	if value != 0 {
		into[key] = strconv.Itoa(value)
	}
}
