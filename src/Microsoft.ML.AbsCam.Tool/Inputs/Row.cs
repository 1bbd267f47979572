using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tool.Inputs;

/// <summary>
/// A row of the pipeline. A picture is decoded when the network reaches it, kept for the report, and freed after that.
/// </summary>
internal sealed class Row(InputFile file, ImageFileOptions decoding, NetworkShape shape, string target)
{
    private MLImage? _photo;

    [NoColumn]
    public InputFile File { get; } = file;

    /// <summary>Why the file could not be read; null while it was not, or where it could.</summary>
    [NoColumn]
    public string? Error { get; private set; }

    public string Target { get; } = target;

    /// <summary>The picture, while it is in memory.</summary>
    [NoColumn]
    public MLImage? PhotoInMemory => _photo;

    public MLImage? Image
    {
        get
        {
            if (_photo is null && Error is null)
            {
                try
                {
                    _photo = ImageFile.Load(File.Path, decoding);
                }
                catch (ImageFileException e)
                {
                    Error = InOurWords(e);
                }
            }

            return _photo;
        }
    }

    public float[] Tensor
    {
        get
        {
            try
            {
                (float[] values, int[] sizes) = NpyFile.Read(File.Path, (long)shape.Channels * shape.Height * shape.Width);
                int[] expected = [shape.Channels, shape.Height, shape.Width];
                if (sizes.SequenceEqual(expected) || sizes.SequenceEqual([1, .. expected]))
                {
                    return values;
                }

                Error = $"the array has the shape [{string.Join(", ", sizes)}], and the network takes [{string.Join(", ", expected)}].";
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                Error = e.Message;
            }

            // An exception would be as good; a row without a message of its own would not.
            return [];
        }
    }

    public void Release()
    {
        _photo?.Dispose();
        _photo = null;
    }

    /// <summary>The message stands behind the row's name, so it need not say the path; and a limit is one of our options here.</summary>
    private static string InOurWords(ImageFileException e)
    {
        string text = e.Message.StartsWith($"{e.Path}: ", StringComparison.Ordinal) ? e.Message[(e.Path.Length + 2)..] : e.Message;
        return text.Replace($"{nameof(ImageFileOptions)}.{nameof(ImageFileOptions.MaxPixels)}", "--max-pixels", StringComparison.Ordinal);
    }
}
