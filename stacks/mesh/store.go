package mesh

// ImageStore is a domain's HealthImaging data store for DICOM images.
type ImageStore struct {
	Landing string `yaml:"landing"` // folder of the raw zone that studies arrive in; default dicom/
	Product string `yaml:"product"` // product of the domain whose table lists the series; none by default
}

// hasStore reports whether a domain has stacks of its own that work with its lake.
func (d Domain) hasStore() bool { return d.FhirStore != nil || d.ImageStore != nil }
