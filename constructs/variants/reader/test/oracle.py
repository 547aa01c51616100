"""Compares the reader's rows with what pysam reads of the same files, and prints one line of JSON for each file.

usage: oracle.py N COMMAND... FILE..., where the command that prints rows has N words
"""

import collections
import gzip
import itertools
import json
import math
import re
import subprocess
import sys
import tempfile

import pysam


STRICT = re.compile("samples: got [0-9]+, expected [0-9]+")


def rows(printer, assembly, files, split="1073741824"):
    """Reads the files with the reader: for each file its records in their order, quarantined lines among them, and its row of counts."""
    if not files:
        return {}
    command = [*printer, "variant,genotype,quarantine,split", split, assembly, *files]
    found = {f: {"records": {}, "refused": None, "quarantine": []} for f in files}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for text in process.stdout:
            row = json.loads(text)
            file = found[row["object"]] if "object" in row else None
            if row["kind"] == "split":
                file["refused"] = file["refused"] or row.get("refused")
            elif row["kind"] == "quarantine":
                file["quarantine"].append(row)
            elif file is not None:
                record = file["records"].setdefault(row["record"], {"variants": [], "genotypes": []})
                record[row["kind"] + "s"].append(row)
    if process.returncode:
        raise SystemExit(f"the reader failed with {process.returncode}")
    return found


def genotype(text, alts):
    """The alleles that a GT names, None for those that the line does not have, and whether all are phased.

    htslib writes a GT that is left out as a negative number, where it is not the first field.
    """
    text = text.lstrip("/|")
    alleles = tuple(None if a == "." or not 0 <= int(a) <= alts else int(a) for a in text.replace("|", "/").split("/"))
    return alleles, "/" not in text


def same_number(ours, theirs):
    if ours is None or theirs is None:
        return ours is None and theirs is None
    ours, theirs = float(ours), float(theirs)
    return ours == theirs or math.isnan(ours) and math.isnan(theirs) or math.isclose(ours, theirs, rel_tol=1e-5)


def place(alleles):
    """Where PL has the genotype."""
    return sum(math.comb(a + i, i + 1) for i, a in enumerate(sorted(alleles)))


def likelihoods(values, ploidy, allele):
    return [values[place([0] * (ploidy - n) + [allele] * n)] for n in range(ploidy + 1 if allele else 1)]


def compare(record, theirs, samples):
    """What differs between a record of ours and one of pysam's."""
    v = record["variants"][0]
    contig = v.get("contig_in_file", v["contig"])
    if contig != theirs.contig:
        yield f"contig {contig} {theirs.contig}"
    pos = v.get("pos_in_file", v["pos"])
    if pos != theirs.pos:
        yield f"pos {pos} {theirs.pos}"
    alts = theirs.alts or ()
    for v in record["variants"]:
        ref = v.get("ref_in_file", v["ref"])
        if ref.upper() != theirs.ref.upper():
            yield f"ref {ref} {theirs.ref}"
        k = v["allele_index"]
        if k > len(alts) or k and v.get("alt_in_file", v["alt"]).upper() != alts[k - 1].upper():
            yield f"alt {k}"
        if not same_number(v.get("qual"), theirs.qual):
            yield f"qual {v.get('qual')} {theirs.qual}"
        if sorted(set(v.get("filters", []))) != sorted(theirs.filter.keys()):
            yield f"filters {v.get('filters')} {list(theirs.filter.keys())}"
        if ";".join(v.get("ids", ["."])) != (theirs.id or "."):
            yield f"ids {v.get('ids')} {theirs.id}"
    if sorted(v["allele_index"] for v in record["variants"]) != (list(range(1, len(alts) + 1)) or [0]):
        missing = set(range(1, len(alts) + 1)) - {v["allele_index"] for v in record["variants"]}
        if any(alts[k - 1] not in ("<NON_REF>", "<*>") for k in missing):
            yield "alleles"
    if "GT" not in theirs.format:
        if record["genotypes"]:
            yield "genotypes where there is no GT"
        return
    by_sample = collections.defaultdict(dict)
    for g in record["genotypes"]:
        by_sample[g["sample_id"]][g["allele_index"]] = g
    counts = collections.Counter()
    columns = str(theirs).rstrip("\n").split("\t")
    gt = columns[8].split(":").index("GT")
    for i, name in enumerate(samples):
        call = theirs.samples[name]
        alleles, phased = call.allele_indices, call.phased
        if gt > 0 or not alleles:  # pysam has none, or a wrong one, where GT is not the first field, or not declared
            fields = columns[9 + i].split(":")
            alleles, phased = genotype(fields[gt] if gt < len(fields) else ".", len(alts))
        counts.update(a for a in alleles if a is not None)
        mine = by_sample.pop(name, {})
        if None not in alleles:
            expected = {a for a in alleles if a}
        else:
            expected = {v["allele_index"] for v in record["variants"]}
        if set(mine) != expected:
            yield f"{name}: rows of alleles {sorted(mine)}, expected {sorted(expected)} of {alleles}"
        for k, g in mine.items():
            said, said_phased = genotype(g.get("genotype", "."), len(alts))
            if said != alleles:
                yield f"{name}: {g.get('genotype')} {alleles}"
            if len(alleles) > 1 and (said_phased != phased or g["phased"] != phased):
                yield f"{name}: phased {said_phased} {phased}"
            if g["copies"] != (alleles.count(k) if k else 0) or g["missing"] != alleles.count(None) or g["ploidy"] != len(alleles):
                yield f"{name}: copies"
            yield from compare_fields(name, k, g, call, len(alts), len(alleles))
    if by_sample:
        yield "samples that are not there"
    for v in record["variants"]:
        if v["allele_number"] != sum(counts.values()) or v["allele_count"] != (counts[v["allele_index"]] if v["allele_index"] else 0):
            yield f"counts {v['allele_number']} {v['allele_count']} {counts}"


