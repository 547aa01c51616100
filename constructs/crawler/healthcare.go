package crawler

import "github.com/aws/jsii-runtime-go"

// The patterns below bring every name with them that they use, so that they do
// not depend on what Glue's own names mean.

// VCFRecords reads the records of a variant call file: tab-separated, with the
// eight fixed columns of the format and whatever follows as one. Meta lines and
// the line of column names do not match; read those with VCFHeaders.
// Source: "The Variant Call Format Specification", VCFv4.3.
func VCFRecords() *Grok {
	return &Grok{
		Classification: jsii.String("vcf"),
		Pattern: jsii.String(`^%{VCFTEXT:chrom}\t%{VCFPOS:pos:long}\t%{VCFTEXT:id}\t%{VCFREF:ref}\t%{VCFALT:alt}\t` +
			`%{VCFQUAL:qual}\t%{VCFTEXT:filter}\t%{VCFTEXT:info}(?:\t%{VCFREST:samples})?$`),
		CustomPatterns: jsii.String(`VCFTEXT [^\t\s#][^\t\s]*
VCFPOS [0-9]+
VCFREF [ACGTNacgtn]+
VCFALT (?:[ACGTNacgtn,*.<>\[\]:0-9A-Z_a-z-]+)
VCFQUAL (?:\.|[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)
VCFREST [^\r\n]+
`),
	}
}

// VCFHeaders reads the meta lines of a variant call file: ##key=value. The line
// of column names is left out.
// Source: "The Variant Call Format Specification", VCFv4.3.
func VCFHeaders() *Grok {
	return &Grok{
		Classification: jsii.String("vcf_header"),
		Pattern:        jsii.String(`^##%{VCFKEY:key}=%{VCFVALUE:value}$`),
		CustomPatterns: jsii.String(`VCFKEY [A-Za-z][A-Za-z0-9_.-]*
VCFVALUE [^\r\n]+
`),
	}
}

// LabResults reads laboratory results with a vertical bar between values, one
// on each line: patient, specimen, LOINC code, name, value, unit, reference range,
// flag of HL7 table 0078, time. Real files differ: copy it and change it. It reads
// no HL7 version 2 messages, whose records span lines.
func LabResults() *Grok {
	return &Grok{
		Classification: jsii.String("lab_results"),
		Pattern: jsii.String(`^%{LABTEXT:patient_id}\|%{LABTEXT:specimen_id}\|%{LOINC:loinc}\|%{LABTEXT:test}\|%{LABVALUE:value}\|` +
			`%{LABOPTION:unit}\|%{LABOPTION:reference_range}\|%{LABFLAG:flag}\|%{LABTIME:observed_at}$`),
		CustomPatterns: jsii.String(`LABTEXT [^|\r\n]+
LABOPTION [^|\r\n]*
LOINC [0-9]{1,7}-[0-9]
LABVALUE (?:[<>]=?)?[^|\r\n]+
LABFLAG (?:N|A|AA|H|HH|HU|L|LL|LU|S|R|I|POS|NEG)?
LABTIME [0-9]{4}-?[0-9]{2}-?[0-9]{2}(?:[T ]?[0-9]{2}:?[0-9]{2}(?::?[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?
`),
	}
}

// ClaimLines reads flat professional claims, the columns that extracts of X12
// 837P have in common, with commas and without quotes: claim, patient, payer,
// provider (NPI), service date, procedure (CPT or HCPCS), diagnosis (ICD-10-CM),
// units, charge. Real files differ: copy it and change it; for quoted values use CSV.
func ClaimLines() *Grok {
	return &Grok{
		Classification: jsii.String("claim_lines"),
		Pattern: jsii.String(`^%{CLAIMTEXT:claim_id},%{CLAIMTEXT:patient_id},%{CLAIMTEXT:payer_id},%{NPI:provider_npi},%{CLAIMDATE:service_date},` +
			`%{PROCEDURE:procedure},%{DIAGNOSIS:diagnosis},%{UNITS:units:int},%{MONEY:charge:double}$`),
		CustomPatterns: jsii.String(`CLAIMTEXT [^,"\r\n]+
NPI [12][0-9]{9}
CLAIMDATE [0-9]{4}-?[0-9]{2}-?[0-9]{2}
PROCEDURE [0-9A-Z][0-9]{3}[0-9A-Z](?:-[0-9A-Z]{2})*
DIAGNOSIS [A-TV-Z][0-9][0-9A-Z](?:\.?[0-9A-Z]{1,4})?
UNITS [0-9]{1,6}
MONEY [0-9]+(?:\.[0-9]{1,2})?
`),
	}
}

// X12Segments reads X12 interchanges, such as 837 claims and 835 remittances, that
// have one segment on each line: the segment's name, its elements as one text,
// separated by asterisks, and the tilde that ends it.
func X12Segments() *Grok {
	return &Grok{
		Classification: jsii.String("x12"),
		Pattern:        jsii.String(`^%{X12NAME:segment}\*%{X12ELEMENTS:elements}~\s*$`),
		CustomPatterns: jsii.String(`X12NAME [A-Z][A-Z0-9]{1,2}
X12ELEMENTS [^~\r\n]*
`),
	}
}
