namespace Microsoft.ML.AbsCam.Tests.Networks.Onnx.Transformations;

/// <summary>The images that networks are compared with: made-up levels of 0 to 255, as each network wants them.</summary>
internal static class Pictures
{
    public const float HalfRange = 127.5f;

    private const int Count = 2;

    /// <summary>[channels, height, width], one after the other.</summary>
    public static float[][] For(Rewriting net)
    {
        Random random = new(3);
        long[] shape = net.ImageShape;
        int plane = (int)(shape[1] * shape[2]) * net.Scale * net.Scale;
        return [.. Enumerable.Range(0, Count).Select(_ =>
        {
            float[] levels = [.. Enumerable.Range(0, (int)shape[0] * plane).Select(_ => (float)random.Next(256))];
            float[] values = net.IsRaw ? levels : [.. levels.Select(level => (level / HalfRange) - 1)];
            return net.IsFlipped ? [.. values.Chunk(plane).Reverse().SelectMany(channel => channel)] : values;
        })];
    }
}
