"""Runs the job on small files with Spark and Iceberg on this machine, and checks what the tables have after each run.

usage: load_variants_test.py JARS FOLDER, with the jars of the reader and of Iceberg, where tables.sql is beside the job
"""

import hashlib
import json
import os
import pathlib
import sys

import annotate_test
import erase_test
import load_variants
import normalize_test
from pyspark.sql import SparkSession

DATABASE = "lake.genomics"
EDGE = pathlib.Path(__file__).parents[1] / "testdata" / "edge"
HEADER = "##fileformat=VCFv4.2\n##reference=GRCh38\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tA\tB\n"


def start(jars, folder):
    catalog = {"": "org.apache.iceberg.spark.SparkCatalog", ".type": "hadoop", ".warehouse": str(folder / "warehouse")}
    builder = SparkSession.builder.master("local[1]").config("spark.jars", jars)
    builder = builder.config("spark.sql.extensions", "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions")
    for key, value in catalog.items():
        builder = builder.config("spark.sql.catalog.lake" + key, value)
    for key in ("spark.ui.enabled", "spark.ui.showConsoleProgress"):
        builder = builder.config(key, "false")
    # Everything is small and runs once: a quick compiler and one thread cost least.
    builder = builder.config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
    builder = builder.config("spark.sql.shuffle.partitions", "1").config("spark.local.dir", str(folder / "local"))
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    for statement in (pathlib.Path(load_variants.__file__).parent / "tables.sql").read_text().replace("{database}", DATABASE).split(";\n"):
        if statement.strip():
            spark.sql(statement)
    return spark


