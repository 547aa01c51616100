// Package mesh is the model of a governed data mesh: its definition (written as
// mesh.yaml or as a Go value), the checks on it, and the plan that says in full
// what will be deployed where.
//
// Load, then Validate, then Plan. All three are pure Go, deterministic and take
// milliseconds; nothing here needs Node.js, the CDK or an AWS account.
//
// Each noun has its definition, its checks and its plan in one file, or in a few that
// begin with its name. No file uses one that stands above it here:
//
//	the whole mesh      definition, plan, load, alter
//	stacks              foundation, sharing, consumer, name_check, size, bytes
//	a domain            domain, query, crawler, fhirstore, imagestore, opendata, omics, variants
//	subscriptions       subscription, ending, rows, shown, view, composed, composed_level, personindex_check, conflict
//	products and jobs   product, product_plan, job_plan, quality, deidentify, materialize, personindex, evolution, freshness, retention, job_order, job
//	a lake              lake, location, tags, deployed, alarms
//	what all refer to   stage, layout, principal, vocabulary, guardrail, s3access
//	the ground          limits, findings, words
//
// What checks is called checkX, refuseX or noteX (a warning) and adds to findings; what
// plans is called planX. Both take the facts that they need, and no Definition. Package
// naming has the names of all that is planned.
package mesh
