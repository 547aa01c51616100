package metadata

// Identifiers are pairs of a DICOM keyword and the kind of identifier that it holds.
func Identifiers() [][2]string {
	var out [][2]string
	for _, group := range kinds {
		for _, keyword := range group.keywords {
			out = append(out, [2]string{keyword, group.kind})
		}
	}
	return out
}
