package variants

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/catalog"
	"github.com/lakemesh/lakemesh/constructs/governance"
	"github.com/lakemesh/lakemesh/constructs/internal/cdkx"
	"github.com/lakemesh/lakemesh/constructs/internal/delivery"
	"github.com/lakemesh/lakemesh/constructs/internal/workflow"
	"github.com/lakemesh/lakemesh/constructs/problem"
	"github.com/lakemesh/lakemesh/constructs/schedule"
	"github.com/lakemesh/lakemesh/constructs/storage"
	"github.com/lakemesh/lakemesh/constructs/variants/schema"
)

// VariantLakeProps configures a VariantLake.
type VariantLakeProps struct {
	// Landing is where VCF files arrive, in any number and any folders below: objects
	// whose keys end as LandingSuffixes says. Its bucket has to send events to EventBridge: a bucket that
	// this app makes is told to. Required.
	Landing storage.S3Location

	// Files is where the files of the tables are, each table in a folder of its name.
	// The place is registered with Lake Formation. Required.
	Files storage.S3Location

	// Database is where the tables of schema.Contract are made. Required, or DatabaseName.
	Database catalog.IDatabase

	// DatabaseName names a database where another stack makes these tables below Files.
	// Let this stack depend on that one. Required, or Database.
	DatabaseName *string

	// Locations are the registered locations of Files: the job commits to tables there. At
	// least one, here or in LocationARNs.
	Locations []governance.ILocation

	// LocationARNs are registered locations of other stacks, by exactly the ARN that was
	// registered.
	// Default: none.
	LocationARNs []string

	// Runs is where the manifests of the runs are kept: which objects each of them loaded.
	// Default: beside Landing, "vcf-runs/" for "vcf/".
	Runs *storage.S3Location

	// Engine runs Spark.
	// Default: EMRServerless.
	Engine Engine

	// ReleaseLabel is the release of EMR Serverless, from emr-7.8.0, the first with full
	// table access. The reader is tested with the Spark and Iceberg of the default.
	// Default: emr-7.13.0.
	ReleaseLabel *string

	// Architecture of the workers of EMR Serverless: ARM64 or X86_64.
	// Default: ARM64, which costs a fifth less.
	Architecture *string

	// MaximumCapacity is what one run may use at the most.
	// Default: 16 vCPU, what a new account may use at once, with 128 GB of memory and
	// 1,000 GB of disk.
	MaximumCapacity *Capacity

	// AutoStopMinutes is how long EMR Serverless waits for another run before it stops, 1 to
	// 10,080. A stopped application costs nothing and starts by itself.
	// Default: 15.
	AutoStopMinutes *float64

	// Network lets the workers of EMR Serverless run in your VPC, which then has to reach S3, Glue,
	// Lake Formation, KMS and CloudWatch Logs.
	// Default: none; the workers reach services of AWS alone.
	Network *Network

	// Assembly is the reference assembly that files have to be of: GRCh37 or GRCh38.
	// Default: what the header of each file tells; a file that does not tell is refused.
	Assembly *string

	// Reference is the sequence of Assembly, which insertions and deletions are aligned to
	// the left by as they are loaded. It asks for Assembly.
	// Default: none; they stay where the files have them.
	Reference *Reference

	// MaxMalformed is the largest part of a file's lines that may be malformed, from 0 to
	// 1; a file with more is refused as a whole.
	// Default: 0.01.
	MaxMalformed *float64

	// Schedule is how often the queue is looked at, as a rate or cron of EventBridge. All
	// that arrived since is one run; while one runs no other starts.
	// Default: rate(15 minutes).
	Schedule *string

	// Timeout is how long one run of Spark may take, from 10 minutes to a day.
	// Default: 12 hours.
	Timeout awscdk.Duration

	// Key encrypts logs, queues, notices and the disks of the workers.
	// Default: the key of the bucket of Landing.
	Key awskms.IKey

	// Permissions are those for what the job needs of Lake Formation.
	// Default: the Permissions of the stack.
	Permissions *governance.Permissions

	// Name fixes the name of the application, or of the Glue job, at most 64 characters. Another name
	// replaces it.
	// Default: generated.
	Name *string

	// JobRoleName and WorkflowRoleName fix the names of the roles of the job and of the
	// workflow, at most 64 characters, for bucket policies that admit roles by name.
	// Default: CloudFormation generates them.
	JobRoleName, WorkflowRoleName *string

	// AlarmTopic hears of failures. A topic that is encrypted must let CloudWatch use its
	// key.
	// Default: a new topic, encrypted with Key; nobody is subscribed to it.
	AlarmTopic awssns.ITopic
}

