using Microsoft.ML.AbsCam.Pipeline.Columns;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.AbsCam.Pipeline.Evaluation;

/// <summary>The columns that an evaluation reads.</summary>
/// <param name="Input">The image.</param>
/// <param name="Map">The map.</param>
/// <param name="Asked">The columns in which rows say what they ask for.</param>
/// <param name="Status">Why there is no map; null where nothing says so.</param>
/// <param name="Boxes">The boxes around the objects; null for none.</param>
/// <param name="Mask">The object's mask; null for none.</param>
internal sealed record EvaluationColumns(
    InputColumn Input, DataViewSchema.Column Map, AskColumns Asked, DataViewSchema.Column? Status, DataViewSchema.Column? Boxes, DataViewSchema.Column? Mask)
{
    private static readonly SchemaErrors MapErrors = new("map", "vector of Single with dimensions [H,W], the map of one class (of several, explain one a row)");
    private static readonly SchemaErrors StatusErrors = new("status", "text");
    private static readonly SchemaErrors BoxesErrors = new("boxes", "vector of Single with four numbers a box");
    private static readonly SchemaErrors MaskErrors = new("mask", "image or vector of Single with dimensions [H,W]");

    public bool TellsObjects => Boxes is not null || Mask is not null;

    public IEnumerable<DataViewSchema.Column> Read => ((DataViewSchema.Column?[])[Input.Column, Map, .. Asked.Read, Status, Boxes, Mask]).OfType<DataViewSchema.Column>().Distinct();

    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public static EvaluationColumns Find(DataViewSchema schema, EvaluationPlan plan, int channels) => new(
        InputColumn.Find(schema, plan.ImageColumn, plan.Options.Layout, channels),
        Find(schema, plan.MapColumn, MapErrors, IsMap)!.Value,
        AskColumns.Find(schema, plan.Target, plan.Labels, plan.Shape.ClassCount),
        Find(schema, plan.StatusColumn, StatusErrors, type => type is TextDataViewType),
        Find(schema, plan.Options.BoxesColumn, BoxesErrors, IsSingles),
        Find(schema, plan.Options.MaskColumn, MaskErrors, type => type is ImageDataViewType || (IsSingles(type) && ((VectorDataViewType)type).Dimensions is [> 0, > 0])));

    // A map of unknown length may be as large as its own photo. Those of several classes would each need scores of their own.
    private static bool IsMap(DataViewType type)
        => IsSingles(type) && ((VectorDataViewType)type).Dimensions is [> 0, > 0] or [_];

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
