"""Compares alleles that the reader aligns to the left with those of bcftools norm, and prints what differs, then how many were compared.

The files are those of a folder, each with its FASTA: the one of its own name, else norm.fa. One more is made here: a reference with many repeats,
and random alleles of its bases.

usage: normalize_oracle.py N COMMAND... FOLDER, where the command that prints rows has N words
"""

import collections
import json
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

import pysam
import pysam.bcftools


def form(contig, pos, ref, alt):
    return contig, int(pos), ref.upper(), alt.upper() if alt[0] != "<" else alt


def of_bcftools(fasta, vcf):
    """The alternate alleles after bcftools norm: split, aligned to the left; a REF that is not the reference's is left as it is."""
    text = pysam.bcftools.norm("--fasta-ref", str(fasta), "--multiallelics", "-any", "--check-ref", "w", str(vcf))
    lines = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return collections.Counter((line[2], form(line[0], line[1], line[3], line[4])) for line in lines)


def of_reader(printer, fasta, vcf):
    command = [printer[0], f"-Dreference={fasta}", *printer[1:], "variant,split", "1073741824", "unknown", str(vcf)]
    rows = [json.loads(line) for line in subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()]
    refused = [row["refused"] for row in rows if "refused" in row]
    if refused:
        raise SystemExit(f"{vcf}: {refused}")
    return [row for row in rows if row["kind"] == "variant"]


def compare(printer, fasta, vcf):
    theirs, compared, shifted = of_bcftools(fasta, vcf), 0, 0
    for row in of_reader(printer, fasta, vcf):
        alt = row.get("alt", ".")
        if alt[0] in ".<*" or not alt.isalpha():
            continue  # bcftools shortens REF where there is no ALT, and shifts <DEL> and <DUP>
        identifier = ";".join(row.get("ids", ["."]))
        # Without a reference that agrees, bcftools leaves the line; our alleles are still trimmed.
        trimmed = "pos_in_file" in row and not row["normalized"]
        mine = form(row["contig"], row["pos_in_file"], row["ref_in_file"], row["alt_in_file"]) if trimmed else form(row["contig"], row["pos"], row["ref"], alt)
        compared += 1
        shifted += row["pos"] < row.get("pos_in_file", row["pos"])
        if theirs[identifier, mine] < 1:
            print(f"{vcf.name}: {mine} of {row} is not bcftools'")
        theirs[identifier, mine] -= 1
    return compared, shifted


def many(folder, seed):
    """Random alleles of a reference of short repeats, with REF as the reference has it, and with bases in front and behind that both alleles share."""
    draw = random.Random(seed)
    bases = "".join(draw.choice(["A", "C", "G", "T", "CA", "AAT"]) * draw.randint(1, 9) for _ in range(800))
    fasta, vcf = folder / "many.fa", folder / "many.vcf"
    width = 61
    fasta.write_text(">7 random\n" + "".join(bases[i : i + width].lower() + "\n" for i in range(0, len(bases), width)))
    with open(vcf, "w") as out:
        out.write("##fileformat=VCFv4.2\n##contig=<ID=7>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n")
        for n in range(3000):
            at = draw.choice([0, draw.randrange(len(bases)), draw.randrange(len(bases))])
            ref = bases[at : at + draw.randint(1, 9)]
            alts = set()
            for _ in range(draw.randint(1, 3)):
                cut, end = sorted((draw.randint(0, len(ref)), draw.randint(0, len(ref))))
                more = draw.choice(["", ref[cut:], bases[at + len(ref) : at + len(ref) + draw.randint(1, 12)], draw.choice("ACGT")])
                alts.add(ref[:cut] + more + ref[end:])
            alts -= {ref, ""}
            if alts:
                out.write(f"7\t{at + 1}\tn{n}\t{ref}\t{','.join(sorted(alts))}\t.\t.\t.\n")
    return fasta, vcf


def main(words, *rest):
    printer, folder = list(rest[: int(words)]), pathlib.Path(rest[int(words)])
    pysam.set_verbosity(0)
    compared = shifted = 0
    with tempfile.TemporaryDirectory() as made:
        made = pathlib.Path(made)
        pairs = [many(made, 1)]
        for file in sorted(folder.glob("*.vcf")):
            own = file.with_suffix(".fa")
            fasta = made / (own.name if own.exists() else "norm.fa")
            shutil.copy(own if own.exists() else folder / "norm.fa", fasta)
            vcf = made / file.name
            vcf.write_text(re.sub(r",length=\d+", "", file.read_text()))  # they say lengths of other references
            pairs.append((fasta, vcf))
        for fasta, vcf in pairs:
            pysam.faidx(str(fasta))
            found = compare(printer, fasta, vcf)
            compared, shifted = compared + found[0], shifted + found[1]
    print(compared, shifted)


if __name__ == "__main__":
    main(*sys.argv[1:])
