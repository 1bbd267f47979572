using Microsoft.ML.AbsCam.Tool.Outputs.Parquet;

namespace Microsoft.ML.AbsCam.Tests.Tool.Outputs.Parquet;

/// <summary>Rows as a run makes them.</summary>
internal static class ParquetRows
{
    public static ParquetRow Explained(string path, int height, int width, Func<int, float> value) =>
        new(path, "Ok", 3, "Katze", 0.75f, "layer4", height, width, [.. Enumerable.Range(0, height * width).Select(value)]);

    public static ParquetRow Unread(string path) => new(path, "Unreadable", null, null, null, "layer4", 0, 0, null);

    /// <summary>A 7 x 7 map enlarged to 224 x 224, as networks for photos give it.</summary>
    public static ParquetRow Blobs(int seed)
    {
        float[] small = Layer(seed);
        return Explained($"photo-{seed}.jpg", 224, 224, i => Between(small, i / 224, i % 224));
    }

    /// <summary>The same map as the layer has it.</summary>
    public static ParquetRow LayerBlobs(int seed)
    {
        float[] small = Layer(seed);
        return Explained($"photo-{seed}.jpg", 7, 7, i => small[i]);
    }

    public static byte[] Write(IReadOnlyList<ParquetRow> rows, ParquetMaps maps)
    {
        using var stream = new MemoryStream();
        ParquetPart.Write(stream, rows, maps);
        return stream.ToArray();
    }

    private static float[] Layer(int seed)
    {
        var random = new Random(seed);
        float[] values = [.. Enumerable.Range(0, 49).Select(_ => Math.Max(0, (random.NextSingle() * 1.6f) - 0.6f))];
        float highest = values.Max();
        return [.. values.Select(value => value / highest)];
    }

    private static float Between(float[] small, int y, int x)
    {
        (int top, int bottom, float down) = Cells(y);
        (int left, int right, float along) = Cells(x);
        float upper = float.Lerp(small[(top * 7) + left], small[(top * 7) + right], along);
        float lower = float.Lerp(small[(bottom * 7) + left], small[(bottom * 7) + right], along);
        return float.Lerp(upper, lower, down);
    }

    private static (int First, int Second, float Share) Cells(int pixel)
    {
        float place = Math.Clamp(((pixel + 0.5f) / 32) - 0.5f, 0, 6);
        int first = (int)place;
        return (first, Math.Min(6, first + 1), place - first);
    }
}
