"""Loads VCF files into the tables of a variant lake, with Spark and the reader in the jar beside this file.

A run takes a manifest: a file of lines of JSON, or a folder of such files, each an object to load with its uri, etag and size. What it does, in this order:

1. It leaves out the objects that the table files has with the same ETag, version of the reader and reference.
2. It reads the others and writes their rows where nobody sees them. Which files are refused as a whole is known then: also those that have a
   larger part of malformed lines than is allowed. A refused file changes no rows but those of quarantine: what was loaded of an earlier
   version stays.
3. It publishes the rows, one snapshot of each table, files last. So a run that fails before leaves every table as it was, and one that fails
   while it publishes is finished by the next run of the same manifest.

A few objects that the tables have no rows of are read once, and what the reader gives is written as it comes (class Load of the jar). Many
objects, and rows that take the place of those of an earlier version, take the way through Spark: its shuffle puts rows of different objects
into the same data files, and MERGE replaces them in the same snapshot, on a branch that is published by moving main to it.

With a reference, insertions and deletions are aligned to the left as bcftools norm does it, before they have a name: variants and genotypes
have the aligned form and its variant_id from the start. Records whose REF is not what the reference has there are counted, and loaded as they are.

Samples that the table erased has are left out of every file: see erase_sample.py.

It prints one line of counts in CloudWatch's embedded metric format.
"""

import argparse
import collections
import datetime
import hashlib
import itertools
import json
import math
import time

from py4j.java_collections import ListConverter
from pyspark import SparkContext
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

# What the rows mean. A change of the reader that makes other rows of the same file makes this another number: then files are loaded again.
READER = "1"

SOURCE = "io.lakemesh.vcf.spark.VcfSource"

# How the reader begins the reason of a row of quarantine that is about a file and not about a line.
REFUSED = "file refused: "

# What tells the rows of an object apart.
KEYS = {
    "variants": ("object", "record", "allele_index"),
    "genotypes": ("object", "record", "allele_index", "sample_id"),
    "samples": ("object", "sample_index"),
    "quarantine": ("object", "line"),
}

# Up to so many objects are written as they are read. Each makes a data file for each region that it has rows of; those of more objects
# are worth a shuffle, which costs less than to compact them later.
DIRECT = 4

# How often a table is written anew because somebody else, such as a compaction, committed to it in between.
ATTEMPTS = 3