def compare_fields(name, k, g, call, alts, ploidy):
    for column, key in (("depth", "DP"), ("genotype_quality", "GQ")):
        theirs = call.get(key)
        if isinstance(theirs, (int, float)) and not same_number(g.get(column), theirs):
            yield f"{name}: {key} {g.get(column)} {theirs}"
    depths = call.get("AD")
    if isinstance(depths, tuple) and len(depths) == alts + 1 and not any(isinstance(d, str) for d in depths):
        if (g.get("ref_depth"), g.get("alt_depth")) != (depths[0], depths[k] if k else None):
            yield f"{name}: AD {g.get('ref_depth')} {g.get('alt_depth')} {depths}"
    pl = call.get("PL")
    if isinstance(pl, tuple) and len(pl) == math.comb(ploidy + alts, ploidy) and any(p is not None for p in pl):
        if g.get("likelihoods") != likelihoods(pl, ploidy, k):
            yield f"{name}: PL {g.get('likelihoods')} {pl}"


def unpack_gzip(file, folder):
    """The file, or its text in the folder where it is plain gzip: pysam reads only blocked gzip."""
    with open(file, "rb") as f:
        head = f.read(16)
    if not head.startswith(b"\x1f\x8b") or head[12:14] == b"BC":
        return file
    with gzip.open(file) as f, tempfile.NamedTemporaryFile(dir=folder, suffix=".vcf", delete=False) as out:
        out.write(f.read())
        return out.name


def check(file, mine, folder):
    result = {"file": file, "records": 0, "calls": 0, "quarantined": len(mine["quarantine"]), "refused": mine["refused"], "differences": []}
    # pysam leaves out samples that the header does not name; the reader refuses such a line.
    strict = {q["record"] for q in mine["quarantine"] if "record" in q and STRICT.fullmatch(q["reason"])}
    records = sorted(itertools.chain(mine["records"].items(), ((offset, None) for offset in strict)))
    try:
        with pysam.VariantFile(unpack_gzip(file, folder)) as theirs:
            samples = list(theirs.header.samples)
            for i, record in enumerate(theirs):
                if mine["refused"]:
                    result["pysam"] = "reads"
                    return result
                if i == len(records):
                    result["differences"].append(f"record {i + 1} at {record.contig}:{record.pos} is not ours")
                    break
                result["records"] += 1
                result["calls"] += len(samples)
                if records[i][1] is None:
                    result["strict"] = result.get("strict", 0) + 1
                    continue
                found = list(itertools.islice(compare(records[i][1], record, samples), 5))
                if found:
                    result["differences"].append(f"record {i + 1} at {record.contig}:{record.pos}: {found}")
                    if len(result["differences"]) > 3:
                        break
            result["pysam"] = "reads"
            if result["records"] < len(records) and not result["differences"]:
                result["differences"].append(f"{len(records)} records, pysam has {result['records']}")
    except (OSError, ValueError, KeyError, UnicodeError) as e:
        result["pysam"] = f"stops after {result['records']}: {e}".replace(file, "FILE")[:120]
        result["ours"] = len(records)
    return result


def main(words, *rest):
    printer, files = rest[: int(words)], rest[int(words) :]
    pysam.set_verbosity(0)
    mine = rows(printer, "-", files)
    unnamed = [f for f in files if (mine[f]["refused"] or "").startswith("the header names no assembly")]
    mine.update(rows(printer, "unknown", unnamed))
    with tempfile.TemporaryDirectory() as folder:
        for file in files:
            print(json.dumps(check(file, mine[file], folder)))


if __name__ == "__main__":
    main(*sys.argv[1:])
