using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Onnx.Format;

/// <summary>The format's element types and what they become in memory.</summary>
internal static class ElementTypes
{
    public const int Float = 1;
    public const int UInt8 = 2;
    public const int Int8 = 3;
    public const int UInt16 = 4;
    public const int Int16 = 5;
    public const int Int32 = 6;
    public const int Int64 = 7;
    public const int Text = 8;
    public const int Bool = 9;
    public const int Float16 = 10;
    public const int Double = 11;
    public const int UInt32 = 12;
    public const int UInt64 = 13;
    public const int BFloat16 = 16;

    private static readonly string[] Names =
    [
        "undefined", "float", "uint8", "int8", "uint16", "int16", "int32", "int64", "string", "bool", "float16", "double", "uint32",
        "uint64", "complex64", "complex128", "bfloat16", "float8e4m3fn", "float8e4m3fnuz", "float8e5m2", "float8e5m2fnuz", "uint4",
        "int4", "float4e2m1",
    ];

    /// <summary>
    /// The type a value of this element type has in a run; null where it has none. Half-width floats widen to float32, because
    /// CPUs compute them slowly or not at all; unsigned integers without a tensor type of their own widen to the next signed one.
    /// </summary>
    public static ScalarType? InMemory(int elementType) => elementType switch
    {
        Float or Float16 or BFloat16 => ScalarType.Float32,
        Double => ScalarType.Float64,
        UInt8 => ScalarType.Byte,
        Int8 => ScalarType.Int8,
        Int16 => ScalarType.Int16,
        UInt16 or Int32 => ScalarType.Int32,
        UInt32 or Int64 or UInt64 => ScalarType.Int64,
        Bool => ScalarType.Bool,
        _ => null,
    };

    /// <summary>The whole numbers that an element type holds; null for real numbers.</summary>
    public static IntegerLevels? Levels(int elementType)
    {
        (double Least, double Most)? range = elementType switch
        {
            UInt8 => (byte.MinValue, byte.MaxValue),
            Int8 => (sbyte.MinValue, sbyte.MaxValue),
            UInt16 => (ushort.MinValue, ushort.MaxValue),
            Int16 => (short.MinValue, short.MaxValue),
            UInt32 => (uint.MinValue, uint.MaxValue),
            Int32 => (int.MinValue, int.MaxValue),
            // What a float32 can say of them.
            Int64 => (-MathF.BitDecrement(long.MaxValue), MathF.BitDecrement(long.MaxValue)),
            UInt64 => (0, MathF.BitDecrement(long.MaxValue)),
            Bool => (0, 1),
            _ => null,
        };
        return range is (double least, double most) ? new IntegerLevels(Name(elementType), least, most) : null;
    }

    /// <summary>The format's number for a type in memory.</summary>
    public static int InFile(ScalarType type) => type switch
    {
        ScalarType.Float32 => Float,
        ScalarType.Float64 => Double,
        ScalarType.Byte => UInt8,
        ScalarType.Int8 => Int8,
        ScalarType.Int16 => Int16,
        ScalarType.Int32 => Int32,
        ScalarType.Int64 => Int64,
        ScalarType.Bool => Bool,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "A network's values have no such type."),
    };

    /// <summary>Bytes of one element in the file.</summary>
    public static int BytesInFile(int elementType) => elementType switch
    {
        UInt8 or Int8 or Bool => 1,
        UInt16 or Int16 or Float16 or BFloat16 => 2,
        Float or Int32 or UInt32 => 4,
        _ => 8,
    };

    public static string Name(int elementType) =>
        elementType >= 0 && elementType < Names.Length ? Names[elementType] : $"number {elementType}";
}
