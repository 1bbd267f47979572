namespace Microsoft.ML.AbsCam.Demo;

/// <summary>One of several objects of a picture: its class, and the smallest box around what is seen of it.</summary>
/// <param name="ClassIndex">The class, an index into <see cref="DemoNetwork.Classes"/>.</param>
/// <param name="Left">The first column of the box, in pixels.</param>
/// <param name="Top">The first row of the box, in pixels.</param>
/// <param name="Width">Columns of the box.</param>
/// <param name="Height">Rows of the box.</param>
public sealed record CrowdedObject(int ClassIndex, int Left, int Top, int Width, int Height)
{
    /// <summary>The name of the object's class.</summary>
    public string ClassName => DemoNetwork.Classes[ClassIndex];
}
