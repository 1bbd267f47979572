using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Pipeline.Columns;

/// <summary>
/// Which class each value of a target column is, where the column names its values: a key's values, or a score vector's slots. Their order is that in which
/// some data came along, and need not be the network's.
/// </summary>
internal static class TargetNames
{
    private const string KeyValues = "KeyValues";
    private const string SlotNames = "SlotNames";

    /// <returns>The class of each value, -1 for none of the network's; null where values have no names and count the classes themselves.</returns>
    public static int[]? Classes(DataViewSchema.Column column, IReadOnlyList<string>? labels)
        => Read(column)?.Select(name => ClassOf(name, labels)).ToArray();

    /// <summary>The class of that name or index; -1 for none, and for a name that several classes have.</summary>
    public static int ClassOf(string name, IReadOnlyList<string>? labels)
    {
        int found = -1;
        for (int i = 0; i < labels?.Count; i++)
        {
            if (labels[i] == name)
            {
                if (found >= 0)
                {
                    return -1;
                }

                found = i;
            }
        }

        return found >= 0 ? found : int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? index : -1;
    }

    /// <summary>A name that says nothing without labels; null where there is none.</summary>
    public static string? Unknown(DataViewSchema.Column column)
        => Read(column)?.FirstOrDefault(name => name.Length > 0 && ClassOf(name, null) < 0);

    private static string[]? Read(DataViewSchema.Column column)
    {
        string annotation = column.Type is VectorDataViewType ? SlotNames : KeyValues;
        if (column.Annotations.Schema.GetColumnOrNull(annotation) is not { Type: VectorDataViewType { ItemType: var item } })
        {
            return null;
        }

        string[] names = item is TextDataViewType ? Texts<ReadOnlyMemory<char>>(column, annotation)
            : Type.GetTypeCode(item.RawType) switch
            {
                TypeCode.Byte => Texts<byte>(column, annotation),
                TypeCode.SByte => Texts<sbyte>(column, annotation),
                TypeCode.Int16 => Texts<short>(column, annotation),
                TypeCode.UInt16 => Texts<ushort>(column, annotation),
                TypeCode.Int32 => Texts<int>(column, annotation),
                TypeCode.UInt32 => Texts<uint>(column, annotation),
                TypeCode.Int64 => Texts<long>(column, annotation),
                TypeCode.UInt64 => Texts<ulong>(column, annotation),
                TypeCode.Single => Texts<float>(column, annotation),
                TypeCode.Double => Texts<double>(column, annotation),
                _ => [item.ToString()!],
            };
        return Array.TrueForAll(names, name => name.Length == 0) ? null : names;
    }

    private static string[] Texts<T>(DataViewSchema.Column column, string annotation)
    {
        VBuffer<T> values = default;
        column.Annotations.GetValue(annotation, ref values);
        return [.. values.DenseValues().Select(value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")];
    }
}
