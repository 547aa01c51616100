"""Joins the variants of a lake with ClinVar or gnomAD, with Spark and the reader in the jar beside this file.

A run takes the VCF files of one version of one source, and writes into the table annotations a row for each variant of the lake that the source
has: the same assembly, contig, position and alleles. The reader brings the source's alleles into the form that the lake's have, by the same
reference. What the run does:

1. It reads the files once, and keeps what the lake has. A file that is refused, or has too many malformed lines, ends the run: nothing is written.
2. It compares the rows with those that the table has of this source, version and assembly, and merges the differences in one snapshot: new variants
   come, rows of variants that the lake no longer has go, and without a difference there is no snapshot.

It prints one line of counts in CloudWatch's embedded metric format.
"""

import argparse
import datetime
import json
import math
import re
import time

from pyspark import StorageLevel
from pyspark.sql import SparkSession, Window
from pyspark.sql import functions as F

SOURCE = "io.lakemesh.vcf.spark.VcfSource"

# The stars that ClinVar shows for a review status: the first beginning that fits.
STARS = [
    ("practice_guideline", 4),
    ("reviewed_by_expert_panel", 3),
    ("criteria_provided,_multiple_submitters", 2),
    ("criteria_provided", 1),
    ("no_", 0),
]


def arguments(words=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", required=True, choices=["clinvar", "gnomad"], help="where the files are from")
    parser.add_argument("--version", required=True, help="version of the source, such as 2026-11-01 or 4.1: rows of other versions stay")
    parser.add_argument("--file", required=True, action="append", help="URI of a VCF file of the source; given again for each")
    parser.add_argument("--database", required=True, help="catalog and database of the tables, such as glue_catalog.genomics_curated")
    parser.add_argument("--run", required=True, help="name of the run, which annotations keeps")
    parser.add_argument("--assembly", required=True, help="assembly of the files, such as GRCh38: only variants of it are annotated")
    parser.add_argument("--reference", help="URI of the FASTA file by which the variants were loaded; without it, they must have been loaded without one")
    parser.add_argument("--max-malformed", type=float, default=0.01, help="largest part of the lines of a file that may be malformed (0.01)")
    parser.add_argument("--metrics-namespace", default="LakeMesh/Variants", help="CloudWatch namespace of the counts")
    args = parser.parse_args(words)
    for name in ("version", "assembly"):
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", getattr(args, name)):
            parser.error(f"--{name}: got {getattr(args, name)!r}, expected 1 to 64 letters, digits, dots, hyphens and underscores")
    return args


def check_reference(spark, args):
    """Alleles of two forms do not meet: some file of the lake must have been loaded by the reference that the source is read by."""
    files = spark.table(f"{args.database}.files").where((F.col("status") == "loaded") & (F.col("assembly") == args.assembly))
    used = {row.reference for row in files.select("reference").distinct().collect()}
    if used and args.reference not in used:
        named = ", ".join(sorted(f"by {r}" if r else "without one" for r in used))
        raise SystemExit(f"--reference: got {args.reference}, but variants of {args.assembly} were loaded {named}; fix: the same here as in the load")


def clinvar(info):
    """The columns that ClinVar's INFO gives."""
    stars = F.lit(None).cast("int")
    for beginning, count in reversed(STARS):
        stars = F.when(info("CLNREVSTAT").startswith(beginning), F.lit(count)).otherwise(stars)
    return {
        "clinvar_allele_id": info("ALLELEID").cast("bigint"),
        "clinical_significance": info("CLNSIG"),
        "review_status": info("CLNREVSTAT"),
        "review_stars": stars,
        "conditions": F.transform(F.split(info("CLNDN"), r"\|"), lambda name: F.translate(name, "_", " ")),
        "genes": F.transform(F.split(info("GENEINFO"), r"\|"), lambda gene: F.split(gene, ":")[0]),
        "gene_info": info("GENEINFO"),
    }


def gnomad(info):
    """The columns that gnomAD's INFO gives: of version 4 or before it, of genomes, exomes, or both joined."""

    def first(*names):
        return F.coalesce(*(info(name + joint) for name in names for joint in ("", "_joint")))

    return {
        "af": first("AF").cast("double"),
        "af_grpmax": first("AF_grpmax", "AF_popmax", "AF_POPMAX").cast("double"),
        "grpmax": first("grpmax", "popmax", "POPMAX"),
        "allele_count": first("AC").cast("bigint"),
        "allele_number": first("AN").cast("bigint"),
        "homozygotes": first("nhomalt", "Hom").cast("bigint"),
    }


def matched(spark, args):
    """One reading of the files: the lines that the lake has variants of, in the columns of annotations, and the counts of the splits."""
    reader = spark.read.format(SOURCE).option("kinds", "variant,split").option("assembly", args.assembly)
    if args.reference:
        reader = reader.option("reference", args.reference)
    columns = {"clinvar": clinvar, "gnomad": gnomad}[args.source](lambda name: F.element_at("variant.info", name))
    source = reader.load(sorted(set(args.file))).select(
        F.col("variant.contig").alias("contig"),
        F.col("variant.pos").alias("pos"),
        F.col("variant.ref").alias("ref"),
        F.col("variant.alt").alias("alt"),
        F.array_join("variant.ids", ";").alias("source_id"),
        F.col("variant.filters").alias("filters"),
        *(value.alias(name) for name, value in columns.items()),
        F.col("variant.object").alias("object"),
        F.col("variant.record").alias("record"),
        "split",
    )
    alleles = ["contig", "pos", "ref", "alt"]
    lake = spark.table(f"{args.database}.variants").where((F.col("assembly") == args.assembly) & F.col("alt").isNotNull())
    lake = lake.where(F.col("variant_type").isin("snv", "mnv", "insertion", "deletion", "delins")).select("variant_id", *alleles).distinct()
    found = source.join(lake, alleles, "left")
    return found.where(F.col("variant_id").isNotNull() | F.col("split").isNotNull()), list(columns)


def check_splits(args, splits):
    """Ends the run where a file cannot be trusted."""
    bad = []
    for uri in sorted(set(args.file)):
        own = [s for s in splits if s.object == uri]
        refused = next((s.refused for s in own if s.refused), None)
        lines = sum(s.records + s.quarantined for s in own)
        malformed = sum(s.quarantined for s in own)
        if refused:
            bad.append(f"{uri}: {refused}")
        elif malformed > math.floor(args.max_malformed * lines):
            bad.append(f"{uri}: {malformed} of {lines} lines are malformed, expected at most {math.floor(args.max_malformed * lines)}")
    if bad:
        raise SystemExit("; ".join(bad))


def annotate(spark, args):
    spark.conf.set("spark.sql.iceberg.distribution-mode", "hash")
    check_reference(spark, args)
    name = f"{args.database}.annotations"
    found, columns = matched(spark, args)
    found = found.persist(StorageLevel.DISK_ONLY)
    try:
        check_splits(args, [row.split for row in found.where(F.col("split").isNotNull()).select("split").collect()])
        # A source may write a variant in two ways, which are one when aligned: the better review, then the first allele, counts.
        better = [F.col("review_stars").desc_nulls_last(), F.col("clinvar_allele_id")] if args.source == "clinvar" else [F.col("allele_number").desc_nulls_last()]
        rank = F.row_number().over(Window.partitionBy("variant_id").orderBy(*better, "object", "record"))
        lines = found.where(F.col("variant_id").isNotNull())
        content = ["variant_id", "contig", "pos", "ref", "alt", "source_id", "filters", *columns]
        new = lines.withColumn("rank", rank).where("rank = 1").select(*content)
        here = {"source": args.source, "source_version": args.version, "assembly": args.assembly}
        old = spark.table(name).where(" AND ".join(f"{column} = '{value}'" for column, value in here.items())).select(*content)
        changed = new.exceptAll(old).withColumn("gone", F.lit(False))
        gone = old.join(new.select("variant_id"), "variant_id", "left_anti").select(*content).withColumn("gone", F.lit(True))
        work = changed.unionByName(gone).persist(StorageLevel.DISK_ONLY)
        counts = {row.gone: row["count"] for row in work.groupBy("gone").count().collect()}
        if counts:
            merge(spark, args, name, work, here)
        work.unpersist()
        total = lines.agg(F.count("*").alias("lines"), F.countDistinct("variant_id").alias("variants")).collect()[0]
    finally:
        found.unpersist()
    metrics(args, {
        "VariantsAnnotated": total.variants, "AnnotationsWritten": counts.get(False, 0), "AnnotationsRemoved": counts.get(True, 0),
        "LinesOfOneVariant": total.lines - total.variants,
    })


def merge(spark, args, name, work, here):
    """Writes the differences in one snapshot. The condition names source and version, so that files of others are not touched."""
    now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None).isoformat(sep=" ")
    rows = work.select("*", *(F.lit(value).alias(column) for column, value in here.items()), F.lit(args.run).alias("run"), F.lit(now).cast("timestamp_ntz").alias("annotated_at"))
    rows.createOrReplaceTempView("lakemesh_annotations")
    columns = [c for c in rows.columns if c != "gone"]
    same = " AND ".join([*(f"t.{column} = '{value}'" for column, value in here.items()), "t.contig = s.contig", "t.variant_id = s.variant_id"])
    spark.sql(
        f"MERGE INTO {name} t USING lakemesh_annotations s ON {same}"
        f" WHEN MATCHED AND s.gone THEN DELETE"
        f" WHEN MATCHED THEN UPDATE SET {', '.join(f't.{c} = s.{c}' for c in columns)}"
        f" WHEN NOT MATCHED THEN INSERT ({', '.join(columns)}) VALUES ({', '.join(f's.{c}' for c in columns)})"
    )


def metrics(args, counts):
    """One line in CloudWatch's embedded metric format."""
    names = [{"Name": name, "Unit": "Count"} for name in counts]
    dimensions = [["Database", "Source"]]
    aws = {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [{"Namespace": args.metrics_namespace, "Dimensions": dimensions, "Metrics": names}]}
    print(json.dumps({"_aws": aws, "Database": args.database, "Source": args.source, "Run": args.run, **counts}), flush=True)


if __name__ == "__main__":
    spark = SparkSession.builder.appName("annotate_variants").getOrCreate()
    annotate(spark, arguments())
    spark.stop()
