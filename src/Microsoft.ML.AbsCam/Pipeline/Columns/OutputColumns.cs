using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.AbsCam.Pipeline.Columns;

/// <summary>The columns that a set of options asks for, in the order in which they are appended.</summary>
internal static class OutputColumns
{
    /// <param name="mapColumn">The name of the map column.</param>
    /// <param name="options">Which columns, and how many targets a row.</param>
    /// <param name="mapHeight">Rows of a map.</param>
    /// <param name="mapWidth">Columns of a map.</param>
    /// <param name="classCount">How many classes there are; asked for only by the columns that need it.</param>
    public static IReadOnlyList<OutputColumn> For(string mapColumn, AbsCamOptions options, int mapHeight, int mapWidth, Func<int> classCount)
    {
        int? many = options.Target is TopTarget top ? top.Count : null;
        DataViewType each(PrimitiveDataViewType item) => many is int count ? new VectorDataViewType(item, count) : item;
        var columns = new List<OutputColumn>
        {
            new(OutputKind.Map, mapColumn, many is int maps ? new VectorDataViewType(NumberDataViewType.Single, maps, mapHeight, mapWidth) : new VectorDataViewType(NumberDataViewType.Single, mapHeight, mapWidth), null),
        };

        void add(OutputKind kind, string? name, Func<DataViewType> type, DataViewSchema.Annotations? annotations = null)
        {
            if (name is not null)
            {
                columns.Add(new OutputColumn(kind, name, type(), annotations));
            }
        }

        add(OutputKind.Class, options.Columns.Class, () => each(new KeyDataViewType(typeof(uint), classCount())), Names(options.Labels, isKey: true));
        add(OutputKind.Probability, options.Columns.Probability, () => each(NumberDataViewType.Single));
        add(OutputKind.Scores, options.Columns.Scores, () => new VectorDataViewType(NumberDataViewType.Single, classCount()), Names(options.Labels, isKey: false));
        add(OutputKind.Status, options.Columns.Status, () => each(TextDataViewType.Instance));
        add(OutputKind.Overlay, options.Columns.Overlay, () => new ImageDataViewType());
        add(OutputKind.Forwards, options.Columns.Forwards, () => NumberDataViewType.Int32);
        add(OutputKind.Milliseconds, options.Columns.Milliseconds, () => NumberDataViewType.Single);
        return columns;
    }

    /// <exception cref="ArgumentException">Two columns have the same name.</exception>
    public static void CheckNames(string mapColumn, AbsCamOptions options)
    {
        IReadOnlyList<OutputColumn> columns = For(mapColumn, options, 1, 1, () => options.Labels?.Count ?? 1);
        if (columns.GroupBy(column => column.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Two output columns are named '{twice.Key}' ({string.Join(" and ", twice.Select(column => column.Kind))}). Give each a name of its own.");
        }
    }

    private static DataViewSchema.Annotations? Names(IReadOnlyList<string>? labels, bool isKey)
    {
        if (labels is null)
        {
            return null;
        }

        ReadOnlyMemory<char>[] names = [.. labels.Select(label => label.AsMemory())];
        void fill(ref VBuffer<ReadOnlyMemory<char>> value)
        {
            VBufferEditor<ReadOnlyMemory<char>> editor = VBufferEditor.Create(ref value, names.Length);
            names.CopyTo(editor.Values);
            value = editor.Commit();
        }

        var builder = new DataViewSchema.Annotations.Builder();
        if (isKey)
        {
            builder.AddKeyValues<ReadOnlyMemory<char>>(names.Length, TextDataViewType.Instance, fill);
        }
        else
        {
            builder.AddSlotNames(names.Length, fill);
        }

        return builder.ToAnnotations();
    }
}
