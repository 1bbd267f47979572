using Microsoft.ML.AbsCam.Pipeline.Batches;

namespace Microsoft.ML.AbsCam.Pipeline.Evaluation.Images;

/// <summary>Reads the current row of a cursor; what is wrong with a row stays with that row.</summary>
internal sealed class LabelledImageReader(DataViewRow row, IInputReader image, Func<int>? target)
{
    /// <param name="input">Where the image goes [C,H,W].</param>
    public LabelledImage Read(Memory<float> input)
    {
        try
        {
            if (!image.TryRead(0, input.Span, out _))
            {
                return Not("there is no image");
            }

            int? asked = target?.Invoke();
            return asked < 0 ? Not("there is no class, or none that the network has") : new LabelledImage(row.Position, input, asked, null);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or OperationCanceledException or ObjectDisposedException))
        {
            return Not(e.GetBaseException().Message.TrimEnd('.'));
        }
    }

    private LabelledImage Not(string trouble) => new(row.Position, ReadOnlyMemory<float>.Empty, null, trouble);
}
