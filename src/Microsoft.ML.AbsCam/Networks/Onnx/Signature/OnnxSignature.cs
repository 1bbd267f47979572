using Google.Protobuf;
using Microsoft.ML.AbsCam.Networks.Onnx.Images;
using Microsoft.ML.AbsCam.Onnx.Format;
using Microsoft.ML.AbsCam.Onnx.Graphs;

namespace Microsoft.ML.AbsCam.Networks.Onnx.Signature;

/// <summary>What a model file states of its input and output, read without its weights: a schema needs no more.</summary>
/// <param name="Shape">The sizes that it states.</param>
/// <param name="Levels">The whole numbers that its one input takes; null for real numbers.</param>
/// <param name="NamesClasses">Whether nodes behind the scores may hold class names, so that the import should look.</param>
internal sealed record OnnxSignature(KnownShape Shape, IntegerLevels? Levels, bool NamesClasses)
{
    /// <param name="file">The file's bytes.</param>
    /// <param name="asked">The output that is asked for; null for the file's own.</param>
    /// <returns>What the file states; nothing where it states nothing or is no model, which its import then explains.</returns>
    public static OnnxSignature Read(ReadOnlySpan<byte> file, string? asked = null)
    {
        try
        {
            OnnxOutline outline = OnnxOutline.Read(file);
            bool namesClasses = outline.MayNameClasses;
            return new OnnxSignature(ShapeOf(outline, asked), LevelsOf(outline), namesClasses);
        }
        catch (Exception e) when (IsOfNoModel(e))
        {
            return new OnnxSignature(default, null, false);
        }
    }

    private static KnownShape ShapeOf(OnnxOutline outline, string? asked)
    {
        (int? channels, int? height, int? width) = outline.Inputs() is [GraphInput { Dimensions: { Length: 4 } sizes }] ? Image(sizes) : default;
        int? classes = outline.OnlyScores(asked) is GraphInput { Dimensions: { Length: >= 2 } scores } ? Classes(scores.AsSpan(1)) : null;
        return new KnownShape(channels, height, width, classes);
    }

    private static IntegerLevels? LevelsOf(OnnxOutline outline) => outline.Inputs() is [GraphInput only] ? ElementTypes.Levels(only.ElementType) : null;

    private static bool IsOfNoModel(Exception e) => e is InvalidDataException or InvalidProtocolBufferException or NetworkLoadException or OverflowException;

    private static (int? Channels, int? Height, int? Width) Image(long?[] sizes)
    {
        static int? narrow(long? size) => size is long known ? checked((int)known) : null;
        return ImageInput.IsChannelsLast(sizes)
            ? (narrow(sizes[3]), narrow(sizes[1]), narrow(sizes[2]))
            : (narrow(sizes[1]), narrow(sizes[2]), narrow(sizes[3]));
    }

    // [batch, classes], whatever axes of size 1 stand around.
    private static int? Classes(ReadOnlySpan<long?> sizes)
    {
        int? classes = 1;
        foreach (long? size in sizes)
        {
            if (size is null || (size > 1 && classes > 1))
            {
                return null;
            }

            classes = Math.Max(classes.Value, checked((int)size.Value));
        }

        return classes;
    }
}
