"""Loads VCF files into the tables of a variant lake, with Spark and the reader in the jar beside this file.

A run takes a manifest: a file of lines of JSON, each an object to load with its uri, etag and size. What it does, in this order:

1. It leaves out the objects that the table files has with the same ETag, version of the reader and reference.
2. It reads the others once without writing: which are refused as a whole, which lines are malformed. A file with a larger part of malformed
   lines than is allowed is refused, too.
3. It writes the rows of each table on a branch that nobody reads. Rows of an earlier version of an object are replaced in the same snapshot.
   A refused file changes no rows but those of quarantine: what was loaded of an earlier version stays.
4. It publishes the branches, files last. So a run that fails before leaves every table as it was, and one that fails while it publishes is
   finished by the next run of the same manifest.

With a reference, insertions and deletions are aligned to the left as bcftools norm does it, before they have a name: variants and genotypes
have the aligned form and its variant_id from the start. Records whose REF is not what the reference has there are counted, and loaded as they are.

It prints one line of counts in CloudWatch's embedded metric format.
"""

import argparse
import datetime
import hashlib
import json
import math
import time

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

# What the rows mean. A change of the reader that makes other rows of the same file makes this another number: then files are loaded again.
READER = "1"

SOURCE = "io.lakemesh.vcf.spark.VcfSource"

# What tells the rows of an object apart.
KEYS = {
    "variants": ("object", "record", "allele_index"),
    "genotypes": ("object", "record", "allele_index", "sample_id"),
    "samples": ("object", "sample_index"),
    "quarantine": ("object", "line"),
}

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


def read_manifest(spark, uri):
    """The objects of a manifest by their URIs; of an object that is named twice, the last line counts."""
    rows = spark.read.schema("uri STRING, etag STRING, size BIGINT").option("mode", "FAILFAST").json(uri).collect()
    objects = {row.uri: row for row in rows}
    bad = sorted(str(row.uri) for row in rows if not row.uri or not row.etag)
    if bad:
        raise SystemExit(f"{uri}: got objects without uri or etag ({', '.join(bad)}), expected both")
    if not objects:
        raise SystemExit(f"{uri}: got no objects, expected at least one")
    return objects


def objects_frame(spark, uris):
    return spark.createDataFrame([(uri,) for uri in sorted(uris)], "object STRING")


def done_already(spark, args, objects):
    """The objects that were loaded or refused as they are now, by this version of the reader and by this reference."""
    files = spark.table(f"{args.database}.files").where(F.col("reader") == READER)
    files = files.where(F.col("reference").eqNullSafe(F.lit(args.reference)))
    rows = files.where(F.col("object").isin(sorted(objects))).select("object", "etag").collect()
    return {row.object for row in rows if objects[row.object].etag == row.etag}


class Source:
    """The files of a run as the reader gives them."""

    def __init__(self, spark, uris, assembly, reference=None):
        self.reader = spark.read.format(SOURCE)
        if assembly:
            self.reader = self.reader.option("assembly", assembly)
        if reference:
            self.reader = self.reader.option("reference", reference)
        self.uris = sorted(uris)

    def rows(self, kind, uris=None):
        """The rows of one kind, with the columns of that kind."""
        return self.reader.option("kinds", kind).load(sorted(uris) if uris is not None else self.uris).select(f"{kind}.*")


def survey(spark, args, source):
    """Reads all files without writing: the row of files of each object, and its lines in quarantine."""
    splits = source.rows("split").collect()
    found, lines_before = {}, []
    for uri in source.uris:
        own = sorted((s for s in splits if s.object == uri), key=lambda s: s.split)
        lines = 0
        for s in own:
            lines_before.append((uri, s.split, lines))
            lines += s.lines
        total = {name: sum(s[name] for s in own) for name in ("records", "variants", "genotypes", "quarantined", "past_end")}
        total["ref_mismatches"] = sum(s.ref_mismatches or 0 for s in own) if args.reference else None
        reason = next((s.refused for s in own if s.refused), None)
        allowed = math.floor(args.max_malformed * (total["records"] + total["quarantined"]))
        if reason is None and total["quarantined"] > allowed:
            reason = f"{total['quarantined']} of {total['records'] + total['quarantined']} lines are malformed, expected at most {allowed}"
        first = own[0]
        found[uri] = dict(
            total, object=uri, status="refused" if reason else "loaded", reason=reason, codec=first.codec, vcf_version=first.vcf_version,
            assembly=first.assembly, samples=first.samples, lines=lines, reader=READER, reference=args.reference, run=args.run,
        )
    offsets = spark.createDataFrame(lines_before, "object STRING, split INT, lines_before BIGINT")
    quarantined = [uri for uri, f in found.items() if f["quarantined"] or f["reason"]]
    if not quarantined:
        return found, None
    bad = source.rows("quarantine", quarantined).join(F.broadcast(offsets), ["object", "split"])
    line = F.when(F.col("line_in_split") > 0, F.col("line_in_split") + F.col("lines_before")).otherwise(F.lit(0).cast("bigint"))
    bad = bad.select("object", line.alias("line"), "reason", "text_sha256")
    # A file that is refused for its malformed lines has a row that says so; a file that is cut off may be found so in several splits.
    refused = [(f["object"], 0, "file refused: " + f["reason"], None) for f in found.values() if f["reason"]]
    said = spark.createDataFrame(refused, bad.schema) if refused else None
    bad = bad.where(F.col("text_sha256").isNotNull())
    return found, bad.unionByName(said) if said is not None else bad


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


