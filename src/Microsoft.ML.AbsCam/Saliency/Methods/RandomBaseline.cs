using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.ML.AbsCam.Onnx.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Saliency.Methods;

/// <summary>A map that knows nothing: uniform noise, its seed the SHA-256 of the image's numbers.</summary>
internal sealed class RandomBaseline() : ImageMethod("random")
{
    protected internal override Tensor Map(Tensor images)
    {
        (int rows, int pixels) = ((int)images.shape[0], (int)(images.shape[2] * images.shape[3]));
        float[] values = images.ToFloats();
        float[] map = new float[rows * pixels];
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> image = values.AsSpan(row * (values.Length / rows), values.Length / rows);
            var numbers = new SeededNumbers(BitConverter.ToUInt64(SHA256.HashData(MemoryMarshal.AsBytes(image))));
            for (int pixel = 0; pixel < pixels; pixel++)
            {
                map[(row * pixels) + pixel] = (float)numbers.Uniform(pixel);
            }
        }

        return TensorData.FromFloats(map, rows, images.shape[2], images.shape[3]);
    }
}
