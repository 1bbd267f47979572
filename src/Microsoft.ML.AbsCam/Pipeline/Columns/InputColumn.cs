using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.AbsCam.Pipeline.Columns;

/// <summary>The image column of a schema: a photo, or a vector of known dimensions that the network takes as it is.</summary>
/// <param name="Column">The column.</param>
/// <param name="Channels">Channels of a vector, 0 for a photo.</param>
/// <param name="Height">Rows of a vector, 0 for a photo.</param>
/// <param name="Width">Columns of a vector, 0 for a photo.</param>
/// <param name="IsChannelsLast">Whether a vector is [H,W,C].</param>
internal sealed record InputColumn(DataViewSchema.Column Column, int Channels, int Height, int Width, bool IsChannelsLast)
{
    public bool IsImage => Column.Type is ImageDataViewType;

    /// <exception cref="ArgumentOutOfRangeException">There is no such column, or it is of another type.</exception>
    public static InputColumn Find(DataViewSchema schema, string name, VectorLayout layout)
    {
        if (schema.GetColumnOrNull(name) is not DataViewSchema.Column column)
        {
            throw SchemaErrors.Input.Missing(name, nameof(schema));
        }

        if (column.Type is ImageDataViewType)
        {
            return new InputColumn(column, 0, 0, 0, false);
        }

        if (column.Type is not VectorDataViewType { ItemType: NumberDataViewType item, Dimensions: [> 0, > 0, > 0] size } || item != NumberDataViewType.Single)
        {
            throw SchemaErrors.Input.Mismatch(name, column.Type.ToString(), nameof(schema));
        }

        bool isChannelsLast = layout switch
        {
            VectorLayout.ChannelsFirst => false,
            VectorLayout.ChannelsLast => true,
            _ => size[0] is not (1 or 3) && size[2] is 1 or 3,
        };
        return isChannelsLast
            ? new InputColumn(column, size[2], size[0], size[1], true)
            : new InputColumn(column, size[0], size[1], size[2], false);
    }

    /// <summary>The check that an estimator can make before there is data.</summary>
    public static void Check(SchemaShape shape, string name)
    {
        if (!Friend.SchemaShapes.TryFind(shape, name, out SchemaShape.Column column))
        {
            throw SchemaErrors.Input.Missing(name, nameof(shape));
        }

        bool isImage = column.ItemType is ImageDataViewType && column.Kind == SchemaShape.Column.VectorKind.Scalar;
        bool isVector = column.ItemType == NumberDataViewType.Single && column.Kind == SchemaShape.Column.VectorKind.Vector;
        if (!isImage && !isVector)
        {
            throw SchemaErrors.Input.Mismatch(name, Friend.SchemaShapes.Describe(column), nameof(shape));
        }
    }
}
