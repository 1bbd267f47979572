using Microsoft.ML.AbsCam.Demo.Drawing;
using Microsoft.ML.AbsCam.Demo.Objects;

namespace Microsoft.ML.AbsCam.Demo.Twins;

/// <summary>An object with one part more. Two of them around one object, drawn from the same dice, differ in their parts alone.</summary>
internal sealed class TwinObject(SceneObject thing, TwinPart part) : SceneObject
{
    public override string Name => $"{thing.Name} with a {part.Name}";

    // Upright enough for "on the roof" to mean something.
    public override float Turn => Math.Min(thing.Turn, 22);

    public override void Draw(Brush brush, Dice dice)
    {
        thing.Draw(brush, dice);
        part.Draw(brush);
    }
}
