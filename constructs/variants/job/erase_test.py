"""What the erasure of a sample leaves of it: part of load_variants_test.py, on the same lake."""

import json
import zlib

import erase_sample

NAME = "ERASE-ME-7"
HEADER = "##fileformat=VCFv4.2\n##reference=GRCh38\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t"
# Alleles of everybody, of the sample only, and of nobody; missing calls; one haploid contig; one line that is malformed.
LINES = [
    ("chr2", 5, "A", "C,G", "AC=3,1;AN=6;DP=9", "0/1", "1/2", "0/1"),
    ("chr2", 6, "A", "T", "AC=1;CSQ=x", "0/1", "0/0", "./0"),
    ("chr2", 7, "A", "G", "AC=2", "0/0", "1/1", "./."),
    ("chr2", 8, "A", "<NON_REF>", "END=20", "0/0", "0/0", "0/0"),
    ("chrX", 5, "A", "C", "AC=1", "1", "0/0", "0/1"),
    ("chrX", 6, "A", "C", "AC=1", "0", "0/1", "0/0"),
    ("chr2", 9, "A", "C", "AC=1", "0/1", "oops", "0/0"),
]
COUNTS = ["contig", "pos", "alt", "allele_number", "allele_count", "carriers", "missing", "to_json(info)"]
CALLS = ["contig", "pos", "sample_id", "copies", "missing"]


def text(names, columns):
    rows = [[contig, str(pos), ".", ref, alt, ".", ".", info, "GT", *calls[:columns]] for contig, pos, ref, alt, info, *calls in LINES]
    return HEADER + "\t".join(names) + "\n" + "".join("\t".join(row) + "\n" for row in rows)


def contents(folder):
    """The bytes of each file of the warehouse; blocks of Avro unpacked (Avro specification, object container files)."""
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        data = path.read_bytes()
        yield path, data
        for block in data.split(data[-16:]) if path.suffix == ".avro" else []:
            for start in range(min(20, len(block))):  # behind two numbers of unknown length
                try:
                    yield path, zlib.decompressobj(-15).decompress(block[start:])
                except zlib.error:
                    pass


def holding(lake, word):
    return sorted({str(path) for path, data in contents(lake.folder / "warehouse") if word.encode() in data})


def erase(lake, run, **sample):
    file = lake.file(f"{run}.jsonl", json.dumps(sample) + "\n")
    erase_sample.erase(lake.spark, erase_sample.arguments(["--samples", file, "--database", "lake.genomics", "--run", run]))


def check(lake, same):
    for table in ("variants", "genotypes", "samples", "quarantine"):
        lake.spark.sql(f"ALTER TABLE lake.genomics.{table} SET TBLPROPERTIES ('write.parquet.compression-codec' = 'uncompressed')")
    cohort = lake.file("erase-trio.vcf", text([NAME, "MUM", "DAD"], 3))
    alone = lake.file("erase-alone.vcf", text([NAME], 1))
    namesake = lake.file("erase-namesake.vcf", text([NAME, "SON"], 2))
    lake.load("families", cohort, alone, namesake, max_malformed="1")
    of = {name: f"object LIKE '%/erase-{file}.vcf'" for name, file in (("cohort", "trio"), ("alone", "alone"), ("namesake", "namesake"))}
    others = [lake.values("variants", COUNTS, of["namesake"]), lake.values("genotypes", CALLS, of["namesake"])]
    if len(holding(lake, NAME)) < 4 or not lake.values("quarantine", ["line"], of["cohort"] + " AND text_sha256 IS NOT NULL"):
        raise SystemExit("the test does not find the name where it is")

    # Of one file, by a run that fails and another that finishes it: who has the same name in another file stays.
    count_files = erase_sample.Eraser.count_files
    erase_sample.Eraser.count_files = None
    try:
        erase(lake, "fails", sample_id=NAME, object=cohort)
    except TypeError:
        pass
    erase_sample.Eraser.count_files = count_files
    erase(lake, "erase one", sample_id=NAME, object=cohort)
    same("of another file", [lake.values("variants", COUNTS, of["namesake"]), lake.values("genotypes", CALLS, of["namesake"])], others)
    rows = {table: lake.rows(table, of["cohort"]) for table in ("variants", "genotypes", "samples")}
    counts = lake.values("variants", COUNTS, of["cohort"])
    same("counts", [row[:7] for row in counts], [
        ("chr2", 5, "C", 4, 2, 2, 0), ("chr2", 5, "G", 4, 1, 1, 0), ("chr2", 7, "G", 2, 2, 1, 1), ("chr2", 8, "<NON_REF>", 4, 0, 0, 0),
        ("chrX", 5, "C", 4, 1, 1, 0), ("chrX", 6, "C", 4, 1, 1, 0),
    ])
    same("info", [row[7] for row in counts], ['{"DP":"9"}'] * 2 + [None, '{"END":"20"}', None, None])
    same("samples", lake.values("samples", ["sample_id", "sample_index"], of["cohort"]), [("DAD", 3), ("MUM", 2)])
    same("quarantine", lake.values("quarantine", ["text_sha256"], of["cohort"]), [(None,)])
    same("files", lake.values("files", ["samples", "variants"], of["cohort"]), [(2, len(counts))])

    # A later load of the file, in either way, makes what the erasure left.
    lake.load("cohort again", cohort, max_malformed="1", etags="again")
    for table, want in rows.items():
        same(table + " loaded again", lake.rows(table, of["cohort"]), want)
    same("quarantine", lake.values("quarantine", ["text_sha256"], of["cohort"]), [(None,)])

    # Of all files: nothing of the warehouse has the name, and a file of that sample alone is refused.
    erase(lake, "erase all", sample_id=NAME)
    same("files that hold the name", holding(lake, NAME), [])
    for table in ("variants", "genotypes", "quarantine", "files"):
        same(table + " of the sample alone", lake.values(table, ["object"], of["alone"]), [])
    lake.load("alone again", alone, max_malformed="1")
    same("refused", lake.values("files", ["reason"], of["alone"]), [("all samples of the file are erased",)])
    same("files that hold the name", holding(lake, NAME), [])
