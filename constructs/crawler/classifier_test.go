package crawler_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/aws/jsii-runtime-go"

	"github.com/lakemesh/lakemesh/constructs/crawler"
	"github.com/lakemesh/lakemesh/constructs/internal/cdktest"
)

const classifierType = "AWS::Glue::Classifier"

func TestClassifiers(t *testing.T) {
	for name, c := range map[string]struct {
		props *crawler.ClassifierProps
		want  string
	}{
		"csv": {&crawler.ClassifierProps{CSV: &crawler.CSV{Delimiter: jsii.String("|"), Header: crawler.HeaderAbsent, Columns: []string{"id", "code"}}},
			`{"CsvClassifier":{"AllowSingleColumn":false,"ContainsHeader":"ABSENT","Delimiter":"|","DisableValueTrimming":false,"Header":["id","code"],"QuoteSymbol":"\""}}`},
		"json": {&crawler.ClassifierProps{JSON: &crawler.JSON{Path: jsii.String("$.entry[*].resource")}}, `{"JsonClassifier":{"JsonPath":"$.entry[*].resource"}}`},
		"xml": {&crawler.ClassifierProps{Name: jsii.String("claims"), XML: &crawler.XML{Classification: jsii.String("claims"), RowTag: jsii.String("claim")}},
			`{"XMLClassifier":{"Classification":"claims","Name":"claims","RowTag":"claim"}}`},
		"grok": {&crawler.ClassifierProps{Grok: &crawler.Grok{Classification: jsii.String("log"), Pattern: jsii.String("%{CODE:code:int} %{GREEDYDATA:text}"), CustomPatterns: jsii.String("CODE [0-9]+")}},
			`{"GrokClassifier":{"Classification":"log","CustomPatterns":"CODE [0-9]+","GrokPattern":"%{CODE:code:int} %{GREEDYDATA:text}"}}`},
	} {
		t.Run(name, func(t *testing.T) {
			stack := cdktest.Stack()
			crawler.NewClassifier(stack, jsii.String("C"), c.props)
			if got := cdktest.Compact(cdktest.Of(t, stack).One(t, classifierType, "C").Properties); got != c.want {
				t.Errorf("got %s", got)
			}
		})
	}
}

func TestCrawlerTriesClassifiersInOrder(t *testing.T) {
	template := of(t, func(l lake, p *crawler.CrawlerProps) {
		for _, grok := range []*crawler.Grok{crawler.VCFRecords(), crawler.ClaimLines()} {
			p.Classifiers = append(p.Classifiers, crawler.NewClassifier(l.stack, grok.Classification, &crawler.ClassifierProps{Grok: grok}))
		}
		if p.Classifiers[0].ClassifierName() == nil || p.Classifiers[0].Cfn() == nil {
			t.Error("an accessor is wrong")
		}
	})
	vcf, claims := template.One(t, classifierType, "vcf"), template.One(t, classifierType, "claimlines")
	template.One(t, crawlerType, "").Want(t, map[string]string{"Classifiers": `[{"Ref":"` + vcf.ID + `"},{"Ref":"` + claims.ID + `"}]`})
}

