package variants_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What other readers of VCF were reported to get wrong, this one gets right: each report
// is a file, what its rows must say, and what they must not.
func TestPublicReports(t *testing.T) {
	const format = "##fileformat=VCFv4.2\n##reference=GRCh38\n"
	columns := func(samples ...string) string {
		return strings.Join(append([]string{"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT"}, samples...), "\t") + "\n"
	}
	one := format + columns("A")
	reports := []struct {
		name, text string
		says       []string
		not        []string
	}{
		{
			name: "a missing call is not the reference", text: one + "chr1\t1\t.\tA\tC\t.\t.\t.\tGT\t./.\n",
			says: []string{`"missing":2,"ploidy":2`, `"allele_number":0,"allele_count":0,"carriers":0,"missing":1`},
		},
		{
			name: "POS 0 is before the first base (hail 6339)", text: one + "chr1\t0\t.\tN\t<DEL>\t.\t.\tEND=3\tGT\t0/1\n",
			says: []string{`"pos":0,"end_pos":3`, `"quarantined":0`},
		},
		{
			name: "POS past the end of the contig is counted and kept (hail 6339)",
			text: "##fileformat=VCFv4.2\n##contig=<ID=chr1,length=248956422>\n" + columns("A") + "chr1\t999999999\t.\tA\tC\t.\t.\t.\tGT\t0/1\n",
			says: []string{`"pos":999999999`, `"past_end":1`},
		},
		{
			name: "a half missing call has its allele and its missing one (plink-ng 6)", text: one + "chr1\t1\t.\tA\tC\t.\t.\t.\tGT\t1/.\n",
			says: []string{`"copies":1,"missing":1,"ploidy":2`, `"allele_number":1,"allele_count":1,"carriers":1,"missing":1`},
		},
		{
			name: "a haploid call has two likelihoods (hail 13149)", text: one + "chrX\t1\t.\tA\tC\t.\t.\t.\tGT:PL\t1:40,0\n",
			says: []string{`"copies":1,"missing":0,"ploidy":1`, `"likelihoods":[40,0]`},
		},
		{
			name: "alleles are minimal after a split (hail 460)", text: one + "chr1\t10\t.\tACTG\tACT,ACGG\t.\t.\t.\tGT\t1/2\n",
			says: []string{`"variant_id":"GRCh38:chr1:12:TG:T"`, `"variant_id":"GRCh38:chr1:12:T:G"`},
		},
		{
			name: "Number=. is not split (glow 537)",
			text: format + "##INFO=<ID=X,Number=.,Type=Integer,Description=\"x\">\n" + columns("A") + "chr1\t1\t.\tA\tC,G\t.\t.\tX=7,8\tGT\t1/2\n",
			says: []string{`"allele_index":1,`, `"allele_index":2,`, `"info":{"X":"7,8"}`}, not: []string{`"X":"7"`, `"X":"8"`},
		},
		{
			name: "wrong numbers of values are kept and not guessed (bcftools 382, vcf_parser 5, vt 87)",
			text: one + "chr1\t1\t.\tA\tC,G\t.\t.\tAC=5\tGT:AD:PL\t1/2:1,2:0,1\n",
			says: []string{`"info_unsplit":{"AC":"5"}`, `"fields_unsplit":{"AD":"1,2","PL":"0,1"}`}, not: []string{`"alt_depth"`, `"likelihoods"`},
		},
		{
			name: "* is a deletion that another line tells of (PyVCF 215)", text: one + "chr1\t1\t.\tA\tC,*\t.\t.\t.\tGT\t1/2\n",
			says: []string{`"alt":"*","variant_type":"overlapping_deletion"`},
		},
		{
			name: "a breakend without mate is no missing allele (VariantAnnotation 8)", text: one + "chr1\t1\t.\tA\t.ACT\t.\t.\t.\tGT\t0/1\n",
			says: []string{`"alt":".ACT","variant_type":"breakend"`},
		},
		{
			name: "<NON_REF> is a block, and no variant beside others (opencga 587)",
			text: one + "chr1\t1\t.\tA\t<NON_REF>\t.\t.\tEND=9\tGT\t0/0\nchr1\t10\t.\tA\tC,<NON_REF>\t.\t.\t.\tGT\t0/1\n",
			says: []string{`"end_pos":9`, `"variant_type":"reference_block"`, `"records":2,"variants":2`},
		},
		{
			name: "samples of the same name are refused (bcftools 184, hts-specs 323)", text: format + columns("A", "A"),
			says: []string{`"refused":"samples 1 and 2 have the same name"`},
		},
		{
			name: "CR LF after a point (PyVCF 137)", text: strings.ReplaceAll(one+"chr1\t1\t.\tA\tC\t.\t.\t.\tGT\t.\n", "\n", "\r\n"),
			says: []string{`"genotype":"."`, `"missing":1,"ploidy":1`}, not: []string{`\r`},
		},
		{
			name: "a missing tab is one line in quarantine (hail 361)", text: one + "chr1\t1\t.\tA C\t.\t.\t.\tGT\t0/1\nchr1\t2\t.\tA\tC\t.\t.\t.\tGT\t0/1\n",
			says: []string{`"kind":"quarantine"`, `"records":1`, `"quarantined":1`, `"pos":2`},
		},
		{
			name: "contigs with * and : (pcgr 124)", text: one + "HLA-A*01:01:01:01\t5\t.\tA\tC\t.\t.\t.\tGT\t0/1\n",
			says: []string{`"contig":"HLA-A*01:01:01:01"`, `"variant_id":"GRCh38:HLA-A*01:01:01:01:5:A:C"`},
		},
		{
			name: "GP=. is missing (vcf-validator 276)", text: one + "chr1\t1\t.\tA\tC\t.\t.\t.\tGT:GP\t0/1:.\n",
			says: []string{`"genotype":"0/1"`, `"quarantined":0`}, not: []string{`"GP"`},
		},
		{
			name: "a contig that the header does not have (variantgrid 1242)",
			text: "##fileformat=VCFv4.2\n##contig=<ID=chr1,length=248956422>\n" + columns("A") + "chrUn_x\t1\t.\tA\tC\t.\t.\t.\tGT\t0/1\n",
			says: []string{`"contig":"chrUn_x"`, `"quarantined":0`},
		},
		{
			name: "chromosomes with and without chr have one name (seqr 3842)", text: one + "1\t1\t.\tA\tC\t.\t.\t.\tGT\t0/1\nMT\t1\t.\tA\tC\t.\t.\t.\tGT\t1\n",
			says: []string{`"variant_id":"GRCh38:chr1:1:A:C"`, `"variant_id":"GRCh38:chrM:1:A:C"`, `"contig_in_file":"1"`, `"contig_in_file":"MT"`},
		},
	}
	folder := t.TempDir()
	var files []string
	for i, r := range reports {
		file := filepath.Join(folder, string(rune('a'+i))+".vcf")
		if err := os.WriteFile(file, []byte(r.text), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	// glow 354 and 523, a split without the header, and glow 114, plain gzip called .vcf.gz,
	// are in TestCodecsAndSplits.
	other := filepath.Join(folder, "other.vcf.gz")
	if err := os.WriteFile(other, gzipped(t, []byte(format+columns("B")+"chr1\t1\t.\tA\tC\t.\t.\t.\tGT\t1/1\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	rows := printRows(t, allKinds, wholeFile, append(files, other)...)
	for i, r := range reports {
		t.Run(r.name, func(t *testing.T) {
			got := rows[files[i]]
			for _, word := range r.says {
				if !strings.Contains(got, word) {
					t.Errorf("no %s in\n%s", word, got)
				}
			}
			for _, word := range r.not {
				if strings.Contains(got, word) {
					t.Errorf("%s in\n%s", word, got)
				}
			}
		})
	}
	t.Run("files of one sample each keep their samples apart (hail 1989)", func(t *testing.T) {
		if got := rows[other]; !strings.Contains(got, `"sample_id":"B"`) || strings.Contains(got, `"sample_id":"A"`) {
			t.Errorf("samples of another file in\n%s", got)
		}
	})
}