class Lake:
    def __init__(self, spark, folder):
        self.spark = spark
        self.folder = folder

    def file(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return str(path)

    def load(self, run, *files, etags="", **options):
        manifest = self.folder / f"{run}"  # a folder with a part for each call of the queue, as the workflow writes it
        manifest.mkdir()
        for number, file in enumerate(files):
            size = os.path.getsize(file) if os.path.exists(file) else 0
            etag = hashlib.sha256(open(file, "rb").read()).hexdigest() if size else "gone"
            (manifest / f"part-{number + 1}.json").write_text(json.dumps({"uri": file, "etag": etag + etags, "size": size}) + "\n")
        words = ["--manifest", str(manifest), "--database", DATABASE, "--run", run]
        for key, value in options.items():
            words += ["--" + key.replace("_", "-"), value]
        load_variants.load(self.spark, load_variants.arguments(words))

    def data_files(self):
        return sorted(str(path) for path in (self.folder / "warehouse").rglob("*.parquet"))

    def rows(self, table, where="true"):
        return sorted(row[0] for row in self.spark.table(f"{DATABASE}.{table}").where(where).selectExpr("to_json(struct(*))").collect())

    def state(self):
        """All rows of all tables, their snapshots, and their branches."""
        state = {}
        for table in ("variants", "genotypes", "samples", "quarantine", "files"):
            name = f"{DATABASE}.{table}"
            state[table] = self.rows(table)
            state[table + " snapshots"] = self.spark.table(name + ".snapshots").count()
            state[table + " refs"] = sorted(row.name for row in self.spark.table(name + ".refs").collect())
        return state

    def values(self, table, columns, where="true"):
        return sorted(tuple(row) for row in self.spark.table(f"{DATABASE}.{table}").where(where).selectExpr(*columns).collect())


def same(what, got, want):
    if got != want:
        raise SystemExit(f"{what}: got {got}, expected {want}")


def main(jars, folder):
    folder = pathlib.Path(folder)
    lake = Lake(start(jars, folder), folder)
    line = "chr1\t{}\t.\tA\tC\t.\tPASS\t.\tGT\t{}\t{}\n"
    one = lake.file("one's.vcf", HEADER + line.format(5, "0/1", "0/0") + line.format(20_000_005, "./.", "1/1"))
    two = lake.file("two.vcf", HEADER + line.format(5, "1/1", "0/0"))
    ids = ["variant_id", "element_at(split(object, '/'), -1)"]
    calls = ["variant_id", "element_at(split(object, '/'), -1)", "sample_id", "copies"]

    lake.load("first", one, two)
    first = lake.state()
    a, b = "GRCh38:chr1:5:A:C", "GRCh38:chr1:20000005:A:C"
    same("variants", lake.values("variants", ids), [(b, "one's.vcf"), (a, "one's.vcf"), (a, "two.vcf")])
    genotypes = [(b, "one's.vcf", "A", 0), (b, "one's.vcf", "B", 2), (a, "one's.vcf", "A", 1), (a, "two.vcf", "A", 2)]
    same("genotypes", lake.values("genotypes", calls), genotypes)
    same("partitions", lake.spark.table(f"{DATABASE}.genotypes.partitions").count(), 2)
    same("refs", first["variants refs"], ["main"])

    lake.load("again", one, two)
    same("the same objects once more", lake.state(), first)

    # A new version of an object takes the place of the old one in one snapshot; rows of other objects in the same files stay.
    lake.file("one's.vcf", HEADER + line.format(5, "1/1", "0/1") + "broken\n" + line.format(7, "0/1", "0/0"))
    lake.load("changed", one, two, max_malformed="0.5")
    c = "GRCh38:chr1:7:A:C"
    same("variants", lake.values("variants", ids), [(a, "one's.vcf"), (a, "two.vcf"), (c, "one's.vcf")])
    genotypes = [(a, "one's.vcf", "A", 2), (a, "one's.vcf", "B", 1), (a, "two.vcf", "A", 2), (c, "one's.vcf", "A", 1)]
    same("genotypes", lake.values("genotypes", calls), genotypes)
    same("quarantine", lake.values("quarantine", ["line", "reason"]), [(5, "columns: got 1, expected at least 8")])
    changed = lake.state()
    same("snapshots", changed["variants snapshots"], first["variants snapshots"] + 1)
    same("snapshots", changed["genotypes snapshots"], first["genotypes snapshots"] + 1)

    # What is refused changes no rows but those of quarantine and files.
    lake.file("one's.vcf", HEADER + line.format(5, "1/1", "0/1") + "broken\n" + line.format(7, "0/1", "0/0"))
    twins = lake.file("twins.vcf", HEADER.replace("\tA\tB", "\tA\tA"))
    malformed = lake.file("malformed.vcf", HEADER + "broken\n" + line.format(7, "0/1", "0/0"))
    lake.load("refused", twins, malformed, str(folder / "gone.vcf"))
    refused = lake.state()
    for table in ("variants", "genotypes", "samples"):
        same(table, refused[table], changed[table])
        same(table + " snapshots", refused[table + " snapshots"], changed[table + " snapshots"])
    reasons = [
        ("file refused: 1 of 2 lines are malformed, expected at most 0", 0),
        ("file refused: samples 1 and 2 have the same name", 0),
        ("file refused: the file does not exist", 0),
    ]
    same("quarantine", lake.values("quarantine", ["reason", "line"], "line = 0"), reasons)
    same("files", lake.values("files", ["status"]), [("loaded",)] * 2 + [("refused",)] * 3)

    # A run that writes as it reads and fails before it publishes leaves nothing, and the next run does it.
    three = lake.file("three.vcf", HEADER + line.format(9, "0/1", "0/0"))
    files = lake.data_files()
    judge = load_variants.judge

    def fail_to_judge(args, splits):
        raise RuntimeError("the test stops here")

    load_variants.judge = fail_to_judge
    try:
        lake.load("fails", three)
    except RuntimeError:
        pass
    load_variants.judge = judge
    same("state", lake.state(), refused)
    same("data files", lake.data_files(), files)
    lake.load("recovers", three)
    same("variants", len(lake.values("variants", ids)), 4)

    # The same of many objects, which are written on a branch.
    refused, direct = lake.state(), load_variants.DIRECT
    load_variants.DIRECT = 0

    # A run that fails before it publishes leaves what everybody reads as it was; the next run does it.
    four = lake.file("four.vcf", HEADER + line.format(10, "0/1", "0/0"))
    write = load_variants.Loader.write

    def fail(self, table, rows, uris):
        if table == "samples":
            raise RuntimeError("the test stops here")
        write(self, table, rows, uris)

    load_variants.Loader.write = fail
    try:
        lake.load("fails again", four)
    except RuntimeError:
        pass
    load_variants.Loader.write = write
    after = lake.state()
    for table in ("variants", "genotypes", "samples", "quarantine", "files"):
        same(table, after[table], refused[table])
    lake.load("recovers again", four)
    same("variants", len(lake.values("variants", ids)), 5)
    same("refs", lake.values("variants.refs", ["name"]), [("main",)])

    # A commit of somebody else in between, such as a compaction: the branch is written anew.
    five = lake.file("five.vcf", HEADER + line.format(11, "0/1", "0/0"))

    def write_and_interfere(self, table, rows, uris):
        write(self, table, rows, uris)
        if table == "samples":
            load_variants.Loader.write = write
            lake.spark.sql(f"CALL lake.system.rewrite_data_files(table => '{DATABASE}.variants', options => map('rewrite-all', 'true'))")

    load_variants.Loader.write = write_and_interfere
    lake.load("contended", five)
    same("variants", len(lake.values("variants", ids)), 6)
    same("refs", lake.values("variants.refs", ["name"]), [("main",)])

    # What is written as it is read is what Spark would write.
    load_variants.DIRECT = 100
    edge = [str(path) for path in sorted(EDGE.glob("*.vcf")) if path.stem in ("calls", "contigs", "gvcf", "long", "multiallelic", "structural", "v44")]
    lake.load("directly", *edge, assembly="GRCh38", max_malformed="1")
    rows = {table: lake.rows(table) for table in ("variants", "genotypes", "samples")}
    load_variants.DIRECT = 0
    lake.load("through Spark", *edge, assembly="GRCh38", max_malformed="1", etags="other")
    for table, want in rows.items():
        same(table, lake.rows(table), want)
    load_variants.DIRECT = direct

    # A file in no order is left to Spark, which sorts it.
    mixed = lake.file("mixed.vcf", HEADER + "".join(line.format(1 + i % 3 * 20_000_000, "0/1", "0/0") for i in range(300)))
    lake.load("mixed", mixed)
    same("mixed", lake.spark.table(f"{DATABASE}.variants.files").where("file_path LIKE '%chr1/pos_trunc=40%'").count(), 1)

    normalize_test.check(lake, same)
    annotate_test.check(lake, same)
    erase_test.check(lake, same)

    # The file that test/e2e lands in the sample mesh, whose workflow writes a manifest of this form.
    small = str(pathlib.Path(__file__).resolve().parents[3] / "test" / "e2e" / "testdata" / "small.vcf")
    lake.load("small", small)
    carriers = [("GRCh38:chr17:43063903:T:C", "S1", 2), ("GRCh38:chr17:43094464:G:GC", "S1", 1)]
    same("carriers", lake.values("genotypes", ["variant_id", "sample_id", "copies"], "object LIKE '%small.vcf'"), carriers)
    print("ok")


if __name__ == "__main__":
    main(*sys.argv[1:])
