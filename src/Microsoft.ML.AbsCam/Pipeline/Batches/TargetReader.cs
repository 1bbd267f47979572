using System.Globalization;
using Microsoft.ML.AbsCam.Pipeline.Columns;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Pipeline.Batches;

/// <summary>Reads which class a row asks for.</summary>
internal static class TargetReader
{
    /// <summary>A function that gives the class index of the current row, -1 for a class that is not there.</summary>
    public static Func<int> For(DataViewRow row, DataViewSchema.Column column, IReadOnlyList<string>? labels)
    {
        return column.Type switch
        {
            TextDataViewType => Text(row, column, Index(labels)),
            KeyDataViewType key => Key(row, column, key, TargetNames.Classes(column, labels)),
            VectorDataViewType { ItemType: var item } when item == NumberDataViewType.Double => Highest<double>(row, column, labels),
            VectorDataViewType => Highest<float>(row, column, labels),
            _ => Integer(row, column),
        };
    }

    private static Func<int> Text(DataViewRow row, DataViewSchema.Column column, Dictionary<string, int> byName)
    {
        ValueGetter<ReadOnlyMemory<char>> getter = row.GetGetter<ReadOnlyMemory<char>>(column);
        return () =>
        {
            ReadOnlyMemory<char> value = default;
            getter(ref value);
            string name = value.ToString();
            return byName.TryGetValue(name, out int index) || int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out index) ? index : -1;
        };
    }

    private static Func<int> Key(DataViewRow row, DataViewSchema.Column column, KeyDataViewType type, int[]? classes)
    {
        // Keys count from 1; 0 is a missing value.
        Func<long> read = Reader(row, column, type.RawType);
        return () => (int)Math.Clamp(read() - 1, -1, int.MaxValue) is int position && classes is not null && position >= 0
            ? position < classes.Length ? classes[position] : -1
            : position;
    }

    // A score vector asks for its highest entry; the first, where several are as high.
    private static Func<int> Highest<T>(DataViewRow row, DataViewSchema.Column column, IReadOnlyList<string>? labels)
        where T : System.Numerics.INumber<T>
    {
        int[]? classes = TargetNames.Classes(column, labels);
        int? count = classes?.Length ?? labels?.Count;
        ValueGetter<VBuffer<T>> getter = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> buffer = default;
        return () =>
        {
            getter(ref buffer);
            T[] scores = [.. buffer.DenseValues()];
            if (scores.Length < 2 || (count is int expected && scores.Length != expected) || Array.Exists(scores, T.IsNaN))
            {
                return -1;
            }

            int highest = Array.IndexOf(scores, scores.Max());
            return classes is null ? highest : classes[highest];
        };
    }

    private static Func<int> Integer(DataViewRow row, DataViewSchema.Column column)
    {
        Func<long> read = Reader(row, column, column.Type.RawType);
        return () => (int)Math.Clamp(read(), -1, int.MaxValue);
    }

    private static Func<long> Reader(DataViewRow row, DataViewSchema.Column column, Type raw) => Type.GetTypeCode(raw) switch
    {
        TypeCode.Byte => Reader<byte>(row, column, value => value),
        TypeCode.SByte => Reader<sbyte>(row, column, value => value),
        TypeCode.Int16 => Reader<short>(row, column, value => value),
        TypeCode.UInt16 => Reader<ushort>(row, column, value => value),
        TypeCode.Int32 => Reader<int>(row, column, value => value),
        TypeCode.UInt32 => Reader<uint>(row, column, value => value),
        TypeCode.Int64 => Reader<long>(row, column, value => value),
        _ => Reader<ulong>(row, column, value => value > long.MaxValue ? long.MaxValue : (long)value),
    };

    private static Func<long> Reader<T>(DataViewRow row, DataViewSchema.Column column, Func<T, long> widen)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        return () =>
        {
            T value = default!;
            getter(ref value);
            return widen(value);
        };
    }

    private static Dictionary<string, int> Index(IReadOnlyList<string>? labels)
    {
        var byName = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < labels?.Count; i++)
        {
            // A name that several classes have is none's.
            byName[labels[i]] = byName.ContainsKey(labels[i]) ? -1 : i;
        }

        return byName;
    }
}
