package variants_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"testing"
)

// lastBlock is the empty block that bgzip writes at the end of a file, byte for byte.
var lastBlock = []byte("\x1f\x8b\x08\x04\x00\x00\x00\x00\x00\xff\x06\x00BC\x02\x00\x1b\x00\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00")

// manyLines is a file of some variants of two samples.
func manyLines(n int) []byte {
	var text bytes.Buffer
	text.WriteString("##fileformat=VCFv4.2\n##reference=GRCh38\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tA\tB\n")
	for i := range n {
		fmt.Fprintf(&text, "chr1\t%d\trs%d\tA\tC\t.\tPASS\tDP=%d\tGT:DP\t0/1:%d\t./.:0\n", 100+i, i*7919%1000, i, i)
	}
	return text.Bytes()
}

func gzipped(t *testing.T, text []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// bgzip packs a text in blocks of so many bytes, an empty one after every third.
func bgzip(text []byte, size int) []byte {
	var out bytes.Buffer
	for i := 0; len(text) > 0; i++ {
		n := min(size, len(text))
		out.Write(block(text[:n]))
		text = text[n:]
		if i%3 == 2 {
			out.Write(lastBlock)
		}
	}
	out.Write(lastBlock)
	return out.Bytes()
}

// bgzipLines packs each line in a block of its own.
func bgzipLines(text []byte) []byte {
	var out bytes.Buffer
	for i, line := range bytes.SplitAfter(text, []byte("\n")) {
		out.Write(block(line))
		if i%2 == 0 {
			out.Write(lastBlock)
		}
	}
	out.Write(lastBlock)
	return out.Bytes()
}

// block is one block of blocked gzip (SAM specification, section 4.1).
func block(text []byte) []byte {
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestSpeed)
	if err != nil {
		panic(err)
	}
	if _, err := w.Write(text); err != nil {
		panic(err)
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	out := []byte{0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, 'B', 'C', 2, 0}
	out = binary.LittleEndian.AppendUint16(out, uint16(len(out)+2+packed.Len()+8-1)) //nolint:gosec // at most 64 KiB
	out = append(out, packed.Bytes()...)
	out = binary.LittleEndian.AppendUint32(out, crc32.ChecksumIEEE(text))
	return binary.LittleEndian.AppendUint32(out, uint32(len(text))) //nolint:gosec // at most 64 KiB
}
