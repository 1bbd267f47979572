using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.AbsCam.Tool.Inputs.Objects;
using Microsoft.ML.AbsCam.Tool.Report;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tool.Compare;

/// <summary>A photo while its maps are made and measured; its picture and mask are decoded once for all methods.</summary>
internal sealed class ComparedPhoto(int place, InputFile file, PhotoRow row, string? maskPath, ImageFileOptions decoding, AnnotatedPixels pixels)
{
    private readonly Lazy<ExifOrientation> _orientation = new(() => ImageFile.ReadOrientation(file.Path, decoding));
    private MLImage? _mask;
    private Func<float[]> _boxes = () => [];
    private Func<MLImage, MLImage?> _drawMask = _ => null;

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

    /// <summary>Where in the photo it is asked about; null where it is about no place.</summary>
    [NoColumn]
    public ShownPlace? Asked { get; set; }

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

    /// <summary>The region that is asked about; null where none is.</summary>
    public MLImage? Region => row.Region;

    [NoColumn]
    public string? TargetError => row.TargetError;

    /// <summary>The class that all maps of this photo explain.</summary>
    public int Class { get; set; } = -1;

    public float[] Map { get; set; } = [];

    public string Status { get; set; } = nameof(MapStatus.Ok);

    /// <summary>The boxes in upright pixels; an exception stays with the measures that need them.</summary>
    public float[] Boxes => _boxes();

    public MLImage? Mask => _mask ??= maskPath is null ? _drawMask(Image!) : ObjectMask.Read(maskPath, decoding, Frame);

    /// <summary>How annotations lie on the photo, which has been read.</summary>
    [NoColumn]
    public PhotoFrame Frame => new(Image!.Width, Image.Height, _orientation.Value, pixels);

    public void FindBoxes(Func<PhotoFrame, float[]> find) => _boxes = () => find(Frame);

    /// <param name="draw">Draws the region that is asked about in a photo, where no file holds a mask; null for none.</param>
    public void FindMask(Func<MLImage, MLImage?> draw) => _drawMask = draw;

    public void Release()
    {
        row.Release();
        _mask?.Dispose();
        _mask = null;
    }
}
