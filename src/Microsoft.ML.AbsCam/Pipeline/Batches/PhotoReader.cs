using Microsoft.ML.AbsCam.Imaging;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Pipeline.Batches;

/// <summary>Reads photos and makes them the network's input.</summary>
/// <remarks>
/// Each place in the batch keeps its last photo and offers it to the source again: sources that make photos dispose the
/// old one then, and sources that hold the user's photos leave them alone. Nothing is disposed here.
/// </remarks>
internal sealed class PhotoReader(ValueGetter<MLImage> getter, ImageTensorizer tensorizer, int slots) : IInputReader
{
    private readonly MLImage?[] _photos = new MLImage?[slots];

    public bool TryRead(int slot, Span<float> input, out MLImage? photo)
    {
        photo = null;
        getter(ref _photos[slot]!);
        if (_photos[slot] is not { Width: > 0, Height: > 0 } read)
        {
            return false;
        }

        tensorizer.Write(read, input);
        photo = read;
        return true;
    }
}
