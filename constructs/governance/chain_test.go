package governance_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	"pgregory.net/rapid"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/contract"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/lakeformation"
	"github.com/lakemesh/lakemesh/constructs/template"
)

const tableType = "AWS::Glue::Table"

// lake is a stack drawn at random, of databases, tables, their LF-Tags and grants.
type lake struct {
	calls     []func(awscdk.Stack)
	databases map[string]*catalog.Database
	tables    []lakeformation.Resource
	tagged    map[string]int // associations by database or table
	grants    int
}

func drawLake(r *rapid.T) *lake {
	l := &lake{databases: map[string]*catalog.Database{}, tagged: map[string]int{}}
	for i := range rapid.IntRange(1, 3).Draw(r, "databases") {
		l.drawDatabase(r, fmt.Sprintf("db%d", i))
	}
	everything := append(slices.Clone(l.tables), lakeformation.TagPolicy(lakeformation.Tables, lakeformation.Condition{Key: "lab:zone", Values: []string{"raw"}}))
	for i, resource := range everything {
		for _, who := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{analyst, writer, partner}), 0, 3, rapid.ID).Draw(r, fmt.Sprint("principals", i)) {
			permissions := lakeformation.PermissionsFor(resource)[:1]
			l.grants++
			l.calls = append(l.calls, func(stack awscdk.Stack) {
				governance.PermissionsOf(stack).Grant(governance.PrincipalOf(who), resource, permissions, nil)
			})
		}
	}
	return l
}

func (l *lake) drawDatabase(r *rapid.T, name string) {
	props := &catalog.DatabaseProps{Name: jsii.String(name)}
	place := rapid.Bool().Draw(r, "place")
	if place {
		props.LocationURI = jsii.String("s3://" + name + "/")
	}
	l.calls = append(l.calls, func(stack awscdk.Stack) {
		if place {
			governance.NewLocation(stack, jsii.String("Place-"+name), &governance.LocationProps{ARN: jsii.String("arn:aws:s3:::" + name)})
		}
		l.databases[name] = catalog.NewDatabase(stack, jsii.String("Db-"+name), props)
	})
	l.tables = append(l.tables, lakeformation.Database(name))
	if place {
		l.tables = append(l.tables, lakeformation.Location("arn:aws:s3:::"+name))
	}
	l.drawTags(r, lakeformation.Database(name), name)
	for i := range rapid.IntRange(0, 2).Draw(r, "tables") {
		table := fmt.Sprintf("t%d", i)
		l.calls = append(l.calls, func(stack awscdk.Stack) {
			catalog.NewTable(stack, jsii.String("Table-"+name+"-"+table), &catalog.TableProps{
				Database: l.databases[name],
				Table:    &contract.Table{Name: table, Format: contract.FormatParquet, Location: "s3://" + name + "/" + table + "/", Columns: results().Columns},
			})
		})
		l.tables = append(l.tables, lakeformation.Table(name, table))
		l.drawTags(r, lakeformation.Table(name, table), name+"."+table)
		for _, column := range []string{"code", "value", "seen"} {
			l.drawTags(r, lakeformation.Columns(name, table, column), name+"."+table)
		}
	}
}

func (l *lake) drawTags(r *rapid.T, resource lakeformation.Resource, on string) {
	var tags []lakeformation.Condition
	for _, key := range []string{"lab:level", "lab:zone"} {
		if rapid.Bool().Draw(r, "tag "+key) {
			tags = append(tags, lakeformation.Condition{Key: key, Values: []string{"raw"}})
		}
	}
	if len(tags) == 0 {
		return
	}
	l.tagged[on] += len(tags)
	l.calls = append(l.calls, func(stack awscdk.Stack) {
		governance.NewTagAssociation(stack, jsii.String("Tags-"+resource.Key()), &governance.TagAssociationProps{
			Association: lakeformation.TagAssociation{Resource: resource, Tags: tags},
		})
	})
}

// randomLakes are how many stacks drawn at random are held against the rules. The seeds
// are fixed: a finding stays where it was found.
const randomLakes = 16

// Random stacks do what Lake Formation needs and no more: grants one after another (rule
// 2.5), the LF-Tags of one database or table one after another and those of several at
// once (rule 2.14), each after what it names, and tags before grants by tags (rule 2.12).
// With that no stack can be made in fewer steps.
func TestNoChainIsLongerThanNeeded(t *testing.T) {
	drawn := rapid.Custom(drawLake)
	for seed := range randomLakes {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			l := drawn.Example(seed)
			stack := cdktest.Stack()
			for _, call := range l.calls {
				call(stack)
			}
			c := chains{t: t, s: cdktest.Of(t, stack).Stack(), depth: map[string]int{}}
			c.checkAssociations(l.tagged)
			c.checkGrants(l.grants)
		})
	}
}

