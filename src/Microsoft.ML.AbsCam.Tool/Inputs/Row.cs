using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tool.Inputs;

/// <summary>
/// A row of the pipeline. A picture is decoded when the network reaches it, kept for the report, and freed after that.
/// </summary>
internal sealed class Row(InputFile file, ImageFileOptions decoding, int tensorLength, string target)
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
                    Error = e.Message;
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
                (float[] values, int[] shape) = NpyFile.Read(File.Path, tensorLength);
                if (values.Length == tensorLength)
                {
                    return values;
                }

                Error = $"'{File.Path}' holds [{string.Join(", ", shape)}], and the network takes {tensorLength} values.";
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
}