def arguments(words=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--manifest", required=True, help="URI of the manifest")
    parser.add_argument("--database", required=True, help="catalog and database of the tables, such as glue_catalog.genomics_curated")
    parser.add_argument("--run", required=True, help="name of the run, which files keeps")
    parser.add_argument("--assembly", help="assembly that the files must be of; without it, their headers have to tell")
    parser.add_argument("--reference", help="URI of a FASTA file, not compressed, with its index beside it (.fai), of the assembly that is said")
    parser.add_argument("--max-malformed", type=float, default=0.01, help="largest part of the lines of a file that may be malformed (0.01)")
    parser.add_argument("--metrics-namespace", default="LakeMesh/Variants", help="CloudWatch namespace of the counts")
    args, others = parser.parse_known_args(words)
    if others and "--JOB_NAME" not in others:  # Glue adds parameters of its own, that one always
        parser.error(f"got {' '.join(others)}, expected the parameters above")
    if args.reference and not args.assembly:
        parser.error("--reference: got no --assembly, expected the one that the reference is of")
    return args


Named = collections.namedtuple("Named", "uri etag size")


def read_manifest(spark, uri):
    """The objects of a manifest by their URIs; of an object that is named twice, the last line counts."""
    lines = spark._jvm.io.lakemesh.vcf.spark.Load.lines(spark._jsparkSession, uri)
    rows = [Named(line.get("uri"), line.get("etag"), line.get("size")) for line in map(json.loads, filter(str.strip, lines))]
    objects = {row.uri: row for row in rows}
    bad = sorted(str(row.uri) for row in rows if not row.uri or not row.etag)
    if bad:
        raise SystemExit(f"{uri}: got objects without uri or etag ({', '.join(bad)}), expected both")
    if not objects:
        raise SystemExit(f"{uri}: got no objects, expected at least one")
    return objects


def objects_frame(spark, uris):
    return spark.createDataFrame([(uri,) for uri in sorted(uris)], "object STRING")


def known_already(args, load, objects):
    """The objects that the table files has, and those among them that it has as they are now, by this version of the reader and this reference."""
    words = list(load.known(java_list(objects)))
    rows = list(zip(words[::4], words[1::4], words[2::4], words[3::4]))
    same = {uri for uri, etag, reader, reference in rows if (etag, reader, reference) == (objects[uri].etag, READER, args.reference)}
    return {row[0] for row in rows}, same


def of_objects(rows, uris):
    return rows.where(F.col("object").isin(sorted(uris)))


def have_rows(spark, args, load, uris):
    """Whether a table has rows of any of the objects."""
    if not load.mayHaveRows(java_list(uris)):
        return False
    found = [of_objects(spark.table(f"{args.database}.{table}"), uris).select("object").limit(1) for table in ("variants", "genotypes", "samples")]
    return bool(found[0].union(found[1]).union(found[2]).take(1))


class Source:
    """The files of a run as the reader gives them."""

    def __init__(self, spark, uris, assembly, reference=None, erased=""):
        self.reader = spark.read.format(SOURCE).option("erased", erased)
        if assembly:
            self.reader = self.reader.option("assembly", assembly)
        if reference:
            self.reader = self.reader.option("reference", reference)
        self.uris = sorted(uris)

    def rows(self, kind, uris=None):
        """The rows of one kind, with the columns of that kind."""
        return self.reader.option("kinds", kind).load(sorted(uris) if uris is not None else self.uris).select(f"{kind}.*")


def judge(args, splits):
    """The row of files of each object by what the reader says of its splits, and how many lines stand before each split."""
    found, lines_before = {}, []
    splits = sorted(splits, key=lambda s: (s["object"], s["split"]))
    for uri, own in itertools.groupby(splits, key=lambda s: s["object"]):
        own = list(own)
        lines = 0
        for s in own:
            lines_before.append((uri, s["split"], lines))
            lines += s["lines"]
        total = {name: sum(s[name] for s in own) for name in ("records", "variants", "genotypes", "quarantined", "past_end")}
        total["ref_mismatches"] = sum(s["ref_mismatches"] or 0 for s in own) if args.reference else None
        reason = next((s["refused"] for s in own if s["refused"]), None)
        allowed = math.floor(args.max_malformed * (total["records"] + total["quarantined"]))
        if reason is None and total["quarantined"] > allowed:
            reason = f"{total['quarantined']} of {total['records'] + total['quarantined']} lines are malformed, expected at most {allowed}"
        first = own[0]
        found[uri] = dict(
            total, object=uri, status="refused" if reason else "loaded", reason=reason, codec=first["codec"], vcf_version=first["vcf_version"],
            assembly=first["assembly"], samples=first["samples"], lines=lines, reader=READER, reference=args.reference, run=args.run,
        )
    return found, lines_before


def quarantine_of(spark, source, found, lines_before):
    """The rows of quarantine of the files that were read: None where there are none."""
    offsets = spark.createDataFrame(lines_before, "object STRING, split INT, lines_before BIGINT")
    quarantined = [uri for uri, f in found.items() if f["quarantined"] or f["reason"]]
    if not quarantined:
        return None
    bad = source.rows("quarantine", quarantined).where(~F.col("reason").startswith(REFUSED)).join(F.broadcast(offsets), ["object", "split"])
    line = F.when(F.col("line_in_split") > 0, F.col("line_in_split") + F.col("lines_before")).otherwise(F.lit(0).cast("bigint"))
    bad = bad.select("object", line.alias("line"), "reason", "text_sha256")
    # A file that is refused for its malformed lines has a row that says so; a file that is cut off may be found so in several splits.
    refused = [(f["object"], 0, REFUSED + f["reason"], None) for f in found.values() if f["reason"]]
    said = spark.createDataFrame(refused, bad.schema) if refused else None
    return bad.unionByName(said) if said is not None else bad


class Loader:
    """Writes and publishes the tables of one run."""

    def __init__(self, spark, database, branch):
        self.spark = spark
        self.database = database
        self.catalog = database.split(".")[0]
        self.branch = branch

    def write(self, table, rows, uris):
        """Writes the rows of the objects on a new branch of the table, in place of those that it has of them."""
        name = f"{self.database}.{table}"
        self.spark.sql(f"ALTER TABLE {name} CREATE OR REPLACE BRANCH {self.branch} RETAIN 7 DAYS")
        old = self.spark.table(name).where(F.col("object").isin(sorted(uris)))
        replaced = sorted(row.object for row in old.select("object").distinct().collect())
        if not replaced:
            rows.writeTo(f"{name}.branch_{self.branch}").append()
            return
        self.replace(name, KEYS[table], rows, old.where(F.col("object").isin(replaced)), replaced)

    def replace(self, name, keys, rows, old, replaced):
        """Merges new rows over old ones in one snapshot: rows that are no longer there are deleted.

        WHEN NOT MATCHED BY SOURCE would read and rewrite the whole table. Here the condition names the objects, so that only files with rows of
        them are touched: the rows to delete are named by their keys among the rows of the source.
        """
        gone = old.select(*keys).join(rows.select(*keys), list(keys), "left_anti")
        source = rows.withColumn("gone", F.lit(False)).unionByName(gone.withColumn("gone", F.lit(True)), allowMissingColumns=True)
        source.createOrReplaceTempView("lakemesh_source")
        objects = ", ".join("'" + uri.replace("\\", "\\\\").replace("'", "\\'") + "'" for uri in replaced)
        same = " AND ".join(f"t.{k} = s.{k}" for k in keys)
        self.spark.sql(
            f"MERGE INTO {name}.branch_{self.branch} t USING lakemesh_source s ON t.object IN ({objects}) AND {same}"
            f" WHEN MATCHED AND s.gone THEN DELETE"
            f" WHEN MATCHED THEN UPDATE SET {', '.join(f't.{c} = s.{c}' for c in rows.columns)}"
            f" WHEN NOT MATCHED THEN INSERT ({', '.join(rows.columns)}) VALUES ({', '.join(f's.{c}' for c in rows.columns)})"
        )

    def publish(self, table):
        """Makes the branch what everybody reads; false where the table has changed since the branch was made."""
        name = f"{self.database}.{table}"
        try:
            self.spark.sql(f"CALL {self.catalog}.system.fast_forward('{name}', 'main', '{self.branch}')")
        except Exception as e:  # py4j gives no class of its own
            if "is not an ancestor" not in str(e):
                raise
            return False
        self.spark.sql(f"ALTER TABLE {name} DROP BRANCH {self.branch}")
        return True


def write_files(spark, args, objects, found, known):
    """Writes the row of each object into files, which has some of them already: the end of the run."""
    now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)  # as the table has it
    schema = spark.table(f"{args.database}.files").schema
    rows = [dict(f, etag=objects[uri].etag, size=objects[uri].size, loaded_at=now) for uri, f in sorted(found.items())]
    frame = spark.createDataFrame([tuple(row[name] for name in schema.names) for row in rows], schema)
    if not known.intersection(found):
        frame.writeTo(f"{args.database}.files").append()
        return
    frame.createOrReplaceTempView("lakemesh_files")
    spark.sql(
        f"MERGE INTO {args.database}.files t USING lakemesh_files s ON t.object = s.object"
        " WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *"
    )