type chains struct {
	t     *testing.T
	s     *template.Stack
	depth map[string]int
}

// steps are how many resources are made one after another until one is.
func (c *chains) steps(id string) int {
	if c.depth[id] == 0 {
		most := 0
		for _, other := range c.s.Needs(id) {
			most = max(most, c.steps(other))
		}
		c.depth[id] = most + 1
	}
	return c.depth[id]
}

func (c *chains) after(id, other string) bool {
	return slices.ContainsFunc(c.s.Needs(id), func(next string) bool { return next == other || c.after(next, other) })
}

// named are the resources that make what a grant or an association names.
func (c *chains) named(resource map[string]any) []string {
	var out []string
	for kind, v := range resource {
		name := func(key string) string { return template.Text(v, key) }
		for id, r := range c.s.Resources {
			var same bool
			switch kind {
			case "DataLocation":
				same = r.Type == registrationType && template.Text(r.Properties, "ResourceArn") == name("ResourceArn")
			case "Database":
				same = r.Type == databaseType && template.Text(r.Properties, "DatabaseInput.Name") == name("Name")
			case "LFTagPolicy":
				same = r.Type == associationType
			default:
				same = r.Type == tableType && template.Text(r.Properties, "TableInput.Name") == name("Name") &&
					template.Text(c.s.Resources[c.database(r)].Properties, "DatabaseInput.Name") == name("DatabaseName")
			}
			if same {
				out = append(out, id)
			}
		}
	}
	return out
}

// database is the database that a table stands in, by its reference or its name.
func (c *chains) database(table template.Resource) string {
	for id, r := range c.s.Resources {
		if r.Type != databaseType {
			continue
		}
		reference := template.Property(table.Properties, "DatabaseName.Ref")
		if reference == id || template.Text(table.Properties, "DatabaseName") == template.Text(r.Properties, "DatabaseInput.Name") {
			return id
		}
	}
	return ""
}

func (c *chains) checkAssociations(tagged map[string]int) {
	on := map[string][]string{}
	for id, r := range c.s.Resources {
		if r.Type != associationType {
			continue
		}
		resource, _ := r.Properties["Resource"].(map[string]any)
		makers := c.named(resource)
		if len(makers) != 1 || !c.after(id, makers[0]) {
			c.t.Errorf("%s does not wait for %v", id, makers)
		}
		on[makers[0]] = append(on[makers[0]], id)
	}
	sizes := map[int]int{}
	for _, n := range tagged {
		sizes[n]++
	}
	for maker, ids := range on {
		sizes[len(ids)]--
		for _, id := range ids {
			if steps, most := c.steps(id), c.steps(maker)+len(ids); steps > most {
				c.t.Errorf("%s is made after %d steps, and %d are enough", id, steps, most)
			}
			for _, other := range ids {
				if id != other && !c.after(id, other) && !c.after(other, id) {
					c.t.Errorf("%s and %s tag one thing and have no order", id, other)
				}
			}
		}
	}
	for n, left := range sizes {
		if left != 0 {
			c.t.Errorf("%d too few things with %d associations", left, n)
		}
	}
}

func (c *chains) checkGrants(n int) {
	var grants []string
	released := map[string]int{}
	for id, r := range c.s.Resources {
		if r.Type != grantType {
			continue
		}
		grants = append(grants, id)
		resource, _ := r.Properties["Resource"].(map[string]any)
		for _, needed := range c.named(resource) {
			released[id] = max(released[id], c.steps(needed))
			if !c.after(id, needed) {
				c.t.Errorf("%s does not wait for %s", id, needed)
			}
		}
	}
	if len(grants) != n {
		c.t.Errorf("%d grants, want %d", len(grants), n)
	}
	slices.SortFunc(grants, func(a, b string) int { return c.steps(a) - c.steps(b) })
	fewest := 0
	for i, id := range grants {
		if i > 0 && !c.after(id, grants[i-1]) {
			c.t.Errorf("%s and %s have no order", grants[i-1], id)
		}
		// All that can be made as late as this one follow each other from then on.
		later := 0
		for _, other := range grants {
			if released[other] >= released[id] {
				later++
			}
		}
		fewest = max(fewest, released[id]+later)
	}
	if n > 0 && c.steps(grants[n-1]) > fewest {
		c.t.Errorf("the last grant is made after %d steps, and %d are enough", c.steps(grants[n-1]), fewest)
	}
}
