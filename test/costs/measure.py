"""Measures what the load of one genome's VCF costs: CPU seconds and bytes of the tables, for each record.

usage: measure.py READER_JAR,ICEBERG_JAR FOLDER

It makes two files of one sample with as many variants a base as a genome has, loads each into Iceberg tables of its own
with Spark on one core, and prints what differs between the two, divided by the records between them; what both have in
common, the start of a run, is left out. Of the CPU seconds those of Spark's Java program and of the script are counted.
"""

import gzip
import json
import os
import pathlib
import random
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "constructs" / "variants" / "job"))
import load_variants  # noqa: E402
from pyspark.sql import SparkSession  # noqa: E402

GENOME, VARIANTS = 3_100_000_000, 5_000_000
SMALL, LARGE = 100_000, 400_000
HEADER = [
    "##fileformat=VCFv4.2",
    "##reference=GRCh38",
    "##contig=<ID=chr1,length=248956422>",
    '##FILTER=<ID=LowQual,Description="Low quality">',
    '##INFO=<ID=AC,Number=A,Type=Integer,Description="Allele count">',
    '##INFO=<ID=AF,Number=A,Type=Float,Description="Allele frequency">',
    '##INFO=<ID=AN,Number=1,Type=Integer,Description="Alleles">',
    '##INFO=<ID=DP,Number=1,Type=Integer,Description="Depth">',
    '##INFO=<ID=FS,Number=1,Type=Float,Description="Strand bias">',
    '##INFO=<ID=MQ,Number=1,Type=Float,Description="Mapping quality">',
    '##INFO=<ID=QD,Number=1,Type=Float,Description="Quality by depth">',
    '##INFO=<ID=SOR,Number=1,Type=Float,Description="Strand odds ratio">',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Depth of alleles">',
    '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">',
    '##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="Quality">',
    '##FORMAT=<ID=PL,Number=G,Type=Integer,Description="Likelihoods">',
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tNA12878",
]


def record(draw, position):
    ref = draw.choice("ACGT")
    alt = draw.choice([b for b in "ACGT" if b != ref])
    kind = draw.random()
    if kind < 0.06:
        ref += "".join(draw.choices("ACGT", k=draw.randint(1, 8)))
        alt = ref[0]
    elif kind < 0.12:
        alt = ref + "".join(draw.choices("ACGT", k=draw.randint(1, 8)))
    homozygous = draw.random() < 0.38
    depth = max(8, int(draw.gauss(32, 6)))
    with_alt = depth if homozygous else int(depth * draw.gauss(0.5, 0.08))
    quality = 99 if draw.random() < 0.85 else draw.randint(20, 98)
    name = f"rs{draw.randint(1, 10**9)}" if draw.random() < 0.95 else "."
    allele = "AC=2;AF=1.000" if homozygous else "AC=1;AF=0.500"
    info = f"{allele};AN=2;DP={depth};FS={draw.random() * 5:.3f};MQ={draw.choice(['60.00', '59.87', '58.31'])};QD={draw.random() * 30:.2f};SOR={draw.random():.3f}"
    likelihoods = f"{depth * 30},{depth * 3},0" if homozygous else f"{with_alt * 28},0,{(depth - with_alt) * 28}"
    sample = f"{'1/1' if homozygous else '0/1'}:{depth - with_alt},{with_alt}:{depth}:{quality}:{likelihoods}"
    return f"chr1\t{position}\t{name}\t{ref}\t{alt}\t{depth * 25 + draw.random() * 50:.2f}\tPASS\t{info}\tGT:AD:DP:GQ:PL\t{sample}"


def write(path, records):
    draw = random.Random(records)
    apart = GENOME // VARIANTS
    with gzip.open(path, "wt", compresslevel=6) as out:
        out.write("\n".join(HEADER) + "\n")
        position = 10_000
        for _ in range(records):
            position += 1 + int(draw.expovariate(1 / (apart - 1)))
            out.write(record(draw, position) + "\n")
    return path.stat().st_size


def seconds(pid):
    """CPU seconds of a process since it began."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def table_bytes(folder):
    return {
        table: sum(f.stat().st_size for f in (folder / table / "data").rglob("*.parquet"))
        for table in ("variants", "genotypes")
    }


def main():
    jars, folder = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    builder = SparkSession.builder.master("local[1]").config("spark.jars", jars).config("spark.ui.enabled", "false")
    builder = builder.config("spark.sql.extensions", "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions")
    for key, value in {"": "org.apache.iceberg.spark.SparkCatalog", ".type": "hadoop", ".warehouse": str(folder / "warehouse")}.items():
        builder = builder.config("spark.sql.catalog.lake" + key, value)
    builder = builder.config("spark.driver.memory", "2g").config("spark.sql.shuffle.partitions", "4").config("spark.local.dir", str(folder / "local"))
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    pid = spark.sparkContext._gateway.proc.pid
    found = {}
    for warm, records in ((True, SMALL), (False, SMALL), (False, LARGE)):
        name = f"d{records}{'warm' if warm else ''}"
        for statement in (pathlib.Path(load_variants.__file__).parent / "tables.sql").read_text().replace("{database}", f"lake.{name}").split(";\n"):
            if statement.strip():
                spark.sql(statement)
        file = folder / f"{name}.vcf.gz"
        size = write(file, records)
        manifest = folder / f"{name}.json"
        manifest.write_text(json.dumps({"uri": str(file), "etag": name, "size": size}) + "\n")
        before = seconds(pid) + time.process_time()
        load_variants.load(spark, load_variants.arguments(["--manifest", str(manifest), "--database", f"lake.{name}", "--run", name]))
        used = seconds(pid) + time.process_time() - before
        if not warm:
            found[records] = {"seconds": used, "vcf": size, **table_bytes(folder / "warehouse" / name)}
            print(json.dumps({"records": records, **found[records]}), file=sys.stderr)
    each = {key: (found[LARGE][key] - found[SMALL][key]) / (LARGE - SMALL) for key in found[LARGE]}
    print(json.dumps({"microseconds": round(each["seconds"] * 1e6, 1), **{k + "Bytes": round(each[k], 1) for k in ("vcf", "variants", "genotypes")}}))


if __name__ == "__main__":
    main()
