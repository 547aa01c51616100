package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// result is one run, or the medians of several.
type result struct {
	wall, cpu, memory float64 // seconds, seconds, megabytes
	resources, bytes  int
}

func (r result) perResource() float64 { return 1000 * r.cpu / float64(r.resources) }

// run is the program, to synthesize into a folder what the environment says.
func (p program) run(out string, environment ...string) *exec.Cmd {
	command := exec.Command(p.command[0], p.command[1:]...) //nolint:gosec // built by make bench
	command.Dir = p.dir
	command.Env = append(append(os.Environ(), "OUT="+out, "CDK_VALIDATION=false"), environment...)
	return command
}

// measure runs a program once. Its CPU is that of all processes it waited for; its
// memory is the sum of what each of them had at most, which the system tells on Linux
// only.
func measure(p program, n int) (result, error) {
	out, err := os.MkdirTemp("", "lakemesh-bench-")
	if err != nil {
		return result{}, err
	}
	defer os.RemoveAll(out)
	command := p.run(out, "N="+strconv.Itoa(n))
	start := time.Now()
	var said strings.Builder
	command.Stdout, command.Stderr = &said, &said
	if err := command.Start(); err != nil {
		return result{}, err
	}
	stop, memory := make(chan bool), make(chan float64)
	go watch(command.Process.Pid, stop, memory)
	err = command.Wait()
	wall := time.Since(start)
	close(stop)
	r := result{wall: wall.Seconds(), memory: <-memory}
	if err != nil {
		return r, fmt.Errorf("%w\n%s", err, said.String())
	}
	r.cpu = (command.ProcessState.UserTime() + command.ProcessState.SystemTime()).Seconds()
	err = filepath.WalkDir(out, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".template.json") {
			return err
		}
		return r.count(path)
	})
	return r, err
}

func (r *result) count(template string) error {
	data, err := os.ReadFile(template) //nolint:gosec // what the program wrote
	if err != nil {
		return err
	}
	var parsed struct{ Resources map[string]any }
	if err := json.Unmarshal(data, &parsed); err != nil {
		return err
	}
	r.resources += len(parsed.Resources)
	r.bytes += len(data)
	return nil
}

// watch looks at a process and all below it until it is stopped.
func watch(pid int, stop chan bool, memory chan float64) {
	most := map[string]float64{}
	for {
		select {
		case <-stop:
			sum := 0.0
			for _, m := range most {
				sum += m
			}
			memory <- sum
			return
		case <-time.After(50 * time.Millisecond):
			look(strconv.Itoa(pid), most)
		}
	}
}

// look notes the peak of a process and of its children.
func look(pid string, most map[string]float64) {
	status, err := os.ReadFile(filepath.Join("/proc", pid, "status")) //nolint:gosec // of a process of ours
	if err != nil {
		return
	}
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kilobytes, _ := strconv.ParseFloat(strings.Fields(value)[0], 64)
			most[pid] = kilobytes / 1024
		}
	}
	tasks, _ := filepath.Glob(filepath.Join("/proc", pid, "task", "*", "children"))
	for _, task := range tasks {
		children, _ := os.ReadFile(task) //nolint:gosec // of a process of ours
		for _, child := range strings.Fields(string(children)) {
			look(child, most)
		}
	}
}

func medians(all []result) result {
	middle := func(of func(result) float64) float64 {
		values := make([]float64, len(all))
		for i, r := range all {
			values[i] = of(r)
		}
		slices.Sort(values)
		if n := len(values); n%2 == 0 {
			return (values[n/2-1] + values[n/2]) / 2
		}
		return values[len(values)/2]
	}
	return result{
		wall:      middle(func(r result) float64 { return r.wall }),
		cpu:       middle(func(r result) float64 { return r.cpu }),
		memory:    middle(func(r result) float64 { return r.memory }),
		resources: all[0].resources, bytes: all[0].bytes,
	}
}
