using System.Globalization;
using System.Numerics.Tensors;
using Microsoft.ML.AbsCam.Audit.Evidence;
using Microsoft.ML.AbsCam.Pipeline.Columns;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Audit.Differences;

/// <summary>Reads one of two explained data sets, once.</summary>
internal sealed class PictureReader
{
    private static readonly SchemaErrors MapErrors = new("map", "vector of Single with dimensions [H,W], the map of one class");
    private static readonly SchemaErrors ClassErrors = new("class", "key (UInt32), Int32 or text");
    private static readonly SchemaErrors NumberErrors = new("probability or share", "Single");
    private static readonly SchemaErrors TextErrors = new("name or truth", "text");

    private readonly IDataView _data;
    private readonly string _which;
    private readonly DiffOptions _options;
    private readonly DataViewSchema.Column _map;

    /// <param name="data">The data set.</param>
    /// <param name="which">What it is called in messages: first or second.</param>
    /// <param name="options">The names of its columns.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column of maps is missing or of another type.</exception>
    public PictureReader(IDataView data, string which, DiffOptions options)
    {
        (_data, _which, _options) = (data, which, options);
        _map = Column(options.MapColumn, MapErrors, type => type is VectorDataViewType { Dimensions: [> 0, > 0], ItemType: NumberDataViewType item } && item == NumberDataViewType.Single);
        Frame = ((VectorDataViewType)_map.Type).Dimensions is var size ? new InputFrame(1, size[0], size[1]) : default;
    }

    /// <summary>The size of its maps.</summary>
    public InputFrame Frame { get; }

    /// <param name="height">Rows of the cells that maps are averaged over.</param>
    /// <param name="width">Columns of them.</param>
    /// <exception cref="ArgumentException">Two pictures have one name.</exception>
    public Dictionary<string, ExplainedPicture> Read(int height, int width)
    {
        bool isFirst = _which == "first";
        DataViewSchema.Column name = Column(_options.NameColumn, TextErrors, type => type is TextDataViewType);
        DataViewSchema.Column given = Column(_options.ClassColumn, ClassErrors, type => type is TextDataViewType || type.RawType == typeof(uint) || type.RawType == typeof(int));
        DataViewSchema.Column probability = Column(_options.ProbabilityColumn, NumberErrors, type => type == NumberDataViewType.Single);
        DataViewSchema.Column? truth = isFirst && _options.TruthColumn is { } shown ? Column(shown, TextErrors, type => type is TextDataViewType) : null;
        DataViewSchema.Column? share = _options.ObjectShareColumn is { } objects ? Column(objects, NumberErrors, type => type == NumberDataViewType.Single) : null;
        var pictures = new Dictionary<string, ExplainedPicture>(StringComparer.Ordinal);
        using DataViewRowCursor cursor = _data.GetRowCursor(((DataViewSchema.Column?[])[_map, name, given, probability, truth, share]).OfType<DataViewSchema.Column>().DistinctBy(column => column.Index));
        Func<string> names = TextOf(cursor, name);
        Func<string> classes = ClassOf(cursor, given);
        Func<float> probabilities = NumberOf(cursor, probability);
        Func<string> truths = truth is { } says ? TextOf(cursor, says) : () => "";
        Func<float> shares = share is { } tells ? NumberOf(cursor, tells) : () => float.NaN;
        ValueGetter<VBuffer<float>> maps = cursor.GetGetter<VBuffer<float>>(_map);
        VBuffer<float> buffer = default;
        while (cursor.MoveNext())
        {
            string called = names();
            maps(ref buffer);
            string c = classes();
            if (!pictures.TryAdd(called, new ExplainedPicture(cursor.Position, called, c, probabilities(), HeatOf([.. buffer.DenseValues()], height, width), truths(), shares())))
            {
                throw new ArgumentException($"Two rows of the {_which} data set are called '{called}', and nothing tells which of them is to be compared. Give each picture a name of its own.");
            }
        }

        return pictures;
    }

    private float[] HeatOf(float[] map, int height, int width)
    {
        if (map.Length != Frame.Pixels || !Array.TrueForAll(map, float.IsFinite))
        {
            return [];
        }

        // What speaks against the class is no heat.
        float[] cells = Frame.Shrink(Array.ConvertAll(map, value => Math.Max(value, 0)), height, width);
        float sum = TensorPrimitives.Sum<float>(cells);
        return sum > 0 ? Array.ConvertAll(cells, value => value / sum) : [];
    }

    private DataViewSchema.Column Column(string name, SchemaErrors errors, Predicate<DataViewType> isFit)
    {
        DataViewSchema.Column column = _data.Schema.GetColumnOrNull(name) ?? throw errors.Missing(name, _which);
        return isFit(column.Type) ? column : throw errors.Mismatch(name, column.Type.ToString(), _which);
    }

    private static Func<string> TextOf(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<ReadOnlyMemory<char>> getter = row.GetGetter<ReadOnlyMemory<char>>(column);
        ReadOnlyMemory<char> value = default;
        return () =>
        {
            getter(ref value);
            return value.ToString();
        };
    }

    private static Func<float> NumberOf(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<float> getter = row.GetGetter<float>(column);
        float value = 0;
        return () =>
        {
            getter(ref value);
            return value;
        };
    }

    // A key counts from 1, and 0 is none.
    private static Func<string> ClassOf(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is TextDataViewType)
        {
            return TextOf(row, column);
        }

        if (column.Type.RawType == typeof(int))
        {
            ValueGetter<int> integer = row.GetGetter<int>(column);
            int index = 0;
            return () =>
            {
                integer(ref index);
                return index < 0 ? "" : index.ToString(CultureInfo.InvariantCulture);
            };
        }

        VBuffer<ReadOnlyMemory<char>> names = default;
        if (column.Annotations.Schema.GetColumnOrNull("KeyValues") is { Type: VectorDataViewType { ItemType: TextDataViewType } })
        {
            column.GetKeyValues(ref names);
        }

        string[] called = [.. names.DenseValues().Select(name => name.ToString())];
        ValueGetter<uint> key = row.GetGetter<uint>(column);
        uint value = 0;
        return () =>
        {
            key(ref value);
            return value == 0 ? "" : value <= called.Length ? called[value - 1] : (value - 1).ToString(CultureInfo.InvariantCulture);
        };
    }
}
