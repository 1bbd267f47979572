using System.Numerics.Tensors;

namespace Microsoft.ML.AbsCam.Measures.Perturbation;

/// <summary>The image times its map, in normalised space: what the map leaves of it.</summary>
internal sealed record MaskedProbe : PerturbationProbe
{
    public override int Count(int pixels) => 1;

    public override ProbeImages Of(RowImage row) => new OneImage(row);

    public static void Write(RowImage row, Span<float> image)
    {
        for (int plane = 0; plane < image.Length; plane += row.Pixels)
        {
            TensorPrimitives.Multiply(row.Values.Slice(plane, row.Pixels), row.Map, image.Slice(plane, row.Pixels));
        }
    }

    private sealed class OneImage(RowImage row) : ProbeImages
    {
        public override void WriteNext(Span<float> image) => Write(row, image);
    }
}
