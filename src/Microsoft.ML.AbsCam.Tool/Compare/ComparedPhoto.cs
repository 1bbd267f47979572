using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tool.Compare;

/// <summary>A photo while its maps are made and measured; its picture and mask are decoded once for all methods.</summary>
internal sealed class ComparedPhoto(int place, InputFile file, Row row, string? maskPath, ImageFileOptions decoding)
{
    private MLImage? _mask;

    /// <summary>The photo's place among all.</summary>
    [NoColumn]
    public int Place { get; } = place;

    [NoColumn]
    public InputFile File { get; } = file;

    /// <summary>Why nothing can be measured on this photo; null where it can.</summary>
    [NoColumn]
    public string? Trouble { get; set; }

    [NoColumn]
    public float Probability { get; set; }

    [NoColumn]
    public int MapHeight { get; set; }

    [NoColumn]
    public int MapWidth { get; set; }

    /// <summary>Images that went through the network for the map.</summary>
    [NoColumn]
    public int Forwards { get; set; }

    [NoColumn]
    public float Milliseconds { get; set; }

    [NoColumn]
    public string? ReadError => row.Error;

    public string Target => row.Target;

    public MLImage? Image => row.Image;

    /// <summary>The class that all maps of this photo explain.</summary>
    public int Class { get; set; } = -1;

    public float[] Map { get; set; } = [];

    public string Status { get; set; } = nameof(MapStatus.Ok);

    public float[] Boxes { get; set; } = [];

    public MLImage? Mask => maskPath is null ? null : _mask ??= ImageFile.Load(maskPath, decoding);

    public void Release()
    {
        row.Release();
        _mask?.Dispose();
        _mask = null;
    }
}
