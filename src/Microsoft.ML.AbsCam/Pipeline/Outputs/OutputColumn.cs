using Microsoft.ML.AbsCam.Pipeline.Columns;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Pipeline.Outputs;

/// <summary>A column that the transformer appends.</summary>
/// <param name="What">What it holds, for messages.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Annotations">What its schema says of it; null for nothing.</param>
/// <param name="Needs">What has to be computed for it.</param>
/// <param name="Getter">Makes its getter, a <see cref="ValueGetter{TValue}"/> of its type, over the row that a reader stands on.</param>
internal sealed record OutputColumn(string What, string Name, DataViewType Type, DataViewSchema.Annotations? Annotations, ColumnNeeds Needs, Func<CurrentRow, Delegate> Getter);
