// Package variants is the engine of a variant lake: what reads VCF files and keeps
// them in Iceberg tables.
//
// A data source for Spark 3.5, written in Java without dependencies, reads VCF 4.0
// to 4.4, plain, gzip or bgzip whatever the file is named. Plain and bgzip files
// are read in parallel splits. One reading gives rows of several kinds: variants
// (one for each alternate allele), genotypes, the samples of the files, the lines
// that cannot be read, and counts. Nothing is split or selected in Spark
// afterwards. The source is in reader/src, and ReaderJar is what it compiles to, so
// that importers need no JDK and no network.
//
// A script for PySpark (LoadScript) loads the objects of a manifest into tables
// (Tables), and another one (AnnotateScript) joins their variants with ClinVar and
// gnomAD.
//
// # Tables
//
// variants and genotypes are partitioned by contig and by truncate(10,000,000, pos),
// and sorted by contig and pos, genotypes by sample_id as well. A row of both says
// of which line of which file it is (object, record) and which alternate allele of
// it (allele_index).
//
//   - variants: each alternate allele of each line. pos, ref and alt are in minimal
//     form: what ref and alt share at their ends is taken away but for one base;
//     pos_in_file, ref_in_file and alt_in_file say what the line says where that
//     differs. variant_id is assembly:contig:pos:ref:alt, followed by :end_pos for
//     symbolic alleles and reference blocks; an allele of more than 100 bases stands
//     in it as its length, #, and 32 hexadecimal digits of its SHA-256. Lines
//     without alternate alleles have one row with allele_index 0. <NON_REF> and <*>
//     have a row where they are the line's first allele, or somebody has them.
//   - genotypes: the samples that carry the allele, and those of whose call an
//     allele is missing. Who has no row is called without the allele, as long as
//     allele_number of the variant is not null and the sample is one of the file's in
//     samples. An allele number that the line does not list counts as missing.
//     likelihoods are those of the genotypes of the reference and this allele only,
//     from 0 to ploidy copies.
//   - samples: the samples of each file. The same name in two files may be two people.
//   - quarantine: each line that cannot be read: file, line, reason, SHA-256 of the
//     text. Never the text itself, which may identify a person.
//   - erased: samples that were erased, by salted hashes of their names; loads leave
//     them out (EraseScript). It is of no contract: only the jobs read it.
//   - files: each object by its latest version: ETag, status, counts, run.
//
// INFO and FORMAT fields with Number=A, R or G have the values of the row's allele.
// Where a line has more or fewer values than its alleles ask for, the text stands
// in info_unsplit or fields_unsplit, and nothing is guessed. Missing values are not
// there, flags are "true", and %3A and the like are decoded from VCF 4.3 on.
//   - annotations: what a version of ClinVar or gnomAD says of a variant that the lake
//     has. variant_id, source and source_version are its key.
//
// # Assemblies
//
// A file must be of a known assembly: the one the job is told, or the one that the
// header tells by the lengths and accessions of its contigs, else by its reference. A
// header that contradicts is a reason to refuse the file. Chromosomes of GRCh37 and
// GRCh38 are called chr1 to chr22, chrX, chrY and chrM, whatever the file calls
// them (1, NC_000001.11, CM000663.2). hg19's other chrM is chrM_NC_001807.
//
// # Left alignment
//
// In a repeat the same insertion or deletion may be written at several places, and
// callers differ. With --reference, a FASTA file that is not compressed and its .fai
// beside it, the load writes each at the leftmost (Tan, Abecasis and Kang 2015,
// doi:10.1093/bioinformatics/btv112), as bcftools norm does: pos, ref, alt and
// variant_id are the aligned ones in both tables from the start, as the reader aligns
// before it writes a row. That is why it is an option of the load and no job after it.
// Only alleles that are bases are aligned, also not <DEL> and <DUP>, which bcftools
// shifts. A header that says another length of a contig than the reference has is a
// reason to refuse the file. Where the reference has other bases than REF, or no such
// contig, the record is left as it is: normalized of variants is false, and
// ref_mismatches of files counts it. Loading with another reference, or with one for
// the first time, loads files again.
//
// # What is refused
//
// A line is malformed, and goes to quarantine, when it has fewer than eight columns,
// a POS, QUAL or GT that is none, an empty allele, another number of samples than
// the header, or a sample with more fields than FORMAT. A file is refused as a whole when
// it is cut off or broken, is BCF or VCF 3, has no line #CHROM, names two samples
// alike, or is of an unknown or other assembly.
package variants
