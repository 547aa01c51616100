package io.lakemesh.vcf;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The samples that were erased and must not come back, by hashes of their names. A file that has some is read as if it never had them: its rows have
 * neither their calls nor counts of them, nor alleles that nobody else has, nor what INFO counts over all samples.
 */
public final class Erased {
  /** Fields of INFO that count alleles or genotypes of samples: beside the counts of a row they would tell the calls of who was erased. */
  private static final Set<String> COUNTS = Set.of("AC", "AN", "AF", "MAF", "NS", "MLEAC", "MLEAF", "AC_Het", "AC_Hom", "AC_Hemi", "AC_het", "AC_hom",
      "nhomalt", "NHOMALT", "HWE", "ExcHet", "ExcessHet", "InbreedingCoeff", "F_MISSING", "HET", "HOM", "HOM_VAR", "HOM_REF", "NCC", "NCALLED");

  /** The hashes of each salt and object; those of all objects have the object {@code ""}. */
  private final Map<String, Map<String, Set<String>>> hashes = new HashMap<>();

  /**
   * Reads what was erased.
   *
   * @param text lines of a salt, a hash (SHA-256 of the salt and the name, in hexadecimal) and the object, which is empty for all, divided by tabs; or null
   */
  public Erased(String text) {
    for (String line : text == null || text.isEmpty() ? new String[0] : text.split("\n")) {
      String[] parts = line.split("\t", 3);
      hashes.computeIfAbsent(parts[0], salt -> new HashMap<>()).computeIfAbsent(parts[2], object -> new HashSet<>()).add(parts[1]);
    }
  }

  /** Which samples of a file are erased, or null where none is. */
  boolean[] of(byte[][] samples, String object) {
    boolean[] erased = null;
    for (Map.Entry<String, Map<String, Set<String>>> salted : hashes.entrySet()) {
      Set<String> here = salted.getValue().getOrDefault(object, Set.of());
      Set<String> everywhere = salted.getValue().getOrDefault("", Set.of());
      byte[] salt = Text.of(salted.getKey());
      for (int i = 0; i < samples.length && !(here.isEmpty() && everywhere.isEmpty()); i++) {
        byte[] both = new byte[salt.length + samples[i].length];
        System.arraycopy(salt, 0, both, 0, salt.length);
        System.arraycopy(samples[i], 0, both, salt.length, samples[i].length);
        byte[] hash = Sha256.of(both, 0, both.length);
        String hex = Text.string(hash, 0, hash.length);
        if (here.contains(hex) || everywhere.contains(hex)) {
          erased = erased == null ? new boolean[samples.length] : erased;
          erased[i] = true;
        }
      }
    }
    return erased;
  }

  /** The fields of INFO that rows of such files have not. */
  public static List<String> counts() {
    return COUNTS.stream().sorted().toList();
  }

  /** Whether a field of INFO counts alleles or genotypes of samples. */
  static boolean counts(byte[] id) {
    return COUNTS.contains(Text.string(id, 0, id.length));
  }
}
