package io.lakemesh.vcf;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of a file that is read alone.
 *
 * @param index which part, from 0
 * @param start the first byte as stored
 * @param end the byte behind the last, or more where no part follows
 * @param last whether no part follows
 */
public record Split(int index, long start, long end, boolean last) implements Serializable {
  /** Divides a file into parts of about {@code target} bytes; one part where the codec cannot be read from the middle. */
  public static List<Split> plan(long size, Codec codec, long target) {
    if (!codec.splits() || size <= target) {
      return List.of(new Split(0, 0, Long.MAX_VALUE, true));
    }
    long parts = (size + target - 1) / target;
    long each = (size + parts - 1) / parts;
    List<Split> splits = new ArrayList<>();
    for (long start = 0; start < size; start += each) {
      splits.add(new Split(splits.size(), start, start + each, start + each >= size));
    }
    return splits;
  }
}
