using Microsoft.ML.AbsCam.Tool.Inputs.Objects;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tool.Inputs;

/// <summary>
/// A row of the pipeline. A picture is decoded when the network reaches it, kept for the report, and freed after that.
/// </summary>
internal sealed class PhotoRow(InputFile file, ImageFileOptions decoding, ImageNetwork network, NetworkShape shape, string target, string? regionPath = null)
{
    private readonly Lock _reading = new();
    private MLImage? _photo;
    private MLImage? _region;
    private bool _wasRead;

    [NoColumn]
    public InputFile File { get; } = file;

    /// <summary>Why the file could not be read; null while it was not, or where it could.</summary>
    [NoColumn]
    public string? Error { get; private set; }

    public string Target { get; } = target;

    /// <summary>Why what is asked about is not there; null while nobody asked, or where it is.</summary>
    [NoColumn]
    public string? TargetError { get; private set; }

    /// <summary>The region that is asked about, as a mask; null where there is none, or none that fits the photo.</summary>
    public MLImage? Region
    {
        get
        {
            lock (_reading)
            {
                if (regionPath is not null && _region is null && TargetError is null)
                {
                    ReadRegion(regionPath);
                }

                return _region;
            }
        }
    }

    /// <summary>The picture, while it is in memory.</summary>
    [NoColumn]
    public MLImage? PhotoInMemory => _photo;

    /// <summary>The file as it was when it was read.</summary>
    [NoColumn]
    public string Stamp { get; private set; } = FileStamp.Gone;

    public MLImage? Image
    {
        get
        {
            lock (_reading)
            {
                if (_photo is null && Error is null)
                {
                    ReadPhoto();
                }

                return _photo;
            }
        }
    }

    public float[] Tensor
    {
        get
        {
            Stamp = FileStamp.Of(File.Path);
            try
            {
                (float[] values, int[] sizes) = NpyFile.Read(File.Path, (long)shape.Channels * shape.Height * shape.Width);
                int[] expected = [shape.Channels, shape.Height, shape.Width];
                if (!sizes.SequenceEqual(expected) && !sizes.SequenceEqual([1, .. expected]))
                {
                    Error = $"the array has the shape [{string.Join(", ", sizes)}], and the network takes [{string.Join(", ", expected)}].";
                }
                else if (network.WhyNotInput(values) is { } reason)
                {
                    Error = $"{reason}. Give what the network takes: it is not normalised outside.";
                }
                else if (!Changed())
                {
                    return values;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                Error = e.Message;
            }

            // An exception would be as good; a row without a message of its own would not.
            return [];
        }
    }

    /// <summary>Decodes the picture, unless somebody did already.</summary>
    public void Prefetch()
    {
        lock (_reading)
        {
            if (!_wasRead)
            {
                ReadPhoto();
            }
        }
    }

    public void Release()
    {
        lock (_reading)
        {
            // Who comes late must not read it again.
            _wasRead = true;
            _photo?.Dispose();
            _photo = null;
            _region?.Dispose();
            _region = null;
        }
    }

    private void ReadRegion(string path)
    {
        (int width, int height) = File.IsTensor ? (shape.Width, shape.Height) : (_photo?.Width ?? 0, _photo?.Height ?? 0);
        try
        {
            _region = RegionFile.Read(path, width, height, decoding);
        }
        catch (InvalidDataException e)
        {
            TargetError = e.Message;
        }
    }

    private void ReadPhoto()
    {
        _wasRead = true;
        Stamp = FileStamp.Of(File.Path);
        try
        {
            _photo = ImageFile.Load(File.Path, decoding);
            if (Changed())
            {
                _photo.Dispose();
                _photo = null;
            }
        }
        catch (ImageFileException e)
        {
            Error = FileNames.IsForeign(File.Path) ? FileNames.WhyForeign : InOurWords(e);
        }
    }

    private bool Changed()
    {
        Error = FileStamp.Of(File.Path) == Stamp ? null : "it changed while it was read. Run again with --resume when it is complete.";
        return Error is not null;
    }

    /// <summary>The message stands behind the row's name, so it need not say the path; and a limit is one of our options here.</summary>
    private static string InOurWords(ImageFileException e)
    {
        string text = e.Message.StartsWith($"{e.Path}: ", StringComparison.Ordinal) ? e.Message[(e.Path.Length + 2)..] : e.Message;
        return text.Replace($"{nameof(ImageFileOptions)}.{nameof(ImageFileOptions.MaxPixels)}", "--max-pixels", StringComparison.Ordinal);
    }
}
