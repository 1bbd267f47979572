using Microsoft.ML.AbsCam.Tool.Compare;
using Microsoft.ML.AbsCam.Tool.Inputs;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tool.Audits;

/// <summary>A photo as a row of an audit: it is decoded when somebody looks, and let go when the next one comes.</summary>
/// <param name="photo">The photo with its objects.</param>
/// <param name="truth">What it shows; empty where nobody says.</param>
internal sealed class AuditedPhoto(ComparedPhoto photo, string truth)
{
    public string Name => photo.File.Name;

    public string Truth => truth;

    /// <summary>The class that is asked for, where it comes from a file.</summary>
    public string Target => photo.Target;

    public MLImage? Image => photo.Image;

    /// <summary>Left, top, right and bottom of each box, in upright pixels.</summary>
    public float[] Boxes => photo.Boxes;

    public MLImage? Mask => photo.Mask;

    [NoColumn]
    public InputFile File => photo.File;

    public void Release() => photo.Release();
}
