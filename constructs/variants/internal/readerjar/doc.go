// Package readerjar compiles the reader of VCF files into a jar whose bytes depend on
// nothing but the sources and the major version of the compiler.
package readerjar