def write_files(spark, args, objects, found):
    """Writes the row of each object into files: the end of the run."""
    now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)  # as the table has it
    schema = spark.table(f"{args.database}.files").schema
    rows = [dict(f, etag=objects[uri].etag, size=objects[uri].size, loaded_at=now) for uri, f in sorted(found.items())]
    spark.createDataFrame([tuple(row[name] for name in schema.names) for row in rows], schema).createOrReplaceTempView("lakemesh_files")
    spark.sql(
        f"MERGE INTO {args.database}.files t USING lakemesh_files s ON t.object = s.object"
        " WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *"
    )


def metrics(args, counts):
    """One line in CloudWatch's embedded metric format."""
    names = [{"Name": name, "Unit": "Count"} for name in counts]
    aws = {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [{"Namespace": args.metrics_namespace, "Dimensions": [["Database"]], "Metrics": names}]}
    print(json.dumps({"_aws": aws, "Database": args.database, "Run": args.run, **counts}), flush=True)


def load(spark, args):
    # Without this a sorted table is written by ranges, for which Spark reads all files a second time.
    spark.conf.set("spark.sql.iceberg.distribution-mode", "hash")
    objects = read_manifest(spark, args.manifest)
    skipped = done_already(spark, args, objects)
    todo = set(objects) - skipped
    counts = {"FilesSkipped": len(skipped), "FilesLoaded": 0, "FilesRefused": 0, "Variants": 0, "Genotypes": 0, "LinesQuarantined": 0, "RefMismatches": 0}
    if todo:
        source = Source(spark, todo, args.assembly, args.reference)
        found, bad = survey(spark, args, source)
        good = [uri for uri, f in found.items() if f["status"] == "loaded"]
        loader = Loader(spark, args.database, "load_" + hashlib.sha256(json.dumps(sorted(todo)).encode()).hexdigest()[:16])
        work = {}
        if good:
            work = {
                "variants": (source.rows("variant", good), good),
                "genotypes": (source.rows("genotype", good), good),
                "samples": (source.rows("sample", good), good),
            }
        quarantine = spark.table(f"{args.database}.quarantine")
        if bad is not None or quarantine.where(F.col("object").isin(sorted(todo))).limit(1).count():
            work["quarantine"] = (bad if bad is not None else quarantine.limit(0), todo)
        for table, (rows, uris) in work.items():
            loader.write(table, rows, uris)
        for table, (rows, uris) in work.items():
            attempt = 1
            while not loader.publish(table):
                attempt += 1
                if attempt > ATTEMPTS:
                    raise SystemExit(f"{args.database}.{table}: others committed during {ATTEMPTS} attempts; fix: run one load at a time")
                loader.write(table, rows, uris)
        write_files(spark, args, objects, found)
        counts["FilesLoaded"] = len(good)
        counts["FilesRefused"] = len(found) - len(good)
        counts["Variants"] = sum(found[uri]["variants"] for uri in good)
        counts["Genotypes"] = sum(found[uri]["genotypes"] for uri in good)
        counts["RefMismatches"] = sum(found[uri]["ref_mismatches"] or 0 for uri in good)
        counts["LinesQuarantined"] = sum(f["quarantined"] for f in found.values())
    metrics(args, counts)


if __name__ == "__main__":
    spark = SparkSession.builder.appName("load_variants").getOrCreate()
    load(spark, arguments())
    spark.stop()