def metrics(args, counts):
    """One line in CloudWatch's embedded metric format."""
    names = [{"Name": name, "Unit": "Count"} for name in counts]
    aws = {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [{"Namespace": args.metrics_namespace, "Dimensions": [["Database"]], "Metrics": names}]}
    print(json.dumps({"_aws": aws, "Database": args.database, "Run": args.run, **counts}), flush=True)


def direct_load(spark, args):
    """What reads files and writes rows as they come, in Java."""
    return spark._jvm.io.lakemesh.vcf.spark.Load(spark._jsparkSession, args.database, args.assembly, args.reference)


def java_list(words):
    return ListConverter().convert(sorted(words), SparkContext._gateway._gateway_client)


def write_and_publish(loader, work):
    """Writes the rows of some tables and publishes them when all are written."""
    for table, (rows, uris) in work.items():
        loader.write(table, rows, uris)
    for table, (rows, uris) in work.items():
        attempt = 1
        while not loader.publish(table):
            attempt += 1
            if attempt > ATTEMPTS:
                raise SystemExit(f"{loader.database}.{table}: others committed during {ATTEMPTS} attempts; fix: run one load at a time")
            loader.write(table, rows, uris)


def load_objects(spark, args, direct, objects, known, todo):
    """Loads the objects that are to do, and returns the row of files of each."""
    source = Source(spark, todo, args.assembly, args.reference, direct.erased())
    written = direct.read(java_list(todo)) if len(todo) <= DIRECT and not have_rows(spark, args, direct, todo) else None
    try:
        splits = [json.loads(split) for split in written] if written is not None else [row.asDict() for row in source.rows("split").collect()]
        found, lines_before = judge(args, splits)
        bad = quarantine_of(spark, source, found, lines_before)
        good = [uri for uri, f in found.items() if f["status"] == "loaded"]
        work = {}
        if good and written is None:
            kinds = {"variants": "variant", "genotypes": "genotype", "samples": "sample"}
            work = {table: (source.rows(kind, good), good) for table, kind in kinds.items()}
        if bad is not None or known.intersection(todo) and of_objects(spark.table(f"{args.database}.quarantine"), todo).take(1):
            work["quarantine"] = (bad if bad is not None else spark.table(f"{args.database}.quarantine").limit(0), todo)
        direct.commit(java_list(good))
    finally:
        direct.commit(java_list([]))  # what a failure before left
    write_and_publish(Loader(spark, args.database, "load_" + hashlib.sha256(json.dumps(sorted(todo)).encode()).hexdigest()[:16]), work)
    write_files(spark, args, objects, found, known)
    return found


def load(spark, args):
    # Without this a sorted table is written by ranges, for which Spark reads all files a second time.
    spark.conf.set("spark.sql.iceberg.distribution-mode", "hash")
    objects = read_manifest(spark, args.manifest)
    direct = direct_load(spark, args)
    known, skipped = known_already(args, direct, objects)
    todo = set(objects) - skipped
    found = list(load_objects(spark, args, direct, objects, known, todo).values()) if todo else []
    good = [f for f in found if f["status"] == "loaded"]
    counts = {"FilesLoaded": len(good), "FilesRefused": len(found) - len(good), "FilesSkipped": len(skipped)}
    counts |= {"Variants": sum(f["variants"] for f in good), "Genotypes": sum(f["genotypes"] for f in good)}
    counts |= {"LinesQuarantined": sum(f["quarantined"] for f in found), "RefMismatches": sum(f["ref_mismatches"] or 0 for f in good)}
    metrics(args, counts)


if __name__ == "__main__":
    spark = SparkSession.builder.appName("load_variants").getOrCreate()
    load(spark, arguments())
    spark.stop()