// Engine is a service that runs Spark.
type Engine string

const (
	// EMRServerless is Amazon EMR Serverless.
	EMRServerless Engine = "emr-serverless"
	// Glue is AWS Glue 5.1.
	Glue Engine = "glue"
)

// Engines returns the engines.
func Engines() []Engine { return []Engine{EMRServerless, Glue} }

// Capacity is an amount of workers.
type Capacity struct {
	VCPU     float64 // at least 8: a driver and a worker of four each
	MemoryGB float64 // at least 4 for each vCPU
	DiskGB   float64 // at least 100 for each four vCPU
}

// Reference is a FASTA file, not compressed, with its index beside it: the same key and
// ".fai".
type Reference struct {
	Bucket awss3.IBucket // Required.
	Key    *string       // such as "reference/GRCh38.fa". Required.
}

// Network is where workers run.
type Network struct {
	// VPC of the workers. Required.
	VPC awsec2.IVpc

	// Subnets of the VPC.
	// Default: the private subnets.
	Subnets *awsec2.SubnetSelection

	// SecurityGroups of the workers. At least one.
	SecurityGroups []awsec2.ISecurityGroup
}

const (
	arm64  = "ARM64"
	x86_64 = "X86_64"
)

// LandingSuffixes are what the keys of VCF files end with; how a file is really
// compressed the reader finds out itself.
func LandingSuffixes() []string {
	return []string{".vcf", ".vcf.gz", ".vcf.bgz", ".gvcf", ".gvcf.gz", ".gvcf.bgz"}
}

var (
	databaseName = regexp.MustCompile(`^[a-z0-9_]{1,255}$`)
	release      = regexp.MustCompile(`^emr-7\.([89]|[1-9][0-9])\.[0-9]+$`)
	referenceKey = regexp.MustCompile(`^[A-Za-z0-9._=/-]+\.(fa|fasta|fna)$`)
	jobName      = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)
)

// lakePlan is VariantLakeProps with its defaults.
type lakePlan struct {
	VariantLakeProps
	landing, files, runs workflow.Location
}

func (p *VariantLakeProps) withDefaults() lakePlan {
	out := lakePlan{VariantLakeProps: cdkx.Value(p, VariantLakeProps{})}
	at := delivery.LocationsOf(out.Landing, out.Runs, nil, beside(cdkx.Value(out.Landing.Prefix, "")), "")
	out.landing, out.runs, out.files = at.Landing, at.Results, workflow.At(out.Files.Bucket, out.Files.Prefix)
	out.LocationARNs = slices.Clone(out.LocationARNs)
	if !cdkx.Missing(out.Database) {
		out.DatabaseName = out.Database.DatabaseName()
	}
	if out.Engine == "" {
		out.Engine = EMRServerless
	}
	set(&out.ReleaseLabel, "emr-7.13.0")
	set(&out.Architecture, arm64)
	set(&out.MaximumCapacity, Capacity{VCPU: 16, MemoryGB: 128, DiskGB: 1000})
	set(&out.AutoStopMinutes, 15)
	set(&out.MaxMalformed, 0.01)
	set(&out.Schedule, "rate(15 minutes)")
	if out.Timeout == nil {
		out.Timeout = awscdk.Duration_Hours(jsii.Number(12))
	}
	if cdkx.Missing(out.Key) && out.Landing.Bucket != nil {
		out.Key = out.Landing.Bucket.EncryptionKey()
	}
	return out
}

// beside is the folder of manifests that goes with a landing folder.
func beside(landing string) string {
	if !cdkx.IsFolder(landing) {
		return ""
	}
	return landing[:len(landing)-1] + "-runs/"
}

func set[T any](field **T, value T) {
	if *field == nil {
		*field = &value
	}
}

// timeout is how long a run may take, in minutes.
func (p *lakePlan) timeout() int { return delivery.Seconds(p.Timeout) / 60 }

