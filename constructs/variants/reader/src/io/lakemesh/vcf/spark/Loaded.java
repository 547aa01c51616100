package io.lakemesh.vcf.spark;

import io.lakemesh.vcf.Batch.Kind;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumMap;
import org.apache.iceberg.DataFile;

/**
 * What became of one split.
 *
 * @param uri the file
 * @param json the row of kind split
 * @param files the data files of each table
 * @param unsorted whether the split was given up, as its rows come in no order
 */
record Loaded(String uri, String json, EnumMap<Kind, ArrayList<DataFile>> files, boolean unsorted) implements Serializable {}
