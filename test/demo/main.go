// Demo deploys the sample mesh to an AWS on this machine, reads back what Lake
// Formation holds, compares it with the plan and says who can see what.
package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/lakemesh/lakemesh/stacks/access"
	"github.com/lakemesh/lakemesh/stacks/access/assembly"
	"github.com/lakemesh/lakemesh/stacks/access/render"
	"github.com/lakemesh/lakemesh/stacks/mesh"
	page "github.com/lakemesh/lakemesh/stacks/report"
	"github.com/lakemesh/lakemesh/stacks/sample"
	"github.com/lakemesh/lakemesh/test/deploy"
	"github.com/lakemesh/lakemesh/test/localaws"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "\nthe demo failed:", err)
		stop()
		os.Exit(1) //nolint:gocritic // stop has just run
	}
}

// folder is where the demo leaves its templates, logs and the access table.
const folder = "build/demo-output"

func run(ctx context.Context, out io.Writer) (err error) {
	definition, err := mesh.LoadFS(sample.FS(), sample.MeshFile)
	if err != nil {
		return err
	}
	today := time.Now().UTC()
	plan, err := definition.PlanAt("dev", today)
	if err != nil {
		return err
	}
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return err
	}
	server, err := localaws.Start(ctx, localaws.Options{Log: filepath.Join(folder, "localaws.log")})
	if err != nil {
		return err
	}
	defer func() {
		if stopErr := server.Stop(); err == nil {
			err = stopErr
		}
	}()
	step(out, "local AWS answers at "+server.Endpoint())

	var log bytes.Buffer
	app := &deploy.App{Root: root, Server: server, Stage: plan.Stage, Today: today.Format(time.DateOnly), Output: filepath.Join(root, folder, "cdk.out"), Log: &log}
	defer func() {
		if err != nil {
			fmt.Fprintln(out, log.String())
		}
	}()
	for _, f := range plan.Foundations {
		step(out, fmt.Sprintf("cdk bootstrap aws://%s/%s", f.Environment.Account, f.Environment.Region))
		if err := app.Bootstrap(ctx, f.Environment); err != nil {
			return err
		}
	}
	step(out, "making what the mesh expects to find: the roles it names, the open data bucket it reads")
	if err := deploy.Surroundings(ctx, server, plan); err != nil {
		return err
	}
	step(out, fmt.Sprintf("cdk deploy --all: %d stacks", len(plan.Stacks())))
	app.Log = io.MultiWriter(&log, &progress{out: out})
	if err := app.Deploy(ctx); err != nil {
		return err
	}
	return report(ctx, out, app, plan)
}

// report compares plan, templates and deployment, and prints who can see what.
func report(ctx context.Context, out io.Writer, app *deploy.App, plan *mesh.Plan) error {
	step(out, "reading back what Lake Formation and Glue hold")
	rendered, err := assembly.Read(app.Output)
	if err != nil {
		return err
	}
	deployed, err := deploy.ReadBack(ctx, app.Server, plan)
	if err != nil {
		return err
	}
	matrix := deployed.Evaluate()
	if err := printOrigin(out, plan); err != nil {
		return err
	}
	fmt.Fprintln(out, "\nWho can see what, as deployed (jobs that read their own domain left out; make synth && build/lakemesh access shows all):")
	fmt.Fprintln(out)
	if err := render.Table(out, withoutJobs(matrix, plan)); err != nil {
		return err
	}
	whole, site := filepath.Join(folder, "access.md"), filepath.Join(folder, "site", "index.html")
	if err := save(whole, func(w io.Writer) error { return render.Markdown(w, matrix) }); err != nil {
		return err
	}
	if err := save(site, func(w io.Writer) error {
		return page.Write(w, page.Input{Title: "riverside " + plan.Stage, State: rendered, Plan: plan})
	}); err != nil {
		return err
	}
	fmt.Fprintln(out, "\nCrawlers:")
	if err := printCrawlers(ctx, out, app.Server, plan); err != nil {
		return err
	}
	if err := printRecorded(ctx, out, app.Server); err != nil {
		return err
	}
	fmt.Fprintf(out, "\nThe whole table: %s\nThe templates:   %s\n", whole, filepath.Join(folder, "cdk.out"))

	templates, deployment := deploy.Compare(plan, rendered, deployed)
	for _, c := range []struct {
		between string
		diff    *access.Difference
	}{{"plan and templates", templates}, {"templates and deployment", deployment}} {
		if !c.diff.Empty() {
			_ = render.Difference(out, c.diff)
			return fmt.Errorf("%s differ in %d places", c.between, len(c.diff.Changes)+len(c.diff.Rights))
		}
		fmt.Fprintf(out, "0 differences between %s\n", c.between)
	}
	fmt.Fprintf(out, "\nWho can see what and why, as a page for your browser: %s\n", site)
	return nil
}

// withoutJobs leaves out the roles of jobs, but where they read tables of another domain,
// and what is no table.
func withoutJobs(m *access.Matrix, plan *mesh.Plan) *access.Matrix {
	domain := map[string]string{} // of a job
	for i := range plan.Domains {
		for _, job := range plan.Domains[i].Jobs() {
			domain[job] = plan.Domains[i].Name
		}
	}
	out := &access.Matrix{Admins: m.Admins}
	for _, row := range m.Rows {
		own, isJob := domain[row.Principal]
		if row.Kind == access.OnTable && (!isJob || row.Domain != "" && row.Domain != own && len(row.ReadFor) > 0) {
			out.Rows = append(out.Rows, row)
		}
	}
	return out
}

// save writes a file, and makes its folder.
func save(path string, write func(io.Writer) error) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return err
	}
	file, err := os.Create(path) //nolint:gosec // a fixed name below build
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := file.Close(); err == nil {
			err = closeErr
		}
	}()
	return write(file)
}

// printRecorded says what the local AWS only remembers, so that nobody takes it
// for proven.
func printRecorded(ctx context.Context, out io.Writer, server *localaws.Server) error {
	recorded, err := server.Recorded(ctx)
	if err != nil {
		return err
	}
	counts := map[string]int{}
	var types []string
	for _, r := range recorded {
		if counts[r.Type]++; counts[r.Type] == 1 {
			types = append(types, r.Type)
		}
	}
	slices.Sort(types)
	if len(types) > 0 {
		fmt.Fprintln(out, "\nOnly recorded by the local AWS, no service stands behind it:")
	}
	for _, name := range types {
		fmt.Fprintf(out, "  %s (%d)\n", name, counts[name])
	}
	return nil
}

func step(out io.Writer, text string) { fmt.Fprintln(out, "==> "+text) }

// progress shows one line per stack of what cdk deploy prints.
type progress struct {
	out  io.Writer
	rest string
}

func (p *progress) Write(data []byte) (int, error) {
	p.rest += string(data)
	for {
		line, after, whole := strings.Cut(p.rest, "\n")
		if !whole {
			return len(data), nil
		}
		p.rest = after
		if strings.Contains(line, "✅") {
			fmt.Fprintln(p.out, "   "+strings.TrimSpace(line))
		}
	}
}