func TestClassifierProblems(t *testing.T) {
	for want, p := range map[string]*crawler.ClassifierProps{
		"CSV: got 0 kinds":                     nil,
		"CSV: got 2 kinds":                     {CSV: &crawler.CSV{}, JSON: &crawler.JSON{Path: jsii.String("$")}},
		"CSV.Delimiter: got \"||\"":            {CSV: &crawler.CSV{Delimiter: jsii.String("||")}},
		"CSV.Quote: got \"|\", as Delimiter":   {CSV: &crawler.CSV{Delimiter: jsii.String("|"), Quote: jsii.String("|")}},
		"CSV.Header: got \"YES\"":              {CSV: &crawler.CSV{Header: "YES"}},
		"CSV.Columns[1]: got \"id\" twice":     {CSV: &crawler.CSV{Columns: []string{"id", "id"}}},
		"CSV.Columns[0]: got \"Patient ID\"":   {CSV: &crawler.CSV{Columns: []string{"Patient ID"}}},
		"JSON.Path: got \"entry\"":             {JSON: &crawler.JSON{Path: jsii.String("entry")}},
		"XML.RowTag: got \"<claim>\"":          {XML: &crawler.XML{Classification: jsii.String("c"), RowTag: jsii.String("<claim>")}},
		"XML.Classification: got nothing":      {XML: &crawler.XML{RowTag: jsii.String("claim")}},
		"Grok.Classification: got nothing":     {Grok: &crawler.Grok{Pattern: jsii.String("%{WORD:a}")}},
		"Grok.Pattern: got 0 characters":       {Grok: &crawler.Grok{Classification: jsii.String("c")}},
		"Grok.Pattern: got pattern NONE":       {Grok: &crawler.Grok{Classification: jsii.String("c"), Pattern: jsii.String("%{NONE:a}")}},
		"Grok.Pattern: got type \"text\"":      {Grok: &crawler.Grok{Classification: jsii.String("c"), Pattern: jsii.String("%{WORD:a:text}")}},
		"Grok.Pattern: got column \"a\" twice": {Grok: &crawler.Grok{Classification: jsii.String("c"), Pattern: jsii.String("%{WORD:a} %{WORD:a}")}},
		"Grok.Pattern: got \"%{word}\"":        {Grok: &crawler.Grok{Classification: jsii.String("c"), Pattern: jsii.String("%{word} %{WORD:a}")}},
		"expected at least one column":         {Grok: &crawler.Grok{Classification: jsii.String("c"), Pattern: jsii.String("%{WORD}")}},
		"Grok.CustomPatterns: got \"bad\"":     {Grok: &crawler.Grok{Classification: jsii.String("c"), Pattern: jsii.String("%{WORD:a}"), CustomPatterns: jsii.String("bad")}},
		"Grok.CustomPatterns: got pattern B":   {Grok: &crawler.Grok{Classification: jsii.String("c"), Pattern: jsii.String("%{A:a}"), CustomPatterns: jsii.String("A %{B}\nB x")}},
		"Grok.CustomPatterns: got 16001":       {Grok: &crawler.Grok{Classification: jsii.String("c"), Pattern: jsii.String("%{WORD:a}"), CustomPatterns: jsii.String("A " + strings.Repeat("x", 15_999))}},
		"Name: got \"a b\"":                    {Name: jsii.String("a b"), JSON: &crawler.JSON{Path: jsii.String("$[*]")}},
	} {
		text := cdktest.Panic(t, func() { crawler.NewClassifier(cdktest.Stack(), jsii.String("C"), p) })
		if !strings.Contains(text, want) {
			t.Errorf("got %s\nwant %s", text, want)
		}
	}
}

// compile translates a grok pattern that defines every name it uses.
func compile(t *testing.T, g *crawler.Grok) *regexp.Regexp {
	t.Helper()
	defined := map[string]string{}
	reference := regexp.MustCompile(`%\{([A-Z0-9_]+)(?::([a-z0-9_]+))?(?::[a-z]+)?\}`)
	expand := func(pattern string) string {
		return reference.ReplaceAllStringFunc(pattern, func(text string) string {
			m := reference.FindStringSubmatch(text)
			body, known := defined[m[1]]
			if !known {
				t.Fatalf("%s is not defined", m[1])
			}
			if m[2] == "" {
				return "(?:" + body + ")"
			}
			return "(?P<" + m[2] + ">" + body + ")"
		})
	}
	for line := range strings.Lines(*g.CustomPatterns) {
		name, body, _ := strings.Cut(strings.TrimSpace(line), " ")
		defined[name] = expand(body)
	}
	return regexp.MustCompile(expand(*g.Pattern))
}

