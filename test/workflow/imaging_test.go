package workflow

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/imagestore"
	"github.com/lakemesh/lakemesh/constructs/storage"
)

const imagesBucket = "riverside-images-raw"

// radiology is a deployed image store with its import.
type radiology struct {
	*cloud
	dispatch, importing string // state machines
}

func newRadiology(t *testing.T) radiology {
	t.Helper()
	stack := newStack()
	lake := storage.NewLakeStorage(stack, jsii.String("Lake"), &storage.LakeStorageProps{BucketNames: &storage.BucketNames{Raw: jsii.String(imagesBucket)}})
	store := imagestore.NewImageStore(stack, jsii.String("Images"), &imagestore.ImageStoreProps{DatastoreName: jsii.String("riverside-imaging"), Key: lake.Key()})
	imagestore.NewImport(stack, jsii.String("Import"), &imagestore.ImportProps{
		Store: store, Landing: storage.S3Location{Bucket: lake.Raw(), Prefix: jsii.String("clinical/dicom/")},
	})
	text := render(t, stack)
	r := radiology{cloud: launch(t)}
	r.deploy(t, text)
	r.dispatch, r.importing = r.id(t, machineType, "ImportDispatch"), r.id(t, machineType, "ImportWorkflow")
	return r
}

// dicom is a DICOM file with the identifiers of an instance, and no pixels.
func dicom(instance string) string {
	body := []byte(strings.Repeat("\x00", 128) + "DICM")
	for _, element := range []struct {
		group, element uint16
		kind, value    string
	}{{0x0008, 0x0018, "UI", instance}, {0x0020, 0x000D, "UI", "1.2.3"}, {0x0020, 0x000E, "UI", "1.2.3.4"}} {
		value := element.value + strings.Repeat("\x00", len(element.value)%2)
		body = binary.LittleEndian.AppendUint16(body, element.group)
		body = binary.LittleEndian.AppendUint16(body, element.element)
		body = append(body, element.kind...)
		body = binary.LittleEndian.AppendUint16(body, uint16(len(value))) //nolint:gosec // short identifiers
		body = append(body, value...)
	}
	return string(body)
}

// deliver puts files into a folder and then its marker, and returns how the newest
// of a number of imports ended.
func (r radiology) deliver(t *testing.T, folder string, imports int, files ...string) execution {
	t.Helper()
	for i, file := range files {
		r.put(t, imagesBucket, "clinical/dicom/"+folder+"/"+string(rune('a'+i))+".dcm", file)
	}
	r.put(t, imagesBucket, "clinical/dicom/_complete/"+folder, "")
	for _, e := range r.runs(t, r.importing, imports) {
		if strings.Contains(e.Input, `"folder":"`+folder+`"`) || strings.Contains(e.Input, `"folder": "`+folder+`"`) {
			return e
		}
	}
	t.Fatalf("no import of %s", folder)
	return execution{}
}

func TestImageImports(t *testing.T) {
	r := newRadiology(t)
	records := func(folder string) []string { return r.keys(t, imagesBucket, "quarantine/clinical/dicom/"+folder+"/") }

	r.script(t, object{"operation": "StartDICOMImportJob", "error": "ThrottlingException", "times": 2})
	whole := r.deliver(t, "1.2.840.1", 1, dicom("1.2.3.4.1"), dicom("1.2.3.4.2"))
	r.ended(t, whole, "SUCCEEDED", "")
	if found := records("1.2.840.1"); len(found) > 0 {
		t.Errorf("a good folder is in the quarantine: %v", found)
	}

	partly := r.deliver(t, "study-2", 2, dicom("1.2.3.4.3"), "no image")
	r.ended(t, partly, "FAILED", "Refused")
	if found := records("study-2"); !slices.Equal(found, []string{partly.Name + ".json"}) {
		t.Fatalf("the quarantine holds %v", found)
	}
	record := r.text(t, imagesBucket, "quarantine/clinical/dicom/study-2/"+partly.Name+".json")
	for _, part := range []string{`"folder":"study-2"`, `"numberOfFilesWithCustomerError":1`, `"numberOfImportedFiles":1`, `/FAILURE/"`} {
		if !strings.Contains(record, part) {
			t.Errorf("no %s in %s", part, record)
		}
	}

	r.ended(t, r.deliver(t, "empty", 3), "FAILED", "Refused")
	if found := records("empty"); len(found) != 1 {
		t.Errorf("the quarantine holds %v", found)
	}

	// The report of as many image sets as an import may have is longer than what a
	// workflow can read.
	r.script(t, object{"operation": "StartDICOMImportJob", "image_sets": 5000}, object{"operation": "StartDICOMImportJob", "image_sets": 5000})
	r.ended(t, r.deliver(t, "many", 4, dicom("1.2.3.4.4")), "SUCCEEDED", "")
	if found := records("many"); len(found) > 0 {
		t.Errorf("a good folder is in the quarantine: %v", found)
	}
	most := r.deliver(t, "most", 5, dicom("1.2.3.4.5"), "no image")
	r.ended(t, most, "FAILED", "Refused")
	record = r.text(t, imagesBucket, "quarantine/clinical/dicom/most/"+most.Name+".json")
	for _, part := range []string{`"folder":"most"`, `/FAILURE/failure.ndjson"`} {
		if !strings.Contains(record, part) {
			t.Errorf("no %s in %s", part, record)
		}
	}
	if n := r.largest(t, "clinical/dicom-import-results/"); n < 512*1024 {
		t.Errorf("the longest report has %d bytes", n)
	}
}

// largest is the size of the largest object below a prefix.
func (r radiology) largest(t *testing.T, prefix string) int64 {
	t.Helper()
	found, err := r.s3.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String(imagesBucket), Prefix: &prefix})
	must(t, err)
	var out int64
	for _, o := range found.Contents {
		out = max(out, aws.ToInt64(o.Size))
	}
	return out
}

// What is no marker starts no import, and what cannot be one is reported.
func TestWhatIsNoMarkerOfImages(t *testing.T) {
	r := newRadiology(t)
	r.put(t, imagesBucket, "clinical/dicom/_complete/", "")
	r.ended(t, r.runs(t, r.dispatch, 1)[0], "SUCCEEDED", "")
	r.put(t, imagesBucket, "clinical/dicom/_complete/a/b", "")
	failed := 0
	for _, e := range r.runs(t, r.dispatch, 2) {
		if e.Status == "FAILED" {
			r.ended(t, e, "FAILED", "NoFolder")
			failed++
		}
	}
	if failed != 1 {
		t.Errorf("%d failed", failed)
	}
	if started := r.runs(t, r.importing, 0); len(started) > 0 {
		t.Errorf("%d imports were started", len(started))
	}
}
