using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.AbsCam.Pipeline.Columns;

/// <summary>The columns in which rows say what they ask for; null for what no row says.</summary>
/// <param name="Class">The class.</param>
/// <param name="Against">The class that it is told from.</param>
/// <param name="Mask">The region.</param>
/// <param name="Box">The box.</param>
/// <param name="Reference">The embedding to compare with.</param>
internal sealed record AskColumns(
    DataViewSchema.Column? Class = null, DataViewSchema.Column? Against = null, DataViewSchema.Column? Mask = null, DataViewSchema.Column? Box = null, DataViewSchema.Column? Reference = null)
{
    private static readonly SchemaErrors MaskErrors = new("region", "image or vector of Single with dimensions [H,W]");
    private static readonly SchemaErrors BoxErrors = new("box", "vector of Single with four numbers");
    private static readonly SchemaErrors ReferenceErrors = new("reference", "vector of Single, an embedding");

    /// <summary>Those of each of several questions; null for one question.</summary>
    public IReadOnlyList<AskColumns>? Parts { get; init; }

    public IEnumerable<DataViewSchema.Column> Read => Parts?.SelectMany(part => part.Read).Distinct() ?? ((DataViewSchema.Column?[])[Class, Against, Mask, Box, Reference]).OfType<DataViewSchema.Column>();

    /// <param name="schema">Where to look.</param>
    /// <param name="target">What is asked.</param>
    /// <param name="labels">The names of the network's classes; null where they are not known.</param>
    /// <param name="classCount">How many there are; null where that is not known yet.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public static AskColumns Find(DataViewSchema schema, SaliencyTarget target, IReadOnlyList<string>? labels, int? classCount) => target is SeveralTarget several
        ? new() { Parts = [.. several.Targets.Select(part => Find(schema, part, labels, classCount))] }
        : new(
            target.ClassPart is ColumnTarget ofClass ? TargetColumn.Find(schema, ofClass.Name, labels, classCount) : null,
            target.AgainstPart is ColumnTarget against ? TargetColumn.Find(schema, against.Name, labels, classCount) : null,
            Find(schema, (target as RegionTarget)?.MaskColumn, MaskErrors, type => type is ImageDataViewType || (IsSingles(type) && ((VectorDataViewType)type).Dimensions is [> 0, > 0])),
            Find(schema, (target as BoxTarget)?.SidesColumn, BoxErrors, IsSingles),
            Find(schema, (target as SimilarityTarget)?.ReferenceColumn, ReferenceErrors, IsSingles));

    /// <summary>The same of the shape of a schema, as far as it tells.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public static void Check(SchemaShape shape, SaliencyTarget target)
    {
        foreach (SaliencyTarget part in target.Parts)
        {
            foreach (ColumnTarget column in new[] { part.ClassPart, part.AgainstPart }.OfType<ColumnTarget>())
            {
                TargetColumn.Check(shape, column.Name);
            }

            Check(shape, (part as RegionTarget)?.MaskColumn, MaskErrors);
            Check(shape, (part as BoxTarget)?.SidesColumn, BoxErrors);
            Check(shape, (part as SimilarityTarget)?.ReferenceColumn, ReferenceErrors);
        }
    }

    private static void Check(SchemaShape shape, string? name, SchemaErrors errors)
    {
        if (name is not null && !Friend.SchemaShapes.TryFind(shape, name, out _))
        {
            throw errors.Missing(name, nameof(shape));
        }
    }

    private static bool IsSingles(DataViewType type) => type is VectorDataViewType { ItemType: NumberDataViewType item } && item == NumberDataViewType.Single;

    private static DataViewSchema.Column? Find(DataViewSchema schema, string? name, SchemaErrors errors, Predicate<DataViewType> isFit)
    {
        if (name is null)
        {
            return null;
        }

        DataViewSchema.Column column = schema.GetColumnOrNull(name) ?? throw errors.Missing(name, nameof(schema));
        return isFit(column.Type) ? column : throw errors.Mismatch(name, column.Type.ToString(), nameof(schema));
    }
}
