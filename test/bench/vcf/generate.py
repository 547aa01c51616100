"""Writes an invented VCF, packed as bgzip does it: the same bytes of text for the same numbers on every machine.

usage: generate.py VARIANTS SAMPLES FILE
"""

import random
import struct
import sys
import zlib

# The chromosomes of GRCh38 that have the genes which are looked for, and all.
FOUR = {"chr1": 248956422, "chr2": 242193529, "chr13": 114364328, "chr17": 83257441}
GENOME = {
    "chr1": 248956422, "chr2": 242193529, "chr3": 198295559, "chr4": 190214555, "chr5": 181538259, "chr6": 170805979, "chr7": 159345973, "chr8": 145138636,
    "chr9": 138394717, "chr10": 133797422, "chr11": 135086622, "chr12": 133275309, "chr13": 114364328, "chr14": 107043718, "chr15": 101991189,
    "chr16": 90338345, "chr17": 83257441, "chr18": 80373285, "chr19": 58617616, "chr20": 64444167, "chr21": 46709983, "chr22": 50818468, "chrX": 156040895,
}  # fmt: skip
HEADER = """##fileformat=VCFv4.2
##FILTER=<ID=LowQual,Description="Low quality">
##INFO=<ID=AC,Number=A,Type=Integer,Description="Allele count">
##INFO=<ID=AF,Number=A,Type=Float,Description="Allele frequency">
##INFO=<ID=AN,Number=1,Type=Integer,Description="Allele number">
##INFO=<ID=DP,Number=1,Type=Integer,Description="Depth">
##INFO=<ID=MQ,Number=1,Type=Float,Description="Mapping quality">
##INFO=<ID=QD,Number=1,Type=Float,Description="Quality by depth">
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Depths of alleles">
##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">
##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="Genotype quality">
##FORMAT=<ID=PL,Number=G,Type=Integer,Description="Likelihoods">
"""


def call(rng, genotype):
    if genotype == "./.":
        return "./.:.:.:.:."
    depth, quality = rng.randint(15, 60), rng.randint(20, 99)
    ref = {"0/0": depth, "1/1": 0}.get(genotype, depth // 2 + rng.randint(-5, 5))
    likelihoods = {"0/0": (0, quality, quality * 12), "1/1": (quality * 12, quality, 0)}.get(genotype, (quality * 5, 0, quality * 6))
    return f"{genotype}:{ref},{depth - ref}:{depth}:{quality}:{','.join(map(str, likelihoods))}"


def lines(variants, samples, contigs):
    rng = random.Random(7)
    reference = [call(rng, "0/0") for _ in range(4000)]
    others = [call(rng, genotype) for genotype in ["0/1"] * 10 + ["0|1"] * 2 + ["1/1"] * 4 + ["./."] for _ in range(250)]
    yield HEADER
    for name, length in contigs.items():
        yield f"##contig=<ID={name},length={length}>\n"
    yield "\t".join(["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT"] + [f"S{i:05d}" for i in range(samples)]) + "\n"
    step = sum(contigs.values()) // variants
    for name, length in contigs.items():
        each = length // step
        for i in range(each):
            frequency = min(0.95, rng.expovariate(1 / 0.21))
            carriers = rng.sample(range(samples), min(samples, round(frequency * samples)))
            calls = rng.choices(reference, k=samples)
            for sample in carriers:
                calls[sample] = rng.choice(others)
            ids = f"rs{rng.randint(1, 10**9)}" if rng.random() < 0.6 else "."
            ref = rng.choice("ACGT")
            alleles = f"{ref}\t{rng.choice([alt for alt in ('A', 'C', 'G', 'T', ref + 'A', ref + 'GC') if alt != ref])}"
            quality = f"{rng.randint(30, 9999)}.{rng.randint(10, 99)}\t{'PASS' if rng.random() < 0.9 else 'LowQual'}"
            info = f"AC={sum(1 + calls[s].startswith('1/1') for s in carriers)};AF={frequency:.4f};AN={2 * samples};DP={rng.randint(500, 3000)};MQ={rng.randint(40, 60)}.00;QD={rng.randint(2, 35)}.5"
            yield f"{name}\t{i * step + rng.randint(1, step)}\t{ids}\t{alleles}\t{quality}\t{info}\tGT:AD:DP:GQ:PL\t" + "\t".join(calls) + "\n"


def block(text):
    """One block of blocked gzip (SAM specification, section 4.1)."""
    deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = deflate.compress(text) + deflate.flush()
    head = b"\x1f\x8b\x08\x04\0\0\0\0\0\xff\x06\0BC\x02\0" + struct.pack("<H", len(packed) + 25)
    return head + packed + struct.pack("<II", zlib.crc32(text), len(text))


def write(variants, samples, file, contigs=FOUR):
    pending = b""
    with open(file, "wb") as out:
        for line in lines(variants, samples, contigs):
            pending += line.encode()
            while len(pending) >= 65280:
                out.write(block(pending[:65280]))
                pending = pending[65280:]
        out.write((block(pending) if pending else b"") + block(b""))


if __name__ == "__main__":
    write(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
