package deidentify

import (
	"regexp"
	"slices"
)

// SparseZIP3 returns the first three digits of the ZIP codes of areas with
// 20,000 people or fewer, sorted; ZIP3 makes 000 of them. It is every prefix
// that was sparse in one of the last three censuses, so it is right for each:
//
//   - 2000: the 17 that the HHS guidance on de-identification lists (November
//     2012, question "When can ZIP codes be included in de-identified
//     information?"); the guidance says to look for newer counts;
//   - 2010 and 2020, each by ZIP code tabulation areas: 202, 204, 205, 369, 753
//     and 772 joined, while 063, 790, 830, 831 and 890 left;
//   - prefixes of military post (09x but 099, 340, 962 to 966), where the census
//     counts nobody.
//
// Options.SparseZIP3 adds to it.
func SparseZIP3() []string {
	census := []string{
		"036", "059", "063", "102", "202", "203", "204", "205", "369", "556", "692", "753",
		"772", "790", "821", "823", "830", "831", "878", "879", "884", "890", "893",
	}
	military := []string{
		"090", "091", "092", "093", "094", "095", "096", "097", "098", "340", "962", "963", "964", "965", "966",
	}
	out := slices.Concat(census, military)
	slices.Sort(out)
	return out
}

var threeDigits = regexp.MustCompile(`^[0-9]{3}$`)
