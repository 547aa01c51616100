package io.lakemesh.vcf;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The human assemblies that a header can be recognised to speak of, and what they call their contigs. */
final class Assembly {
  static final String GRCH37 = "GRCh37";
  static final String GRCH38 = "GRCh38";

  private static final String[] CHROMOSOMES = {"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19",
      "20", "21", "22", "X", "Y"};
  private static final long[] LENGTHS_37 = {249250621, 243199373, 198022430, 191154276, 180915260, 171115067, 159138663, 146364022, 141213431, 135534747,
      135006516, 133851895, 115169878, 107349540, 102531392, 90354753, 81195210, 78077248, 59128983, 63025520, 48129895, 51304566, 155270560, 59373566};
  private static final long[] LENGTHS_38 = {248956422, 242193529, 198295559, 190214555, 181538259, 170805979, 159345973, 145138636, 138394717, 133797422,
      135086622, 133275309, 114364328, 107043718, 101991189, 90338345, 83257441, 80373285, 58617616, 64444167, 46709983, 50818468, 156040895, 57227415};
  /** The versions of the RefSeq sequences NC_000001 to NC_000024. */
  private static final int[] REFSEQ_37 = {10, 11, 11, 11, 9, 11, 13, 10, 11, 10, 9, 11, 10, 8, 9, 9, 10, 9, 9, 10, 8, 10, 10, 9};
  private static final int[] REFSEQ_38 = {11, 12, 12, 12, 10, 12, 14, 11, 12, 11, 10, 12, 11, 9, 10, 10, 11, 10, 10, 11, 9, 11, 11, 10};

  private static final Map<Long, String> BY_LENGTH = new HashMap<>();
  private static final Map<String, String> BY_REFSEQ = new HashMap<>();
  /** The one name of each chromosome by its other names. */
  private static final Map<String, String> CHROMOSOME = new HashMap<>();

  static {
    for (int i = 0; i < CHROMOSOMES.length; i++) {
      String name = "chr" + CHROMOSOMES[i];
      BY_LENGTH.put(LENGTHS_37[i], GRCH37);
      BY_LENGTH.put(LENGTHS_38[i], GRCH38);
      CHROMOSOME.put(CHROMOSOMES[i], name);
      CHROMOSOME.put(name, name);
      refSeq(i, REFSEQ_37[i], GRCH37, 662, 1, name);
      refSeq(i, REFSEQ_38[i], GRCH38, 662, 2, name);
    }
    for (String m : new String[] {"MT", "M", "chrM", "chrMT", "NC_012920.1", "J01415.2"}) {
      CHROMOSOME.put(m, "chrM");
    }
    for (String upper : new String[] {"X", "Y", "M", "MT"}) {
      CHROMOSOME.put("Chr" + upper, CHROMOSOME.get(upper));
      CHROMOSOME.put("CHR" + upper, CHROMOSOME.get(upper));
    }
    for (int i = 1; i <= 22; i++) {
      CHROMOSOME.put("Chr" + i, "chr" + i);
      CHROMOSOME.put("CHR" + i, "chr" + i);
    }
  }

  private Assembly() {}

  private static void refSeq(int i, int version, String assembly, int genBank, int genBankVersion, String name) {
    String accession = String.format(Locale.ROOT, "NC_%06d.%d", i + 1, version);
    String cm = String.format(Locale.ROOT, "CM%06d.%d", genBank + i + 1, genBankVersion);
    BY_REFSEQ.put(accession, assembly);
    BY_REFSEQ.put(cm, assembly);
    CHROMOSOME.put(accession, name);
    CHROMOSOME.put(cm, name);
  }

  /** The assembly of which a contig has this name and length, or null. A length of 0 is not known. */
  static String ofContig(String name, long length) {
    String byName = BY_REFSEQ.get(name);
    if (byName != null) {
      return byName;
    }
    return CHROMOSOME.containsKey(name) ? BY_LENGTH.get(length) : null;
  }

  /** The assembly that a word of a header names, such as the file of its reference, or null. */
  static String ofWord(String word) {
    String w = word.toLowerCase(Locale.ROOT);
    boolean is38 = w.contains("grch38") || w.contains("hg38") || w.contains("hs38") || w.contains("b38") || w.contains("assembly38");
    boolean is37 = w.contains("grch37") || w.contains("hg19") || w.contains("hs37") || w.contains("b37") || w.contains("g1k_v37") || w.contains("assembly19");
    if (is38 == is37) {
      return null;
    }
    return is38 ? GRCH38 : GRCH37;
  }

  /**
   * The one name by which rows call a contig of a human assembly: chr1 to chr22, chrX, chrY, chrM. Other contigs, and those of other assemblies, keep
   * their names. hg19 has another chrM than GRCh37 (16,571 bases, NC_001807): it is called chrM_NC_001807.
   */
  static String contigName(String name, long length, String assembly) {
    if (!assembly.equals(GRCH37) && !assembly.equals(GRCH38)) {
      return name;
    }
    String chromosome = CHROMOSOME.getOrDefault(name, name);
    return chromosome.equals("chrM") && length == 16571 ? "chrM_NC_001807" : chromosome;
  }
}