func (p *lakePlan) problems(scope constructs.Construct) problem.List {
	var list problem.List
	p.landing.Check(&list, "Landing", "vcf/")
	p.files.Check(&list, "Files", schema.Product+"/")
	if p.Landing.Bucket != nil && cdkx.IsFolder(p.landing.Prefix) {
		p.runs.Check(&list, "Runs", "vcf-runs/")
	}
	for _, other := range []struct {
		path string
		at   workflow.Location
	}{{"Files", p.files}, {"Runs", p.runs}} {
		if cdkx.IsFolder(other.at.Prefix) && p.landing.Overlaps(other.at) {
			list.Addf(other.path+".Prefix", fmt.Sprintf("%q beside the landing prefix %q", other.at.Prefix, p.landing.Prefix), "prefixes apart from each other", "choose another prefix")
		}
	}
	if cdkx.Missing(p.Database) {
		cdkx.CheckName(&list, "DatabaseName", p.DatabaseName, databaseName, "1 to 255 lower case letters, digits and underscores")
	}
	if len(p.Locations)+len(p.LocationARNs) == 0 {
		list.Addf("Locations", "none", "the registered location of Files", "set Locations")
	}
	for i, location := range p.Locations {
		if cdkx.Missing(location) {
			list.Addf(fmt.Sprintf("Locations[%d]", i), "nothing", "a registered location", "leave it out")
		}
	}
	for i, arn := range p.LocationARNs {
		cdkx.CheckPartition(&list, scope, fmt.Sprintf("LocationARNs[%d]", i), arn)
	}
	p.checkEngine(&list)
	p.checkRun(&list)
	return list
}

// checkEngine reports what the engine does not take.
func (p *lakePlan) checkEngine(list *problem.List) {
	if !slices.Contains(Engines(), p.Engine) {
		list.Addf("Engine", fmt.Sprintf("%q", p.Engine), "emr-serverless or glue", "use EMRServerless or Glue")
	}
	if !release.MatchString(*p.ReleaseLabel) {
		list.Addf("ReleaseLabel", fmt.Sprintf("%q", *p.ReleaseLabel), "emr-7.8.0 or a newer release of the line 7", "leave it out")
	}
	if a := *p.Architecture; a != arm64 && a != x86_64 {
		list.Addf("Architecture", fmt.Sprintf("%q", a), "ARM64 or X86_64", "leave it out")
	}
	if c := *p.MaximumCapacity; c.VCPU < 8 || c.MemoryGB < 4*c.VCPU || c.DiskGB < 25*c.VCPU {
		list.Addf("MaximumCapacity", fmt.Sprintf("%g vCPU, %g GB of memory and %g GB of disk", c.VCPU, c.MemoryGB, c.DiskGB),
			"at least 8 vCPU, with 4 GB of memory and 25 GB of disk for each", "raise it: a driver and a worker of four vCPU each have to fit in")
	}
	if m := *p.AutoStopMinutes; m < 1 || m > 10080 {
		list.Addf("AutoStopMinutes", fmt.Sprintf("%g", m), "1 to 10,080 minutes", "leave it out")
	}
	if p.Name != nil {
		cdkx.CheckName(list, "Name", p.Name, jobName, "1 to 64 letters, digits and any of ._-")
	}
	if p.Network == nil {
		return
	}
	if p.Engine == Glue {
		list.Addf("Network", "one with the engine glue", "none: jobs of Glue reach a VPC by connections only", "leave it out, or use EMRServerless")
	}
	if cdkx.Missing(p.Network.VPC) {
		list.Addf("Network.VPC", "nothing", "a VPC", "set it, or leave Network out")
	}
	if len(p.Network.SecurityGroups) == 0 {
		list.Addf("Network.SecurityGroups", "none", "at least one security group", "name one")
	}
}

// checkRun reports what a run does not take.
func (p *lakePlan) checkRun(list *problem.List) {
	if a := p.Assembly; a != nil && *a != "GRCh37" && *a != "GRCh38" {
		list.Addf("Assembly", fmt.Sprintf("%q", *a), "GRCh37 or GRCh38", "write one of the two, or leave it out")
	}
	if r := p.Reference; r != nil {
		if r.Bucket == nil {
			list.Addf("Reference.Bucket", "nothing", "the bucket of a FASTA file", "set it, or leave Reference out")
		}
		if k := cdkx.Value(r.Key, ""); !referenceKey.MatchString(k) {
			list.Addf("Reference.Key", cdkx.Quote(k), "the key of a FASTA file that is not compressed, such as reference/GRCh38.fa", "correct it")
		}
		if p.Assembly == nil {
			list.Addf("Reference", "one without Assembly", "the assembly that it is the sequence of", "set Assembly")
		}
	}
	if m := *p.MaxMalformed; m < 0 || m > 1 {
		list.Addf("MaxMalformed", fmt.Sprintf("%g", m), "a part from 0 to 1", "leave it out")
	}
	if m := p.timeout(); m < 10 || m > 24*60 {
		list.Addf("Timeout", fmt.Sprintf("%d minutes", m), "10 minutes to a day", "leave it out")
	}
	if err := schedule.CheckEventBridge(*p.Schedule); err != nil && !cdkx.HoldsToken(*p.Schedule) {
		list.Addf("Schedule", fmt.Sprintf("%q: %v", *p.Schedule, err), "a rate or a cron of EventBridge", `write it like "rate(15 minutes)"`)
	}
}
