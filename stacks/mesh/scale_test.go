package mesh_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/lakemesh/lakemesh/stacks/mesh"
	"github.com/lakemesh/lakemesh/test/widemesh"
)

// BenchmarkValidate validates meshes of several sizes: twice the domains take twice
// the time.
func BenchmarkValidate(b *testing.B) {
	for _, domains := range []int{25, 50, 100, 200} {
		d := widemesh.New(domains, 20, 30)
		b.Run(fmt.Sprint(domains), func(b *testing.B) {
			for b.Loop() {
				if d.Validate() != nil {
					b.Fatal(d.Validate())
				}
				if err := d.Warnings().Err(); err != nil && testing.Verbose() {
					b.Log(err)
				}
			}
		})
	}
}

// A mesh of 200 domains with 20 products each is valid in one account and over many.
func TestManyDomains(t *testing.T) {
	for _, accounts := range []int{1, 20} {
		d := widemesh.New(200, 20, 5)
		stage := mesh.Stage{Region: "us-east-1", Accounts: map[string]string{}, Sharing: mesh.Sharing{Acceptance: "the platform team, by hand"}}
		for i := range accounts {
			stage.Accounts[fmt.Sprintf("lake%d", i)] = fmt.Sprintf("%012d", 111111111111+i)
		}
		d.Stages["dev"] = stage
		for i := range d.Domains {
			d.Domains[i].Account = fmt.Sprintf("lake%d", i%accounts)
		}
		for name := range d.Principals { // reader<i> reads for domain i+1
			var i int
			if _, err := fmt.Sscanf(name, "reader%d", &i); err != nil {
				t.Fatal(err)
			}
			d.Principals[name] = fmt.Sprintf("arn:aws:iam::{lake%d}:role/%s", (i+1)%200%accounts, name)
		}
		plan, err := d.Plan("dev")
		if err != nil {
			t.Fatalf("%d accounts: %v", accounts, err)
		}
		products := 0
		for _, domain := range plan.Domains {
			products += len(domain.Products)
		}
		if len(plan.Foundations) != accounts || len(plan.Domains) != 200 || products != 4000 {
			t.Errorf("%d accounts: %d foundations, %d domains, %d products", accounts, len(plan.Foundations), len(plan.Domains), products)
		}
		for _, f := range plan.Foundations {
			if len(f.Tags) != 4 { // zone, sensitivity, and the two of the mesh
				t.Errorf("%s has %d LF-Tags: it grows with the domains", f.StackName, len(f.Tags))
			}
		}
	}
}

// BenchmarkLoad loads and validates the same meshes from files, and reads their
// warnings, as lakemesh validate does.
func BenchmarkLoad(b *testing.B) {
	for _, domains := range []int{25, 50, 100, 200} {
		folder := filepath.Join(b.TempDir(), "mesh")
		if err := os.CopyFS(folder, wideFiles(domains, 20, 30)); err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprint(domains), func(b *testing.B) {
			for b.Loop() {
				d, err := mesh.Load(filepath.Join(folder, "mesh.yaml"))
				if err != nil {
					b.Fatal(err)
				}
				if d.Validate() != nil {
					b.Fatal(d.Validate())
				}
				if err := d.Warnings().Err(); err != nil && testing.Verbose() {
					b.Log(err)
				}
			}
		})
	}
}

// wideFiles are the files of a mesh as widemesh makes.
func wideFiles(domains, products, columns int) fstest.MapFS {
	files := fstest.MapFS{}
	var mesh strings.Builder
	mesh.WriteString("apiVersion: lakemesh/v1\nname: wide\nstages: {dev: {region: us-east-1, accounts: {lake: \"111111111111\"}}}\n")
	mesh.WriteString("principals: {reader: \"arn:aws:iam::111111111111:role/Reader\"}\ndomains:\n")
	for i := range domains {
		fmt.Fprintf(&mesh, "  - {name: d%03d, account: lake, owner: d@wide.example, products: [d%03d/*.yaml]}\n", i, i)
		for j := range products {
			var c strings.Builder
			fmt.Fprintf(&c, "apiVersion: v3.2.0\nkind: DataContract\nid: x\nname: p%d\nversion: 1.0.0\nstatus: active\nschema:\n  - name: t%d\n    properties:\n", j, j)
			for k := range columns {
				fmt.Fprintf(&c, "      - {name: c%d, logicalType: string, classification: public, description: What it is}\n", k)
			}
			files[fmt.Sprintf("d%03d/p%d.yaml", i, j)] = &fstest.MapFile{Data: []byte(c.String())}
		}
	}
	mesh.WriteString("subscriptions:\n")
	for i := range domains {
		fmt.Fprintf(&mesh, "  - {consumer: d%03d, principals: [reader], product: d%03d.p0, purpose: p, approver: a@wide.example, expires: 2030-01-01}\n", (i+1)%domains, i)
	}
	files["mesh.yaml"] = &fstest.MapFile{Data: []byte(mesh.String())}
	return files
}

// BenchmarkPlan plans meshes of several sizes.
func BenchmarkPlan(b *testing.B) {
	for _, domains := range []int{25, 50, 100, 200} {
		d := widemesh.New(domains, 20, 30)
		b.Run(fmt.Sprint(domains), func(b *testing.B) {
			for b.Loop() {
				if _, err := d.Plan("dev"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
