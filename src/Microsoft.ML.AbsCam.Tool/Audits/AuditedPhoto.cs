using Microsoft.ML.AbsCam.Tool.Compare;
using Microsoft.ML.Data;

namespace Microsoft.ML.AbsCam.Tool.Audits;

/// <summary>A photo as a row of an audit: it is decoded, and its map read, when somebody looks, and let go when the next one comes.</summary>
/// <param name="photo">The photo with its objects.</param>
/// <param name="explained">The class that its map explains; -1 where there is none.</param>
/// <param name="status">What the run says of the map.</param>
/// <param name="truth">What it shows; empty where nobody says.</param>
/// <param name="map">Reads the map, which is NaN where there is none.</param>
internal sealed class AuditedPhoto(ComparedPhoto photo, int explained, string status, string truth, Func<float[]> map)
{
    public string Name => photo.File.Name;

    public string Truth => truth;

    public int Explained => explained;

    public string Status => status;

    public float[] Saliency => map();

    public MLImage? Image => photo.Image;

    /// <summary>Left, top, right and bottom of each box, in upright pixels.</summary>
    public float[] Boxes => photo.Boxes;

    public MLImage? Mask => photo.Mask;

    public void Release() => photo.Release();
}
