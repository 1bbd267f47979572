using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Pipeline.Columns;

/// <summary>A column that the transformer appends.</summary>
internal sealed record OutputColumn(OutputKind Kind, string Name, DataViewType Type, DataViewSchema.Annotations? Annotations);
