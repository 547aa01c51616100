"""Times the load of an invented VCF into the tables of the variant lake, beside Hail, and writes the table into the page of variants.

usage: .spark/bin/python test/bench/vcf/bench.py RUNS, on Linux, where make has installed .spark and build/bench/hail

Each program runs in turn, RUNS times, on all cores of the machine; what counts are the CPU seconds of all its processes (user and system), which
other programs on the machine disturb less than the time that passes. The tables are there before, as those of a deployed lake are.
"""

import ctypes
import hashlib
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import time

import generate

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parents[2]
VARIANTS = ROOT / "constructs" / "variants"
PAGE = ROOT / "constructs" / "docs" / "variants.md"
BUILD = ROOT / "build" / "bench" / "vcf"
HAIL = ROOT / "build" / "bench" / "hail"
SPARK = ROOT / ".spark"
CORES = os.cpu_count()
# For every program, Hail among them. A run is short: most of what Java's compilers do by default comes too late to pay, and the collector that waits
# least costs most.
JAVA_OPTIONS = "-XX:+UseParallelGC -XX:CompileThresholdScaling=4"
BEGIN, END = "<!-- make bench-vcf writes what follows -->\n", "<!-- the end of what make bench-vcf writes -->\n"
PR_SET_CHILD_SUBREAPER = 36


