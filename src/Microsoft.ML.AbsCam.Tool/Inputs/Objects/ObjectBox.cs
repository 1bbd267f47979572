namespace Microsoft.ML.AbsCam.Tool.Inputs.Objects;

/// <summary>A box around an object, in pixels of the photo, of which pixel i covers [i, i + 1).</summary>
/// <param name="Class">What the object is, a name or an index as text.</param>
/// <param name="Left">Where it begins along a row.</param>
/// <param name="Top">Where it begins along a column.</param>
/// <param name="Right">Where it ends along a row.</param>
/// <param name="Bottom">Where it ends along a column.</param>
internal sealed record ObjectBox(string Class, float Left, float Top, float Right, float Bottom);
