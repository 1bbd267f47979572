namespace Microsoft.ML.AbsCam.Saliency;

/// <summary>A method's map as a value of a model file, before what every method ends in.</summary>
/// <param name="Low">The map at the layer's size [B,1,h,w].</param>
/// <param name="CutEnlarged">Whether it is cut at zero when it is enlarged, and not before.</param>
/// <param name="Factor">What the normalised map is multiplied by [B,1,1,1]; null for 1.</param>
internal readonly record struct WrittenMap(string Low, bool CutEnlarged = false, string? Factor = null)
{
    public static implicit operator WrittenMap(string low) => new(low);
}