func TestReadyPatterns(t *testing.T) {
	for _, c := range []struct {
		name  string
		grok  *crawler.Grok
		line  string
		names string // some columns with their values, or "" for a line that must not match
	}{
		{"snp", crawler.VCFRecords(), "20\t14370\trs6054257\tG\tA\t29\tPASS\tNS=3;DP=14;AF=0.5;DB;H2\tGT:GQ:DP:HQ\t0|0:48:1:51,51\t1|0:48:8:51,51",
			"chrom=20 pos=14370 id=rs6054257 ref=G alt=A qual=29 filter=PASS info=NS=3;DP=14;AF=0.5;DB;H2"},
		{"sites only", crawler.VCFRecords(), "chr17\t43044295\t.\tTCT\tT,<DEL>\t.\t.\tSVTYPE=DEL", "chrom=chr17 alt=T,<DEL> qual=."},
		{"breakend", crawler.VCFRecords(), "2\t321681\tbnd_W\tG\tG]17:198982]\t6.5e+01\tPASS\tSVTYPE=BND", "alt=G]17:198982] qual=6.5e+01"},
		{"no record", crawler.VCFRecords(), "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO", ""},
		{"spaces", crawler.VCFRecords(), "20 14370 . G A 29 PASS NS=3", ""},
		{"format", crawler.VCFHeaders(), "##fileformat=VCFv4.3", "key=fileformat value=VCFv4.3"},
		{"info", crawler.VCFHeaders(), `##INFO=<ID=AF,Number=A,Type=Float,Description="Allele Frequency">`, "key=INFO"},
		{"names", crawler.VCFHeaders(), "#CHROM\tPOS", ""},
		{"glucose", crawler.LabResults(), "P0001|S77|2345-7|Glucose|182|mg/dL|70-99|H|2026-03-01T08:15:00Z", "loinc=2345-7 value=182 flag=H"},
		{"text result", crawler.LabResults(), "P0002|S78|94500-6|SARS-CoV-2 RNA|Detected|||POS|202603010815", "value=Detected unit= observed_at=202603010815"},
		{"bounded", crawler.LabResults(), "P0003|S79|10839-9|Troponin I|<0.01|ng/mL|<0.04||2026-03-01", "value=<0.01 flag="},
		{"no code", crawler.LabResults(), "P0001|S77|GLU|Glucose|182|mg/dL|70-99|H|2026-03-01", ""},
		{"visit", crawler.ClaimLines(), "C1001,P0001,BCBS01,1245319599,2026-02-11,99213-25,E11.9,1,145.00", "provider_npi=1245319599 procedure=99213-25 units=1 charge=145.00"},
		{"supply", crawler.ClaimLines(), "C1002,P0002,MCR,1992739876,20260212,A4253,Z79.4,2,38.5", "procedure=A4253 diagnosis=Z79.4"},
		{"no npi", crawler.ClaimLines(), "C1001,P0001,BCBS01,12345,2026-02-11,99213,E11.9,1,145.00", ""},
		{"header", crawler.ClaimLines(), "claim_id,patient_id,payer_id,npi,date,procedure,diagnosis,units,charge", ""},
		{"claim", crawler.X12Segments(), "CLM*26463774*100***11:B:1*Y*A*Y*I~", "segment=CLM elements=26463774*100***11:B:1*Y*A*Y*I"},
		{"envelope", crawler.X12Segments(), "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260301*1253*^*00501*000000905*0*P*:~", "segment=ISA"},
		{"service", crawler.X12Segments(), "SV1*HC:99213*40*UN*1***1~\r", "segment=SV1"},
		{"no end", crawler.X12Segments(), "CLM*26463774*100", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			pattern := compile(t, c.grok)
			m := pattern.FindStringSubmatch(c.line)
			if (m == nil) != (c.names == "") {
				t.Fatalf("match %v\n%s", m, pattern)
			}
			for pair := range strings.FieldsSeq(c.names) {
				name, value, _ := strings.Cut(pair, "=")
				if got := m[pattern.SubexpIndex(name)]; got != value {
					t.Errorf("%s is %q, want %q", name, got, value)
				}
			}
		})
	}
	for _, grok := range []*crawler.Grok{crawler.VCFRecords(), crawler.VCFHeaders(), crawler.LabResults(), crawler.ClaimLines(), crawler.X12Segments()} {
		crawler.NewClassifier(cdktest.Stack(), jsii.String("C"), &crawler.ClassifierProps{Grok: grok})
	}
}
