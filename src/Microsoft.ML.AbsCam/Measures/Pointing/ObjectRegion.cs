namespace Microsoft.ML.AbsCam.Measures.Pointing;

/// <summary>Which pixels of a photo belong to the object.</summary>
internal abstract class ObjectRegion
{
    public abstract bool Contains(int x, int y);

    /// <summary>Whether some pixel of the object lies strictly nearer than <paramref name="distance"/>, from pixel to pixel.</summary>
    public abstract bool IsNear(int x, int y, double distance);

    /// <summary>Whether some pixel of the object lies in this part of the photo.</summary>
    public abstract bool Touches(PixelArea area);
}
