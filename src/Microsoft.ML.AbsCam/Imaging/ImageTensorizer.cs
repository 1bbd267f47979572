using System.Buffers;
using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.Intrinsics;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Imaging;

/// <summary>Turns photos of any size into the network's input. Safe to use from several threads.</summary>
/// <remarks>
/// Rows are mixed first, straight from the photo's bytes, then columns: one row of floats is all the memory that a photo takes.
/// Sums stay in floating point (torchvision's tensors), where PIL rounds to whole levels after each of its two passes; the two differ
/// by less than one level of 255. Mixing premultiplied colours and alpha alike and then laying the result over white is the same as
/// laying the photo over white first, because both are linear.
/// </remarks>
internal sealed class ImageTensorizer
{
    private const int MostPlans = 64;
    // Rec. 601, as PIL's and OpenCV's grey.
    private const float RedShare = 0.299f;
    private const float GreenShare = 0.587f;
    private const float BlueShare = 0.114f;

    private readonly ImagePreprocessing _preprocessing;
    private readonly float[] _mean;
    private readonly float[] _std;
    private readonly ConcurrentDictionary<(int Width, int Height), ResamplePlan> _plans = new();

    public ImageTensorizer(ImagePreprocessing preprocessing)
    {
        preprocessing.Validate();
        _preprocessing = preprocessing;
        (_mean, _std) = ([.. preprocessing.Mean], [.. preprocessing.Std]);
    }

    /// <summary>Writes an image's [planes, Height, Width] input. The image is read only, never disposed.</summary>
    /// <param name="image">The photo.</param>
    /// <param name="chw">Where the planes * Height * Width values go, overwritten as a whole.</param>
    public void Write(MLImage image, Span<float> chw)
    {
        var plane = _preprocessing.Width * _preprocessing.Height;
        if (chw.Length != _preprocessing.Planes * plane)
        {
            throw new ArgumentException($"The tensor has {chw.Length} values, the preprocessing gives {_preprocessing.Planes * plane}.", nameof(chw));
        }

        var photoWidth = image.Width;
        var plan = PlanFor(photoWidth, image.Height);
        var order = PixelOrder.Of(image);
        if (!plan.CoversInput)
        {
            chw.Clear();
        }

        var firstByte = plan.Columns.FirstInput * PixelOrder.Bytes;
        var rowBytes = plan.Columns.EndInput * PixelOrder.Bytes - firstByte;
        var rented = ArrayPool<float>.Shared.Rent(rowBytes);
        var mixed = rented.AsSpan(0, rowBytes);
        var pixels = image.Pixels;
        for (var y = 0; y < plan.Rows.Count; y++)
        {
            mixed.Clear();
            var weights = plan.Rows.Of(y, out var start);
            for (var k = 0; k < weights.Length; k++)
            {
                var from = (start + k) * photoWidth * PixelOrder.Bytes + firstByte;
                AddWeighted(pixels.Slice(from, rowBytes), weights[k], mixed);
            }

            WriteRow(mixed, plan, chw[((plan.Top + y) * _preprocessing.Width + plan.Left)..], plane, order);
        }

        GC.KeepAlive(image);
        ArrayPool<float>.Shared.Return(rented);
    }

    private ResamplePlan PlanFor(int width, int height)
    {
        if (_plans.TryGetValue((width, height), out var plan))
        {
            return plan;
        }

        if (_plans.Count >= MostPlans)
        {
            _plans.Clear();
        }

        plan = new ResamplePlan(ImageGeometry.For(width, height, _preprocessing));
        _plans[(width, height)] = plan;
        return plan;
    }

    private static void AddWeighted(ReadOnlySpan<byte> pixels, float weight, Span<float> sum)
    {
        var i = 0;
        var factor = new Vector<float>(weight);
        for (; i <= pixels.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(pixels[i..]), out var low, out var high);
            AddWeighted(low, factor, sum[i..]);
            AddWeighted(high, factor, sum[(i + Vector<ushort>.Count)..]);
        }

        for (; i < pixels.Length; i++)
        {
            sum[i] += weight * pixels[i];
        }
    }

    private static void AddWeighted(Vector<ushort> values, Vector<float> factor, Span<float> sum)
    {
        Vector.Widen(values, out var low, out var high);
        var rest = sum[Vector<float>.Count..];
        (new Vector<float>(sum) + factor * Vector.ConvertToSingle(Vector.AsVectorInt32(low))).CopyTo(sum);
        (new Vector<float>(rest) + factor * Vector.ConvertToSingle(Vector.AsVectorInt32(high))).CopyTo(rest);
    }

    private void WriteRow(ReadOnlySpan<float> mixed, ResamplePlan plan, Span<float> row, int plane, PixelOrder order)
    {
        var isGrey = _preprocessing.ColorOrder == ColorOrder.Gray;
        var (first, last) = _preprocessing.ColorOrder == ColorOrder.Bgr ? (order.Blue, order.Red) : (order.Red, order.Blue);
        var origin = plan.Columns.FirstInput;
        for (var x = 0; x < plan.Columns.Count; x++)
        {
            var weights = plan.Columns.Of(x, out var start);
            var taps = mixed[((start - origin) * PixelOrder.Bytes)..];
            var pixel = Vector128<float>.Zero;
            for (var k = 0; k < weights.Length; k++)
            {
                pixel += weights[k] * Vector128.Create(taps.Slice(k * PixelOrder.Bytes, PixelOrder.Bytes));
            }

            var white = byte.MaxValue - pixel[PixelOrder.Alpha];
            if (isGrey)
            {
                // Luma is linear, so that of the mixed colours is the mix of the lumas.
                row[x] = Normalise((RedShare * pixel[order.Red]) + (GreenShare * pixel[order.Green]) + (BlueShare * pixel[order.Blue]) + white, 0);
                continue;
            }

            row[x] = Normalise(pixel[first] + white, 0);
            row[x + plane] = Normalise(pixel[order.Green] + white, 1);
            row[x + (2 * plane)] = Normalise(pixel[last] + white, 2);
        }
    }

    private float Normalise(float level, int channel) =>
        (Math.Min(level, byte.MaxValue) * _preprocessing.Scale - _mean[channel]) / _std[channel];
}
