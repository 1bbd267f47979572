using Microsoft.ML.AbsCam.Demo.Drawing;

namespace Microsoft.ML.AbsCam.Demo.Twins;

/// <summary>What tells one twin from the other, drawn over an object in the object's coordinates.</summary>
internal abstract class TwinPart
{
    /// <summary>What is said of an object that has it, such as "hat" for "rubber duck with a hat".</summary>
    public abstract string Name { get; }

    public abstract void Draw(Brush brush);
}
