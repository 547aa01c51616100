package storage_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/jsii-runtime-go"
	"pgregory.net/rapid"

	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

// Any props either give a template in which the invariants hold or an error that
// names the props that are wrong.
func TestAnyPropsAreRenderedOrNamed(t *testing.T) {
	rendered, refused := 0, 0
	rapid.Check(t, func(r *rapid.T) {
		props := drawProps(r)
		stack := cdktest.Stack()
		if err := build(func() { storage.NewLakeStorage(stack, jsii.String("Lake"), props) }); err != nil {
			refused++
			for _, p := range problem.Of(err) {
				if first, _, _ := strings.Cut(p.Path, "."); !isProp(first) || p.Got == "" || p.Expected == "" || p.Fix == "" {
					r.Errorf("not a problem with a prop: %#v", p)
				}
			}
			return
		}
		rendered++
		invariants(r, cdktest.Of(t, stack))
	})
	if rendered == 0 || refused == 0 {
		t.Errorf("%d rendered, %d refused: the props that are drawn test one side only", rendered, refused)
	}
}

func build(f func()) (err error) {
	defer func() {
		switch got := recover().(type) {
		case nil:
		case error:
			err = got
		default:
			err = fmt.Errorf("%v", got)
		}
	}()
	f()
	return nil
}

func isProp(name string) bool {
	switch name {
	case "Raw", "Curated", "Analytics", "Replication", "Inventory", "OnlyVPCEndpoints", "OnlyOrganizationID", "MalwareScan", "AllowDestroy":
		return true
	}
	return false
}

func drawProps(r *rapid.T) *storage.LakeStorageProps {
	out := &storage.LakeStorageProps{
		Raw: drawZone(r, "raw"), Curated: drawZone(r, "curated"), Analytics: drawZone(r, "analytics"),
		AllowDestroy: jsii.Bool(seldom(r, "destroy")),
	}
	if rapid.Bool().Draw(r, "replicate") {
		out.Replication = &storage.Replication{
			Region: jsii.String(either(r, "region", replicaRegion, cdktest.Region)), KeyARN: jsii.String(either(r, "key", replicaKey, ownKey)),
			BucketNames:            &storage.BucketNames{Raw: either(r, "copy", jsii.String("lab-copy-raw"), nil), Analytics: either(r, "copy", jsii.String("lab-copy-analytics"), nil)},
			EnableTimeControl:      jsii.Bool(rapid.Bool().Draw(r, "time")),
			ReplicateDeleteMarkers: jsii.Bool(rapid.Bool().Draw(r, "markers")),
		}
	}
	if rapid.Bool().Draw(r, "inventory") {
		out.Inventory = &storage.Inventory{Format: rapid.SampledFrom([]storage.InventoryFormat{"", storage.InventoryORC, storage.InventoryCSV}).Draw(r, "format")}
	}
	if rapid.Bool().Draw(r, "endpoints") {
		out.OnlyVPCEndpoints = &storage.VPCEndpointAccess{EndpointIDs: []string{either(r, "endpoint", endpoint, "vpc-1")}}
	}
	if rapid.Bool().Draw(r, "organization") {
		out.OnlyOrganizationID = jsii.String(either(r, "id", organization, "r-abcd"))
	}
	if rapid.Bool().Draw(r, "scan") {
		out.MalwareScan = &storage.MalwareScan{
			Prefixes:           rapid.SliceOfN(rapid.SampledFrom([]string{"a/", "b/", "c/"}), 0, 2).Draw(r, "prefixes"),
			DenyUnscannedReads: jsii.Bool(rapid.Bool().Draw(r, "deny")),
		}
	}
	return out
}

func drawZone(r *rapid.T, name string) *storage.ZoneProps {
	if rapid.Bool().Draw(r, name) {
		return nil
	}
	out := &storage.ZoneProps{EnableEventBridge: jsii.Bool(rapid.Bool().Draw(r, "events"))}
	if rapid.Bool().Draw(r, "lock") {
		out.ObjectLock = &storage.ObjectLock{Mode: rapid.SampledFrom([]storage.LockMode{storage.Governance, storage.Compliance}).Draw(r, "mode"), Days: jsii.Number(rapid.IntRange(1, 40).Draw(r, "locked"))}
	}
	out.Lifecycle = &storage.Lifecycle{
		Transitions: drawTransitions(r), NoncurrentDays: drawDays(r, "noncurrent", 400),
		NoncurrentVersions: drawDays(r, "versions", 100), AbortUploadDays: drawDays(r, "abort", 9),
	}
	if seldom(r, "expire") {
		out.Lifecycle.ExpireDays = jsii.Number(rapid.IntRange(-1, 2000).Draw(r, "expiry"))
	}
	if rapid.Bool().Draw(r, "folder") {
		out.Lifecycle.ExpireFolders = []storage.FolderExpiration{{Prefix: jsii.String(either(r, "prefix", "exports/", "exports")), AfterDays: jsii.Number(either(r, "age", 20, rapid.IntRange(-1, 400).Draw(r, "after")))}}
	}
	if seldom(r, "versions") {
		out.Lifecycle.NoncurrentVersions = jsii.Number(101)
	}
	return out
}

// drawDays is mostly a number from 1.
func drawDays(r *rapid.T, label string, most int) *float64 {
	n := rapid.IntRange(0, most).Draw(r, label)
	if n == 0 {
		return nil
	}
	return jsii.Number(n)
}

// drawTransitions leans to the right order, so that both sides are met.
func drawTransitions(r *rapid.T) []storage.Transition {
	var out []storage.Transition
	day := 0
	for _, class := range []storage.StorageClass{storage.StandardIA, storage.IntelligentTiering, storage.GlacierInstantRetrieval, storage.GlacierFlexibleRetrieval, storage.GlacierDeepArchive} {
		if rapid.Bool().Draw(r, string(class)) {
			continue
		}
		day += either(r, "gap", 90, rapid.IntRange(-5, 200).Draw(r, "days"))
		out = append(out, storage.Transition{AfterDays: jsii.Number(day), StorageClass: class})
	}
	if seldom(r, "swap") && len(out) > 1 {
		out[0].StorageClass, out[1].StorageClass = out[1].StorageClass, out[0].StorageClass
	}
	return out
}

// either is mostly the first.
func either[T any](r *rapid.T, label string, usual, other T) T {
	if seldom(r, label) {
		return other
	}
	return usual
}

func seldom(r *rapid.T, label string) bool { return rapid.IntRange(0, 19).Draw(r, label) == 13 }
