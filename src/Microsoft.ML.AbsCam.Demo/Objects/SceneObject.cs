using Microsoft.ML.AbsCam.Demo.Drawing;

namespace Microsoft.ML.AbsCam.Demo.Objects;

/// <summary>A thing to find in a scene, drawn on an empty layer within the circle of radius 1 around the origin, y pointing down.</summary>
internal abstract class SceneObject
{
    public abstract string Name { get; }

    /// <summary>How far it may be turned either way, in degrees.</summary>
    public virtual float Turn => 22;

    public abstract void Draw(Brush brush, Dice dice);
}
