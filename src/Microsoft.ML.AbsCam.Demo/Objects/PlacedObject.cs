using Microsoft.ML.AbsCam.Demo.Drawing;

namespace Microsoft.ML.AbsCam.Demo.Objects;

/// <summary>An object and where it goes, where the shorter side of the picture is 1.</summary>
/// <param name="Thing">What is drawn.</param>
/// <param name="X">The column of its origin.</param>
/// <param name="Y">The row of its origin.</param>
/// <param name="Radius">The radius of the circle that it is drawn in.</param>
/// <param name="Dice">What its looks and its turn are thrown from.</param>
internal sealed record PlacedObject(SceneObject Thing, float X, float Y, float Radius, Dice Dice)
{
    /// <summary>How far an object reaches from its origin, in radii.</summary>
    public const float Reach = 1.02f;

    /// <summary>Of a size for a picture of one object, anywhere that it is whole.</summary>
    public static PlacedObject Anywhere(SceneObject thing, Dice dice)
    {
        var radius = dice.Between(0.19f, 0.33f);
        var reach = radius * Reach;
        var x = dice.Between(reach, 1 - reach);
        var y = dice.Between(reach, 1 - reach);
        return new PlacedObject(thing, x, y, radius, dice);
    }
}
