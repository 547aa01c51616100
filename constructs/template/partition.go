package template

import "strings"

// CommonSuffix ends host names in most partitions, and nearly all service principals
// in every one.
const CommonSuffix = "amazonaws.com"

// Partition is a group of regions with identities of their own.
type Partition struct {
	Name   string // the second part of ARNs
	Suffix string // of host names
}

// PartitionOfARN returns the partition in an ARN, "" for a text that is none.
func PartitionOfARN(arn string) string {
	fields := strings.SplitN(arn, ":", 3)
	if len(fields) < 3 || fields[0] != "arn" {
		return ""
	}
	return fields[1]
}

// ViaService is what kms:ViaService is compared with when a service calls KMS in a
// region: a text, or two where the partition's suffix is not that of most. Whether KMS names the service there by the one or the other is
// documented nowhere that we know of, so both are taken; each is the name of this
// service and of nobody else.
// Source: "kms:ViaService".
func ViaService(service, region string) any {
	host := service + "." + region + "."
	if suffix := PartitionOf(region).Suffix; suffix != CommonSuffix {
		return []string{host + CommonSuffix, host + suffix}
	}
	return host + CommonSuffix
}

// PartitionOf returns the partition of a region.
func PartitionOf(region string) Partition {
	for _, p := range []struct{ prefix, name, suffix string }{
		{"cn-", "aws-cn", "amazonaws.com.cn"},
		{"us-gov-", "aws-us-gov", CommonSuffix},
		{"us-isob-", "aws-iso-b", "sc2s.sgov.gov"},
		{"us-isof-", "aws-iso-f", "csp.hci.ic.gov"},
		{"us-iso-", "aws-iso", "c2s.ic.gov"},
		{"eu-isoe-", "aws-iso-e", "cloud.adc-e.uk"},
		{"eusc-", "aws-eusc", "amazonaws.eu"},
	} {
		if strings.HasPrefix(region, p.prefix) {
			return Partition{p.name, p.suffix}
		}
	}
	return Partition{"aws", CommonSuffix}
}
