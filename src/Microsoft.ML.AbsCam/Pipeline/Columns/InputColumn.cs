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

    /// <param name="schema">Where to look.</param>
    /// <param name="name">The column's name.</param>
    /// <param name="layout">The order of a vector's dimensions.</param>
    /// <param name="channels">How many channels the network takes; null, where that is not known yet, for 1 or 3.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column, or it is of another type.</exception>
    public static InputColumn Find(DataViewSchema schema, string name, VectorLayout layout, int? channels)
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

        bool isChannels(int dimension) => channels is int known ? dimension == known : dimension is 1 or 3;
        bool isChannelsLast = layout switch
        {
            VectorLayout.ChannelsFirst => false,
            VectorLayout.ChannelsLast => true,
            _ => !isChannels(size[0]) && isChannels(size[2]),
        };
        return isChannelsLast
            ? new InputColumn(column, size[2], size[0], size[1], true)
            : new InputColumn(column, size[0], size[1], size[2], false);
    }

    /// <summary>The check that an estimator can make before there is data.</summary>
    /// <returns>Whether the column holds photos.</returns>
    public static bool Check(SchemaShape shape, string name)
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

        return isImage;
    }
}
