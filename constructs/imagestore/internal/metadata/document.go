package metadata

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// Attributes are DICOM attributes by keyword, private ones by tag. Values are
// what JSON has: texts, numbers, lists, nested attributes or nothing.
type Attributes map[string]any

// Document is the metadata of an image set as GetImageSetMetadata returns it.
// Source: "Getting image set metadata" in the HealthImaging developer guide.
type Document struct {
	SchemaVersion string                     // of the format
	DatastoreID   string                     // data store that keeps the image set
	ImageSetID    string                     // the image set
	Patient       struct{ DICOM Attributes } // attributes of the patient
	// Study has the attributes of the study, and its series by their UIDs.
	Study struct {
		DICOM  Attributes
		Series map[string]Series
	}
}

// Series is one series of a Document, by its series instance UID.
type Series struct {
	DICOM     Attributes          // attributes of the series
	Instances map[string]Instance // by SOP instance UID
}

// Instance is one instance of a Series, by its SOP instance UID.
type Instance struct {
	DICOM       Attributes            // attributes of the instance
	ImageFrames []struct{ ID string } // the frames of its pixels
}

// Read reads a Document from JSON that is already decompressed. It returns an
// error for what is not JSON, and for a document without an image set.
func Read(r io.Reader) (*Document, error) {
	var d Document
	decoder := json.NewDecoder(r)
	decoder.UseNumber()
	if err := decoder.Decode(&d); err != nil {
		return nil, fmt.Errorf("metadata of an image set: %w", err)
	}
	if d.ImageSetID == "" {
		return nil, errors.New("metadata of an image set: no ImageSetID")
	}
	return &d, nil
}

// text is the first of an attribute's values without the blanks that DICOM pads
// with, "" where there is none.
func (a Attributes) text(keyword string) string { return first(a[keyword]) }

func first(value any) string {
	switch v := value.(type) {
	case string:
		return strings.Trim(v, " \x00")
	case json.Number:
		return v.String()
	case []any:
		for _, item := range v {
			if text := first(item); text != "" {
				return text
			}
		}
	case map[string]any: // a person's name by representation
		for _, representation := range []string{"Alphabetic", "Ideographic", "Phonetic"} {
			if text := first(v[representation]); text != "" {
				return text
			}
		}
	}
	return ""
}

// levels are where an attribute of a series may stand, the nearest first: in
// image sets of different ages the same attribute is kept at different levels.
func (d *Document) levels(s Series) []Attributes {
	out := []Attributes{s.DICOM, d.Study.DICOM, d.Patient.DICOM}
	for _, uid := range sorted(s.Instances) {
		out = append(out, s.Instances[uid].DICOM)
	}
	return out
}

func find(levels []Attributes, keyword string) string {
	for _, level := range levels {
		if text := level.text(keyword); text != "" {
			return text
		}
	}
	return ""
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
