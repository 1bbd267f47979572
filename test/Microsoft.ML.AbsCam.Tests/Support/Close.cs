using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>Tensors beside numbers.</summary>
internal static class Close
{
    public static Tensor ToTensor(this Npy array) => tensor(array.Values, array.Shape);

    public static float[] Floats(this Tensor value)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor flat = value.detach().to(ScalarType.Float32).cpu().contiguous();
        return MemoryMarshal.Cast<byte, float>(flat.bytes).ToArray();
    }

    public static void AreClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance, string what)
    {
        Assert.AreEqual(expected.Length, actual.Length, $"{what}: how many numbers");
        double worst = 0;
        int at = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            if (expected[i].Equals(actual[i]))
            {
                continue;
            }

            double difference = Math.Abs((double)expected[i] - actual[i]);
            if (!(difference <= worst))
            {
                (worst, at) = (difference, i);
            }
        }

        Assert.IsTrue(worst <= tolerance, $"{what}: number {at} is {(actual.Length > 0 ? actual[at] : 0)}, expected {(expected.Length > 0 ? expected[at] : 0)} within {tolerance}");
    }
}
