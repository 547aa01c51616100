package io.lakemesh.vcf.spark;

import io.lakemesh.vcf.Batch;
import io.lakemesh.vcf.Batch.Kind;
import io.lakemesh.vcf.Column;
import java.util.Set;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The columns of the rows as Spark calls them. */
final class Schema {
  static final String KIND = "kind";

  private Schema() {}

  static StructType of(Set<Kind> kinds) {
    Batch batch = new Batch(kinds);
    StructType schema = new StructType().add(KIND, DataTypes.StringType, false);
    for (Kind kind : kinds) {
      StructType fields = new StructType();
      for (Column c : batch.columns(kind).all()) {
        fields = fields.add(c.name, type(c.type), true);
      }
      schema = schema.add(kind.word(), fields, true);
    }
    return schema;
  }

  static DataType type(Column.Type type) {
    return switch (type) {
      case BOOLEAN -> DataTypes.BooleanType;
      case INT -> DataTypes.IntegerType;
      case LONG -> DataTypes.LongType;
      case DOUBLE -> DataTypes.DoubleType;
      case STRING -> DataTypes.StringType;
      case STRINGS -> DataTypes.createArrayType(DataTypes.StringType, false);
      case INTS -> DataTypes.createArrayType(DataTypes.IntegerType, true);
      case MAP -> DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType, false);
    };
  }
}