def run(command, environment):
    """Runs a program and waits for all processes that it leaves: their CPU seconds, the time that passes, the memory of the largest, the output."""
    begin = time.time()
    with open(BUILD / "log", "w") as log:
        environment = {**os.environ, **environment, "JAVA_HOME": str(SPARK / "java"), "JAVA_TOOL_OPTIONS": JAVA_OPTIONS, "SPARK_LOCAL_IP": "127.0.0.1"}
        process = subprocess.Popen([str(word) for word in command], env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
        out = process.stdout.read()
    cpu = memory = status = 0
    while True:
        try:
            pid, ended, usage = os.wait4(-1, 0)
        except ChildProcessError:
            break
        cpu += usage.ru_utime + usage.ru_stime
        memory = max(memory, usage.ru_maxrss)
        status = ended if pid == process.pid else status
    process.returncode = status
    if status:
        sys.exit(f"{command}: status {status}\n{(BUILD / 'log').read_text()[-4000:]}")
    return {"cpu": cpu, "wall": time.time() - begin, "memory": memory / 1024, "out": out}


def spark(words, memory="3g", cores=CORES):
    """Runs a script with the settings that a lake's jobs have."""
    settings = {
        "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
        "spark.sql.catalog.lake": "org.apache.iceberg.spark.SparkCatalog",
        "spark.sql.catalog.lake.type": "hadoop",
        "spark.sql.catalog.lake.warehouse": BUILD / "warehouse",
        "spark.driver.memory": memory,
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    arguments = [f"--master local[{cores}]", f"--jars {VARIANTS / 'reader' / 'reader.jar'},{SPARK / 'iceberg.jar'}"]
    arguments += [f'--conf "{key}={value}"' for key, value in settings.items()]
    return run([SPARK / "bin" / "python", *words], {"PYSPARK_SUBMIT_ARGS": " ".join([*arguments, "pyspark-shell"])})


def load(file, memory="3g"):
    """Loads a file into new tables; only the load is timed."""
    shutil.rmtree(BUILD / "warehouse", ignore_errors=True)
    spark([HERE / "look.py", "tables", VARIANTS / "job" / "tables.sql"])
    manifest = BUILD / "manifest.json"
    manifest.write_text(json.dumps({"uri": str(file), "etag": "1", "size": file.stat().st_size}))
    return spark([VARIANTS / "job" / "load_variants.py", "--manifest", manifest, "--database", "lake.genomics", "--run", "bench"], memory)


def hail(what, file):
    return run([HAIL / "bin" / "python", HERE / "hail_job.py", what, file, BUILD / f"hail-{what}", CORES], {})


def generated(variants, samples, contigs=generate.FOUR):
    file = BUILD / f"{variants}x{samples}x{len(contigs)}.{hashlib.sha256((HERE / 'generate.py').read_bytes()).hexdigest()[:12]}.vcf.gz"
    if not file.exists():
        generate.write(variants, samples, f"{file}.part", contigs)
        os.rename(f"{file}.part", file)
    return file


def median(runs, what):
    return statistics.median(r[what] for r in runs)


def main(runs):
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    BUILD.mkdir(parents=True, exist_ok=True)
    file = generated(200_000, 50)
    programs = {
        "this load: both tables in Iceberg": lambda: load(file),
        "Hail, `import_vcf` to its matrix table": lambda: hail("matrix", file),
        "Hail, `import_vcf` to Parquet of variants and of carriers": lambda: hail("parquet", file),
    }
    timed = {name: [] for name in programs}
    for i in range(runs):
        for name, program in programs.items():
            timed[name].append(program())
            print(f"{i + 1}/{runs} {name}: {timed[name][-1]['cpu']:.1f} CPU s, {timed[name][-1]['wall']:.1f} s", flush=True)
    ours = median(timed["this load: both tables in Iceberg"], "cpu")
    text = [f"200,000 variants × 50 samples, {file.stat().st_size / 1e6:.1f} MB of bgzip; median of {runs} runs in turn, Java with `{JAVA_OPTIONS}`:\n"]
    text += ["| program | CPU seconds | least to most | seconds | × this load |", "|---|---|---|---|---|"]
    for name, of in timed.items():
        cpu = sorted(r["cpu"] for r in of)
        text.append(f"| {name} | {median(of, 'cpu'):.1f} | {cpu[0]:.1f} to {cpu[-1]:.1f} | {median(of, 'wall'):.1f} | {median(of, 'cpu') / ours:.2f} |")
    load(generated(200_000, 10, generate.GENOME))
    text += genes(json.loads(spark([HERE / "look.py", "genes"])["out"]))
    text += splits(json.loads(spark([HERE / "look.py", "splits", file], cores=1)["out"]))
    text += many_samples(generated(2_000, 10_000))
    version = subprocess.run([HAIL / "bin" / "python", "-c", "import hail; print(hail.__version__)"], capture_output=True, text=True).stdout.split("-")[0]
    text.append(f"\nPySpark 3.5.6, Iceberg 1.10.0, Hail {version.strip()}, Java 17, Python {platform.python_version()}, {CORES} cores of {processor()}, {time.strftime('%Y-%m-%d')}.")
    before, _, rest = PAGE.read_text().partition(BEGIN)
    PAGE.write_text(before + BEGIN + "\n".join(text) + "\n" + END + rest.partition(END)[2])


def genes(found):
    text = ["\nThe part of a table's bytes that a query of a gene opens, of 200,000 variants × 10 samples over the whole genome:\n", "| gene | variants | genotypes |", "|---|---|---|"]
    for gene in sorted({name.split()[1] for name in found["parts"]}):
        text.append(f"| {gene} | {found['parts']['variants ' + gene]:.2%} | {found['parts']['genotypes ' + gene]:.2%} |")
    return text


def splits(found):
    text = ["\nReading alone, on one core:\n", "| splits | variants | genotypes | CPU seconds | nanoseconds a byte |", "|---|---|---|---|---|"]
    for s in found["splits"]:
        text.append(f"| {s['splits']} | {s['variants']:,} | {s['genotypes']:,} | {s['cpu']:.1f} | {s['cpu'] * 1e9 / found['bytes']:.0f} |")
    return text


def many_samples(file):
    loaded = load(file, memory="1g")
    counts = json.loads(loaded["out"].splitlines()[-1])
    return [
        f"\n2,000 variants × 10,000 samples ({file.stat().st_size / 1e6:.1f} MB, {counts['Genotypes']:,} genotypes) on a heap of 1 GiB: "
        f"{loaded['cpu']:.1f} CPU seconds, {loaded['memory']:,.0f} MiB of memory at most."
    ]


def processor():
    names = [line.partition(":")[2].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return names[0] if names else platform.machine()


if __name__ == "__main__":
    main(int(sys.argv[1]))
