"""What a load with a reference does to variants and genotypes: part of load_variants_test.py, on the same lake."""

import load_variants

HEADER = "##fileformat=VCFv4.2\n##contig=<ID=t,length=14>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tA\tB\n"
IDS = ["variant_id", "normalized", "pos_in_file"]
CALLS = ["variant_id", "pos", "sample_id", "copies"]


def check(lake, same):
    # The example of Tan, Abecasis and Kang (2015): GGGCACACACAGGG without one CA, written in two ways, by two callers.
    reference = lake.file("ref.fa", ">t\nGGGCACACACAGGG\n")
    lake.file("ref.fa.fai", "t\t14\t3\t14\t15\n")
    left = lake.file("left.vcf", HEADER + "t\t3\t.\tGCA\tG\t.\t.\t.\tGT\t0/1\t0/0\n")
    right = lake.file("right.vcf", HEADER + "t\t8\t.\tCAC\tC\t.\t.\t.\tGT\t0/0\t1|1\nt\t9\t.\tT\tG\t.\t.\t.\tGT\t0/1\t0/0\n")
    here = "contig = 't'"
    aligned, wrong = "test:t:3:GCA:G", "test:t:9:T:G"

    lake.load("aligned", left, right, assembly="test", reference=reference)
    rows = lake.spark.table("lake.genomics.variants").where(here).selectExpr(*IDS).collect()
    variants = [(aligned, True, None), (aligned, True, 8), (wrong, False, None)]
    same("aligned variants", sorted(map(tuple, rows), key=str), sorted(variants, key=str))
    same("aligned genotypes", lake.values("genotypes", CALLS, here), [(aligned, 3, "A", 1), (aligned, 3, "B", 2), (wrong, 9, "A", 1)])
    files = lake.values("files", ["element_at(split(object, '/'), -1)", "ref_mismatches"], "reference IS NOT NULL")
    same("files", files, [("left.vcf", 0), ("right.vcf", 1)])

    before = lake.state()
    lake.load("aligned again", left, right, assembly="test", reference=reference)
    same("the same objects by the same reference", lake.state(), before)

    # By another reference, or by none, the same objects are to be loaded again.
    words = ["--manifest", "m", "--database", "lake.genomics", "--run", "r", "--assembly", "test"]
    objects = load_variants.read_manifest(lake.spark, str(lake.folder / "aligned"))
    for more, done in ((["--reference", reference], {left, right}), (["--reference", "other.fa"], set()), ([], set())):
        args = load_variants.arguments(words + more)
        same("done by " + " ".join(more), load_variants.known_already(args, load_variants.direct_load(lake.spark, args), objects)[1], done)
