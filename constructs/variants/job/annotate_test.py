"""What annotation with ClinVar and gnomAD writes: part of load_variants_test.py, on the same lake. The files and tables of other domains are made
up; their answers are worked out by hand."""

import pathlib

import annotate_variants

FILES = pathlib.Path(__file__).parent.parent / "testdata" / "queries"
DATABASE = "lake.genomics"
TTN, DUP, A, C, VUS, NEAR = (
    "GRCh38:chr2:178525989:G:A", "GRCh38:chr17:43057062:T:TG", "GRCh38:chr17:43092919:G:A", "GRCh38:chr17:43092919:G:C",
    "GRCh38:chr17:43100000:C:T", "GRCh38:chr17:43200000:A:G",
)


def annotate(lake, source, version, *files, **options):
    words = ["--source", source, "--version", version, "--database", DATABASE, "--run", f"{source} {version}", "--assembly", "GRCh38"]
    for file in files:
        words += ["--file", str(file)]
    for key, value in options.items():
        words += ["--" + key.replace("_", "-"), value]
    annotate_variants.annotate(lake.spark, annotate_variants.arguments(words))


def rows(lake, columns, where="true"):
    found = lake.spark.table(f"{DATABASE}.annotations").where(where).selectExpr("variant_id", *columns).collect()
    return {row.variant_id: tuple(row)[1:] for row in found}


def snapshots(lake):
    return lake.spark.table(f"{DATABASE}.annotations.snapshots").count()


def fails(what, same, run, message):
    try:
        run()
    except SystemExit as e:
        same(what, message in str(e), True)
        return
    raise SystemExit(f"{what}: it did not fail")


def check(lake, same):
    cohort, other = str(FILES / "cohort.vcf"), str(FILES / "other.vcf")
    lake.load("cohort", cohort, other)
    # A first copy of the version says one thing otherwise, knows one variant less, and one that the second does not know.
    lines = (FILES / "clinvar.vcf").read_text().splitlines(keepends=True)
    lines = [line.replace("CLNSIG=Benign", "CLNSIG=Likely_benign") for line in lines if "\t900001\t" not in line]
    lines.append("17\t43200000\t900009\tA\tG\t.\t.\tALLELEID=800009;CLNSIG=Pathogenic\n")
    annotate(lake, "clinvar", "2026-11-01", lake.file("first.vcf", "".join(lines)))
    got = rows(lake, ["clinical_significance"])
    same("the first copy", (len(got), TTN in got, got[A], got[NEAR]), (5, False, ("Likely_benign",), ("Pathogenic",)))
    # Of a few rows Spark takes longer to compile code than to interpret it; the first run was compiled.
    lake.spark.conf.set("spark.sql.codegen.wholeStage", "false")
    lake.spark.conf.set("spark.sql.adaptive.enabled", "false")
    annotate(lake, "gnomad", "4.1", FILES / "gnomad.vcf")
    # What another version said stays, and queries ask for the newest.
    columns = ", ".join(lake.spark.table(f"{DATABASE}.annotations").columns)
    older = columns.replace("source_version", "'2026-10-04'").replace("annotated_at", "annotated_at - INTERVAL 28 DAYS")
    lake.spark.sql(f"INSERT INTO {DATABASE}.annotations ({columns}) SELECT {older} FROM {DATABASE}.annotations WHERE variant_id = '{NEAR}' AND source = 'clinvar'")

    before = snapshots(lake)
    annotate(lake, "clinvar", "2026-11-01", FILES / "clinvar.vcf")
    same("snapshots", snapshots(lake), before + 1)
    same("versions", lake.values("annotations", ["source_version"], "source = 'clinvar'"), [("2026-10-04",)] + [("2026-11-01",)] * 5)
    got = rows(lake, ["clinical_significance", "review_stars", "clinvar_allele_id", "source_id", "genes", "conditions[0]"], "source_version = '2026-11-01'")
    same("ClinVar", got, {
        TTN: ("Pathogenic/Likely_pathogenic", 2, 800001, "900001", ["TTN", "TTN-AS1"], "Dilated cardiomyopathy 1G"),
        DUP: ("Pathogenic", 3, 800002, "900002", ["BRCA1"], "Breast-ovarian cancer, familial, susceptibility to, 1"),
        A: ("Benign", 1, 800003, "900003", ["BRCA1"], None),
        C: ("Uncertain_significance", 0, 800004, "900004", ["BRCA1"], None),
        VUS: ("Uncertain_significance", 1, 800005, "900005", ["BRCA1"], None),  # and CA to TA is the same variant, with less review
    })
    got = rows(lake, ["af", "af_grpmax", "grpmax", "allele_count", "allele_number", "homozygotes", "filters[0]"], "source = 'gnomad'")
    same("gnomAD", got, {
        TTN: (0.004, 0.012, "afr", 600, 150000, 1, "PASS"),
        DUP: (0.0001, 0.0002, "nfe", 15, 150000, 0, "PASS"),
        A: (0.35, 0.5, "eas", 52500, 150000, 9000, "PASS"),
        C: (0.0, None, None, 0, 150000, 0, "AC0"),
        NEAR: (0.02, 0.03, "sas", 3000, 150000, 30, "PASS"),
    })

    # The same once more changes nothing.
    annotate(lake, "clinvar", "2026-11-01", FILES / "clinvar.vcf")
    same("snapshots", snapshots(lake), before + 1)

    # A source that cannot be trusted writes nothing.
    broken = lake.file("broken.vcf", "".join(lines[:-2]) + "broken\n")
    gone = str(lake.folder / "gone.vcf")
    message = f"{broken}: 1 of 7 lines are malformed, expected at most 0; {gone}: the file does not exist"
    fails("malformed, and no file", same, lambda: annotate(lake, "clinvar", "2026-11-15", broken, gone), message)
    fails("another form", same, lambda: annotate(lake, "gnomad", "5", gone, reference="x.fa"), "were loaded without one")
    same("snapshots", snapshots(lake), before + 1)

    export = lake.folder / "export"
    for table in ("variants", "genotypes", "annotations"):
        lake.spark.table(f"{DATABASE}.{table}").where(f"object IN ('{cohort}', '{other}')" if table != "annotations" else "true").write.parquet(str(export / table))
    lake.spark.conf.unset("spark.sql.codegen.wholeStage")
    lake.spark.conf.unset("spark.sql.adaptive.enabled")
