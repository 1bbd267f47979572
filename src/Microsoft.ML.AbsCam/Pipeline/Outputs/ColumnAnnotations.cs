using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Pipeline.Outputs;

/// <summary>What the schema says of appended columns, in the words that ML.NET's own scorers use and its evaluators look for.</summary>
internal static class ColumnAnnotations
{
    private const string IsNormalized = "IsNormalized";
    private const string ScoreColumnKind = "ScoreColumnKind";
    private const string ScoreColumnSetId = "ScoreColumnSetId";
    private const string ScoreValueKind = "ScoreValueKind";
    private static readonly KeyDataViewType SetType = new(typeof(uint), int.MaxValue);

    /// <summary>The key's values, where they have names.</summary>
    public static DataViewSchema.Annotations? OfClass(IReadOnlyList<string>? labels)
    {
        if (labels is null)
        {
            return null;
        }

        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddKeyValues(labels.Count, TextDataViewType.Instance, Names(labels));
        return builder.ToAnnotations();
    }

    public static DataViewSchema.Annotations OfNumbers(bool isNormalized)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        AddIsNormalized(builder, isNormalized);
        return builder.ToAnnotations();
    }

    /// <param name="labels">The slots' names; null for none.</param>
    /// <param name="areProbabilities">Whether the values lie in [0,1]; scores of a regression stand for no class.</param>
    /// <param name="set">Which of the schema's sets of scores these are.</param>
    public static DataViewSchema.Annotations OfScores(IReadOnlyList<string>? labels, bool areProbabilities, uint set)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        if (labels is not null)
        {
            builder.AddSlotNames(labels.Count, Names(labels));
        }

        builder.AddPrimitiveValue(ScoreColumnSetId, SetType, set);
        builder.AddPrimitiveValue(ScoreColumnKind, TextDataViewType.Instance, (areProbabilities ? "MulticlassClassification" : "MultiOutputRegression").AsMemory());
        builder.AddPrimitiveValue(ScoreValueKind, TextDataViewType.Instance, "Score".AsMemory());
        AddIsNormalized(builder, areProbabilities);
        return builder.ToAnnotations();
    }

    /// <summary>The number of a set of scores that no column of the schema has yet, as ML.NET counts them.</summary>
    public static uint NextScoreSet(DataViewSchema schema)
    {
        uint most = 0;
        foreach (DataViewSchema.Column column in schema)
        {
            if (column.Annotations.Schema.GetColumnOrNull(ScoreColumnSetId) is { Type: KeyDataViewType { RawType: var raw } } && raw == typeof(uint))
            {
                uint set = 0;
                column.Annotations.GetValue(ScoreColumnSetId, ref set);
                most = Math.Max(most, set);
            }
        }

        return most + 1;
    }

    private static void AddIsNormalized(DataViewSchema.Annotations.Builder builder, bool value) => builder.AddPrimitiveValue(IsNormalized, BooleanDataViewType.Instance, value);

    private static ValueGetter<VBuffer<ReadOnlyMemory<char>>> Names(IReadOnlyList<string> labels)
    {
        ReadOnlyMemory<char>[] names = [.. labels.Select(label => label.AsMemory())];
        return (ref VBuffer<ReadOnlyMemory<char>> value) =>
        {
            VBufferEditor<ReadOnlyMemory<char>> editor = VBufferEditor.Create(ref value, names.Length);
            names.CopyTo(editor.Values);
            value = editor.Commit();
        };
    }
}
