package io.lakemesh.vcf;

import io.lakemesh.vcf.Column.Type;

/** One sample of one file. */
public final class SampleColumns extends Columns {
  final Column object = add("object", Type.STRING);
  final Column sampleId = add("sample_id", Type.STRING);
  /** Which column of samples, from 1. */
  final Column sampleIndex = add("sample_index", Type.INT);
}
