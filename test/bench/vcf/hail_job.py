"""What Hail is timed at, in a process of its own: hail_job.py matrix|parquet VCF FOLDER CORES."""

import shutil
import sys

import hail as hl


def main(what, vcf, folder, cores):
    shutil.rmtree(folder, ignore_errors=True)
    conf = {"spark.driver.memory": "3g", "spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
    hl.init(master=f"local[{cores}]", spark_conf=conf, quiet=True, log=f"{folder}.log")
    matrix = hl.import_vcf(vcf, force_bgz=True, reference_genome="GRCh38")
    if what == "matrix":
        matrix.write(folder)
    else:
        matrix.rows().to_spark().write.parquet(f"{folder}/variants")
        calls = matrix.select_cols().entries()
        calls = calls.filter(hl.is_missing(calls.GT) | calls.GT.is_non_ref())
        calls.select("GT", "AD", "DP", "GQ", "PL").to_spark().write.parquet(f"{folder}/genotypes")
    hl.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
